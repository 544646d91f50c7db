"""One yardstick for every viewer of films: from a click or key to pixels that name their film.

`sight.js` looks at the visible canvases once a frame; nobody trusts what a viewer says of itself.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import imagecodecs
from playwright.sync_api import Page

from tests.benchmarks.film_set import CELL, CELLS, SIDE, TOP, squares

SCRIPT = Path(__file__).with_name("sight.js")
PATIENCE_MS = 60_000
LOOK_MS = 100  # between two looks of ours at the page: it times itself
EVERY_MS = 5  # between two looks whether the mouse may move on
# A mouse does not wait for the page, and a browser merges moves that come too fast. One move sent
# after the other was answered starves a fast page, moves without end bury a slow one.
UNANSWERED = 2
DRAG_S, STEP = 4.0, (4.0, 2.5)  # seconds; CSS pixels a move
REACH = (160, 90)  # CSS pixels to both sides


def timed(
    page: Page, wanted: int, act: Callable[[], None], *, by_key: bool = False
) -> dict[str, Any]:
    """Milliseconds from the click or key in `act` until this film (0: another) is on the screen."""
    page.evaluate("([n, k]) => window.__sight.arm(n, k)", [wanted, by_key])
    act()
    page.wait_for_function("() => window.__sight.done()", polling=LOOK_MS, timeout=PATIENCE_MS)
    found: dict[str, Any] = page.evaluate("() => window.__sight.result()")
    return found


def fit_viewport(
    page: Page, size: tuple[float, float], again: Callable[[], object]
) -> tuple[float, float]:
    """Make the window so large that the film's canvas has this size; what was reached.

    `again` brings a film back onto the screen of a window that has another size now.
    """
    box = page.evaluate("() => window.__sight.viewport()")
    for _ in range(4):
        wide, high = size[0] - box["width"], size[1] - box["height"]
        if max(abs(wide), abs(high)) < 2:
            break
        window = page.viewport_size
        page.set_viewport_size(
            {"width": round(window["width"] + wide), "height": round(window["height"] + high)}
        )
        again()
        box = page.evaluate("() => window.__sight.viewport()")
    return box["width"], box["height"]


def drag(page: Page, seconds: float = DRAG_S) -> dict[str, float]:
    """Frames a second in which the picture changed during a drag, and the longest wait."""
    box = page.evaluate("() => window.__sight.viewport()")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => window.__sight.count()")
    session, waiting = page.context.new_cdp_session(page), []
    moves, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        waiting = [move for move in waiting if not move.done()]
        if len(waiting) < UNANSWERED:
            moves += 1
            across, down = (_to_and_fro(moves * s, r) for s, r in zip(STEP, REACH, strict=True))
            event = {"type": "mouseMoved", "x": x + across, "y": y + down, "buttons": 1}
            call = session._impl_obj.send("Input.dispatchMouseEvent", event, None)
            waiting.append(page._loop.create_task(call))
        page.wait_for_timeout(EVERY_MS)
    counted = page.evaluate("() => window.__sight.counted()")
    page.mouse.up()
    session.detach()
    changes: Sequence[float] = counted["changes"]
    if len(changes) < 3:
        raise RuntimeError(f"the picture changed {len(changes)} times during a drag of greys")
    span = changes[-1] - changes[0]
    gaps = [b - a for a, b in itertools.pairwise(changes)]
    return {
        "per_s": (len(changes) - 1) / span * 1000,
        "longest_ms": max(gaps),
        "page_per_s": counted["frames"] / span * 1000,
        "moves_per_s": moves / seconds,
    }


def _to_and_fro(way: float, reach: float) -> float:
    """A point that goes to `reach`, back to -`reach` and so on, for the way it has gone."""
    at = (way + reach) % (4 * reach)
    return at - reach if at < 2 * reach else 3 * reach - at


def check(page: Page) -> None:
    """The yardstick itself: a screenshot must show the film that the script in the page reads."""
    said, seen = page.evaluate("() => window.__sight.number()"), _on_screen(page)
    if not 0 < said == seen:
        raise RuntimeError(f"the page's script reads film {said}, a screenshot shows film {seen}")


def _on_screen(page: Page) -> int:
    box = page.evaluate("() => window.__sight.viewport()")
    shot = imagecodecs.png_decode(page.screenshot(clip=box))
    grey = shot[..., :3].mean(axis=2)
    unit = min(grey.shape) / SIDE
    row = grey[round(grey.shape[0] / 2 + (TOP + CELL / 2 - SIDE / 2) * unit)]
    columns = [grey.shape[1] / 2 + (i + 0.5 - CELLS / 2) * CELL * unit for i in range(CELLS)]
    seen = [bool(row[round(c)] > 128) for c in columns]
    return next((n for n in range(256) if squares(n) == seen), 0)


def seconds(runs: Sequence[Mapping[str, Any]], name: str, *, since: str = "") -> dict[str, Any]:
    """Median and worst of one time of several openings, in seconds."""
    times = [(run[name] - (run[since] if since else 0)) / 1000 for run in runs]
    return {
        "median_s": round(statistics.median(times), 3),
        "worst_s": round(max(times), 3),
        "n": len(times),
    }


def spread(values: Sequence[float], unit: str, digits: int = 1) -> dict[str, Any]:
    """Median, least and most of a few values."""
    return {
        f"median_{unit}": round(statistics.median(values), digits),
        f"least_{unit}": round(min(values), digits),
        f"most_{unit}": round(max(values), digits),
        "n": len(values),
    }
