"""Where the screening looked is drawn on the film when the reader asks, and lies with it."""

import pytest
from browser_page import Page
from films import COLUMNS, ROWS, opened, src

from workbench.widgets.film_viewer import FilmViewer

LINE = {
    "form": "line", "points": [[0.25, 0.5], [0.75, 0.5]], "tone": "measure", "label": "心胸比 0.50",
}  # fmt: skip
BOX = {
    "form": "box", "points": [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]], "tone": "finding",
    "label": "一侧不透亮",
}  # fmt: skip
SCREEN = "#film .wb-pane:not([hidden]) .wb-screen"


STROKE = 8  # CSS pixels by which a browser takes a drawn line for larger than it is


def middle(drawn: list[float]) -> list[float]:
    x, y, width, height = drawn
    return [x + width / 2, y + height / 2]


def box(film: Page, selector: str) -> list[float]:
    found = film.tab.locator(selector).bounding_box()
    return [found["x"], found["y"], found["width"], found["height"]]


def test_places_are_shown_on_request_where_they_lie_on_the_film(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a", evidence=[LINE, BOX]), height=900))
    opened(film, "a")
    assert not film.tab.locator("#film .wb-evidence").is_visible()
    film.tab.locator("#film .wb-film").press(".")
    film.tab.locator("#film .wb-evidence polygon").wait_for(state="visible")
    assert "仅供参考" in film.tab.locator("#film .wb-chips").text_content()
    left, top, width, height = box(film, SCREEN)
    scale = min(width / COLUMNS, height / ROWS)
    x, y = left + (width - COLUMNS * scale) / 2, top + (height - ROWS * scale) / 2
    drawn = box(film, "#film .wb-evidence polygon")
    expected = [x, y, COLUMNS * scale / 2, ROWS * scale / 2]
    assert middle(drawn) == pytest.approx(middle(expected), abs=scale)
    assert drawn[2:] == pytest.approx(expected[2:], abs=STROKE)
    assert film.tab.locator("#film .wb-evidence text").all_text_contents() == [
        "心胸比 0.50",
        "一侧不透亮",
    ]
    film.tab.locator("#film .wb-film").press(".")
    film.tab.locator("#film .wb-evidence").wait_for(state="hidden")


@pytest.mark.parametrize("tone", ["measure", "finding", "model", "quality"])
def test_a_label_stands_on_dark_not_on_its_own_colour(film: Page, tone: str) -> None:
    film.mount("film", FilmViewer(src=src("a", evidence=[{**BOX, "tone": tone}]), height=900))
    opened(film, "a")
    film.tab.locator("#film .wb-film").press(".")
    label = film.tab.locator("#film .wb-evidence text")
    label.wait_for(state="visible")
    seen = "element => (({ fill, stroke }) => [fill, stroke])(getComputedStyle(element))"
    fill, stroke = label.evaluate(seen)
    outline = film.tab.locator("#film .wb-evidence polygon").evaluate(seen)[1]
    assert stroke.startswith("rgba(0, 0, 0")
    assert fill == outline


def test_places_turn_with_the_film_and_leave_with_it(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a", evidence=[BOX]), height=900))
    opened(film, "a")
    film.tab.locator("#film .wb-film").press(".")
    film.tab.locator("#film .wb-film").press("t")
    film.wait("document.querySelector('#film .wb-chips').textContent.includes('90')")
    left, top, width, height = box(film, SCREEN)
    scale = min(width / ROWS, height / COLUMNS)
    right, upper = left + (width + ROWS * scale) / 2, top + (height - COLUMNS * scale) / 2
    drawn = box(film, "#film .wb-evidence polygon")
    # what was at the upper left lies at the upper right of a film turned clockwise
    expected = [right - ROWS * scale / 2, upper, ROWS * scale / 2, COLUMNS * scale / 2]
    assert middle(drawn) == pytest.approx(middle(expected), abs=scale)
    assert drawn[2:] == pytest.approx(expected[2:], abs=STROKE)
    film.set("film", "src", src("b"))
    opened(film, "b")
    film.tab.locator("#film .wb-evidence").wait_for(state="hidden")
    assert not film.tab.locator("#film [data-name=places]").is_visible()
