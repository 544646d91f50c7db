"""When each part of the house was last alive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.store.schema import heartbeat


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of one part."""

    part: str
    at: datetime
    detail: Mapping[str, Any]


def beat(
    conn: sa.Connection, part: str, now: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Note that a part is alive; the latest word stands."""
    row = insert(heartbeat).values(part=part, at=now, detail=dict(detail or {}))
    latest = {"at": row.excluded.at, "detail": row.excluded.detail}
    conn.execute(row.on_conflict_do_update(index_elements=["part"], set_=latest))


def read(conn: sa.Connection) -> dict[str, Beat]:
    """The last sign of life of every part, by name."""
    rows = conn.execute(sa.select(heartbeat)).mappings()
    return {row["part"]: Beat(row["part"], row["at"], row["detail"]) for row in rows}
