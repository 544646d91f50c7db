"""Whether a lead can be measured at all, and what disturbs it, with the reason named."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d
from scipy.signal import butter, sosfiltfilt

from workbench.domain.trace import Trace
from workbench.ecg.filters import bridge_gaps


class Fault(StrEnum):
    """What is wrong with a lead."""

    MISSING = "missing"
    GAPS = "gaps"
    FLAT = "flat"
    SATURATED = "saturated"
    WANDER = "baseline wander"
    MUSCLE = "muscle noise"
    MAINS = "mains interference"


RAIL_HELD_S = 0.010  # a peak rounded by the converter stays shorter at its top
RAIL_AWAY = 0.25  # of the range: how far a rail lies from the usual value
DISABLING = frozenset({Fault.MISSING, Fault.GAPS, Fault.FLAT, Fault.SATURATED})


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
        seen, limit = f"{self.value:.3g} {self.unit}", f"{self.limit:g} {self.unit}"
        return f"{self.lead} {self.fault}: {seen} against {limit}"


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
        Limits, from the rule book.

    Returns
    -------
    tuple of LeadFault
        In the order of `expected`; empty when all is well.
    """
    names = list(expected)
    held = [lead for lead in names if lead in trace.leads]
    rows = [bridge_gaps(trace.lead(lead)) for lead in held]
    noise = _disturbances(np.stack([row for row, _ in rows]), trace.rate) if held else ()
    of = {lead: (*row, one) for lead, row, one in zip(held, rows, noise, strict=True)}
    found: list[LeadFault] = []
    for lead in names:
        if lead not in of:
            found.append(LeadFault(lead, Fault.MISSING, 0.0, 1.0, "lead", 0.0, trace.seconds))
            continue
        found += [
            LeadFault(lead, kind, value, limit, unit, 0.0, trace.seconds)
            for kind, value, limit, unit in _judge(*of[lead], trace.rate, limits)
        ]
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


@dataclass(frozen=True, slots=True)
class _Disturbance:
    wander_mv: float
    muscle_mv: float
    mains_mv: float


def _judge(
    filled: NDArray[np.float64],
    recorded: NDArray[np.bool_],
    noise: _Disturbance,
    rate: float,
    limits: QualityLimits,
) -> list[tuple[Fault, float, float, str]]:
    gone = 1.0 - float(recorded.mean())
    if gone > limits.gap_share:
        return [(Fault.GAPS, 100 * gone, 100 * limits.gap_share, "%")]
    flat = _longest_flat(filled, recorded, rate, limits.flat_range_mv)
    allowed = min(limits.flat_s, 0.5 * filled.size / rate)
    if flat > allowed:
        return [(Fault.FLAT, flat, allowed, "s")]
    checks = (
        (Fault.SATURATED, 100 * _rail_share(filled[recorded], rate), 100 * limits.rail_share, "%"),
        (Fault.WANDER, noise.wander_mv, limits.wander_mv, "mV"),
        (Fault.MAINS, noise.mains_mv, limits.mains_mv, "mV"),
        (Fault.MUSCLE, noise.muscle_mv, limits.muscle_mv, "mV"),
    )
    return [check for check in checks if check[1] > check[2]]


def _longest_flat(
    filled: NDArray[np.float64], recorded: NDArray[np.bool_], rate: float, range_mv: float
) -> float:
    """Longest stretch in s that moves less than the range within any quarter second."""
    width = max(3, round(0.25 * rate) | 1)
    if filled.size <= width:
        return 0.0
    moves = maximum_filter1d(filled, width) - minimum_filter1d(filled, width)
    longest = _longest_run((moves < range_mv) & recorded)
    return min(longest + width - 1, filled.size) / rate if longest else 0.0


def _longest_run(true: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _rail_share(values: NDArray[np.float64], rate: float) -> float:
    """Share of samples held at the very top or bottom, longer than any rounded peak stays there."""
    if values.size < 3 or np.ptp(values) <= 0:
        return 0.0
    least = max(3, round(RAIL_HELD_S * rate))
    middle, span = float(np.median(values)), float(np.ptp(values))
    share = 0.0
    for rail in (float(values.max()), float(values.min())):
        # the quiet line of a lead with one-sided QRS is its lowest value, and no rail
        if abs(rail - middle) < RAIL_AWAY * span:
            continue
        at = (np.abs(values - rail) <= 1e-4 * span).astype(np.int8)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], at, [0]])))
        runs = edges[1::2] - edges[::2]
        share += float(runs[runs >= least].sum()) / values.size
    return share


def _disturbances(filled: NDArray[np.float64], rate: float) -> list[_Disturbance]:
    pad = min(filled.shape[1] - 1, round(3 * rate))
    low = butter(2, 0.5, btype="lowpass", fs=rate, output="sos")
    high = butter(2, min(40.0, 0.35 * rate), btype="highpass", fs=rate, output="sos")
    slow = sosfiltfilt(low, filled, axis=1, padlen=pad)
    fast = sosfiltfilt(high, filled, axis=1, padlen=pad)
    mains = _tones(filled - slow, rate)
    # most samples lie between the beats, so their median is the noise; 0.6745 makes it one sigma
    spread = np.median(np.abs(fast), axis=1) / 0.6745
    muscle = np.sqrt(np.maximum(spread**2 - mains**2 / 2, 0.0))
    wander = np.ptp(slow, axis=1)
    return [
        _Disturbance(float(w), float(m), float(t))
        for w, m, t in zip(wander, muscle, mains, strict=True)
    ]


def _tones(rows: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Amplitude in mV of a steady tone within 0.3 Hz of 50 or 60 Hz, for each row."""
    window = np.hanning(rows.shape[1])
    asked = [hz + off for hz in (50.0, 60.0) for off in (-0.3, -0.15, 0.0, 0.15, 0.3)]
    tones = np.array([hz for hz in asked if hz < rate / 2])
    times = np.arange(rows.shape[1]) / rate
    waves = window * np.exp(-2j * np.pi * tones[:, None] * times)
    size: NDArray[np.float64] = 2 * np.abs(rows @ waves.T).max(axis=1) / window.sum()
    return size
