"""Printing from the page: the kernel names an address, for a tracing that lies on the page."""

from urllib.parse import parse_qs, urlsplit

from tests import make
from workbench.domain.ecg_sheet import EcgLook
from workbench.workflow.ecg_prints import look_of

SETTINGS = {
    "layout": "6x2", "order": "cabrera", "rhythm": "V1", "speed": 50, "gain": 20,
    "high_pass": 0.05, "low_pass": 150, "notch": True, "from_s": 2.5,
}  # fmt: skip


def printed(page, key):
    content = {"kind": "print", "id": key, "settings": SETTINGS}
    page.ecg._handle_custom_msg(content, [])
    return page.ecg.printed


def test_the_address_of_a_print_says_exactly_what_is_on_the_screen(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_ecg_file()))
    key = browser.page.ecg.src["id"]
    first = printed(browser.page, key)
    assert (first["id"], first["error"]) == (key, "")
    parts = urlsplit(first["url"])
    assert parts.path == f"/wb/ecg/{key}.pdf"
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert look_of(asked) == EcgLook(**SETTINGS)
    assert printed(browser.page, key)["url"] != first["url"]  # never the first one's cached page


def test_a_tracing_that_is_not_on_the_page_is_not_printed_from_it(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_ecg_file()))
    answer = printed(browser.page, "another")
    assert answer["url"] == ""
    assert answer["error"]
    assert browser.page.said["tone"] == "error"
