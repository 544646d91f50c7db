"""A real browser in front of a real house; every request it makes is written down."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
)


def launch(playwright: Playwright) -> Browser:
    """Debian's Chromium, or the one that Playwright brought."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))


def log_in(
    browser: Browser, port: int, username: str, password: str, *, size=(1600, 1000), **given
) -> Page:
    """A logged-in page in its role's first room; `page.asked` holds every address it asked."""
    context = browser.new_context(
        **{
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "viewport": {"width": size[0], "height": size[1]},
            **given,
        }
    )
    page = context.new_page()
    page.asked = []
    context.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"http://127.0.0.1:{port}/login")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


RESTED = """async () => { for (let frame = 0; frame < 10; frame++)
  await new Promise((done) => requestAnimationFrame(done)); }"""


class Fingers:
    """Fingers on a touch screen, as the screen itself would report them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = page.context.new_cdp_session(page)

    def __call__(self, kind: str, *points: tuple[float, float]) -> None:
        """One event with all fingers that are down."""
        fingers = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    def move(self, *ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Every finger from its first point to its last, in ten steps."""
        self("touchStart", *(start for start, _ in ways))
        for step in range(1, 11):
            at = [
                tuple(a + (b - a) * step / 10 for a, b in zip(start, end, strict=True))
                for start, end in ways
            ]
            self("touchMove", *at)
        # fingers rest before they are lifted: a fling would swallow the tap that comes next
        self.page.evaluate(RESTED)
        self("touchMove", *(end for _, end in ways))
        self("touchEnd")


def outside(page: Page, port: int) -> list[str]:
    """Every address asked that is not this house."""
    here = (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "data:", "blob:", "about:")
    return [url for url in page.asked if not url.startswith(here)]


def shared_data() -> Path | None:
    """The folder of real files that may lie beside the project; never part of it."""
    given = os.environ.get("WORKBENCH_SHARED_DATA")
    folder = Path(given) if given else Path(__file__).parents[3] / "shared" / "data"
    return folder if folder.is_dir() else None
