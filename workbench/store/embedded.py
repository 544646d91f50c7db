"""The database of a home: its address, and the embedded server that lives as long as it is used.

Whoever uses the embedded server holds a shared lock on a file; the kernel drops it when the process
ends, however it ends. The last holder to leave stops the server, so a command started beside a
running `workbench serve` neither stops it nor leaves one behind.
"""

import fcntl
import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

from workbench.settings import Settings
from workbench.store import migrate, postgres
from workbench.store.database import APP_ROLE, Store, plain
from workbench.store.postgres import OWNER_ROLE, SOCKET, Cluster, DatabaseDown

DATABASE = "workbench"
_LEAVING_SECONDS = 5.0  # waited only when others are connected
_FORK_SECONDS = 0.3  # a child that is being started holds our lock until its own program begins
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_LONGEST_SOCKET = 100  # bytes; the systems allow 104 to 108


@dataclass(frozen=True, slots=True)
class Address:
    """Two ways into one database: as the application, and as the owner of the tables."""

    app_dsn: str
    owner_dsn: str
    embedded: bool


def address_of(settings: Settings) -> Address:
    """Where the database of this home is; touches nothing."""
    if settings.database_url:
        owner = settings.database_owner_url or settings.database_url
        return Address(plain(settings.database_url), plain(owner), embedded=False)
    sockets = str(cluster_of(settings).sockets)
    as_app, as_owner = (
        URL.create("postgresql", username=role, database=DATABASE, query={"host": sockets})
        for role in (APP_ROLE, OWNER_ROLE)
    )
    return Address(as_app.render_as_string(), as_owner.render_as_string(), embedded=True)


def cluster_of(settings: Settings) -> Cluster:
    """The folders of this home's embedded server."""
    folder = settings.home.absolute() / "postgres"
    sockets = folder / "run"
    # a list of folders to PostgreSQL and of hosts to its clients: nothing that could separate them
    plain_name = _PLAIN_PATH.fullmatch(str(sockets))
    if not plain_name or len(os.fsencode(sockets / SOCKET)) > _LONGEST_SOCKET:
        mark = sha256(os.fsencode(folder)).hexdigest()[:12]
        # not TMPDIR: every process of the home must find the same place
        sockets = Path("/tmp") / f"workbench-{mark}"  # noqa: S108 - made 0700, its owner is checked
    return Cluster(folder, sockets)


def running(settings: Settings) -> bool:
    """Whether the database answers now."""
    address = address_of(settings)
    if address.embedded and not _listening(cluster_of(settings)):
        return False
    try:
        psycopg.connect(_waiting_room(address), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _refusal(settings: Settings) -> str:
    """What the server, or the way to it, says; psycopg never puts a password into it."""
    try:
        psycopg.connect(_waiting_room(address_of(settings)), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return " ".join(str(error).split()).rstrip(".")
    return "it answers now, try again"


def start(settings: Settings) -> None:
    """Make sure the database answers; an embedded one is made and started if need be."""
    if not address_of(settings).embedded:
        if not running(settings):
            raise DatabaseDown(
                "The server of WORKBENCH_DATABASE_URL does not answer this account: "
                f"{_refusal(settings)}. Check the address, the account and its password, the "
                "network and that the server runs (docs/install.md, section 10)."
            )
        return
    with _guard(settings):
        _start(settings)


def stop(settings: Settings) -> None:
    """Stop the embedded server whoever uses it; a server of another address is left alone."""
    if address_of(settings).embedded and cluster_of(settings).data.exists():
        with _guard(settings):
            _stop(settings)


@contextmanager
def held(settings: Settings) -> Iterator[Address]:
    """Keep the database running as long as this is open; the last to leave stops it."""
    address = address_of(settings)
    if not address.embedded:
        start(settings)
        yield address
        return
    with _guard(settings):
        own = _lock_file(settings, "users")
        fcntl.flock(own, fcntl.LOCK_SH)
        try:
            _start(settings)
        except BaseException:
            os.close(own)
            raise
    try:
        yield address
    finally:
        with _guard(settings):
            os.close(own)
            if _nobody_left(settings):
                _stop(settings)


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The store of this home for a while: started and migrated if need be, left as it was found."""
    with held(settings) as address:
        migrate.upgrade(address.owner_dsn)
        store = Store(address.app_dsn)
        try:
            yield store
        finally:
            store.close()


def _start(settings: Settings) -> None:
    """Start under the guard; a server that a killed process left behind is taken over."""
    cluster = cluster_of(settings)
    deadline = time.monotonic() + postgres.START_SECONDS
    postgres.initialise(cluster)
    while not running(settings):
        # a server killed a moment ago may seem to listen until its last child has gone
        if not _listening(cluster):
            try:
                postgres.launch(cluster)
            except DatabaseDown:
                if not _ending(cluster):
                    raise
        if time.monotonic() > deadline:
            raise DatabaseDown(f"The embedded database does not answer; see {cluster.folder}.")
        time.sleep(0.05)
    _make_database(address_of(settings))


def _stop(settings: Settings) -> None:
    cluster = cluster_of(settings)
    if _listening(cluster):
        postgres.halt(cluster)


def _nobody_left(settings: Settings) -> bool:
    """Whether no other process holds the server or is connected to it."""
    if not _unlocked(settings):
        return False
    try:
        with psycopg.connect(_waiting_room(address_of(settings)), connect_timeout=5) as conn:
            deadline = time.monotonic() + _LEAVING_SECONDS
            while conn.execute(_OTHERS).fetchone() != (0,):
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.02)  # connections closed just now are still being taken down
    except psycopg.OperationalError:
        pass  # it is down already
    return True


def _unlocked(settings: Settings) -> bool:
    """Whether nobody holds the file of users, but for a moment."""
    users, deadline = _lock_file(settings, "users"), time.monotonic() + _FORK_SECONDS
    try:
        while True:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(0.01)
            else:
                return True
    finally:
        os.close(users)


def _make_database(address: Address) -> None:
    with psycopg.connect(_waiting_room(address), autocommit=True) as conn:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if conn.execute(known, (DATABASE,)).fetchone() is None:
            conn.execute(f"CREATE DATABASE {DATABASE}")


def _waiting_room(address: Address) -> str:
    """An address that answers before our own database exists."""
    if not address.embedded:
        return address.app_dsn
    return psycopg.conninfo.make_conninfo(address.owner_dsn, dbname="postgres")


def _listening(cluster: Cluster) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(cluster.sockets / SOCKET))
        except OSError:
            return False
    return True


def _ending(cluster: Cluster) -> bool:
    """Whether a server stopped or killed a moment ago, or its children, are still going away."""
    said = cluster.log.read_text("utf-8", errors="replace") if cluster.log.exists() else ""
    return "shared memory block" in said or 'lock file "postmaster.pid"' in said


def _lock_file(settings: Settings, name: str) -> int:
    folder = settings.home.absolute() / "locks"
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return os.open(folder / f"database-{name}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def _guard(settings: Settings) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = _lock_file(settings, "guard")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
