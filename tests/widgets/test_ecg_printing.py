"""The print button: what it asks for, and that the person sees what became of it."""

import pytest
from browser_page import Page
from ecg_traces import opened, src, trace
from traitlets import TraitError

from workbench.widgets import incoming
from workbench.widgets.ecg_viewer import EcgViewer

STATE = "#ecg [data-name=print-state]"


@pytest.fixture
def ecg(page: Page) -> Page:
    page.server.blobs["/trace/a"] = trace(0)
    page.tab.evaluate(
        "() => { window.open = (url) => { (window.openedTabs ||= []).push(url); return null; }; }"
    )
    page.mount("ecg", EcgViewer(src=src("a"), lead_order="cabrera", gain=20, low_pass=40))
    opened(page, "a")
    return page


def asked(page: Page) -> list[dict[str, object]]:
    return [m for m in page.sent("ecg") if m["kind"] == "print"]


def answer(page: Page, **more: object) -> None:
    page.set("ecg", "printed", {"n": 1, "id": "a", "url": "", "error": "", **more})


def test_button_and_key_ask_for_what_is_on_the_screen(ecg: Page) -> None:
    ecg.tab.locator("#ecg [data-name=print]").click()
    ecg.tab.locator("#ecg .wb-viewer").press("Control+p")
    settings = {
        "layout": "3x4+1", "order": "cabrera", "rhythm": "II", "speed": 25, "gain": 20,
        "high_pass": 0, "low_pass": 40, "notch": False, "from_s": 0,
    }  # fmt: skip
    assert asked(ecg) == [{"kind": "print", "id": "a", "settings": settings}] * 2
    assert incoming.message(asked(ecg)[0]) == {"kind": "print", "id": "a", **settings}
    assert ecg.tab.locator(STATE).text_content() == "正在生成打印页……"


def test_the_page_is_fetched_then_opened_and_a_link_stays(ecg: Page) -> None:
    ecg.server.blobs["/wb/ecg/a.pdf"] = b"%PDF-1.7"
    ecg.tab.locator("#ecg [data-name=print]").click()
    answer(ecg, url="/wb/ecg/a.pdf?n=1")
    ecg.wait("window.openedTabs?.length === 1")
    assert ecg.tab.evaluate("window.openedTabs") == ["/wb/ecg/a.pdf?n=1"]
    link = ecg.tab.locator(f"{STATE} a")
    assert (link.text_content(), link.get_attribute("target")) == ("打开打印页", "_blank")
    assert ecg.server.asked.count("/wb/ecg/a.pdf") == 1


def test_a_failure_is_said_beside_the_button_and_nothing_opens(ecg: Page) -> None:
    ecg.tab.locator("#ecg [data-name=print]").click()
    answer(ecg, url="/wb/ecg/gone.pdf")
    ecg.wait(f"document.querySelector('{STATE}').textContent.startsWith('打印页未能生成。')")
    assert "404" in ecg.tab.locator(STATE).text_content()
    ecg.tab.locator("#ecg [data-name=print]").click()
    answer(ecg, n=2, error="没有权限")
    ecg.wait(f"document.querySelector('{STATE}').textContent === '没有权限'")
    assert ecg.tab.evaluate("window.openedTabs") is None


def test_a_print_of_another_tracing_is_not_shown_under_this_one(ecg: Page) -> None:
    ecg.server.blobs["/trace/b"] = trace(1)
    ecg.server.blobs["/wb/ecg/a.pdf"] = b"%PDF-1.7"
    ecg.tab.locator("#ecg [data-name=print]").click()
    ecg.set("ecg", "src", src("b"))
    opened(ecg, "b")
    answer(ecg, url="/wb/ecg/a.pdf?n=1")
    ecg.set("ecg", "gain", 10)
    ecg.wait("models.ecg.get('gain') === 10")
    assert ecg.tab.locator(STATE).text_content() == ""
    assert "/wb/ecg/a.pdf" not in ecg.server.asked


@pytest.mark.parametrize(
    "settings", [None, {"speed": "fast"}, {"layout": 3}, {"from_s": float("inf")}]
)
def test_a_strange_wish_to_print_is_refused(settings: object) -> None:
    with pytest.raises(TraitError):
        incoming.message({"kind": "print", "id": "a", "settings": settings})
