"""What can speak against reading anything from a tracing: codes, and one fault with its numbers."""

from dataclasses import dataclass
from typing import Final

RATE_LOW: Final = "rate_low"
LEADS_MISSING: Final = "leads_missing"
LEADS_REPEATED: Final = "leads_repeated"
LEAD_FLAT: Final = "lead_flat"
LEAD_SATURATED: Final = "lead_saturated"
LEAD_GAPS: Final = "lead_gaps"
LIMB_LEADS: Final = "limb_leads_disagree"
NOT_CALIBRATED: Final = "not_calibrated"
AMPLITUDE: Final = "amplitude_implausible"
CODES: Final = (
    RATE_LOW, LEADS_MISSING, LEADS_REPEATED, LEAD_FLAT, LEAD_SATURATED, LEAD_GAPS, LIMB_LEADS,
    NOT_CALIBRATED, AMPLITUDE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormatFault:
    """One reason for care: a code, the sentence with its numbers, and the leads it is about."""

    code: str
    text: str
    leads: tuple[str, ...] = ()
