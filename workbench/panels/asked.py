"""What a browser asks for: every value is a request, taken only in the shape that is expected."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from workbench.domain.errors import Invalid

LONGEST = 20_000  # characters of one text; a report has some hundreds
MOST = 200  # entries of one list

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the page."""

    data: Mapping[str, object]

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text; absent means empty."""
        value = self.data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > longest:
            raise Invalid(name, f"{value!r:.60}", f"a text of at most {longest} characters")
        if any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
            # NUL and half a character cannot be stored: say so, the database is not at fault
            raise Invalid(name, ascii(value)[:60], "whole Unicode characters")
        return value

    def word(self, name: str, kind: type[Word]) -> Word:
        """One word of a fixed list."""
        value = self.text(name, 100)
        try:
            return kind(value)
        except ValueError:
            raise Invalid(name, value, f"one of {', '.join(kind)}") from None

    def number(self, name: str) -> float | None:
        """A number, or None when the field was left empty."""
        value = self.data.get(name)
        if value is None or value == "":
            return None
        try:
            found = float(value) if isinstance(value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            found = math.nan
        if not math.isfinite(found):
            raise Invalid(name, f"{value!r:.60}", "a number, or empty")
        return found

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within limits."""
        value = self.number(name)
        if value is None or value != int(value) or not low <= value <= high:
            raise Invalid(name, self.data.get(name), f"a whole number from {low} to {high}")
        return int(value)

    def yes(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.data.get(name) is True

    def day(self, name: str) -> date | None:
        """A calendar day, or None when the field was left empty."""
        value = self.text(name, 40)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise Invalid(name, value, "a day such as 2026-11-22, or empty") from None

    def items(self, name: str) -> Sequence["Asked"]:
        """A list of records."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or len(value) > MOST:
            raise Invalid(name, f"{value!r:.60}", f"a list of at most {MOST} entries")
        if not all(isinstance(v, Mapping) for v in value):
            raise Invalid(name, f"{value!r:.60}", "a list of records")
        return [Asked(v) for v in value]

    def words(self, name: str, kind: type[Word]) -> frozenset[Word]:
        """Words of a fixed list."""
        value = self.data.get(name) or []
        if not isinstance(value, list) or len(value) > MOST:
            raise Invalid(name, f"{value!r:.60}", f"a list of at most {MOST} entries")
        return frozenset(Asked({name: v}).word(name, kind) for v in value)
