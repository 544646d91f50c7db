"""What a reader saw on the test pattern of a screen, and whether the room was dim enough."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from workbench.domain.errors import Invalid

DISPLAY = re.compile(r"[0-9a-f]{12}:\d{1,6}x\d{1,6}@-?\d{1,6},-?\d{1,6}")


class ScreenQuestion(StrEnum):
    """What is looked at; the stored word stays when a sentence is worded better."""

    DARK = "dark"
    BRIGHT = "bright"
    STEPS = "steps"
    DIGITS = "digits"
    LINES = "lines"
    SHAPE = "shape"
    LENGTH = "length"
    LIGHT = "light"


OPTIONAL = frozenset({ScreenQuestion.LENGTH})  # cannot be asked before the screen was measured


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenCheck:
    """One look at one screen by one person; a row that is only ever added.

    Attributes
    ----------
    display : str
        Made by the browser: workstation and screen, the key that calibrations have too.
    answers : mapping of ScreenQuestion to bool
        True where it was seen. A question that was not asked is missing.
    facts : mapping
        Device pixels per CSS pixel, side of the pattern, device pixels per mm: the browser's word.
    """

    id: str
    username: str
    display: str
    at: datetime
    answers: Mapping[ScreenQuestion, bool]
    facts: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not DISPLAY.fullmatch(self.display):
            raise Invalid("display", self.display, "the key of a display")
        left = [q.value for q in ScreenQuestion if q not in self.answers and q not in OPTIONAL]
        if left:
            raise Invalid("answers", f"without {', '.join(left)}", "yes or no to every question")

    @property
    def failed(self) -> tuple[ScreenQuestion, ...]:
        """What was not seen."""
        return tuple(q for q in ScreenQuestion if self.answers.get(q) is False)
