"""Where P, QRS and T of the averaged beat begin and end, over all simultaneous leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.p_wave import mark_again, p_speed, p_wave
from workbench.ecg.qrs_limits import qrs_limits, qrs_limits_each
from workbench.ecg.t_end import smoothed, t_end
from workbench.ecg.wave_speed import RATE, Curves, curves_of

ENGINE = ("ecg-beat", "1.1.0")
AFTER_T_S = 0.02  # T of the beat before is surely over
BEFORE_P_S = 0.01


@dataclass(frozen=True, slots=True)
class GlobalWaves:
    """Marks on an averaged beat.

    Attributes
    ----------
    marks_ms : mapping of str to float or None
        ``p_on, p_off, qrs_on, j, t_end`` in ms from the first sample of the beat.
    reasons : mapping of str to str
        For every None why.
    """

    marks_ms: Mapping[str, float | None]
    reasons: Mapping[str, str]


def global_waves(beat: DominantBeat, rr_s: float, curves: Curves | None = None) -> GlobalWaves:
    """Mark the earliest onset and the latest offset of each wave over all leads.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.
    rr_s : float
        Mean RR interval (s); NaN when not known.
    curves : Curves, optional
        What `workbench.ecg.wave_speed.curves_of` gives for the beat, when it is at hand.

    Returns
    -------
    GlobalWaves
        Five marks, each None with a reason when it cannot be had. P is marked only when it is
        locked to QRS, so that PR can be none.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324.
    """
    curves = curves_of(beat) if curves is None else curves
    leads = curves.leads
    onset, j = qrs_limits(leads, round(beat.at_s * RATE), curves.spike_at)
    limit = _limit(beat, leads)
    soft = smoothed(leads[None])[0]
    end = t_end(soft, (onset, j), limit, rr_s)
    p = p_wave(beat, leads, onset, _earliest(end, rr_s))
    if p.onset is not None and limit < leads.shape[1]:
        end = t_end(soft, (onset, j), _next_p(limit, onset - p.onset), rr_s)
    reasons: dict[str, str] = {}
    marks: dict[str, float | None] = {}
    for name, at, why in (
        ("p_on", p.onset, p.reason),
        ("p_off", p.offset, p.reason),
        ("qrs_on", onset, ""),
        ("j", j, ""),
        ("t_end", None if isinstance(end, str) else end, end if isinstance(end, str) else ""),
    ):
        marks[name] = None if at is None else round(1000 * float(np.float64(at)) / RATE, 1)
        if at is None:
            reasons[name] = why
    return GlobalWaves(MappingProxyType(marks), MappingProxyType(reasons))


def mark_waves(
    beats: NDArray[np.float64],
    beat: DominantBeat,
    usual: GlobalWaves,
    rr_s: float,
    spike_at: NDArray[np.float64],
) -> list[dict[str, float | None]]:
    """Mark beats that hardly differ from one that is marked already.

    Parameters
    ----------
    beats : ndarray of float64, shape (n_beats, n_leads, n_samples)
        The beats in mV at `workbench.ecg.wave_speed.RATE`.
    beat : DominantBeat
        The averaged beat they stem from.
    usual : GlobalWaves
        Marks of that beat: what it lacks is not looked for.
    rr_s : float
        Mean RR interval (s); NaN when not known.
    spike_at : ndarray of float64, shape (n_places,)
        Samples that hold a pacing spike, from `workbench.ecg.wave_speed.curves_of`.

    Returns
    -------
    list of dict of str to float or None
        The five marks of each (ms).
    """
    limits = qrs_limits_each(beats, round(beat.at_s * RATE), spike_at)
    marks: list[dict[str, float | None]] = [
        {"qrs_on": onset, "j": j, "p_on": None, "p_off": None, "t_end": None} for onset, j in limits
    ]
    limit = _limit(beat, beats[0])
    p_on, p_off = usual.marks_ms["p_on"], usual.marks_ms["p_off"]
    before, t_off = usual.marks_ms["qrs_on"], usual.marks_ms["t_end"]
    if p_on is not None and p_off is not None and before is not None:
        room = round((before - p_on) * RATE / 1000)
        earliest = _earliest("" if t_off is None else t_off * RATE / 1000, rr_s)
        speeds = p_speed(beats, max(onset for onset, _ in limits))
        for at, moved, (onset, _) in zip(marks, speeds, limits, strict=True):
            p = mark_again(moved, onset, earliest, room)
            at |= {"p_on": p.onset, "p_off": p.offset}
        limit = _next_p(limit, room) if limit < beats.shape[2] else limit
    if t_off is not None:
        for at, soft, qrs in zip(marks, smoothed(beats), limits, strict=True):
            end = t_end(soft, qrs, limit, rr_s)
            at["t_end"] = None if isinstance(end, str) else end
    return [
        {name: None if one is None else 1000 * one / RATE for name, one in at.items()}
        for at in marks
    ]


def _earliest(end: float | str, rr_s: float) -> int:
    """Where the T wave of the beat before is surely over."""
    if isinstance(end, str) or not rr_s > 0:
        return 0
    return int(np.rint(end + (AFTER_T_S - rr_s) * RATE))


def _limit(beat: DominantBeat, leads: NDArray[np.float64]) -> int:
    return min(round(float(beat.next_qrs_s) * RATE), int(leads.shape[1]))


def _next_p(limit: int, before_qrs: int) -> int:
    return limit - before_qrs - int(BEFORE_P_S * RATE)
