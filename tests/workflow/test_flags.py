"""More is known of the patient: the ECG is judged again, and what a doctor decided is kept."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests import make
from workbench.domain.alert import AlertState
from workbench.domain.errors import NotFound, NotPermitted
from workbench.domain.event import EventKind
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Urgency
from workbench.domain.trace import Trace
from workbench.store import alerts as alert_rows
from workbench.store import events, exams, instances, screenings
from workbench.store import jobs as job_rows
from workbench.workflow import alerts, orders
from workbench.workflow.screenings import screen_exam

GAP_S = 3.0  # seconds: critical unless the patient had no syncope


def paused():
    """A regular ECG with a stretch without a heart: its grade depends on the symptoms."""
    trace = make.make_trace(75.0)
    made, rate = np.array(trace.millivolts), int(trace.rate)
    cut, length = 4 * rate, int(GAP_S * rate)
    quiet = made[:, cut : cut + 1] + np.zeros((12, length), np.float32)
    quiet += np.random.default_rng(5).normal(0, 0.004, quiet.shape).astype(np.float32)
    whole = np.concatenate([made[:, :cut], quiet, made[:, cut:]], axis=1)
    return make.make_ecg_file(Trace(millivolts=whole, rate=trace.rate))


@pytest.fixture
def ecg(screened):
    return screened(paused())


def asked(station, exam_id, **given):
    order = make.make_order(kind=ExamKind.ECG, local_id="P2", exam_id=exam_id, **given)
    return orders.place(station, make.CLINIC, order)


def facts(**given):
    return orders.Facts(
        **{
            "chest_pain": Known.UNKNOWN, "syncope": Known.UNKNOWN, "potassium": None,
            "urgency": Urgency.ROUTINE, **given,
        }
    )  # fmt: skip


def flag(station, exam_id):
    with station.store.look() as conn:
        found = alert_rows.of_exam(conn, exam_id)
    return next((a for a in found if a.code == "EC024"), None)


def said(station, exam_id):
    with station.store.look() as conn:
        return screenings.of_exam(conn, exam_id), screenings.history(conn, exam_id)


def test_an_unknown_symptom_takes_the_careful_grade(county, ecg):
    assert flag(county, ecg).state is AlertState.DETECTED


def test_a_request_attached_later_asks_for_another_look_in_the_same_transaction(county, ecg):
    with county.store.look() as conn:
        before = job_rows.waiting(conn)
    asked(county, ecg, syncope=Known.NO)
    asked_again = orders.own(county, make.CLINIC)[0]
    with county.store.look() as conn:
        assert (
            job_rows.waiting(conn) == before
        )  # the exam's own job was still waiting: one is enough
        assert exams.get(conn, ecg, None).order_id == asked_again.id
    screen_exam(county, ecg)
    now, ever = said(county, ecg)
    assert (len(now), len(ever)) == (1, 2)
    assert now[0].worst is Severity.URGENT
    assert ever[0][2].worst is Severity.CRITICAL
    screen_exam(county, ecg)
    assert len(said(county, ecg)[1]) == 2, "the same facts were judged twice"


def test_a_flag_nobody_judged_stays_though_the_grade_fell(county, ecg):
    asked(county, ecg, syncope=Known.NO)
    screen_exam(county, ecg)
    assert flag(county, ecg).state is AlertState.DETECTED


def test_a_dismissed_flag_is_not_opened_again_while_the_grade_is_the_same(county, ecg):
    alerts.dismiss(county, make.READER, flag(county, ecg).id, "伪差")
    asked(county, ecg, syncope=Known.YES)
    screen_exam(county, ecg)
    assert len(said(county, ecg)[1]) == 2
    assert flag(county, ecg).state is AlertState.DISMISSED


def test_a_dismissed_flag_is_opened_again_when_the_grade_rises_and_says_why(county, ecg, clock):
    order = asked(county, ecg, syncope=Known.NO)
    screen_exam(county, ecg)
    alerts.dismiss(county, make.READER, flag(county, ecg).id, "无症状")
    clock.go_on(minutes=3)
    orders.correct(county, make.CLINIC, order.id, facts(syncope=Known.YES))
    screen_exam(county, ecg)
    again = flag(county, ecg)
    assert again.state is AlertState.DETECTED
    assert again.due_at > clock.at
    last = alerts.register(county, make.READER, again.id)[-1]
    assert (last.move, last.detail["grade_before"], last.detail["grade_now"]) == (
        "reopen", "urgent", "critical",
    )  # fmt: skip
    assert "syncope reported" in last.detail["evidence"]
    with county.store.look() as conn:
        assert events.first(conn, ecg, EventKind.ALERT_REOPENED) == clock.at
        assert exams.get(conn, ecg, None).severity is Severity.CRITICAL


def test_a_confirmed_flag_is_left_to_those_who_call(county, ecg):
    order = asked(county, ecg, syncope=Known.NO)
    screen_exam(county, ecg)
    alerts.confirm(county, make.READER, flag(county, ecg).id)
    orders.correct(county, make.CLINIC, order.id, facts(syncope=Known.YES))
    screen_exam(county, ecg)
    assert flag(county, ecg).state is AlertState.CONFIRMED


def test_facts_that_come_back_are_judged_as_the_last_word(county, ecg):
    order = asked(county, ecg, syncope=Known.NO)
    screen_exam(county, ecg)
    for syncope, worst in ((Known.YES, Severity.CRITICAL), (Known.NO, Severity.URGENT)):
        orders.correct(county, make.CLINIC, order.id, facts(syncope=syncope))
        screen_exam(county, ecg)
        assert said(county, ecg)[0][0].worst is worst


def test_a_correction_is_audited_moves_the_urgency_and_belongs_to_the_own_clinic(county, ecg):
    order = asked(county, ecg)
    orders.correct(county, make.CLINIC, order.id, facts(potassium=6.8, urgency=Urgency.EMERGENCY))
    with county.store.look() as conn:
        assert exams.get(conn, ecg, None).urgency is Urgency.EMERGENCY
    with pytest.raises(NotFound):
        orders.correct(county, make.OTHER_CLINIC, order.id, facts())
    with pytest.raises(NotPermitted):
        orders.correct(county, make.READER, order.id, facts())


def test_what_the_screener_said_under_its_former_name_gives_way(county, ecg):
    with county.store.change() as conn:
        [now] = screenings.of_exam(conn, ecg)
        [file] = instances.of_exam(conn, ecg)
        former = replace(now, screener="ecg-rate", version="1.1.0")
        earlier = county.now() - timedelta(days=1)
        assert screenings.add(conn, county.fresh(), (ecg, file.id), former, earlier)
    holds, ever = said(county, ecg)
    assert [one.screener for one in holds] == ["ecg"]
    assert len(ever) == 2
