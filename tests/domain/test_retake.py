"""The loop of a film to be taken again, for every order of steps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import Invalid, MoveRefused
from workbench.domain.retake import (
    ANSWERED_RETAKES,
    OPEN_RETAKES,
    RETAKE_MOVES,
    Refusal,
    Retake,
    RetakeMove,
    RetakeState,
)

S, M = RetakeState, RetakeMove
T0 = datetime(2026, 11, 26, 8, tzinfo=UTC)
STEPS = st.lists(st.sampled_from(RetakeMove), max_size=25)


def make_retake(state=S.REQUESTED, **given):
    facts = {
        "id": "r1", "exam_id": "e1", "instance_id": "i1", "site_code": "T01", "state": state,
        "reasons": ("111209",), "evidence": "lung cut off", "source": "screening",
        "asked_by": "worker", "asked_at": T0, "due_at": None, **given,
    }  # fmt: skip
    return Retake(**facts)


def walk(steps):
    one, taken = make_retake(), []
    for move in steps:
        if (one.state, move) in RETAKE_MOVES:
            one = one.moved(move)
            taken.append(move)
    return one, taken


@given(STEPS)
def test_nothing_is_closed_before_the_clinic_answered(steps):
    one, taken = walk(steps)
    if one.state is S.CLOSED:
        assert taken[-1] is M.CLOSE
        assert taken[-2] in {M.RETAKE, M.DECLINE}


@given(STEPS)
def test_what_the_clinic_answered_only_a_person_asks_for_again(steps):
    before, _ = walk(steps)
    if before.state not in ANSWERED_RETAKES:
        return
    for move in (M.SEE, M.RETAKE, M.DECLINE, M.WITHDRAW):
        with pytest.raises(MoveRefused):
            before.moved(move)
    assert before.moved(M.ASK_AGAIN).state is S.REQUESTED


@given(STEPS)
def test_an_open_request_can_always_be_answered_and_withdrawn_and_a_closed_one_has_no_step(steps):
    one, _ = walk(steps)
    nexts = {m for s, m in RETAKE_MOVES if s is one.state}
    assert (one.state in OPEN_RETAKES) == ({M.RETAKE, M.DECLINE, M.WITHDRAW} <= nexts)
    assert bool(nexts) == (one.state is not S.CLOSED)


@pytest.mark.parametrize(
    ("state", "move"), [p for p in product(RetakeState, RetakeMove) if p not in RETAKE_MOVES]
)
def test_a_refused_step_lists_the_allowed_ones(state, move):
    with pytest.raises(MoveRefused) as caught:
        make_retake(state).moved(move)
    assert caught.value.allowed == tuple(m for s, m in RETAKE_MOVES if s is state)
    assert "retake request" in str(caught.value)


@pytest.mark.parametrize(("late_by", "overdue"), [(-1, False), (0, False), (1, True)])
def test_a_request_is_overdue_only_after_its_moment_and_only_while_open(late_by, overdue):
    now = T0 + timedelta(microseconds=late_by)
    assert make_retake(due_at=T0).overdue(now) is overdue
    assert not make_retake(S.CLOSED, due_at=T0).overdue(now + timedelta(days=1))


@pytest.mark.parametrize(
    "wrong",
    [
        {"evidence": " "},
        {"answer_id": "i1"},
        {"answer_id": "i2", "refusal": Refusal.PATIENT_GONE},
    ],
)
def test_a_request_says_what_is_wrong_and_has_one_answer_which_is_another_film(wrong):
    with pytest.raises(Invalid):
        make_retake(**wrong)
    assert replace(make_retake(), answer_id="i2").answer_id == "i2"
