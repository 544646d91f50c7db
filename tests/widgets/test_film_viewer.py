"""The film viewer in a real browser, on the processor and through WebGL."""

import io

import pytest
from browser_page import Page, coded_film
from films import COLUMNS, PLAIN, ROWS, opened, shows, src, wedge
from PIL import Image
from traitlets import TraitError

from workbench.widgets.film_viewer import FilmViewer

BOTH = pytest.mark.parametrize("film", ["cpu", "webgl"], indirect=True)


@BOTH
def test_full_depth_is_shown_through_its_window(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    shows(film, PLAIN)
    assert film.facts()["film"]["software"] is (film.backend == "cpu")


SIGMOID = {"kind": "SIGMOID", "center": 2000, "width": 2000, "label": ""}
NARROW = {"kind": "LINEAR_EXACT", "center": 2500, "width": 2000, "label": ""}
STEPS = [0] * 1000 + [1023] * 2000 + [512] * 1000
LUT = {"kind": "LUT", "center": 0, "width": 1, "label": "", "lut_first": 0, "lut_bits": 10}


@BOTH
@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"invert": True}, [255 - g for g in PLAIN]),
        ({"vois": [SIGMOID]}, [12, 69, 186, 243]),
        ({"vois": [{**LUT, "lut": STEPS}]}, [0, 255, 255, 128]),
        ({"padding": [500, 500], "vois": [NARROW], "invert": True}, [0, 255, 128, 0]),
        ({"padding": [500, 500], "vois": [SIGMOID], "invert": True}, [0, 186, 69, 12]),
        ({"padding": [500, 500], "shutter": [1, 300, 1, 200]}, [0, 96, 0, 0]),
        ({"vois": []}, [0, 85, 170, 255]),
    ],
)
def test_each_way_of_showing_gives_its_greys(
    film: Page, meta: dict[str, object], expected: list[int]
) -> None:
    film.mount("film", FilmViewer(src=src("a", **meta), height=900))
    opened(film, "a")
    shows(film, expected)


def test_the_makers_curve_can_be_ignored_and_taken_again(film: Page) -> None:
    curve = {
        "kind": "LUT",
        "center": 0,
        "width": 1,
        "label": "",
        "lut": [255] * 2000 + [0] * 2000,
        "lut_first": 0,
        "lut_bits": 8,
    }
    window = {"kind": "LINEAR_EXACT", "center": 2000, "width": 4000, "label": ""}
    film.mount("film", FilmViewer(src=src("a", vois=[curve, window]), height=900))
    opened(film, "a")
    shows(film, [255, 255, 0, 0])
    film.tab.locator("#film [data-name=plain]").click()
    shows(film, PLAIN)
    film.tab.locator("#film [data-name=plain]").click()
    shows(film, [255, 255, 0, 0])


@BOTH
def test_turning_mirroring_and_inverting_do_what_they_say_and_reset_undoes_them(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    a, b, c, d = PLAIN
    film.tab.keyboard.press("h")
    shows(film, [b, a, d, c])
    assert film.tab.locator("#film .wb-chips").text_content() == "已镜像"
    film.tab.keyboard.press("h")
    film.tab.keyboard.press("t")
    film.tab.keyboard.press("t")
    shows(film, [d, c, b, a])
    assert film.tab.locator("#film .wb-chips").text_content() == "已旋转 180°"
    film.tab.keyboard.press("i")
    shows(film, [255 - v for v in (d, c, b, a)])
    film.tab.keyboard.press("0")
    shows(film, PLAIN)
    assert film.tab.locator("#film .wb-chips").text_content() == ""


@BOTH
def test_what_is_no_picture_stays_black_when_the_reader_inverts(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a", padding=[500, 500]), height=900))
    opened(film, "a")
    shows(film, [0, *PLAIN[1:]])
    film.tab.keyboard.press("i")
    shows(film, [0, *(255 - v for v in PLAIN[1:])])
    film.tab.keyboard.press("s")
    shows(film, [0, *(255 - v for v in PLAIN[1:])])


@BOTH
def test_a_curve_over_a_masked_film_can_be_taken_and_left(film: Page) -> None:
    window = {"kind": "LINEAR_EXACT", "center": 2000, "width": 4000, "label": ""}
    film.mount("film", FilmViewer(src=src("a", padding=[500, 500], vois=[window, SIGMOID])))
    opened(film, "a")
    for _ in range(3):
        shows(film, [0, *PLAIN[1:]])
        film.tab.locator("#film [data-name=greys]").select_option("1")
        shows(film, [0, 69, 186, 243])
        film.tab.locator("#film [data-name=greys]").select_option("0")


@BOTH
def test_mirroring_a_turned_film_still_exchanges_left_and_right(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    film.tab.keyboard.press("t")
    box = film.tab.locator("#film .wb-screen").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def quarters() -> list[int]:
        picture = Image.open(io.BytesIO(film.tab.screenshot())).convert("L")
        return [
            picture.getpixel((int(x + dx), int(y + dy))) for dy in (-150, 150) for dx in (-150, 150)
        ]

    a, b, c, d = PLAIN
    film.wait("document.querySelector('#film .wb-chips').textContent === '已旋转 90°'")
    assert quarters() == pytest.approx([c, a, d, b], abs=3)
    film.tab.keyboard.press("h")
    film.wait("document.querySelector('#film .wb-chips').textContent === '已镜像已旋转 90°'")
    assert quarters() == pytest.approx([a, c, b, d], abs=3)


@BOTH
def test_dragging_changes_the_window_and_what_is_seen_stays_after_the_release(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    box = film.tab.locator("#film .wb-screen").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    film.tab.mouse.move(x, y)
    film.tab.mouse.down()
    film.tab.mouse.move(x, y + 60, steps=4)
    film.wait("(window.__wb.film.drags ?? 0) > 0")
    film.tab.mouse.move(x, y + 100, steps=4)
    corner = film.tab.locator("#film .wb-corner[data-at=sw]")
    film.wait(
        "document.querySelector('#film .wb-corner[data-at=sw]').textContent.includes('窗位 3000')"
    )
    expected = [0, 32, 96, 159]
    shows(film, expected)
    film.tab.mouse.up()
    shows(film, expected)
    assert "窗位 3000" in corner.text_content()


@BOTH
def test_a_length_reaches_python_in_millimetres_of_the_detector(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), height=900))
    opened(film, "a")
    film.tab.keyboard.press("l")
    box = film.tab.locator("#film .wb-screen").bounding_box()
    per_pixel = min(box["width"] / COLUMNS, box["height"] / ROWS)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    film.tab.mouse.move(x - 60, y)
    film.tab.mouse.down()
    film.tab.mouse.move(x + 60, y, steps=5)
    film.tab.mouse.up()
    # a mark is told while it is drawn, too: what counts is where the mouse was let go
    drawn = 120 / per_pixel * 0.2
    told = "models.film.get('annotations')"
    film.wait(f"{told}.length === 1 && Math.abs({told}[0].value - {drawn}) < 0.3")
    mark = FilmViewer(annotations=film.trait("film", "annotations")).annotations[0]
    assert mark["unit"] == "mm-detector"
    assert mark["value"] == pytest.approx(drawn, abs=0.3)
    film.wait("document.querySelector('#film svg').textContent.includes('mm（探测器平面）')")
    film.tab.keyboard.press("Delete")
    film.wait("models.film.get('annotations').length === 0")


@pytest.mark.parametrize(("size", "lines"), [((1600, 1000), 1), ((1280, 720), 1), ((760, 700), 2)])
def test_the_toolbar_is_never_cut_off(page: Page, size: tuple[int, int], lines: int) -> None:
    page.server.blobs["/f/a"] = coded_film(wedge())
    page.tab.set_viewport_size({"width": size[0], "height": size[1]})
    page.mount("film", FilmViewer(src={**src("a"), "preview_url": ""}, height=600))
    opened(page, "a")
    bar = page.tab.locator("#film .wb-bar").bounding_box()
    assert bar["height"] <= 36 * lines
    for box in [b.bounding_box() for b in page.tab.locator("#film .wb-bar button:visible").all()]:
        assert bar["x"] <= box["x"]
        assert box["x"] + box["width"] <= bar["x"] + bar["width"]


MARK = {"uid": "u", "tool": "Length", "points": [[0, 0], [1, 1]], "value": 1.0, "unit": "mm"}


@pytest.mark.parametrize(
    "change",
    [
        {"tool": "Script"},
        {"unit": "inch"},
        {"value": float("inf")},
        {"points": [[0]]},
        {"points": [[0, 1]] * 50},
        {"uid": 7},
    ],
)
def test_a_forged_mark_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(TraitError):
        FilmViewer().annotations = [{**MARK, **change}]


def test_too_many_marks_are_refused() -> None:
    with pytest.raises(TraitError, match="at most 200"):
        FilmViewer().annotations = [MARK] * 201
