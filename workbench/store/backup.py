"""A backup: the rows as of one moment, every blob they stand on, and a manifest of digests.

A folder of backups holds one pool of blobs, shared and only ever added to, and one folder per
backup. The rows are dumped before the blobs are copied, and a blob is stored before its row and
never deleted, so nothing a row names can be missing.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.pool import NullPool

from workbench.domain.errors import WorkbenchError
from workbench.settings import Settings
from workbench.store import audit, embedded, homes, migrate, postgres
from workbench.store.audit_heads import FOLDER as HEADS
from workbench.store.blobs import Blobs, chunks, stored, sync_folder
from workbench.store.database import address

FORMAT = 1
MANIFEST, DUMP, LIST, POOL = "manifest.json", "database.dump", "blobs.txt", "blobs"


class BackupFailed(WorkbenchError):
    """No backup, or not the one that was meant; the home itself is as it was."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What one backup holds and what it cost; `faults` names blobs that were already damaged."""

    folder: Path
    dump_bytes: int
    blobs: int
    added: int
    added_bytes: int
    linked: bool  # on the disk of the home itself: no help when that disk dies
    faults: tuple[str, ...]


def backup(settings: Settings, target: Path, now: datetime) -> BackupReport:
    """Add a backup of this home to the folder `target`; a failed one leaves no folder behind."""
    final = target / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if final.exists():
        raise BackupFailed(f"{final} is there already; wait a second, or choose another folder.")
    partial = target / f".{final.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    try:
        kept = settings.outbox / HEADS
        if kept.is_dir():  # before the rows: no head may name a row the dump does not hold
            shutil.copytree(kept, partial / HEADS)
        with embedded.held(settings) as home:
            facts = _dump(home.owner_dsn, partial / DUMP)
        added = _pool(settings, target / POOL, partial / LIST)
        facts |= {"format": FORMAT, "made_at": now.astimezone(UTC).isoformat()}
        facts["files"] = {
            str(path.relative_to(partial)): digest(path)
            for path in sorted(partial.rglob("*"))
            if path.is_file()
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
        (partial / MANIFEST).write_text(text + "\n", "utf-8")
        for path in (*partial.rglob("*"), partial):
            sync_folder(path)
        partial.rename(final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    sync_folder(target)
    return BackupReport(final, (final / DUMP).stat().st_size, **added)


def backups(target: Path) -> list[Path]:
    """The finished backups in a folder, oldest first."""
    return sorted(path.parent for path in target.glob(f"*Z/{MANIFEST}"))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def client(dsn: str, name: str, server: int, *arguments: str) -> None:
    """Run pg_dump or pg_restore on a database; the password travels where `ps` cannot see it."""
    parts = conninfo_to_dict(dsn)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    if password := parts.pop("password", None):
        environment["PGPASSWORD"] = str(password)
    address_only = make_conninfo(**{key: str(value) for key, value in parts.items()})
    done = subprocess.run(
        [
            str(postgres.program(name, server // 10_000)),
            f"--dbname={address_only}",
            "--no-password",
            *arguments,
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=environment,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{name} ended with {done.returncode}: {done.stderr.strip()[-800:]}")


def server_version(conn: sa.Connection) -> int:
    """The server's version number, as 180004."""
    return int(conn.execute(sa.text("SHOW server_version_num")).scalar_one())


def _dump(dsn: str, path: Path) -> dict[str, Any]:
    """Write the rows of one moment; the facts returned are of the same moment."""
    engine = sa.create_engine(address(dsn), poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as conn:
        missing = migrate.pending(conn)
        if missing:
            raise BackupFailed(f"The database still needs {', '.join(missing)}; migrate it first.")
        moment = conn.execute(sa.text("SELECT pg_export_snapshot(), now()")).one()
        server = server_version(conn)
        arguments = ("--format=custom", "--no-owner", f"--snapshot={moment[0]}", f"--file={path}")
        client(dsn, "pg_dump", server, *arguments)
        return {
            "versions": {
                "workbench": _own_version(),
                "postgres": server,
                "procrastinate": version("procrastinate"),
                "migration": migrate.current(conn),
            },
            "nature": homes.nature(conn),
            "heads": [
                {"chain": head.chain, "seq": head.seq, "hash": head.hash}
                for head in audit.heads(conn, moment[1])
            ],
        }


def _pool(settings: Settings, pool: Path, listing: Path) -> Mapping[str, Any]:
    """Bring every blob the pool does not have, and list what belongs to this backup."""
    keeper = Blobs(pool, settings.free_floor_mb)
    linked = _same_disk(settings.blobs, pool.parent)
    count = added = added_bytes = 0
    faults: list[str] = []
    with listing.open("w", encoding="ascii") as lines:
        for path in stored(settings.blobs):
            size, there = path.stat().st_size, keeper.path(path.name)
            if not (there.is_file() and there.stat().st_size == size):
                if digest(path) != path.name:
                    faults.append(f"blob {path.name}: its bytes are not what was stored")
                    continue
                _bring(keeper, path, linked=linked)
                added, added_bytes = added + 1, added_bytes + size
            count += 1
            lines.write(f"{path.name} {size}\n")
    return {
        "blobs": count,
        "added": added,
        "added_bytes": added_bytes,
        "linked": linked,
        "faults": tuple(faults),
    }


def _bring(keeper: Blobs, path: Path, *, linked: bool) -> None:
    there = keeper.path(path.name)
    if linked:
        there.unlink(missing_ok=True)  # only one of another size is there
        there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.link(path, there)
        sync_folder(there.parent)
        return
    keeper.put(chunks(path))


def _same_disk(one: Path, other: Path) -> bool:
    return one.exists() and one.stat().st_dev == other.stat().st_dev


def _own_version() -> str:
    try:
        return version("county-reading-workbench")
    except PackageNotFoundError:
        return "source"
