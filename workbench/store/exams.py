"""Exams: found by key, held by lease, moved only from the state that was seen."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Leased, NotFound, Stale
from workbench.domain.exam import Exam, ExamState, ScreeningStatus, priority
from workbench.domain.finding import Severity
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Urgency
from workbench.store import notices
from workbench.store.schema import account, exam, patient
from workbench.store.sites import Scope

_ADD = (
    insert(exam)
    .on_conflict_do_nothing(index_elements=["site_code", "key", "kind"])
    .returning(exam.c.id)
)
_WRITE = exam.update().where(
    exam.c.id == sa.bindparam("held_id"), exam.c.state == sa.bindparam("held_state")
)


def ensure(conn: sa.Connection, new: Exam) -> tuple[Exam, bool]:
    """The exam of (institution, key, kind), locked; added if new (the second value says so)."""
    if conn.execute(_ADD, _values(new)).first() is not None:
        return new, True  # our own row: nobody else sees it before we commit
    where = (
        (exam.c.site_code == new.site_code)
        & (exam.c.key == new.key)
        & (exam.c.kind == new.kind.value)
    )
    row = conn.execute(sa.select(exam).where(where).with_for_update()).mappings().one()
    return read(row), False


def get(conn: sa.Connection, key: str, scope: Scope | None, *, lock: bool = False) -> Exam:
    """One exam; with a scope, an exam outside it does not exist. Only jobs pass None."""
    query = sa.select(exam).where(exam.c.id == key)
    if scope is not None:
        query = query.where(scope.clause(exam.c.site_code, exam.c.kind))
    if lock:
        query = query.with_for_update()
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound("exam", key)
    return read(row)


def move(conn: sa.Connection, before: Exam, after: Exam) -> None:
    """Write `after`, but only if the row is still in the state `before` says."""
    held = {"held_id": before.id, "held_state": before.state.value}
    done = conn.execute(_WRITE, {**_values(after), **held})
    if done.rowcount != 1:
        raise Stale("exam", before.id)
    announce(conn, before.id)


def announce(conn: sa.Connection, key: str) -> None:
    """Tell every open list that this exam is new or has changed."""
    notices.tell(conn, "worklist", key)


def take_lease(
    conn: sa.Connection, key: str, username: str, now: datetime, until: datetime
) -> None:
    """Hold an exam for one reader; raises Leased while somebody else holds it."""
    free = exam.c.lease_by.is_(None) | (exam.c.lease_until <= now) | (exam.c.lease_by == username)
    done = conn.execute(
        exam.update().where(exam.c.id == key, free).values(lease_by=username, lease_until=until)
    )
    if done.rowcount != 1:
        row = conn.execute(
            sa.select(account.c.name, exam.c.lease_until)
            .join(account, account.c.username == exam.c.lease_by)
            .where(exam.c.id == key)
        ).first()
        if row is None:
            raise NotFound("exam", key)
        raise Leased(row.name, row.lease_until.isoformat(timespec="minutes"))
    notices.tell(conn, "worklist", key)


def drop_lease(conn: sa.Connection, key: str, username: str) -> None:
    """Give an exam back; nothing happens when it is not held by this reader."""
    held = (exam.c.id == key) & (exam.c.lease_by == username)
    done = conn.execute(exam.update().where(held).values(lease_by=None, lease_until=None))
    if done.rowcount:
        notices.tell(conn, "worklist", key)


def priors(conn: sa.Connection, one: Exam, scope: Scope, limit: int = 20) -> list[Exam]:
    """Earlier exams of the same person that this actor may see, newest first."""
    taken = sa.func.coalesce(exam.c.exam_end, exam.c.exam_start, exam.c.received_at)
    ours = one.taken_at
    query = (
        sa.select(exam)
        .where(
            _of_the_same_person(one),
            # an older film may be brought after this one; a device clock alone hides none
            (exam.c.received_at <= one.received_at) | (taken <= ours),
            scope.clause(exam.c.site_code, exam.c.kind),
        )
        .order_by(taken.desc())
        .limit(limit)
    )
    return [read(r) for r in conn.execute(query).mappings()]


def of_person(conn: sa.Connection, one: Exam, scope: Scope, limit: int) -> list[Exam]:
    """Other exams of the same person inside the scope, before and after, newest first."""
    query = (
        sa.select(exam)
        .where(_of_the_same_person(one), scope.clause(exam.c.site_code, exam.c.kind))
        .order_by(exam.c.received_at.desc())
        .limit(limit)
    )
    return [read(r) for r in conn.execute(query).mappings()]


def unsigned(
    conn: sa.Connection, patient_ids: Collection[str], kind: ExamKind, limit: int
) -> list[str]:
    """Ids of the exams of these patients that no standing report holds, newest first."""
    query = (
        sa.select(exam.c.id)
        .where(
            exam.c.patient_id.in_(sorted(patient_ids)),
            exam.c.kind == kind.value,
            exam.c.state.not_in([ExamState.SIGNED.value, ExamState.RELEASED.value]),
        )
        .order_by(exam.c.received_at.desc())
        .limit(limit)
    )
    return list(conn.scalars(query))


def _of_the_same_person(one: Exam) -> sa.ColumnElement[bool]:
    person = sa.select(patient.c.person_id).where(patient.c.id == one.patient_id).scalar_subquery()
    same = sa.select(patient.c.id).where(patient.c.person_id == person)
    return exam.c.patient_id.in_(same) & (exam.c.id != one.id)


def of_patients(conn: sa.Connection, keys: Collection[str], scope: Scope, limit: int) -> list[Exam]:
    """Exams of these patients inside the scope, newest first."""
    query = (
        sa.select(exam)
        .where(exam.c.patient_id.in_(sorted(keys)), scope.clause(exam.c.site_code, exam.c.kind))
        .order_by(exam.c.received_at.desc())
        .limit(limit)
    )
    return [read(r) for r in conn.execute(query).mappings()]


def _values(one: Exam) -> dict[str, Any]:
    values = asdict(one)
    values["flags"] = list(one.flags)
    values["priority"] = priority(one.urgency, one.severity, one.screening)
    return values


def read(row: Any) -> Exam:
    """An exam from its row."""
    values = {k: v for k, v in row.items() if k != "priority"}
    return Exam(
        **{
            **values,
            "kind": ExamKind(values["kind"]),
            "state": ExamState(values["state"]),
            "urgency": Urgency(values["urgency"]),
            "severity": Severity(values["severity"]) if values["severity"] else None,
            "screening": ScreeningStatus(values["screening"]),
            "flags": tuple(values["flags"]),
        }
    )
