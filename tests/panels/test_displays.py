"""The ruler step of the ECG viewer, from its message to the next page of the same person."""

import pytest

from tests import make
from workbench.workflow import preferences

HERE = "0123456789ab:1920x1080@0,0"


def say(browser, **content):
    """What the viewer in the page sends, as its browser does."""
    browser.page.ecg._handle_custom_msg(content, [])


def test_a_measured_display_is_remembered_answered_and_there_on_the_next_page(browse, county):
    browser = browse("reader", "reading")
    assert browser.page.ecg.calibrations == {}
    say(browser, kind="calibrated", display=HERE, px_per_mm=3.7)
    assert browser.page.ecg.calibrations == {HERE: 3.7}
    assert browser.page.said["text"] == "本显示器的校准已记住。"
    assert preferences.calibrations(county, make.READER) == {HERE: 3.7}
    assert browse("reader", "reading").page.ecg.calibrations == {HERE: 3.7}
    assert browse("reviewer", "reading").page.ecg.calibrations == {}


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "calibrated", "display": HERE, "px_per_mm": "3.7"},
        {"kind": "calibrated", "display": "x" * 300, "px_per_mm": 3.7},
        {"kind": "calibrated", "display": HERE, "px_per_mm": float("nan")},
        {"kind": "sign", "key": "x"},
        {"kind": "calibrated", "act": "sign"},
        {"display": HERE},
        {},
    ],
)
def test_a_forged_message_of_the_viewer_does_nothing(browse, county, content):
    browser = browse("reader", "reading")
    before = dict(browser.page.said)
    say(browser, **content)
    assert browser.page.said == before
    assert preferences.calibrations(county, make.READER) == {}


def test_an_impossible_size_is_refused_in_words(browse, county):
    browser = browse("reader", "reading")
    say(browser, kind="calibrated", display=HERE, px_per_mm=500)
    assert browser.page.said["tone"] == "error"
    assert "每毫米像素数" in browser.page.said["text"]
    assert preferences.calibrations(county, make.READER) == {}
