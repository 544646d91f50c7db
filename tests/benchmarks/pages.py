"""Page open (preheated) to usable, another case in the open page, memory of a page's kernel."""

import statistics
import time
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.house import House, house, settle
from tests.journeys.browser import launch, log_in

OPENS, SWITCHES = 6, 8
# another picture is drawn, and the page shows it: it stands beside the words of its own case
OURS = ".wb-reading .viewer:not(.other)"
SEEN = f"""(b) => ((window.__wb ?? {{}}).shown ?? '') !== b
    && [...document.querySelectorAll('{OURS}')].some((v) => v.offsetParent)"""


def run() -> Iterator[dict]:
    """Seconds in a real browser (no GPU here: drawing is by software) and megabytes."""
    with house() as home, sync_playwright() as playwright:
        settle(home)
        browser = launch(playwright)
        page = log_in(browser, home.port, "reader", home.passwords["reader"])
        page.locator(".wl-row").first.wait_for(timeout=60_000)
        opens = [_open(home, page) for _ in range(OPENS)]
        yield {"figure": "page open, preheated", "limit_s": 2.5, **_spread(opens)}
        switches = [_switch(page) for _ in range(SWITCHES)]
        yield {"figure": "another case", "limit_s": 0.5, **_spread(switches)}
        yield {"figure": "kernel memory", "limit_mb": 60, **_memory(home)}
        browser.close()


def _open(home: House, page: Page) -> float:
    page.wait_for_timeout(
        4000
    )  # the pool makes the next kernel ready; that is what preheated means
    begun = time.monotonic()
    page.goto(f"http://127.0.0.1:{home.port}/wb/page/reading")
    page.locator(".wl-row").first.wait_for()
    return time.monotonic() - begun


def _switch(page: Page) -> float:
    """From the key to the picture of another exam on the screen."""
    before = page.evaluate("() => (window.__wb ?? {}).shown ?? ''")
    begun = time.monotonic()
    page.keyboard.press("n")
    page.wait_for_function(
        SEEN,
        arg=before,
        timeout=15000,
    )
    return time.monotonic() - begun


def _memory(home: House) -> dict:
    kernels = [c for c in home.children() if "ipykernel_launcher" in " ".join(c.cmdline())]
    sizes = [k.memory_full_info().pss / 1e6 for k in kernels]
    return {
        "kernels": len(sizes),
        "median_mb": round(statistics.median(sizes)),
        "worst_mb": round(max(sizes)),
    }


def _spread(seconds: list[float]) -> dict:
    return {
        "median_s": round(statistics.median(seconds), 2),
        "worst_s": round(max(seconds), 2),
        "n": len(seconds),
    }
