"""The closed loop: judged, told, acknowledged; each step by those who may, in time or overdue."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import make
from workbench.domain.actor import Role
from workbench.domain.alert import AlertState
from workbench.domain.errors import Invalid, MoveRefused, NotFound, NotPermitted
from workbench.domain.kinds import ExamKind
from workbench.domain.report import CodedFinding, ReportBody
from workbench.phantoms.ecg import Rhythm
from workbench.store import audit, sites
from workbench.store.worklist import Filter
from workbench.workflow import alerts, exams, reports, screenings


def call(**given):
    return alerts.Call(
        **{
            "receiver": "李卫生",
            "receiver_role": "值班医师",
            "method": "phone",
            "phone": "0776-1",
            "read_back": "李建国,心率30次/分,已复述",
            "called_at": make.NOW,
            **given,
        }
    )


@pytest.fixture
def flagged(county, screened):
    screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    [alert] = alerts.open_alerts(county, make.READER)
    return alert


def test_a_flag_shows_the_numbers_that_fired_it_and_runs_against_a_limit(flagged):
    assert (flagged.code, flagged.state) == ("EC021", AlertState.DETECTED)
    assert "35" in flagged.evidence
    assert flagged.due_at == make.NOW + timedelta(minutes=5)


def test_the_loop_from_flag_to_acknowledgement(county, flagged, clock):
    clock.go_on(minutes=1)
    confirmed = alerts.confirm(county, make.READER, flagged.id)
    assert confirmed.due_at == clock.at + timedelta(minutes=10)
    told = alerts.notify(county, make.READER, flagged.id, call(called_at=clock.at))
    assert told.state is AlertState.NOTIFIED
    seen = alerts.acknowledge(county, make.CLINIC, flagged.id, "李建国,心率30次/分,已通知医师")
    assert (seen.state, seen.due_at) == (AlertState.ACKNOWLEDGED, None)
    steps = alerts.register(county, make.READER, flagged.id)
    assert [s.move for s in steps] == ["confirm", "notify", "acknowledge"]
    assert steps[1].detail["read_back"].startswith("李建国")
    with county.store.look() as conn:
        assert audit.verify(conn) == []


def test_a_clinic_sees_a_critical_value_only_once_a_reader_confirmed_it(county, flagged):
    since = make.NOW - timedelta(days=1)
    assert alerts.of_own_site(county, make.CLINIC, since) == []
    alerts.confirm(county, make.READER, flagged.id)
    assert [a.id for a in alerts.of_own_site(county, make.CLINIC, since)] == [flagged.id]
    assert alerts.of_own_site(county, make.OTHER_CLINIC, since) == []


def test_another_clinic_cannot_acknowledge(county, flagged):
    alerts.confirm(county, make.READER, flagged.id)
    with pytest.raises(NotFound):
        alerts.acknowledge(county, make.OTHER_CLINIC, flagged.id, "收到")


def test_a_clinic_cannot_judge_a_flag(county, flagged):
    with pytest.raises(NotPermitted):
        alerts.confirm(county, make.CLINIC, flagged.id)


def test_nothing_is_dismissed_without_a_reason_and_nothing_acknowledged_without_words(
    county, flagged
):
    with pytest.raises(Invalid):
        alerts.dismiss(county, make.READER, flagged.id, "  ")
    alerts.confirm(county, make.READER, flagged.id)
    with pytest.raises(Invalid):
        alerts.acknowledge(county, make.CLINIC, flagged.id, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"receiver": " "},
        {"read_back": ""},
        {"method": "pigeon"},
        {"called_at": make.NOW + timedelta(minutes=5)},
    ],
)
def test_a_call_that_could_not_stand_in_the_register_is_refused(county, flagged, wrong):
    alerts.confirm(county, make.READER, flagged.id)
    with pytest.raises(Invalid):
        alerts.notify(county, make.READER, flagged.id, call(**wrong))


def test_a_flag_that_is_not_confirmed_cannot_be_told(county, flagged):
    with pytest.raises(MoveRefused, match="confirm, dismiss"):
        alerts.notify(county, make.READER, flagged.id, call())


def test_a_critical_value_is_overdue_by_the_row_alone(county, flagged, clock):
    assert not flagged.overdue(clock.at + timedelta(minutes=5))
    assert flagged.overdue(clock.at + timedelta(minutes=5, seconds=1))


def test_a_refused_act_leaves_no_trace(county, flagged):
    with county.store.look() as conn:
        before = audit.heads(conn, make.NOW)
    with pytest.raises(NotPermitted):
        alerts.confirm(county, make.TRAINEE, flagged.id)
    with county.store.look() as conn:
        assert audit.heads(conn, make.NOW) == before


def test_only_the_clinic_itself_acknowledges_never_the_duty_desk_of_the_reading_hospital(
    county, flagged
):
    alerts.confirm(county, make.READER, flagged.id)
    duty = make.make_actor("duty", Role.DUTY, licence=None)
    with pytest.raises(NotFound):
        alerts.acknowledge(county, duty, flagged.id, "收到")


def test_a_reader_who_raises_what_was_dismissed_or_not_yet_judged_has_it_confirmed(county, flagged):
    raised = alerts.raise_by_reader(county, make.READER, flagged.exam_id, flagged.code, "心率30")
    assert (raised.id, raised.state) == (flagged.id, AlertState.CONFIRMED)


def test_a_report_that_states_a_dismissed_critical_value_raises_it_again(county, flagged):
    alerts.dismiss(county, make.READER, flagged.id, "误判")
    body = ReportBody(
        findings="心率30次/分。", impression="重度心动过缓。", coded=(CodedFinding(flagged.code),)
    )
    draft = reports.save_draft(county, make.READER, flagged.exam_id, body, 0)
    reports.sign(county, make.READER, flagged.exam_id, draft.revision)
    [alert] = alerts.open_alerts(county, make.READER)
    assert (alert.state, alert.due_at) == (AlertState.CONFIRMED, make.NOW + timedelta(minutes=10))


def test_open_alerts_are_of_the_kinds_of_exam_the_agreement_covers(county, flagged):
    with county.store.change() as conn:
        for agreed in sites.agreements(conn, examining="T01"):
            sites.end_agreement(conn, agreed.id, make.NOW.date() - timedelta(days=1))
        films = make.make_agreement("T01", kinds=frozenset({ExamKind.DR}))
        sites.add_agreement(conn, replace(films, id="films"))
    assert alerts.open_alerts(county, make.READER) == []


def test_a_flag_found_after_the_release_brings_the_exam_back_to_the_top_of_the_list(county, arrive):
    exam_id = arrive(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY))).exam_id
    waits = arrive(make.make_film()).exam_id
    body = ReportBody(findings="窦性心律。", impression="大致正常。")
    draft = reports.save_draft(county, make.READER, exam_id, body, 0)
    assert reports.sign(county, make.READER, exam_id, draft.revision).released_at
    screenings.screen_exam(county, exam_id)
    rows = exams.worklist_page(county, make.READER, Filter())
    assert [r.exam.id for r in rows] == [exam_id, waits]
    [alert] = alerts.open_alerts(county, make.READER)
    alerts.dismiss(county, make.READER, alert.id, "起搏心律")
    assert [r.exam.id for r in exams.worklist_page(county, make.READER, Filter())] == [waits]
