"""Ends what must end: pages of ended sessions at once, pages nobody looks at after a while."""

import asyncio
import logging
from typing import Any

from jupyter_core.utils import ensure_async

from workbench.server.ownership import Owners
from workbench.workflow import sessions
from workbench.workflow.station import Station

log = logging.getLogger(__name__)
EVERY_S = 2.0  # a closed account loses its open pages within this time
USE_S = 60.0
SWEEP_EVERY = 300  # rounds
ALONE_S = 60.0  # a closed or reloaded page
IDLE_S = 8 * 3600.0  # a reading doctor may be silent for long
POLICY = 1008  # websocket close code: policy


class Watch:
    """One loop beside the server."""

    def __init__(self, station: Station, owners: Owners, kernels: Any) -> None:
        self._station = station
        self._owners = owners
        self._kernels = kernels
        self._ending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Look around for ever."""
        rounds = 0
        while True:
            await asyncio.sleep(EVERY_S)
            rounds += 1
            try:
                if rounds % int(USE_S / EVERY_S) == 0:
                    await self._note_use()
                await self.check_now()
                for kernel_id in self._owners.unneeded(ALONE_S, IDLE_S):
                    await self._end(kernel_id)
                if rounds % SWEEP_EVERY == 1:
                    await asyncio.to_thread(sessions.sweep, self._station)
            except Exception as error:  # noqa: BLE001 - the database may be restarting; look again
                log.warning("watch: %s", type(error).__name__)

    async def check_now(self) -> None:
        """End the pages of sessions that no longer hold."""
        held = frozenset(self._owners.by_session())
        if not held:
            return
        holding = await asyncio.to_thread(sessions.holding, self._station, held)
        for session in held - holding:
            await self.end_session(session)

    async def end_session(self, session: str) -> None:
        """End all pages of one session."""
        for kernel_id in self._owners.by_session().get(session, ()):
            await self._end(kernel_id)

    def kernel_ended(self, kernel_id: str) -> None:
        """A kernel is gone: close its connections, so that the page says so."""
        owned = self._owners.forget(kernel_id)
        for socket in list(owned.sockets) if owned else []:
            # after Jupyter's own last word on this connection, which would fail on a closed one
            asyncio.get_running_loop().call_soon(socket.close, POLICY, "page ended")  # type: ignore[attr-defined]

    async def _end(self, kernel_id: str) -> None:
        self.kernel_ended(kernel_id)
        if kernel_id in self._kernels:
            await ensure_async(self._kernels.shutdown_kernel(kernel_id, now=True))

    async def _note_use(self) -> None:
        """Work on an open page counts as use of the session, though it makes no request."""
        for session in self._owners.used_within(USE_S):
            await asyncio.to_thread(sessions.who, self._station, session)
