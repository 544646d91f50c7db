"""A township doctor on a phone: from the own list to picture, marks and report, for review only."""

import pytest

from tests.journeys.arriving import settled
from tests.journeys.browser import Fingers, log_in, outside
from tests.journeys.phone import HIGH, PHONE, WIDE, check_fits
from tests.journeys.test_film_reading import FULL, count, draw, drawn
from tests.journeys.test_main_line import open_case, write_and_sign

pytestmark = pytest.mark.browser
NAME = "王秀兰"  # a film of the demonstration, of the clinic's own institution
ONLY = "仅供浏览，不作诊断"
SCALE = "document.querySelector('.film svg').dataset.scale"
SIDEWAYS = "document.documentElement.scrollWidth"
LOADED = """() => { const shown = document.querySelector('.film image');
  return performance.getEntriesByName(new URL(shown.href.baseVal, location).href)
    .some((one) => one.responseStatus === 200 && one.decodedBodySize > 20000); }"""


@pytest.fixture(scope="module")
def read(home, chromium):
    """The film read, marked and signed by the reader; what the viewer said of its mark."""
    settled(home)
    sent = objects(home)
    page = log_in(chromium, home.port, "reader", home.passwords["reader"])
    page.locator(".wl-row").first.wait_for(timeout=60_000)
    open_case(page, NAME)
    page.wait_for_function(FULL, timeout=60_000)
    draw(page, "l", (0.40, 0.40), (0.60, 0.60))
    count(page, 1)
    said = drawn(page)
    page.keyboard.press("k")
    page.locator("[data-key-image][aria-pressed=true]").wait_for()
    write_and_sign(page, "双肺野清晰。", "胸部正位片未见明显异常。")
    check_signed(page, home, sent)
    page.context.close()
    return said


def objects(home):
    """What the outbox names of objects, until now."""
    return set((home.home / "outbox").rglob("*-objects.json"))


def check_signed(page, home, sent):
    """The reader's page names the marks of the version, and their objects once they went out."""
    page.locator("[data-sharing=out]").wait_for(timeout=60_000)
    assert "长度：" in page.locator("[data-drawn] li").text_content()
    page.locator("[data-objects] summary").click()
    links = page.locator("[data-objects] a")
    assert links.all_text_contents() == ["关键图像（KO） ", "测量（SR） ", "标注（GSPS） "]
    there = f"http://127.0.0.1:{home.port}" + links.first.get_attribute("href")
    assert page.request.get(there).body()[128:132] == b"DICM"
    assert len(objects(home) - sent) == 1


def test_a_clinician_on_a_phone_sees_picture_marks_and_report_under_the_words(home, chromium, read):
    page = log_in(chromium, home.port, "clinic", home.passwords["clinic"], **PHONE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    row = page.locator("tr[data-exam]", has_text=NAME)
    row.locator("[data-view]").wait_for(timeout=60_000)
    check_fits(page)
    row.locator("[data-view]").tap()
    page.wait_for_url("**/wb/view/**")
    page.wait_for_function(LOADED)
    assert page.evaluate(SIDEWAYS) == WIDE
    small = """() => [...document.querySelectorAll('a, button')]
      .map((one) => one.getBoundingClientRect())
      .filter((box) => box.width && Math.min(box.width, box.height) < 43).length"""
    assert page.evaluate(small) == 0
    assert page.locator(".who").text_content().count(NAME) == 1
    assert "胸部正位片未见明显异常。" in page.locator("[data-report]").text_content()
    assert page.locator("[data-key]").text_content() == "★ 关键图像"
    # the number and its calibration are those the reader had before the signature
    [value] = page.locator("[data-values] li").all_text_contents()
    assert value.removeprefix("长度：") in read
    assert "mm（探测器平面）" in value
    line = page.locator(".marks polyline:not(.under)").bounding_box()
    frame = page.locator(".stage").bounding_box()
    assert 0.1 * frame["width"] < line["width"] < 0.5 * frame["width"]
    band(page)

    enlarge(page)
    band(page)
    page.locator("[data-do=fit]").tap()
    page.wait_for_function(f"() => {SCALE} === '1'")
    page.locator("[data-do=marks]").tap()
    page.locator(".marks").wait_for(state="hidden")

    page.locator("[data-language]").tap()
    page.get_by_text("Review only, not for diagnosis").first.wait_for()
    assert "mm (detector plane)" in page.locator("[data-values]").text_content()
    page.emulate_media(media="print")
    assert page.locator("main").is_hidden()
    assert "not printed" in page.locator(".paper-only").text_content()
    assert errors == []
    assert outside(page, home.port) == []
    stolen = page.url
    page.context.close()

    other = log_in(chromium, home.port, "clinic2", home.passwords["clinic2"], **PHONE)
    assert other.goto(stolen).status == 404
    assert NAME not in other.content()
    other.context.close()


def enlarge(page):
    """Two fingers that part, and one that moves what was enlarged."""
    touch = Fingers(page)
    page.locator(".film").scroll_into_view_if_needed()
    box = page.locator(".stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], HIGH - box["y"]) / 2
    touch.move(((x - 30, y), (x - 120, y)), ((x + 30, y), (x + 120, y)))
    page.wait_for_function(f"() => Number({SCALE}) > 2")
    before = page.locator(".film svg").get_attribute("viewBox")
    touch.move(((x, y), (x - 60, y + 40)))
    page.wait_for_function(
        "(before) => document.querySelector('.film svg').getAttribute('viewBox') !== before",
        arg=before,
    )
    assert page.evaluate("visualViewport.scale") == 1  # the picture was enlarged, not the page
    assert page.evaluate(SIDEWAYS) == WIDE


def band(page):
    """The words lie on the picture, inside of what is seen, with the patient and the time."""
    page.locator(".stage").evaluate("one => one.scrollIntoView({ block: 'center' })")
    said, frame = (page.locator(css).bounding_box() for css in (".band", ".stage"))
    assert frame["y"] <= said["y"] + 1 <= frame["y"] + frame["height"] / 4
    assert said["y"] >= 0
    assert said["y"] + said["height"] <= HIGH
    assert said["width"] >= frame["width"] - 4
    words = page.locator(".band").text_content()
    assert ONLY in words
    assert NAME in words
    top = """() => { const b = document.querySelector('.band b').getBoundingClientRect();
      document.querySelector('.band').style.pointerEvents = 'auto';
      const on = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
      document.querySelector('.band').style.pointerEvents = '';
      return on.closest('.band') !== null; }"""
    assert page.evaluate(top)  # nothing lies over it
