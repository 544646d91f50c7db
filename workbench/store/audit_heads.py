"""The heads of the audit chains, kept outside the database: one file a day, one line per chain.

Whoever keeps copies of these files elsewhere can prove later that no row was changed or cut off.
"""

import json
import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from workbench.domain.errors import WorkbenchError
from workbench.store import audit
from workbench.store.audit import Head

FOLDER = "audit-heads"
_HASH = re.compile(r"[0-9a-f]{64}")


class BadHeads(WorkbenchError):
    """A file of heads that cannot be read; never passed over in silence."""


def write_heads(conn: sa.Connection, outbox: Path, now: datetime) -> Path:
    """Append every head that moved since the file of the day (UTC) named it; durable on return."""
    folder = outbox / FOLDER
    outbox.mkdir(mode=0o750, parents=True, exist_ok=True)  # else open to every account
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{now.astimezone(UTC):%Y-%m-%d}.jsonl"
    old = _heads_of(path) if path.exists() else []
    known = {(head.chain, head.seq, head.hash) for head in old}
    now_at = audit.heads(conn, now)
    moved = [head for head in now_at if (head.chain, head.seq, head.hash) not in known]
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".partial")
    with os.fdopen(handle, "w", encoding="utf-8") as file:  # whole or not at all, never half a line
        file.writelines(_line(head) for head in [*old, *moved])
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return path


def read_heads(folder: Path) -> list[Head]:
    """Every head in the files of a folder, oldest file first."""
    return [head for path in sorted(folder.glob("*.jsonl")) for head in _heads_of(path)]


def _heads_of(path: Path) -> list[Head]:
    heads = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        head = _parsed(line)
        if head is None:
            raise BadHeads(
                f"{path.name} line {number} is not a head: {line[:80]!r}. The workbench writes "
                "this file whole or not at all: compare it with the copy kept elsewhere."
            )
        heads.append(head)
    return heads


def _parsed(line: str) -> Head | None:
    try:
        row = json.loads(line)
        head = Head(row["chain"], row["seq"], row["hash"], datetime.fromisoformat(row["at"]))
        sound = isinstance(head.chain, str) and type(head.seq) is int and head.at.tzinfo
        return head if sound and _HASH.fullmatch(head.hash) else None
    except (ValueError, TypeError, KeyError):
        return None


def _line(head: Head) -> str:
    at = head.at.astimezone(UTC).isoformat()
    row = {"chain": head.chain, "seq": head.seq, "hash": head.hash, "at": at}
    return json.dumps(row, ensure_ascii=False) + "\n"
