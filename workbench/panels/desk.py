"""Where a page works and for whom: this process's station, and the person, fresh each time."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain.actor import Actor
from workbench.settings import Settings
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.workflow import accounts
from workbench.workflow.station import Station


@dataclass(frozen=True, slots=True)
class Desk:
    """A station, and the question who owns this page's kernel."""

    station: Station
    username: Callable[[], str]

    def actor(self) -> Actor:
        """The person as the database knows them: a role taken away is gone at the next click."""
        return accounts.actor_of(self.station, self.username())


def own_desk() -> Desk:
    """The desk of a page kernel; opens no connection yet."""
    from workbench.panels.whoami import current_username  # noqa: PLC0415 - only a kernel has an owner

    settings = Settings()
    store = Store(_dsn(settings), pool=1)
    return Desk(
        Station(store, Blobs(settings.blobs, settings.free_floor_mb), settings), current_username
    )


def _dsn(settings: Settings) -> str:
    if settings.database_url:  # the server hands it to its kernels
        return settings.database_url
    from workbench.store.embedded import address_of  # noqa: PLC0415 - brings the migrations along

    return address_of(settings).app_dsn
