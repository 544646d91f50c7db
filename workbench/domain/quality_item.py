"""The quality sheet of a film: items with points and evidence, vetoes, and a grade or why none."""

from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge as shares (0 to 1) of the stored film's width and height."""


class QualityCode(StrEnum):
    """What is looked at; the stored word stays when an item is worded better."""

    IDENTITY = "identity"
    MARKER = "marker"
    WHOLE_CHEST = "whole_chest"
    ROTATION = "rotation"
    SCAPULAE = "scapulae"
    INSPIRATION = "inspiration"
    SHARPNESS = "sharpness"
    EXPOSURE = "exposure"
    CLIPPING = "clipping"
    CLAVICLES = "clavicles"
    ARTEFACT = "artefact"
    COLLIMATION = "collimation"
    CUT_OFF = "cut_off"


class ItemState(StrEnum):
    """Whether an item could be judged."""

    SCORED = "scored"
    NOT_ASSESSED = "not_assessed"


class FilmGrade(StrEnum):
    """Grade of a film; the pages call them by their Chinese names."""

    A = "A"
    B = "B"
    C = "C"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityItem:
    """One row of the sheet.

    Attributes
    ----------
    code : QualityCode
        What was looked at.
    got, of : float
        Points got and points the item is worth; an item worth 0 informs only.
    state : ItemState
        An item that was not assessed takes no points from either side.
    evidence : str
        The numbers that decided, or why the item was not assessed.
    veto : bool
        Whether this alone makes the film one to be retaken.
    place : tuple of Box
        Where on the film it was seen; empty when it has no place.
    reason : str
        Reject reason of DICOM CID 7011 for what is wrong, or "" where nothing is.
    rule : str
        Id of the limit that decided, in the book the sheet names.
    """

    code: QualityCode
    got: float
    of: float
    state: ItemState
    evidence: str
    veto: bool = False
    place: tuple[Box, ...] = ()
    reason: str = ""
    rule: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.got <= self.of:
            raise ValueError(
                f"{self.code}: {self.got:g} of {self.of:g} points; 0 up to what the item is worth"
            )
        if self.state is ItemState.NOT_ASSESSED and (self.got or self.veto or self.reason):
            raise ValueError(f"{self.code}: judged and not assessed; it is one of the two")
        if not self.evidence.strip():
            raise ValueError(f"{self.code}: no evidence; give the numbers, or why there are none")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitySheet:
    """All items of one film.

    Attributes
    ----------
    name : str
        Which sheet: "chest_pa" or "other".
    book : str
        Rule book the points and limits stand in.
    items : tuple of QualityItem
        In the order of the sheet.
    grade : FilmGrade or None
        Of what could be judged; None when too little could.
    grade_reason : str
        Why this grade, or why none: points, vetoes, what was left out.
    """

    name: str
    book: str
    items: tuple[QualityItem, ...]
    grade: FilmGrade | None
    grade_reason: str

    @property
    def got(self) -> float:
        """Points got."""
        return sum(one.got for one in self.items)

    @property
    def of(self) -> float:
        """Points of the items that could be judged."""
        return sum(one.of for one in self.items if one.state is ItemState.SCORED)

    @property
    def total(self) -> float:
        """Points of the whole sheet, judged or not."""
        return sum(one.of for one in self.items)

    @property
    def vetoes(self) -> tuple[QualityItem, ...]:
        """Items that alone make the film one to be retaken."""
        return tuple(one for one in self.items if one.veto)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of CID 7011 of what is wrong: vetoes first, then by points lost; each once."""
        wrong = sorted(
            (one for one in self.items if one.reason), key=lambda i: (not i.veto, i.got - i.of)
        )
        return tuple(dict.fromkeys(one.reason for one in wrong))


@dataclass(frozen=True, slots=True)
class RejectReason:
    """Why a film is rejected, as DICOM codes it."""

    code: str
    zh: str
    en: str
