"""What is no picture stays black on the screen, whatever the reader does to the greys."""

import pytest
from browser_page import Page
from films import opened, shows, src

from workbench.widgets.film_viewer import FilmViewer

BOTH = pytest.mark.parametrize("film", ["cpu", "webgl"], indirect=True)
LOW = {"kind": "LINEAR_EXACT", "center": 2000, "width": 8000, "label": ""}  # 500 would be grey 80
FULL = {"kind": "LINEAR_EXACT", "center": 32768, "width": 131072, "label": ""}  # beyond 16 bits
CURVE = {"kind": "LUT", "center": 0, "width": 1, "label": "", "lut_first": 0, "lut_bits": 8,
         "lut": [255] * 2000 + [128] * 2000}  # fmt: skip
UPPER = {"rectangle": [1, 300, 201, 400], "circle": None, "polygon": []}


@BOTH
@pytest.mark.parametrize(
    ("voi", "plain", "inverted"),
    [
        (LOW, [0, 112, 143, 175], [0, 143, 112, 80]),
        (FULL, [0, 67, 69, 71], [0, 188, 186, 184]),
        (CURVE, [0, 255, 128, 128], [0, 0, 127, 127]),
    ],
)
def test_padding_is_black_through_window_curve_and_inversion(
    film: Page, voi: dict[str, object], plain: list[int], inverted: list[int]
) -> None:
    film.mount("film", FilmViewer(src=src("a", vois=[voi], padding=[500, 500]), height=900))
    opened(film, "a")
    shows(film, plain)
    film.tab.keyboard.press("i")
    shows(film, inverted)
    film.tab.keyboard.press("i")
    shows(film, plain)


@BOTH
def test_what_the_shutter_covers_is_black_while_and_after_the_window_is_dragged(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a", vois=[LOW], shutter=UPPER), height=900))
    opened(film, "a")
    shows(film, [0, 0, 143, 175])
    box = film.tab.locator("#film .wb-screen").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    film.tab.mouse.move(*middle)
    film.tab.mouse.down()
    film.tab.mouse.move(middle[0], middle[1] - 300, steps=5)  # brighter by three quarters of 8000
    shows(film, [0, 0, 255, 255])
    film.tab.mouse.up()
    shows(film, [0, 0, 255, 255])
