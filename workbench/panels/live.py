"""Pages told at once: a notice of the database becomes one look, in the page's own thread."""

import asyncio
import logging
from collections.abc import Callable

from workbench.domain.errors import WorkbenchError
from workbench.panels.desk import Desk
from workbench.store.notices import MISSED, Listener, Notice

log = logging.getLogger(__name__)
SOON = 0.15  # seconds; notices that come together are answered once
LONGEST = 3.0  # seconds that an opened case may have the page's thread for itself
TOPICS = frozenset({"worklist", "alert", "beat", "statement", "marks", "retake", MISSED})


class Live:
    """Listens from `begin` on; a page that waits in the pool holds no connection."""

    def __init__(
        self, desk: Desk, look: Callable[[], None], topics: frozenset[str] = TOPICS
    ) -> None:
        self._desk = desk
        self._topics = topics
        self._look = look
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due = False
        self._busy: asyncio.TimerHandle | None = None
        self._heard_meanwhile = False

    def begin(self) -> None:
        """The browser is there. Without a running loop nothing is heard and the poll does it."""
        if self._listener is not None:
            return
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._listener = Listener(self._desk.station.store.dsn, self._heard)

    def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._heard_meanwhile = False
        self.go_on()

    def wait(self) -> None:
        """A case was laid on the page: notices are looked at when its picture is seen."""
        if self._loop is not None:
            if self._busy is not None:
                self._busy.cancel()
            self._busy = self._loop.call_later(LONGEST, self.go_on)

    def go_on(self) -> None:
        """The picture is seen."""
        if self._busy is not None:
            self._busy.cancel()
            self._busy = None
        if self._heard_meanwhile:
            self._heard_meanwhile = False
            self._soon()

    def _heard(self, notice: Notice) -> None:
        """In the listener's thread: ask the page's own thread."""
        if self._loop is not None and notice.topic in self._topics:
            self._loop.call_soon_threadsafe(self._soon)

    def _soon(self) -> None:
        if not self._due and self._loop is not None:
            self._due = True
            self._loop.call_later(SOON, self._now)

    def _now(self) -> None:
        self._due = False
        if self._busy is not None:
            self._heard_meanwhile = True
            return
        try:
            self._look()
        except WorkbenchError as error:
            log.info("a notice was not answered: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the page's own poll will say it
            log.warning("a notice was not answered: %s", type(error).__name__)
