"""The county of the workflow's tests, and its pages opened as their browsers would."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflow.conftest import arrive, clock, county, screened, station  # noqa: F401 - fixtures
from workbench.panels import open_panel
from workbench.panels.desk import Desk


class Browser:
    """What a browser can do to a page: send messages, and look at the traits."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def send(self, content: dict[str, Any]) -> None:
        self.page._handle_custom_msg(content, [])

    def ask(self, act: str, **data: Any) -> dict[str, Any]:
        """One request; gives what the page said, if it said something new."""
        before, laid = self.page.said.get("n", 0), getattr(self.page, "laid", 0)
        self.send({"event": "ask", "data": {"act": act, **data}})
        if getattr(self.page, "laid", 0) != laid:  # as the template does when the case is seen
            self.send({"event": "ask", "data": {"act": "look_round"}})
        return dict(self.page.said) if self.page.said.get("n", 0) > before else {}


@pytest.fixture
def browse(county) -> Callable[..., Browser]:  # noqa: F811 - the fixture
    """Open a page as somebody; the first event is already sent unless asked otherwise."""

    def browse(username: str, room: str, *, begin: bool = True) -> Browser:
        browser = Browser(open_panel(room, Desk(county, lambda: username)))
        if begin:
            browser.ask("begin")
        return browser

    return browse
