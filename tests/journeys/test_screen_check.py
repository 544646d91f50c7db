"""A reader checks the screen, and the header strip knows it on this screen and on no other."""

import pytest

from tests.journeys.browser import log_in, outside

pytestmark = pytest.mark.browser


def strip(page):
    """What the strip says of the screen, once the page's own script told which one it is."""
    page.wait_for_function("() => window.wbDisplay && document.querySelector('[data-screen]')")
    return page.locator("[data-screen]")


def test_a_check_of_the_screen_is_known_to_the_strip_of_that_screen_only(home, chromium):
    page = log_in(chromium, home.port, "reader", home.passwords["reader"])
    assert "未做" in strip(page).inner_text()
    with page.context.expect_page() as opened:
        strip(page).click()
    check = opened.value
    check.wait_for_selector("html[data-ready] #last[data-state=never]")
    for n in range(1, 8):
        check.keyboard.press(str(n))
    check.keyboard.press("Enter")
    check.wait_for_selector("html[data-ready] #last[data-state=good]")
    assert "长度未测" in check.locator("#last").inner_text()
    check.close()
    page.reload()
    strip(page)
    page.wait_for_function("() => /前/.test(document.querySelector('[data-screen]').textContent)")
    assert "warn" not in (strip(page).get_attribute("class") or "")
    assert outside(page, home.port) == []
    page.context.close()

    other = log_in(chromium, home.port, "reader", home.passwords["reader"])  # another workstation
    assert "未做" in strip(other).inner_text()
    assert "warn" in strip(other).get_attribute("class")
    other.context.close()
