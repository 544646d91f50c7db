"""Several processes on one listening socket: forked after it is bound, kept by an idle parent.

The parent has no thread and no database connection, so it may fork again at any time.
"""

import ctypes
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable

from workbench.workflow.process import SUPERVISOR, supervisor

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
PAUSE_SECONDS = 0.5  # before a process that fell is started again
PATIENCE_SECONDS = 15.0  # less than the supervisor's
PR_SET_PDEATHSIG = 1  # prctl(2)


def keep(number: int, serve: Callable[[int], None]) -> int:
    """Run `serve(0)` … `serve(number - 1)` in a process each until told; replace one that falls."""
    told: list[int] = []
    for word in (signal.SIGTERM, signal.SIGINT):
        signal.signal(word, lambda received, _frame: told.append(received))
    parent = supervisor()
    gc.freeze()  # what is loaded stays shared, and no collection looks through it again
    running = {_begin(each, serve): each for each in range(number)}
    while not told:
        time.sleep(LOOK_SECONDS)
        if os.getppid() != parent:
            log.warning("the supervisor is gone: stopping")
            break
        for pid, each in _ended(running):
            del running[pid]
            log.warning("receiving process %d ended; starting it again", each)
            time.sleep(PAUSE_SECONDS)
            if not told:
                running[_begin(each, serve)] = each
    for pid in running:
        os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + PATIENCE_SECONDS
    while running and time.monotonic() < end:
        for pid, _each in _ended(running):
            del running[pid]
        time.sleep(LOOK_SECONDS / 4)
    for pid in running:
        log.warning("a receiving process did not end in time and is killed")
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return 0


def _begin(each: int, serve: Callable[[int], None]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        # A parent killed with -9 takes its children along: its successor needs the port.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.environ[SUPERVISOR] = str(parent)
        if os.getppid() == parent:
            serve(each)
        code = 0
    except Exception as error:  # noqa: BLE001 - the type only: a text may hold values of a file
        log.error("receiving process %d failed: %s", each, type(error).__name__)  # noqa: TRY400
    finally:
        logging.shutdown()
        sys.stderr.flush()
        os._exit(code)  # nothing of the parent is to be ended twice


def _ended(running: dict[int, int]) -> list[tuple[int, int]]:
    found = []
    for pid, each in running.items():
        done, _status = os.waitpid(pid, os.WNOHANG)
        if done:
            found.append((pid, each))
    return found
