"""Time stamps of an exam; rows are only ever added."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from workbench.domain.event import ONCE, Clock, Event, EventKind
from workbench.store.schema import event

_ADD = event.insert()
_ONCE = tuple(sorted(kind.value for kind in ONCE))
_DONE = sa.select(event.c.kind).where(
    event.c.exam_id == sa.bindparam("of_exam"), event.c.kind.in_(_ONCE)
)


def stamp(conn: sa.Connection, new: Event) -> bool:
    """Add a stamp; kinds that happen once are kept at their first time (then False)."""
    return stamp_all(conn, [new]) == 1


def stamp_all(conn: sa.Connection, new: Sequence[Event]) -> int:
    """Add stamps of one exam, as `stamp` does each; how many were added."""
    done: set[str] = set()
    if any(each.kind in ONCE for each in new):
        done.update(conn.execute(_DONE, {"of_exam": new[0].exam_id}).scalars())
    rows = []
    for each in new:
        if each.exam_id != new[0].exam_id:
            raise ValueError(f"stamps of {each.exam_id} among those of {new[0].exam_id}")
        if each.kind.value not in done:
            rows.append(
                {
                    "exam_id": each.exam_id, "kind": each.kind.value, "at": each.at,
                    "actor": each.actor, "site_code": each.site_code, "clock": each.clock.value,
                }
            )  # fmt: skip
        if each.kind in ONCE:
            done.add(each.kind.value)
    if rows:
        conn.execute(_ADD, rows)
    return len(rows)


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
