"""Why an exam was asked for, and how urgently."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind


class Urgency(StrEnum):
    """How soon the answer is needed."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Known(StrEnum):
    """A symptom that was asked about, or not."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


POTASSIUM_POSSIBLE = (1.0, 10.0)  # mmol/L; outside this it is a typing error, not a patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request; may be written before the exam arrives or attached after."""

    id: str
    site_code: str
    kind: ExamKind
    local_id: str  # the patient's number at the institution
    patient_name: str
    accession: str = ""
    reason: str = ""
    chest_pain: Known = Known.UNKNOWN
    syncope: Known = Known.UNKNOWN
    potassium: float | None = None  # mmol/L
    urgency: Urgency = Urgency.ROUTINE
    created_by: str = ""
    created_at: datetime | None = None
    exam_id: str | None = None

    def __post_init__(self) -> None:
        low, high = POTASSIUM_POSSIBLE
        if self.potassium is not None and not low <= self.potassium <= high:
            raise Invalid(
                "potassium", f"{self.potassium} mmol/L", f"{low} to {high} mmol/L, or empty"
            )
        if not self.local_id.strip():
            raise Invalid("patient number", self.local_id, "the number on the clinic's record")
