"""Pages with kernels: rendered cold on demand, or taken from a pool of pages already rendered."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from nbclient.exceptions import CellExecutionError
from voila.notebook_renderer import NotebookRenderer

from workbench.server.kernels import KERNEL

log = logging.getLogger(__name__)
FAILED = "data-wb-failed"  # stands in a page whose cell failed; see the template
REFILL_DELAY_S = 1.0  # let the page that was just taken load first
RETRY_S = (5.0, 15.0, 60.0)


class QuietRenderer(NotebookRenderer):
    """A failing cell is logged by kind and place only: its values may name a patient."""

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        del kernel_id
        for number, written in enumerate(nb.cells):
            cell = written.copy()
            if cell.cell_type == "code":
                cell.outputs, cell.metadata["wb_failed"] = [], False
                try:
                    await self.executor.async_execute_cell(cell, number, store_history=False)
                except CellExecutionError as error:
                    log.error(  # noqa: TRY400 - a traceback shows values
                        "cell %d of %s failed: %s", number + 1, self.notebook_path, error.ename
                    )
                    cell.metadata["wb_failed"] = True
                except Exception as error:  # noqa: BLE001 - a dead kernel, a timeout: the page says so
                    log.error(  # noqa: TRY400 - a traceback shows values
                        "cell %d of %s: %s", number + 1, self.notebook_path, type(error).__name__
                    )
                    cell.metadata["wb_failed"] = True
                shown = ("display_data", "execute_result")
                cell.outputs = [o for o in cell.outputs if o.output_type in shown]
                if cell.metadata["wb_failed"]:
                    cell.outputs = []
            yield cell
            if cell.metadata.get("wb_failed"):
                break
        await self._cleanup_resources()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A whole page with its kernel."""

    kernel_id: str
    html: str

    @property
    def failed(self) -> bool:
        """Whether a cell of it failed."""
        return FAILED in self.html


class Pages:
    """Renders notebooks; keeps `size` finished pages of each in `pooled` ready."""

    def __init__(
        self,
        kernels: Any,
        renderer: Callable[[str], QuietRenderer],
        size: int,
    ) -> None:
        self._kernels = kernels
        self._renderer = renderer
        self._size = size
        self._pools: Mapping[str, deque[asyncio.Task[Rendered | None]]] = {}
        self._one = asyncio.Semaphore(1)  # heating must not starve the pages in use
        self._later: set[asyncio.Task[None]] = set()

    def preheat(self, notebooks: list[str]) -> None:
        """Begin to keep finished pages of these."""
        self._pools = {name: deque() for name in notebooks}
        for name in notebooks:
            self._fill(name)

    async def take(self, notebook: str) -> Rendered | None:
        """A finished page, or None when one must be rendered now."""
        pool = self._pools.get(notebook)
        while pool:
            rendered = await pool.popleft()
            self._soon(notebook, REFILL_DELAY_S)
            if rendered is None:
                continue
            if rendered.kernel_id in self._kernels and await self._alive(rendered.kernel_id):
                return rendered
        return None

    async def stream(self, notebook: str, on_kernel: Callable[[str], None]) -> AsyncIterator[str]:
        """Render a page now, in pieces; `on_kernel` hears of its kernel before any cell runs."""
        renderer = self._renderer(notebook)
        await renderer.initialize()
        kernel_id = await ensure_async(self._kernels.start_kernel(kernel_name=KERNEL, path=""))
        try:
            on_kernel(kernel_id)
            manager = self._kernels.get_kernel(kernel_id)
            async for piece, _ in renderer.generate_content_generator(kernel_id, manager):
                yield piece
        except BaseException:
            await self._discard(kernel_id)
            raise

    async def close(self) -> None:
        """Stop heating; the kernels are ended by their manager."""
        tasks = [*self._later, *(task for pool in self._pools.values() for task in pool)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def waiting(self) -> dict[str, int]:
        """How many finished pages of each are ready."""
        ready = {}
        for name, pool in self._pools.items():
            done = [t for t in pool if t.done() and not t.cancelled() and not t.exception()]
            ready[name] = sum(t.result() is not None for t in done)
        return ready

    def _fill(self, notebook: str, tries: int = 0) -> None:
        pool = self._pools[notebook]
        for _ in range(self._size - len(pool)):
            pool.append(asyncio.create_task(self._heat(notebook, tries)))

    def _soon(self, notebook: str, delay_s: float, tries: int = 0) -> None:
        async def wait() -> None:
            await asyncio.sleep(delay_s)
            self._fill(notebook, tries)

        task = asyncio.create_task(wait())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _heat(self, notebook: str, tries: int) -> Rendered | None:
        """One finished page; a failure empties its place in the pool and is tried again later."""
        kernel_ids: list[str] = []
        rendered = None
        async with self._one:
            try:
                pieces = [p async for p in self.stream(notebook, kernel_ids.append)]
                rendered = Rendered(kernel_ids[0], "".join(pieces))
            except Exception as error:  # noqa: BLE001 - whatever it is, the server goes on
                kind = type(error).__name__
                log.error("page %s could not be prepared: %s", notebook, kind)  # noqa: TRY400 - as above
        if rendered and not rendered.failed:
            log.info("page %s is ready", notebook)
            return rendered
        if rendered:
            await self._discard(rendered.kernel_id)
        self._empty_place(notebook, tries)
        return None

    def _empty_place(self, notebook: str, tries: int) -> None:
        me = asyncio.current_task()
        pool = self._pools[notebook]
        if me in pool:
            pool.remove(me)
        self._soon(notebook, RETRY_S[min(tries, len(RETRY_S) - 1)], tries + 1)

    async def _alive(self, kernel_id: str) -> bool:
        return bool(await ensure_async(self._kernels.is_alive(kernel_id)))

    async def _discard(self, kernel_id: str) -> None:
        if kernel_id in self._kernels:
            await ensure_async(self._kernels.shutdown_kernel(kernel_id, now=True))


def notebooks_in(folder: Path) -> list[str]:
    """The dashboards of a folder."""
    return sorted(path.name for path in folder.glob("*.ipynb"))
