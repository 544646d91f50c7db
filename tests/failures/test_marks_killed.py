"""Killed with -9 in the middle: marks are kept whole or not at all, objects are made once."""

import pytest

from tests import make
from tests.failures.killing import killed_at, rows
from workbench.domain.actor import Account
from workbench.domain.report import ReportBody
from workbench.store import accounts
from workbench.store.schema import film_marks, mark_object
from workbench.workflow import exams as reading
from workbench.workflow import mark_objects, marks, screenings
from workbench.workflow import reports as acts
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.console import operator
from workbench.workflow.sites import agree

pytestmark = pytest.mark.slow

LENGTH = {"uid": "l1", "tool": "Length", "points": [[10, 10], [50, 40]]}
PROGRAM = """
import json, sys
from tests import make
from workbench.settings import Settings
from workbench.workflow import mark_objects, marks
from workbench.workflow.station import station_of
what, *rest = json.loads(sys.argv[1])
settings = Settings()
station = station_of(settings, settings.database_url)
if what == "save":
    marks.save(station, make.READER, *rest)
else:
    mark_objects.write(station, *rest)
"""


@pytest.fixture(scope="module")
def film(station):
    """A film of a fresh county, held by the reader: exam and instance."""
    agree(station, operator("test"), make.make_agreement())
    with station.store.change() as conn:
        accounts.add(conn, Account(actor=make.READER, password_hash="-"), station.now())
    sender = Sender(site_code="T01", source="dicom:T01_DR@127.0.0.1")
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": make.make_film()})
    exam_id = file_recording(station, sender, files).exam_id
    screenings.screen_exam(station, exam_id)
    case = reading.open_case(station, make.READER, exam_id, hold=True)
    return exam_id, case.files[0].id


def test_a_save_cut_off_before_its_audit_row_leaves_nothing(station, settings, owner, film):
    killed_at(PROGRAM, "audit", owner, settings, "save", *film, [LENGTH], 0)
    assert rows(station, film_marks) == 0
    kept = marks.save(station, make.READER, *film, [LENGTH], 0)
    assert (kept.revision, rows(station, film_marks)) == (1, 1)


def test_objects_cut_off_between_bytes_and_rows_are_made_once(station, settings, owner, film):
    exam_id, _ = film
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = acts.save_draft(station, make.READER, exam_id, body, 0)
    version = acts.sign(station, make.READER, exam_id, draft.revision, marks={film[1]: 1})
    before = {p.name for p in settings.blobs.rglob("*") if p.is_file()}
    killed_at(PROGRAM, "mark_object", owner, settings, "write", version.id)
    half = {p.name for p in settings.blobs.rglob("*") if p.is_file()} - before
    assert (len(half), rows(station, mark_object)) == (2, 0)
    mark_objects.write(station, version.id)
    made = marks.objects(station, make.READER, exam_id)
    assert {p.name for p in settings.blobs.rglob("*") if p.is_file()} - before == half
    assert len(made) == rows(station, mark_object) == 2
    assert all(one.sha256 in " ".join(half) for one in made)
