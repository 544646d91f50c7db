"""Real worker processes: they screen, deliver, and take up what a dead one left."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from tests import make, processes
from tests.formats.conftest import _film
from tests.processes import Running, until
from workbench.domain.actor import Account
from workbench.domain.exam import ExamState, ScreeningStatus
from workbench.domain.report import ReportBody
from workbench.phantoms.ecg import Rhythm
from workbench.store import accounts as account_rows
from workbench.store import audit, events, exams, heartbeats, instances, jobs
from workbench.store.schema import alert, display_copy, event, screening
from workbench.store.worklist import Filter
from workbench.workflow import console, reports, sites
from workbench.workflow import exams as reading
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.station import Station

WAITS = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
JOBS = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'screen_exam'")


def started(settings, name: str = "worker"):
    """A worker process."""
    log = settings.home / f"{name}.log"
    command = [*processes.PYTHON, "workbench.worker.main"]
    return processes.running(command, processes.environment(settings), log)


def beat_of(station: Station, one: Running) -> heartbeats.Beat | None:
    """The last sign of life, if this process gave it."""
    with station.store.look() as conn:
        found = heartbeats.read(conn).get("worker")
    return found if found and found.detail["pid"] == one.process.pid else None


@pytest.fixture(scope="module")
def worker(station: Station, settings) -> Iterator[Running]:
    with started(settings) as one:
        until(lambda: beat_of(station, one), "the worker is at work")
        yield one


@pytest.fixture
def arrive(station: Station) -> Callable[[bytes], str]:
    """File bytes as a sender of T01 would; gives the exam's id."""

    def arrive(data: bytes) -> str:
        sender = Sender(site_code="T01", source="dicom:T01_DR@127.0.0.1")
        files = make.laid(station.blobs.temporary_folder, **{"object.dcm": data})
        return file_recording(station, sender, files).exam_id

    return arrive


def exam_of(station: Station, exam_id: str):
    with station.store.look() as conn:
        return exams.get(conn, exam_id, None)


def screened(station: Station, exam_id: str) -> bool:
    return exam_of(station, exam_id).state is ExamState.WAITING


def counts(station: Station, exam_id: str) -> dict[str, int]:
    """How many rows of each kind an exam has."""
    of_exam = sa.select(instances.instance.c.id).where(instances.instance.c.exam_id == exam_id)
    found = {"copies": sa.select(display_copy).where(display_copy.c.instance_id.in_(of_exam))}
    for table in (screening, alert, event):
        found[table.name] = sa.select(table).where(table.c.exam_id == exam_id)
    with station.store.look() as conn:
        return {
            name: conn.execute(sa.select(sa.func.count()).select_from(q.subquery())).scalar_one()
            for name, q in found.items()
        }


def test_a_worker_screens_what_arrived_before_and_after_it_started(station, arrive, settings):
    before = arrive(make.make_film(study="1.2.30", uid="1.2.30.1"))
    with started(settings) as one:
        after = arrive(make.make_ecg_file(make.make_trace(32.0, Rhythm.BRADY), study="1.2.31"))
        for exam_id in (before, after):
            until(lambda: screened(station, exam_id), "it is screened")  # noqa: B023 - awaited here
        assert one.stop(25) == 0, one.said
    assert counts(station, before)["copies"] == 3  # preview, full depth, for a phone
    assert counts(station, after)["copies"] == 2  # trace and averaged beat
    assert exam_of(station, before).screening is ScreeningStatus.DONE
    assert exam_of(station, after).severity == "critical"
    assert counts(station, after)["alert"] >= 1
    assert "Traceback" not in one.said


def test_a_worker_gives_signs_of_life_with_its_process_id(station, worker):
    found = until(lambda: beat_of(station, worker), "the worker's heartbeat")
    assert abs((station.now() - found.at).total_seconds()) < 60


def test_a_job_asked_for_again_changes_nothing(station, worker, arrive):
    exam_id = arrive(make.make_ecg_file(make.make_trace(170, Rhythm.TACHY), study="1.2.32"))
    until(lambda: screened(station, exam_id), "it is screened")
    first = counts(station, exam_id)
    with station.store.change() as conn:
        for _ in range(2):
            jobs.defer(conn, "screen_exam", {"exam_id": exam_id}, queue="screen")
    until(lambda: _nothing_left(station), "both are done")
    assert counts(station, exam_id) == first
    with station.store.look() as conn:
        assert audit.verify(conn) == []


def _nothing_left(station: Station) -> bool:
    with station.store.look() as conn:
        return conn.execute(JOBS).scalar_one() == 0


def test_a_film_that_cannot_be_screened_stands_above_one_that_could(station, worker, arrive):
    good = arrive(make.make_film(study="1.2.33", uid="1.2.33.1"))
    until(lambda: screened(station, good), "it is screened")
    whole = make.make_film(study="1.2.34", uid="1.2.34.1")
    bad = arrive(whole[: len(whole) - 5000])
    until(lambda: screened(station, bad), "it is on the list all the same")
    assert exam_of(station, bad).screening is ScreeningStatus.FAILED
    listed = [r.exam.id for r in console.rows(station, console.operator("t"), Filter(), 50)]
    assert listed.index(bad) < listed.index(good)
    with station.store.look() as conn:
        [said] = [s for s in console.screenings.of_exam(conn, bad)]  # noqa: C416
    assert not said.assessed
    assert "truncated" in said.reason


def test_a_film_of_a_coding_nobody_can_decode_stands_above_too(station, worker, arrive, chest):
    data = bytearray(_film(chest, "1.2.840.10008.1.2.4.90", StudyInstanceUID="1.2.35"))
    middle = data.rindex(b"\xff\x93")
    data[middle : middle + 400] = b"\x5a" * 400
    exam_id = arrive(bytes(data))
    until(lambda: screened(station, exam_id), "it is on the list all the same")
    exam = exam_of(station, exam_id)
    done = exam_of(station, arrive(bytes(data)))
    assert done.id == exam.id
    assert exam.screening in (ScreeningStatus.FAILED, ScreeningStatus.DONE)


def test_a_signed_report_is_delivered_and_delivered_once(station, worker, arrive, settings):
    exam_id = arrive(make.make_film(study="1.2.36", uid="1.2.36.1"))
    until(lambda: screened(station, exam_id), "it is screened")
    reader = _reader(station)
    reading.open_case(station, reader, exam_id, hold=True)
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(station, reader, exam_id, body, 0)
    signed = reports.sign(station, reader, exam_id, draft.revision)

    def papers() -> list[str]:
        return sorted(p.name for p in (settings.outbox / "T01").glob("[!.]*"))

    def delivered() -> bool:
        with station.store.look() as conn:
            return "delivered" in [e.kind for e in events.of_exam(conn, exam_id)]

    until(delivered, "the report is delivered")
    first, rows = papers(), counts(station, exam_id)
    assert [name.rpartition(".")[2] for name in first] == ["json", "pdf"]
    with station.store.change() as conn:
        again = {"report_id": signed.id, "status": "released"}
        jobs.defer(conn, "deliver_report", again, queue="deliver")
    until(lambda: _delivered_all(station), "it ran again")
    assert (papers(), counts(station, exam_id)) == (first, rows)


def _delivered_all(station: Station) -> bool:
    query = sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_report'")
    with station.store.look() as conn:
        return conn.execute(query).scalar_one() == 0


def _reader(station: Station):
    me = console.operator("test")
    sites.agree(station, me, make.make_agreement())
    who = make.make_actor("reader2")
    with station.store.change() as conn:
        account_rows.add(conn, Account(actor=who, password_hash="-"), station.now())
    return who


def test_a_worker_killed_in_the_middle_of_a_job_is_followed_by_another_that_finishes_it(
    station, arrive, settings, owner, worker
):
    assert worker.stop(25) == 0, worker.said
    exam_id = arrive(make.make_film(study="1.2.37", uid="1.2.37.1"))
    with owner.begin() as conn:  # the job cannot end as long as this row is held
        conn.execute(sa.text("SELECT id FROM exam WHERE id = :id FOR UPDATE"), {"id": exam_id})
        with started(settings, "first") as first:
            until(lambda: conn.execute(WAITS).scalar_one(), "the job waits for the row")
            first.kill()
    assert not screened(station, exam_id)
    with owner.begin() as conn:  # a minute of silence passes at once
        doing = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
        assert conn.execute(sa.text(doing)).scalar_one() == 1
        past = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'"
        conn.execute(sa.text(past))
    with started(settings, "second") as second:
        until(lambda: screened(station, exam_id), "another worker finishes it", 90)
        until(lambda: _nothing_left(station), "the job is gone")
        assert second.stop(25) == 0, second.said
    assert "taken up again" in second.said
    found = counts(station, exam_id)
    assert (found["copies"], found["screening"], found["alert"]) == (3, 1, 0)
    with station.store.look() as conn:
        kinds = [e.kind for e in events.of_exam(conn, exam_id)]
        assert len(kinds) == len(set(kinds)), "something was noted twice"
        assert audit.verify(conn) == []


def test_heads_leave_the_database_and_a_backup_is_made_without_being_asked(station, settings):
    """The workers of the tests above ran over a whole minute's mark, or over their own start."""

    def beats() -> set[str]:
        with station.store.look() as conn:
            return set(heartbeats.read(conn))

    with started(settings, "night"):
        until(lambda: {"heads", "backup"} <= beats(), "the nightly work is done", 90)
    assert list((settings.outbox / "audit-heads").glob("*.jsonl"))
    assert len(list(settings.backups.glob("*/manifest.json"))) == 1


def test_a_worker_without_a_database_says_so_and_ends_with_an_error(settings):
    away = settings.model_copy(
        update={"database_url": settings.database_url.replace("/intake_", "/gone_")}
    )
    with started(away, "away") as one:
        assert one.process.wait(60) not in (0, None)
        assert one.said.strip()
        assert "Traceback" not in one.said
