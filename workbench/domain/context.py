"""What is known of the patient when a screener judges: age, sex, symptoms, whose limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from workbench.domain.errors import Invalid
from workbench.domain.order import POTASSIUM_POSSIBLE, Known

OLDEST = 125.0  # years; beyond it the birth date is wrong, not the patient old
SEXES = frozenset({"M", "F", "O"})


@dataclass(frozen=True, slots=True)
class PriorTracing:
    """What is kept of the ECG before: ST at J by lead (mV), codes, and its local day and time."""

    st_j_mv: Mapping[str, float]
    codes: frozenset[str] = frozenset()
    told: str = ""
    signed: bool = False  # the codes are a doctor's, not a screener's
    hours: float = 0.0  # older than the tracing that is judged

    def __repr__(self) -> str:
        """The same for the same facts, whatever the order they were found in."""
        said = f"{sorted(self.st_j_mv.items())} {sorted(self.codes)}"
        return f"{self.told} {said} {self.signed} {self.hours:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientContext:
    """Facts from patient and order; None or unknown stays so and makes rules choose with care."""

    age_years: float | None = None
    sex: str | None = None  # "M", "F", "O"
    profile: str = "national"  # critical-value profile of the examining institution
    chest_pain: Known = Known.UNKNOWN
    syncope: Known = Known.UNKNOWN
    potassium: float | None = None  # mmol/L
    age_by_device: bool = field(default=False, repr=False)  # no birth date: the cart stated it
    prior: PriorTracing | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.age_years is not None and not 0 <= self.age_years <= OLDEST:
            raise Invalid("age", f"{self.age_years} years", f"0 to {OLDEST:g} years, or empty")
        if self.sex is not None and self.sex not in SEXES:
            raise Invalid("sex", self.sex, "M, F, O, or empty")
        low, high = POTASSIUM_POSSIBLE
        if self.potassium is not None and not low <= self.potassium <= high:
            raise Invalid(
                "potassium", f"{self.potassium} mmol/L", f"{low} to {high} mmol/L, or empty"
            )

    @property
    def digest(self) -> str:
        """A short name for exactly these facts; another one means: judge again."""
        told = f"{self!r}{' age by device' if self.age_by_device else ''}"
        if self.prior is not None:
            told += f" prior {self.prior!r}"
        return sha256(told.encode()).hexdigest()[:16]
