"""Parts of the body as devices write them: a code of our vocabulary, or not recognised."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NO_GROUP = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyParts:
    """The vocabulary.

    Attributes
    ----------
    groups : mapping of str to str
        Group of every code: what is read with the same texts and windows.
    spellings : mapping of str to str
        Code of every spelling, in the form `plain` gives.
    vague : frozenset of str
        Codes that do not say which part it was, such as "an extremity".
    views, sides : tuple of str
        Words that say how it was taken and which side, longest first.
    """

    edition: str
    groups: Mapping[str, str]
    spellings: Mapping[str, str]
    vague: frozenset[str] = frozenset()
    views: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()

    def code(self, written: str) -> str | None:
        """Return the code of what a device wrote, or None when it is not recognised.

        Parameters
        ----------
        written : str
            Body Part Examined, or free text of a console, in Chinese or English.
        """
        words = plain(written).split()
        for dropped in ((), self.views, self.views + self.sides):
            left = "".join(_without(word, dropped) for word in words)
            if left in self.spellings:
                return self.spellings[left]
        return None

    def group(self, written: str) -> str:
        """Return the group of what a device wrote; "other" when it is not recognised."""
        code = self.code(written)
        return NO_GROUP if code is None else self.groups[code]


def plain(written: str) -> str:
    """Put a text into one form: full width and case away, a space for every sign between words."""
    same = unicodedata.normalize("NFKC", written).upper()
    return " ".join("".join(c if c.isalnum() else " " for c in same).split())


def _without(word: str, dropped: tuple[str, ...]) -> str:
    """A word without those named: Latin words go whole, Chinese ones wherever they stand."""
    if word in dropped:
        return ""
    if not word.isascii():
        for one in dropped:
            if not one.isascii():
                word = word.replace(one, "")
    return word


def longest_first(words: list[str]) -> tuple[str, ...]:
    """Words so that none is cut short by one it holds."""
    return tuple(sorted(words, key=lambda w: (-len(w), w)))
