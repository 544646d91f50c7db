"""The same UID with other bytes: a doctor decides, both stay, and nothing happens twice."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.conflict import Settlement
from workbench.domain.errors import (
    Invalid,
    NotFound,
    NotPermitted,
    NotReadable,
    NotReadYet,
    Stale,
)
from workbench.domain.exam import ExamState, ScreeningStatus
from workbench.domain.report import ReportBody
from workbench.store import audit as audit_rows
from workbench.store import exams as exam_rows
from workbench.store import instances, patients
from workbench.store.conflicts import get, waiting
from workbench.store.schema import audit, exam, instance
from workbench.workflow import conflicts, late_reading, reports, screenings
from workbench.workflow.arrivals import Filing
from workbench.workflow.conflicts import Decision

FIRST = make.make_film()
LATER = make.make_film(shade=500)  # the same UID, other pixels
STRANGER = make.make_film(shade=500, local_id="P9", name="赵^六")
SCREEN = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'screen_exam'")


@pytest.fixture
def clash(county, screened, arrive):
    """Two files of one UID, the later one read by the worker; gives exam and conflict."""

    def clash(later=LATER, first=FIRST):
        exam_id = screened(first)
        assert arrive(later).filing is Filing.CONFLICT
        with county.store.look() as conn:
            [one] = waiting(conn, None)
        key = one.id
        with county.store.change() as conn:
            conn.execute(sa.text("DELETE FROM procrastinate_jobs"))  # those of the arrival
        late_reading.describe_conflict(county, key)
        return exam_id, key

    return clash


def exam_of(county, exam_id):
    with county.store.look() as conn:
        return exam_rows.get(conn, exam_id, None), instances.of_exam(conn, exam_id)


def decide(county, key, settlement, reason="与科室核对", exam_id="", actor=make.READER):
    wanted = Decision(settlement=settlement, reason=reason, exam_id=exam_id)
    return conflicts.settle(county, actor, key, wanted)


def acts(county):
    with county.store.look() as conn:
        rows = conn.execute(sa.select(audit.c.act, audit.c.detail).order_by(audit.c.seq)).all()
    return [r.detail for r in rows if r.act == "conflict.settle"]


def test_both_files_are_shown_side_by_side_to_those_who_read_there(county, clash):
    exam_id, key = clash(STRANGER)
    [pair] = conflicts.waiting(county, make.READER)
    assert (pair.conflict.id, pair.exam.id, pair.patient.local_id) == (key, exam_id, "P1")
    assert pair.conflict.newcomer.patient["local_id"] == "P9"
    assert pair.first.sha256 != pair.conflict.sha256


def test_keeping_the_first_changes_no_image_and_takes_the_flag_away(county, clash, arrive):
    exam_id, key = clash()
    assert "uid_conflict" in exam_of(county, exam_id)[0].flags
    decide(county, key, Settlement.KEEP)
    exam, files = exam_of(county, exam_id)
    assert ("uid_conflict" in exam.flags, len(files), exam.images) == (False, 1, 1)
    [noted] = acts(county)
    assert (noted["settlement"], noted["reason"]) == ("keep", "与科室核对")
    assert arrive(LATER).filing is Filing.DUPLICATE  # decided: sent again it asks nobody
    assert "uid_conflict" not in exam_of(county, exam_id)[0].flags


def test_an_added_image_stands_beside_the_first_and_is_screened(county, clash):
    exam_id, key = clash()
    assert decide(county, key, Settlement.ADD) == exam_id
    exam, files = exam_of(county, exam_id)
    assert exam.images == len(files) == 2
    assert [f.uid == f.sha256 for f in files].count(True) == 1  # its UID was taken
    assert "uid_shared" in exam.flags
    assert "uid_conflict" not in exam.flags
    with county.store.look() as conn:
        assert conn.execute(SCREEN).scalar_one() == 1
    screenings.screen_exam(county, exam_id)
    with county.store.look() as conn:
        assert len(instances.copies(conn, exam_id)) == 6
        assert audit_rows.verify(conn) == []


def test_an_image_added_to_a_released_report_says_that_it_came_late(county, clash):
    exam_id, key = clash()
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(county, make.READER, exam_id, body, 0)
    reports.sign(county, make.READER, exam_id, draft.revision)
    decide(county, key, Settlement.ADD)
    exam, _ = exam_of(county, exam_id)
    assert exam.state is ExamState.RELEASED
    assert "late_image" in exam.flags


def test_two_people_never_end_up_in_one_exam(county, clash):
    exam_id, key = clash(STRANGER)
    with pytest.raises(Invalid, match=r"P9.*exam of its own"):
        decide(county, key, Settlement.ADD)
    assert len(exam_of(county, exam_id)[1]) == 1
    assert acts(county) == []


def test_a_uid_used_twice_becomes_an_exam_of_its_own_for_whom_the_file_names(county, clash):
    exam_id, key = clash(STRANGER)
    other = decide(county, key, Settlement.APART)
    exam, files = exam_of(county, other)
    assert other != exam_id
    with county.store.look() as conn:
        assert patients.get(conn, exam.patient_id).local_id == "P9"
        assert get(conn, key).filed_under == other
    assert (exam.state, exam.images, len(files)) == (ExamState.RECEIVED, 1, 1)
    screenings.screen_exam(county, other)
    assert exam_of(county, other)[0].screening is ScreeningStatus.DONE
    assert "uid_conflict" not in exam_of(county, exam_id)[0].flags


def test_an_image_moves_to_another_exam_of_the_same_patient_only(county, clash, screened):
    wrong = screened(make.make_film(study="1.2.8", uid="1.2.8.1", local_id="P7", name="孙^七"))
    right = screened(make.make_film(study="1.2.7", uid="1.2.7.1", local_id="P9", name="赵^六"))
    exam_id, key = clash(STRANGER)
    for target, match in ((wrong, "P9"), (exam_id, "another exam")):
        with pytest.raises(Invalid, match=match):
            decide(county, key, Settlement.MOVE, exam_id=target)
    assert [e.id for e in conflicts.other_exams(county, make.READER, key, "P9")] == [right]
    assert decide(county, key, Settlement.MOVE, exam_id=right) == right
    assert exam_of(county, right)[0].images == 2


def test_an_exam_of_another_institution_is_no_target(county, clash, arrive):
    far = arrive(make.make_film(study="1.2.6", uid="1.2.6.1", local_id="P9"), "T02").exam_id
    _, key = clash(STRANGER)
    with pytest.raises(Invalid, match="same institution"):
        decide(county, key, Settlement.MOVE, exam_id=far)


def test_the_flag_stays_while_another_conflict_is_open(county, clash, arrive):
    exam_id, key = clash()
    arrive(make.make_film(shade=900))
    decide(county, key, Settlement.KEEP)
    assert "uid_conflict" in exam_of(county, exam_id)[0].flags


def test_a_refused_decision_leaves_no_trace(county, clash):
    exam_id, key = clash()
    far = make.make_actor("far", site_code="T03")
    for actor, error in ((make.CLINIC, NotPermitted), (make.ADMIN, NotPermitted), (far, NotFound)):
        with pytest.raises(error):
            decide(county, key, Settlement.ADD, actor=actor)
    with pytest.raises(Invalid, match="reason"):
        decide(county, key, Settlement.ADD, reason=" ")
    with county.store.look() as conn:
        assert get(conn, key).settled_at is None
        assert conn.execute(SCREEN).scalar_one() == 0
    assert (acts(county), len(exam_of(county, exam_id)[1])) == ([], 1)


def test_a_conflict_is_decided_once(county, clash):
    exam_id, key = clash()
    decide(county, key, Settlement.KEEP)
    with pytest.raises(Stale):
        decide(county, key, Settlement.ADD)
    assert len(exam_of(county, exam_id)[1]) == 1


def test_what_the_worker_has_not_read_can_only_be_set_aside(county, screened, arrive):
    screened(FIRST)
    arrive(LATER)
    [pair] = conflicts.waiting(county, make.READER)
    with pytest.raises(NotReadYet):
        decide(county, pair.conflict.id, Settlement.ADD)
    decide(county, pair.conflict.id, Settlement.KEEP)
    assert conflicts.waiting(county, make.READER) == []


def test_a_blob_that_is_gone_is_said_and_not_filed(county, screened, arrive):
    screened(FIRST)
    arrive(LATER)
    [pair] = conflicts.waiting(county, make.READER)
    county.blobs.path(pair.conflict.parts[0].sha256).unlink()
    late_reading.describe_conflict(county, pair.conflict.id)
    with pytest.raises(NotReadable):
        decide(county, pair.conflict.id, Settlement.ADD)


def test_nothing_is_ever_removed_by_a_decision(county, clash):
    _, key = clash(STRANGER)
    with county.store.look() as conn:
        before = set(conn.execute(sa.select(instance.c.id)).scalars())
        exams_before = set(conn.execute(sa.select(exam.c.id)).scalars())
    decide(county, key, Settlement.APART)
    with county.store.look() as conn:
        assert before < set(conn.execute(sa.select(instance.c.id)).scalars())
        assert exams_before < set(conn.execute(sa.select(exam.c.id)).scalars())
