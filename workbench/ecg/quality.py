"""Whether a lead can be measured at all, and what disturbs it, with the reason named."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.filters import bridged
from workbench.ecg.lead_noise import Disturbance, disturbances
from workbench.ecg.lead_shape import longest_flat, rails
from workbench.ecg.quantiles import median_of


class Fault(StrEnum):
    """What is wrong with a lead."""

    MISSING = "missing"
    GAPS = "gaps"
    FLAT = "flat"
    PARTLY_FLAT = "flat in part"
    SATURATED = "saturated"
    CLIPPED = "clipped"
    NOISE_ONLY = "noise only"
    STEP = "step"
    WANDER = "baseline wander"
    MUSCLE = "muscle noise"
    MAINS = "mains interference"
    SPIKES = "spikes"


RAIL_OF_FLAT = 0.5  # of a flat stretch: the rest is the way to the rail and back
FLAT_SHARE = 0.9  # of the recording; less is flat in part
HELD_S = 0.25  # an amplifier stays at its rail, a peak does not
CLIPS = 3  # so many peaks of one height are cut, whatever their share
LEAST_SPIKES = 3
DISABLING = frozenset(
    {
        Fault.MISSING,
        Fault.GAPS,
        Fault.FLAT,
        Fault.PARTLY_FLAT,
        Fault.SATURATED,
        Fault.CLIPPED,
        Fault.NOISE_ONLY,
    }
)
DISTURBING = frozenset(Fault) - DISABLING


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityLimits:
    """Limits of one rule book edition."""

    flat_range_mv: float
    flat_s: float
    rail_share: float  # 0 to 1
    gap_share: float  # 0 to 1
    wander_mv: float
    muscle_mv: float
    mains_mv: float
    step_mv: float = math.inf
    spike_mv: float = math.inf
    least_repeat: float = -math.inf  # likeness of the beats of a lead among each other
    least_mv: float = 0.0  # movement of the usual lead within a second
    most_mv: float = math.inf


@dataclass(frozen=True, slots=True)
class LeadFault:
    """One fault of one lead, with the value seen and the limit."""

    lead: str
    fault: Fault
    value: float
    limit: float
    unit: str
    from_s: float
    to_s: float

    def says(self) -> str:
        """Name lead, fault, value and limit in one clause."""
        if self.fault is Fault.MISSING:
            return f"{self.lead} is missing"
        unit = "" if self.unit == "1" else f" {self.unit}"
        held = "" if self.unit == "1" else f" {self.unit.partition(' at ')[0]}"
        return f"{self.lead} {self.fault}: {self.value:.3g}{unit} against {self.limit:g}{held}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """One fault of a lead that is not yet named."""

    fault: Fault
    value: float
    limit: float
    unit: str
    place: tuple[float, float] | None = None


def check_leads(
    trace: Trace, expected: Iterable[str], limits: QualityLimits
) -> tuple[LeadFault, ...]:
    """Look at every expected lead.

    Parameters
    ----------
    trace : Trace
        Recording.
    expected : iterable of str
        Names of leads that a complete recording holds.
    limits : QualityLimits
        Limits, from the rule book; in mV. Of a recording that is not calibrated the usual lead is
        taken to move by 1 mV within a second.

    Returns
    -------
    tuple of LeadFault
        In the order of `expected`; empty when all is well.
    """
    names = list(expected)
    held = [lead for lead in names if lead in trace.leads]
    scale = 1.0
    if not trace.calibrated:
        moving = [one for one in lead_moves_mv(trace, held) if one > 0]
        scale = 1.0 / median_of(moving) if moving else 1.0
    rows, recorded = bridged(trace, held) if held else (np.empty((0, 0)), np.empty((0, 0), bool))
    rows *= scale
    noise = disturbances(rows, trace.rate, limits.spike_mv)
    of = dict(zip(held, zip(rows, recorded, noise, strict=True), strict=True))
    found: list[LeadFault] = []
    for lead in names:
        if lead not in of:
            found.append(LeadFault(lead, Fault.MISSING, 0.0, 1.0, "lead", 0.0, trace.seconds))
            continue
        found += [
            LeadFault(lead, one.fault, one.value, one.limit, one.unit,
                      *(one.place or (0.0, trace.seconds)))
            for one in _judge(*of[lead], trace.rate, limits)
        ]  # fmt: skip
    return tuple(found)


def usable_leads(trace: Trace, faults: Iterable[LeadFault]) -> tuple[str, ...]:
    """Name the leads of the trace that no disabling fault forbids.

    Parameters
    ----------
    trace : Trace
        Recording.
    faults : iterable of LeadFault
        Faults found in it.

    Returns
    -------
    tuple of str
        In the order of the trace.
    """
    bad = {fault.lead for fault in faults if fault.fault in DISABLING}
    return tuple(lead for lead in trace.leads if lead not in bad)


def lead_moves_mv(trace: Trace, leads: Sequence[str]) -> list[float]:
    """How much leads usually move within a second.

    Parameters
    ----------
    trace : Trace
        Recording.
    leads : sequence of str
        Names of leads it holds.

    Returns
    -------
    list of float
        For each the median over all whole seconds, the strip itself when it is shorter (mV); 0
        when nothing was recorded.
    """
    if not leads:
        return []
    values = bridged(trace, leads)[0]
    size = values.shape[1]
    each = min(max(2, round(trace.rate)), size)
    seconds = values[:, : size // each * each].reshape(len(leads), -1, each)
    return [float(one) for one in np.median(np.ptp(seconds, axis=2), axis=1)]


def _judge(
    filled: NDArray[np.float64],
    recorded: NDArray[np.bool_],
    noise: Disturbance,
    rate: float,
    limits: QualityLimits,
) -> list[_Seen]:
    gone = 1.0 - float(recorded.mean())
    if gone > limits.gap_share:
        return [_Seen(Fault.GAPS, 100 * gone, 100 * limits.gap_share, "%")]
    begin, end = longest_flat(filled, recorded, rate, limits.flat_range_mv)
    seconds = filled.size / rate
    allowed = min(limits.flat_s, 0.5 * seconds)
    held = rails(filled[recorded], rate)
    # a straight line at the very top or bottom is an amplifier at its limit, no dead electrode
    if end - begin > allowed and held[2] < RAIL_OF_FLAT * (end - begin):
        kind = Fault.FLAT if end - begin >= FLAT_SHARE * seconds else Fault.PARTLY_FLAT
        return [_Seen(kind, end - begin, allowed, "s", (begin, end))]
    cut = _cut_off(held, limits)
    disturbed = _disturbed(noise, limits)
    if cut and cut[0].fault is Fault.SATURATED:
        # the way to the rail and back is no fault of its own
        disturbed = [one for one in disturbed if one.fault in {Fault.MAINS, Fault.MUSCLE}]
    return [*cut, *disturbed]


def _cut_off(held: tuple[float, int, float], limits: QualityLimits) -> list[_Seen]:
    share, times, longest = held
    if longest >= HELD_S and share > limits.rail_share:
        return [_Seen(Fault.SATURATED, 100 * share, 100 * limits.rail_share, "%")]
    if share > limits.rail_share:
        return [_Seen(Fault.CLIPPED, 100 * share, 100 * limits.rail_share, "%")]
    if times >= CLIPS and math.isfinite(limits.rail_share):
        return [_Seen(Fault.CLIPPED, float(times), float(CLIPS), "peaks")]
    return []


def _disturbed(noise: Disturbance, limits: QualityLimits) -> list[_Seen]:
    found = []
    if noise.step_mv > limits.step_mv:
        place = (noise.step_at_s, noise.step_at_s)
        found.append(_Seen(Fault.STEP, noise.step_mv, limits.step_mv, "mV", place))
    if noise.wander_mv > limits.wander_mv:
        found.append(_Seen(Fault.WANDER, noise.wander_mv, limits.wander_mv, "mV"))
    if noise.mains_mv > limits.mains_mv:
        unit = f"mV at {noise.mains_hz:g} Hz"
        found.append(_Seen(Fault.MAINS, noise.mains_mv, limits.mains_mv, unit))
    if noise.muscle_mv > limits.muscle_mv:
        found.append(_Seen(Fault.MUSCLE, noise.muscle_mv, limits.muscle_mv, "mV"))
    if len(noise.spikes_s) >= LEAST_SPIKES:
        place = (noise.spikes_s[0], noise.spikes_s[-1])
        found.append(_Seen(Fault.SPIKES, noise.spike_mv, limits.spike_mv, "mV", place))
    return found
