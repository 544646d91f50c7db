"""Heart and spine measured beside the film of before, signed, opened again: the same numbers."""

import re
from datetime import timedelta

import pytest

from tests.journeys.arriving import brought
from tests.journeys.browser import log_in, outside
from tests.journeys.test_film_reading import FULL, count
from tests.journeys.test_main_line import write_and_sign
from tests.make import NOW, make_film

pytestmark = pytest.mark.browser
WHO = "郑^对照"
NOW_AGED = "郑对照女 55岁"  # the row of today's exam; a year ago she was 54
ROWS, COLUMNS = 960, 800
SPACING = 0.143  # of make_film, at the detector
LINES = (
    "() => [...document.querySelector('.wb-film .wb-pane').querySelectorAll('svg tspan')]"
    ".map((one) => one.textContent).sort().join('|')"
)
BESIDE = "() => / full$/.test(window.__wb?.film?.panes?.['1'] ?? '')"


@pytest.fixture(scope="module")
def twice(home, tmp_path_factory):
    """One patient examined a year ago and today."""
    folder = tmp_path_factory.mktemp("twice")
    for number, ago in ((0, timedelta(days=365)), (1, timedelta())):
        film = make_film(
            name=WHO, local_id="F77", study=f"1.2.77{number}", uid=f"1.2.77{number}.1",
            size=(ROWS, COLUMNS), taken_at=NOW - ago, shade=number * 60,
        )  # fmt: skip
        (folder / f"{number}.dcm").write_bytes(film)
    brought(home, *sorted(folder.glob("*.dcm")))
    return home


def draw(page, pane, key, *points):
    """Draw on film points, each given as column and row of the stored film."""
    box = page.locator(".wb-film .wb-pane").nth(pane).bounding_box()
    scale = min(box["width"] / COLUMNS, box["height"] / ROWS)
    left = box["x"] + (box["width"] - COLUMNS * scale) / 2
    top = box["y"] + (box["height"] - ROWS * scale) / 2
    page.locator(".wb-film").press(key)
    for pair in zip(points[::2], points[1::2], strict=True):
        for n, (column, row) in enumerate(pair):
            page.mouse.move(left + (column + 0.5) * scale, top + (row + 0.5) * scale, steps=4)
            page.mouse.up() if n else page.mouse.down()
    return scale


def said(page, pane=0):
    return page.locator(".wb-film .wb-pane").nth(pane).locator("svg").first.text_content()


def test_heart_and_spine_are_measured_beside_the_film_of_before_and_stay_as_signed(twice, chromium):
    page = log_in(chromium, twice.port, "reader", twice.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.locator(".wl-row", has_text=NOW_AGED).click()
    page.wait_for_function(FULL, timeout=60_000)
    page.wait_for_function(BESIDE, timeout=60_000)
    panes = page.locator(".wb-film .wb-pane")
    assert "旧片" in panes.nth(1).locator(".wb-band").text_content()
    assert "旧片" not in panes.nth(0).locator(".wb-band").text_content()
    names = [panes.nth(n).locator(".wb-corner[data-at=nw]").text_content() for n in (0, 1)]
    assert all("郑对照" in name for name in names)
    assert names[0] != names[1], "each film bears its own day"

    box = panes.nth(0).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    windows = page.locator(".wb-film .wb-corner[data-at=sw]")
    widths = [re.search(r"窗宽 (\d+)", windows.nth(n).text_content())[1] for n in (0, 1)]
    assert widths[0] == widths[1], "both are windowed alike"

    scale = draw(page, 0, "x", (300, 600), (500, 600), (200, 650), (600, 650))
    count(page, 1)
    pixel = 1.5 / scale / 400  # a hand hits whole pixels of the screen
    ratio = float(re.search(r"心胸比 (\d\.\d+)", said(page))[1])
    assert ratio == pytest.approx(0.5, abs=pixel + 0.005)
    draw(page, 0, "c", (300, 200), (500, 220), (300, 400), (500, 360))
    count(page, 2)
    angle = float(re.search(r"Cobb (\d+\.\d)°", said(page))[1])
    assert angle == pytest.approx(5.7106 + 11.3099, abs=1.5)
    draw(page, 1, "l", (300, 500), (500, 500))  # on the film of before: to look at, not to keep
    page.wait_for_function(
        "() => document.querySelectorAll('.wb-film .wb-pane')[1].textContent.includes('mm')"
    )
    page.wait_for_function("() => document.body.textContent.includes('此处的标注不会保存')")
    page.locator(".wb-film").press("w")
    page.mouse.click(box["x"] + 30, box["y"] + 90)
    page.locator("[data-key-image]").wait_for()  # the page speaks of the film of today again
    page.locator(".wb-film").press("k")
    page.locator("[data-key-image][aria-pressed=true]").wait_for()
    marks = page.evaluate(f"({LINES})()")
    assert len(marks.split("|")) == 3, marks
    write_and_sign(page, "心影增大，脊柱侧弯，与前片比较无明显变化。", "心影增大；脊柱侧弯。")

    page.reload()
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.wait_for_function(BESIDE, timeout=60_000)
    page.wait_for_function(f"(t) => ({LINES})() === t", arg=marks)
    assert "mm" not in said(page, 1)
    assert "关键图像" in page.locator("[data-marks]").text_content()
    page.locator(".wb-film").press("o")
    page.wait_for_function(
        "() => document.querySelector('.wb-film .wb-grid').dataset.layout === '1x1'"
    )
    page.locator(".wb-film").press("q")
    page.wait_for_function(
        "() => document.querySelector('.wb-film .wb-grid').dataset.layout === '1x2'"
    )
    assert outside(page, twice.port) == []


def test_the_second_window_shows_the_film_of_before_and_never_another_patient(twice, chromium):
    page = log_in(chromium, twice.port, "reader", twice.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    if page.locator(".wl-row", has_text=NOW_AGED).count() == 0:  # signed by the test above
        page.get_by_text("近7天已发布").click()
    page.locator(".wl-row", has_text=NOW_AGED).click()
    page.wait_for_function(BESIDE, timeout=60_000)
    with page.expect_popup() as opened:
        page.locator(".wb-film").press("u")
    other = opened.value
    seen = outside_of(other)
    other.wait_for_function(FULL, timeout=60_000)
    panes = page.locator(".wb-film .wb-pane:visible")
    panes.nth(1).wait_for(state="detached")
    assert "旧片" in other.locator(".wb-band").text_content()
    assert "郑对照" in other.locator(".wb-corner[data-at=nw]").first.text_content()
    other.locator(".wb-film").press("i")  # both are inverted, whichever window the hand is in
    page.locator(".wb-chips", has_text="已反色").wait_for()
    page.get_by_text("待阅片", exact=True).first.click()
    page.locator(".wl-row", has_text="韦明").click()
    other.wait_for_function("() => !document.body.textContent.includes('郑对照')")
    other.locator(".wb-notice", has_text="对照影像在此显示").wait_for()
    page.wait_for_function(FULL, timeout=60_000)
    with other.expect_event("close"):
        page.locator(".wb-film").press("u")
    page.wait_for_function(FULL, timeout=60_000)
    assert seen == []


def test_a_lower_window_cuts_nothing_off(twice, chromium):
    page = log_in(chromium, twice.port, "reader", twice.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.set_viewport_size({"width": 1300, "height": 640})
    page.wait_for_function(
        "() => Math.abs(document.querySelector('.wb-page').getBoundingClientRect().bottom"
        " - innerHeight) < 1"
    )


def outside_of(page):
    """What a window asks of another machine."""
    found = []
    page.on(
        "request",
        lambda r: (
            found.append(r.url)
            if "127.0.0.1" not in r.url[:30] and not r.url.startswith(("blob:", "data:"))
            else None
        ),
    )
    return found
