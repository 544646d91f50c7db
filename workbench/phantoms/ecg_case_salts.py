"""Potassium that is too high or too low, and QT that is too long or too short."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import PR_MS, sinus, usual_style
from workbench.phantoms.ecg_forms import hump, knots
from workbench.phantoms.ecg_rows import weights
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style, qt_of

_TENT = weights({
    "I": 0.38, "II": 0.62, "V1": 0.12, "V2": 0.92, "V3": 1.12, "V4": 1.0, "V5": 0.74, "V6": 0.46,
    "V7": 0.3, "V8": 0.2, "V9": 0.1,
})  # fmt: skip


def _high(strip: Strip, p: Asked) -> set[str]:
    k, bpm = p["potassium"], p["rate_bpm"]
    severe = float(np.clip((k - 6.6) / 2.0, 0.0, 1.0))  # QRS widens, P fades
    sine = float(np.clip((k - 8.0) / 1.2, 0.0, 1.0))
    wide = 92.0 + 78.0 * severe + 50.0 * sine
    base = usual_style(strip, bpm, 0.15)
    slow = loops.Loop(_slurred(base.qrs.vectors, severe), base.qrs.places_cm)
    height = (0.55 + 0.45 * min(k - 5.0, 2.0)) * (1 - 0.25 * sine) * strip.person.t_size
    qt = min(qt_of(bpm, wide) - 22.0 * (1 - sine) + 20 * sine, 56000.0 / bpm)
    style = Style(qrs=slow, qrs_ms=wide, qt_ms=qt, t=base.t)
    narrow = 2.3 - 1.4 * sine
    style = style.with_st(
        weights({"V1": 0.06, "V2": 0.06, "V5": -0.05, "II": -0.04, "I": -0.04}) * severe, _BACK
    )
    style = style.with_curve(_TENT * height, hump(0.62, narrow, 0.08 * (1 - sine)))
    p_size = float(np.clip(1.0 - 1.15 * severe, 0.0, 1.0))
    sinus(strip, style, bpm, PR_MS + 55.0 * severe, p_size if p_size > 0.12 else 0.0)
    strip.facts["sinoventricular"] = p_size <= 0.12
    # may be called severe between where QRS is clearly wide and where it is only beginning to
    return {"EC029"} if k >= 7.4 else set()


_BACK = knots(((0, 1), (0.15, 0.7), (0.3, 0.2), (0.4, 0), (1.14, 0)))


def _slurred(vectors: NDArray[np.float64], severe: float) -> NDArray[np.float64]:
    late = np.array([-0.35, 0.10, 0.30])
    share = np.clip(np.linspace(-0.6, 1.0, vectors.shape[0]), 0, 1)[:, None]
    bell = share * (1 - share) * 4
    even = vectors * (1 - 0.15 * severe)
    return np.asarray(even + severe * bell * late)


def _low(strip: Strip, p: Asked) -> set[str]:
    k, bpm = p["potassium"], p["rate_bpm"]
    lack = float(np.clip((3.6 - k) / 1.8, 0.0, 1.0))
    base = usual_style(strip, bpm, 1.0 - 0.92 * lack)
    style = replace(base, u=0.0).with_st(
        lack * weights({
            "I": -0.05, "II": -0.10, "V1": 0.01, "V2": -0.05, "V3": -0.11, "V4": -0.14,
            "V5": -0.13, "V6": -0.09,
        }), _SAG,
    )  # fmt: skip
    wave = weights({
        "I": 0.05, "II": 0.12, "V1": 0.03, "V2": 0.26, "V3": 0.32, "V4": 0.24, "V5": 0.16,
        "V6": 0.10,
    })  # fmt: skip
    style = style.with_curve(wave * (0.25 + 1.0 * lack), _u_wave)
    sinus(strip, style, bpm, PR_MS + 14 * lack, 1.0 + 0.35 * lack)
    return {"EC030"} if k <= 2.3 else {"EC228"} if k <= 3.2 else set()


_SAG = knots((
    (0, 1), (0.2, 1.25), (0.4, 1.35), (0.6, 0.9), (0.75, 0.35), (0.9, 0.05), (1.14, 0),
))  # fmt: skip


def _u_wave(ms: NDArray[np.float64], qrs_ms: float, qt_ms: float) -> NDArray[np.float64]:
    """Begin before T has ended and outlast it, as potassium that lacks makes it."""
    del qrs_ms
    up = np.clip((ms - qt_ms + 60.0) / 120.0, 0, 1)
    down = np.clip((qt_ms + 210.0 - ms) / 150.0, 0, 1)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * up)) * (0.5 - 0.5 * np.cos(np.pi * down)))


def _qt(strip: Strip, p: Asked) -> set[str]:
    bpm, qtc = p["rate_bpm"], p["qtc_ms"]
    qt = qtc * float(np.cbrt(60.0 / bpm))
    base = usual_style(strip, bpm, 1.0)
    late = float(np.clip((qtc - 420) / 150, 0, 1))
    if qtc < 370:  # T follows QRS at once, tall and narrow
        style = replace(base, t=strip.person.t(0.15), qt_ms=qt, u=0.0)
        style = style.with_curve(0.62 * _TENT * strip.person.t_size, hump(0.60, 1.5, 0.05))
    elif p["form"] == "late":  # long level ST, then a T of usual width
        style = replace(base, t=None, qt_ms=qt, u=0.0)
        shape = hump(1 - 0.26 * 420 / max(qtc, 420), 1.0, 0.50 * late)
        style = style.with_curve(_USUAL_T * strip.person.t_size, shape)
    else:
        style = replace(base, qt_ms=qt, u=0.0, t=strip.person.t(1.0 + 0.25 * late))
    sinus(strip, style, bpm)
    return _named(qtc, p["sex"])


_USUAL_T = weights({
    "I": 0.18, "II": 0.30, "V1": -0.02, "V2": 0.35, "V3": 0.42, "V4": 0.42, "V5": 0.36, "V6": 0.26,
    "V7": 0.2, "V8": 0.12, "V9": 0.06,
})  # fmt: skip


def _named(qtc_ms: float, sex: str) -> set[str]:
    if qtc_ms >= 550:
        return {"EC026"}
    if qtc_ms >= 500:
        return {"EC110"}
    if qtc_ms >= (460 if sex == "F" else 450):
        return {"EC226"}
    return {"EC227"} if qtc_ms <= 330 else set()


RECIPES = (
    Recipe("hyperkalaemia", _high, "tents, then a flat P and a wide QRS, at last a sine", {
        "potassium": Span(7.8, 5.5, 9.2, "mmol/L", ((7.4, "EC029"),)),
        "rate_bpm": rate(70, 40, 100),
    }),
    Recipe("hypokalaemia", _low, "flat T, sagging ST, large U", {
        "potassium": Span(2.0, 1.6, 3.5, "mmol/L", ((2.3, "EC030"), (3.2, "EC228"))),
        "rate_bpm": rate(76, 50, 95),
    }),
    Recipe("qt", _qt, "QT of any length", {
        "qtc_ms": Span(570, 290, 640, "ms", ((330, "EC227"), (450, "EC226"), (460, "EC226"),
                                               (500, "EC110"), (550, "EC026"))),
        "form": Choice("broad", ("late",)), "rate_bpm": rate(66, 45, 85),
    }),
)  # fmt: skip
