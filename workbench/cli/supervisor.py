"""Keeps the doors of one machine open: starts them, starts them again, ends them together."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.workflow.process import SUPERVISOR

log = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0  # seconds before a door that fell shut is opened again
CALM_SECONDS = 30.0  # a door that stood this long may start at once after its next fall
PATIENCE_SECONDS = 20.0  # then what does not end by itself is killed
TEND_SECONDS = 2.0  # between two looks at the database
GIVES_UP = 3  # exit code of a door that cannot work here (port taken): no use in trying again


@dataclass(slots=True)
class Door:
    """One process of the house."""

    name: str
    module: str
    arguments: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    again_at: float = 0.0

    def open(self) -> None:
        """Start the process."""
        command = [sys.executable, "-m", self.module, *self.arguments]
        here = {SUPERVISOR: str(os.getpid())}
        self.process = subprocess.Popen(command, env={**os.environ, **self.environment, **here})
        self.started = time.monotonic()


def watch(doors: Sequence[Door], stop: threading.Event, tend: Callable[[], None]) -> int:
    """Keep all doors open until told to stop; returns the exit code of the whole.

    `tend` looks after what the doors stand on, every few seconds.
    """
    for door in doors:
        door.open()
    code, tended = 0, time.monotonic()
    while not stop.wait(0.2):
        if time.monotonic() - tended > TEND_SECONDS:
            tend()
            tended = time.monotonic()
        for door in doors:
            fallen = _fallen(door)
            if fallen == GIVES_UP:
                log.error("%s cannot work here; stopping everything", door.name)
                code = GIVES_UP
                stop.set()
    _close(doors)
    return code


def _fallen(door: Door) -> int | None:
    """Open a fallen door again after its pause; its exit code at the moment it fell."""
    now = time.monotonic()
    if door.process is None:
        if now >= door.again_at:
            door.open()
        return None
    code = door.process.poll()
    if code is None:
        return None
    stood = now - door.started
    door.pause = (
        SHORTEST_PAUSE
        if stood > CALM_SECONDS
        else min(max(door.pause * 2, SHORTEST_PAUSE), LONGEST_PAUSE)
    )
    log.warning("%s ended with %s; starting it again in %.1f s", door.name, code, door.pause)
    door.process, door.again_at = None, now + door.pause
    return code


def _close(doors: Sequence[Door]) -> None:
    running = [d for d in doors if d.process is not None and d.process.poll() is None]
    for door in running:
        door.process.send_signal(signal.SIGTERM)  # type: ignore[union-attr]
    deadline = time.monotonic() + PATIENCE_SECONDS
    for door in running:
        try:
            door.process.wait(max(0.1, deadline - time.monotonic()))  # type: ignore[union-attr]
        except subprocess.TimeoutExpired:
            log.warning("%s did not end in time and is killed", door.name)
            door.process.kill()  # type: ignore[union-attr]
