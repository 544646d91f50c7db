"""An item is judged or not; points never leave their range; the sheet adds what could be judged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.quality_item import ItemState, QualityCode, QualityItem, QualitySheet


def item(code=QualityCode.ROTATION, got=0.0, of=12.0, state=ItemState.SCORED, **more):
    return QualityItem(code=code, got=got, of=of, state=state, evidence="seen", **more)


def sheet(*items):
    return QualitySheet(name="chest_pa", book="b", items=items, grade=None, grade_reason="r")


@pytest.mark.parametrize(("got", "of"), [(-1, 12), (13, 12), (float("nan"), 12)])
def test_points_outside_their_range_are_refused(got, of):
    with pytest.raises(ValueError, match="0 up to what the item is worth"):
        item(got=got, of=of)


@pytest.mark.parametrize("said", [{"got": 3.0}, {"veto": True}, {"reason": "111209"}])
def test_what_was_not_assessed_cannot_be_judged_as_well(said):
    with pytest.raises(ValueError, match="one of the two"):
        item(state=ItemState.NOT_ASSESSED, **said)


def test_an_item_without_evidence_is_refused():
    with pytest.raises(ValueError, match="give the numbers"):
        QualityItem(code=QualityCode.MARKER, got=4, of=4, state=ItemState.SCORED, evidence=" ")


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 20)), max_size=12))
def test_what_was_not_assessed_takes_points_from_neither_side(rows):
    items = [
        item(got=share * of if scored else 0.0, of=of,
             state=ItemState.SCORED if scored else ItemState.NOT_ASSESSED)
        for scored, share, of in rows
    ]  # fmt: skip
    whole = sheet(*items)
    judged = sheet(*(one for one in items if one.state is ItemState.SCORED))
    assert (whole.got, whole.of) == (judged.got, judged.of)
    assert 0 <= whole.got <= whole.of <= whole.total


def test_reasons_stand_once_vetoes_first_then_the_most_points_lost():
    found = sheet(
        item(QualityCode.CLAVICLES, 3, 6, reason="111209"),
        item(QualityCode.SHARPNESS, 0, 12, reason="111210"),
        item(QualityCode.EXPOSURE, 4, 9, reason="111211"),
        item(QualityCode.MARKER, 3, 4, reason="111215", veto=True),
        item(QualityCode.ROTATION, 12, 12),
    )
    assert found.reasons == ("111215", "111210", "111211", "111209")
    assert [one.code for one in found.vetoes] == [QualityCode.MARKER]
