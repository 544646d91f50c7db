"""Beats whose way through the ventricles is blocked or large, with and without an infarct."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_ischaemia import DOWN, FORMS, TERRITORIES
from workbench.phantoms.ecg_case_limits import universal
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import sinus, usual_style
from workbench.phantoms.ecg_forms import DISCORDANT, hump
from workbench.phantoms.ecg_loops import QRS, Loop, T, trace_loop, turned
from workbench.phantoms.ecg_rows import ROWS, all_leads, by_lead, rows_of_dipole, weights
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style, qt_of, t_vectors

_FRONT = np.isin(ROWS, ("V1", "V2", "V3", "V3R", "V4R"))
_LEFT = np.isin(ROWS, ("I", "V5", "V6"))


def peaks(qrs: Loop) -> NDArray[np.float64]:
    """Give the largest deflection of every row, with its sign.

    Parameters
    ----------
    qrs : Loop
        Path of depolarisation.

    Returns
    -------
    ndarray of float64, shape (13,)
        Rows of `ecg_rows.ROWS` (mV).
    """
    rows = _path(qrs)
    return np.asarray(rows[np.arange(rows.shape[0]), np.abs(rows).argmax(axis=1)])


def _path(qrs: Loop) -> NDArray[np.float64]:
    vector, place = trace_loop(qrs, 0.0, 1.0, np.linspace(0, 1, 401))
    return rows_of_dipole(vector, place / np.maximum(np.linalg.norm(vector, axis=0), 1e-9))


def wide(strip: Strip, path: Loop, rate_bpm: float, qrs_ms: float, ratio: float) -> Style:
    """Give a wide beat without its ST, and with T against it.

    Parameters
    ----------
    strip : Strip
        Whose person it is.
    path : Loop
        Path of depolarisation.
    rate_bpm : float
        Beats per minute.
    qrs_ms : float
        Width of QRS (ms).
    ratio : float
        Height of T over the mean vector of QRS.

    Returns
    -------
    Style
        Wide beat.
    """
    qrs = strip.person.loop(path, 0.6)
    against = paths.opposite(qrs, ratio)
    return Style(
        qrs=qrs, qrs_ms=qrs_ms, qt_ms=qt_of(rate_bpm, qrs_ms),
        t=Loop(t_vectors(0.85 * against, against), T.places_cm),
    )  # fmt: skip


def right_bundle(strip: Strip, rate_bpm: float, qrs_ms: float) -> Style:
    """Give a beat with the right bundle blocked.

    Parameters
    ----------
    strip : Strip
        Whose person it is.
    rate_bpm : float
        Beats per minute.
    qrs_ms : float
        Width of QRS (ms).

    Returns
    -------
    Style
        Wide beat with T against its slow end.
    """
    own = t_vectors(np.array([0.42, 0.20, 0.22]), np.array([0.46, 0.24, 0.20]))
    return Style(
        qrs=strip.person.loop(paths.RIGHT_BUNDLE, 0.6), qrs_ms=qrs_ms,
        qt_ms=qt_of(rate_bpm, qrs_ms), t=Loop(strip.person.t_size * own, T.places_cm),
    )  # fmt: skip


def discordant(
    style: Style, p: Asked, *, codes: set[str], critical: str = "EC009"
) -> tuple[Style, set[str]]:
    """Give a wide beat its ST: against QRS as usual, and what an infarct changes.

    Parameters
    ----------
    style : Style
        Wide beat without ST.
    p : mapping of str to Any
        ``infarct`` (``none, concordant, depression, discordant``), ``st_mv`` and ``ratio``.
    codes : set of str
        What is said without an infarct.
    critical : str
        What is said with one.

    Returns
    -------
    style : Style
        Beat with ST.
    codes : set of str
        What is to be said.
    """
    top = peaks(style.qrs)
    st = -0.10 * top
    infarct, over = p["infarct"], False
    if infarct == "discordant":
        st[_FRONT] = -p["ratio"] * top[_FRONT]
        over = p["ratio"] >= 0.25
    elif infarct == "concordant":  # where QRS points up, the lead that points up most of all
        st[_LEFT] = p["st_mv"] * np.array([0.8, 1.0, 1.0])
        over = p["st_mv"] >= 0.1
    elif infarct == "depression":
        st[_FRONT & (top < 0)] = -p["st_mv"]
        over = p["st_mv"] >= 0.1
    told = codes | {critical} if over else codes
    return style.with_st(st, DISCORDANT), told


def _left(strip: Strip, p: Asked) -> set[str]:
    base = wide(strip, paths.LEFT_BUNDLE, p["rate_bpm"], p["qrs_ms"], 0.50)
    style, codes = discordant(base, p, codes={"EC211"})
    sinus(strip, style, p["rate_bpm"], 172.0)
    return codes


def _right(strip: Strip, p: Asked) -> set[str]:
    style = right_bundle(strip, p["rate_bpm"], p["qrs_ms"])
    codes = {"EC209"} if p["qrs_ms"] >= 120 else {"EC210"}
    if p["infarct"] == "anterior":
        lead, shares = TERRITORIES["anterior"]
        rows = weights(shares) / by_lead(weights(shares))[lead]
        style = style.with_st(rows * p["st_mv"], FORMS["dome"])
        if universal(by_lead(style.st_mv()), p["sex"], p["age"]):
            codes |= {"EC001", "EC002"}
    else:
        style = style.with_st(weights({"V1": -0.04, "V2": -0.03, "V6": 0.01}), DISCORDANT)
    sinus(strip, style, p["rate_bpm"])
    return codes


def _fascicle(strip: Strip, p: Asked) -> set[str]:
    anterior = p["fascicle"] == "anterior"
    base = usual_style(strip, p["rate_bpm"])
    qrs = strip.person.loop(paths.LEFT_ANTERIOR if anterior else paths.LEFT_POSTERIOR, 0.35)
    style = Style(qrs=qrs, qrs_ms=104.0, qt_ms=base.qt_ms, t=base.t)
    sinus(strip, style, p["rate_bpm"])
    return {"EC212", "EC217"} if anterior else {"EC213", "EC218"}


def _scaled(loop: Loop, size: float) -> Loop:
    return turned(loop, 0.0, 0.0, size)


def _left_large(strip: Strip, p: Asked) -> set[str]:
    qrs = strip.person.loop(paths.LEFT_LARGE, 0.6)
    rows = _path(qrs)
    sokolow = -rows[2].min() + max(rows[6].max(), rows[7].max())
    qrs = _scaled(qrs, p["sokolow_mv"] / sokolow)
    strain = float(np.clip((p["sokolow_mv"] - 3.2) / 1.6, 0.0, 1.0))
    style = Style(
        qrs=qrs, qrs_ms=104.0, qt_ms=qt_of(p["rate_bpm"], 104.0), t=strip.person.t(1 - 0.9 * strain)
    )
    style = style.with_st(
        strain * weights({
            "I": -0.07, "II": -0.05, "V1": 0.08, "V2": 0.12, "V3": 0.08, "V4": -0.02, "V5": -0.10,
            "V6": -0.10,
        }), DOWN,
    ).with_curve(
        strain * weights({
            "I": -0.16, "II": -0.08, "V1": 0.22, "V2": 0.40, "V3": 0.36, "V4": 0.0, "V5": -0.26,
            "V6": -0.24,
        }), hump(0.68, 1.0, 0.1),
    )  # fmt: skip
    sinus(strip, style, p["rate_bpm"])
    return {"EC220"} if p["sokolow_mv"] >= 3.5 else set()


def _right_large(strip: Strip, p: Asked) -> set[str]:
    qrs = strip.person.loop(paths.RIGHT_LARGE, 0.4)
    qrs = _scaled(qrs, p["r_v1_mv"] / _path(qrs)[2].max())
    strain = float(np.clip(p["r_v1_mv"] - 0.3, 0.2, 1.0))
    style = Style(
        qrs=qrs, qrs_ms=102.0, qt_ms=qt_of(p["rate_bpm"], 102.0), t=strip.person.t(0.35)
    ).with_curve(
        strain * weights({
            "I": 0.10, "II": -0.08, "V1": -0.30, "V2": -0.38, "V3": -0.28, "V4": -0.10, "V5": 0.06,
            "V6": 0.12,
        }), hump(0.66, 1.0, 0.05),
    )  # fmt: skip
    sinus(strip, style, p["rate_bpm"], p_size=1.5)
    return {"EC221", "EC218"} if p["r_v1_mv"] >= 1.0 else {"EC218"}


def _low(strip: Strip, p: Asked) -> set[str]:
    qrs = strip.person.loop(QRS)
    limb = float(np.ptp(all_leads(_path(qrs))[:6], axis=1).max())
    size = p["limb_mv"] / limb
    qrs = _scaled(qrs, size)
    chest = float(np.ptp(all_leads(_path(qrs))[6:12], axis=1).max())
    style = Style(
        qrs=qrs, qt_ms=qt_of(p["rate_bpm"]), t=strip.person.t(float(np.clip(1.6 * size, 0.3, 1)))
    )
    sinus(strip, style, p["rate_bpm"], p_size=0.7)
    strip.facts["qrs_limb_mv"], strip.facts["qrs_chest_mv"] = p["limb_mv"], chest
    return {"EC219"} if p["limb_mv"] < 0.5 or chest < 1.0 else set()


INFARCT: dict[str, Span | Choice] = {
    "infarct": Choice("none", ("concordant", "depression", "discordant")),
    "st_mv": Span(0.2, 0.02, 0.5, "mV", ((0.1, "EC009"),)),
    "ratio": Span(0.35, 0.05, 0.6, "1", ((0.25, "EC009"),)),
}
RECIPES = (
    Recipe("lbbb", _left, "left bundle blocked, with and without infarct", {
        **INFARCT, "qrs_ms": Span(148, 122, 190, "ms"), "rate_bpm": rate(74, 45, 120),
    }),
    Recipe("rbbb", _right, "right bundle blocked, with and without anterior infarct", {
        "infarct": Choice("none", ("anterior",)),
        "st_mv": Span(0.3, 0.02, 0.8, "mV", ((0.2, "EC001"),)),
        "qrs_ms": Span(140, 110, 180, "ms", ((120, "EC209"),)), "rate_bpm": rate(74, 45, 120),
    }),
    Recipe("fascicular_block", _fascicle, "left anterior or posterior fascicle blocked", {
        "fascicle": Choice("anterior", ("posterior",)), "rate_bpm": rate(70, 45, 110),
    }),
    Recipe("lvh", _left_large, "large left ventricle, strained from 3.2 mV", {
        "sokolow_mv": Span(4.6, 2.5, 6.5, "mV", ((3.5, "EC220"),)), "rate_bpm": rate(70, 45, 110),
    }),
    Recipe("rvh", _right_large, "large right ventricle", {
        "r_v1_mv": Span(1.3, 0.5, 2.0, "mV", ((1.0, "EC221"),)), "rate_bpm": rate(82, 45, 120),
    }),
    Recipe("low_voltage", _low, "small complexes", {
        "limb_mv": Span(0.36, 0.2, 1.3, "mV", ((0.5, "EC219"),)), "rate_bpm": rate(88, 45, 120),
    }),
)  # fmt: skip
