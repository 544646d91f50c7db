"""OHIF on Orthanc with the same films, in the same browser, by the same yardstick."""

from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Browser, Page, Playwright

from tests.benchmarks import ohif_site, sight
from tests.benchmarks.film_set import Film
from tests.journeys.browser import launch

DRAGS = 3
TOUR = "localStorage.setItem('shownTours', JSON.stringify(['basicViewerTour']))"
BACK = "[data-cy=return-to-work-list]"


def run(
    playwright: Playwright, films: Sequence[Film], size: tuple[float, float], drag: tuple[int, int]
) -> Iterator[dict[str, Any]]:
    """Openings, changes of patient, drags; `size` is our canvas, so that both draw as much."""
    try:
        with ohif_site.site(films) as site:
            detour = ohif_site.detour_ms(site, films[0])
            yield {"figure": "reverse proxy before OHIF's server adds", "ms": round(detour, 1)}
            browser = launch(playwright)
            yield from _measured(browser, site.address, films, size, drag)
            browser.close()
    except ohif_site.NotHere as missing:
        yield {"figure": "OHIF", "skipped": str(missing)}


def _measured(
    browser: Browser,
    address: str,
    films: Sequence[Film],
    size: tuple[float, float],
    drag: tuple[int, int],
) -> Iterator[dict[str, Any]]:
    context = browser.new_context(viewport={"width": 1200, "height": 930})
    context.add_init_script(TOUR)
    context.add_init_script(path=sight.SCRIPT)
    page = context.new_page()
    page.goto(address)
    first, *others = films
    _row(page, first).wait_for(timeout=sight.PATIENCE_MS)
    opening = _open(page, first)
    yield {"figure": "OHIF: first opening in the page", "s": round(opening["full"] / 1000, 2)}
    page.wait_for_timeout(1500)

    def again() -> None:  # its picture turns black when the window changes under it
        page.locator(BACK).first.click()
        _row(page, first).wait_for()
        _open(page, first)
        page.wait_for_timeout(1500)

    reached = sight.fit_viewport(page, size, again)
    half = len(others) // 2
    cold, onward = [], []
    for film in others[:half]:
        page.locator(BACK).first.click()
        _row(page, film).wait_for()
        page.wait_for_timeout(1500)
        cold.append((film, _open(page, film)))
    for bits in sorted({f.bits for f in films}, reverse=True):
        runs = [r for f, r in cold if f.bits == bits]
        yield {
            "figure": f"OHIF: list to film, {bits} bits",
            "canvas": reached,
            **sight.seconds(runs, "full"),
        }
    for film in others[half:]:
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1500)
        onward.append(sight.timed(page, film.number, lambda f=film: _next(page, f)))
    yield {
        "figure": "OHIF: next patient",
        **sight.seconds(onward, "full"),
        "after_last_click_s": sight.seconds(onward, "full", since="last")["median_s"],
    }  # fmt: skip
    sight.check(page)
    reached = sight.fit_viewport(page, drag, again)
    drags = [sight.drag(page) for _ in range(DRAGS)]
    yield {
        "figure": "OHIF: drag of window and level", "canvas": reached,
        **sight.spread([d["per_s"] for d in drags], "per_s"),
        "longest_ms": round(max(d["longest_ms"] for d in drags)),
    }  # fmt: skip


def _row(page: Page, film: Film) -> Any:
    return page.locator(f"tr:has-text('{film.local_id}')").first


def _open(page: Page, film: Film) -> dict[str, Any]:
    return sight.timed(page, film.number, lambda: _row(page, film).dblclick())


def _next(page: Page, film: Film) -> None:
    page.locator(BACK).first.click()
    _row(page, film).dblclick()
