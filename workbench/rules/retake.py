"""Which film is asked for again: by a veto or the grade of its sheet, or because it holds none."""

from dataclasses import dataclass
from datetime import timedelta

from workbench.domain.finding import Gate
from workbench.domain.quality_item import FilmGrade, QualityItem, QualitySheet
from workbench.domain.rulebook import RuleBook

BLANK = "blank"  # code of the gate
NO_IMAGE = "111213"  # DICOM CID 7011
BLANK_SAID = "the film holds no picture"


@dataclass(frozen=True, slots=True)
class RetakeCause:
    """Why a film should be taken again.

    Attributes
    ----------
    reasons : tuple of str
        Codes of DICOM CID 7011, the gravest first; empty when the sheet names none.
    evidence : str
        What was seen, clause by clause.
    rule : str
        Id of the limit, "veto", "grade" or "blank".
    """

    reasons: tuple[str, ...]
    evidence: str
    rule: str


def judge_retake(gate: Gate, sheet: QualitySheet | None, book: RuleBook) -> RetakeCause | None:
    """Say whether a film should be taken again while the patient is there.

    Parameters
    ----------
    gate : Gate
        What the input gate said of the film.
    sheet : QualitySheet or None
        Its quality sheet; None when quality was not looked at.
    book : RuleBook
        Must hold ``retake.share`` and ``retake.judged``.

    Returns
    -------
    RetakeCause or None
        The cause, by the first that holds: no picture, a veto, the grade "reject", too small a
        share of the points although enough of the sheet could be judged.
    """
    if BLANK in gate.codes:
        return RetakeCause((NO_IMAGE,), BLANK_SAID, BLANK)
    if sheet is None:
        return None
    if sheet.vetoes:
        return RetakeCause(sheet.reasons, _said(sheet.vetoes), "veto")
    rule = "grade" if sheet.grade is FilmGrade.REJECT else _too_few(sheet, book)
    if not rule:
        return None
    wrong = tuple(one for one in sheet.items if one.reason)
    return RetakeCause(sheet.reasons, _said(wrong) or sheet.grade_reason, rule)


def is_fresh(waited: timedelta, book: RuleBook) -> bool:
    """Say whether the patient may still be there.

    Parameters
    ----------
    waited : timedelta
        Time since the film arrived.
    book : RuleBook
        Must hold ``retake.ask_within``, in hours.

    Returns
    -------
    bool
        False for films that are looked at again days later.
    """
    return waited <= timedelta(hours=book["retake.ask_within"].value)


def _too_few(sheet: QualitySheet, book: RuleBook) -> str:
    """The limit that too small a share of the points lies below, or nothing."""
    least, judged = book["retake.share"], book["retake.judged"]
    enough = sheet.of > 0 and sheet.of >= judged.value * sheet.total
    return least.id if enough and sheet.got < least.value * sheet.of else ""


def _said(items: tuple[QualityItem, ...]) -> str:
    return "; ".join(dict.fromkeys(one.evidence for one in items))
