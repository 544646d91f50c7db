"""Shapes of ST and QRS that look like something else, or are it: Brugada, pericarditis, PE."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_ischaemia import FORMS
from workbench.phantoms.ecg_case_limits import universal
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import PR_MS, moments, sinus, usual_style
from workbench.phantoms.ecg_forms import Form, hump, knots
from workbench.phantoms.ecg_rows import by_lead, weights
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style, qt_of

COVED = knots((
    (0, 1), (0.1, 0.92), (0.24, 0.70), (0.4, 0.40), (0.54, 0.02), (0.66, -0.32), (0.76, -0.46),
    (0.86, -0.36), (0.97, -0.12), (1.14, 0),
))  # fmt: skip


def notch(after_j_ms: float, width_ms: float) -> Form:
    """Make a hump near the J point.

    Parameters
    ----------
    after_j_ms : float
        Its middle (ms after J).
    width_ms : float
        One standard deviation (ms).

    Returns
    -------
    Form
        Function of ms after QRS onset, of QRS and QT in ms.
    """

    def form(ms: NDArray[np.float64], qrs_ms: float, qt_ms: float) -> NDArray[np.float64]:
        del qt_ms
        return np.asarray(np.exp(-0.5 * ((ms - qrs_ms - after_j_ms) / width_ms) ** 2))

    return form


def early(depth_ms: float) -> Form:
    """Make a deflection of the first part of QRS, such as a Q wave.

    Parameters
    ----------
    depth_ms : float
        Its length (ms after QRS onset).

    Returns
    -------
    Form
        Function of ms after QRS onset, of QRS and QT in ms.
    """

    def form(ms: NDArray[np.float64], qrs_ms: float, qt_ms: float) -> NDArray[np.float64]:
        del qrs_ms, qt_ms
        return np.asarray(np.sin(np.pi * np.clip(ms / depth_ms, 0.0, 1.0)) ** 1.5)

    return form


def _brugada(strip: Strip, p: Asked) -> set[str]:
    base = usual_style(strip, p["rate_bpm"])
    # the T of V1 and V2 is the end of the cove alone
    t = strip.person.t(0.8, np.array([0.28, 0.20, -0.02]), np.array([0.36, 0.24, 0.02]))
    style = Style(qrs=base.qrs, qrs_ms=104.0, qt_ms=base.qt_ms, t=t)
    style = style.with_curve(
        p["st_mv"] * weights({"V1": 0.5, "V2": 0.5, "V3R": 0.4, "V5": -0.2, "V6": -0.3}),
        notch(-12.0, 9.0),
    )
    rows = weights({"V1": 0.92, "V2": 1.0, "V3": 0.22, "V3R": 0.6, "V4R": 0.3})
    style = style.with_st(p["st_mv"] * rows, COVED)
    sinus(strip, style, p["rate_bpm"], 176.0)
    return {"EC109"} if 0.92 * p["st_mv"] >= 0.2 or p["st_mv"] >= 0.2 else set()


def _early(strip: Strip, p: Asked) -> set[str]:
    base = usual_style(strip, p["rate_bpm"], 1.15)
    left = weights({"I": 0.3, "II": 0.8, "V3": 0.4, "V4": 1.0, "V5": 1.0, "V6": 0.7})
    style = base.with_curve(0.8 * p["notch_mv"] * left, notch(-7.0, 6.5))
    rows = weights({
        "I": 0.18, "II": 0.42, "V1": 0.1, "V2": 0.7, "V3": 1.0, "V4": 0.95, "V5": 0.62, "V6": 0.34,
    })  # fmt: skip
    style = style.with_st(p["st_mv"] * rows, _LIFTED)
    sinus(strip, style, p["rate_bpm"])
    if universal(by_lead(style.st_mv()), p["sex"], p["age"]):
        strip.facts["may"] = ["EC001", "EC002", "EC003", "EC004"]
    return {"EC305"}


_LIFTED = knots((
    (0, 1), (0.1, 0.9), (0.22, 0.95), (0.4, 1.3), (0.56, 1.6), (0.68, 1.5), (0.82, 0.8),
    (0.94, 0.2), (1.05, 0.04), (1.14, 0),
))  # fmt: skip


def _pericarditis(strip: Strip, p: Asked) -> set[str]:
    base = usual_style(strip, p["rate_bpm"], 0.7)
    rows = weights({
        "I": 0.62, "II": 1.0, "V1": -0.15, "V2": 0.55, "V3": 0.85, "V4": 0.95, "V5": 0.95,
        "V6": 0.8, "V7": 0.5, "V8": 0.3, "V9": 0.2,
    })  # fmt: skip
    style = base.with_st(p["st_mv"] * rows, FORMS["concave"])
    sinus(strip, style, p["rate_bpm"])
    for beat in strip.beats:  # the segment after P sinks and is back when QRS begins
        begin, end = beat.onset_s - PR_MS / 1000 + 0.055, beat.onset_s
        share = np.clip((strip.times - begin) / (end - begin), 0.0, 1.0)
        sag = np.minimum(1.0, 4.5 * share * (1 - share)) ** 2
        strip.rows -= 0.32 * p["st_mv"] * rows[:, None] * sag
    if universal(by_lead(style.st_mv()), p["sex"], p["age"]):
        strip.facts["may"] = ["EC001", "EC002", "EC003", "EC004"]
    return {"EC111"}


def _embolism(strip: Strip, p: Asked) -> set[str]:
    bpm = p["rate_bpm"]
    style = Style(
        qrs=strip.person.loop(paths.STRAIN, 0.4), qrs_ms=106.0, qt_ms=qt_of(bpm, 106.0),
        t=strip.person.t(0.45),
    ).with_curve(
        weights({
            "I": 0.10, "II": -0.08, "V1": -0.24, "V2": -0.34, "V3": -0.36, "V4": -0.24,
            "V5": -0.06, "V6": 0.05, "V3R": -0.2, "V4R": -0.15,
        }), hump(0.66, 1.0, 0.05),
    )  # fmt: skip
    sinus(strip, style, bpm, 146.0, 1.35)
    return {"EC031", "EC202"} if bpm > 100 else {"EC031"}


def _osborn(strip: Strip, p: Asked) -> set[str]:
    base = usual_style(strip, p["rate_bpm"], 0.7)
    rows = weights({
        "I": 0.4, "II": 0.75, "V1": -0.1, "V2": 0.3, "V3": 0.7, "V4": 1.0, "V5": 1.0, "V6": 0.8,
    })  # fmt: skip
    style = Style(qrs=base.qrs, qrs_ms=base.qrs_ms, qt_ms=base.qt_ms * 1.2, t=base.t)
    style = style.with_curve(p["j_mv"] * rows, notch(14.0, 13.0))
    sinus(strip, style, p["rate_bpm"], 196.0)
    return {"EC120"} if p["j_mv"] >= 0.1 else set()


def _old(strip: Strip, p: Asked) -> set[str]:
    base = usual_style(strip, p["rate_bpm"])
    if p["wall"] == "inferior":
        rows = weights({"I": 0.12, "II": -1.0, "V6": -0.15})
        t = weights({"I": 0.10, "II": -0.32, "V2": 0.1})
    else:
        rows = weights({"V1": -0.8, "V2": -1.35, "V3": -1.5, "V4": -1.0, "V5": -0.2})
        t = weights({"V1": -0.05, "V2": -0.42, "V3": -0.55, "V4": -0.42, "V5": -0.2})
    style = base.with_curve(p["q_mv"] * rows, early(46.0)).with_curve(t, hump(0.66, 1.0, 0.1))
    sinus(strip, style, p["rate_bpm"])
    return {"EC229"}


def _alternans(strip: Strip, p: Asked) -> set[str]:
    bpm = p["rate_bpm"]
    base = usual_style(strip, bpm, 0.0001)
    rows = weights({
        "I": 0.18, "II": 0.32, "V1": 0.02, "V2": 0.42, "V3": 0.5, "V4": 0.5, "V5": 0.4, "V6": 0.28,
    })  # fmt: skip
    style = base.with_curve(rows, hump(0.66, 1.0, 0.12))
    share = p["alternans_mv"] / 2 / 0.5
    for count, onset in enumerate(moments(strip, bpm)):
        begin = onset - PR_MS / 1000
        strip.p(begin)
        strip.beat(onset, style, p_onset_s=begin, t_size=1 + share * (-1) ** count)
    return {"EC028"} if p["alternans_mv"] >= 0.1 else set()


def _swinging(strip: Strip, p: Asked) -> set[str]:
    bpm = p["rate_bpm"]
    base = usual_style(strip, bpm, 0.6)
    for count, onset in enumerate(moments(strip, bpm)):
        begin = onset - 0.14
        strip.p(begin, 0.7)
        strip.beat(onset, base, p_onset_s=begin, size=0.62 * (1 + 0.5 * p["share"] * (-1) ** count))
    return {"EC118"} if p["share"] >= 0.3 else set()


RECIPES = (
    Recipe("brugada_1", _brugada, "coved elevation of V1 and V2 into a negative T", {
        "st_mv": Span(0.32, 0.05, 0.6, "mV", ((0.2, "EC109"),)), "rate_bpm": rate(70, 45, 100),
    }),
    Recipe("early_repolarisation", _early, "notched J and concave ST with tall T", {
        "st_mv": Span(0.13, 0.03, 0.3, "mV", ((0.1, "EC305"),)),
        "notch_mv": Span(0.15, 0.0, 0.4, "mV"), "rate_bpm": rate(58, 45, 90),
    }),
    Recipe("pericarditis", _pericarditis, "concave elevation nearly everywhere, PR down", {
        "st_mv": Span(0.2, 0.05, 0.4, "mV"), "rate_bpm": rate(98, 60, 130),
    }),
    Recipe("pulmonary_embolism", _embolism, "S1Q3T3, negative T from V1 to V4, fast", {
        "rate_bpm": rate(114, 80, 140),
    }),
    Recipe("osborn", _osborn, "J waves of the cold", {
        "j_mv": Span(0.35, 0.05, 0.8, "mV", ((0.1, "EC120"),)), "rate_bpm": rate(46, 30, 70),
    }),
    Recipe("old_infarct", _old, "Q waves with flat ST", {
        "wall": Choice("inferior", ("anterior",)), "q_mv": Span(0.6, 0.2, 1.0, "mV"),
        "rate_bpm": rate(68, 45, 100),
    }),
    Recipe("t_alternans", _alternans, "T large and small by turns", {
        "alternans_mv": Span(0.35, 0.0, 1.2, "mV", ((0.1, "EC028"),)),
        "rate_bpm": rate(96, 60, 130),
    }),
    Recipe("electrical_alternans", _swinging, "QRS large and small by turns, low", {
        "share": Span(0.6, 0.0, 1.0, "1", ((0.3, "EC118"),)), "rate_bpm": rate(112, 70, 140),
    }),
)  # fmt: skip
