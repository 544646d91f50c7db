"""Open a page by name; only the modules that page needs are imported, so a kernel stays small."""

from importlib import import_module
from types import MappingProxyType

from workbench.domain.errors import Invalid
from workbench.panels.desk import Desk, own_desk
from workbench.panels.page import Page

PAGES = MappingProxyType(
    {
        "reading": "workbench.panels.reading",
        "clinic": "workbench.panels.clinic",
        "quality": "workbench.panels.quality",
        "patients": "workbench.panels.patients",
        "people": "workbench.panels.people",
    }
)


def open_panel(name: str, desk: Desk | None = None) -> Page:
    """Make the page; it says nothing personal before its browser sends the first event."""
    if name not in PAGES:
        raise Invalid("page", name, f"one of {', '.join(PAGES)}")
    page: Page = import_module(PAGES[name]).open_page(desk or own_desk())
    return page
