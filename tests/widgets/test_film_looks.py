"""How a film lies and is shown: keys, letters, windows of a part, sharpening, fingers, its size."""

import re
from typing import Any

import numpy as np
import pytest
from browser_page import TEXTS, Page, coded_film
from films import COLUMNS, PLAIN, ROWS, opened, shows, src
from test_film_measuring import drag, marks, place

from workbench.widgets.film_viewer import FilmViewer

BOTH = pytest.mark.parametrize("film", ["cpu", "webgl"], indirect=True)
TOUCH = pytest.mark.parametrize("page", [{"has_touch": True}], indirect=True)
LOOK = """() => JSON.stringify([
  [...document.querySelectorAll('#film [aria-pressed]')].map((one) => one.ariaPressed),
  [...document.querySelectorAll('#film select, #film .wb-corner, #film .wb-chips, #film .wb-help')]
    .map((one) => [one.value, one.textContent, one.hidden]),
])"""
PRESSES = {
    "P": "p", "W": "pw", "Z": "z", "L": "l", "A": "a", "C": "c", "X": "x", "R": "r", "E": "e",
    "B": "b", "G": "g", "V": "v", "M": "m", "I": "i", "D": "d", "S": "s", "T": "t", "H": "h",
    "F": "1f", "1": "1", "0": ["t", "0"], "?": "?", "Esc": ["l", "Escape"],
}  # fmt: skip
# test_film_measuring, here below, test_film_panes, test_film_evidence
ELSEWHERE = {"Delete", "Ctrl+Z", "Ctrl+Y", "右键", "中键", "双指", "O", "Q", "Y", "J", "U", "."}


def start(page: Page, **meta: Any) -> None:
    page.mount("film", FilmViewer(src=src("a", **meta), height=900))
    opened(page, "a")


def test_every_key_of_the_list_does_what_can_be_seen_and_none_stands_twice(film: Page) -> None:
    start(film)
    keys = film.tab.locator("#film .wb-help dt").all_text_contents()
    assert len(keys) == len(set(keys))
    assert set(keys) == set(PRESSES) | ELSEWHERE
    for key, presses in PRESSES.items():
        before = film.tab.evaluate(LOOK)
        film.tab.keyboard.press(presses[0])
        first = film.tab.evaluate(LOOK)
        assert first != before or key in ("W", "F"), key
        for press in presses[1:]:
            film.tab.keyboard.press(press)
            assert film.tab.evaluate(LOOK) != first, key
        film.tab.keyboard.press("Escape")
        film.tab.keyboard.press("0")


def test_the_key_of_the_next_case_is_left_to_the_page(film: Page) -> None:
    start(film)
    film.tab.evaluate(
        "addEventListener('keydown', (e) => (window.passed = [e.key, e.defaultPrevented]))"
    )
    film.tab.keyboard.press("n")
    assert film.tab.evaluate("window.passed") == ["n", False]


@BOTH
def test_letters_follow_a_turned_and_a_mirrored_film(film: Page) -> None:
    start(film, tags={"PatientOrientation": "L\\F", "ImageLaterality": "R"})

    def letters() -> str:
        return "".join(
            film.tab.locator(f"#film .wb-edge[data-at={at}]").text_content()
            for at in ("top", "right", "bottom", "left")
        )

    assert letters() == "HLFR"
    film.tab.keyboard.press("t")
    film.wait("document.querySelector('#film .wb-edge[data-at=top]').textContent === 'R'")
    assert letters() == "RHLF"
    film.tab.keyboard.press("h")
    film.wait("document.querySelector('#film .wb-edge[data-at=left]').textContent === 'H'")
    assert letters() == "RFLH"
    assert film.tab.locator("#film .wb-corner[data-at=ne]").text_content() == "R 右侧"


def test_a_film_that_says_neither_side_nor_orientation_says_so(film: Page) -> None:
    start(film, tags={})
    assert film.tab.locator("#film .wb-corner[data-at=ne]").text_content() == "文件未注明左右侧"
    assert film.tab.locator("#film .wb-edge:visible").count() == 0
    film.set("film", "src", src("b", tags={"PatientOrientation": "R\\F"}))
    opened(film, "b")
    assert film.tab.locator("#film .wb-corner[data-at=ne]").text_content() == ""


@BOTH
def test_windows_of_the_part_stand_behind_those_of_the_file(film: Page) -> None:
    own = src("a")["meta"]["vois"][0]
    whole = {"kind": "PERCENTILE", "center": 2000, "width": 3000, "label": "percentile"}
    start(film, tags={"BodyPartExamined": "CHEST"}, vois=[own, whole])
    names = film.tab.locator("#film [data-name=greys] option").all_text_contents()
    assert [re.sub(r" \d.*", "", name) for name in names] == [
        TEXTS["Window"], TEXTS["By percentiles"], TEXTS["Lung window"], TEXTS["Mediastinum window"],
    ]  # fmt: skip
    film.tab.keyboard.press("d")
    shows(film, [0, 85, 170, 255])
    film.tab.keyboard.press("d")
    # from 500 to 3500 the lung goes from 5 to 90 %: 650 to 3200
    shows(film, [0, 85, 185, 255])
    film.tab.keyboard.press("0")
    shows(film, PLAIN)


def test_sharpening_is_named_and_reset_ends_it(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("s")
    film.wait("document.querySelector('#film .wb-chips').textContent === '已锐化'")
    shows(film, PLAIN)
    film.tab.keyboard.press("0")
    film.wait("document.querySelector('#film .wb-chips').textContent === ''")


def test_the_words_of_an_arrow_change_after_a_double_click(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("v")
    drag(film, (100, 100), (160, 160))
    film.wait("document.activeElement.matches('.wb-asking input')")
    film.tab.keyboard.type("one")
    film.tab.keyboard.press("Enter")
    marks(film)
    film.tab.mouse.dblclick(*place(film, 130, 130))
    film.wait("document.activeElement.matches('.wb-asking input')")
    film.tab.keyboard.press("Control+a")
    film.tab.keyboard.type("two")
    film.tab.keyboard.press("Enter")
    film.wait("models.film.get('marked').marks[0].text === 'two'")
    assert len(marks(film)) == 1


@TOUCH
def test_two_fingers_enlarge_the_film(film: Page) -> None:
    start(film)
    before = zoom(film)
    fingers = film.tab.context.new_cdp_session(film.tab)

    def touch(kind: str, apart: int) -> None:
        x, y = place(film, COLUMNS / 2, ROWS / 2)
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        sent = {"type": kind, "touchPoints": [] if kind == "touchEnd" else points}
        fingers.send("Input.dispatchTouchEvent", sent)

    touch("touchStart", 40)
    for apart in range(50, 160, 10):
        touch("touchMove", apart)
        film.tab.evaluate("new Promise(requestAnimationFrame)")
    touch("touchEnd", 150)
    film.wait(f"parseFloat({ZOOM}.match(/(\\d+) %/)[1]) > {before * 1.5}")
    shown = film.tab.locator("#film .wb-corner[data-at=sw]").text_content()
    assert "4000/2000" in shown, "two fingers change no greys"


@BOTH
def test_the_film_is_enlarged_moved_fitted_and_shown_pixel_for_pixel(film: Page) -> None:
    start(film)
    fitted = zoom(film)
    film.tab.keyboard.press("1")
    film.wait(f"{ZOOM}.includes(' 100 %')")
    film.tab.keyboard.press("f")
    film.wait(f"{ZOOM}.includes(' {fitted:.0f} %')")
    film.tab.mouse.move(*place(film, 150, 200))
    film.tab.mouse.wheel(0, -300)
    film.wait(f"!{ZOOM}.includes(' {fitted:.0f} %')")
    film.tab.keyboard.press("f")
    film.wait(f"{ZOOM}.includes(' {fitted:.0f} %')")
    film.tab.keyboard.press("p")
    drag(film, (100, 100), (100, 300))  # half a film down: the upper half is where the lower was
    film.tab.mouse.move(0, 0)
    shows(film, [0, 0, PLAIN[0], PLAIN[1]])
    film.tab.keyboard.press("0")
    shows(film, PLAIN)


def test_the_magnifier_shows_the_film_itself_while_it_is_pressed(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("m")
    film.tab.mouse.move(*place(film, 220, 300))
    film.tab.mouse.down()
    film.tab.mouse.move(*place(film, 225, 305), steps=3)
    film.wait("document.querySelector('#film .wb-lens')?.hidden === false")
    grey = film.tab.evaluate(
        "[...document.querySelector('#film .wb-lens').getContext('2d')"
        ".getImageData(130, 130, 1, 1).data.slice(0, 1)][0]"
    )
    assert grey == pytest.approx(PLAIN[3], abs=2)
    film.tab.mouse.up()
    film.wait("document.querySelector('#film .wb-lens').hidden")


ZOOM = "document.querySelector('#film .wb-corner[data-at=se]').textContent"


def zoom(page: Page) -> float:
    return float(re.search(r"(\d+) %", page.tab.evaluate(ZOOM))[1])


@pytest.mark.parametrize("film", ["webgl"], indirect=True)
def test_a_film_larger_than_a_texture_is_drawn_all_the_same(film: Page) -> None:
    largest = film.tab.evaluate(
        "(() => { const g = document.createElement('canvas').getContext('webgl2');"
        " return g.getParameter(g.MAX_TEXTURE_SIZE); })()"
    )
    start(film)
    assert film.facts()["film"]["software"] is False
    tall = np.full((largest + 8, 40), 3000, np.uint16)
    tall[: largest // 2] = 1000
    film.server.blobs["/f/b"] = coded_film(tall)
    film.set("film", "src", src("b"))
    opened(film, "b")
    assert film.facts()["film"]["software"] is True
    assert str(largest + 8) in film.tab.evaluate(ZOOM)
    film.set("film", "src", src("a"))
    opened(film, "a")
    shows(film, PLAIN)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (150, 100))
    assert marks(film)[0]["value"] == pytest.approx(10, abs=0.3)
