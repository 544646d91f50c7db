"""One, two or four films beside each other: what is linked, kept apart and asked for."""

import io
import threading
from typing import Any

import numpy as np
import pytest
from browser_page import Page, coded_film
from films import COLUMNS, PLAIN, ROWS, opened, src
from films import shows as whole
from PIL import Image

from workbench.widgets.film_viewer import FilmViewer

BOTH = pytest.mark.parametrize("film", ["cpu", "webgl"], indirect=True)
PANES = "window.__wb.film.panes"
CALIBRATED = {"spacing": {"row_mm": 0.2, "column_mm": 0.2, "kind": "calibrated"}}


def prior(name: str, **meta: object) -> dict[str, Any]:
    return {**src(name, **meta), "label": "既往 2024-03-05", "prior": True}


def two(page: Page, beside: dict[str, Any] | None = None, **first: object) -> None:
    beside = beside or prior("b")
    page.mount(
        "film", FilmViewer(src=src("a", **first), beside=[beside], hanging="1x2", height=900)
    )
    opened(page, "a")
    page.wait(f"{PANES}?.['1'] === '{beside['id']} full'")


def pane(page: Page, number: int) -> Any:
    return page.tab.locator("#film .wb-pane").nth(number)


def corner(page: Page, number: int, at: str = "sw") -> str:
    return str(pane(page, number).locator(f".wb-corner[data-at={at}]").text_content())


def percent(page: Page, number: int) -> float:
    return float(corner(page, number, "se").split("  ")[1].split(" ")[0])


def middle(page: Page, number: int) -> tuple[float, float]:
    box = pane(page, number).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def greys(page: Page, number: int) -> list[int]:
    """Greys of the four quarters near the middle of a pane, read from the screen."""
    x, y = middle(page, number)
    picture = Image.open(io.BytesIO(page.tab.screenshot())).convert("L")
    return [
        picture.getpixel((int(x + dx), int(y + dy))) for dy in (-100, 100) for dx in (-100, 100)
    ]


def shows(page: Page, number: int, expected: list[int]) -> None:
    got: list[int] = []
    for _ in range(40):  # each turn waits for one more frame on its way to the screen
        got = greys(page, number)
        if np.allclose(got, expected, atol=3):
            return
        page.tab.evaluate("new Promise(requestAnimationFrame)")
    assert got == expected


@BOTH
def test_two_films_lie_beside_each_other_each_with_its_own_name_and_place(film: Page) -> None:
    two(film, prior("b", caption=["甲", "去年"]), caption=["甲", "今天"])
    shows(film, 0, PLAIN)
    shows(film, 1, [g + 6 for g in PLAIN])  # a hundred brighter in a window of four thousand
    assert corner(film, 0, "nw") == "甲\n今天"
    assert corner(film, 1, "nw") == "甲\n去年"
    assert pane(film, 1).locator(".wb-band").text_content() == "既往 2024-03-05"
    assert pane(film, 0).locator(".wb-band").is_hidden()


@BOTH
def test_linked_films_share_window_inversion_place_and_enlargement(film: Page) -> None:
    two(film)
    x, y = middle(film, 0)
    film.tab.mouse.move(x, y)
    film.tab.mouse.down()
    film.tab.mouse.move(x, y + 100, steps=4)
    film.tab.mouse.up()
    film.wait("[...document.querySelectorAll('#film .wb-corner[data-at=sw]')].slice(0, 2)"
              ".every((one) => one.textContent.includes('窗位 3000'))")  # fmt: skip
    film.tab.keyboard.press("i")
    shows(film, 1, [255, 217, 153, 89])
    before = percent(film, 1)
    film.tab.mouse.move(x + 50, y + 80)
    film.tab.mouse.wheel(0, -400)
    film.wait(
        "parseFloat(document.querySelectorAll('#film .wb-corner[data-at=se]')[1]"
        f".textContent.split('  ')[1]) > {before * 1.02}"
    )
    assert percent(film, 1) == pytest.approx(percent(film, 0), abs=1.5)
    film.tab.keyboard.press("y")
    film.tab.keyboard.press("i")
    shows(film, 0, [0, 32, 96, 159])
    shows(film, 1, [255, 217, 153, 89])


def test_linked_films_show_a_millimetre_alike_where_both_know_millimetres(film: Page) -> None:
    finer = {"spacing": {"row_mm": 0.1, "column_mm": 0.1, "kind": "calibrated"}}
    two(film, prior("b", **finer), **CALIBRATED)
    film.wait(
        "((a, b) => Math.abs(a / 2 - b) < 2)(...[...document.querySelectorAll("
        "'#film .wb-corner[data-at=se]')].slice(0, 2).map((one) => parseFloat("
        "one.textContent.split('  ')[1])))"
    )
    film.tab.keyboard.press("1")
    film.wait(
        "document.querySelectorAll('#film .wb-corner[data-at=se]')[1].textContent.includes(' 50 %')"
    )


@BOTH
def test_films_keep_their_shape_when_the_places_change_their_size(film: Page) -> None:
    two(film)
    film.set("film", "beside", [])
    film.set("film", "hanging", "1x1")
    film.wait("document.querySelectorAll('#film .wb-pane')[1].hidden")
    whole(film, PLAIN)
    film.set("film", "beside", [prior("b")])
    film.set("film", "hanging", "1x2")
    film.wait(f"{PANES}['1'] === 'b full'")
    shows(film, 0, PLAIN)
    film.set("film", "hanging", "1x1")
    whole(film, PLAIN)


@BOTH
@pytest.mark.parametrize("ready", [True, False])
def test_a_case_of_two_films_fits_its_places_after_a_case_of_one(film: Page, ready: bool) -> None:
    ahead = [src("c"), src("d")] if ready else []
    tall = 1300  # one film is as high as its place, each of two as wide
    film.mount("film", FilmViewer(src=src("a"), prefetch=ahead, height=tall))
    opened(film, "a")
    film.wait(f"window.__wb.film.held.length === {1 + len(ahead)}")
    for hanging, beside, name in (("1x2", [src("d")], "c"), ("1x1", [], "a"), ("1x2", [], "b")):
        film.tab.evaluate(  # one message of Python changes all of them
            "([s, b, h]) => { const m = models.film;"
            " Object.assign(m.state, { src: s, beside: b, hanging: h });"
            " for (const n of ['src', 'beside', 'hanging'])"
            " for (const act of m.heard.get(`change:${n}`)) act(); }",
            [src(name), beside, hanging],
        )
        opened(film, name)
        for number, _ in enumerate([name, *beside]):
            film.wait(f"/ full$/.test({PANES}?.['{number}'] ?? '')")
            box = pane(film, number).bounding_box()
            fits = 100 * min(box["width"] / COLUMNS, box["height"] / ROWS)
            assert percent(film, number) == pytest.approx(fits, abs=1.0), (hanging, number)


def test_marks_stay_with_their_own_film_whichever_pane_it_lies_in(film: Page) -> None:
    line = {"uid": "one", "tool": "Length", "points": [[10, 50], [60, 50]], "text": ""}
    two(film)
    film.set("film", "marks", {"a": [], "b": [line]})
    film.wait("document.querySelectorAll('#film .wb-pane')[1].textContent.includes('10.0 mm')")
    assert film.trait("film", "annotations") == []
    film.tab.keyboard.press("l")
    x, y = middle(film, 0)
    for number in (0, 1):  # one drawn right after the other: neither is lost on its way
        x, y = middle(film, number)
        film.tab.mouse.move(x - 60, y - 40)
        film.tab.mouse.down()
        film.tab.mouse.move(x + 60, y - 40, steps=5)
        film.tab.mouse.up()
    film.wait("models.film.get('chosen') === 'b' && models.film.get('annotations').length === 2")
    film.wait("((m) => m.id === 'b' && m.marks.length === 2)(models.film.get('marked'))")
    said = film.tab.evaluate(
        "models.film.saved.map((one) => one.marked).filter((one) => one?.id)"
        ".map((one) => [one.id, one.marks.length])"
    )
    assert ["a", 1] in said
    assert said[-1] == ["b", 2]
    kept = film.trait("film", "marked")["marks"]
    film.set("film", "beside", [])
    film.set("film", "hanging", "1x1")
    film.set("film", "marks", {"b": kept})  # as Python gives what it has kept
    film.set("film", "src", src("b"))
    opened(film, "b")
    film.wait("models.film.get('annotations').length === 2")


def test_another_patient_empties_every_pane_before_one_film_of_it_is_seen(film: Page) -> None:
    film.server.blobs["/f/e"] = coded_film(np.full((400, 300), 3000, np.uint16))
    gate = film.server.gates["/f/c"] = threading.Event()
    film.server.gates["/p/c.jpg"] = threading.Event()
    film.server.gates["/p/d.jpg"] = threading.Event()
    late = film.server.gates["/f/d"] = threading.Event()
    two(film, prior("b", caption=["甲"]), caption=["甲"])
    film.tab.evaluate(  # one message of Python changes all of them
        "([s, b]) => { const m = models.film; m.state.beside = b; m.state.src = s;"
        " for (const n of ['src', 'beside'])"
        " for (const act of m.heard.get(`change:${n}`)) act(); }",
        [src("c", caption=["乙"]), [prior("d", caption=["乙"])]],
    )
    shows(film, 0, [0] * 4)
    shows(film, 1, [0] * 4)
    assert [corner(film, n, "nw") for n in (0, 1)] == ["乙", "乙"]
    gate.set()
    opened(film, "c")
    shows(film, 1, [0] * 4)
    late.set()
    film.wait(f"{PANES}['1'] === 'd full'")
    assert film.server.asked.count("/f/c") == film.server.asked.count("/f/d") == 1


def test_a_film_that_is_not_there_says_why(film: Page) -> None:
    film.mount(
        "film",
        FilmViewer(src=src("a"), beside=[{"empty": "既往影像尚无显示副本"}], hanging="1x2"),
    )
    opened(film, "a")
    assert pane(film, 1).locator(".wb-notice").text_content() == "既往影像尚无显示副本"


def test_the_toolbar_asks_for_layouts_and_the_earlier_film_and_belongs_to_the_chosen_pane(
    film: Page,
) -> None:
    film.mount("film", FilmViewer(src=src("a"), comparable=True, height=900))
    opened(film, "a")
    film.tab.keyboard.press("q")
    film.tab.keyboard.press("o")
    film.tab.locator("#film [data-name=layout]").select_option("2x2")
    assert film.sent("film") == [
        {"kind": "layout", "layout": "1x2"},
        {"kind": "earlier_film"},
        {"kind": "layout", "layout": "2x2"},
    ]
    film.set("film", "beside", [prior("b"), src("c"), src("d")])
    film.set("film", "hanging", "2x2")
    film.wait(f"['b', 'c', 'd'].every((n, i) => {PANES}[i + 1] === `${{n}} full`)")
    assert film.tab.locator("#film [data-name=compare]").get_attribute("aria-pressed") == "true"
    film.tab.keyboard.press("y")  # each for itself
    film.tab.keyboard.press("j")
    film.tab.keyboard.press("j")
    film.wait("models.film.get('chosen') === 'c'")
    film.tab.keyboard.press("t")
    turned = [corner_turned(film, n) for n in range(4)]
    assert turned == [False, False, True, False]
    film.set("film", "hanging", "1x1")
    film.wait("models.film.get('chosen') === ''")
    assert [pane(film, n).is_visible() for n in range(4)] == [True, False, False, False]


def corner_turned(page: Page, number: int) -> bool:
    pane(page, number).click(position={"x": 20, "y": 60})
    return "旋转" in page.tab.locator("#film .wb-chips").text_content()


@pytest.mark.parametrize("film", ["webgl"], indirect=True)
def test_four_films_are_drawn_in_one_context_of_the_graphics_card(film: Page) -> None:
    film.tab.add_init_script(
        "const own = HTMLCanvasElement.prototype.getContext; window.contexts = [];"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        "  const made = own.call(this, kind, ...more);"
        "  if (/webgl/.test(kind) && made && !contexts.includes(made)) contexts.push(made);"
        "  return made; };"
    )
    film.tab.reload()
    film.wait("window.ready")
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    before = film.tab.evaluate("contexts.length")
    film.set("film", "beside", [prior("b"), src("c"), src("d")])
    film.set("film", "hanging", "2x2")
    film.wait(f"{PANES}['3'] === 'd full'")
    for name in ("b", "c", "d", "a"):
        film.set("film", "src", src(name))
        opened(film, name)
    assert film.tab.evaluate("contexts.length") == before
