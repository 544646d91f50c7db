"""Where P, QRS and T of the averaged beat begin and end, over all simultaneous leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.p_wave import p_wave
from workbench.ecg.qrs_limits import qrs_limits
from workbench.ecg.t_end import t_end
from workbench.ecg.wave_speed import RATE, at_measuring_rate, spike_places

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


def global_waves(beat: DominantBeat, rr_s: float) -> GlobalWaves:
    """Mark the earliest onset and the latest offset of each wave over all leads.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.
    rr_s : float
        Mean RR interval (s); NaN when not known.

    Returns
    -------
    GlobalWaves
        Five marks, each None with a reason when it cannot be had. P is marked only when it is
        locked to QRS, so that PR can be none.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324.
    """
    leads = at_measuring_rate(beat)
    onset, j = qrs_limits(leads, round(beat.at_s * RATE), spike_places(beat))
    limit = min(round(beat.next_qrs_s * RATE), leads.shape[1])
    end = t_end(leads, (onset, j), limit, rr_s)
    earliest = 0
    if not isinstance(end, str) and rr_s > 0:
        earliest = round(end + (AFTER_T_S - rr_s) * RATE)
    p = p_wave(beat, leads, onset, earliest)
    if p.onset is not None and limit < leads.shape[1]:
        next_p = limit - (onset - p.onset) - round(BEFORE_P_S * RATE)
        end = t_end(leads, (onset, j), next_p, rr_s)
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
