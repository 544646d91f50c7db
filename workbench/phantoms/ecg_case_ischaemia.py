"""Occlusions and what is as urgent: STEMI by territory, de Winter, Wellens, wide depression."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_case_limits import universal
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import sinus, usual_style
from workbench.phantoms.ecg_forms import hump, knots
from workbench.phantoms.ecg_rows import ROWS, by_lead, weights
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style

# ST at J relative to the leading lead; what is opposite on the chest or the limbs goes down.
TERRITORIES: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "anterior": ("V3", {
        "I": 0.16, "II": -0.10, "V1": 0.42, "V2": 0.90, "V3": 1.0, "V4": 0.82, "V5": 0.42,
        "V6": 0.12, "V3R": 0.15, "V4R": 0.05, "V7": -0.05, "V8": -0.12, "V9": -0.15,
    }),
    "inferior": ("III", {
        "I": -0.27, "II": 0.73, "V1": 0.02, "V2": -0.22, "V3": -0.28, "V4": -0.18, "V5": 0.02,
        "V6": 0.10, "V3R": 0.03, "V4R": 0.02, "V7": 0.12, "V8": 0.14, "V9": 0.12,
    }),
    "lateral": ("V5", {
        "I": 0.78, "II": 0.14, "V1": -0.20, "V2": -0.12, "V3": 0.10, "V4": 0.55, "V5": 1.0,
        "V6": 0.95, "V3R": -0.15, "V4R": -0.12, "V7": 0.6, "V8": 0.3, "V9": 0.15,
    }),
    "posterior": ("V2", {
        "I": -0.03, "II": -0.10, "V1": 0.55, "V2": 1.0, "V3": 0.88, "V4": 0.38, "V5": -0.02,
        "V6": -0.22, "V3R": 0.3, "V4R": 0.12, "V7": -0.55, "V8": -0.62, "V9": -0.55,
    }),
    "right": ("III", {
        "I": -0.42, "II": 0.58, "V1": 0.55, "V2": 0.22, "V3": -0.05, "V4": -0.14, "V5": -0.15,
        "V6": -0.08, "V3R": 0.60, "V4R": 0.65, "V7": 0.0, "V8": 0.02, "V9": 0.02,
    }),
}  # fmt: skip
CODES = {"anterior": "EC002", "inferior": "EC003", "lateral": "EC004", "right": "EC003"}
FORMS = {
    "straight": knots((
        (0, 1), (0.2, 1.14), (0.4, 1.40), (0.56, 1.62), (0.66, 1.60), (0.8, 0.98), (0.93, 0.30),
        (1.04, 0.06), (1.14, 0),
    )),
    "dome": knots((
        (0, 1), (0.15, 1.12), (0.35, 1.20), (0.55, 1.10), (0.7, 0.80), (0.85, 0.36), (1, 0.08),
        (1.14, 0),
    )),
    "concave": knots((
        (0, 1), (0.15, 1.0), (0.3, 1.12), (0.46, 1.55), (0.6, 1.95), (0.68, 1.95), (0.8, 1.25),
        (0.93, 0.35), (1.04, 0.06), (1.14, 0),
    )),
}  # fmt: skip
# Depression that is level and ends in an upright T: what a posterior wall shows from the front.
LEVEL = knots(((0, 1), (0.12, 1.02), (0.28, 0.98), (0.42, 0.62), (0.55, 0.2), (0.68, 0), (1.14, 0)))
DOWN = knots((
    (0, 1), (0.15, 1.12), (0.32, 1.22), (0.5, 1.1), (0.64, 0.7), (0.8, 0.25), (0.95, 0.04),
    (1.14, 0),
))  # fmt: skip
RISING = knots(((0, 1), (0.12, 0.78), (0.25, 0.4), (0.36, 0.1), (0.45, 0), (1.14, 0)))


def _stemi(territory: str) -> Recipe:
    lead, shares = TERRITORIES[territory]
    rows = weights(shares) / by_lead(weights(shares))[lead]

    def draw(strip: Strip, p: Asked) -> set[str]:
        base = usual_style(strip, p["rate_bpm"], 0.5)
        style = base.with_st(rows * p["st_mv"], FORMS[p["form"]])
        sinus(strip, style, p["rate_bpm"])
        told = universal(by_lead(style.st_mv()), p["sex"], p["age"])
        if not told:
            return set()
        return {"EC001", CODES[territory]}

    return Recipe(
        f"stemi_{territory}", draw, f"ST elevation of the {territory} wall, highest in {lead}",
        {
            "st_mv": Span(0.3, 0.02, 1.0, "mV", ((0.1, "EC001"), (0.2, "EC001"))),
            "form": Choice("dome" if territory == "anterior" else "straight", tuple(FORMS)),
            "rate_bpm": rate(82, 45, 130),
        },
    )  # fmt: skip


def _right(strip: Strip, p: Asked) -> set[str]:
    lead, shares = TERRITORIES["right"]
    rows = weights(shares) / by_lead(weights(shares))[lead] * p["st_mv"]
    rows = weights({**_named(rows), "V4R": p["v4r_mv"], "V3R": 0.92 * p["v4r_mv"]})
    style = usual_style(strip, p["rate_bpm"], 0.5).with_st(rows, FORMS["straight"])
    sinus(strip, style, p["rate_bpm"], pr_ms=190.0)
    st = by_lead(style.st_mv())
    codes = {"EC001", "EC003"} if universal(st, p["sex"], p["age"]) else set()
    least = 0.1 if p["sex"] == "M" and p["age"] < 30 else 0.05
    if min(st["V3R"], st["V4R"]) >= least:
        codes |= {"EC001", "EC006"}
    return codes


def _named(rows: NDArray[np.float64]) -> dict[str, float]:
    return dict(zip(ROWS, map(float, rows), strict=True))


def _posterior(strip: Strip, p: Asked) -> set[str]:
    _, shares = TERRITORIES["posterior"]
    base = usual_style(strip, p["rate_bpm"], 1.0)
    front = loops.turned(base.qrs, 0.0, -30.0, 1.0)  # the R wave of the front is a Q of the back
    base = Style(
        qrs=front, qrs_ms=base.qrs_ms, qt_ms=base.qt_ms,
        t=strip.person.t(0.85, np.array([0.2, 0.12, -0.30]), np.array([0.3, 0.2, -0.26])),
    )  # fmt: skip
    style = base.with_st(-weights(shares) * p["st_mv"], LEVEL)
    sinus(strip, style, p["rate_bpm"])
    st = by_lead(style.st_mv())
    least = 0.1 if p["sex"] == "M" and p["age"] < 40 else 0.05
    behind = sorted((st["V7"], st["V8"], st["V9"]))[1] >= least
    front_down = sum(st[n] <= -0.05 for n in ("V1", "V2", "V3")) >= 2
    return {"EC005"} if behind or front_down else set()


def _de_winter(strip: Strip, p: Asked) -> set[str]:
    down = weights({
        "I": -0.15, "II": -0.35, "V1": -0.15, "V2": -0.75, "V3": -1.0, "V4": -0.95, "V5": -0.75,
        "V6": -0.5, "V7": -0.2,
    })  # fmt: skip
    tall = weights({
        "I": 0.12, "II": 0.16, "V1": 0.22, "V2": 0.75, "V3": 0.95, "V4": 0.80, "V5": 0.50,
        "V6": 0.26, "V7": 0.1,
    })  # fmt: skip
    base = usual_style(strip, p["rate_bpm"], 0.12)
    style = base.with_st(down * p["st_mv"], RISING)
    style = style.with_curve(tall * p["t_mv"], hump(0.60, 1.25, 0.12))
    sinus(strip, style, p["rate_bpm"])
    return {"EC010"} if p["st_mv"] >= 0.1 and p["t_mv"] >= 0.5 else set()


def _wellens(strip: Strip, p: Asked) -> set[str]:
    where = weights({
        "I": 0.14, "V1": 0.22, "V2": 0.88, "V3": 1.0, "V4": 0.72, "V5": 0.34, "V6": 0.08,
    })  # fmt: skip
    base = usual_style(strip, p["rate_bpm"], 0.25)
    if p["type"] == "A":
        form = knots((
            (0, 0), (0.2, 0.12), (0.4, 0.55), (0.52, 0.72), (0.62, 0.2), (0.72, -0.75),
            (0.79, -1.0), (0.88, -0.7), (1.0, -0.18), (1.14, 0),
        ), rise=False)  # fmt: skip
        style = base.with_curve(where * 0.55 * p["t_mv"], form)
    else:
        style = base.with_curve(-where * p["t_mv"], hump(0.62, 1.1, 0.1))
    sinus(strip, style, p["rate_bpm"])
    return {"EC116"} if p["t_mv"] >= 0.3 else set()


def _left_main(strip: Strip, p: Asked) -> set[str]:
    down = weights({
        "I": -0.62, "II": -0.85, "V1": 0.30, "V2": -0.25, "V3": -0.8, "V4": -1.1, "V5": -1.15,
        "V6": -0.9, "V7": -0.5, "V8": -0.3,
    })  # fmt: skip
    style = usual_style(strip, p["rate_bpm"], 0.55).with_st(down * p["st_mv"], DOWN)
    sinus(strip, style, p["rate_bpm"])
    return {"EC007"} if p["st_mv"] >= 0.1 else set()


RECIPES = (
    _stemi("anterior"), _stemi("inferior"), _stemi("lateral"),
    Recipe("stemi_posterior", _posterior, "ST depression of V1 to V3 with upright T, tall R", {
        "st_mv": Span(0.2, 0.02, 0.6, "mV", ((0.05, "EC005"),)), "rate_bpm": rate(80, 45, 130),
    }),
    Recipe("stemi_right", _right, "inferior and right ventricular, highest in III and V4R", {
        "st_mv": Span(0.3, 0.02, 1.0, "mV", ((0.1, "EC001"),)),
        "v4r_mv": Span(0.15, 0.0, 0.5, "mV", ((0.05, "EC006"), (0.1, "EC006"))),
        "rate_bpm": rate(62, 40, 120),
    }),
    Recipe("de_winter", _de_winter, "up-sloping depression before tall T of the chest leads", {
        "st_mv": Span(0.2, 0.02, 0.4, "mV", ((0.1, "EC010"),)),
        "t_mv": Span(1.0, 0.3, 1.6, "mV", ((0.5, "EC010"),)), "rate_bpm": rate(84, 50, 130),
    }),
    Recipe("wellens", _wellens, "T of V2 and V3 two-phased (A) or deep and even (B)", {
        "type": Choice("B", ("A",)), "t_mv": Span(0.6, 0.1, 1.2, "mV", ((0.3, "EC116"),)),
        "rate_bpm": rate(68, 45, 110),
    }),
    Recipe("left_main", _left_main, "depression of many leads with elevation of aVR", {
        "st_mv": Span(0.2, 0.02, 0.5, "mV", ((0.1, "EC007"),)), "rate_bpm": rate(98, 50, 140),
    }),
)  # fmt: skip
