"""The header strip says when this reader last checked each of their screens."""

from tests import make
from workbench.domain.screen_check import ScreenQuestion
from workbench.panels import words
from workbench.workflow import screen_checks

HERE = "0123456789ab:1920x1080@0,0"
DIM = {**dict.fromkeys(ScreenQuestion, True), ScreenQuestion.LIGHT: False}


def test_the_strip_tells_the_last_look_at_every_screen_and_how_long_it_holds(browse, county, clock):
    page = browse("reader", "reading").page
    assert page.strip["screens"] == {"url": "/wb/screen", "holds": 7 * 86_400_000, "last": {}}
    screen_checks.record(county, make.READER, HERE, DIM, {})
    at = words.millis(clock())
    clock.go_on(days=3)
    page = browse("reader", "reading").page
    assert page.strip["screens"]["last"] == {HERE: {"at": at, "failed": True}}
    assert browse("reviewer", "reading").page.strip["screens"]["last"] == {}


def test_a_page_of_who_reads_no_films_says_nothing_of_screens(browse):
    assert browse("qa", "quality").page.strip["screens"] is None
