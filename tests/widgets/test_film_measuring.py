"""Measuring on a film in a real browser: tools, calibration, edits, what Python gets."""

import math
from typing import Any

import pytest
from browser_page import Page
from films import COLUMNS, ROWS, opened, src
from traitlets import TraitError

from workbench.widgets.film_viewer import FilmViewer

BOTH = pytest.mark.parametrize("film", ["cpu", "webgl"], indirect=True)
TOLD = "models.film.get('annotations')"
DETECTOR = {"row_mm": 0.2, "column_mm": 0.2, "kind": "detector", "note": ""}


def place(page: Page, column: float, row: float) -> tuple[float, float]:
    """Where the middle of a pixel lies in the window, on a film that is fitted and upright."""
    box = page.tab.locator("#film .wb-screen").bounding_box()
    size = min(box["width"] / COLUMNS, box["height"] / ROWS)
    x = box["x"] + box["width"] / 2 + (column + 0.5 - COLUMNS / 2) * size
    y = box["y"] + box["height"] / 2 + (row + 0.5 - ROWS / 2) * size
    return x, y


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.tab.mouse.move(*place(page, *start))
    page.tab.mouse.down()
    page.tab.mouse.move(*place(page, *end), steps=6)
    page.tab.mouse.up()


def click(page: Page, at: tuple[float, float]) -> None:
    page.tab.mouse.move(*place(page, *at), steps=3)
    page.tab.mouse.down()
    page.tab.mouse.up()


def start(page: Page, **meta: Any) -> None:
    page.mount("film", FilmViewer(src=src("a", **meta), height=900))
    opened(page, "a")


def marks(page: Page, count: int = 1) -> list[dict[str, Any]]:
    """What Python takes once so many finished marks are told."""
    page.wait(f"models.film.get('marked').marks?.length === {count}")
    page.wait(f"{TOLD}.length === {count}")
    told = FilmViewer(marked=page.trait("film", "marked")).marked
    assert told["id"] == "a"
    return list(told["marks"])


def values(mark: dict[str, Any]) -> dict[str, float]:
    return {each["name"]: each["value"] for each in mark["values"]}


def near(points: list[list[float]], expected: list[tuple[float, float]]) -> bool:
    return all(math.dist(p, e) < 1.0 for p, e in zip(points, expected, strict=True))


def text(page: Page) -> str:
    return str(page.tab.evaluate("document.querySelector('#film svg').textContent"))


@BOTH
def test_cobb_is_drawn_with_its_key_along_two_end_plates(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("c")
    drag(film, (100, 100), (200, 100))
    drag(film, (100, 250), (200, 200))
    (mark,) = marks(film)
    assert mark["tool"] == "Cobb"
    assert near(mark["points"], [(100, 100), (200, 100), (100, 250), (200, 200)])
    assert mark["value"] == pytest.approx(math.degrees(math.atan(0.5)), abs=0.6)
    assert mark["unit"] == "deg"
    film.wait("document.querySelector('#film svg').textContent.includes('Cobb 26')")


@BOTH
def test_heart_to_thorax_reads_even_when_both_lines_are_parallel(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("x")
    drag(film, (100, 200), (200, 200))
    drag(film, (50, 260), (250, 260))
    (mark,) = marks(film)
    assert values(mark)["ratio"] == pytest.approx(0.5, abs=0.01)
    assert values(mark)["thorax"] == pytest.approx(40, abs=0.4)
    film.wait("document.querySelector('#film svg').textContent.includes('心胸比 0.50')")
    assert "mm（探测器平面）" in text(film)


def test_a_leg_goes_from_the_hip_over_the_knee_to_the_ankle(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("g")
    drag(film, (150, 50), (150, 200))
    click(film, (150, 350))
    (mark,) = marks(film)
    found = values(mark)
    assert found["whole"] == pytest.approx(60, abs=0.4)
    assert found["upper"] == pytest.approx(30, abs=0.4)
    assert found["angle"] == pytest.approx(180, abs=1)
    film.wait("document.querySelector('#film svg').textContent.includes('下肢 60')")


@BOTH
def test_an_area_gives_the_values_of_the_film_and_never_those_of_the_curve(film: Page) -> None:
    curve = {"kind": "LUT", "center": 0, "width": 1, "label": "", "lut": [255, 0] * 2000}
    start(film, vois=[{**curve, "lut_first": 0, "lut_bits": 8}])
    film.tab.keyboard.press("r")
    drag(film, (20, 20), (60, 90))
    (mark,) = marks(film)
    assert values(mark)["mean"] == 500
    assert values(mark)["sd"] == 0
    assert values(mark)["area"] == pytest.approx(40 * 70 * 0.04, abs=3)
    film.tab.keyboard.press("s")
    film.tab.keyboard.press("e")
    drag(film, (225, 300), (245, 330))
    ellipse = marks(film, 2)[1]
    assert ellipse["tool"] == "EllipticalROI"
    assert values(ellipse)["mean"] == 3500
    film.wait("document.querySelector('#film svg').textContent.includes('均值 3500.0')")


def test_two_diameters_stand_at_right_angles(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("b")
    drag(film, (80, 200), (200, 200))
    (mark,) = marks(film)
    found = values(mark)
    assert found["long"] == pytest.approx(24, abs=0.4)
    assert 0 < found["short"] < found["long"]
    a, b, c, d = mark["points"]
    assert abs((b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1])) < 60


def test_an_arrow_keeps_its_words_and_keys_typed_into_them_do_nothing_else(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("v")
    drag(film, (100, 100), (160, 160))
    film.wait("document.activeElement.matches('.wb-asking input')")
    film.tab.keyboard.type("wil 骨折")
    film.tab.keyboard.press("Enter")
    (mark,) = marks(film)
    assert (mark["text"], mark["value"], mark["values"]) == ("wil 骨折", None, [])
    assert film.tab.locator("#film .wb-chips").text_content() == ""
    film.wait("document.querySelector('#film svg').textContent.includes('骨折')")


def test_an_arrow_without_words_is_none(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("v")
    drag(film, (100, 100), (160, 160))
    film.wait("document.activeElement.matches('.wb-asking input')")
    film.tab.keyboard.press("Escape")
    film.wait("!document.querySelector('#film svg line')")
    assert film.trait("film", "marked") == {}


@BOTH
def test_a_moved_handle_changes_the_number_and_every_step_can_be_taken_back(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (150, 100))
    assert marks(film)[0]["value"] == pytest.approx(10, abs=0.3)
    drag(film, (150, 100), (200, 100))
    film.wait("Math.abs(models.film.get('marked').marks[0].value - 20) < 0.3")
    film.tab.keyboard.press("Delete")
    marks(film, 0)
    film.tab.keyboard.press("Control+z")
    film.wait("Math.abs(models.film.get('marked').marks[0]?.value - 20) < 0.3")
    film.tab.keyboard.press("Control+z")
    film.wait("Math.abs(models.film.get('marked').marks[0]?.value - 10) < 0.3")
    film.tab.keyboard.press("Control+z")
    marks(film, 0)
    assert film.tab.locator("#film [data-name=undo]").is_disabled()
    film.tab.locator("#film [data-name=redo]").click()
    film.tab.keyboard.press("Control+y")
    film.wait("Math.abs(models.film.get('marked').marks[0]?.value - 20) < 0.3")


def test_escape_takes_back_what_is_half_drawn_and_only_that(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (150, 100))
    marks(film)
    film.tab.keyboard.press("c")
    drag(film, (50, 200), (250, 210))
    film.tab.keyboard.press("Escape")
    film.wait(f"{TOLD}.length === 1")
    assert film.tab.locator("#film [data-name=Grey]").get_attribute("aria-pressed") == "true"
    assert len(film.tab.locator("#film svg").all_text_contents()) > 0
    film.tab.keyboard.press("Control+z")
    marks(film, 0)


def test_what_is_drawn_beside_the_film_ends_at_its_edge(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (340, 100))
    (mark,) = marks(film)
    assert mark["points"][1][0] == COLUMNS - 0.5
    assert mark["value"] == pytest.approx((COLUMNS - 0.5 - mark["points"][0][0]) * 0.2)


@pytest.mark.parametrize(
    ("spacing", "beside", "corner"),
    [
        ({**DETECTOR, "note": "millimetres at the detector"},
         "mm（探测器平面）", "mm（探测器平面）"),
        ({**DETECTOR, "kind": "calibrated", "note": "calibrated by fiducial"},
         "mm（已校准）", "mm（已校准）：按标尺（标志物）校准"),
        ({**DETECTOR, "kind": "calibrated", "note": "detector spacing / 1.25"},
         "mm（已除以放大率 1.25）", "放大率 1.25"),
        ({**DETECTOR, "kind": "calibrated", "note": "differs from the detector: corrected"},
         "mm（间距已修正）", "像素间距已由设备修正"),
        ({**DETECTOR, "kind": "unknown", "note": "no word on calibration"},
         "px", "像素间距未说明校准：长度以 px 计"),
    ],
)  # fmt: skip
def test_every_length_says_how_it_is_calibrated(
    film: Page, spacing: dict[str, Any], beside: str, corner: str
) -> None:
    start(film, spacing=spacing)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (150, 100))
    (mark,) = marks(film)
    assert mark["calibration"]["kind"] == spacing["kind"]
    assert mark["calibration"]["note"] == spacing["note"]
    assert mark["calibration"]["factor"] == (1.25 if "1.25" in spacing["note"] else None)
    film.wait(f"document.querySelector('#film svg').textContent.includes('{beside}')")
    assert corner in film.tab.locator("#film .wb-corner[data-at=se]").text_content()


SAVED = [
    {"uid": "one", "tool": "Length", "points": [[10.125, 20], [60.125, 20]], "text": ""},
    {"uid": "two", "tool": "CTR", "points": [[100, 200], [200, 210], [50, 300], [250, 300]]},
    {"uid": "three", "tool": "ArrowAnnotate", "points": [[9, 9], [40, 40]], "text": "旧骨折"},
]


@BOTH
def test_kept_marks_come_back_with_the_same_points_and_numbers(film: Page) -> None:
    film.mount("film", FilmViewer(src=src("a"), marks={"a": SAVED}, height=900))
    opened(film, "a")
    film.wait(f"{TOLD}.length === 3")
    told = FilmViewer(annotations=film.trait("film", "annotations")).annotations
    assert [m["uid"] for m in told] == ["one", "two", "three"]
    assert [m["points"] for m in told] == [m["points"] for m in SAVED]
    assert told[0]["value"] == 10
    assert values(told[1])["ratio"] == 0.5
    assert told[2]["text"] == "旧骨折"
    film.wait("document.querySelector('#film svg').textContent.includes('旧骨折')")
    assert "心胸比 0.50" in text(film)
    assert film.trait("film", "marked") == {}, "opening is no change of the reader"
    film.tab.keyboard.press("t")
    film.tab.keyboard.press("h")
    film.tab.keyboard.press("Delete")
    assert [m["points"] for m in marks(film, 2)] == [m["points"] for m in SAVED[:2]]


def test_marks_of_one_film_never_go_onto_another(film: Page) -> None:
    start(film)
    film.set("film", "marks", {"b": SAVED})
    film.set("film", "src", src("b"))
    opened(film, "b")
    film.wait(f"{TOLD}.length === 3")
    film.set("film", "src", src("a"))
    opened(film, "a")
    film.wait(f"{TOLD}.length === 0")
    assert "旧骨折" not in text(film)


def test_marks_that_come_late_go_under_what_the_reader_has_drawn(film: Page) -> None:
    start(film)
    film.tab.keyboard.press("l")
    drag(film, (100, 100), (150, 100))
    (own,) = marks(film)
    film.set("film", "marks", {"a": SAVED[:1]})
    film.wait(f"{TOLD}.length === 2")
    assert [m["uid"] for m in film.trait("film", "annotations")] == ["one", own["uid"]]
    film.tab.keyboard.press("Control+z")
    film.wait(f"{TOLD}.length === 1 && {TOLD}[0].uid === 'one'")


def test_curves_of_a_spine_and_two_legs_are_put_together(film: Page) -> None:
    def cobb(uid: str, row: int, bend: int) -> dict[str, Any]:
        upper = [[100, row - bend], [200, row + bend]]
        return {"uid": uid, "tool": "Cobb", "points": [*upper, [100, row + 80], [200, row + 80]]}

    tags = {"PatientOrientation": "L\\F"}
    both = {"a": [cobb("low", 250, 20), cobb("high", 50, -10)]}
    film.mount("film", FilmViewer(src=src("a", tags=tags), marks=both, height=900))
    opened(film, "a")
    film.wait("document.querySelector('#film [data-at=sw]').textContent.includes('侧弯 2')")
    first, second, *_ = film.tab.locator("#film .wb-corner[data-at=sw]").text_content().split("\n")
    assert first == "侧弯 1 11.3° 凸向患者左侧"
    assert second == "侧弯 2 21.8° 凸向患者右侧 主弯"
    legs = [
        {"uid": n, "tool": "LimbLength", "points": [[x, 10], [x, 150], [x, end]]}
        for n, x, end in (("l", 60, 310), ("r", 240, 330))
    ]
    film.set("film", "marks", {"a": legs})
    film.wait("document.querySelector('#film [data-at=sw]').textContent.includes('长度差 4.0 mm')")


MARK = {"uid": "u", "tool": "CTR", "points": [[0, 0]], "value": 0.5, "unit": "1"}


@pytest.mark.parametrize(
    "change",
    [
        {"text": "x" * 201},
        {"values": [{"name": "ratio", "value": "0.5", "unit": "1"}]},
        {"values": [{"name": "ratio", "value": 0.5, "unit": "inch"}]},
        {"values": [{"name": "ratio", "value": 0.5, "unit": "1"}] * 11},
        {"calibration": {"kind": "guessed"}},
        {"calibration": {"kind": "unknown", "row_mm": float("nan")}},
        {"tool": "Length", "value": None},
    ],
)
def test_a_forged_part_of_a_mark_is_refused(change: dict[str, object]) -> None:
    FilmViewer().marked = {"id": "a", "marks": [MARK]}
    with pytest.raises(TraitError):
        FilmViewer().marked = {"id": "a", "marks": [{**MARK, **change}]}


@pytest.mark.parametrize("forged", [{"id": 1, "marks": []}, {"id": "a"}, {"id": "a", "marks": "x"}])
def test_a_forged_film_of_marks_is_refused(forged: dict[str, object]) -> None:
    with pytest.raises(TraitError):
        FilmViewer().marked = forged
