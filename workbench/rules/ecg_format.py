"""Whether a tracing is fit to be read at all: rate, leads, channels, calibration, amplitude.

Every fault is named with the value seen and the limit; nothing is repaired, nothing is left out.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.ecg_format import (
    AMPLITUDE,
    LEAD_FLAT,
    LEAD_GAPS,
    LEAD_SATURATED,
    LEADS_MISSING,
    LEADS_REPEATED,
    LIMB_LEADS,
    NOT_CALIBRATED,
    RATE_LOW,
    FormatFault,
)
from workbench.domain.rulebook import RuleBook
from workbench.domain.trace import LEADS, Trace
from workbench.ecg.quality import Fault, LeadFault, QualityLimits, check_leads

_CHANNEL_CODES: Final = (
    ({Fault.FLAT, Fault.PARTLY_FLAT}, LEAD_FLAT),
    ({Fault.SATURATED, Fault.CLIPPED}, LEAD_SATURATED),
    ({Fault.GAPS}, LEAD_GAPS),
)


def check_format(trace: Trace, book: RuleBook) -> tuple[FormatFault, ...]:
    """Say what speaks against reading anything from a tracing.

    Parameters
    ----------
    trace : Trace
        Recording as it was read; leads computed from others are not counted as recorded.
    book : RuleBook
        Must hold the ``format.*`` limits, in Hz, mV, s and %.

    Returns
    -------
    tuple of FormatFault
        In the order of `CODES`; empty when there is nothing to say.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.
    """
    recorded = tuple(lead for lead in trace.leads if lead not in trace.derived)
    channels = check_leads(trace, recorded, _limits(book))
    dead = {f.lead for f in channels if f.fault in {Fault.FLAT, Fault.PARTLY_FLAT, Fault.GAPS}}
    alive = tuple(lead for lead in recorded if lead not in dead)
    found: list[FormatFault] = []
    found += _rate(trace, book)
    found += _missing(trace)
    found += _repeated(trace, alive)
    found += _channels(channels)
    found += _limbs(trace, book)
    if not trace.calibrated:
        found.append(
            FormatFault(NOT_CALIBRATED, "gain or unit unknown: amplitudes are not in millivolts")
        )
    found += _amplitude(trace, recorded, book)
    return tuple(found)


def _limits(book: RuleBook) -> QualityLimits:
    """Limits of dead channels; what disturbs a living one is the screening's matter."""
    return QualityLimits(
        flat_range_mv=book["format.flat_range"].value,
        flat_s=book["format.flat_seconds"].value,
        rail_share=book["format.rail_share"].value / 100,
        gap_share=book["format.gap_share"].value / 100,
        wander_mv=math.inf,
        muscle_mv=math.inf,
        mains_mv=math.inf,
    )


def _rate(trace: Trace, book: RuleBook) -> list[FormatFault]:
    limit = book["format.least_rate"]
    if trace.rate >= limit.value:
        return []
    text = f"sampling rate {trace.rate:g} Hz, at least {limit.value:g} Hz is expected"
    return [FormatFault(RATE_LOW, text)]


def _missing(trace: Trace) -> list[FormatFault]:
    gone = tuple(lead for lead in LEADS if lead not in trace.leads)
    if not gone:
        return []
    held = len(LEADS) - len(gone)
    return [
        FormatFault(LEADS_MISSING, f"{held} of 12 standard leads, missing: {', '.join(gone)}", gone)
    ]


def _repeated(trace: Trace, alive: Sequence[str]) -> list[FormatFault]:
    """Two recorded leads with the same samples: one electrode's signal was stored twice."""
    groups: list[list[str]] = []
    for one, other in combinations(alive, 2):
        if not np.array_equal(trace.lead(one), trace.lead(other), equal_nan=True):
            continue
        group = next((g for g in groups if one in g), None)
        if group is None:
            groups.append([one, other])
        elif other not in group:
            group.append(other)
    return [
        FormatFault(LEADS_REPEATED, f"identical samples in {', '.join(g)}", tuple(g))
        for g in groups
    ]


def _channels(faults: Sequence[LeadFault]) -> list[FormatFault]:
    found = []
    for kinds, code in _CHANNEL_CODES:
        those = [fault for fault in faults if fault.fault in kinds]
        if those:
            says = "; ".join(fault.says() for fault in those)
            found.append(FormatFault(code, says, tuple(fault.lead for fault in those)))
    return found


def _limbs(trace: Trace, book: RuleBook) -> list[FormatFault]:
    limb = ("I", "II", "III")
    if not set(limb) <= set(trace.leads) or set(limb) & set(trace.derived):
        return []
    one, two, three = (trace.lead(lead).astype(np.float64) for lead in limb)
    off = np.abs(one + three - two)
    seen = off[np.isfinite(off)]
    limit, share = book["format.limb_difference"], book["format.limb_share"]
    worst = float(np.percentile(seen, share.value)) if seen.size else 0.0
    if worst <= limit.value:
        return []
    text = f"II differs from I + III by {worst:.2f} mV, more than {limit.value:g} mV"
    return [FormatFault(LIMB_LEADS, text, limb)]


def _amplitude(trace: Trace, recorded: Sequence[str], book: RuleBook) -> list[FormatFault]:
    if not trace.calibrated or not recorded:
        return []
    spans = {lead: _span(trace.lead(lead), trace.rate) for lead in recorded}
    most, least = book["format.most_amplitude"], book["format.least_amplitude"]
    large = [lead for lead in recorded if spans[lead] > most.value]
    if large:
        says = ", ".join(f"{lead} {spans[lead]:.3g} mV" for lead in large)
        text = f"implausible amplitude: {says}, at most {most.value:g} mV is expected"
        return [FormatFault(AMPLITUDE, text, tuple(large))]
    largest = max(spans.values())
    if largest < least.value:
        text = (
            f"implausible amplitude: the largest lead has {largest:.2g} mV, at least "
            f"{least.value:g} mV is expected"
        )
        return [FormatFault(AMPLITUDE, text, tuple(recorded))]
    return []


def _span(row: NDArray[np.float32], rate: float) -> float:
    """Peak to peak within one second, in mV: the largest of all seconds, so that drift counts not.

    The last stretch is as long as the others and begins earlier.
    """
    each = max(1, min(round(rate), row.size))
    starts = [*range(0, row.size - each + 1, each), row.size - each]
    pieces = (row[at : at + each] for at in starts)
    return max(
        (float(np.nanmax(p) - np.nanmin(p)) for p in pieces if np.isfinite(p).any()), default=0.0
    )
