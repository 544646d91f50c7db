"""One real intake process for the tests of a file, on a database of its own."""

import secrets
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests import processes
from tests.processes import Running
from workbench.settings import Settings
from workbench.store.database import address
from workbench.store.embedded import Address
from workbench.workflow.station import Station


@pytest.fixture(scope="module")
def database(cluster: Address) -> Iterator[Address]:
    with processes.database_copy(cluster, f"intake_{secrets.token_hex(4)}") as one:
        yield one


@pytest.fixture(scope="module")
def settings(database: Address, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        home=tmp_path_factory.mktemp("home"), database_url=database.app_dsn,
        database_owner_url=database.owner_dsn, free_floor_mb=1, dicom_host="127.0.0.1",
        dicom_port=processes.free_port(),
    )  # fmt: skip


@pytest.fixture(scope="module")
def station(settings: Settings) -> Iterator[Station]:
    """A county of two institutions."""
    with processes.station_on(settings) as one:
        processes.furnish(one)
        yield one


@pytest.fixture(scope="module")
def door(station: Station, settings: Settings) -> Iterator[Running]:
    """The intake process, listening."""
    with processes.intake(settings) as one:
        yield one


@pytest.fixture(scope="module")
def owner(database: Address) -> Iterator[sa.Engine]:
    """The database as its owner: for holding locks, never for the code under test."""
    engine = sa.create_engine(address(database.owner_dsn), poolclass=NullPool)
    yield engine
    engine.dispose()
