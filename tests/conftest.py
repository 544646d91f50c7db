"""What every test stands on: a real database of its own, a home of its own, no way out.

Nothing here replaces code of the package. One embedded PostgreSQL runs per worker process of
pytest; each test that asks for a database gets a fresh copy of a migrated one.
"""

import ipaddress
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import sqlalchemy as sa
from playwright.sync_api import sync_playwright
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from workbench.settings import Settings
from workbench.store import embedded, migrate
from workbench.store.blobs import Blobs
from workbench.store.database import Store, address
from workbench.store.embedded import Address

FREE_FLOOR_MB = 1
MEMORY_DISK_BYTES = 2_000_000_000


class OutsideWorld(AssertionError):
    """A test tried to reach another machine."""


def _stay_home(event: str, args: tuple[object, ...]) -> None:
    """Refuse every address but this machine's own; unix sockets pass."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = args[1]
        if not isinstance(address, tuple):
            return
        host = str(address[0])
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0] or "")
    else:
        return
    if host in {"", "localhost"}:
        return
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
        if number.is_loopback or number.is_unspecified:
            return
    except ValueError:
        pass  # a name that only a server outside could resolve
    raise OutsideWorld(f"{event} to {host!r}: tests reach this machine only")


def pytest_configure(config: pytest.Config) -> None:
    sys.addaudithook(_stay_home)
    # before the exceptions listed in pyproject.toml, so that they still hold
    config.getini("filterwarnings").insert(0, "error")


# Long ones first, so that no process of pytest is left alone with one at the end.
_LONG = "journeys failures cli notebooks worker server intake widgets store"  # folders
_ALONE = "test_main_line.py"  # counts what lies in its house; the other journeys share one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders with long tests first."""
    rank = {name: at for at, name in enumerate(_LONG.split())}
    items.sort(key=lambda one: rank.get(one.path.parent.name, len(rank)))


class _ByHouse(LoadScopeScheduling):
    """Keeps each file, and the journeys that share a house, in one process.

    Groups by mark (`--dist loadgroup`) are not kept together by xdist 3.8 under pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        shared = "/journeys/" in path and not path.endswith(_ALONE)
        return "journeys" if shared else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByHouse | None:
    """Take the place of `--dist loadfile`."""
    return _ByHouse(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def playwright_tool() -> Iterator[object]:
    """Playwright itself: one per process, a second would refuse to start beside the first."""
    with sync_playwright() as tool:
        yield tool


@pytest.fixture(scope="session")
def grounds() -> Iterator[Callable[[], Path]]:
    """Make folders for homes with an embedded server of their own.

    Started by root, the server runs in another account, and pytest closes its own temporary
    folders to other accounts again whenever a session starts.
    """
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > MEMORY_DISK_BYTES
    where = memory if roomy else None
    with ExitStack() as stack:
        yield lambda: Path(stack.enter_context(TemporaryDirectory(prefix="workbench-", dir=where)))


@pytest.fixture
def ground(grounds: Callable[[], Path]) -> Path:
    """A folder for a home with an embedded server of its own."""
    return grounds()


@pytest.fixture(scope="session")
def cluster(grounds: Callable[[], Path]) -> Iterator[Address]:
    """A real embedded server with one migrated database, from which the others are copied."""
    settings = Settings(home=grounds() / "home")
    with embedded.held(settings) as home:
        with psycopg.connect(home.owner_dsn, autocommit=True) as conn:
            for line in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                conn.execute(f"ALTER SYSTEM SET {line}")  # these data need not outlive the machine
            conn.execute("SELECT pg_reload_conf()")
        migrate.upgrade(home.owner_dsn)
        yield home


@pytest.fixture
def database(cluster: Address, request: pytest.FixtureRequest) -> Iterator[Address]:
    """A database for one test: all tables, no rows."""
    taken: list[int] = request.session.stash.setdefault(_TAKEN, [])
    name = f"test_{len(taken)}"
    taken.append(1)
    server = psycopg.conninfo.make_conninfo(cluster.owner_dsn, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {embedded.DATABASE} STRATEGY FILE_COPY")
        yield Address(
            _named(cluster.app_dsn, name), _named(cluster.owner_dsn, name), embedded=False
        )
        conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(database: Address, tmp_path: Path) -> Settings:
    """The settings of a home whose database is ready and empty."""
    home = tmp_path / "home"
    home.mkdir()
    return Settings(
        home=home,
        database_url=database.app_dsn,
        database_owner_url=database.owner_dsn,
        free_floor_mb=FREE_FLOOR_MB,
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """The database in the application's role."""
    store = Store(settings.database_url)
    yield store
    store.close()


@pytest.fixture
def owner(database: Address) -> Iterator[sa.Engine]:
    """The database as its owner: for tampering, never for the code under test."""
    engine = sa.create_engine(address(database.owner_dsn), poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def blobs(settings: Settings) -> Blobs:
    """The blob folder of the test's home."""
    return Blobs(settings.blobs, settings.free_floor_mb)


_TAKEN = pytest.StashKey[list[int]]()


def _named(dsn: str, database: str) -> str:
    return make_url(dsn).set(database=database).render_as_string(hide_password=False)
