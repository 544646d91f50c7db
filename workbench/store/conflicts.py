"""UIDs that came twice with other bytes, and what people decided about them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.conflict import Newcomer, Settlement
from workbench.domain.errors import NotFound, Stale
from workbench.domain.kinds import ExamKind
from workbench.store.instances import Part
from workbench.store.schema import conflict, exam, instance
from workbench.store.sites import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """The same UID from the same institution with other bytes; `instance_id` came first."""

    id: str
    site_code: str
    uid: str
    instance_id: str
    parts: tuple[Part, ...]
    sha256: str
    source: str
    received_at: datetime
    newcomer: Newcomer | None = None  # None until the worker has read the file
    settled_at: datetime | None = None
    settled_by: str | None = None
    settlement: Settlement | None = None
    reason: str = ""
    filed_under: str | None = None  # the exam, when the later file was filed


def note(conn: sa.Connection, new: Conflict) -> bool:
    """Keep the other bytes for a person; False when these bytes are already noted."""
    done = conn.execute(
        insert(conflict)
        .values(
            id=new.id,
            site_code=new.site_code,
            uid=new.uid,
            instance_id=new.instance_id,
            parts=[asdict(p) for p in new.parts],
            sha256=new.sha256,
            source=new.source,
            received_at=new.received_at,
        )
        .on_conflict_do_nothing(index_elements=["instance_id", "sha256"])
        .returning(conflict.c.id)
    ).first()
    return done is not None


def get(conn: sa.Connection, key: str, *, lock: bool = False) -> Conflict:
    """One conflict; `lock` holds its row until the commit."""
    query = sa.select(conflict).where(conflict.c.id == key)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("conflict", key)
    return _read(row)


def of_bytes(conn: sa.Connection, instance_id: str, sha256: str) -> Conflict | None:
    """What was noted about these bytes."""
    where = (conflict.c.instance_id == instance_id) & (conflict.c.sha256 == sha256)
    row = conn.execute(sa.select(conflict).where(where)).mappings().first()
    return None if row is None else _read(row)


def describe(conn: sa.Connection, key: str, newcomer: Newcomer) -> None:
    """Write what the later file says."""
    said = {f.name: getattr(newcomer, f.name) for f in fields(newcomer)}
    plain = {**said, "header": dict(newcomer.header), "patient": dict(newcomer.patient)}
    conn.execute(conflict.update().where(conflict.c.id == key).values(newcomer=plain))


def settle(conn: sa.Connection, decided: Conflict) -> None:
    """Write a person's decision, once."""
    undecided = (conflict.c.id == decided.id) & conflict.c.settled_at.is_(None)
    done = conn.execute(
        conflict.update()
        .where(undecided)
        .values(
            settled_at=decided.settled_at,
            settled_by=decided.settled_by,
            settlement=decided.settlement,
            reason=decided.reason,
            filed_under=decided.filed_under,
        )
    )
    if done.rowcount != 1:
        raise Stale("conflict", decided.id)


def waiting(conn: sa.Connection, scope: Scope | None, limit: int = 200) -> list[Conflict]:
    """Conflicts nobody has decided on, oldest first; None is for lists without patients."""
    query = (
        sa.select(conflict)
        .join(instance, instance.c.id == conflict.c.instance_id)
        .join(exam, exam.c.id == instance.c.exam_id)
        .where(conflict.c.settled_at.is_(None))
        .order_by(conflict.c.received_at)
        .limit(limit)
    )
    if scope is not None:
        query = query.where(scope.clause(exam.c.site_code, exam.c.kind))
    return [_read(r) for r in conn.execute(query).mappings()]


def open_on(conn: sa.Connection, exam_id: str) -> int:
    """How many conflicts of an exam's files nobody has decided on."""
    query = (
        sa.select(sa.func.count())
        .select_from(conflict)
        .join(instance, instance.c.id == conflict.c.instance_id)
        .where(instance.c.exam_id == exam_id, conflict.c.settled_at.is_(None))
    )
    return int(conn.execute(query).scalar_one())


def _read(row: Any) -> Conflict:
    said = row["newcomer"]
    return Conflict(
        **{
            **row,
            "parts": _parts(row["parts"]),
            "newcomer": None if said is None else _newcomer(said),
            "settlement": Settlement(row["settlement"]) if row["settlement"] else None,
        }
    )


def _parts(rows: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(Part(**r) for r in rows)


def _newcomer(said: Mapping[str, Any]) -> Newcomer:
    return Newcomer(**{**said, "kind": ExamKind(said["kind"]), "flags": tuple(said["flags"])})
