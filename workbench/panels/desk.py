"""Where a page works and for whom: this process's station, and the person, fresh each time."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from workbench.domain.actor import Actor
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.workflow import accounts
from workbench.workflow.station import Station

if TYPE_CHECKING:
    from workbench.settings import Settings

_PREFIX = "WORKBENCH_"
_FIELDS: Mapping[str, Callable[[Any], Any]] = MappingProxyType({
    "home": Path, "database_url": str, "free_floor_mb": int, "lease_minutes": int,
    "idle_minutes": int, "second_opinions": lambda given: given == str(True),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """A station, and the question who owns this page's kernel."""

    station: Station
    username: Callable[[], str]

    def actor(self) -> Actor:
        """The person as the database knows them: a role taken away is gone at the next click."""
        return accounts.actor_of(self.station, self.username())


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelSettings:
    """The part of the settings that the server hands to a page's kernel, already checked there.

    The class that checks them loads a library of 7 MB, once for every open page.
    """

    home: Path
    database_url: str
    free_floor_mb: int
    lease_minutes: int
    idle_minutes: int
    second_opinions: bool

    @property
    def blobs(self) -> Path:
        """Folder of the content-addressed files."""
        return self.home / "blobs"

    @property
    def outbox(self) -> Path:
        """Folder from which reports leave."""
        return self.home / "outbox"


def kernel_settings(environment: Mapping[str, str]) -> KernelSettings | None:
    """What the server wrote into this kernel's environment; None when no server started it."""
    given = {name: environment.get(f"{_PREFIX}{name.upper()}") for name in _FIELDS}
    if not all(given.values()):
        return None
    return KernelSettings(**{name: _FIELDS[name](value) for name, value in given.items()})


def own_desk() -> Desk:
    """The desk of a page kernel; opens no connection yet."""
    from workbench.panels.whoami import current_username  # noqa: PLC0415 - only a kernel has an owner

    settings = kernel_settings(os.environ)
    if settings is not None:
        return Desk(_station(cast("Settings", settings), settings.database_url), current_username)
    # a notebook that somebody runs by hand: everything is read and checked here
    from workbench.settings import Settings  # noqa: PLC0415 - its library is large
    from workbench.store.embedded import address_of  # noqa: PLC0415 - brings the migrations along

    own = Settings()
    return Desk(_station(own, own.database_url or address_of(own).app_dsn), current_username)


def _station(settings: "Settings", dsn: str) -> Station:
    return Station(Store(dsn, pool=1), Blobs(settings.blobs, settings.free_floor_mb), settings)
