"""What may happen to an exam, in every order of steps; who stands first on the list."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import MoveRefused
from workbench.domain.exam import (
    EXAM_MOVES,
    OPEN_STATES,
    Exam,
    ExamMove,
    ExamState,
    ScreeningStatus,
    priority,
)
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Urgency

S, M = ExamState, ExamMove
STEPS = st.lists(st.sampled_from(ExamMove), max_size=30)
SEVERITIES = [None, *Severity]


def make_exam(state=S.RECEIVED):
    at = datetime(2026, 11, 22, 8, tzinfo=UTC)
    return Exam(
        id="e1", site_code="T01", kind=ExamKind.DR, key="1.2.3", patient_id="p1",
        state=state, received_at=at,
    )  # fmt: skip


def walk(steps):
    """Take the steps that are allowed; gives every (state, move, state after)."""
    exam, taken = make_exam(), []
    for move in steps:
        if (exam.state, move) in EXAM_MOVES:
            after = exam.moved(move)
            taken.append((exam.state, move, after.state))
            exam = after
    return exam, taken


@given(STEPS)
def test_no_order_of_steps_releases_an_exam_that_was_not_signed(steps):
    exam, taken = walk(steps)
    moves = [move for _, move, _ in taken]
    if exam.state is S.RELEASED:
        assert M.SIGN in moves
        assert moves.index(M.SIGN) < moves.index(M.RELEASE)


@given(STEPS)
def test_every_release_has_a_signature_of_its_own(steps):
    _, taken = walk(steps)
    signed = False
    for before, move, _ in taken:
        if move is M.SIGN:
            signed = True
        elif move is M.RELEASE:
            assert signed
            assert before is S.SIGNED
            signed = False
        elif move is M.RETURN:
            signed = False


@given(STEPS)
def test_what_was_released_never_goes_back_among_the_unread(steps):
    _, taken = walk(steps)
    released = False
    for _, _, after in taken:
        released |= after is S.RELEASED
        if released and after is S.WAITING:
            # only a second signature that sends a new version back, after a retraction
            retracted = [a for _, _, a in taken].index(S.RETRACTED)
            assert retracted < len(taken)
        if released:
            assert after is not S.RECEIVED


@given(STEPS)
def test_nothing_but_a_retraction_takes_a_released_report_away(steps):
    _, taken = walk(steps)
    for before, move, after in taken:
        if before is S.RELEASED and after is not S.RELEASED:
            assert (move, after) == (M.RETRACT, S.RETRACTED)


@pytest.mark.parametrize("state", ExamState)
def test_a_screening_never_changes_what_a_doctor_has_decided(state):
    after = make_exam(state).moved(M.SCREEN).state
    assert after is (S.WAITING if state is S.RECEIVED else state)


def test_a_doctor_need_not_wait_for_the_screening():
    assert make_exam(S.RECEIVED).moved(M.SIGN).state is S.SIGNED


@pytest.mark.parametrize(
    ("state", "move"), [p for p in product(ExamState, ExamMove) if p not in EXAM_MOVES]
)
def test_a_refused_step_names_state_move_and_what_is_allowed(state, move):
    with pytest.raises(MoveRefused) as caught:
        make_exam(state).moved(move)
    error = caught.value
    assert (error.noun, error.state, error.move) == ("exam", state, move)
    assert set(error.allowed) == {m for s, m in EXAM_MOVES if s is state}
    assert str(error).startswith(f"Cannot {move} a exam that is {state}; allowed now: ")


def test_a_step_makes_a_new_exam_and_changes_nothing_else():
    before = make_exam(S.WAITING)
    after = before.moved(M.SIGN)
    assert before.state is S.WAITING
    assert (after.id, after.key, after.received_at) == (before.id, before.key, before.received_at)
    with pytest.raises(AttributeError):
        before.state = S.SIGNED


def test_every_state_can_be_reached_and_every_move_is_used():
    assert {s for s, _ in EXAM_MOVES} | set(EXAM_MOVES.values()) == set(ExamState)
    assert {m for _, m in EXAM_MOVES} == set(ExamMove)
    reached = {S.RECEIVED}
    for _ in ExamState:
        reached |= {after for (before, _), after in EXAM_MOVES.items() if before in reached}
    assert reached == set(ExamState)


def test_all_but_released_exams_are_open():
    assert set(ExamState) - OPEN_STATES == {S.RELEASED}


def test_the_table_cannot_be_changed():
    with pytest.raises(TypeError):
        EXAM_MOVES[S.RECEIVED, M.RELEASE] = S.RELEASED


@pytest.mark.parametrize(
    ("urgency", "severity", "screening", "rank"),
    [
        (Urgency.ROUTINE, Severity.CRITICAL, ScreeningStatus.DONE, 0),
        (Urgency.EMERGENCY, None, ScreeningStatus.DONE, 1),
        (Urgency.EMERGENCY, Severity.NORMAL, ScreeningStatus.FAILED, 1),
        (Urgency.URGENT, None, ScreeningStatus.DONE, 2),
        (Urgency.ROUTINE, Severity.URGENT, ScreeningStatus.DONE, 2),
        (Urgency.ROUTINE, None, ScreeningStatus.FAILED, 2),
        (Urgency.ROUTINE, Severity.ABNORMAL, ScreeningStatus.DONE, 3),
        (Urgency.ROUTINE, Severity.TECHNICAL, ScreeningStatus.DONE, 3),
        (Urgency.ROUTINE, None, ScreeningStatus.PENDING, 3),
    ],
)
def test_critical_stands_before_emergency_before_urgent_before_routine(
    urgency, severity, screening, rank
):
    assert priority(urgency, severity, screening) == rank


@given(
    st.sampled_from(Urgency),
    st.sampled_from(Urgency),
    st.sampled_from(SEVERITIES),
    st.sampled_from(ScreeningStatus),
)
def test_asking_more_urgently_never_moves_an_exam_down(one, other, severity, screening):
    order = list(Urgency)
    more, less = sorted((one, other), key=order.index)
    assert priority(more, severity, screening) <= priority(less, severity, screening)


@given(st.sampled_from(Urgency), st.sampled_from(SEVERITIES), st.sampled_from(ScreeningStatus))
def test_nothing_stands_before_a_critical_value_and_no_failed_screening_waits_last(
    urgency, severity, screening
):
    rank = priority(urgency, severity, screening)
    assert priority(urgency, Severity.CRITICAL, screening) <= rank
    assert priority(urgency, severity, ScreeningStatus.FAILED) <= rank
    assert priority(urgency, severity, ScreeningStatus.FAILED) < 3
