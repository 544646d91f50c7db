"""Items of the quality sheet that need no outline: identity, marker, exposure, clipping, field."""

from typing import TypedDict, Unpack

from workbench.domain.quality_item import Box, ItemState, QualityCode, QualityItem
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.film_facts import Deviation, FilmFacts
from workbench.rules.dr_exposure import contradicts, judge_clipping

POSITIONING, MOTION, UNDER, OVER = "111209", "111210", "111211", "111212"
"""Reject reasons of DICOM CID 7011 these rules give."""
MARKER_UNREAD = "the letter on the film is not read by this edition; look at it"
SIDES_DOUBTFUL = "left and right look exchanged; compare the letter on the film with the patient"
COMPLETE = "number, name, sex, age, exam time, body part and view are given"
NO_INDEX = "exposure index or its target is not given"
WHOLE_RANGE = "no detail is lost at either end of the range"
NO_FIELD = "no edge of the field is seen; the device may have cropped the film"


class Fault(TypedDict, total=False):
    """Where something is wrong, and how DICOM calls it."""

    place: tuple[Box, ...]
    reason: str


class Said(Fault, total=False):
    """Further fields of a `QualityItem`."""

    veto: bool
    rule: str


def scored(
    code: QualityCode, of: float, share: float, evidence: str, **more: Unpack[Said]
) -> QualityItem:
    """Give an item its points.

    Parameters
    ----------
    code : QualityCode
        What was looked at.
    of : float
        Points it is worth.
    share : float
        Of the points that it gets, 0 to 1.
    evidence : str
        The numbers.
    **more
        Further fields of `QualityItem`.

    Returns
    -------
    QualityItem
        Points rounded to halves.
    """
    got = round(of * min(max(share, 0.0), 1.0) * 2) / 2
    return QualityItem(
        code=code, got=min(got, of), of=of, state=ItemState.SCORED, evidence=evidence, **more
    )


def not_assessed(code: QualityCode, of: float, reason: str) -> QualityItem:
    """Give an item that could not be judged.

    Parameters
    ----------
    code : QualityCode
        What was not looked at.
    of : float
        Points it would be worth.
    reason : str
        Why.

    Returns
    -------
    QualityItem
        Without points.
    """
    return QualityItem(code=code, got=0.0, of=of, state=ItemState.NOT_ASSESSED, evidence=reason)


def judge_identity(facts: FilmFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether the file tells whose film it is, and what of.

    Parameters
    ----------
    facts : FilmFacts
        With what is missing.
    of : float
        Points.
    book : RuleBook
        Must hold ``identity.lost``.

    Returns
    -------
    QualityItem
        Loses a share for each fact that is missing.
    """
    lost = book["identity.lost"]
    if not facts.missing:
        return scored(QualityCode.IDENTITY, of, 1.0, COMPLETE)
    said = "; ".join(f"not given: {name}" for name in facts.missing)
    return scored(
        QualityCode.IDENTITY, of, 1.0 - lost.value * len(facts.missing), said, rule=lost.id
    )


def judge_marker(facts: FilmFacts, of: float) -> QualityItem:
    """Say that the side marker is left to a person.

    Parameters
    ----------
    facts : FilmFacts
        With what the input gate said of the sides.
    of : float
        Points.

    Returns
    -------
    QualityItem
        Never judged in this edition.
    """
    said = SIDES_DOUBTFUL if facts.sides_doubtful else MARKER_UNREAD
    return not_assessed(QualityCode.MARKER, of, said)


def judge_exposure(deviation: Deviation, of: float, book: RuleBook) -> QualityItem:
    """Judge the deviation index by the band of site and part.

    Parameters
    ----------
    deviation : Deviation
        With its band.
    of : float
        Points.
    book : RuleBook
        Must hold ``share.half`` and ``di.disagree``.

    Returns
    -------
    QualityItem
        Full points within the band, half up to its review limit, none beyond.
    """
    value, band = deviation.value, deviation.band
    if value is None:
        return not_assessed(QualityCode.EXPOSURE, of, NO_INDEX)
    clauses = [
        f"deviation index {value:+.1f} (noted from {band.note:g}, review from {band.review:g})"
    ]
    if band.target is not None:
        clauses.append(f"target exposure index {band.target:g} of this institution")
    if (
        deviation.written is not None
        and deviation.computed is not None
        and contradicts(deviation.written, deviation.computed, book)
    ):
        clauses.append(f"the header writes {deviation.written:+.1f}; the recomputed value is used")
    said = "; ".join(clauses)
    if abs(value) <= band.note:
        return scored(QualityCode.EXPOSURE, of, 1.0, said)
    reason = OVER if value > 0 else UNDER
    if abs(value) <= band.review:
        half = book["share.half"].value
        return scored(QualityCode.EXPOSURE, of, half, said, rule="di.note", reason=reason)
    return scored(QualityCode.EXPOSURE, of, 0.0, said, rule="di.review", reason=reason)


def judge_greys(facts: FilmFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether the range of greys cuts detail off inside the body.

    Parameters
    ----------
    facts : FilmFacts
        With the shares at both ends.
    of : float
        Points.
    book : RuleBook
        Must hold ``clip.white`` and ``clip.black``.

    Returns
    -------
    QualityItem
        All or nothing.
    """
    found = judge_clipping(facts.exposure, book)
    if found is None:
        return scored(QualityCode.CLIPPING, of, 1.0, WHOLE_RANGE)
    # white is too little light behind the body, black too much
    reason = UNDER if found.rule == "clip.white" else OVER
    return scored(QualityCode.CLIPPING, of, 0.0, found.evidence, rule=found.rule, reason=reason)


def judge_field(facts: FilmFacts, of: float, book: RuleBook) -> QualityItem:
    """Say whether the beam was closed down to the body.

    Parameters
    ----------
    facts : FilmFacts
        With field and air.
    of : float
        Points; 0 informs only.
    book : RuleBook
        Must hold ``field.air`` and ``share.half``.

    Returns
    -------
    QualityItem
        Not assessed where no edge of the field is known.
    """
    if not facts.field.sides:
        return not_assessed(QualityCode.COLLIMATION, of, NO_FIELD)
    limit = book["field.air"]
    said = (
        f"the field is {facts.field_share:.0%} of the film; edges known: "
        f"{len(facts.field.sides)} of 4; "
        f"{facts.air_share:.0%} of it lies beside the body (limit {limit.value:.0%})"
    )
    if facts.air_share <= limit.value:
        return scored(QualityCode.COLLIMATION, of, 1.0, said)
    return scored(QualityCode.COLLIMATION, of, book["share.half"].value, said, rule=limit.id)
