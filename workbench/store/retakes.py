"""Requests to take a film again, and the steps taken; a step is only ever added."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound, Stale
from workbench.domain.kinds import ExamKind
from workbench.domain.retake import OPEN_RETAKES, Refusal, Retake, RetakeState
from workbench.store import notices
from workbench.store.instances import Instance, read
from workbench.store.schema import exam, instance, patient, retake, retake_step

LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RetakeStep:
    """One step: what, who, when, and the words that go with it."""

    retake_id: str
    move: str
    actor: str
    at: datetime
    detail: Mapping[str, Any]


def add(conn: sa.Connection, new: Retake) -> bool:
    """Add a request; False when this film has one already."""
    done = conn.execute(
        insert(retake)
        .values(**_values(new))
        .on_conflict_do_nothing(index_elements=["instance_id"])
        .returning(retake.c.id)
    ).first()
    if done is not None:
        _tell(conn, new)
    return done is not None


def get(conn: sa.Connection, key: str, *, lock: bool = False) -> Retake:
    """One request; whoever changes it locks its exam first."""
    query = sa.select(retake).where(retake.c.id == key)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("retake request", key)
    return _read(row)


def of_film(conn: sa.Connection, instance_id: str) -> Retake | None:
    """The request for one film, if there is one."""
    query = sa.select(retake).where(retake.c.instance_id == instance_id)
    row = conn.execute(query).mappings().first()
    return None if row is None else _read(row)


def move(conn: sa.Connection, before: Retake, after: Retake) -> None:
    """Write `after`, but only if the row is still as `before` says."""
    held = (retake.c.id == before.id) & (retake.c.state == before.state.value)
    done = conn.execute(retake.update().where(held).values(**_values(after)))
    if done.rowcount != 1:
        raise Stale("retake request", before.id)
    _tell(conn, after)


def note_step(conn: sa.Connection, new: RetakeStep) -> None:
    """Add a step to the register."""
    conn.execute(retake_step.insert().values(**asdict(new)))


def steps(conn: sa.Connection, keys: Collection[str]) -> dict[str, list[RetakeStep]]:
    """The register of these requests, each oldest first."""
    query = sa.select(retake_step).where(retake_step.c.retake_id.in_(list(keys)))
    found: dict[str, list[RetakeStep]] = {key: [] for key in keys}
    for r in conn.execute(query.order_by(retake_step.c.id)):
        found[r.retake_id].append(
            RetakeStep(retake_id=r.retake_id, move=r.move, actor=r.actor, at=r.at, detail=r.detail)
        )
    return found


def of_exam(conn: sa.Connection, exam_id: str) -> list[Retake]:
    """Requests for films of an exam, and those that a film of it answers; oldest first."""
    own = sa.select(instance.c.id).where(instance.c.exam_id == exam_id)
    query = sa.select(retake).where(
        (retake.c.exam_id == exam_id) | retake.c.answer_id.in_(own.scalar_subquery())
    )
    return [_read(r) for r in conn.execute(query.order_by(retake.c.asked_at)).mappings()]


def of_site(conn: sa.Connection, site_code: str, since: datetime) -> list[Retake]:
    """Requests to one institution: all that are open, the others since a time; open ones first."""
    waits = retake.c.state.in_([s.value for s in OPEN_RETAKES])
    rows = conn.execute(
        sa.select(retake)
        .where(retake.c.site_code == site_code, waits | (retake.c.asked_at >= since))
        .order_by(waits.desc(), retake.c.asked_at.desc())
        .limit(LIMIT)
    )
    return [_read(r) for r in rows.mappings()]


def later_films(conn: sa.Connection, one: Retake) -> list[Instance]:
    """Films of the same person at the same institution that came after this one, newest first.

    Not those that answer another request already.
    """
    first = (
        sa.select(instance.c.received_at, patient.c.person_id)
        .join(exam, exam.c.id == instance.c.exam_id)
        .join(patient, patient.c.id == exam.c.patient_id)
        .where(instance.c.id == one.instance_id)
        .subquery()
    )
    taken = sa.select(retake.c.answer_id).where(retake.c.answer_id.is_not(None))
    query = (
        sa.select(instance)
        .join(exam, exam.c.id == instance.c.exam_id)
        .join(patient, patient.c.id == exam.c.patient_id)
        .join(first, first.c.person_id == patient.c.person_id)
        .where(
            exam.c.kind == ExamKind.DR.value,
            instance.c.site_code == one.site_code,
            instance.c.id != one.instance_id,
            instance.c.received_at > first.c.received_at,
            instance.c.id.not_in(taken.scalar_subquery()),
        )
        .order_by(instance.c.received_at.desc(), instance.c.id)
        .limit(LIMIT)
    )
    return [read(r) for r in conn.execute(query).mappings()]


def _tell(conn: sa.Connection, one: Retake) -> None:
    notices.tell(conn, "retake", one.id)
    notices.tell(conn, "worklist", one.exam_id)


def _values(one: Retake) -> dict[str, Any]:
    return {
        **asdict(one),
        "state": one.state.value,
        "reasons": list(one.reasons),
        "refusal": one.refusal.value if one.refusal else None,
    }


def _read(row: Any) -> Retake:
    return Retake(
        **{
            **row,
            "state": RetakeState(row["state"]),
            "reasons": tuple(row["reasons"]),
            "refusal": Refusal(row["refusal"]) if row["refusal"] else None,
        }
    )
