"""Real processes of the house for tests: started, waited for by their state, ended by their id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from sqlalchemy.engine import make_url

from tests import make
from workbench.settings import Settings
from workbench.store import embedded, homes
from workbench.store.blobs import Blobs
from workbench.store.database import Store
from workbench.store.embedded import Address
from workbench.workflow import sites
from workbench.workflow.console import operator
from workbench.workflow.station import Station

PATIENCE_S = 60.0  # the machine may be busy; what is awaited normally takes a second
LOOK_S = 0.05  # between two looks at a state
PYTHON = (sys.executable, "-m")
WORKBENCH = str(Path(sys.executable).with_name("workbench"))  # as a user starts it


def until(state: Callable[[], object], what: str, patience: float = PATIENCE_S) -> object:
    """Wait for a state; what it gives, or an assertion that names what never came."""
    end = time.monotonic() + patience
    while True:
        found = state()
        if found:
            return found
        assert time.monotonic() < end, f"waited {patience:.0f} s in vain: {what}"
        time.sleep(LOOK_S)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens on this port."""
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def database_copy(cluster: Address, name: str) -> Iterator[Address]:
    """A migrated, empty database of its own on the session's server."""
    server = psycopg.conninfo.make_conninfo(cluster.owner_dsn, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE {embedded.DATABASE}")
        app, owner = (
            make_url(dsn).set(database=name).render_as_string(hide_password=False)
            for dsn in (cluster.app_dsn, cluster.owner_dsn)
        )
        try:
            yield Address(app, owner, embedded=False)
        finally:
            conn.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def station_on(settings: Settings) -> Iterator[Station]:
    """A place of work with the real clock."""
    store = Store(settings.database_url)
    try:
        yield Station(store, Blobs(settings.blobs, settings.free_floor_mb), settings)
    finally:
        store.close()


def furnish(station: Station) -> None:
    """A county hospital and a township known by AE title and address."""
    me = operator("test")
    with station.store.change() as conn:
        homes.found(conn, "clinical", station.now())
    for code in ("COUNTY", "T01"):
        sites.add(station, me, make.make_site(code), [])
    sites.add_address(station, me, make.make_address())


def environment(settings: Settings) -> dict[str, str]:
    """What a process of the house is told about its home."""
    values = settings.model_dump(exclude_none=True)
    return {**os.environ, **{f"WORKBENCH_{k.upper()}": str(v) for k, v in values.items()}}


@dataclass
class Running:
    """One process and what it says."""

    process: subprocess.Popen[bytes]
    log: Path
    children: list[psutil.Process] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8", errors="replace")

    def lives(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self, patience: float = 30.0) -> int:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)

    def family(self) -> list[psutil.Process]:
        """The process's descendants now."""
        return psutil.Process(self.process.pid).children(recursive=True)


@contextmanager
def running(command: list[str], env: dict[str, str], log: Path) -> Iterator[Running]:
    """A process that does not outlive the test."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, env=env, stdout=out, stderr=out,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    one = Running(process, log)
    try:
        yield one
    finally:
        if one.lives():
            left = one.family()
            process.terminate()
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)
            for each in left:
                if each.is_running():
                    each.kill()


@contextmanager
def intake(settings: Settings, log: Path | None = None) -> Iterator[Running]:
    """The intake process, listening."""
    where = log or settings.home / "intake.log"
    with running([*PYTHON, "workbench.intake.main"], environment(settings), where) as one:

        def up() -> bool:
            assert one.lives(), one.said
            return answers(settings.dicom_port)

        until(up, "the intake listens")
        yield one


def still_there(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that still live, zombies not counted."""
    alive = []
    for each in processes:
        try:
            if each.is_running() and each.status() != psutil.STATUS_ZOMBIE:
                alive.append(each)
        except psutil.NoSuchProcess:
            continue
    return alive
