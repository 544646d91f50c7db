"""The quality sheet of a film as a QA lead reads it: what was lost first, then what is in order."""

from workbench.domain.quality_item import ItemState, QualityItem, QualitySheet
from workbench.language import label, translator
from workbench.panels import words


def view(sheet: QualitySheet | None, language: str) -> dict[str, object] | None:
    """Grade, points and rows; None where no sheet was filled."""
    if sheet is None:
        return None
    _ = translator(language)
    return {
        "grade": "" if sheet.grade is None else sheet.grade.value,
        "grade_label": "" if sheet.grade is None else label(sheet.grade, _),
        "reason": words.evidence(sheet.grade_reason, _),
        "rows": [_row(one, language) for one in sorted(sheet.items, key=_rank)],
    }


def _rank(one: QualityItem) -> tuple[bool, bool, float]:
    """Vetoes, then points lost, then what was in order; what nobody judged is last."""
    return not one.veto, one.state is ItemState.NOT_ASSESSED, one.got - one.of


def _row(one: QualityItem, language: str) -> dict[str, object]:
    _ = translator(language)
    scored = one.state is ItemState.SCORED
    return {
        "code": one.code.value,
        "label": label(one.code, _),
        "points": f"{one.got:g}/{one.of:g}" if scored and one.of else "",
        "judged": scored,
        "lost": scored and one.got < one.of,
        "veto": one.veto,
        "evidence": words.evidence(one.evidence, _),
        "reject": words.reject_reason(one.reason, language),
        "place": [list(box) for box in one.place],
    }
