"""When a tracing ended and how old its patient is, where the file says it in its own way."""

from datetime import date, timedelta

import pytest

from tests import make
from workbench.domain.event import Clock, EventKind
from workbench.domain.exam import ExamState
from workbench.domain.report import ReportBody
from workbench.formats.writers.ecg_wfdb import to_wfdb
from workbench.store import events, exams, instances, schema_people, screenings
from workbench.workflow import reports
from workbench.workflow import screenings as screening
from workbench.workflow.arrivals import Sender, file_recording

BODY = ReportBody(findings="窦性心律。", impression="大致正常心电图。")
WALL = (make.NOW - timedelta(minutes=2)).replace(tzinfo=None)


@pytest.fixture
def record(county):
    """File a WFDB record of 10 s whose header does not say how long it is."""

    def record(*comments):
        made = to_wfdb(make.make_trace(), "r", comments, recorded_at=WALL)
        made["r.hea"] = made["r.hea"].replace(b"r 12 500 5000", b"r 12 500 0")
        files = make.laid(county.blobs.temporary_folder, **made)
        sender = Sender(site_code="T01", source="dicom:TEST@127.0.0.1")
        return file_recording(county, sender, files).exam_id

    return record


def exam_of(county, exam_id):
    with county.store.look() as conn:
        return exams.get(conn, exam_id, None)


def ends(county, exam_id):
    with county.store.look() as conn:
        return [e for e in events.of_exam(conn, exam_id) if e.kind is EventKind.EXAM_END]


def test_the_worker_writes_the_end_that_only_the_samples_tell_and_stamps_it_once(county, record):
    exam_id = record()
    before = exam_of(county, exam_id)
    assert before.exam_start is not None
    assert before.exam_end is None
    screening.screen_exam(county, exam_id)
    after = exam_of(county, exam_id)
    assert after.exam_end == before.exam_start + timedelta(seconds=10)
    screened_anew(county, exam_id)
    [stamp] = ends(county, exam_id)
    assert (stamp.at, stamp.clock) == (after.exam_end, Clock.DEVICE)


def screened_anew(county, exam_id):
    """A birth date that came later makes the worker judge again."""
    with county.store.change() as conn:
        of = schema_people.patient.c.id == exams.get(conn, exam_id, None).patient_id
        conn.execute(schema_people.patient.update().where(of).values(birth_date=date(1960, 1, 1)))
    screening.screen_exam(county, exam_id)


def test_the_worker_does_not_move_the_end_of_a_released_exam(county, record):
    exam_id = record()
    written = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    reports.sign(county, make.READER, exam_id, written.revision)
    assert exam_of(county, exam_id).state is ExamState.RELEASED
    screening.screen_exam(county, exam_id)
    assert exam_of(county, exam_id).exam_end is None
    assert ends(county, exam_id) == []


@pytest.mark.parametrize("stated", ["50", "150"])
def test_an_age_that_the_device_states_is_used_and_called_so(county, record, stated):
    exam_id = record(f"Age: {stated}")
    screening.screen_exam(county, exam_id)
    with county.store.look() as conn:
        [said] = screenings.of_exam(conn, exam_id)
        [file] = instances.of_exam(conn, exam_id)
    assert file.header["age_years"] == float(stated)
    used = "age as stated by the device: no birth date is known" in said.gate.notes
    assert used is (stated == "50")
    assert ("age unknown: adult limits applied" in said.gate.notes) is not used
