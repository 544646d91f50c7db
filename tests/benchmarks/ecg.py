"""ECGs in the open reading page: from the list to the traces, redraw, memory of a whole sitting."""

import statistics
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.benchmarks.house import House, house, settle
from tests.journeys.browser import launch, log_in

SITTING = 200  # ECGs opened one after the other
WARM = 40  # openings before the first weighing: fonts, code and pools are there then
REDRAWS = 60
OPENINGS = 12
# another picture is drawn, and the page shows it beside the words of its own case
SEEN = """(b) => (window.__wb?.ecg?.shown ?? '') !== b && window.__wb.ecg.stage === 'full'
    && [...document.querySelectorAll('.wb-reading .viewer:not(.other)')]
      .some((v) => v.offsetParent)"""
SHOWN = "() => window.__wb?.ecg?.shown ?? ''"
REDRAW = """async (n) => {
  const root = document.querySelector('.wb-ecg');
  const canvas = root.querySelector('canvas[data-layer=traces]');
  const press = (key) => root.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const next = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  press('4');
  await next();
  const [script, whole] = [[], []];
  for (let i = 0; i < n; i++) {
    press('d'); // marks of findings on and off: everything is drawn anew
    await next();
    script.push(window.__wb.ecg.draw_ms);
    const begun = performance.now();
    canvas.getContext('2d').getImageData(0, 0, 1, 1); // waits until all of it is rastered
    whole.push(script.at(-1) + performance.now() - begun);
  }
  press('1');
  return { script, whole, size: [canvas.width, canvas.height] };
}"""


def run() -> Iterator[dict[str, Any]]:
    """Seconds in a real browser (no GPU here: drawing is by software) and megabytes."""
    with house() as home, sync_playwright() as playwright:
        settle(home)
        browser = launch(playwright)
        page = log_in(browser, home.port, "reader", home.passwords["reader"])
        page.locator(".wl-row").first.wait_for(timeout=60_000)
        page.locator(".wl-filter select").first.select_option("ECG")
        page.wait_for_function(
            """() => document.querySelector('.wl-row')
              && !document.querySelector('.wl-row .pg-tag.DR')"""
        )
        keys = [str(r.get_attribute("data-exam")) for r in page.locator(".wl-row").all()]
        _open(page, keys[0])
        jumps = [_open(page, keys[(5 * i + 3) % len(keys)]) for i in range(OPENINGS)]
        yield {"figure": "list to traces", "limit_s": 0.3, "ecgs": len(keys), **_spread(jumps)}
        yield {"figure": "prefetched traces", "limit_s": 0.15, **_spread(_prefetched(page))}
        drawn = page.evaluate(REDRAW, REDRAWS)
        yield {
            "figure": "redraw 12 x 5000 samples",
            "limit_ms": 8,
            "script_ms": round(statistics.median(drawn["script"]), 1),
            "with_raster_ms": round(statistics.median(drawn["whole"]), 1),
            "pixels": drawn["size"],
            "n": REDRAWS,
        }
        yield from _sitting(home, page, keys)
        browser.close()


def _open(page: Page, key: str) -> float:
    """From the click in the list to the traces beside their words."""
    before = page.evaluate(SHOWN)
    row = page.locator(f".wl-row[data-exam='{key}']")
    row.scroll_into_view_if_needed()
    begun = time.monotonic()
    row.click()
    page.wait_for_function(SEEN, arg=before, timeout=15000)
    return time.monotonic() - begun


def _prefetched(page: Page) -> list[float]:
    """Key N, after what comes next was fetched."""
    times = []
    for _ in range(OPENINGS):
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1200)  # a reader looks at an ECG for longer; the next ones come now
        before = page.evaluate(SHOWN)
        begun = time.monotonic()
        page.keyboard.press("n")
        page.wait_for_function(SEEN, arg=before, timeout=15000)
        times.append(time.monotonic() - begun)
    return times


def _sitting(home: House, page: Page, keys: list[str]) -> Iterator[dict[str, Any]]:
    """Weigh browser and kernel before and after a day of ECGs in one page."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for i in range(WARM):
        _open(page, keys[i % len(keys)])
    before = {"browser": _heap(session), "kernel": _kernel(home)}
    for i in range(SITTING):
        _open(page, keys[i % len(keys)])
    after = {"browser": _heap(session), "kernel": _kernel(home)}
    for part, weight in before.items():
        yield {
            "figure": f"{part} memory, {SITTING} ECGs in one sitting",
            "limit_percent": 10,
            "before_mb": round(weight, 1),
            "after_mb": round(after[part], 1),
            "grown_percent": round(100 * (after[part] / weight - 1), 1),
        }


def _heap(session: CDPSession) -> float:
    """MB of the page's heap with what its arrays and canvases hold, after all litter is gone."""
    for _ in range(3):
        session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    return (used["usedSize"] + used.get("backingStorageSize", 0)) / 1e6


def _kernel(home: House) -> float:
    """MB of the largest page kernel."""
    kernels = [c for c in home.children() if "ipykernel_launcher" in " ".join(c.cmdline())]
    return max(k.memory_full_info().pss for k in kernels) / 1e6


def _spread(seconds: list[float]) -> dict[str, Any]:
    return {
        "median_s": round(statistics.median(seconds), 3),
        "worst_s": round(max(seconds), 3),
        "n": len(seconds),
    }
