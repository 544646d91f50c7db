"""One house for all journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.benchmarks.house import House, house
from tests.journeys.browser import launch


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    with house() as opened:
        yield opened


@pytest.fixture(scope="module")
def chromium(playwright_tool: Playwright) -> Iterator[Browser]:
    browser = launch(playwright_tool)
    yield browser
    browser.close()
