"""The leads of one recording before anything is measured: faults, what is usable, what is repaired.

In two steps, because whether a lead shows the heart can only be asked once the beats are known.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beat_likeness import beat_likeness
from workbench.ecg.electrodes import OF_TWO, recompute_limb
from workbench.ecg.quality import (
    DISABLING,
    Fault,
    LeadFault,
    QualityLimits,
    check_leads,
    lead_moves_mv,
    usable_leads,
)
from workbench.ecg.quantiles import median_of

OPPOSITE = -0.3  # likeness of neighbouring beats: further down they alternate
BESIDE_PAUSE_S = 0.5  # of the recording must show the heart on either side of a standstill


QUIET = (0.12, 0.25)  # of the usual lead's movement: between them a lead may lie across the axis


@dataclass(frozen=True, slots=True, eq=False)
class QualityLook:
    """What may be measured.

    Attributes
    ----------
    trace : Trace
        The recording to measure on: faulty limb leads recomputed where algebra allows.
    faults : tuple of LeadFault
        Everything found, in the order of the leads.
    usable : tuple of str
        Leads that no disabling fault forbids, and recomputed ones.
    recomputed : tuple of str
        Limb leads that two or more good ones replaced.
    amplitude_mv : float or None
        How much the usual lead moves within a second, when no heart moves it so much or so little:
        gain or unit is wrong and the trace no longer counts as calibrated. None when plausible.
    """

    trace: Trace
    faults: tuple[LeadFault, ...]
    usable: tuple[str, ...]
    recomputed: tuple[str, ...] = ()
    amplitude_mv: float | None = None

    @property
    def limb_voltages(self) -> int:
        """How many of the two independent limb voltages are known: 0, 1 or 2."""
        good = [OF_TWO[lead] for lead in self.usable if lead in OF_TWO]
        return int(np.linalg.matrix_rank(np.array(good))) if good else 0


def look_at_leads(trace: Trace, limits: QualityLimits) -> QualityLook:
    """Look at each lead by itself.

    Parameters
    ----------
    trace : Trace
        Recording.
    limits : QualityLimits
        Limits of the rule book.

    Returns
    -------
    QualityLook
        Nothing is recomputed yet.
    """
    amplitude = _implausible(trace, limits)
    if amplitude is not None:
        trace = replace(trace, calibrated=False)
    expected = (*LEADS, *(lead for lead in trace.leads if lead not in LEADS))
    faults = _without_standstill(check_leads(trace, expected, limits), trace)
    return QualityLook(trace, faults, usable_leads(trace, faults), (), amplitude)


def look_with_beats(
    look: QualityLook, beats_s: NDArray[np.float64], limits: QualityLimits
) -> QualityLook:
    """Name leads that show no heart, then recompute faulty limb leads from the good ones.

    Parameters
    ----------
    look : QualityLook
        Result of `look_at_leads`.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats of all leads together (s).
    limits : QualityLimits
        Limits of the rule book.

    Returns
    -------
    QualityLook
        The same object when there is nothing to add.
    """
    trace = look.trace
    alike = beat_likeness(trace, look.usable, beats_s)
    # beats that turn over by turns are opposite, noise is neither like nor opposite
    unlike = [k for k, one in alike.items() if OPPOSITE < one < limits.least_repeat]
    silent = [
        LeadFault(lead, Fault.NOISE_ONLY, alike[lead], limits.least_repeat, "1", 0.0, trace.seconds)
        for lead in _moving(trace, look.usable, unlike)
    ]
    # when hardly a lead shows the beats, the beats are in doubt and not the leads
    if 2 * len(silent) > len(look.usable):
        silent = []
    faults = _ordered((*look.faults, *silent))
    bad = {fault.lead for fault in faults if fault.fault in DISABLING}
    repaired, recomputed = recompute_limb(trace, bad)
    if not silent and not recomputed:
        return look
    usable = tuple(lead for lead in trace.leads if lead not in bad or lead in recomputed)
    return QualityLook(repaired, faults, usable, recomputed, look.amplitude_mv)


def _without_standstill(faults: tuple[LeadFault, ...], trace: Trace) -> tuple[LeadFault, ...]:
    """Leave out flat stretches that all leads share between beats: the heart pauses, not a lead."""
    others = {f.lead for f in faults if f.fault in DISABLING - {Fault.PARTLY_FLAT}}
    flat = [f for f in faults if f.fault is Fault.PARTLY_FLAT and f.lead not in others]
    alive = set(trace.leads) - others
    if not flat or {f.lead for f in flat} != alive:
        return faults
    first, last = max(f.from_s for f in flat), min(f.to_s for f in flat)
    began, ended = min(f.from_s for f in flat), max(f.to_s for f in flat)
    shared = last > first and began > BESIDE_PAUSE_S and ended < trace.seconds - BESIDE_PAUSE_S
    return tuple(f for f in faults if f not in flat) if shared else faults


def _moving(trace: Trace, usable: tuple[str, ...], leads: list[str]) -> list[str]:
    """Those of the leads that move too much, or too little, to lie across the heart's axis."""
    if not leads:
        return []
    moves = dict(zip(usable, lead_moves_mv(trace, usable), strict=True))
    low, high = (share * float(np.median(list(moves.values()))) for share in QUIET)
    return [lead for lead in leads if not low <= moves[lead] <= high]


def _ordered(faults: tuple[LeadFault, ...]) -> tuple[LeadFault, ...]:
    place = {lead: k for k, lead in enumerate(LEADS)}
    return tuple(sorted(faults, key=lambda f: place.get(f.lead, len(place))))


def _implausible(trace: Trace, limits: QualityLimits) -> float | None:
    if not trace.calibrated:
        return None
    moves = [one for one in lead_moves_mv(trace, trace.leads) if one]
    usual = median_of(moves) if moves else 0.0
    if usual == 0.0 or limits.least_mv <= usual <= limits.most_mv:
        return None
    return usual
