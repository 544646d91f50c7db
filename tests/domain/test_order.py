"""An order takes a possible potassium and a patient number, or says what is wrong."""

import pytest

from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency


def make_order(**changes):
    facts = {
        "id": "o1",
        "site_code": "T01",
        "kind": ExamKind.ECG,
        "local_id": "7",
        "patient_name": "王",
    }
    return Order(**{**facts, **changes})


@pytest.mark.parametrize("value", [None, 1.0, 4.2, 10.0])
def test_a_possible_potassium_is_taken(value):
    assert make_order(potassium=value).potassium == value


@pytest.mark.parametrize("value", [0.99, 10.01, 42.0, -4.2, float("nan")])
def test_an_impossible_potassium_is_a_typing_error(value):
    with pytest.raises(Invalid, match=r"mmol/L; expected 1.0 to 10.0 mmol/L, or empty"):
        make_order(potassium=value)


def test_an_order_without_a_patient_number_is_refused():
    with pytest.raises(Invalid, match="patient number"):
        make_order(local_id="  ")


def test_what_was_not_asked_is_unknown_and_not_no():
    order = make_order()
    assert (order.chest_pain, order.syncope, order.potassium) == (
        Known.UNKNOWN,
        Known.UNKNOWN,
        None,
    )
    assert order.urgency is Urgency.ROUTINE
