"""The quality sheet of a film is kept whole: what is read back is what the screener said."""

import json

from workbench.domain.finding import Gate, Screening
from workbench.domain.quality_item import (
    FilmGrade,
    ItemState,
    QualityCode,
    QualityItem,
    QualitySheet,
)
from workbench.store.screenings import as_json, from_json

CUT = QualityItem(
    code=QualityCode.WHOLE_CHEST, got=0, of=15, state=ItemState.SCORED, evidence="lung cut off",
    veto=True, place=((0.0, 0.9, 0.5, 1.0),), reason="111209", rule="edge.least",
)  # fmt: skip
OPEN = QualityItem(
    code=QualityCode.SCAPULAE, got=0, of=10, state=ItemState.NOT_ASSESSED, evidence="not found"
)
SHEET = QualitySheet(
    name="chest_pa", book="dr-quality-2026.1", items=(CUT, OPEN), grade=FilmGrade.REJECT,
    grade_reason="a veto",
)  # fmt: skip


def said(sheet):
    return Screening(
        screener="dr", version="1", rulebook="b", digest="0", modality="DR", assessed=True,
        reason="", gate=Gate(accepted=True), sheet=sheet,
    )  # fmt: skip


def test_a_sheet_is_read_back_as_it_was_kept():
    for sheet in (SHEET, None):
        kept = json.loads(json.dumps(as_json(said(sheet))))
        assert from_json(kept) == said(sheet)


def test_a_result_of_before_sheets_has_none():
    kept = as_json(said(SHEET))
    del kept["sheet"]
    assert from_json(kept).sheet is None
