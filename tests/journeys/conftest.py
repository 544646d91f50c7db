"""One house for all journeys of a process; who counts what lies in it opens one of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.benchmarks.house import House, house
from tests.journeys.browser import launch


@pytest.fixture(scope="session")
def home() -> Iterator[House]:
    with house() as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(playwright_tool: Playwright) -> Iterator[Browser]:
    browser = launch(playwright_tool)
    yield browser
    browser.close()
