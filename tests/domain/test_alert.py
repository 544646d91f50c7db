"""The small closed loop of a critical value, for every order of steps."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.alert import (
    ALERT_MOVES,
    OPEN_ALERTS,
    UNANSWERED,
    AlertMove,
    AlertState,
    CriticalAlert,
)
from workbench.domain.errors import MoveRefused

S, M = AlertState, AlertMove
T0 = datetime(2026, 11, 22, 8, tzinfo=UTC)
STEPS = st.lists(st.sampled_from(AlertMove), max_size=25)
ENDS = {S.DISMISSED, S.ACKNOWLEDGED}


def make_alert(state=S.DETECTED, due_at=None):
    return CriticalAlert(
        id="a1", exam_id="e1", site_code="T01", code="EC021", state=state,
        evidence="32 bpm", source="screening", detected_at=T0, due_at=due_at,
    )  # fmt: skip


def walk(steps):
    alert, taken = make_alert(), []
    for move in steps:
        if (alert.state, move) in ALERT_MOVES:
            alert = alert.moved(move)
            taken.append(move)
    return alert, taken


@given(STEPS)
def test_nothing_is_acknowledged_or_told_before_a_reader_confirmed_it(steps):
    alert, taken = walk(steps)
    if alert.state in {S.NOTIFIED, S.ACKNOWLEDGED}:
        assert next(m for m in taken if m not in {M.DISMISS, M.REOPEN}) is M.CONFIRM


@given(STEPS)
def test_only_the_receiver_ends_a_confirmed_alert(steps):
    alert, taken = walk(steps)
    if M.CONFIRM in taken:
        assert alert.state is not S.DISMISSED
        assert (alert.state is S.ACKNOWLEDGED) == (M.ACKNOWLEDGE in taken)


@given(STEPS)
def test_a_dismissed_alert_stays_dismissed_until_it_is_stated_or_graded_higher(steps):
    alert, taken = walk([M.DISMISS, *steps])
    left = M.CONFIRM in steps or M.REOPEN in steps
    assert left or alert.state is S.DISMISSED
    assert taken[1:2] in ([], [M.CONFIRM], [M.REOPEN])


def test_a_flag_opened_again_must_be_judged_again():
    alert, _ = walk([M.DISMISS, M.REOPEN])
    assert alert.state in UNANSWERED
    assert (S.CONFIRMED, M.REOPEN) not in ALERT_MOVES
    assert (S.ACKNOWLEDGED, M.REOPEN) not in ALERT_MOVES


@given(STEPS)
def test_an_open_alert_always_has_a_next_step_and_an_acknowledged_one_has_none(steps):
    alert, _ = walk(steps)
    nexts = [m for s, m in ALERT_MOVES if s is alert.state]
    assert bool(nexts) == (alert.state is not S.ACKNOWLEDGED)
    assert (alert.state in OPEN_ALERTS) == (alert.state not in ENDS)


def test_a_repeated_call_is_allowed():
    alert, taken = walk([M.CONFIRM, M.NOTIFY, M.NOTIFY, M.NOTIFY])
    assert (alert.state, len(taken)) == (S.NOTIFIED, 4)


def test_the_clinic_may_acknowledge_what_it_saw_before_the_call():
    assert make_alert(S.CONFIRMED).moved(M.ACKNOWLEDGE).state is S.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("state", "move"), [p for p in product(AlertState, AlertMove) if p not in ALERT_MOVES]
)
def test_a_refused_step_lists_the_allowed_ones(state, move):
    with pytest.raises(MoveRefused) as caught:
        make_alert(state).moved(move)
    allowed = [m for s, m in ALERT_MOVES if s is state]
    assert caught.value.allowed == tuple(allowed)
    offers = ", ".join(allowed) or "nothing (this is an end state)"
    said = f"Cannot {move} a critical alert that is {state}; allowed now: {offers}."
    assert str(caught.value) == said


def test_only_a_detected_alert_waits_for_an_answer():
    assert {S.DETECTED} == UNANSWERED
    assert set(AlertState) - OPEN_ALERTS == ENDS


@pytest.mark.parametrize(("late_by", "overdue"), [(-1, False), (0, False), (1, True)])
def test_an_alert_is_overdue_only_after_its_moment(late_by, overdue):
    alert = make_alert(due_at=T0)
    assert alert.overdue(T0 + timedelta(microseconds=late_by)) is overdue


@given(st.sampled_from(AlertState), st.timedeltas(max_value=timedelta(days=9)))
def test_an_ended_or_untimed_alert_is_never_overdue(state, passed):
    now = T0 + max(passed, timedelta())
    assert not make_alert(state).overdue(now)
    if state in ENDS:
        assert not make_alert(state, due_at=T0).overdue(now)
