"""One person under several numbers, or an exam under the wrong one: joined and parted by people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound, NothingJoined, OnePerson
from workbench.domain.exam import Exam, ExamState
from workbench.domain.patient import Likeness, Patient, likeness
from workbench.store import audit, exams, jobs, notices, patients, sites
from workbench.store.database import Connection
from workbench.store.sites import Scope
from workbench.workflow.prior_tracings import judge_persons
from workbench.workflow.station import Station

TOPIC = "patient"
APART = "patient.apart"
SPLIT = "patient.split"
FEW, MANY = 20, 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One institution's record of a patient, with what hangs on it."""

    patient: Patient
    exams: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two records that may be one person, and why."""

    one: Known
    other: Known
    why: Likeness


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known under one person: its records in the actor's institutions, and their exams."""

    records: Sequence[Known]
    exams: Sequence[Exam]


def search(station: Station, actor: Actor, text: str) -> list[Person]:
    """Persons found by name or number, as far as the actor may see; who searched is noted."""
    actor.check(Act.PATIENT_MERGE)
    wanted = text.strip()
    if not wanted:
        raise Invalid("search", text, "part of a name, or a patient number")
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        found = patients.search(conn, scope.sites, wanted, MANY)
        audit.note(
            conn, station.now(), chain=actor.site_code, actor=actor.username, act="patient.search",
            object="patients", detail={"found": len(found)},
        )  # fmt: skip
        return _persons(conn, scope, [p.person_id for p in found])


def of_exam(station: Station, actor: Actor, exam_id: str) -> Person:
    """The person an exam is filed under."""
    actor.check(Act.EXAM_REFILE)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope)
        [person] = _persons(conn, scope, [patients.get(conn, exam.patient_id).person_id])
        return person


def candidates(station: Station, actor: Actor, exam_id: str, text: str) -> list[Known]:
    """Patients of an exam's institution under whom it may belong."""
    actor.check(Act.EXAM_REFILE)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope)
        found = patients.search(conn, [exam.site_code], text.strip(), FEW) if text.strip() else []
        return _known(conn, scope, [p for p in found if p.id != exam.patient_id])


def suggestions(station: Station, actor: Actor) -> list[Suggestion]:
    """Records that may be one person; nothing is ever joined by itself."""
    actor.check(Act.PATIENT_MERGE)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        pairs = patients.likely_pairs(conn, scope.sites, MANY)
        known = {
            k.patient.id: k
            for k in _known(conn, scope, list({p.id: p for ab in pairs for p in ab}.values()))
        }
        return [
            Suggestion(one=known[a.id], other=known[b.id], why=why)
            for a, b in pairs
            for why in (likeness(a, b),)
            if why is not None
        ]


def likely_same(station: Station, actor: Actor, patient_id: str) -> list[Patient]:
    """Records that may be this person, as far as the actor may see; only a suggestion."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        one = _visible(conn, scope, patient_id)
        pairs = patients.likely_pairs(conn, scope.sites, FEW, only=one.id)
        return [b if a.id == one.id else a for a, b in pairs]


def merge(station: Station, actor: Actor, pair: tuple[str, str], reason: str) -> None:
    """Say that two records are one person: all records of the second join the first's person."""
    actor.check(Act.PATIENT_MERGE)
    said = _reason(reason, "how you know that this is (not) the same person")
    with station.store.change() as conn:
        first, second = _both(conn, station, actor, pair)
        if first.person_id == second.person_id:
            raise OnePerson
        joining = patients.of_person(conn, second.person_id)
        patients.set_person(conn, [p.id for p in joining], first.person_id)
        judge_persons(conn, [first.person_id])  # each has earlier tracings of the other now
        _note(
            conn, station, actor, Act.PATIENT_MERGE, [first, second, *joining],
            {
                "with": first.id, "person": first.person_id, "was": second.person_id,
                "records": [p.id for p in joining], "reason": said,
            },
        )  # fmt: skip


def keep_apart(station: Station, actor: Actor, pair: tuple[str, str], reason: str) -> None:
    """Say that two likely records are two people; they are not suggested again."""
    actor.check(Act.PATIENT_MERGE)
    said = _reason(reason, "how you know that this is (not) the same person")
    with station.store.change() as conn:
        first, second = _both(conn, station, actor, pair)
        if first.person_id == second.person_id:
            raise OnePerson
        patients.keep_apart(conn, pair, actor.username, station.now(), said)
        _note(conn, station, actor, APART, [first, second], {"with": first.id, "reason": said})


def split(station: Station, actor: Actor, patient_id: str, reason: str) -> None:
    """Say that a record is a person of its own after all; it is not suggested again."""
    actor.check(Act.PATIENT_MERGE)
    said = _reason(reason, "how you know that this is (not) the same person")
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        one = _visible(conn, scope, patient_id, lock=True)
        others = [p for p in patients.of_person(conn, one.person_id) if p.id != one.id]
        if not others:
            raise NothingJoined
        person = station.fresh()
        patients.set_person(conn, [one.id], person)
        judge_persons(conn, [one.person_id, person])
        for other in others:
            patients.keep_apart(conn, (one.id, other.id), actor.username, station.now(), said)
        _note(
            conn, station, actor, SPLIT, [one, one, *others],
            {"person": person, "was": one.person_id, "reason": said},
        )  # fmt: skip


def refile(station: Station, actor: Actor, exam_id: str, local_id: str, reason: str) -> None:
    """Move an exam filed under the wrong patient to the right one of the same institution."""
    actor.check(Act.EXAM_REFILE)
    said = _reason(reason, "how the exam came under the wrong patient")
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope, lock=True)
        if exam.state in (ExamState.SIGNED, ExamState.RELEASED):
            # its paper would go on naming the wrong person under the right one's exams
            raise Invalid("exam", exam.state, "one without a standing report; retract it first")
        right = patients.by_local_id(conn, exam.site_code, local_id.strip())
        if right is None:
            raise NotFound("patient", local_id)
        if right.id == exam.patient_id:
            raise Invalid("patient number", local_id, "another patient than the present one")
        exams.move(conn, exam, replace(exam, patient_id=right.id))
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=Act.EXAM_REFILE,
            object=f"exam/{exam_id}",
            detail={"from": exam.patient_id, "to": right.id, "reason": said},
        )  # fmt: skip
        # age and sex are another person's now: what was measured may mean something else
        jobs.defer(conn, "screen_exam", {"exam_id": exam_id}, queue="screen", queueing_lock=exam_id)
        wrong = patients.get(conn, exam.patient_id)
        judge_persons(conn, [wrong.person_id, right.person_id])  # it was, and is, a prior of others


def _reason(text: str, expected: str) -> str:
    said = text.strip()
    if not said:
        raise Invalid("reason", text, expected)
    return said


def _visible(conn: Connection, scope: Scope, key: str, *, lock: bool = False) -> Patient:
    one = patients.get(conn, key, lock=lock)
    if one.site_code not in scope.sites:
        raise NotFound("patient", key)
    return one


def _both(
    conn: Connection, station: Station, actor: Actor, pair: tuple[str, str]
) -> tuple[Patient, Patient]:
    scope = sites.scope_of(conn, actor, station.today())
    # in one order for everybody: two merges must not wait for each other
    locked = {key: _visible(conn, scope, key, lock=True) for key in sorted(pair)}
    return locked[pair[0]], locked[pair[1]]


def _note(
    conn: Connection, station: Station, actor: Actor, act: str, touched: Sequence[Patient],
    detail: dict[str, object],
) -> None:  # fmt: skip
    """One row in the chain of every institution touched, always in the same order."""
    for chain in sorted({p.site_code for p in touched}):
        audit.note(
            conn, station.now(), chain=chain, actor=actor.username, act=act,
            object=f"patient/{touched[1].id}", detail=detail,
        )  # fmt: skip
    notices.tell(conn, TOPIC, touched[1].id)


def _persons(conn: Connection, scope: Scope, person_ids: Sequence[str]) -> list[Person]:
    found = [p for p in patients.of_persons(conn, set(person_ids)) if p.site_code in scope.sites]
    known = {k.patient.id: k for k in _known(conn, scope, found)}
    theirs = exams.of_patients(conn, list(known), scope, 10 * MANY)
    persons = []
    for person_id in dict.fromkeys(person_ids):
        records = [k for k in known.values() if k.patient.person_id == person_id]
        keys = {k.patient.id for k in records}
        persons.append(Person(records=records, exams=[e for e in theirs if e.patient_id in keys]))
    return persons


def _known(conn: Connection, scope: Scope, found: Collection[Patient]) -> list[Known]:
    counts = patients.exam_counts(conn, [p.id for p in found], scope)
    return [
        Known(patient=p, exams=counts[p.id][0], last=counts[p.id][1])
        if p.id in counts
        else Known(patient=p, exams=0, last=None)
        for p in found
    ]
