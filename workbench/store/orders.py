"""Requests for exams."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.errors import NotFound, Stale
from workbench.domain.exam import ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Known, Order, Urgency
from workbench.store.schema import clinic_order, exam
from workbench.store.schema_exams import OPEN


def add(conn: sa.Connection, new: Order) -> None:
    """Write a request."""
    conn.execute(clinic_order.insert().values(**asdict(new)))


def get(conn: sa.Connection, key: str, *, lock: bool = False) -> Order:
    """One request; whoever also locks its exam locks that first."""
    query = sa.select(clinic_order).where(clinic_order.c.id == key)
    if lock:
        query = query.with_for_update()
    row = conn.execute(query).mappings().first()
    if row is None:
        raise NotFound("order", key)
    return _read(row)


def queue_up(conn: sa.Connection, site_code: str, kind: ExamKind, accession: str) -> None:
    """Let a request and an exam of one accession number pass one after the other, to the commit.

    Neither sees the other's row before; taken before any exam that others can see is locked.
    """
    name = sa.func.hashtext(f"accession:{site_code}:{kind.value}:{accession}")
    conn.execute(sa.select(sa.func.pg_advisory_xact_lock(name)))


def arrived_for(conn: sa.Connection, site_code: str, kind: ExamKind, accession: str) -> str | None:
    """The one unread exam of an institution that came under this accession without a request.

    Locked, like every exam that an act is about.
    """
    query = sa.select(exam.c.id).where(
        OPEN,
        exam.c.state.in_([ExamState.RECEIVED.value, ExamState.WAITING.value]),
        exam.c.site_code == site_code,
        exam.c.kind == kind.value,
        exam.c.accession == accession,
        exam.c.order_id.is_(None),
    )
    query = query.order_by(exam.c.id).limit(2).with_for_update()
    found = conn.execute(query).scalars().all()
    return found[0] if len(found) == 1 else None


def waiting_for(
    conn: sa.Connection, site_code: str, kind: ExamKind, accession: str
) -> Order | None:
    """The one unattached request of an institution with this accession number, if exactly one.

    Locked: another exam that joins it, and its correction, are waited for.
    """
    if not accession:
        return None
    rows = (
        conn.execute(
            sa.select(clinic_order)
            .where(
                clinic_order.c.site_code == site_code,
                clinic_order.c.kind == kind.value,
                clinic_order.c.accession == accession,
                clinic_order.c.exam_id.is_(None),
            )
            .order_by(clinic_order.c.id)
            .with_for_update()
        )
        .mappings()
        .all()
    )
    return _read(rows[0]) if len(rows) == 1 else None


def of_site(
    conn: sa.Connection, site_code: str, since: datetime, *, unattached: bool = False
) -> list[Order]:
    """Requests of an institution, newest first."""
    query = (
        sa.select(clinic_order)
        .where(clinic_order.c.site_code == site_code, clinic_order.c.created_at >= since)
        .order_by(clinic_order.c.created_at.desc())
        .limit(200)
    )
    if unattached:
        query = query.where(clinic_order.c.exam_id.is_(None))
    return [_read(r) for r in conn.execute(query).mappings()]


def attach(conn: sa.Connection, order_id: str, exam_id: str) -> None:
    """Join a free request and a free exam."""
    free = clinic_order.c.exam_id.is_(None)
    done = conn.execute(
        clinic_order.update().where(clinic_order.c.id == order_id, free).values(exam_id=exam_id)
    )
    if done.rowcount != 1:
        raise Stale("order", order_id)
    done = conn.execute(
        exam.update()
        .where(exam.c.id == exam_id, exam.c.order_id.is_(None))
        .values(order_id=order_id)
    )
    if done.rowcount != 1:
        raise Stale("exam", exam_id)


def correct(conn: sa.Connection, new: Order) -> None:
    """Write what a clinic may correct in a request: symptoms, potassium, urgency."""
    done = conn.execute(
        clinic_order.update()
        .where(clinic_order.c.id == new.id)
        .values(
            chest_pain=new.chest_pain.value, syncope=new.syncope.value, potassium=new.potassium,
            urgency=new.urgency.value,
        )
    )  # fmt: skip
    if done.rowcount != 1:
        raise NotFound("order", new.id)


def _read(row: Any) -> Order:
    values = dict(row)
    return Order(
        **{
            **values,
            "kind": ExamKind(values["kind"]),
            "chest_pain": Known(values["chest_pain"]),
            "syncope": Known(values["syncope"]),
            "urgency": Urgency(values["urgency"]),
        }
    )
