"""Films in the open reading page: openings, the next case, drags, memory; then OHIF likewise."""

import os
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks import decode, film_report, ohif, ohif_site, sight, sitting
from tests.benchmarks.film_set import Film, films, send
from tests.benchmarks.house import House, house, settle, until
from tests.journeys.browser import launch, log_in
from workbench.settings import Settings
from workbench.store.embedded import address_of

QUICK = bool(os.environ.get("FILMS_QUICK"))  # to work on this program: few, and nothing is written
STUDIES = 10 if QUICK else 50
COLD = 2 if QUICK else 8  # openings of each depth
NEXT = 4 if QUICK else 16
PEER = 7 if QUICK else 25  # films of the peer: one first, then as many openings as changes
DRAGS = 3
WINDOW = (1600, 1000)
CANVAS = (1600, 800)  # of the drags
REST_MS = 1500  # a reader looks at a film for longer; what comes next is fetched meanwhile
WAITING = "(n) => document.querySelectorAll('.wl-row').length === n"
AHEAD = """() => (window.__wb?.film?.held ?? []).some((id) => id !== window.__wb.film.shown)"""

DRAWN = "() => window.__wb?.film?.stage === 'full' && window.__sight.number() > 0"


def run() -> Iterator[dict[str, Any]]:
    """Every figure of issue 5's table; the last one says where its section was written."""
    began = datetime.now(UTC)
    figures = []
    for figure in _figures():
        figure["load"] = round(os.getloadavg()[0], 1)
        figures.append(figure)
        yield figure
    print(film_report.section(figures, began))
    if not QUICK:
        yield {"figure": "section written", "to": str(film_report.write(figures, began))}


def _figures() -> Iterator[dict[str, Any]]:
    yield from decode.run()
    with (
        tempfile.TemporaryDirectory(prefix="workbench-films-") as folder,
        sync_playwright() as playwright,
    ):
        made = films(Path(folder), STUDIES)
        with house() as home:
            settle(home)
            send(made, home.dicom_port)
            _screened(home, len(made))
            browser = launch(playwright)
            yield {
                "figure": "versions",
                "programs": {"Chromium": browser.version, **ohif_site.versions()},
            }
            page = _desk(browser, home, len(made))
            first = _open(page, made[0])
            yield {"figure": "first film of the page", "s": round(first["full"] / 1000, 2)}
            size = page.evaluate("() => window.__sight.viewport()")
            yield from _openings(page, made)
            yield from _changes(page)
            sight.check(page)
            yield from _drags(page, made)
            browser.close()
            yield from _sitting(home, made)
        yield from ohif.run(playwright, made[:PEER], (size["width"], size["height"]), CANVAS)


def _screened(home: House, count: int) -> None:
    """Until the display copies of all films are made."""
    query = "SELECT count(*) FROM exam WHERE screening = 'done'"
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn, autocommit=True) as conn:
        before = 8  # the samples of the demonstration
        until(lambda: conn.execute(query).fetchone()[0] >= before + count, 600)


def _desk(browser: Browser, home: House, count: int) -> Page:
    """The reading page with our films alone in its list."""
    page = log_in(browser, home.port, "reader", home.passwords["reader"], size=WINDOW)
    page.context.add_init_script(path=sight.SCRIPT)
    _begin(page, count)
    return page


def _begin(page: Page, count: int) -> None:
    page.reload()
    page.locator(".wl-row").first.wait_for(timeout=sight.PATIENCE_MS)
    page.locator(".wl-filter select").first.select_option("DR")
    page.locator(".wl-filter input").fill("影F")
    page.wait_for_function(WAITING, arg=min(count, 50), timeout=sight.PATIENCE_MS)
    page.wait_for_timeout(REST_MS)


def _open(page: Page, film: Film) -> dict[str, Any]:
    """A click in the list; nothing of the film is in the browser's cache."""
    row = page.locator(".wl-row", has_text=film.name)
    row.scroll_into_view_if_needed()
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.detach()
    return sight.timed(page, film.number, row.click)


def _openings(page: Page, made: Sequence[Film]) -> Iterator[dict[str, Any]]:
    """Films that were not fetched ahead: what follows in the list is, so far ones are taken."""
    runs: dict[int, list[dict[str, Any]]] = {16: [], 12: []}
    at = 0
    for _ in range(3 * COLD):
        at = (at + (len(made) // 3 | 1)) % len(made)  # odd: both depths come in turns
        film = made[at]
        if len(runs[film.bits]) < COLD:
            _rest(page)
            run = _open(page, film)
            if run["fetched"] and not run["was_held"]:
                runs[film.bits].append(run)
    everything = [run for those in runs.values() for run in those]
    yield {"figure": "list to preview", "limit_s": 0.3, **sight.seconds(everything, "first")}
    for bits, those in runs.items():
        yield {
            "figure": f"list to full depth, cold, {bits} bits", "limit_s": 1.0,
            **sight.seconds(those, "full"), "tools_s": sight.seconds(those, "ready")["median_s"],
            **_parts(those),
        }  # fmt: skip


def _changes(page: Page) -> Iterator[dict[str, Any]]:
    """Key N, after the next films were fetched."""
    runs = []
    for _ in range(NEXT):
        page.wait_for_function(AHEAD, timeout=sight.PATIENCE_MS)
        _rest(page)
        runs.append(sight.timed(page, 0, lambda: page.keyboard.press("n"), by_key=True))
    ahead = [run for run in runs if run["was_held"]]
    yield {
        "figure": "next case, prefetched", "limit_s": 0.15, **sight.seconds(ahead, "full"),
        "not_prefetched": len(runs) - len(ahead),
        "tools_s": sight.seconds(ahead, "ready")["median_s"], **_parts(ahead, fetched=False),
    }  # fmt: skip


def _rest(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(REST_MS)


def _parts(runs: Sequence[dict[str, Any]], *, fetched: bool = True) -> dict[str, float]:
    """Where the time goes, medians in ms: to Python and back, fetching, unpacking."""
    answers = [run["answered"] for run in runs]
    parts = {
        "sent": [run["sent"] for run in runs],
        "answered": answers,
        "held": [run["held"] for run in runs],
    }
    if fetched:
        for name in ("fetch_ms", "decode_ms"):
            parts[name] = [run["own"].get(name, 0.0) for run in runs]
    parts["seen_by_itself"] = [run["own"].get("seen_ms", run["own"]["ms"]) for run in runs]
    return {f"part_{name}": round(statistics.median(each)) for name, each in parts.items()}


def _sitting(home: House, made: Sequence[Film]) -> Iterator[dict[str, Any]]:
    """Every study of the list once, in a page of a browser of its own."""
    found = sitting.sit(home, made)
    yield {"figure": f"memory after {len(made)} studies", "limit_mb": 400, **found}


def _drags(page: Page, made: Sequence[Film]) -> Iterator[dict[str, Any]]:
    def again() -> None:  # the page does not follow a window that becomes lower
        _begin(page, len(made))  # it opens the case of its address again
        page.wait_for_function(DRAWN, timeout=sight.PATIENCE_MS)
        _rest(page)

    reached = sight.fit_viewport(page, CANVAS, again)
    drags = [sight.drag(page) for _ in range(DRAGS)]
    yield {
        "figure": "drag of window and level", "limit_per_s": 30, "canvas": reached,
        **sight.spread([d["per_s"] for d in drags], "per_s"),
        "longest_ms": round(max(d["longest_ms"] for d in drags)),
        **{
            name: round(statistics.median(d[name] for d in drags), 1)
            for name in ("page_per_s", "moves_per_s")
        },
    }  # fmt: skip
