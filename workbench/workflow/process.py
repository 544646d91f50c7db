"""Life of a long-running process: signs of life, and an orderly end when told or orphaned."""

import logging
import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from workbench.store import heartbeats
from workbench.store.database import DatabaseFault
from workbench.workflow.station import Station

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
SUPERVISOR = "WORKBENCH_SUPERVISOR"  # number of the process that keeps this one, if any


def supervisor() -> int:
    """The process without which this one ends; told by it, for it may be gone before we can ask."""
    return int(os.environ.get(SUPERVISOR) or os.getppid())


@contextmanager
def beating(station: Station, part: str, detail: Mapping[str, Any]) -> Iterator[None]:
    """Note every ten seconds that this part is alive, for as long as this is open."""
    stop = threading.Event()

    def beat() -> None:
        while True:
            try:
                with station.store.change() as conn:
                    heartbeats.beat(conn, part, station.now(), {"pid": os.getpid(), **detail})
            except DatabaseFault as error:
                log.warning("no heartbeat written: %s", type(error).__name__)
            if stop.wait(BEAT_SECONDS):
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until_told() -> None:
    """Wait for SIGTERM or SIGINT, or for the supervisor to be gone."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    parent = supervisor()
    while not told.wait(1.0):
        if os.getppid() != parent:
            log.warning("the supervisor is gone: stopping")
            return
