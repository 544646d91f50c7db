"""A film without a picture: on the technician's open page within seconds, seen, taken again."""

import time

import pytest

from tests.journeys.arriving import settled
from tests.journeys.browser import log_in, outside
from tests.journeys.test_main_line import send
from tests.make import make_film

pytestmark = pytest.mark.browser
SECONDS = 20.0  # on a machine that does other things; the loop itself needs two or three


def test_a_poor_film_is_asked_for_again_and_answered_without_a_reload(home, chromium, tmp_path):
    settled(home)
    page = log_in(chromium, home.port, "tech", home.passwords["tech"])
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.locator("[data-page=clinic]").wait_for(timeout=60_000)
    page.evaluate("() => { window.__same = true; }")  # gone after a reload

    poor = tmp_path / "poor.dcm"
    poor.write_bytes(
        make_film(blank=True, name="孙^重拍", local_id="J9", study="1.2.95", uid="1.2.95.1")
    )
    begun = time.monotonic()
    send(home, poor)
    card = page.locator(".retake.waits", has_text="孙重拍")
    card.wait_for(timeout=60_000)
    took = time.monotonic() - begun
    assert took < SECONDS
    assert "无图像" in card.inner_text()
    picture = card.locator("img")
    page.wait_for_function(
        "(image) => image.complete && image.naturalWidth > 0", arg=picture.element_handle()
    )
    card.get_by_role("button", name="已看到").click()
    card.get_by_role("button", name="已看到").wait_for(state="detached")
    card.locator("[data-done]").click()
    card.get_by_text("尚未收到该患者的新影像").wait_for()

    better = tmp_path / "better.dcm"
    better.write_bytes(make_film(name="孙^重拍", local_id="J9", study="1.2.96", uid="1.2.96.1"))
    send(home, better)
    card.locator("[data-film] option").first.wait_for(state="attached", timeout=60_000)
    card.get_by_role("button", name="是，就是这幅").click()
    card.wait_for(state="detached")
    page.locator("details.closed summary", has_text="重拍").click()
    page.locator(".retake", has_text="已重拍").wait_for()
    assert page.evaluate("() => window.__same")
    assert errors == []
    assert outside(page, home.port) == []
    page.context.close()

    reader = log_in(chromium, home.port, "reader", home.passwords["reader"])
    sign = reader.locator(".wl-row", has_text="孙重拍").locator("[data-retake]")
    sign.first.wait_for(timeout=60_000)
    assert "已重拍" in sign.first.inner_text()
    reader.context.close()
