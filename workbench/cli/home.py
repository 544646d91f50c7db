"""The home a command works on: opened for its duration, also while the server runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from workbench.domain.errors import Invalid
from workbench.settings import Settings
from workbench.store import embedded
from workbench.store.blobs import Blobs
from workbench.workflow.station import Station

HOME = typer.Option("--home", help="Folder of this installation (WORKBENCH_HOME).")


def settings_of(home: Path | None, **given: object) -> Settings:
    """Settings from the environment, with what the command line says on top."""
    chosen = {k: v for k, v in {"home": home, **given}.items() if v is not None}
    try:
        return Settings(**chosen)  # type: ignore[arg-type]
    except ValueError as error:  # pydantic's own text names each setting and what it expects
        raise Invalid("settings", str(error), "values as docs/settings.md lists them") from error


@contextmanager
def opened(settings: Settings) -> Iterator[Station]:
    """A place of work on this home; the database is started for as long as needed."""
    with embedded.opened(settings) as store:
        blobs = Blobs(settings.blobs, settings.free_floor_mb)
        yield Station(store=store, blobs=blobs, settings=settings)
