"""An image after the release: back on the list until somebody says what follows from it."""

from dataclasses import replace

import pytest

from tests import make
from workbench.domain.errors import MoveRefused, NotFound, NotPermitted, Stale, UnseenImage
from workbench.domain.event import EventKind
from workbench.domain.exam import ExamState
from workbench.domain.report import ReportBody
from workbench.store import audit, events, exams, sites
from workbench.store.worklist import Filter
from workbench.workflow import clinic, rechecks, reports
from workbench.workflow import exams as reading

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
LATER = {"uid": "1.2.3.2", "shade": 50}


def report(station, exam_id):
    seen = reports.save_draft(station, make.READER, exam_id, BODY, 0).revision
    return reports.sign(station, make.READER, exam_id, seen)


@pytest.fixture
def late(county, screened, arrive, clock):
    """A released exam to which one more image came five minutes later."""
    exam_id = screened(make.make_film())
    report(county, exam_id)
    clock.go_on(minutes=5)
    assert arrive(make.make_film(**LATER)).exam_id == exam_id
    return exam_id


def first(station, actor=make.READER):
    return reading.worklist_page(station, actor, Filter())[0]


def exam_of(station, exam_id):
    with station.store.look() as conn:
        return exams.get(conn, exam_id, None)


def test_it_stands_above_what_waits_and_names_who_signed(county, late, screened, clock):
    waiting = screened(make.make_film(study="1.2.9", uid="1.2.9.1"))
    rows = reading.worklist_page(county, make.READER, Filter())
    assert [r.exam.id for r in rows] == [late, waiting]
    assert (rows[0].signer, rows[0].exam.recheck_since) == ("reader", clock.at)
    assert "late_image" in rows[0].exam.flags
    [own] = [e for e in clinic.own_exams(county, make.CLINIC) if e.exam.id == late]
    assert own.exam.recheck_since == clock.at


def test_the_next_case_is_never_a_released_one(county, late):
    assert reading.take_next(county, make.READER, Filter()) is None


def test_no_change_ends_it_with_a_stamp_and_an_audit_row(county, late, clock):
    clock.go_on(minutes=1)
    rechecks.no_change(county, make.READER, late, 2)
    assert exam_of(county, late).recheck_since is None
    assert reading.worklist_page(county, make.READER, Filter()) == []
    with county.store.look() as conn:
        assert events.first(conn, late, EventKind.RECHECKED) == clock.at
        assert audit.verify(conn) == []
    [own] = [e for e in clinic.own_exams(county, make.CLINIC) if e.exam.id == late]
    assert own.times[EventKind.RECHECKED] == clock.at
    with pytest.raises(Stale):
        rechecks.no_change(county, make.OTHER_READER, late, 2)


def test_nobody_says_no_change_about_an_image_that_was_not_on_the_screen(county, late, arrive):
    arrive(make.make_film(uid="1.2.3.3", shade=90))
    for answer in (
        lambda: rechecks.no_change(county, make.READER, late, 2),
        lambda: reports.add(county, make.READER, late, "补充:与前片比较。", 2),
    ):
        with pytest.raises(UnseenImage):
            answer()
    assert exam_of(county, late).recheck_since is not None


def test_an_addendum_or_a_retraction_answers_it_as_well(county, late, arrive):
    reports.add(county, make.READER, late, "补充:后到影像见左侧少量积液。", 2)
    assert exam_of(county, late).recheck_since is None
    arrive(make.make_film(uid="1.2.3.3", shade=90))
    assert first(county).exam.recheck_since is not None
    reports.retract(county, make.READER, late, "后到影像改变结论")
    seen = exam_of(county, late)
    assert (seen.state, seen.recheck_since) == (ExamState.RETRACTED, None)


def test_only_a_licensed_reader_of_the_agreement_answers_it(county, late):
    with pytest.raises(NotPermitted, match="no licence"):
        rechecks.no_change(county, replace(make.READER, licence=None), late, 2)
    with pytest.raises(NotPermitted):
        rechecks.no_change(county, make.CLINIC, late, 2)
    stranger = make.make_actor("stranger", site_code="T02")
    with pytest.raises(NotFound):
        rechecks.no_change(county, stranger, late, 2)


def test_where_two_sign_the_second_readers_answer_counts(county, late):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    with pytest.raises(NotPermitted):
        rechecks.no_change(county, make.READER, late, 2)
    rechecks.no_change(county, make.REVIEWER, late, 2)


def test_an_image_before_the_release_or_the_same_one_again_asks_nobody(county, screened, arrive):
    exam_id = screened(make.make_film())
    with pytest.raises(MoveRefused):
        rechecks.no_change(county, make.READER, exam_id, 1)
    arrive(make.make_film(**LATER))
    assert exam_of(county, exam_id).recheck_since is None
    report(county, exam_id)
    arrive(make.make_film(**LATER))
    assert exam_of(county, exam_id).recheck_since is None


def test_the_second_signature_is_not_given_blindly_either(county, screened, arrive):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    report(county, exam_id)
    arrive(make.make_film(**LATER))
    with pytest.raises(UnseenImage):
        reports.countersign(county, make.REVIEWER, exam_id, 1, 1)
    assert reports.countersign(county, make.REVIEWER, exam_id, 1, 2).released_at
