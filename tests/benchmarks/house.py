"""A whole house on free ports in a temporary home, and what the benchmarks share."""

import contextlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from workbench.settings import Settings
from workbench.store.embedded import address_of


@dataclass
class House:
    """A running `workbench serve`."""

    home: Path
    port: int
    dicom_port: int
    process: subprocess.Popen
    passwords: dict[str, str]

    def workbench(self, *arguments: str) -> str:
        """Run a command on this home."""
        command = [sys.executable, "-m", "workbench.cli.main", *arguments, "--home", str(self.home)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def screenings(self) -> list[str]:
        """How far the screening of each exam is that waits for its report; cheap enough to poll."""
        dsn = address_of(Settings(home=self.home)).app_dsn
        with psycopg.connect(dsn) as conn:
            found = conn.execute("SELECT screening FROM exam WHERE released_at IS NULL")
            return [row[0] for row in found.fetchall()]

    def children(self) -> list[psutil.Process]:
        """Every process of the house."""
        return psutil.Process(self.process.pid).children(recursive=True)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def house() -> Iterator[House]:
    """A demonstration house, ready: all doors open, first pages preheated."""
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        Path(folder).chmod(0o711)
        home, port, dicom = Path(folder) / "home", free_port(), free_port()
        log = (Path(folder) / "log").open("w+")
        command = [
            *(sys.executable, "-m", "workbench.cli.main", "serve", "--demo", "--no-browser"),
            *("--home", str(home), "--port", str(port), "--dicom-port", str(dicom)),
        ]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _until(lambda: _listens(port) and _listens(dicom), 120)
            said = (Path(folder) / "log").read_text()
            passwords = dict(
                re.findall(r"^  (\w+) +([0-9a-f]{4}(?:-[0-9a-f]{4}){2})", said, re.MULTILINE)
            )
            yield House(home, port, dicom, process, passwords)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            log.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(ready, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError("the house did not open in time")
        time.sleep(0.1)


def until(ready, seconds: float = 120) -> None:
    """Wait for a state."""
    _until(ready, seconds)


def settle(home: House) -> None:
    """Until the sample studies are screened, the machine is not free for a measurement."""

    def done() -> bool:
        states = home.screenings()
        return len(states) >= 8 and "pending" not in states

    _until(done, 180)
