"""A browser with the built viewers; skips with a reason where there is none."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from browser_page import ARGS, CHROMIUM, Page, coded_film
from films import AS_GRAPHICS_CARD, wedge
from page_server import STATIC, serving
from PIL import Image


@pytest.fixture(scope="session")
def browser(playwright_tool: Any) -> Iterator[Any]:
    if not (STATIC / "manifest.json").exists():
        pytest.skip("the viewers are not built; run npm ci && npm run build in frontend")
    if CHROMIUM is None:
        pytest.skip("no Chromium here; install Debian's package chromium")
    opened = playwright_tool.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page; a test may give its own options of the browser context."""
    with serving() as (address, handler):
        wish = {"viewport": {"width": 1600, "height": 1000}, **getattr(request, "param", {})}
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **wish)
        tab = context.new_page()
        made = Page(tab, handler, [], [])
        tab.on(
            "request",
            lambda r: (
                None
                if r.url.startswith((address, "blob:", "data:"))
                else made.outside.append(r.url)
            ),
        )
        tab.on("pageerror", lambda e: made.errors.append(str(e)))
        tab.goto(address)
        tab.wait_for_function("window.ready")
        yield made
        context.close()
        assert made.outside == [], "a viewer asked another host"
        assert made.errors == [], "a viewer threw"


@pytest.fixture
def film(page: Page, request: pytest.FixtureRequest) -> Page:
    page.backend = getattr(request, "param", "cpu")
    if page.backend == "webgl":
        page.tab.add_init_script(AS_GRAPHICS_CARD)
        page.tab.reload()
        page.tab.wait_for_function("window.ready")
    jpeg = io.BytesIO()
    Image.fromarray((wedge() >> 4).astype(np.uint8)).save(jpeg, "JPEG")
    for n, name in enumerate(("a", "b", "c", "d")):
        page.server.blobs[f"/p/{name}.jpg"] = jpeg.getvalue()
        page.server.blobs[f"/f/{name}"] = coded_film(wedge(n * 100))
    return page
