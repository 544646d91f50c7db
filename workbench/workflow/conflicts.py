"""The same UID with other bytes: a doctor decides; nothing is deleted, nothing overwritten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType

from workbench.domain.actor import Act, Actor
from workbench.domain.conflict import FILES_IT, Newcomer, Settlement
from workbench.domain.errors import Invalid, NotFound, NotReadable, NotReadYet, Stale
from workbench.domain.exam import Exam, ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import Patient, national_id_of
from workbench.store import audit, conflicts, exams, instances, jobs, patients, sites
from workbench.store.conflicts import Conflict
from workbench.store.database import Connection
from workbench.store.instances import Instance
from workbench.workflow.arrival_rows import with_image
from workbench.workflow.arrival_times import stamp
from workbench.workflow.station import Station

OPEN_FLAG = "uid_conflict"
SHARED_FLAG = "uid_shared"  # of an image that is filed under its digest: its UID was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Both files of one conflict, with the exam and the patient the first is filed under."""

    conflict: Conflict
    first: Instance
    exam: Exam
    patient: Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person wants; `exam_id` names the other exam when the file is moved there."""

    settlement: Settlement
    reason: str
    exam_id: str = ""


def waiting(station: Station, actor: Actor) -> list[Pair]:
    """Conflicts inside what the actor may see."""
    actor.check(Act.CONFLICT_SETTLE)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        pairs = []
        for one in conflicts.waiting(conn, scope):
            first = instances.get(conn, one.instance_id)
            exam = exams.get(conn, first.exam_id, scope)
            patient = patients.get(conn, exam.patient_id)
            pairs.append(Pair(conflict=one, first=first, exam=exam, patient=patient))
        return pairs


def settle(station: Station, actor: Actor, conflict_id: str, wanted: Decision) -> str:
    """Write the decision and, where it says so, file the later image; gives the exam it is in."""
    actor.check(Act.CONFLICT_SETTLE)
    reason = wanted.reason.strip()
    if not reason:
        raise Invalid("reason", wanted.reason, "what shows to which exam and patient it belongs")
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        one = conflicts.get(conn, conflict_id, lock=True)
        first = instances.get(conn, one.instance_id)
        exam = exams.get(conn, first.exam_id, scope, lock=True)
        if one.settled_at is not None:
            raise Stale("conflict", conflict_id)
        target = exam
        if wanted.settlement in FILES_IT:
            newcomer = _readable(one)
            if wanted.settlement is Settlement.MOVE:
                target = exams.get(conn, wanted.exam_id, scope, lock=True)
                _other(exam, target)
            target = _TARGETS[wanted.settlement](conn, station, (target, one, newcomer))
            _add(conn, station, target, (one, newcomer))
        settled = replace(
            one, settled_at=now, settled_by=actor.username, settlement=wanted.settlement,
            reason=reason, filed_under=target.id if wanted.settlement in FILES_IT else None,
        )  # fmt: skip
        conflicts.settle(conn, settled)
        _clear(conn, exam.id)
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=Act.CONFLICT_SETTLE,
            object=f"exam/{exam.id}",
            detail={
                "conflict": one.id, "settlement": wanted.settlement, "reason": reason,
                "kept": first.sha256, "later": one.sha256, "filed_under": settled.filed_under or "",
            },
        )  # fmt: skip
    return target.id


def _readable(one: Conflict) -> Newcomer:
    if one.newcomer is None:
        raise NotReadYet
    if one.newcomer.unreadable:
        raise NotReadable(problems=one.newcomer.unreadable)
    return one.newcomer


def _other(exam: Exam, target: Exam) -> None:
    if target.id == exam.id or target.site_code != exam.site_code:
        raise Invalid("exam", target.id, "another exam of the same institution")


def _same(conn: Connection, station: Station, what: tuple[Exam, Conflict, Newcomer]) -> Exam:
    """An exam that is there; the file must not name another patient or be of another kind."""
    del station
    exam, _one, newcomer = what
    if newcomer.kind is not exam.kind:
        raise Invalid("kind of exam", newcomer.kind, f"{exam.kind}, or an exam of its own")
    number = str(newcomer.patient.get("local_id") or "")
    patient = patients.get(conn, exam.patient_id)
    if number and number != patient.local_id:
        # two people in one exam: its report would speak of the wrong one
        raise Invalid(
            "patient number", number,
            "the number of this exam's patient; file it as an exam of its own, or correct the "
            "exam's patient first",
        )  # fmt: skip
    return exam


def _apart(conn: Connection, station: Station, what: tuple[Exam, Conflict, Newcomer]) -> Exam:
    """An exam of its own, for the patient whom the file names."""
    first, one, newcomer = what
    said, key = newcomer.patient, station.fresh()
    number, birth = str(said.get("local_id") or ""), str(said.get("birth_date") or "")
    named = Patient(
        id=key,
        site_code=one.site_code,
        # without a number it is nobody's known: the study UID is the first one's already
        local_id=number or f"?{one.sha256}",
        name=str(said.get("name") or ""),
        name_repaired=said.get("name_repaired") is True,
        sex=str(said.get("sex") or "") or None,
        birth_date=date.fromisoformat(birth) if birth else None,
        national_id=national_id_of(number),
        person_id=key,
    )
    patient = patients.ensure(conn, named, bytes.fromhex(str(said.get("name_raw") or "")) or None)
    start, _end = _taken(newcomer)
    exam, is_new = exams.ensure(
        conn,
        Exam(
            id=station.fresh(), site_code=one.site_code, kind=newcomer.kind, key=one.sha256,
            patient_id=patient.id, state=ExamState.RECEIVED, received_at=one.received_at,
            accession=str(newcomer.header.get("accession") or ""), urgency=first.urgency,
            body_part=str(newcomer.header.get("body_part") or ""), exam_start=start,
        ),
    )  # fmt: skip
    if not is_new:
        raise Stale("exam", exam.id)
    return exam


_TARGETS: Mapping[
    Settlement,
    Callable[[Connection, Station, tuple[Exam, Conflict, Newcomer]], Exam],
] = MappingProxyType({Settlement.ADD: _same, Settlement.MOVE: _same, Settlement.APART: _apart})


def _add(conn: Connection, station: Station, exam: Exam, what: tuple[Conflict, Newcomer]) -> None:
    """File the later image under its digest, and ask for its screening and display copies."""
    one, newcomer = what
    start, end = _taken(newcomer)
    new = Instance(
        id=station.fresh(), exam_id=exam.id, site_code=one.site_code, uid=one.sha256,
        reader=newcomer.reader, sha256=one.sha256, parts=one.parts, header=newcomer.header,
        flags=(*newcomer.flags, SHARED_FLAG), source=one.source, received_at=one.received_at,
        sop_class=newcomer.sop_class, transfer_syntax=newcomer.transfer_syntax,
    )  # fmt: skip
    if not instances.add(conn, new):
        raise Stale("image", one.sha256)
    said = (*newcomer.flags, SHARED_FLAG)
    came = station.now() if exam.images else None  # late where a report stands already
    exams.move(conn, exam, with_image(exam, end, said, came))
    stamp(conn, exam, (start, end), one.source, one.received_at)
    if newcomer.kind is not ExamKind.OTHER:
        jobs.defer(conn, "screen_exam", {"exam_id": exam.id}, queue="screen", queueing_lock=exam.id)


def _taken(newcomer: Newcomer) -> tuple[datetime | None, datetime | None]:
    said = (str(newcomer.header.get(name) or "") for name in ("exam_start", "exam_end"))
    start, end = (datetime.fromisoformat(text) if text else None for text in said)
    return start, end


def _clear(conn: Connection, exam_id: str) -> None:
    """Take the flag away once nothing is open on this exam."""
    exam = exams.get(conn, exam_id, None)
    left = conflicts.open_on(conn, exam_id)
    flags = tuple(f for f in exam.flags if f != OPEN_FLAG or left)
    exams.move(conn, exam, replace(exam, flags=flags))


def other_exams(station: Station, actor: Actor, conflict_id: str, text: str) -> list[Exam]:
    """Exams of the same institution and kind to which the later image may belong."""
    actor.check(Act.CONFLICT_SETTLE)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        one = conflicts.get(conn, conflict_id)
        first = instances.get(conn, one.instance_id)
        exam = exams.get(conn, first.exam_id, scope)
        if one.newcomer is None:
            raise NotFound("exam", text)
        found = patients.search(conn, [exam.site_code], text, 20)
        theirs = exams.of_patients(conn, [p.id for p in found], scope, 20)
        return [e for e in theirs if e.id != exam.id and e.kind is one.newcomer.kind]
