"""The reading-room check: served, answered by keys in a real browser, kept with an audit row."""

import io
import os
import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image

from tests.server.conftest import PASSWORD
from workbench.domain.screen_check import ScreenQuestion
from workbench.store.schema import audit, display_calibration, screen_check
from workbench.widgets.check_texts import CHECK_TEXTS
from workbench.widgets.loader import digest

CHROMIUM = shutil.which("chromium")
HERE = "0123456789ab:1920x1080@0,0"
ALL = {q.value: "yes" for q in ScreenQuestion}
needs_browser = pytest.mark.skipif(
    CHROMIUM is None or digest("screen_check.js") is None, reason="no chromium, or no build"
)


@pytest.fixture(autouse=True)
def clean(station):
    """Languages and sizes of screens as they were."""
    yield
    with station.store.change() as conn:
        conn.execute(display_calibration.delete())


def looks(station):
    with station.store.look() as conn:
        rows = conn.execute(sa.select(screen_check).order_by(screen_check.c.at)).mappings().all()
        acts = conn.execute(sa.select(audit.c.detail).where(audit.c.act == "screen.check"))
        return rows, list(acts.scalars())


def test_a_reader_gets_the_page_in_chinese_with_limits_and_source(server):
    one = server.browser("reader1")
    answer = one.get("/wb/screen")
    assert answer.status == 200
    assert "阅片环境检查" in answer.text
    assert "20～40 lx" in answer.text
    assert "IAEA Human Health Series No. 17" in answer.text
    assert answer.text.count("<fieldset") == len(ScreenQuestion)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_every_sentence_of_the_script_is_listed_for_the_catalogues_and_no_other():
    front = Path(__file__).parents[2] / "frontend"
    code = "".join(
        (front / name).read_text("utf-8") for name in ("screen_check.mjs", "ecg/calibrate.mjs")
    )
    assert set(re.findall(r'\bt\("([^"]+)"\)', code)) == set(CHECK_TEXTS)


def test_english_is_one_press_away_and_stays_with_the_account(server):
    one = server.browser("reader2")
    assert one.post("/wb/screen", {"act": "language", "language": "en"}).status == 303
    text = one.get("/wb/screen").text
    assert "Reading-room check" in text
    assert "阅片环境检查" not in text
    assert one.post("/wb/screen", {"act": "language", "language": "zh_CN"}).status == 303


@pytest.mark.parametrize("name", ["nurse1", "qa1", "boss", "student"])
def test_who_reports_no_films_is_refused(server, station, name):
    before = looks(station)
    one = server.browser(name)
    assert one.get("/wb/screen").status == 403
    assert one.post("/wb/screen", {"act": "record", "display": HERE, **ALL}).status == 403
    assert looks(station) == before


def test_nobody_is_sent_to_the_login(server):
    assert server.browser().get("/wb/screen").headers["Location"].startswith("/login?next=")


def test_a_look_without_all_answers_is_refused_by_name(server, station):
    before = looks(station)
    one = server.browser("reader1")
    part = {k: v for k, v in ALL.items() if k != "light"}
    refused = one.post("/wb/screen", {"act": "record", "display": HERE, **part})
    assert refused.status == 422
    assert "light" in refused.text
    odd = one.post("/wb/screen", {"act": "record", "display": HERE, **ALL, "dark": "maybe"})
    assert odd.status == 422
    assert looks(station) == before


def test_what_was_not_seen_is_said_with_what_to_do(server, station):
    one = server.browser("reader1")
    said = {**ALL, "dark": "no", "light": "no"}
    assert one.post("/wb/screen", {"act": "record", "display": HERE, **said}).status == 303
    text = one.get("/wb/screen").text
    assert re.search(r"未达到：5% 暗块、环境光。请调暗室内光线", text)
    rows, acts = looks(station)
    assert rows[-1]["answers"] == {
        q.value: q.value not in ("dark", "light") for q in ScreenQuestion
    }
    assert acts[-1] == {"display": HERE, "failed": ["dark", "light"], "not_asked": []}


def _open(playwright_tool, server, ratio, name="reader1"):
    browser = playwright_tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    size = {"width": 1280, "height": 800}
    page = browser.new_page(locale="zh-CN", device_scale_factor=ratio, viewport=size)
    said = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"http://127.0.0.1:{server.port}/wb/screen")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    page.wait_for_selector("html[data-ready]")
    return browser, page, said


@needs_browser
@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_a_pixel_of_the_pattern_is_a_pixel_of_the_screen(playwright_tool, server, ratio):
    browser, page, said = _open(playwright_tool, server, ratio)
    shot = Image.open(io.BytesIO(page.screenshot())).convert("L")
    box = page.locator("#pattern").bounding_box()
    side = int(page.locator("#pattern").get_attribute("data-side"))
    assert side == pytest.approx(box["width"] * ratio, abs=1 / 32)  # layout counts in 1/64 px
    left, top = (round(box[k] * ratio) for k in "xy")
    u = side / 40
    x, y = (round(u * 0.6) + n for n in (left, top))
    upright = [shot.getpixel((x + i, y + 5)) for i in range(12)]
    level = [shot.getpixel((x + round(u * 3.4) + 8, y + i)) for i in range(12)]
    assert set(upright) == set(level) == {0, 255}
    assert all(a != b for a, b in pairwise(upright)), upright
    assert all(a != b for a, b in pairwise(level)), level
    middle = round(u * 20)
    dark, bright = ((left + round(u * n), top + middle) for n in (7, 33))
    assert (shot.getpixel(dark), shot.getpixel(bright)) == (13, 242)  # 5 % and 95 % of 255
    assert said == []
    if folder := os.environ.get("KEEP_SHOTS"):
        page.screenshot(path=f"{folder}/screen-{ratio}.png")
    browser.close()


@needs_browser
def test_a_check_by_keys_alone_is_kept_for_this_screen(playwright_tool, server, station):
    browser, page, said = _open(playwright_tool, server, 1, "reader2")
    page.wait_for_selector("#last[data-state=never]")
    assert page.locator("[data-question=length]").is_hidden()
    page.keyboard.press("c")
    page.locator(".wb-dialog [data-name=ruler]").click()
    slider = page.locator(".wb-dialog input[type=range]")
    slider.fill("375")
    page.locator(".wb-dialog [data-name=save]").click()
    page.locator("#ruler").wait_for(state="visible")
    assert page.locator("#ruler").bounding_box()["width"] == pytest.approx(375, abs=0.6)
    assert page.locator("[data-question=length]").is_visible()
    for n in range(1, 8):
        page.keyboard.press(str(n))
    page.keyboard.press("Shift+8")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready] #last[data-state=failed]")
    assert "环境光" in page.locator("#last").inner_text()
    for n in range(1, 9):
        page.keyboard.press(str(n))
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready] #last[data-state=good]")
    rows, _ = looks(station)
    ours = [row for row in rows if row["username"] == "reader2"]
    assert [row["answers"]["light"] for row in ours] == [False, True]
    assert ours[-1]["facts"]["px_per_mm"] == pytest.approx(3.75)
    assert ours[-1]["facts"]["pattern"] % 40 == 0
    assert [line for line in said if "Content Security Policy" in line] == []
    browser.close()
