"""Who did what, in chains of rows that each hash the one before; one chain per institution.

A chain proves nothing against somebody who can rewrite all of it, so its head leaves the database
every day (`store.audit_heads`); `verify` compares with every head that was kept.
"""

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Invalid
from workbench.store.schema import audit, audit_head

SYSTEM = "_system"
GENESIS = "0" * 64
_EXACT = 2**53  # beyond it PostgreSQL and Python write the same float with different digits
_BATCH = 5_000
_LOCKED = (
    sa.select(audit_head.c.seq, audit_head.c.hash)
    .where(audit_head.c.chain == sa.bindparam("of_chain"))
    .with_for_update()
)
_ADD = audit.insert()
_MOVED = audit_head.update().where(audit_head.c.chain == sa.bindparam("of_chain"))


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain had come at some time."""

    chain: str
    seq: int
    hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where a chain is not what it was: changed, gap, broken, cut, rewritten, extra.

    `object` names the report, when it is not the chain but what the chain says was signed.
    """

    chain: str
    seq: int
    kind: str
    message: str
    object: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain as it was recomputed: its rows, and the heads kept outside that were compared."""

    chain: str
    rows: int
    heads: int
    faults: list[Fault]


def note(  # noqa: PLR0913 - the columns of a row, by name
    conn: sa.Connection,
    now: datetime,
    *,
    chain: str,
    actor: str,
    act: str,
    object: str,  # noqa: A002 - the column's name
    detail: Mapping[str, Any] | None = None,
) -> int:
    """Add a row to a chain and return its number; the chain is locked until we commit.

    An act notes last and on one chain only: two chains in two orders could wait for each other.
    """
    row = {
        "chain": chain,
        "at": now,
        "actor": actor,
        "act": act,
        "object": object,
        "detail": _plain(dict(detail or {})),
    }
    ours = {"of_chain": chain}
    head = conn.execute(_LOCKED, ours).one_or_none()
    if head is None:
        first = insert(audit_head).values(chain=chain, seq=0, hash=GENESIS)
        conn.execute(first.on_conflict_do_nothing())
        head = conn.execute(_LOCKED, ours).one()
    seq = head.seq + 1
    digest = digest_of(head.hash, {**row, "seq": seq})
    conn.execute(_ADD, {**row, "seq": seq, "previous": head.hash, "hash": digest})
    conn.execute(_MOVED, {**ours, "seq": seq, "hash": digest})
    return int(seq)


def details(conn: sa.Connection, act: str, object: str) -> list[Mapping[str, Any]]:  # noqa: A002 - the column's name
    """What was noted of an act on an object, oldest first."""
    columns = audit.c
    query = sa.select(columns.detail).where(columns.act == act, columns.object == object)
    return list(conn.execute(query.order_by(columns.at, columns.seq)).scalars())


def digest_of(previous: str, row: Mapping[str, Any]) -> str:
    """The hash of a row: over the hash before it and the row's canonical JSON."""
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    facts = [row[name] for name in ("chain", "seq", "actor", "act", "object")]
    text = json.dumps(
        [previous, *facts, at, row["detail"]],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(text.encode()).hexdigest()


def heads(conn: sa.Connection, now: datetime) -> list[Head]:
    """How far every chain has come."""
    rows = conn.execute(sa.select(audit_head).order_by(audit_head.c.chain))
    return [Head(row.chain, row.seq, row.hash, now) for row in rows]


def verify(
    conn: sa.Connection, chain: str | None = None, heads: Iterable[Head] = ()
) -> list[Fault]:
    """Faults of one chain or all; none when everything is as it was."""
    return [fault for each in recompute(conn, chain, heads) for fault in each.faults]


def recompute(
    conn: sa.Connection, chain: str | None = None, heads: Iterable[Head] = ()
) -> list[Chain]:
    """Recompute one chain or all, and compare with the heads that left the database."""
    before = _lock_rows(conn, chain)
    kept: dict[str, dict[int, set[str]]] = {}
    for head in heads:
        if chain in (None, head.chain):
            kept.setdefault(head.chain, {}).setdefault(head.seq, set()).add(head.hash)
    outside = {name: sum(map(len, seqs.values())) for name, seqs in kept.items()}
    for name, (seq, digest) in before.items():
        if seq:  # a head says also what the table beside the rows says
            kept.setdefault(name, {}).setdefault(seq, set()).add(digest)
    faults: list[Fault] = []
    reached: dict[str, int] = {}
    counts: dict[str, int] = {}
    for name, rows in _by_chain(conn, chain):
        walk = _Walk(name, kept.get(name, {}))
        for row in rows:
            walk.step(row)
        faults += walk.faults
        reached[name], counts[name] = walk.seq, walk.rows
    after = _lock_rows(conn, chain)
    for name, seqs in kept.items():
        faults += [
            _cut(name, seq, reached.get(name, 0)) for seq in seqs if seq > reached.get(name, 0)
        ]
    for name, last in reached.items():
        counted = after.get(name, (0, GENESIS))[0]
        if last > counted:
            message = f"rows go on to {last} but the chain was only counted to {counted}"
            faults.append(Fault(name, last, "extra", message))
    faults.sort(key=lambda fault: (fault.chain, fault.seq))
    return [
        Chain(
            chain=name, rows=counts.get(name, 0), heads=outside.get(name, 0),
            faults=[fault for fault in faults if fault.chain == name],
        )
        for name in sorted({*kept, *reached})
    ]  # fmt: skip


class _Walk:
    """One pass along a chain, remembering what the row before said."""

    def __init__(self, chain: str, kept: Mapping[int, Collection[str]]) -> None:
        self.faults: list[Fault] = []
        self.seq = self.rows = 0
        self._chain = chain
        self._previous = GENESIS
        self._kept = kept

    def step(self, row: Mapping[str, Any]) -> None:
        """Check the next row against the one before and the heads kept for it."""
        seq = row["seq"]
        self.rows += 1
        if seq != self.seq + 1:
            self._fault(seq, "gap", f"row {self.seq + 1} should come here; row {seq} does")
        elif row["previous"] != self._previous:
            self._fault(seq, "broken", "it does not follow from the row before it")
        if digest_of(row["previous"], row) != row["hash"]:
            self._fault(seq, "changed", "its content does not match its hash")
        if any(digest != row["hash"] for digest in self._kept.get(seq, ())):
            self._fault(seq, "rewritten", "a head that was kept names another hash for this row")
        self.seq, self._previous = seq, row["hash"]

    def _fault(self, seq: int, kind: str, message: str) -> None:
        self.faults.append(Fault(self._chain, seq, kind, message))


def _by_chain(
    conn: sa.Connection, chain: str | None
) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    names = sa.select(audit.c.chain).distinct().order_by(audit.c.chain)
    if chain is not None:
        names = names.where(audit.c.chain == chain)
    columns = [column.name for column in audit.columns]
    for name in conn.execute(names).scalars().all():
        query = sa.select(audit).where(audit.c.chain == name).order_by(audit.c.seq)
        with conn.execute(query.execution_options(yield_per=_BATCH)) as found:
            yield name, (dict(zip(columns, row, strict=True)) for row in found)


def _lock_rows(conn: sa.Connection, chain: str | None) -> dict[str, tuple[int, str]]:
    query = sa.select(audit_head)
    if chain is not None:
        query = query.where(audit_head.c.chain == chain)
    return {row.chain: (row.seq, row.hash) for row in conn.execute(query)}


def _cut(chain: str, seq: int, last: int) -> Fault:
    return Fault(chain, seq, "cut", f"a head names row {seq}, but the chain ends at {last}")


def _plain(value: Any) -> Any:
    """The value as PostgreSQL's JSON will give it back, or a refusal: the hash holds for ever."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return _text(value)
        case float():
            if not math.isfinite(value) or abs(value) >= _EXACT:
                raise Invalid("audit detail", value, f"a number smaller than {_EXACT}")
            return int(value) if value.is_integer() else value
        case Mapping():
            return {_key(key): _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    raise Invalid("audit detail", type(value).__name__, "text, numbers, yes/no, lists and tables")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise Invalid("audit detail", repr(key), "text as names")
    return _text(key)


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Invalid("audit detail", ascii(value[:40]), "whole Unicode characters") from None
    if "\0" in value:
        raise Invalid("audit detail", ascii(value[:40]), "text without NUL")
    return str(value)
