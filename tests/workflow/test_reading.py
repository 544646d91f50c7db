"""From the list to a released report: who may, in which order, and what remains of it."""

from dataclasses import replace
from datetime import date

import pytest

from tests import make
from workbench.domain.actor import Licence
from workbench.domain.alert import AlertState
from workbench.domain.errors import (
    Invalid,
    Leased,
    MoveRefused,
    NotFound,
    NotPermitted,
    ReportIncomplete,
    Stale,
    UnseenImage,
)
from workbench.domain.event import EventKind
from workbench.domain.exam import ExamState
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.report import CodedFinding, ReportBody, ReportKind, Side
from workbench.phantoms.ecg import Rhythm
from workbench.store import audit, events, exams, reports, sites
from workbench.store.worklist import Filter
from workbench.workflow import alerts, deliveries, screenings
from workbench.workflow import exams as reading
from workbench.workflow import reports as acts

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")


def write(station, exam_id, body=BODY, actor=make.READER):
    return acts.save_draft(station, actor, exam_id, body, 0)


def report(station, exam_id, body=BODY, actor=make.READER):
    return acts.sign(station, actor, exam_id, write(station, exam_id, body, actor).revision)


def test_a_film_read_and_signed_is_released_with_every_stamp(county, screened, clock):
    exam_id = screened(make.make_film())
    clock.go_on(minutes=1)
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    assert case.exam.state is ExamState.WAITING
    assert {c.form for c in case.copies} == {"preview", "phone", "full"}
    clock.go_on(minutes=1)
    signed = report(county, exam_id)
    assert signed.released_at == clock.at
    deliveries.deliver(county, signed.id, "released")
    with county.store.look() as conn:
        kinds = [e.kind for e in events.of_exam(conn, exam_id)]
        assert exams.get(conn, exam_id, None).state is ExamState.RELEASED
        assert audit.verify(conn) == []
    assert kinds[-5:] == [
        EventKind.FIRST_OPEN, EventKind.DRAFT_SAVED, EventKind.SIGNED, EventKind.RELEASED,
        EventKind.DELIVERED,
    ]  # fmt: skip
    papers = sorted(p.suffix for p in (county.settings.outbox / "T01").iterdir())
    assert papers == [".json", ".pdf"]


def test_the_sender_sees_its_report_and_the_first_look_is_stamped(county, screened):
    exam_id = screened(make.make_film())
    signed = report(county, exam_id)
    deliveries.deliver(county, signed.id, "released")
    assert deliveries.pdf(county, make.CLINIC, signed.id).startswith(b"%PDF")
    with county.store.look() as conn:
        assert events.first(conn, exam_id, EventKind.SEEN_BY_SENDER) is not None


def test_another_clinic_cannot_see_exam_report_or_list_row(county, screened):
    exam_id = screened(make.make_film())
    signed = report(county, exam_id)
    with pytest.raises(NotFound):
        deliveries.pdf(county, make.OTHER_CLINIC, signed.id)
    since = Filter(released_since=make.NOW.replace(year=2020))
    assert reading.worklist_page(county, make.OTHER_CLINIC, since) == []
    assert len(reading.worklist_page(county, make.CLINIC, since)) == 1


def test_a_reader_sees_only_institutions_with_an_agreement_in_force(county, screened, clock):
    exam_id = screened(make.make_film(), "T03")
    assert reading.worklist_page(county, make.READER, Filter()) == []
    with pytest.raises(NotFound):
        reading.open_case(county, make.READER, exam_id, hold=True)
    inside = screened(make.make_film())
    assert [r.exam.id for r in reading.worklist_page(county, make.READER, Filter())] == [inside]
    clock.go_on(days=800)
    assert reading.worklist_page(county, make.READER, Filter()) == []


def test_a_display_copy_is_given_only_to_those_who_may_open_the_exam(county, screened):
    exam_id = screened(make.make_film())
    case = reading.open_case(county, make.READER, exam_id, hold=False)
    file = case.files[0].id
    copy = reading.display_copy(county, make.READER, file, "preview")
    assert county.blobs.read(copy.sha256)[:2] == b"\xff\xd8"
    for stranger in (make.CLINIC, make.TRAINEE, make.ADMIN):
        with pytest.raises(NotPermitted):
            reading.display_copy(county, stranger, file, "preview")


def test_two_readers_cannot_hold_one_exam_and_a_lease_ends_by_itself(county, screened, clock):
    exam_id = screened(make.make_film())
    reading.open_case(county, make.READER, exam_id, hold=True)
    with pytest.raises(Leased, match="Reader"):
        reading.open_case(county, make.OTHER_READER, exam_id, hold=True)
    with pytest.raises(Leased):
        write(county, exam_id, actor=make.OTHER_READER)
    reading.open_case(county, make.READER, exam_id, hold=True)  # opened again: no new hand
    clock.go_on(minutes=county.settings.lease_minutes + 1)
    assert reading.open_case(county, make.OTHER_READER, exam_id, hold=True)
    with county.store.look() as conn:
        given = [e.actor for e in events.of_exam(conn, exam_id) if e.kind is EventKind.ASSIGNED]
    assert given == [make.READER.username, make.OTHER_READER.username]


def test_the_next_case_is_the_most_pressing_that_nobody_holds(county, screened):
    routine = screened(make.make_film(study="1.2.10", uid="1.2.10.1"))
    slow = make.make_trace(rate_bpm=30.0, rhythm=Rhythm.BRADY)
    critical = screened(make.make_ecg_file(slow, study="1.2.11"))
    assert reading.take_next(county, make.READER, Filter()).exam.id == critical
    assert reading.take_next(county, make.OTHER_READER, Filter()).exam.id == routine
    assert reading.take_next(county, make.REVIEWER, Filter()) is None
    assert reading.take_next(county, make.READER, Filter(), after=critical) is None


def test_a_draft_is_kept_by_revision_and_a_second_window_is_told(county, screened):
    exam_id = screened(make.make_film())
    first = acts.save_draft(county, make.READER, exam_id, BODY, 0)
    acts.save_draft(county, make.READER, exam_id, replace(BODY, findings="改"), first.revision)
    with pytest.raises(Stale):
        acts.save_draft(county, make.READER, exam_id, BODY, first.revision)
    with pytest.raises(Stale):
        acts.sign(county, make.READER, exam_id, first.revision)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (ReportBody(), "findings are empty"),
        (replace(BODY, impression=" "), "impression is empty"),
        (replace(BODY, findings="心率 ____ 次/分"), "placeholder"),
        (replace(BODY, coded=(CodedFinding("DR999"),)), "not in the vocabulary"),
        (replace(BODY, coded=(CodedFinding("EC301"),)), "belongs to ECG"),
        (replace(BODY, coded=(CodedFinding("DR102"),)), "needs a side"),
    ],
)
def test_an_incomplete_report_cannot_be_signed_and_says_why(county, screened, body, says):
    exam_id = screened(make.make_film())
    with pytest.raises(ReportIncomplete, match=says):
        report(county, exam_id, body)
    with county.store.look() as conn:
        assert reports.versions(conn, exam_id) == []


def test_no_report_is_signed_while_a_critical_flag_is_unanswered(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    with pytest.raises(ReportIncomplete, match="EC021"):
        report(county, exam_id)
    [alert] = alerts.open_alerts(county, make.READER)
    alerts.dismiss(county, make.READER, alert.id, "起搏心律,计数有误")
    with county.store.look() as conn:
        draft = reports.draft_of(conn, exam_id)
        seen = draft.revision if draft else 0
    body = replace(BODY, impression="窦性心动过缓")
    seen = acts.save_draft(county, make.READER, exam_id, body, seen).revision
    assert acts.sign(county, make.READER, exam_id, seen).released_at


def test_a_critical_code_in_a_signed_report_raises_its_alert_by_itself(county, screened):
    exam_id = screened(make.make_film())
    body = replace(BODY, coded=(CodedFinding("DR004", Side.LEFT),))
    report(county, exam_id, body)
    [alert] = alerts.open_alerts(county, make.READER)
    assert (alert.code, alert.state, alert.source) == ("DR004", AlertState.CONFIRMED, "reader")


@pytest.mark.parametrize(
    ("licence", "says"),
    [
        (None, "no licence"),
        (Licence(number="1", expires_on=date(2026, 11, 21), scope=make.BOTH), "expired"),
        (Licence(number="1", expires_on=None, scope=frozenset({ExamKind.ECG})), "covers ECG"),
    ],
)
def test_nobody_signs_without_a_licence_for_this_kind_today(county, screened, licence, says):
    exam_id = screened(make.make_film())
    who = replace(make.READER, licence=licence)
    revision = write(county, exam_id).revision
    with pytest.raises(NotPermitted, match=says):
        acts.sign(county, who, exam_id, revision)


def test_a_licence_is_good_on_its_last_day(county, screened):
    exam_id = screened(make.make_film())
    last = Licence(number="1", expires_on=date(2026, 11, 22), scope=make.BOTH)
    who = replace(make.READER, licence=last)
    assert report(county, exam_id, actor=who)


def test_a_released_report_changes_only_by_an_addendum(county, screened):
    exam_id = screened(make.make_film())
    first = report(county, exam_id)
    with pytest.raises(MoveRefused, match="amend, retract"):
        write(county, exam_id)
    added = acts.add(county, make.READER, exam_id, "补充:与前片比较无变化。")
    assert (added.kind, added.version) == (ReportKind.ADDENDUM, 2)
    assert added.previous_digest == first.digest
    with county.store.look() as conn:
        assert reports.get(conn, first.id).body == BODY


def test_a_retracted_report_prints_as_such_and_the_exam_returns_to_the_list(county, screened):
    exam_id = screened(make.make_film())
    signed = report(county, exam_id)
    with pytest.raises(Invalid):
        acts.retract(county, make.READER, exam_id, " ")
    acts.retract(county, make.READER, exam_id, "患者信息错误")
    assert [r.exam.id for r in reading.worklist_page(county, make.READER, Filter())] == [exam_id]
    deliveries.deliver(county, signed.id, "retracted")
    assert deliveries.pdf(county, make.CLINIC, signed.id).startswith(b"%PDF")
    again = report(county, exam_id)
    assert again.version == 2


def test_where_two_signatures_are_needed_the_second_is_anothers_and_releases(county, screened):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    signed = report(county, exam_id, actor=make.REVIEWER)
    assert signed.released_at is None
    with pytest.raises(NotFound):
        deliveries.pdf(county, make.CLINIC, signed.id)
    with pytest.raises(NotPermitted, match="another"):
        acts.countersign(county, make.REVIEWER, exam_id)
    second = make.make_actor("reviewer2", make.REVIEWER.role)
    released = acts.countersign(county, second, exam_id)
    assert released.countersigned_by == second.name
    with county.store.look() as conn:
        kinds = [e.kind for e in events.of_exam(conn, exam_id)]
    assert kinds[-2:] == [EventKind.COUNTERSIGNED, EventKind.RELEASED]


def test_the_second_reader_can_send_a_report_back_with_its_text(county, screened):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    report(county, exam_id)
    acts.send_back(county, make.REVIEWER, exam_id, "请描述左肺门")
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    assert case.exam.state is ExamState.WAITING
    assert case.draft.body == BODY


def test_a_screening_that_fails_sorts_the_exam_up(county, screened):
    fine = screened(make.make_film(study="1.2.20", uid="1.2.20.1"))
    broken = make.make_film(study="1.2.21", uid="1.2.21.1")[:-5000]
    failed = screened(broken)
    rows = reading.worklist_page(county, make.READER, Filter())
    assert [r.exam.id for r in rows] == [failed, fine]
    assert rows[0].exam.severity is None or rows[0].exam.severity is not Severity.NORMAL


@pytest.fixture
def two_signatures(county):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    return county


def test_nothing_signed_nothing_to_send_back(county, screened):
    exam_id = screened(make.make_film())
    with pytest.raises(MoveRefused, match="allowed now"):
        acts.send_back(county, make.REVIEWER, exam_id, "请描述左肺门")


def test_a_report_is_sent_back_only_under_a_licence_and_is_then_free_for_its_author(
    two_signatures, screened
):
    exam_id = screened(make.make_film())
    report(two_signatures, exam_id)
    reading.open_case(two_signatures, make.REVIEWER, exam_id, hold=True)
    with pytest.raises(NotPermitted, match="no licence"):
        acts.send_back(two_signatures, replace(make.REVIEWER, licence=None), exam_id, "?")
    acts.send_back(two_signatures, make.REVIEWER, exam_id, "请描述左肺门")
    changed = replace(BODY, findings="左肺门不大。")
    assert acts.save_draft(two_signatures, make.READER, exam_id, changed, 1).revision == 2


def test_the_second_signature_is_for_the_version_that_was_on_the_screen(two_signatures, screened):
    exam_id = screened(make.make_film())
    report(two_signatures, exam_id)
    acts.send_back(two_signatures, make.REVIEWER, exam_id, "请描述左肺门")
    draft = acts.save_draft(
        two_signatures, make.READER, exam_id, replace(BODY, findings="左肺门不大。"), 1
    )
    acts.sign(two_signatures, make.READER, exam_id, draft.revision)
    with pytest.raises(Stale):
        acts.countersign(two_signatures, make.REVIEWER, exam_id, seen=1)
    assert acts.countersign(two_signatures, make.REVIEWER, exam_id, seen=2).released_at


def test_no_second_signature_while_a_flag_found_meanwhile_is_unanswered(two_signatures, arrive):
    exam_id = arrive(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY))).exam_id
    report(two_signatures, exam_id)
    screenings.screen_exam(two_signatures, exam_id)
    with pytest.raises(ReportIncomplete, match="EC021"):
        acts.countersign(two_signatures, make.REVIEWER, exam_id)
    [alert] = alerts.open_alerts(two_signatures, make.REVIEWER)
    alerts.confirm(two_signatures, make.REVIEWER, alert.id)
    assert acts.countersign(two_signatures, make.REVIEWER, exam_id).released_at


def test_an_older_film_brought_after_the_new_one_is_a_prior(county, screened, clock):
    new = screened(make.make_film())
    clock.go_on(minutes=5)
    old = screened(
        make.make_film(study="1.2.50", uid="1.2.50.1", taken_at=make.NOW.replace(year=2024))
    )
    case = reading.open_case(county, make.READER, new, hold=False)
    assert [p.id for p in case.priors] == [old]


def test_what_is_not_read_here_keeps_no_reader_waiting(county, arrive):
    film = make.make_film()
    kept = arrive(
        film.replace(b"1.2.840.10008.5.1.4.1.1.1.1\0", b"1.2.840.10008.5.1.4.1.1.2\0\0\0"), "T01"
    )
    with county.store.change() as conn:
        every = make.make_agreement("T01", kinds=frozenset(ExamKind))
        sites.add_agreement(conn, replace(every, id="every"))
    rows = reading.worklist_page(county, make.READER, Filter())
    assert [(r.exam.id, r.exam.kind) for r in rows] == [(kept.exam_id, ExamKind.OTHER)]
    assert reading.waiting(county, make.READER) == (0, None)
    assert reading.take_next(county, make.READER, Filter()) is None


def test_nobody_signs_over_an_image_that_came_after_the_case_was_opened(county, screened, arrive):
    exam_id = screened(make.make_film())
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    revision = write(county, exam_id).revision
    arrive(make.make_film(uid="1.2.3.2", shade=5))
    with pytest.raises(UnseenImage):
        acts.sign(county, make.READER, exam_id, revision, case.exam.images)
    assert acts.sign(county, make.READER, exam_id, revision, case.exam.images + 1)


def test_the_examining_institution_cannot_give_the_second_signature(county, screened):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    report(county, exam_id)
    local = make.make_actor("reviewer-t01", make.REVIEWER.role, "T01")
    with pytest.raises(NotPermitted, match="reading institution"):
        acts.countersign(county, local, exam_id)
