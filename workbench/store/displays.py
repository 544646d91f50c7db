"""Displays a person has measured: device pixels per millimetre."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.store.schema import display_calibration as table


def measured(conn: sa.Connection, username: str) -> Mapping[str, float]:
    """Device pixels per millimetre by display, of one person."""
    query = sa.select(table.c.display, table.c.px_per_mm).where(table.c.username == username)
    return {row.display: row.px_per_mm for row in conn.execute(query)}


def keep(
    conn: sa.Connection, username: str, display: str, px_per_mm: float, now: datetime, most: int
) -> None:
    """Remember the last measurement of a display; the oldest go when there are more than `most`."""
    values = {"px_per_mm": px_per_mm, "at": now}
    new = insert(table).values(username=username, display=display, **values)
    conn.execute(
        new.on_conflict_do_update(index_elements=[table.c.username, table.c.display], set_=values)
    )
    own = table.c.username == username
    newest = (
        sa.select(table.c.display)
        .where(own)
        .order_by(table.c.at.desc(), table.c.display)
        .limit(most)
    )
    conn.execute(table.delete().where(own, table.c.display.not_in(newest)))
