"""A real browser opens a page: nothing from outside, no rule of ours in its way."""

import shutil

import pytest

from tests.server.conftest import PASSWORD
from workbench.workflow import accounts, console

CHROMIUM = shutil.which("chromium")


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
def test_a_page_opens_in_a_browser_offline_and_says_when_the_login_ends(
    server, station, playwright_tool
):
    here = f"http://127.0.0.1:{server.port}"
    browser = playwright_tool.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(locale="zh-CN")
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    page.goto(f"{here}/wb/page/reading?exam=e7")
    page.fill("input[name=username]", "reader1")
    page.fill("input[name=password]", PASSWORD)
    page.click("button")
    box = page.locator(".widget-text input")
    box.wait_for(timeout=60_000)
    box.fill("who")
    page.wait_for_function(
        "document.querySelector('.widget-text input').value.startsWith('reader1 ')"
    )
    assert box.input_value() == "reader1 reading exam=e7"
    assert page.locator("#loading").count() == 0
    outside = [
        u for u in asked if not u.startswith((here, "data:", "blob:", here.replace("http", "ws")))
    ]
    assert outside == []
    assert [line for line in said if "Content Security Policy" in line] == []
    missing = [line for line in said if "404" in line]
    accounts.deactivate(station, console.operator("test"), "reader1")
    page.locator("#wb-lost[data-kind=out]").wait_for(timeout=60_000)
    browser.close()
    assert missing == [], missing
