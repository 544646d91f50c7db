"""A sitting of many studies in a browser that nobody watches, weighed at the end.

The protocol by which Playwright watches a page makes the page's process keep what was fetched (up
to 200 MB), and the yardstick, by looking, keeps pictures decoded. So this browser gets neither:
a handful of commands only, and none that makes it remember.
"""

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import psutil
from tornado.websocket import WebSocketClientConnection, websocket_connect

from tests.benchmarks.film_set import Film
from tests.benchmarks.house import House, free_port, until
from tests.journeys.browser import ARGUMENTS

PATIENCE_S, LOOK_S = 90.0, 0.2
EARLY = 10  # studies before the first weighing: code, fonts and pools are there then
COUNTING = """
window.contexts = [];
for (const kind of [HTMLCanvasElement, OffscreenCanvas]) {
  const before = kind.prototype.getContext;
  kind.prototype.getContext = function (type, ...given) {
    const context = before.call(this, type, ...given);
    if (context && /webgl/.test(type) && !contexts.some((one) => one.deref() === context)) {
      contexts.push(new WeakRef(context));
    }
    return context;
  };
}"""
CONTEXTS = """({ made: contexts.length,
  alive: contexts.filter((one) => one.deref()?.isContextLost() === false).length })"""
LOG_IN = """(() => { const field = (name) => document.querySelector(`input[name=${name}]`);
  field('username').value = 'reader'; field('password').value = %s;
  field('username').form.requestSubmit(); })()"""
FILTER = """(() => { const put = (element, value, event) => {
    element.value = value; element.dispatchEvent(new Event(event, { bubbles: true })); };
  put(document.querySelector('.wl-filter select'), 'DR', 'change');
  put(document.querySelector('.wl-filter input'), '影F', 'input'); })()"""
OPEN = """(() => { window.left = window.__wb?.film?.shown;
  const row = [...document.querySelectorAll('.wl-row')].find((one) => one.textContent.includes(%s));
  row.scrollIntoView({ block: 'nearest' }); row.click(); })()"""
ROUNDS = 4  # through the list: 200 cases of 50
# every film on show and the case beside it bear the name of the row that was opened
OWN = """(() => { const who = %s;
  const films = [...document.querySelectorAll('.wb-film .wb-pane')].filter((one) => !one.hidden);
  const names = films.map((one) => one.querySelector('.wb-corner[data-at=nw]').textContent);
  return names.length > 0 && names.every((name) => name.includes(who))
    && document.querySelector('aside.case').textContent.includes(who)
    && !document.querySelector('.wb-reading .viewer.other .wb-film'); })()"""
OPENED = "window.__wb?.film?.stage === 'full' && window.__wb.film.shown !== window.left"


def sit(home: House, films: Sequence[Film]) -> dict[str, Any]:
    """Open one film after the other; memory in MB and WebGL contexts, early and late."""
    # Playwright has an event loop in this thread
    with _browser() as (process, address), ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _sit(process, address, home, films)).result()


async def _sit(
    process: psutil.Process, address: str, home: House, films: Sequence[Film]
) -> dict[str, Any]:
    weighed = {}
    async with _Page(address) as page:
        await page.ask("Page.enable")
        await page.ask("Page.addScriptToEvaluateOnNewDocument", source=COUNTING)
        await page.ask("Page.navigate", url=f"http://127.0.0.1:{home.port}/login")
        await page.until("document.querySelector('input[name=password]')")
        await page.run(LOG_IN % json.dumps(home.passwords["reader"]))
        await page.until("document.querySelector('.wl-row')")
        await page.run(FILTER)
        listed = min(len({film.number for film in films}), 50)
        rows = f"document.querySelectorAll('.wl-row').length === {listed}"
        await page.until(f"{rows} && document.querySelector('.wl-row').textContent.includes('影F')")
        for count, film in enumerate([*films] * ROUNDS, start=1):
            await page.run(OPEN % json.dumps(film.name))
            await page.until(OPENED)
            await page.until(OWN % json.dumps(film.name))  # never comes where two patients met
            if count in {min(EARLY, len(films) - 1), len(films), len(films) * ROUNDS}:
                weighed[count] = await _weigh(process, page)
    early, late, last = sorted(weighed)
    return {
        "studies": [early, late, last], "early": weighed[early], "late": weighed[late],
        "last": weighed[last],
    }  # fmt: skip


async def _weigh(process: psutil.Process, page: "_Page") -> dict[str, Any]:
    await asyncio.sleep(3)  # what comes next is fetched
    for _ in range(3):
        await page.ask("HeapProfiler.collectGarbage")
    await asyncio.sleep(2)  # freed pages are given back to the system after a moment
    used = await page.ask("Runtime.getHeapUsage")
    children = process.children(recursive=True)
    pages = [c.memory_full_info() for c in children if "--type=renderer" in c.cmdline()]
    largest = max(pages, key=lambda memory: memory.rss)
    heap = used["usedSize"] + used.get("backingStorageSize", 0)
    return {
        "pss_mb": round(largest.pss / 1e6), "rss_mb": round(largest.rss / 1e6),
        "heap_mb": round(heap / 1e6), "contexts": await page.run(CONTEXTS),
    }  # fmt: skip


class _Page:
    """One page by the browser's own protocol."""

    _line: WebSocketClientConnection

    def __init__(self, address: str) -> None:
        self._address, self._number = address, 0

    async def __aenter__(self) -> Self:
        self._line = await websocket_connect(self._address, max_message_size=1 << 26)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._line.close()

    async def ask(self, method: str, **given: Any) -> dict[str, Any]:
        """A command and its answer."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": given}
        await self._line.write_message(json.dumps(told))
        while True:
            heard = await self._line.read_message()
            if heard is None:
                raise ConnectionError(f"the browser went away during {method}")
            answer = json.loads(heard)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                result: dict[str, Any] = answer["result"]
                return result

    async def run(self, script: str) -> Any:
        """What a script in the page gives back."""
        done = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(str(done["exceptionDetails"])[:500])
        return done["result"].get("value")

    async def until(self, state: str) -> None:
        """Wait for a state of the page."""
        end = time.monotonic() + PATIENCE_S
        while not await self.run(f"Boolean({state})"):
            if time.monotonic() > end:
                raise TimeoutError(f"waited {PATIENCE_S:.0f} s in vain for {state}")
            await asyncio.sleep(LOOK_S)


@contextlib.contextmanager
def _browser() -> Iterator[tuple[psutil.Process, str]]:
    """The browser's process, and where its one page is spoken to."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise RuntimeError("no chromium in PATH; name one in CHROMIUM")
    port = free_port()
    with tempfile.TemporaryDirectory(
        prefix="workbench-sitting-", ignore_cleanup_errors=True
    ) as own:
        process = subprocess.Popen(
            [program, *ARGUMENTS, "--headless=new", "--window-size=1600,1000", "--lang=zh-CN",
             f"--remote-debugging-port={port}", f"--user-data-dir={own}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(lambda: bool(_pages(port)), 60)
            yield psutil.Process(process.pid), _pages(port)[0]
        finally:
            process.terminate()
            process.wait(30)


def _pages(port: int) -> list[str]:
    """Where the pages of a browser are spoken to; none until it has opened."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            told = json.load(answer)
    except OSError:
        return []
    return [one["webSocketDebuggerUrl"] for one in told if one["type"] == "page"]
