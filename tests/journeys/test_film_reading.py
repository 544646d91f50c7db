"""A reader at a film: marks, a key image, another case and back, signed, the same millimetres."""

import pytest

from tests.journeys.arriving import brought
from tests.journeys.browser import log_in, outside
from tests.journeys.test_main_line import open_case, write_and_sign
from tests.make import make_film

pytestmark = pytest.mark.browser
NAMES = ("孙^标注", "周^邻座")
# in full depth, and of the case whose words stand beside it: until then the page hides it
FULL = """() => { const { film, holding } = window.__wb ?? {};
  return film?.stage === 'full' && film.shown === holding?.film
    && document.querySelector('.wb-film').checkVisibility({ visibilityProperty: true }); }"""


@pytest.fixture(scope="module")
def two(home, tmp_path_factory):
    """Two films of two patients, screened."""
    folder = tmp_path_factory.mktemp("films")
    paths = []
    for number, name in enumerate(NAMES):
        path = folder / f"{number}.dcm"
        film = make_film(
            name=name, local_id=f"F{number}", study=f"1.2.9{number}", uid=f"1.2.9{number}.1",
            size=(960, 800),
        )  # fmt: skip
        path.write_bytes(film)
        paths.append(path)
    brought(home, *paths)
    return home


def drawn(page):
    """What the viewer says beside its marks."""
    return page.locator(".wb-film svg").first.text_content()


def draw(page, key, *points):
    box = page.locator(".wb-film .wb-screen").bounding_box()
    page.locator(".wb-film").press(key)
    for n, (x, y) in enumerate(points):
        at = (box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.mouse.move(*at, steps=4)
        if n == 0:
            page.mouse.down()
    page.mouse.up()


def count(page, n):
    page.wait_for_function(
        "(n) => (document.querySelector('[data-marks-count]')?.textContent ?? '0')"
        ".includes(`标注 ${n} 处`)",
        arg=n,
    )


def test_what_is_marked_is_kept_with_its_own_patient_and_signed_with_the_report(two, chromium):
    page = log_in(chromium, two.port, "reader", two.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    first, second = (name.replace("^", "") for name in NAMES)
    open_case(page, first)
    page.wait_for_function(FULL, timeout=60_000)
    draw(page, "l", (0.40, 0.40), (0.60, 0.60))
    count(page, 1)
    length = drawn(page)
    assert "mm" in length
    page.keyboard.press("k")
    page.locator("[data-key-image][aria-pressed=true]").wait_for()

    open_case(page, second)
    page.wait_for_function(FULL, timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('.wb-film svg')?.textContent.includes('mm')"
    )
    assert page.locator("[data-marks-count]").count() == 0
    draw(page, "a", (0.5, 0.5), (0.6, 0.5))
    page.keyboard.press("Escape")

    open_case(page, first)
    page.wait_for_function(FULL, timeout=60_000)
    count(page, 1)
    page.wait_for_function(
        "(t) => document.querySelector('.wb-film svg').textContent === t", arg=length
    )
    write_and_sign(page, "双肺野清晰。", "胸部正位片未见明显异常。")

    page.reload()
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    page.wait_for_function(FULL, timeout=60_000)
    page.wait_for_function(
        "(t) => document.querySelector('.wb-film svg').textContent === t", arg=length
    )
    assert page.locator("[data-key-image]").count() == 0  # signed: no longer to be chosen
    assert "关键图像" in page.locator("[data-marks]").text_content()
    assert outside(page, two.port) == []


def test_a_film_is_seen_again_after_an_ecg_lay_before_it(two, chromium):
    page = log_in(chromium, two.port, "reader", two.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    name = NAMES[1].replace("^", "")
    for _ in range(2):
        open_case(page, name)
        page.wait_for_function(FULL, timeout=60_000)
        # what comes next has been fetched by now, and the viewer said so
        page.wait_for_function("() => (window.__wb.film.held ?? []).length > 0")
        seen = page.locator(".wb-reading .viewer:not(.other) .wb-film")
        seen.wait_for(state="visible")
        page.locator(".wl-row", has_text="心电图").first.click()
        page.locator(".wb-reading .viewer:not(.other) .wb-ecg").wait_for(state="visible")
        page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=60_000)
    open_case(page, name)
    page.locator(".wb-reading .viewer:not(.other) .wb-film").wait_for(state="visible")
