"""The whole house, killed part by part with -9 while films arrive: what was acknowledged is there.

The tests of this file follow one home through its day, in order.
"""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
import psycopg
import pytest

from tests import make, processes
from tests.intake import peers
from tests.processes import Running, until
from workbench.settings import Settings
from workbench.store import embedded
from workbench.workflow import console
from workbench.workflow.station import Station, station_of

# pynetdicom forgets a socket whose other end was killed; it is closed when it is collected.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]


@dataclass
class Sender:
    """A modality that sends film after film and believes only what it is told."""

    port: int
    prefix: str
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(60)

    def _run(self) -> None:
        number = 0
        while not self.stop.is_set():
            uid = f"{self.prefix}.{number}"
            film = make.make_film(study=uid, uid=f"{uid}.1", local_id=f"P{number % 5}")
            status = -1  # nobody there, or gone in the middle: the same film again
            if processes.answers(self.port):
                with contextlib.suppress(peers.Refused, RuntimeError, ValueError):
                    [status] = peers.send(self.port, film)
            if status == 0x0000:
                self.acknowledged.add(f"{uid}.1")
                number += 1
            else:
                self.refused += 1
                self.stop.wait(0.2)

    def more(self, count: int) -> None:
        """Wait until so many more films are acknowledged."""
        goal = len(self.acknowledged) + count
        until(lambda: len(self.acknowledged) >= goal, f"{goal} films acknowledged")


@dataclass
class House:
    """One home and the `workbench serve` that runs on it."""

    settings: Settings
    log: Path
    serve: Running | None = None

    def command(self, **given: int) -> list[str]:
        ports = {"port": self.settings.port, "dicom_port": self.settings.dicom_port, **given}
        return [
            processes.WORKBENCH, "serve", "--no-browser", "--home", str(self.settings.home),
            "--host", "127.0.0.1", "--port", str(ports["port"]),
            "--dicom-port", str(ports["dicom_port"]),
        ]  # fmt: skip

    def up(self) -> None:
        def ready() -> bool:
            assert self.serve is not None
            assert self.serve.lives(), self.serve.said
            return processes.answers(self.settings.dicom_port) and processes.answers(
                self.settings.port
            )

        until(ready, "the house is open", 120)

    def door(self, module: str) -> psutil.Process:
        """The process of one door, as soon as it is there."""

        def found() -> psutil.Process | None:
            for each in self.serve.family():
                try:
                    if module in each.cmdline():
                        return each
                except psutil.Error:
                    continue
            return None

        return until(found, f"{module} runs")

    def postmaster(self) -> psutil.Process:
        pid = embedded.cluster_of(self.settings).data / "postmaster.pid"
        return psutil.Process(int(pid.read_text().split()[0]))

    def rows(self, query: str) -> list[tuple]:
        """Ask the database as its owner."""
        with psycopg.connect(embedded.address_of(self.settings).owner_dsn) as conn:
            return conn.execute(query).fetchall()

    def films(self) -> set[str]:
        return {uid for (uid,) in self.rows("SELECT uid FROM instance")}

    def verified(self) -> list:
        station = station_of(self.settings, embedded.address_of(self.settings).app_dsn)
        try:
            return console.verify(station).faults
        finally:
            station.store.close()


@pytest.fixture(scope="module")
def house(grounds) -> Iterator[House]:
    home = grounds() / "home"
    settings = Settings(
        home=home, port=processes.free_port(), dicom_port=processes.free_port(),
        dicom_host="127.0.0.1", free_floor_mb=1, kernel_pool=0,
    )  # fmt: skip
    one = House(settings, home.parent / "serve.log")
    with ExitStack() as stack:
        with embedded.opened(settings) as store:
            processes.furnish(Station(store, None, settings))  # type: ignore[arg-type]
        one.stack = stack  # type: ignore[attr-defined]
        _open(one)
        yield one
    embedded.stop(settings)


def _open(house: House) -> None:
    env = processes.environment(house.settings)
    env.pop("WORKBENCH_DATABASE_URL", None)
    env.pop("WORKBENCH_DATABASE_OWNER_URL", None)
    house.serve = house.stack.enter_context(  # type: ignore[attr-defined]
        processes.running(house.command(), env, house.log)
    )
    house.up()


def test_a_second_serve_on_the_same_home_is_told_so_in_one_line(house):
    other = house.command(port=processes.free_port(), dicom_port=processes.free_port())
    log = house.log.with_name("second.log")
    with processes.running(other, processes.environment(house.settings), log) as second:
        assert second.process.wait(60) == 3
        assert f"already served by process {house.serve.process.pid}" in second.said
        assert "Traceback" not in second.said
        assert len(second.said.strip().splitlines()) == 1


@pytest.mark.parametrize("option", ["--port", "--dicom-port"])
def test_a_taken_port_is_one_clear_line_and_exit_code_3(grounds, option):
    home = grounds() / "other"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        ports = {"--port": processes.free_port(), "--dicom-port": processes.free_port()}
        ports[option] = number
        command = [processes.WORKBENCH, "serve", "--no-browser", "--home", str(home)]
        for name, port in ports.items():
            command += [name, str(port)]
        env = {**os.environ, "WORKBENCH_DICOM_HOST": "127.0.0.1"}
        with processes.running(command, env, home.parent / "log") as one:
            assert one.process.wait(60) == 3
            assert f"Port {number} on 127.0.0.1" in one.said
            assert option in one.said
            assert len(one.said.strip().splitlines()) == 1
    assert not (home / "postgres").exists()


@pytest.mark.parametrize("part", ["intake", "worker", "database", "server"])
def test_a_part_killed_while_films_arrive_comes_back_and_nothing_acknowledged_is_missing(
    house, part
):
    with Sender(house.settings.dicom_port, f"1.2.70.{len(part)}") as sender:
        sender.more(5)
        victim = house.postmaster() if part == "database" else house.door(f"workbench.{part}.main")
        kernels = victim.children(recursive=True) if part == "server" else []
        victim.kill()
        sender.more(5)
    assert house.serve.lives()
    if part != "database":
        assert house.door(f"workbench.{part}.main").pid != victim.pid
    until(lambda: not processes.still_there(kernels), "the killed server left no kernel behind")
    until(lambda: processes.answers(house.settings.port), "the pages are served again")
    assert sender.acknowledged <= house.films()
    assert house.verified() == []


def test_every_film_is_screened_in_the_end(house):
    waits = "SELECT count(*) FROM exam WHERE state = 'received'"
    until(lambda: house.rows(waits) == [(0,)], "all films are screened", 150)
    seen = house.rows("SELECT count(*), count(DISTINCT instance_id) FROM screening")
    assert seen == [(len(house.films()),) * 2]


def test_the_supervisor_killed_takes_its_doors_along_and_the_next_serve_has_everything(house):
    with Sender(house.settings.dicom_port, "1.2.71") as sender:
        sender.more(5)
        doors = house.serve.family()
        assert len(doors) >= 3
        house.serve.kill()
        until(lambda: not processes.still_there(doors), "the doors end by themselves", 40)
        assert not processes.answers(house.settings.dicom_port)
        _open(house)
        sender.more(5)
    assert sender.acknowledged <= house.films()
    assert house.verified() == []


def test_everything_killed_at_once_is_as_a_power_cut_and_loses_nothing(house):
    with Sender(house.settings.dicom_port, "1.2.72") as sender:
        sender.more(5)
        everything = [*house.serve.family(), house.postmaster()]
        house.serve.process.kill()
        for each in everything:
            each.kill()
        house.serve.process.wait(10)
        _open(house)
        sender.more(5)
    assert sender.acknowledged <= house.films()
    assert house.verified() == []
    for sha256, name in house.rows("SELECT sha256, uid FROM instance"):
        assert (house.settings.blobs / "sha256" / sha256[:2] / sha256).is_file(), name


def test_sigterm_ends_every_process_in_time_and_frees_the_ports(house):
    everything = [psutil.Process(house.serve.process.pid), *house.serve.family()]
    everything += [house.postmaster(), *house.postmaster().children(recursive=True)]
    began = time.monotonic()
    assert house.serve.stop(25) == 0, house.serve.said
    assert time.monotonic() - began < 25
    until(lambda: not processes.still_there(everything), "every process is gone", 5)
    for port in (house.settings.port, house.settings.dicom_port):
        assert not processes.answers(port)
    said = house.serve.said
    assert "Traceback" not in said, said[said.index("Traceback") - 500 :][:3000]
