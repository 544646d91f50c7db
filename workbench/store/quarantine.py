"""What could not be filed: files of unknown senders, and files no reader could read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound, Stale
from workbench.store.instances import Part
from workbench.store.schema import quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Files kept aside until a person decides."""

    id: str
    source: str
    reason: str
    parts: tuple[Part, ...]
    sha256: str
    received_at: datetime
    settled_at: datetime | None = None
    settled_by: str | None = None
    outcome: str | None = None
    filing_site: str | None = None  # set while the worker files it there
    filing_by: str | None = None
    filing_at: datetime | None = None
    refused: str = ""  # why the last attempt failed


def hold(conn: sa.Connection, new: Held) -> bool:
    """Keep files aside; False when the same bytes from the same source already lie there."""
    done = conn.execute(
        insert(quarantine)
        .values(
            id=new.id,
            source=new.source,
            reason=new.reason,
            parts=_plain(new.parts),
            sha256=new.sha256,
            received_at=new.received_at,
        )
        .on_conflict_do_nothing(index_elements=["sha256", "source"])
        .returning(quarantine.c.id)
    ).first()
    return done is not None


def waiting(conn: sa.Connection) -> list[Held]:
    """What nobody has decided on, oldest first."""
    query = sa.select(quarantine).where(quarantine.c.settled_at.is_(None))
    rows = conn.execute(query.order_by(quarantine.c.received_at).limit(500)).mappings()
    return [_held(r) for r in rows]


def get(conn: sa.Connection, key: str, *, lock: bool = False) -> Held:
    """One held file; `lock` holds its row until the commit."""
    query = sa.select(quarantine).where(quarantine.c.id == key)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("held file", key)
    return _held(row)


def settle(conn: sa.Connection, key: str, by: str, at: datetime, outcome: str) -> None:
    """Write a person's decision."""
    undecided = (quarantine.c.id == key) & quarantine.c.settled_at.is_(None)
    values = {"settled_at": at, "settled_by": by, "outcome": outcome}
    if conn.execute(quarantine.update().where(undecided).values(**values)).rowcount != 1:
        raise Stale("held file", key)


def ask_filing(conn: sa.Connection, key: str, by: str, at: datetime, site_code: str) -> None:
    """Somebody wants these files filed under an institution; the worker will do it."""
    undecided = (quarantine.c.id == key) & quarantine.c.settled_at.is_(None)
    values = {"filing_site": site_code, "filing_by": by, "filing_at": at, "refused": ""}
    if conn.execute(quarantine.update().where(undecided).values(**values)).rowcount != 1:
        raise Stale("held file", key)


def refuse_filing(conn: sa.Connection, key: str, reason: str) -> None:
    """The files could not be filed and wait again, with the reason."""
    values = {"filing_site": None, "filing_by": None, "filing_at": None, "refused": reason}
    conn.execute(quarantine.update().where(quarantine.c.id == key).values(**values))


def decided(conn: sa.Connection, since: datetime, limit: int = 20) -> list[Held]:
    """What was decided lately, newest first."""
    query = sa.select(quarantine).where(quarantine.c.settled_at >= since)
    rows = conn.execute(query.order_by(quarantine.c.settled_at.desc()).limit(limit)).mappings()
    return [_held(r) for r in rows]


def _plain(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [{"name": p.name, "sha256": p.sha256, "size": p.size} for p in parts]


def _parts(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**r) for r in rows)


def _held(row: Any) -> Held:
    return Held(**{**row, "parts": _parts(row["parts"])})
