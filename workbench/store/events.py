"""Time stamps of an exam; rows are only ever added."""

from datetime import datetime

import sqlalchemy as sa

from workbench.domain.event import ONCE, Clock, Event, EventKind
from workbench.store.schema import event


def stamp(conn: sa.Connection, new: Event) -> bool:
    """Add a stamp; kinds that happen once are kept at their first time (then False)."""
    if new.kind in ONCE:
        where = (event.c.exam_id == new.exam_id) & (event.c.kind == new.kind.value)
        if conn.execute(sa.select(event.c.id).where(where).limit(1)).first() is not None:
            return False
    conn.execute(
        event.insert().values(
            exam_id=new.exam_id,
            kind=new.kind.value,
            at=new.at,
            actor=new.actor,
            site_code=new.site_code,
            clock=new.clock.value,
        )
    )
    return True


def of_exam(conn: sa.Connection, exam_id: str) -> list[Event]:
    """All stamps of an exam, oldest first."""
    query = sa.select(event).where(event.c.exam_id == exam_id).order_by(event.c.at, event.c.id)
    return [
        Event(
            exam_id=r.exam_id,
            kind=EventKind(r.kind),
            at=r.at,
            actor=r.actor,
            site_code=r.site_code,
            clock=Clock(r.clock),
        )
        for r in conn.execute(query)
    ]


def first(conn: sa.Connection, exam_id: str, kind: EventKind) -> datetime | None:
    """When something happened first."""
    where = (event.c.exam_id == exam_id) & (event.c.kind == kind.value)
    return conn.execute(sa.select(sa.func.min(event.c.at)).where(where)).scalar()
