"""Dates and times as machines write them; a zone is never assumed."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Final

DATE: Final = re.compile(r"(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})")
TIME: Final = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(?:[.,](\d{1,6}))?")
OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})$")
LONGEST_S: Final = 31 * 86400.0  # no recorder runs longer; a header that says so is wrong
EARLIEST_YEAR: Final = 1870  # nobody alive was born before; anything earlier is a filler


def day(text: str) -> date | None:
    """A date, or None when it is missing or impossible."""
    found = DATE.match(text.strip())
    if not found:
        return None
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return value if value.year >= EARLIEST_YEAR else None


def wall_clock(date_text: str, time_text: str) -> datetime | None:
    """The machine's own reading, without a zone; None when there is no date and time of day."""
    on, at = day(date_text), TIME.match(time_text.strip())
    if on is None or at is None:
        return None
    micro = int((at[4] or "0").ljust(6, "0"))
    second = min(int(at[3] or 0), 59)  # a leap second is shown as the one before
    try:
        return datetime(  # noqa: DTZ001  the zone is added by `placed`
            on.year, on.month, on.day, int(at[1]), int(at[2] or 0), second, micro
        )
    except ValueError:
        return None


def offset(text: str) -> tzinfo | None:
    """A zone from ``+0800`` or ``+08:00``; None when missing or impossible."""
    found = OFFSET.search(text.strip())
    if not found:
        return None
    shift = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if shift > timedelta(hours=14):
        return None
    return timezone(-shift if found[1] == "-" else shift)


def placed(wall: datetime | None, zone: tzinfo | None) -> datetime | None:
    """The moment in UTC, or None when the reading or its zone is not known."""
    if wall is None or zone is None:
        return None
    try:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def ended(start: datetime | None, seconds: float | None) -> datetime | None:
    """When a recording of this length ended; None when start or length are not known."""
    if start is None or seconds is None or not 0 < seconds <= LONGEST_S:
        return None
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None


def age_years(text: str) -> float | None:
    """Years from a DICOM age string such as 042Y, 010M, 003W, 002D."""
    found = re.fullmatch(r"\s*(\d{1,3})\s*([DWMY])?\s*", text.upper())
    if not found:
        return None
    per_year = {"D": 365.2425, "W": 52.1775, "M": 12.0, "Y": 1.0}
    return round(int(found[1]) / per_year[found[2] or "Y"], 3)
