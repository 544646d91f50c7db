"""A real worker makes the objects of what was marked, without being asked a second time."""

import pytest

from tests import make, processes
from tests.processes import until
from workbench.domain.actor import Account
from workbench.domain.report import ReportBody
from workbench.formats import mark_files
from workbench.store import accounts
from workbench.workflow import console, mark_sharing, marks, reports, screenings, sites
from workbench.workflow import exams as reading
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.mark_sharing import SharingState

ANGLE = {"uid": "w1", "tool": "Angle", "points": [[10, 10], [40, 40], [70, 10]]}


@pytest.fixture(scope="module", autouse=True)
def county(station):
    """The reader, and the agreement to read for the township."""
    sites.agree(station, console.operator("test"), make.make_agreement())
    with station.store.change() as conn:
        accounts.add(conn, Account(actor=make.READER, password_hash="-"), station.now())


def test_an_outbox_that_is_not_there_holds_nothing_up_and_is_tried_again(station, settings):
    film = make.make_film(study="1.2.5", uid="1.2.5.1")
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": film})
    sender = Sender(site_code="T01", source="dicom:T01_DR@127.0.0.1")
    exam_id = file_recording(station, sender, files).exam_id
    screenings.screen_exam(station, exam_id)
    [film] = reading.open_case(station, make.READER, exam_id, hold=True).files
    marks.save(station, make.READER, exam_id, film.id, [ANGLE], 0)
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(station, make.READER, exam_id, body, 0)
    version = reports.sign(station, make.READER, exam_id, draft.revision)
    settings.outbox.write_text("a file where a folder should be")
    command = [*processes.PYTHON, "workbench.worker.main"]

    def stuck():
        found = mark_sharing.of_exam(station, make.READER, exam_id)[version.id]
        return found.state is SharingState.STUCK and found

    with processes.running(
        command, processes.environment(settings), settings.home / "o.log"
    ) as one:
        found = until(stuck, "it is said that they could not go out")
        assert len(found.objects) == 2  # made all the same
        reports.retract(station, make.READER, exam_id, "患者信息错误")
        assert one.stop(25) == 0, one.said
    settings.outbox.unlink()


def test_a_worker_writes_the_objects_of_a_released_report(station, settings):
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": make.make_film()})
    sender = Sender(site_code="T01", source="dicom:T01_DR@127.0.0.1")
    exam_id = file_recording(station, sender, files).exam_id
    command = [*processes.PYTHON, "workbench.worker.main"]
    log = settings.home / "marks.log"
    with processes.running(command, processes.environment(settings), log) as one:

        def copies():
            case = reading.open_case(station, make.READER, exam_id, hold=True)
            return len(case.copies) == 3 and case

        [film] = until(copies, "the film is screened").files
        marks.save(station, make.READER, exam_id, film.id, [ANGLE], 0)
        marks.choose(station, make.READER, exam_id, film.id, chosen=True)
        body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
        draft = reports.save_draft(station, make.READER, exam_id, body, 0)
        reports.sign(station, make.READER, exam_id, draft.revision, marks={film.id: 1})

        def made():
            return marks.objects(station, make.READER, exam_id)

        found = {o.kind: o for o in until(made, "the objects are there")}
        outbox = settings.outbox / "T01"
        until(lambda: list(outbox.glob("*-objects.json")), "the objects went out")
        assert len(list(outbox.glob("*.dcm"))) == 3
        assert one.stop(25) == 0, one.said
        assert "Traceback" not in one.said
    assert sorted(found) == ["key", "measurements", "presentation"]
    data = station.blobs.read(found["measurements"].sha256)
    [counted] = mark_files.measured(data)
    assert [(v.name, v.value) for v in counted.marks[0].values] == [("angle", 90.0)]
