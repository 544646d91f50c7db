"""What an act needs from the outside: the database, the files, the clock, fresh names."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from workbench.store.blobs import Blobs
from workbench.store.database import Store

if TYPE_CHECKING:  # a page's kernel brings its own light settings; pydantic would cost it 6 MB
    from workbench.settings import Settings


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _fresh() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Station:
    """One process's place of work; tests pass their own clock."""

    store: Store
    blobs: Blobs
    settings: "Settings"
    clock: Callable[[], datetime] = field(default=_utc_now)
    fresh: Callable[[], str] = field(default=_fresh)

    def now(self) -> datetime:
        """The present, in UTC, from the server's clock only."""
        return self.clock()

    def today(self, time_zone: str = "Asia/Shanghai") -> date:
        """The calendar day where an institution is."""
        return self.now().astimezone(ZoneInfo(time_zone)).date()


def station_of(settings: "Settings", dsn: str, *, pool: int = 4) -> Station:
    """A place of work for one process on a database that is already there."""
    blobs = Blobs(settings.blobs, settings.free_floor_mb)
    return Station(store=Store(dsn, pool=pool), blobs=blobs, settings=settings)
