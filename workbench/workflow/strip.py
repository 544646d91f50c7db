"""The header strip: is the house alive, who waits longest, how full the disk, how old the copy."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.store import heartbeats, homes, sites, worklist
from workbench.store.heartbeats import Beat
from workbench.workflow.station import Station

WORKER, BACKUP = "worker", "backup"
STATUS_BOOK, LOOP_BOOK = "strip-2026.1", "loop-2026.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """What stands above every page; None means it was never seen or is not this actor's matter."""

    now: datetime
    demo: bool
    worker_at: datetime | None
    worker_silent: bool
    waiting: int | None
    oldest_at: datetime | None
    oldest_long: bool
    disk_free_percent: float | None
    disk_low: bool
    backup_at: datetime | None
    backup_late: bool


def look(station: Station, actor: Actor) -> Strip:
    """Read the signs of life, and the oldest waiting exam of the actor's scope."""
    now, book = station.now(), editions.rule_book(STATUS_BOOK)
    silent_after = editions.rule_book(LOOP_BOOK)["worker.silent"].value
    waiting: int | None = None
    oldest: datetime | None = None
    with station.store.look() as conn:
        beats = heartbeats.read(conn)
        demo = homes.nature(conn) == "demo"
        if actor.may(Act.EXAM_LIST):
            waiting, oldest = worklist.waiting(conn, sites.scope_of(conn, actor, station.today()))
    worker, backup = _latest(beats, WORKER), _latest(beats, BACKUP)
    free, low = _disk(station.settings.home, station.settings.free_floor_mb, book["disk.low"].value)
    long = timedelta(minutes=book["waiting.long"].value)
    return Strip(
        now=now,
        demo=demo,
        worker_at=worker,
        worker_silent=worker is None or (now - worker).total_seconds() > silent_after,
        waiting=waiting,
        oldest_at=oldest,
        oldest_long=oldest is not None and now - oldest > long,
        disk_free_percent=free,
        disk_low=low,
        backup_at=backup,
        backup_late=backup is None or now - backup > timedelta(hours=book["backup.late"].value),
    )


def _latest(beats: Mapping[str, Beat], part: str) -> datetime | None:
    """The last word of any process of a part: "worker", "worker-2" and so on."""
    known = [b.at for name, b in beats.items() if name == part or name.startswith(f"{part}-")]
    return max(known, default=None)


def _disk(home: Path, floor_mb: int, low_percent: float) -> tuple[float | None, bool]:
    try:
        usage = shutil.disk_usage(home)
    except OSError:
        return None, True  # a home that cannot be measured is a fault to be seen
    percent = 100 * usage.free / usage.total
    return percent, percent < low_percent or usage.free < floor_mb << 20
