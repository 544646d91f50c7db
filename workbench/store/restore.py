"""Bring a backup into an empty home and prove that it is whole."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from workbench.settings import Settings
from workbench.store import audit, audit_heads, backup, blob_use, embedded, homes, migrate, schema
from workbench.store.audit import Head
from workbench.store.backup import DUMP, FORMAT, LIST, MANIFEST, POOL, BackupFailed
from workbench.store.blobs import Blobs, chunks, stored
from workbench.store.database import address


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What was brought back; `faults` is empty only if everything was found whole."""

    source: Path
    made_at: datetime
    nature: str | None
    blobs: int
    audit_rows: int
    faults: tuple[str, ...]


def restore(settings: Settings, source: Path) -> RestoreReport:
    """Bring one backup (or the newest of a folder) into a home that holds nothing yet."""
    source = _chosen(source)
    manifest = _checked(source)
    _refuse_used(settings)
    blobs = Blobs(settings.blobs, settings.free_floor_mb)
    with embedded.held(settings) as home:
        _load(home.owner_dsn, source / DUMP)
        count, faults = _bring_blobs(source, blobs)
        heads = source / audit_heads.FOLDER
        if heads.is_dir():
            shutil.copytree(heads, settings.outbox / audit_heads.FOLDER)
        migrate.upgrade(home.owner_dsn)
        engine = sa.create_engine(address(home.owner_dsn), poolclass=NullPool)
        with engine.connect() as conn:
            faults += _compare(conn, manifest, audit_heads.read_heads(heads))
            faults += [
                f"blob {name}: a row names it, the backup does not hold it"
                for name in blob_use.used(conn)
                if not blobs.path(name).is_file()
            ]
            rows = conn.execute(sa.select(sa.func.count()).select_from(schema.audit)).scalar_one()
            nature = homes.nature(conn)
    made_at = datetime.fromisoformat(manifest["made_at"])
    return RestoreReport(source, made_at, nature, count, rows, tuple(faults))


def _chosen(source: Path) -> Path:
    if (source / MANIFEST).is_file():
        return source
    found = backup.backups(source)
    if not found:
        raise BackupFailed(
            f"{source} holds no finished backup (a folder with {MANIFEST}); check the path."
        )
    return found[-1]


def _checked(source: Path) -> Mapping[str, Any]:
    """The manifest, after every file it names was read and found as it was written."""
    manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
    if manifest["format"] != FORMAT:
        raise BackupFailed(
            f"{source} has format {manifest['format']}, this release reads {FORMAT}; "
            "restore it with the release that made it."
        )
    for name, expected in manifest["files"].items():
        path = source / name
        seen = backup.digest(path) if path.is_file() else "nothing"
        if seen != expected:
            raise BackupFailed(
                f"{path} is damaged: the manifest says {expected[:12]}…, found {seen[:12]}…. "
                "Nothing was restored; use another backup."
            )
    return manifest


def _refuse_used(settings: Settings) -> None:
    """Never over anything: a home with data, blobs or rows is somebody's only copy."""
    used = [
        path
        for path in (settings.home / "postgres" / "data", settings.outbox / audit_heads.FOLDER)
        if path.exists()
    ]
    used += list(stored(settings.blobs))[:1]
    if used:
        raise BackupFailed(
            f"{settings.home} is not empty ({used[0].name} is there); restore into a new folder, "
            "named by --home or WORKBENCH_HOME."
        )


def _load(dsn: str, dump: Path) -> None:
    engine = sa.create_engine(address(dsn), poolclass=NullPool)
    with engine.begin() as conn:
        held = sa.inspect(conn).get_table_names()
        if held:
            raise BackupFailed(
                f"The database already holds {len(held)} tables ({held[0]}, …); "
                "restore into an empty one."
            )
        migrate.make_role(conn)  # the rights in the dump name it
        server = backup.server_version(conn)
    backup.client(
        dsn,
        "pg_restore",
        server,
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        str(dump),
    )


def _bring_blobs(source: Path, blobs: Blobs) -> tuple[int, list[str]]:
    pool = Blobs(source.parent / POOL, 0)
    faults, count = [], 0
    for line in (source / LIST).read_text("ascii").splitlines():
        name = line.split()[0]
        try:
            got = blobs.put(chunks(pool.path(name)))
        except FileNotFoundError:
            faults.append(f"blob {name}: missing in the pool")
            continue
        if got.sha256 != name:
            faults.append(f"blob {name}: damaged in the pool, its bytes hash to {got.sha256}")
            continue
        count += 1
    return count, faults


def _compare(conn: sa.Connection, manifest: Mapping[str, Any], kept: list[Head]) -> list[str]:
    """The chains against themselves, against the manifest and against the heads kept outside."""
    at = datetime.fromisoformat(manifest["made_at"])
    then = [Head(row["chain"], row["seq"], row["hash"], at) for row in manifest["heads"]]
    return [
        f"audit chain {fault.chain}, row {fault.seq}: {fault.message}"
        for fault in audit.verify(conn, heads=[*then, *kept])
    ]
