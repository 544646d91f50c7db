"""Patients as each institution knows them, and the person they may share."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# GB 11643-1999: six digits of region, eight of birth, three of order, one check sign (MOD 11-2).
_NATIONAL_ID = re.compile(r"[1-9]\d{5}(18|19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


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


class Likeness(StrEnum):
    """Why two records may be one person; only ever a suggestion."""

    NATIONAL_ID = "national_id"
    NAME_BIRTH_SEX = "name_birth_sex"
    NAME_BIRTH = "name_birth"  # the sex is missing in one of them


def likeness(one: Patient, other: Patient) -> Likeness | None:
    """What speaks for one person, or None: too little, or something speaks against it."""
    if one.national_id and other.national_id:
        return Likeness.NATIONAL_ID if one.national_id == other.national_id else None
    if not one.name or one.name != other.name:
        return None
    if one.birth_date is None or one.birth_date != other.birth_date:
        return None
    if one.sex and other.sex:
        return Likeness.NAME_BIRTH_SEX if one.sex == other.sex else None
    return Likeness.NAME_BIRTH


def national_id_of(text: str) -> str | None:
    """The resident identity number a text is, or None; a wrong check sign makes it just a number.

    References
    ----------
    .. [1] GB 11643-1999, Citizen identification number, section 4 and annex A.
    """
    number = text.strip().upper()
    if not _NATIONAL_ID.fullmatch(number):
        return None
    total = sum(int(n) * w for n, w in zip(number[:17], _WEIGHTS, strict=True))
    return number if _CHECK_SIGNS[total % 11] == number[17] else None


def age_on(birth: date | None, day: date) -> float | None:
    """Age in years on a day, or None when the birth date is not known or lies after it.

    Whole years are birthdays that have passed, so a limit by age falls on the day itself; a child
    of 29 February has its birthday on 1 March in other years.
    """
    if birth is None or birth > day:
        return None
    whole = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    last, following = _birthday(birth, birth.year + whole), _birthday(birth, birth.year + whole + 1)
    return whole + int(10_000 * (day - last).days / (following - last).days) / 10_000


def _birthday(birth: date, year: int) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
