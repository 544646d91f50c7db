"""Fast or irregular from above the ventricles: SVT, flutter, fibrillation, pre-excitation."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_fast import even
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import sinus, usual_style
from workbench.phantoms.ecg_forms import knots
from workbench.phantoms.ecg_fronts import RIGHT_ATRIUM_CM, fibrillation, straying
from workbench.phantoms.ecg_rhythm import fibrillation_rr
from workbench.phantoms.ecg_rows import weights
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Person, Style, qt_of

# From the node up and to the left: negative in II, III and aVF, positive in aVR and V1.
RETROGRADE = loops.Loop(
    np.array([
        [0.00, -0.02, -0.01], [0.01, -0.07, -0.03], [0.01, -0.12, -0.05], [0.02, -0.13, -0.04],
        [0.02, -0.08, -0.02], [0.00, -0.02, 0.00],
    ]),
    np.zeros((6, 3)),
)  # fmt: skip
RATE_DEPRESSION = knots(((0, 1), (0.2, 0.72), (0.45, 0.3), (0.7, 0.05), (0.85, 0), (1.14, 0)))
# One turn of typical flutter in (share of cycle, height): slow fall, sharp fall, quick rise.
_TURN = np.array([
    (0.0, 0.30), (0.12, 0.22), (0.30, 0.0), (0.46, -0.42), (0.56, -1.0), (0.64, -0.95),
    (0.76, -0.1), (0.86, 0.34), (0.93, 0.38), (1.0, 0.30),
])  # fmt: skip


def _svt(strip: Strip, p: Asked) -> set[str]:
    rate_bpm = p["rate_bpm"]
    base = usual_style(strip, rate_bpm, 0.8)
    style = replace(base, qrs_ms=86.0, origin="junction").with_st(
        weights({"I": -0.04, "II": -0.08, "V3": -0.04, "V4": -0.08, "V5": -0.10, "V6": -0.08}),
        RATE_DEPRESSION,
    )
    for onset in even(strip, rate_bpm):
        strip.beat(float(onset), style)
        if p["p"] == "retrograde":
            strip.p(float(onset) + p["rp_ms"] / 1000, loop=RETROGRADE, ms=72.0)
    return {"EC017"} if np.round(strip.rate_bpm()) >= 200 else {"EC103"}


def fibrillating(strip: Strip) -> None:
    """Let the atria fibrillate.

    Parameters
    ----------
    strip : Strip
        Canvas.
    """
    strip.source(1.15 * fibrillation(strip.times, strip.generator), RIGHT_ATRIUM_CM)
    strip.facts["atria"] = "fibrillation"


def _af(strip: Strip, p: Asked) -> set[str]:
    mean = 60.0 / p["rate_bpm"]
    style = replace(usual_style(strip, p["rate_bpm"]), u=0.0)
    at = -mean * float(strip.generator.uniform(0.3, 1.0))
    for step in fibrillation_rr(mean, strip.seconds + 2 * mean, strip.generator):
        strip.beat(at, style)
        at += float(step)
    fibrillating(strip)
    found = np.round(strip.rate_bpm())
    if found >= 200:
        return {"EC206", "EC019"}
    if found >= 100:
        return {"EC206", "EC101"}
    return {"EC206", "EC021"} if found <= 35 else {"EC206"}


def mixed(person: Person, side: str, share: float) -> loops.Loop:
    """Give a beat of which the pathway has activated a share.

    Parameters
    ----------
    person : Person
        Whose heart it is.
    side : str
        ``left`` or ``right``.
    share : float
        0 is the resting beat with its delta wave, 1 the pathway alone.

    Returns
    -------
    Loop
        Path.
    """
    rest, alone = person.loop(paths.PATHWAYS[side]), person.loop(paths.ONLY_PATHWAY[side])
    return loops.Loop((1 - share) * rest.vectors + share * alone.vectors, rest.places_cm)


def _answer(strip: Strip, qrs: loops.Loop, qrs_ms: float, qt_ms: float, share: float) -> Style:
    """T against the delta wave: the more of it, the more the T of the pathway."""
    usual = strip.person.t(1 - 0.8 * share).vectors
    rise = np.linalg.norm(loops.T.vectors, axis=1)[:, None]
    against = paths.opposite(qrs, 0.9 * share) * rise / rise.max()
    t = loops.Loop(usual + against, loops.T.places_cm)
    return Style(qrs=qrs, qrs_ms=qrs_ms, qt_ms=qt_ms, t=t, origin="pathway")


def _wpw(strip: Strip, p: Asked) -> set[str]:
    qrs = mixed(strip.person, p["side"], p["share"])
    wide = 112.0 + 40.0 * p["share"]
    style = _answer(strip, qrs, wide, qt_of(p["rate_bpm"], wide), 0.35 + 0.65 * p["share"])
    sinus(strip, style, p["rate_bpm"], pr_ms=p["pr_ms"])
    return {"EC215"} if p["pr_ms"] < 120 else set()


def _af_preexcited(strip: Strip, p: Asked) -> set[str]:
    least, chance = p["shortest_rr_ms"] / 1000, strip.generator
    mean = max(1.55 * least, 60.0 / 290)
    count = int(strip.seconds / mean) + 6
    over = chance.gamma(1.25, (mean - least) / 1.25, count)
    rr = least + np.clip(over, 0.004, 2.8 * least)
    rr[count // 2] = least  # once it is exactly as short as asked for
    at = -float(chance.uniform(0.05, 0.2))
    before = mean
    for step in rr:
        hurry = float(np.clip(1.15 - 0.9 * (before - least) / (1.3 * least), 0.15, 1.0))
        share = float(np.clip(hurry + 0.14 * chance.standard_normal(), 0.1, 1.0))
        wide = min(115.0 + 55.0 * share, 900 * step - 60)
        qrs = mixed(strip.person, p["side"], share)
        qt = min(340.0 + 0.5 * (wide - 115), 930 * step)
        strip.beat(at, _answer(strip, qrs, wide, qt, share))
        at, before = at + float(step), float(step)
    fibrillating(strip)
    shortest = _shortest_ms(strip)
    strip.facts["shortest_rr_ms"] = round(shortest, 1)
    return {"EC018"} if round(shortest) <= 250 else {"EC206", "EC215"}


def _shortest_ms(strip: Strip) -> float:
    r = np.sort([b.onset_s for b in strip.beats if 0 <= b.r_s < strip.seconds])
    return float(1000 * np.diff(r).min())


def flutter_waves(strip: Strip, atrial_bpm: float, mv: float) -> NDArray[np.float64]:
    """Let the atria flutter; give the moments of the sharp falls.

    Parameters
    ----------
    strip : Strip
        Canvas.
    atrial_bpm : float
        Turns per minute.
    mv : float
        Height of the wave in II.

    Returns
    -------
    ndarray of float64, shape (n_turns,)
        Begin of every turn (s).
    """
    cycle = 60.0 / atrial_bpm
    late = float(strip.generator.random())
    turns = strip.times / cycle + late
    turns += 0.006 * straying(strip.times.size, strip.rate_hz, strip.generator)
    at = np.concatenate([_TURN[:-1, 0] - 1, _TURN[:-1, 0], _TURN[:, 0] + 1])
    values = np.concatenate([_TURN[:-1, 1], _TURN[:-1, 1], _TURN[:, 1]])
    fine = np.linspace(-1, 2, 600)
    smooth = np.convolve(np.interp(fine, at, values), np.hanning(15) / np.hanning(15).sum(), "same")
    wave = np.interp(turns % 1.0, fine, smooth)
    strip.rows += (wave * mv / 1.38)[None] * weights({
        "I": -0.04, "II": 1.0, "V1": -0.62, "V2": -0.12, "V3": 0.1, "V4": 0.16, "V5": 0.2,
        "V6": 0.22, "V3R": -0.6, "V4R": -0.5, "V7": 0.2, "V8": 0.2, "V9": 0.2,
    })[:, None]  # fmt: skip
    strip.facts |= {"atria": "flutter", "atrial_bpm": atrial_bpm}
    return np.asarray(np.arange(-3, int(strip.seconds / cycle) + 3) * cycle - late * cycle)


def _flutter(strip: Strip, p: Asked) -> set[str]:
    starts = flutter_waves(strip, p["atrial_bpm"], p["f_mv"])
    ratios = {"2:1": (2,), "3:1": (3,), "4:1": (4,), "varying": (2, 4, 3, 2, 2, 4, 4, 3)}
    pattern = ratios[p["conduction"]]
    mean = 60.0 / p["atrial_bpm"]
    style = replace(usual_style(strip, p["atrial_bpm"] / float(np.mean(pattern)), 0.7), u=0.0)
    turn, count = 0, int(strip.generator.integers(len(pattern)))
    while turn < starts.size:
        strip.beat(float(starts[turn]) + 0.72 * mean, style)
        turn, count = turn + pattern[count % len(pattern)], count + 1
    return {"EC102", "EC019"} if np.round(strip.rate_bpm()) >= 200 else {"EC102"}


_SIDE = Choice("left", ("right",))
RECIPES = (
    Recipe("svt", _svt, "regular narrow tachycardia, P hidden or after QRS", {
        "rate_bpm": rate(205, 150, 240, (200, "EC017")),
        "p": Choice("hidden", ("retrograde",)), "rp_ms": Span(96, 80, 130, "ms"),
    }),
    Recipe("af", _af, "atrial fibrillation at any rate", {
        "rate_bpm": rate(
            88, 30, 235, (35, "EC021"), (100, "EC101"), (130, "EC101"), (200, "EC019")
        ),
    }),
    Recipe("flutter", _flutter, "typical flutter, fixed or varying conduction", {
        "atrial_bpm": rate(300, 240, 340), "f_mv": Span(0.26, 0.1, 0.45, "mV"),
        "conduction": Choice("4:1", ("2:1", "3:1", "varying")),
    }),
    Recipe("wpw", _wpw, "short PR and delta wave", {
        "pr_ms": Span(96, 80, 130, "ms", ((120, "EC215"),)), "share": Span(0.15, 0.0, 1.0, "1"),
        "side": _SIDE, "rate_bpm": rate(74, 45, 120),
    }),
    Recipe("af_preexcited", _af_preexcited, "irregular, wide in changing degree", {
        "shortest_rr_ms": Span(220, 180, 340, "ms", ((250, "EC018"),)), "side": _SIDE,
    }),
)  # fmt: skip
