"""Films of every part: measured by mouse at known points, reported with the part's text, signed.

The mouse hits whole pixels of the screen only. Where a test wants tenths of a millimetre, the film
is shown pixel for pixel (key 1) and both ends lie a whole number of pixels apart, so the place of
the film on the screen drops out. Elsewhere the number is held against the points that were kept,
exactly, and against the truth within what one screen pixel is on the film.
"""

import re
from datetime import date
from typing import Any

import numpy as np
import psycopg
import pytest

from tests.benchmarks.house import House, until
from tests.journeys.arriving import brought
from tests.journeys.browser import log_in, shared_data
from tests.journeys.test_film_reading import FULL, count, draw, drawn
from tests.journeys.test_main_line import open_case, write_and_sign
from tests.part_films import Made, made
from workbench.settings import Settings
from workbench.store.embedded import address_of

pytestmark = pytest.mark.browser
SCREEN = ".wb-film .wb-screen"
SAID = {
    "calibrated": ("尺^标定", r"100\.0 mm（已校准）"),
    "detector": ("尺^探测器", r"115\.0 mm（探测器平面）"),
    "magnified": ("尺^放大", r"100\.0 mm（已除以放大率 1\.15）"),
    "none": ("尺^没有", r"500\.0 px"),
    "said nothing": ("尺^没说明", r"500\.0 px"),
}
# Part: whose film, what is measured there, text it is reported with, what its gaps are filled with.
PARTS = {
    "femur": ("部位^股骨", "femur", "limb-bone-normal", ()),
    "pelvis": ("部位^骨盆", "heads", "pelvis-normal", ()),
    "abdomen": ("部位^腹部", "stone", "abdomen-erect-normal", ()),
    "skull": ("部位^头颅", "long", "skull-normal", ()),
    "hand": ("部位^小手", "metacarpal", "limb-child-normal", ()),
}
SPINE = "部位^脊柱"
OBLONG = "尺^长方"


def films() -> dict[str, Made]:
    """Every drawn film of this file by the name of its patient."""
    found = {
        patient: made("ruler", way, number=number, patient=patient)
        for number, (way, (patient, _)) in enumerate(SAID.items(), 1)
    }
    found[OBLONG] = made(
        "ruler", "calibrated", row_mm=0.25, column_mm=0.2, number=19, patient=OBLONG
    )
    for number, (name, (patient, *_)) in enumerate(PARTS.items(), 20):
        found[patient] = made(
            name, "calibrated" if name == "femur" else "detector", row_mm=0.3, column_mm=0.3,
            number=number, patient=patient,
            birth=date(2019, 5, 1) if name == "hand" else date(1971, 3, 12),
        )  # fmt: skip
    found[SPINE] = made("spine", "none", row_mm=0.3, column_mm=0.3, number=30, patient=SPINE)
    return found


@pytest.fixture(scope="module")
def filmed(home: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """All films of this file, screened, the real ones too where they lie beside the project."""
    folder = tmp_path_factory.mktemp("parts")
    paths = []
    for number, one in enumerate(films().values()):
        path = folder / f"{number}.dcm"
        path.write_bytes(one.data)
        paths.append(path)
    data = shared_data()
    if data is not None:
        paths += [data / "dr" / "nema_wg04" / f"{one}_JPLL.dcm" for one in ("RG2", "RG3")]
    brought(home, *paths)
    return home


@pytest.fixture(scope="module")
def page(filmed: House, chromium: Any) -> Any:
    """The reading page of a reader, who reads all of them in one sitting."""
    page = log_in(chromium, filmed.port, "reader", filmed.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    yield page
    page.context.close()


def shown(page: Any, patient: str) -> None:
    """Open a case and wait for its film in full depth."""
    open_case(page, patient.replace("^", ""))
    page.wait_for_function(FULL, timeout=60_000)


def places(page: Any, one: Made, names: tuple[str, ...], *, whole: bool) -> list[Any]:
    """Whole pixels of the screen nearest to named points, as shares of the viewer's picture.

    `whole`: the film is shown pixel for pixel; else it is fitted. Oblong pixels are shown oblong.
    """
    box = page.locator(SCREEN).first.bounding_box()
    rows, columns = one.film.pixels.shape
    tall = one.film.sheet.row_mm / one.film.sheet.column_mm
    zoom = 1.0 if whole else min(box["width"] / columns, box["height"] / (rows * tall))
    found = []
    for name in names:
        column, row = one.film.points[name]
        x = box["x"] + box["width"] / 2 + (column + 0.5 - columns / 2) * zoom
        y = box["y"] + box["height"] / 2 + (row + 0.5 - rows / 2) * tall * zoom
        at = (round(x) - box["x"]) / box["width"], (round(y) - box["y"]) / box["height"]
        assert all(0 < share < 1 for share in at), f"{name} is not on the screen"
        found.append(at)
    return found


def step_of(page: Any, one: Made) -> float:
    """What one pixel of the screen is on the fitted film, in the unit of the viewer."""
    box = page.locator(SCREEN).first.bounding_box()
    rows, columns = one.film.pixels.shape
    return max(columns / box["width"], rows / box["height"]) * max(one.pixel_mm)


def kept(home: House, patient: str, table: str = "film_marks") -> list[dict[str, Any]]:
    """Marks of a patient's film as the house keeps them."""
    signed = "SELECT films FROM signed_marks JOIN signed_report s ON s.id = report_id"
    drafts = "SELECT marks FROM film_marks s"
    query = f"""{drafts if table == "film_marks" else signed}
        JOIN exam e ON e.id = s.exam_id JOIN patient p ON p.id = e.patient_id WHERE p.name = %s"""
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn) as conn:
        rows = [row[0] for row in conn.execute(query, (patient.replace("^", ""),)).fetchall()]
    if table != "film_marks":
        rows = [film["marks"] for films in rows for film in films]
    return [mark for marks in rows for mark in marks]


def of_points(points: list[list[float]], one: Made) -> float:
    """Length between two kept points in the unit of the viewer."""
    (ax, ay), (bx, by) = points
    row, column = one.pixel_mm
    return float(np.hypot((bx - ax) * column, (by - ay) * row))


def number(text: str) -> float:
    """The first number of a text."""
    return float(re.search(r"\d+\.\d", text)[0])


def still(page: Any, text: str) -> None:
    """Load the page anew; the same words stand beside the mark."""
    page.reload()
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.wait_for_function(FULL, timeout=60_000)
    page.wait_for_function(
        "(t) => document.querySelector('.wb-film svg')?.textContent === t", arg=text
    )


@pytest.mark.parametrize("way", sorted(SAID))
def test_a_length_is_exact_and_named_by_what_the_file_says_of_its_pixels(filmed, page, way):
    patient, said = SAID[way]
    one = films()[patient]
    shown(page, patient)
    page.locator(".wb-film").first.press("1")
    draw(page, "l", *places(page, one, ("levela", "levelb"), whole=True))
    count(page, 1)
    assert re.search(said, drawn(page)), drawn(page)
    assert abs(number(drawn(page)) - one.expected("level")) < 0.05
    draw(page, "l", *places(page, one, ("uprightb", "uprighta"), whole=True))  # where none begins
    count(page, 2)
    text = drawn(page)
    still(page, text)
    for mark, what in zip(kept(filmed, patient), ("level", "upright"), strict=True):
        (value,) = (v for v in mark["values"] if v["name"] == "length")
        assert value["unit"] == one.unit
        assert value["value"] == pytest.approx(of_points(mark["points"], one), abs=1e-3)
        assert value["value"] == pytest.approx(one.expected(what), abs=0.1)
    drafts = kept(filmed, patient)
    write_and_sign(page, "钢球间距已测量。", "长度测试。")
    still(page, text)
    assert kept(filmed, patient, "signed_marks") == drafts


def test_oblong_pixels_bend_neither_a_slanting_length_nor_a_right_angle(filmed, page):
    one = films()[OBLONG]
    shown(page, OBLONG)
    step = step_of(page, one)
    a, b = places(page, one, ("slantinga", "slantingb"), whole=False)
    draw(page, "l", a, b)
    count(page, 1)
    (mark,) = kept_when(filmed, OBLONG, 1)
    length = number(drawn(page))
    assert length == pytest.approx(of_points(mark["points"], one), abs=0.051)
    assert length == pytest.approx(one.film.lengths_mm["slanting"], abs=1.5 * step)


def kept_when(home: House, patient: str, many: int) -> list[dict[str, Any]]:
    """Marks once so many are kept."""
    until(lambda: len(kept(home, patient)) == many, 30)
    return kept(home, patient)


def fill_and_sign(page: Any, text: str, *gaps: str, seen: tuple[str, str] = ("", "")) -> str:
    """Choose a report text, fill its gaps one by one, put in what was seen, sign; the findings."""
    page.locator(".tpl").select_option(value=text)
    page.wait_for_function(
        "() => document.querySelector('[data-field=impression]').value.trim() !== ''"
    )
    wanted = []
    words = iter(gaps)
    for field, own in zip(("findings", "impression"), seen, strict=True):
        area = page.locator(f"[data-field={field}]")
        filled = re.sub("____", lambda _: next(words), area.input_value())
        wanted.append(f"{filled}\n{own}" if own else filled)
    assert next(words, None) is None, "more words than gaps"
    write_and_sign(page, *wanted)
    return wanted[0]


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_film_of_each_part_is_measured_reported_with_its_text_and_signed(filmed, page, part):
    patient, what, text, gaps = PARTS[part]
    one = films()[patient]
    shown(page, patient)
    step = step_of(page, one)
    draw(page, "l", *places(page, one, (f"{what}a", f"{what}b"), whole=False))
    count(page, 1)
    (mark,) = kept_when(filmed, patient, 1)
    length = number(drawn(page))
    assert length == pytest.approx(of_points(mark["points"], one), abs=0.051)
    assert length == pytest.approx(one.expected(what), abs=1.5 * step)
    fitting = [o.get_attribute("value") for o in page.locator(".tpl > option").all()]
    others = {normal for _, _, normal, _ in PARTS.values()} - {text}
    assert text in fitting
    assert not others & set(fitting) - {"limb-bone-normal", "limb-child-normal"}
    words = drawn(page)
    assert "____" not in fill_and_sign(page, text, *gaps)
    still(page, words)


def test_a_scoliosis_is_measured_by_cobb_even_where_no_millimetre_is_known(filmed, page):
    one = films()[SPINE]
    shown(page, SPINE)
    ends = places(page, one, ("cobba", "cobbb", "cobbc", "cobbd"), whole=False)
    draw(page, "c", *ends[:2])
    drag(page, *ends[2:])
    count(page, 1)
    (mark,) = kept_when(filmed, SPINE, 1)
    assert (mark["tool"], mark["calibration"]["kind"]) == ("Cobb", "unknown")
    angle = number(drawn(page).partition("Cobb")[2])
    rows, columns = one.film.pixels.shape
    box = page.locator(SCREEN).first.bounding_box()
    plate = float(np.hypot(*np.subtract(one.film.points["cobbb"], one.film.points["cobba"])))
    slip = 2 * np.degrees(np.arctan(max(columns / box["width"], rows / box["height"]) / plate))
    assert slip < 4
    assert angle == pytest.approx(one.film.angles_deg["cobb"], abs=slip)
    words = drawn(page)
    fill_and_sign(
        page, "spine-scoliosis", "右", "T7", "L3", "T11", f"{angle:.0f}", "等高", "2",
        "右", f"{angle:.0f}",
    )  # fmt: skip
    still(page, words)


def drag(page: Any, start: Any, end: Any) -> None:
    """The second line of a tool that takes two."""
    box = page.locator(SCREEN).first.bounding_box()
    for n, (x, y) in enumerate((start, end)):
        at = (box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.move(*at, steps=4)
        if n == 0:
            page.mouse.down()
    page.mouse.up()


LESION = "右胫骨远段见偏心性分叶状透亮区，边缘清楚，伴硬化缘。"
# Part, side, letters at the edges, what the lengths are, text of the report, words for its gaps,
# how the findings then begin.
REAL = {
    # no side, no orientation, and a Pixel Spacing of which nobody says how it came about
    "RG2": (
        "髋部", "文件未注明左右侧", "", "像素间距未说明校准：长度以 px 计", "hip-normal",
        ("左", "左"), "左髋关节",
    ),
    # right, rows run to the right of the patient, no spacing at all, and a lesion above the joint
    "RG3": (
        "四肢", "R 右侧", "FHLR", "未给出像素间距：长度以像素计", "limb-joint-normal",
        ("踝", "踝"), "右踝",
    ),
}  # fmt: skip


@pytest.mark.parametrize("film", sorted(REAL))
def test_a_real_hip_and_a_real_extremity_go_from_the_list_to_the_signature(filmed, page, film):
    if shared_data() is None:
        pytest.skip("the folder of real files is not beside the project")
    part, side, letters, spacing, text, gaps, begins = REAL[film]
    row = page.locator(".wl-row", has_text=film).first
    assert part in row.inner_text()
    row.click()
    page.locator("aside.case", has_text=film).wait_for()
    page.wait_for_function(FULL, timeout=60_000)
    assert page.locator(".wb-film .wb-corner[data-at=ne]").first.inner_text() == side
    seen = page.locator(".wb-film .wb-edge:not([hidden])").all_inner_texts()
    assert "".join(sorted(seen)) == letters
    assert spacing in page.locator(".wb-film .wb-corner[data-at=se]").first.inner_text()
    draw(page, "l", (0.4, 0.4), (0.6, 0.6))
    count(page, 1)
    assert re.search(r"\d\.\d px", drawn(page))
    assert "mm" not in drawn(page)
    words = drawn(page)
    own = ("", "") if film == "RG2" else (LESION, "右胫骨远段骨病变，请结合侧位片及既往片。")
    assert fill_and_sign(page, text, *gaps, seen=own).startswith(begins)
    still(page, words)
