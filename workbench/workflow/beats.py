"""What a reader measures on the averaged beat: kept, taken back, never overwritten."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.beat import BeatMeasurement
from workbench.domain.errors import Invalid, NotFound, Stale
from workbench.domain.exam import Exam, ExamMove
from workbench.ecg.beat_marks import MARKS, leads_of_copy, measure
from workbench.store import audit, beats, exams, instances, jobs, notices, sites
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy
from workbench.workflow.reports import check_held
from workbench.workflow.station import Station

FORM = "beat"
TRACE = "trace"
LONGEST_NOTE = 500


def keep(
    station: Station,
    actor: Actor,
    exam_id: str,
    instance_id: str,
    marks: Mapping[str, float | None],
    note: str = "",
) -> BeatMeasurement:
    """Measure between these marks (ms) on the stored averaged beat, and keep both."""
    actor.check(Act.DRAFT_WRITE)
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", f"{len(note)} characters", f"at most {LONGEST_NOTE}")
    with station.store.change() as conn:
        exam, copy = _beat(conn, station, actor, exam_id, instance_id)
        placed = _checked(marks, copy.meta)
        leads = leads_of_copy(station.blobs.read(copy.sha256), copy.meta)
        values = measure(
            leads, copy.meta["rate"], placed, copy.meta["rr_ms"],
            calibrated=copy.meta["calibrated"],
        )  # fmt: skip
        number = len(beats.of_instance(conn, instance_id)) + 1
        new = BeatMeasurement(
            id=station.fresh(), exam_id=exam_id, instance_id=instance_id, number=number,
            standing=number, marks=placed, values=values, beat_sha256=copy.sha256,
            by=actor.username, at=station.now(), note=note.strip(),
        )  # fmt: skip
        _add(conn, exam, new)
    return new


def withdraw(
    station: Station, actor: Actor, exam_id: str, instance_id: str, note: str = ""
) -> BeatMeasurement:
    """Take back the measurement that stands; the one before it stands again, or none."""
    actor.check(Act.DRAFT_WRITE)
    if len(note) > LONGEST_NOTE:
        raise Invalid("note", f"{len(note)} characters", f"at most {LONGEST_NOTE}")
    with station.store.change() as conn:
        exam, _ = _beat(conn, station, actor, exam_id, instance_id)
        rows = beats.of_instance(conn, instance_id)
        if not rows or not rows[-1].standing:
            raise NotFound("measurement", instance_id)
        # what stood just before the one that is taken back
        gone = rows[-1].standing
        before = rows[gone - 2].standing if gone > 1 else 0
        source = rows[before - 1] if before else None
        new = BeatMeasurement(
            id=station.fresh(), exam_id=exam_id, instance_id=instance_id,
            number=len(rows) + 1, standing=before,
            marks=source.marks if source else {}, values=source.values if source else {},
            beat_sha256=source.beat_sha256 if source else rows[-1].beat_sha256,
            by=actor.username, at=station.now(), note=note.strip(),
        )  # fmt: skip
        _add(conn, exam, new)
    return new


def ask(station: Station, actor: Actor, exam_id: str, instance_id: str) -> None:
    """Have the averaged beat made of a tracing that was screened before there were any.

    It touches no report and no measurement, so nobody needs to hold the exam.
    """
    actor.check(Act.DRAFT_WRITE)
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope, lock=True)
        exam.moved(ExamMove.SCREEN)
        _, owner = instances.copy_for(conn, instance_id, TRACE, scope)
        if owner != exam_id:
            raise NotFound("display copy", f"{instance_id}/{TRACE}")
        if instance_id not in instances.without_beat(instances.copies(conn, exam_id)):
            raise Stale("trace", instance_id)  # made meanwhile, or there is a reason for none
        jobs.defer(conn, "screen_exam", {"exam_id": exam_id}, queue="screen", queueing_lock=exam_id)
        audit.note(
            conn, station.now(), chain=exam.site_code, actor=actor.username, act="beat.ask",
            object=f"exam/{exam_id}", detail={"instance": instance_id},
        )  # fmt: skip


def of_exam(station: Station, actor: Actor, exam_id: str) -> dict[str, BeatMeasurement]:
    """What stands now, by recording; a recording without a reader's measurement is left out."""
    return beats.standing(history(station, actor, exam_id))


def history(station: Station, actor: Actor, exam_id: str) -> list[BeatMeasurement]:
    """Everything kept and taken back on an exam, of each recording oldest first."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return beats.of_exam(conn, exam_id)


def _beat(
    conn: Connection, station: Station, actor: Actor, exam_id: str, instance_id: str
) -> tuple[Exam, DisplayCopy]:
    scope = sites.scope_of(conn, actor, station.today())
    exam = exams.get(conn, exam_id, scope, lock=True)
    exam.moved(ExamMove.SIGN)  # refuses with the allowed moves when it is not to be reported
    check_held(exam, actor, station.now())
    copy, owner = instances.copy_for(conn, instance_id, FORM, scope)
    if owner != exam_id:
        raise NotFound("display copy", f"{instance_id}/{FORM}")
    return exam, copy


def _checked(marks: Mapping[str, float | None], meta: Mapping[str, Any]) -> dict[str, float | None]:
    """The five marks in their order inside the window, and nothing else."""
    strange = sorted(set(marks) - set(MARKS))
    if strange:
        raise Invalid("marks", ", ".join(strange)[:60], f"only {', '.join(MARKS)}")
    length = 1000 * (meta["samples"] - 1) / meta["rate"]
    placed: dict[str, float | None] = {}
    last = -1.0
    for name in MARKS:
        value = marks.get(name)
        placed[name] = None if value is None else round(float(value), 3)
        if value is None:
            continue
        if not (isfinite(value) and 0 <= value <= length):
            raise Invalid(name, value, f"0 to {length:g} ms, inside the averaged beat")
        # P may end where QRS begins
        if value < last or (value == last and name != "qrs_on"):
            raise Invalid(name, value, f"later than {last:g} ms, the mark before it")
        last = value
    if all(value is None for value in placed.values()):
        raise Invalid("marks", "none", "at least one mark; to take a measurement back, withdraw")
    return placed


def _add(conn: Connection, exam: Exam, new: BeatMeasurement) -> None:
    beats.add(conn, new)
    notices.tell(conn, "beat", exam.id)  # other readers have the same beat before them
    audit.note(
        conn, new.at, chain=exam.site_code, actor=new.by,
        act="beat.withdraw" if new.withdraws else "beat.keep", object=f"exam/{exam.id}",
        detail={"measurement": new.id, "number": new.number, "standing": new.standing},
    )  # fmt: skip
