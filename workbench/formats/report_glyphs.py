"""Which characters the shipped fonts can draw; what they cannot is made visible before printing."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_cn import sans_path, serif_path

LINE_BREAKS = {"\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"}
# Characters that draw nothing and may change how others are read (direction, joining, variants).
_INVISIBLE = frozenset({"Cf", "Cc"})
_VARIATION = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass
class Glyphs:
    """Makes texts printable and remembers what had to be changed, and where."""

    warnings: list[str] = field(default_factory=list)

    def printable(self, text: str, place: str) -> str:
        """Return the text with undrawable characters written as their code points."""
        for seen, used in LINE_BREAKS.items():
            text = text.replace(seen, used)
        return "".join(self._one(character, place) for character in text)

    def _one(self, character: str, place: str) -> str:
        if character in {"\n", " "}:
            return character
        if character == "\t":
            return " "
        if _invisible(character):
            self._note(f"{place}: invisible character U+{ord(character):04X} was left out")
            return ""
        if ord(character) in first_font():
            return character
        if ord(character) in second_font():
            self._note(f"{place}: {character} (U+{ord(character):04X}) is set in the second font")
            return character
        self._note(f"{place}: no shipped font draws U+{ord(character):04X}; printed as its code")
        return f"\u3014U+{ord(character):04X}\u3015"

    def _note(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)


def printable(value: object, glyphs: Glyphs, place: str) -> object:
    """Walk through a content; every string is made drawable under the name of its place."""
    if isinstance(value, str):
        return glyphs.printable(value, place)
    if isinstance(value, Mapping):
        return {key: printable(item, glyphs, str(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item, glyphs, place) for item in value]
    return value


def font_folder() -> Path:
    """Folder of the two shipped fonts."""
    return sans_path().parent


@cache
def first_font() -> frozenset[int]:
    """Code points the sans font draws."""
    return _drawn(sans_path())


@cache
def second_font() -> frozenset[int]:
    """Code points the serif font draws."""
    return _drawn(serif_path())


def _drawn(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _invisible(character: str) -> bool:
    if unicodedata.category(character) in _INVISIBLE:
        return True
    return any(ord(character) in span for span in _VARIATION)
