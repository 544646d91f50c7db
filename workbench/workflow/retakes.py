"""A poor film is asked for again while the patient is there; the clinic answers, a reader closes.

Whoever changes a request locks the exam first, so a program and a person who ask at once, or two
who answer, come one after the other; the film's unique key stands behind that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam, ExamState
from workbench.domain.finding import Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.retake import Refusal, Retake, RetakeMove, RetakeState
from workbench.domain.rulebook import RuleBook
from workbench.rules.retake import is_fresh, judge_retake
from workbench.store import audit, clinic, events, exams, instances, retakes, sites
from workbench.store.clinic import OwnExam
from workbench.store.database import Connection
from workbench.store.instances import Instance
from workbench.store.retakes import RetakeStep
from workbench.workflow.station import Station

WORKER = "worker"
BOOK = "retake-2026.1"
BY_READER, BY_SCREENING = "reader", "screening"
_READ = frozenset({ExamState.SIGNED, ExamState.RELEASED})
_LIMITS = {
    RetakeState.REQUESTED: "retake.see_within",
    RetakeState.SEEN: "retake.answer_within",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedRetake:
    """A request with its register; for the clinic also its exam and what may be the answer."""

    retake: Retake
    steps: Sequence[RetakeStep] = ()
    found: OwnExam | None = None
    later: Sequence[Instance] = ()  # the likeliest first


def raised(
    conn: Connection, station: Station, exam: Exam, film: Instance, said: Screening
) -> Retake | None:
    """Ask for a film again, inside the transaction that keeps what was said of it.

    Nothing is asked where the institution does not want it, where a doctor has read the film
    already, for a film of yesterday, or twice. The caller holds the exam's row.
    """
    book, now = _book(), station.now()
    if exam.kind is not ExamKind.DR or exam.state in _READ:
        return None
    cause = judge_retake(said.gate, said.sheet, book)
    if cause is None or not is_fresh(now - film.received_at, book):
        return None
    if not sites.get(conn, exam.site_code).asks_retakes:
        return None
    new = Retake(
        id=station.fresh(), exam_id=exam.id, instance_id=film.id, site_code=exam.site_code,
        state=RetakeState.REQUESTED, reasons=cause.reasons, evidence=cause.evidence,
        source=BY_SCREENING, asked_by=WORKER, asked_at=now,
        due_at=_due(RetakeState.REQUESTED, now),
    )  # fmt: skip
    if not retakes.add(conn, new):
        return None
    _note(conn, WORKER, new, "ask", now, {"rule": cause.rule})
    _stamp(conn, (WORKER, exam.site_code), new, EventKind.RETAKE_ASKED, now)
    return new


def ask(
    station: Station,
    actor: Actor,
    film: tuple[str, str],
    reasons: Sequence[str],
    words: str,
) -> Retake:
    """A reader or QA lead wants a film (exam id, instance id) taken again, and says what is wrong.

    A film that was asked for already is not asked for twice; a wish that was taken back or not
    met is renewed, with the new reasons.
    """
    actor.check(Act.RETAKE_ASK)
    exam_id, instance_id = film
    known = editions.reject_reasons()
    wrong = next((r for r in reasons if r not in known), None)
    if not reasons or wrong is not None:
        raise Invalid("reject reason", wrong or "none", "at least one code of DICOM CID 7011")
    if not words.strip():
        raise Invalid("what is wrong", words, "what the technician should do better")
    now = station.now()
    with station.store.change() as conn:
        exam = _exam(conn, station, actor, exam_id)
        if exam.kind is not ExamKind.DR:
            raise Invalid("kind of exam", exam.kind, "a film; a tracing is recorded again at once")
        if instance_id not in {one.id for one in instances.of_exam(conn, exam.id)}:
            raise NotFound("image", instance_id)
        before = retakes.of_film(conn, instance_id)
        detail = {"reasons": list(reasons), "words": words.strip()}
        new = Retake(
            id=station.fresh(), exam_id=exam.id, instance_id=instance_id,
            site_code=exam.site_code, state=RetakeState.REQUESTED, reasons=tuple(reasons),
            evidence=words.strip(), source=BY_READER, asked_by=actor.username, asked_at=now,
            due_at=_due(RetakeState.REQUESTED, now),
        )  # fmt: skip
        if before is None:
            retakes.add(conn, new)
            move = "ask"
        else:
            before.moved(RetakeMove.ASK_AGAIN)  # refuses what is open or closed
            new = replace(new, id=before.id)
            retakes.move(conn, before, new)
            move = RetakeMove.ASK_AGAIN.value
        _note(conn, actor.username, new, move, now, detail)
        _stamp(conn, (actor.username, actor.site_code), new, EventKind.RETAKE_ASKED, now)
    return new


def see(station: Station, actor: Actor, key: str) -> Retake:
    """The technician has read the request."""
    return _answer(station, actor, key, RetakeMove.SEE, {})


def retaken(station: Station, actor: Actor, key: str, instance_id: str) -> Retake:
    """The technician took the film again, and says which of the later films it is."""
    return _answer(station, actor, key, RetakeMove.RETAKE, {"answer": instance_id})


def decline(station: Station, actor: Actor, key: str, refusal: Refusal, words: str) -> Retake:
    """The film cannot be taken again; who reads it must know why."""
    if refusal is Refusal.OTHER and not words.strip():
        raise Invalid("reason", words, "why the film cannot be taken again")
    detail = {"refusal": refusal.value, "words": words.strip()}
    return _answer(station, actor, key, RetakeMove.DECLINE, detail)


def withdraw(station: Station, actor: Actor, key: str, words: str) -> Retake:
    """The film will do after all; the technician need not call the patient back."""
    if not words.strip():
        raise Invalid("reason", words, "why the film will do")
    return _settle(station, actor, key, RetakeMove.WITHDRAW, {"words": words.strip()})


def close(station: Station, actor: Actor, key: str) -> Retake:
    """Who reads has taken note of the answer."""
    return _settle(station, actor, key, RetakeMove.CLOSE, {})


def of_own_site(station: Station, actor: Actor, days: int = 1) -> list[TrackedRetake]:
    """What the clinic sees: requests to itself, those that wait first."""
    actor.check(Act.RETAKE_ANSWER)
    since = station.now() - timedelta(days=days)
    with station.store.look() as conn:
        found = retakes.of_site(conn, actor.site_code, since)
        if not found:
            return []
        scope = sites.scope_of(conn, actor, station.today())
        named = clinic.these(conn, scope, actor.site_code, {one.exam_id for one in found})
        by_id = {e.exam.id: e for e in named}
        register = retakes.steps(conn, [one.id for one in found])
        return [
            TrackedRetake(
                retake=one, steps=register[one.id], found=by_id.get(one.exam_id),
                later=_likeliest(conn, one) if one.due_at else (),
            )
            for one in found
        ]  # fmt: skip


def of_case(station: Station, actor: Actor, exam_id: str) -> list[TrackedRetake]:
    """What a reader sees: requests for films of an exam, and those that a film of it answers."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return of_exam(conn, exam_id)


def of_exam(conn: Connection, exam_id: str) -> list[TrackedRetake]:
    """The same inside a transaction that has checked who asks."""
    found = retakes.of_exam(conn, exam_id)
    register = retakes.steps(conn, [one.id for one in found]) if found else {}
    return [TrackedRetake(retake=one, steps=register[one.id]) for one in found]


def _likeliest(conn: Connection, one: Retake) -> list[Instance]:
    """Later films of the patient: those taken after the request and of the same view first."""
    film = instances.get(conn, one.instance_id)

    def unlike(other: Instance) -> tuple[bool, bool]:
        parts = [str(i.header.get("body_part") or "") for i in (film, other)]
        views = [str(i.header.get("view") or "") for i in (film, other)]
        return other.received_at < one.asked_at, parts[0] != parts[1] or views[0] != views[1]

    return sorted(retakes.later_films(conn, one), key=unlike)  # stable: the newest stays first


def _answer(
    station: Station, actor: Actor, key: str, move: RetakeMove, detail: Mapping[str, Any]
) -> Retake:
    actor.check(Act.RETAKE_ANSWER)
    now = station.now()
    with station.store.change() as conn:
        seen = retakes.get(conn, key)
        if seen.site_code != actor.site_code:  # other institutions' rows do not exist here
            raise NotFound("retake request", key)
        _exam(conn, station, actor, seen.exam_id)
        before = retakes.get(conn, key, lock=True)
        moved = before.moved(move)
        chosen = detail.get("answer")
        if chosen is not None and chosen not in {i.id for i in retakes.later_films(conn, before)}:
            raise Invalid("film", chosen, "a later film of this patient that answers no other")
        refusal = Refusal(detail["refusal"]) if "refusal" in detail else None
        due = _due(moved.state, now)
        after = replace(moved, due_at=due, refusal=refusal, answer_id=chosen)
        retakes.move(conn, before, after)
        _note(conn, actor.username, after, move.value, now, detail)
        if move is not RetakeMove.SEE:
            _stamp(conn, (actor.username, actor.site_code), after, EventKind.RETAKE_ANSWERED, now)
    return after


def _settle(
    station: Station, actor: Actor, key: str, move: RetakeMove, detail: Mapping[str, Any]
) -> Retake:
    actor.check(Act.RETAKE_ASK)
    now = station.now()
    with station.store.change() as conn:
        _exam(conn, station, actor, retakes.get(conn, key).exam_id)
        before = retakes.get(conn, key, lock=True)
        after = replace(before.moved(move), due_at=None)
        retakes.move(conn, before, after)
        _note(conn, actor.username, after, move.value, now, detail)
    return after


def _exam(conn: Connection, station: Station, actor: Actor, exam_id: str) -> Exam:
    """The exam, locked, if this actor may see it."""
    return exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)


def _book() -> RuleBook:
    return editions.rule_book(BOOK)


def _due(state: RetakeState, now: datetime) -> datetime | None:
    limit = _LIMITS.get(state)
    return None if limit is None else now + timedelta(minutes=_book()[limit].value)


def _note(
    conn: Connection, actor: str, one: Retake, move: str, now: datetime, detail: Mapping[str, Any]
) -> None:
    retakes.note_step(
        conn, RetakeStep(retake_id=one.id, move=move, actor=actor, at=now, detail=detail)
    )
    audit.note(
        conn, now, chain=one.site_code, actor=actor, act=f"retake.{move}",
        object=f"retake/{one.id}",
        detail={"exam": one.exam_id, "instance": one.instance_id, **detail},
    )  # fmt: skip


def _stamp(
    conn: Connection, who: tuple[str, str], one: Retake, kind: EventKind, now: datetime
) -> None:
    actor, site_code = who
    events.stamp(
        conn, Event(exam_id=one.exam_id, kind=kind, at=now, actor=actor, site_code=site_code)
    )
