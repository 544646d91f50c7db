"""How sure each number of the averaged beat is: one standard error, from the beats themselves.

Two things make a number wrong. Noise and breathing differ from beat to beat: leaving out a part of
the beats shows how far the marks move (jackknife). And a mark may differ from where a cardiologist
sets it on the very same curve: that was measured once on marked records.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.beat_marks import LEVEL_MS, T_AXIS_AFTER_J_MS
from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.global_waves import GlobalWaves, mark_waves
from workbench.ecg.wave_speed import RATE, Curves, curves_of

GROUPS = 4  # parts of the beats left out in turn
# Ours less the cardiologists' marks, standard deviation on LUDB (docs/validation/ecg-beats.md);
# what the people differ by among each other is in it.
METHOD_MS = {"p_ms": 11.0, "pr_ms": 5.0, "qrs_ms": 10.0, "qt_ms": 11.0}
METHOD_J_MS = 5.6
LEVEL_ERROR = 1.1  # the middle half of the beats is averaged: a little less sure than their mean
INTERVALS = {"p_ms": ("p_on", "p_off"), "pr_ms": ("p_on", "qrs_on"), "qrs_ms": ("qrs_on", "j"),
             "qt_ms": ("qrs_on", "t_end")}  # fmt: skip

Marks = Mapping[str, float | None]


def wave_errors(
    beat: DominantBeat, waves: GlobalWaves, rr_s: float = np.nan, curves: Curves | None = None
) -> dict[str, float]:
    """Standard errors of intervals, axes and ST levels.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat with the single ones.
    waves : GlobalWaves
        Its marks.
    rr_s : float, optional
        Mean RR interval (s), for the corrected QT; they have no error without it.
    curves : Curves, optional
        What `workbench.ecg.wave_speed.curves_of` gives for the beat, when it is at hand.

    Returns
    -------
    dict of str to float
        By name as in `workbench.ecg.beat_marks.measure`, ST levels as ``st_j_mv.V1`` (ms, degrees,
        mV). Nothing for what was not measured, and nothing at all of fewer than two beats: then
        noise cannot be told from the curve.

    References
    ----------
    .. [1] Efron B, Stein C. The jackknife estimate of variance. Ann Stat 1981;9:586-596.
    .. [2] The CSE Working Party. Eur Heart J 1985;6:815-825 (differences between cardiologists).
    """
    count = beat.singles_mv.shape[0]
    if count < 2:
        return {}
    usual = curves_of(beat) if curves is None else curves
    parts = _left_out(beat, usual.leads)
    marks = mark_waves(parts, beat, waves, rr_s, usual.spike_at)
    out: dict[str, float] = {}
    for name, (start, end) in INTERVALS.items():
        values = [_between(one, start, end) for one in marks]
        if _between(waves.marks_ms, start, end) is not None:
            out[name] = float(np.hypot(_spread(values), METHOD_MS[name]))
    out |= _corrected(out.get("qt_ms"), _between(waves.marks_ms, "qrs_on", "t_end"), rr_s)
    out |= _axes(beat.leads, parts, marks, waves.marks_ms)
    j = _spread([one.get("j") for one in marks])
    return out | _levels(beat, waves.marks_ms, float(np.hypot(j, METHOD_J_MS)))


def _left_out(beat: DominantBeat, usual: NDArray[np.float64]) -> NDArray[np.float64]:
    """The averaged beat, changed as leaving out each part of the beats changes the mean."""
    singles = beat.singles_mv
    there = np.isfinite(singles)
    held = np.where(there, singles, 0.0)
    total, count = held.sum(axis=0), there.sum(axis=0)
    mean = total / np.maximum(count, 1)
    old = np.arange(mean.shape[1]) / beat.rate
    new = np.arange(usual.shape[1]) / RATE
    curves = []
    parts = min(GROUPS, singles.shape[0])
    for k in range(parts):
        rest = count - there[k::parts].sum(axis=0)
        less = (total - held[k::parts].sum(axis=0)) / np.maximum(rest, 1)
        change = np.where(rest > 0, less - mean, 0.0)
        if beat.rate != RATE:
            change = np.stack([np.interp(new, old, row) for row in change])
        curves.append(usual + change)
    return np.stack(curves)


def _between(marks: Marks, start: str, end: str) -> float | None:
    a, b = marks.get(start), marks.get(end)
    return None if a is None or b is None else b - a


def _spread(values: list[float | None]) -> float:
    """Jackknife standard error from the values without each part."""
    known = np.array([value for value in values if value is not None])
    if known.size < 2:
        return 0.0
    return float(np.sqrt((known.size - 1) / known.size * ((known - known.mean()) ** 2).sum()))


def _corrected(error: float | None, qt: float | None, rr_s: float) -> dict[str, float]:
    if error is None or qt is None or not rr_s > 0:
        return {}
    return {
        "qtc_fridericia_ms": error / rr_s ** (1 / 3),
        "qtc_bazett_ms": error / float(np.sqrt(rr_s)),
        "qtc_framingham_ms": error,
        "qtc_hodges_ms": error,
    }


def _axes(
    leads: tuple[str, ...],
    curves: NDArray[np.float64],
    marks: list[dict[str, float | None]],
    usual: Marks,
) -> dict[str, float]:
    if "I" not in leads or "aVF" not in leads:
        return {}
    rows = [leads.index("I"), leads.index("aVF")]
    out = {}
    for name, start, end, level in (
        ("p_axis_deg", "p_on", "p_off", "p_on"),
        ("qrs_axis_deg", "qrs_on", "j", "qrs_on"),
        ("t_axis_deg", "j", "t_end", "qrs_on"),
    ):
        if _between(usual, start, end) is None:
            continue
        found = [
            _axis(curve[rows], (one.get(start), one.get(end), one.get(level)))
            for curve, one in zip(curves, marks, strict=True)
        ]
        known = np.array([one for one in found if one is not None])
        if known.size:
            # turned so that the usual axis is far from where degrees begin anew
            middle = np.angle(np.exp(1j * known).sum())
            turned = np.degrees(np.angle(np.exp(1j * (known - middle))))
            out[name] = _spread(list(turned))
    return out


def _axis(
    frame: NDArray[np.float64], at: tuple[float | None, float | None, float | None]
) -> float | None:
    start, end, level_at = at
    if start is None or end is None or level_at is None:
        return None
    if level_at < start:  # T
        start = min(start + T_AXIS_AFTER_J_MS, (start + end) / 2)
    first, last, before = (round(ms * RATE / 1000) for ms in (start, end, level_at))
    level = frame[:, max(before - round(LEVEL_MS * RATE / 1000), 0) : before + 1].mean(axis=1)
    net = frame[:, first : last + 1].mean(axis=1) - level
    return float(np.arctan2(2 / np.sqrt(3) * net[1], net[0]))


def _levels(beat: DominantBeat, marks: Marks, j_error_ms: float) -> dict[str, float]:
    """Spread of the levels of single beats, and what a J point set elsewhere would give."""
    on, j = marks.get("qrs_on"), marks.get("j")
    if on is None or j is None:
        return {}
    out = {}
    size = beat.millivolts.shape[1]
    at, reach = round(on * beat.rate / 1000), max(round(LEVEL_MS * beat.rate / 1000), 1)
    shift = max(round(j_error_ms * beat.rate / 1000), 1)
    level = beat.singles_mv[:, :, max(at - reach, 0) : at + 1].mean(axis=2)
    for name, after in (("st_j_mv", 0.0), ("st_j60_mv", 60.0), ("st_j80_mv", 80.0)):
        k = round((j + after) * beat.rate / 1000)
        if k >= size:
            continue
        values = beat.singles_mv[:, :, k] - level
        there = np.isfinite(values)
        count = there.sum(axis=0)
        mean = np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1)
        apart = np.where(there, values - mean, 0.0)
        noise = (apart**2).sum(axis=0) / np.maximum(count - 1, 1) / np.maximum(count, 1)
        low, high = max(k - shift, 0), min(k + shift, size - 1)
        slope = (beat.millivolts[:, high] - beat.millivolts[:, low]) / (high - low) * beat.rate
        moved = np.nan_to_num(slope) * j_error_ms / 1000
        error = np.sqrt(LEVEL_ERROR**2 * noise + moved**2)
        for lead, one, enough in zip(beat.leads, error, count >= 2, strict=True):
            if enough:
                out[f"{name}.{lead}"] = float(one)
    return out
