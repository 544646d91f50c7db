"""Objects of signed marks leave by the outbox: whole, listed last, never of a retracted report."""

import json
from hashlib import sha256
from io import BytesIO

import pytest
import sqlalchemy as sa
from pydicom import dcmread

from tests import make
from workbench.domain.errors import NotFound
from workbench.domain.report import ReportBody
from workbench.store import audit, sites
from workbench.workflow import deliveries, mark_delivery, mark_objects, mark_sharing, marks, reports
from workbench.workflow import exams as reading
from workbench.workflow.mark_sharing import SharingState

BODY = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
ASKED = sa.text("SELECT args->>'report_id' FROM procrastinate_jobs WHERE task_name = :task")
SET = sa.text(
    "UPDATE procrastinate_jobs SET status = CAST(:status AS procrastinate_job_status), "
    "attempts = :attempts WHERE task_name = :task"
)


@pytest.fixture
def version(county, screened):
    """A marked film with a key image, signed and released."""
    exam_id = screened(make.make_film())
    [film] = reading.open_case(county, make.READER, exam_id, hold=True).files
    marks.save(county, make.READER, exam_id, film.id, [LENGTH], 0)
    marks.choose(county, make.READER, exam_id, film.id, chosen=True)
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    return reports.sign(county, make.READER, exam_id, draft.revision)


def put(station, ending):
    return sorted((station.settings.outbox / "T01").glob(f"*{ending}"))


def asked(station, task):
    with station.store.look() as conn:
        return list(conn.execute(ASKED, {"task": task}).scalars())


def state(station, version):
    return mark_sharing.of_exam(station, make.READER, version.exam_id)[version.id]


def jobs_are(owner, task, status, attempts=0):
    with owner.begin() as conn:
        conn.execute(SET, {"task": task, "status": status, "attempts": attempts})


def test_what_was_made_is_asked_to_go_out_and_goes_out_whole_with_a_list(county, version):
    mark_objects.write(county, version.id)
    mark_objects.write(county, version.id)
    assert asked(county, "deliver_objects") == [version.id]
    assert put(county, "") == []
    mark_delivery.hand_over(county, version.id)
    [listed] = put(county, "-objects.json")
    content = json.loads(listed.read_text("utf-8"))
    assert (content["report"], content["exam"]) == (version.id, version.exam_id)
    assert [o["kind"] for o in content["objects"]] == ["key", "measurements", "presentation"]
    for one in content["objects"]:
        data = (listed.parent / one["file"]).read_bytes()
        assert sha256(data).hexdigest() == one["sha256"]
        assert dcmread(BytesIO(data)).SOPInstanceUID == one["uid"]
        assert (listed.parent / one["file"]).stat().st_mode & 0o007 == 0
    assert len(put(county, ".dcm")) == 3
    before = {p: p.read_bytes() for p in put(county, "")}
    mark_delivery.hand_over(county, version.id)
    assert {p: p.read_bytes() for p in put(county, "")} == before
    with county.store.look() as conn:
        query = sa.text("SELECT object FROM audit WHERE act = 'marks.deliver'")
        assert list(conn.execute(query).scalars()) == [f"report/{version.id}"]
        assert audit.verify(conn) == []


def test_of_a_retracted_report_nothing_goes_out_and_what_went_out_is_named(county, version):
    mark_objects.write(county, version.id)
    uids = [o.uid for o in marks.objects(county, make.READER, version.exam_id)]
    reports.retract(county, make.READER, version.exam_id, "患者信息错误")
    mark_delivery.hand_over(county, version.id)
    assert put(county, ".dcm") == []
    deliveries.deliver(county, version.id, "retracted")
    [said] = put(county, "-retracted.json")
    assert json.loads(said.read_text("utf-8"))["objects"] == uids


def test_an_outbox_that_cannot_be_written_to_is_an_error_that_is_tried_again_and_said(
    county, version, owner
):
    mark_objects.write(county, version.id)
    assert state(county, version).state is SharingState.MADE
    county.settings.outbox.write_text("a file where a folder should be")
    with pytest.raises(OSError, match="outbox"):
        mark_delivery.hand_over(county, version.id)
    jobs_are(owner, "deliver_objects", "todo", 1)
    assert state(county, version).state is SharingState.STUCK
    jobs_are(owner, "deliver_objects", "failed", 9)
    assert state(county, version).state is SharingState.GIVEN_UP
    jobs_are(owner, "deliver_objects", "succeeded")
    assert state(county, version).state is SharingState.KEPT
    # neither the report nor its retraction waits for it
    reports.retract(county, make.READER, version.exam_id, "患者信息错误")


def test_each_step_of_the_objects_is_told(county, version, owner):
    assert state(county, version).state is SharingState.COMING
    jobs_are(owner, "write_mark_objects", "failed", 5)
    assert state(county, version).state is SharingState.FAILED
    mark_objects.write(county, version.id)
    found = state(county, version)
    assert (found.state, len(found.objects), found.left_out) == (SharingState.MADE, 3, {})
    mark_delivery.hand_over(county, version.id)
    found = state(county, version)
    assert (found.state, found.out_at) == (SharingState.OUT, county.now())


def test_why_no_object_shows_a_film_is_told(county, screened, owner):
    ds = dcmread(BytesIO(make.make_film()))
    del ds.SeriesInstanceUID
    out = BytesIO()
    ds.save_as(out)
    exam_id = screened(out.getvalue())
    [film] = reading.open_case(county, make.READER, exam_id, hold=True).files
    marks.save(county, make.READER, exam_id, film.id, [LENGTH], 0)
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    version = reports.sign(county, make.READER, exam_id, draft.revision)
    mark_objects.write(county, version.id)
    assert asked(county, "deliver_objects") == []
    jobs_are(owner, "write_mark_objects", "succeeded")
    found = state(county, version)
    assert found.state is SharingState.NONE
    assert list(found.left_out) == [film.id]
    assert "SeriesInstanceUID" in found.left_out[film.id]


def test_what_waits_for_the_second_signature_has_marks_and_no_objects_yet(county, screened):
    with county.store.change() as conn:
        sites.change(conn, make.make_site("COUNTY", signatures=2))
    exam_id = screened(make.make_film())
    [film] = reading.open_case(county, make.READER, exam_id, hold=True).files
    marks.save(county, make.READER, exam_id, film.id, [LENGTH], 0)
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    version = reports.sign(county, make.READER, exam_id, draft.revision)
    found = state(county, version)
    assert found.state is SharingState.WAITING
    assert [m.uid for f in found.signed.films for m in f.marks] == ["l1"]


def test_another_house_learns_nothing(county, version, screened):
    outside = screened(make.make_film(study="1.2.9", uid="1.2.9.1"), "T03")
    with pytest.raises(NotFound):
        mark_sharing.of_exam(county, make.READER, outside)
