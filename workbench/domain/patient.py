"""Patients as each institution knows them, and the person they may share."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Key is institution and local id; `person_id` joins records a human found to be one person."""

    id: str
    site_code: str
    local_id: str
    name: str
    name_repaired: bool = False  # the character set was wrong in the file and was worked out
    sex: str | None = None  # "M", "F", "O" or not known
    birth_date: date | None = None
    national_id: str | None = None
    person_id: str = ""


def age_on(birth: date | None, day: date) -> float | None:
    """Age in years on a day, or None when the birth date is not known or lies after it."""
    if birth is None or birth > day:
        return None
    return round((day - birth).days / 365.2425, 2)
