"""The quality sheet of a film: which items with how many points, and the grade they add up to.

The grade is that of what could be judged: points got over points of the items that were scored. It
is given only when enough of the sheet could be, and, for a chest, when it is known that the lungs
are whole; a veto rejects the film whatever else is known.
"""

from workbench.domain.quality_item import (
    FilmGrade,
    ItemState,
    QualityCode,
    QualityItem,
    QualitySheet,
)
from workbench.domain.rulebook import RuleBook
from workbench.radiograph.film_facts import FilmFacts
from workbench.rules.dr_chest_items import (
    NO_SCAPULAE,
    judge_artefact,
    judge_clavicles,
    judge_inspiration,
    judge_rotation,
    judge_sharpness,
    judge_whole_chest,
)
from workbench.rules.dr_items import (
    judge_exposure,
    judge_field,
    judge_greys,
    judge_identity,
    judge_marker,
    not_assessed,
)

CHEST, OTHER = "chest_pa", "other"
NO_OUTLINE = "nothing is outlined on films of this part"
_BY_OUTLINE = {
    QualityCode.WHOLE_CHEST: judge_whole_chest,
    QualityCode.ROTATION: judge_rotation,
    QualityCode.INSPIRATION: judge_inspiration,
    QualityCode.SHARPNESS: judge_sharpness,
    QualityCode.CLAVICLES: judge_clavicles,
    QualityCode.ARTEFACT: judge_artefact,
}
_ORDER = (
    QualityCode.WHOLE_CHEST, QualityCode.ROTATION, QualityCode.SCAPULAE, QualityCode.INSPIRATION,
    QualityCode.SHARPNESS, QualityCode.CLAVICLES, QualityCode.ARTEFACT,
)  # fmt: skip


def judge_chest(facts: FilmFacts, book: RuleBook) -> QualitySheet:
    """Fill the sheet of a chest PA film.

    Parameters
    ----------
    facts : FilmFacts
        Of the film; without outlines most items are not assessed.
    book : RuleBook
        Edition of the sheet, joined with the limits of exposure.

    Returns
    -------
    QualitySheet
        "chest_pa".
    """

    def of(code: QualityCode) -> float:
        return book[f"points.{code}"].value

    items: list[QualityItem] = [
        judge_identity(facts, of(QualityCode.IDENTITY), book),
        judge_marker(facts, of(QualityCode.MARKER)),
    ]
    for code in _ORDER:
        judge = _BY_OUTLINE.get(code)
        if judge is None:
            items.append(not_assessed(code, of(code), NO_SCAPULAE))
        elif facts.chest is None:
            items.append(not_assessed(code, of(code), facts.chest_reason))
        else:
            items.append(judge(facts.chest, of(code), book))
    items += [
        judge_exposure(facts.deviation, of(QualityCode.EXPOSURE), book),
        judge_greys(facts, of(QualityCode.CLIPPING), book),
        judge_field(facts, of(QualityCode.COLLIMATION), book),
    ]
    return _sheet(CHEST, items, book, needed=(QualityCode.WHOLE_CHEST,))


def judge_other(facts: FilmFacts, book: RuleBook) -> QualitySheet:
    """Fill the short sheet of any other part of the body.

    Parameters
    ----------
    facts : FilmFacts
        Of the film.
    book : RuleBook
        As for `judge_chest`.

    Returns
    -------
    QualitySheet
        "other".
    """

    def of(code: QualityCode) -> float:
        return book[f"other.{code}"].value

    return _sheet(
        OTHER,
        [
            judge_identity(facts, of(QualityCode.IDENTITY), book),
            judge_marker(facts, of(QualityCode.MARKER)),
            judge_exposure(facts.deviation, of(QualityCode.EXPOSURE), book),
            judge_greys(facts, of(QualityCode.CLIPPING), book),
            judge_field(facts, of(QualityCode.COLLIMATION), book),
            not_assessed(QualityCode.SHARPNESS, of(QualityCode.SHARPNESS), NO_OUTLINE),
            not_assessed(QualityCode.CUT_OFF, of(QualityCode.CUT_OFF), NO_OUTLINE),
        ],
        book,
    )


def _sheet(
    name: str, items: list[QualityItem], book: RuleBook, needed: tuple[QualityCode, ...] = ()
) -> QualitySheet:
    filled = QualitySheet(
        name=name, book=book.name, items=tuple(items), grade=None, grade_reason="-"
    )
    grade, reason = _grade(filled, book, needed)
    return QualitySheet(
        name=name, book=book.name, items=filled.items, grade=grade, grade_reason=reason
    )


def _grade(
    sheet: QualitySheet, book: RuleBook, needed: tuple[QualityCode, ...]
) -> tuple[FilmGrade | None, str]:
    least = book["grade.judged"].value
    judged = f"{sheet.got:g} of {sheet.of:g} points that could be judged ({sheet.total:g} in all)"
    if sheet.vetoes:
        return FilmGrade.REJECT, f"{judged}; a veto rejects the film"
    open_ones = [
        one.code for one in sheet.items if one.code in needed and one.state is not ItemState.SCORED
    ]
    if open_ones:
        return None, f"{judged}; no grade: it is not known whether the lungs are whole on the film"
    if sheet.of < least:
        return None, f"{judged}; no grade below {least:g} points judged"
    percent = 100 * sheet.got / sheet.of
    for grade, key in (
        (FilmGrade.A, "grade.a"), (FilmGrade.B, "grade.b"), (FilmGrade.C, "grade.c")
    ):  # fmt: skip
        if percent >= book[key].value:
            return grade, f"{judged}: {percent:.0f} per cent; grade of what could be judged"
    return (
        FilmGrade.REJECT,
        f"{judged}: {percent:.0f} per cent; grade of what could be judged",
    )
