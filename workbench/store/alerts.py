"""Critical values and the steps taken; a step is only ever added."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.alert import OPEN_ALERTS, AlertState, CriticalAlert
from workbench.domain.errors import NotFound, Stale
from workbench.store import notices
from workbench.store.schema import alert, alert_step, exam
from workbench.store.sites import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStep:
    """One step: what, who, when, and the words that go with it."""

    alert_id: str
    move: str
    actor: str
    at: datetime
    detail: Mapping[str, Any]


def add(conn: sa.Connection, new: CriticalAlert) -> bool:
    """Add a critical value; False when this code is already on this exam."""
    done = conn.execute(
        insert(alert)
        .values(**asdict(new))
        .on_conflict_do_nothing(index_elements=["exam_id", "code"])
        .returning(alert.c.id)
    ).first()
    if done is not None:
        notices.tell(conn, "alert", new.id)
    return done is not None


def get(conn: sa.Connection, key: str, *, lock: bool = True) -> CriticalAlert:
    """One critical value."""
    query = sa.select(alert).where(alert.c.id == key)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("critical alert", key)
    return _read(row)


def move(conn: sa.Connection, before: CriticalAlert, after: CriticalAlert) -> None:
    """Write `after`, but only if the row is still as `before` says."""
    held = (alert.c.id == before.id) & (alert.c.state == before.state.value)
    done = conn.execute(
        alert.update().where(held).values(state=after.state.value, due_at=after.due_at)
    )
    if done.rowcount != 1:
        raise Stale("critical alert", before.id)
    notices.tell(conn, "alert", before.id)


def note_step(conn: sa.Connection, new: AlertStep) -> None:
    """Add a step to the register."""
    conn.execute(alert_step.insert().values(**asdict(new)))


def steps(conn: sa.Connection, alert_id: str) -> list[AlertStep]:
    """The register of one critical value, oldest first."""
    query = sa.select(alert_step).where(alert_step.c.alert_id == alert_id).order_by(alert_step.c.id)
    return [
        AlertStep(alert_id=r.alert_id, move=r.move, actor=r.actor, at=r.at, detail=r.detail)
        for r in conn.execute(query)
    ]


def of_exam(conn: sa.Connection, exam_id: str) -> list[CriticalAlert]:
    """Critical values of an exam."""
    query = sa.select(alert).where(alert.c.exam_id == exam_id).order_by(alert.c.detected_at)
    return [_read(r) for r in conn.execute(query).mappings()]


def open_ones(
    conn: sa.Connection, scope: Scope, states: frozenset[AlertState] = OPEN_ALERTS
) -> list[CriticalAlert]:
    """Critical values of these institutions that still need a step, nearest deadline first."""
    rows = conn.execute(
        sa.select(alert)
        .join(exam, exam.c.id == alert.c.exam_id)
        .where(
            scope.clause(exam.c.site_code, exam.c.kind),
            alert.c.state.in_([s.value for s in states]),
        )
        .order_by(alert.c.due_at)
        .limit(200)
    )
    return [_read(r) for r in rows.mappings()]


def recent(conn: sa.Connection, site_code: str, since: datetime) -> list[CriticalAlert]:
    """Confirmed critical values of one institution: all not acknowledged, the others since a time.

    Those that still need an answer come first, then the newest.
    """
    told = alert.c.state.in_([AlertState.CONFIRMED, AlertState.NOTIFIED])
    answered = (alert.c.state == AlertState.ACKNOWLEDGED) & (alert.c.detected_at >= since)
    rows = conn.execute(
        sa.select(alert)
        .where(alert.c.site_code == site_code, told | answered)
        .order_by(told.desc(), alert.c.detected_at.desc())
        .limit(100)
    )
    return [_read(r) for r in rows.mappings()]


def _read(row: Any) -> CriticalAlert:
    return CriticalAlert(**{**row, "state": AlertState(row["state"])})
