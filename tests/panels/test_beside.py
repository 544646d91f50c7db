"""Films beside each other: by the table, with those of before, as the reader wants them."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.store.schema import audit as audit_row


@pytest.fixture
def before(screened):
    return screened(make.make_film())


@pytest.fixture
def now(before, screened, clock):
    clock.go_on(days=30)
    return screened(make.make_film(uid="1.2.5.1", study="1.2.5"))


@pytest.fixture
def reading(browse, now):
    browser = browse("reader", "reading")
    browser.ask("open", key=now)
    return browser


def stands(browser):
    """What the viewer says once the film is on the screen."""
    shown = {"id": browser.page.film.src["id"], "stage": "full", "ms": 9.0}
    browser.page.film.set_state({"shown": shown})


def openings(county, exam_id):
    with county.store.look() as conn:
        rows = conn.execute(sa.select(audit_row).where(audit_row.c.object == f"exam/{exam_id}"))
        return [r for r in rows.mappings() if r["act"] == "exam.open"]


def test_the_film_of_before_hangs_beside_and_is_opened_when_the_first_one_stands(
    reading, county, before
):
    page = reading.page
    assert page.film.hanging == "1x2"
    assert page.film.beside == [{"empty": "正在调取旧片…", "label": ""}]
    assert page.viewing["prior"] is None
    assert openings(county, before) == []
    stands(reading)
    (old,) = page.film.beside
    assert old["prior"]
    assert old["label"].startswith("旧片")
    assert page.viewing["prior"]["id"] == before
    assert page.viewing["prior"]["beside"]
    assert len(openings(county, before)) == 1, "who looked at it is noted"
    stands(reading)
    assert len(openings(county, before)) == 1


def test_a_late_word_of_another_film_opens_nothing(reading, county, before):
    reading.page.film.set_state({"shown": {"id": "other", "stage": "full", "ms": 9.0}})
    assert openings(county, before) == []


def test_the_reader_does_without_the_film_of_before_and_takes_it_again(reading):
    page = reading.page
    stands(reading)
    reading.ask("earlier_film")
    assert (page.film.hanging, page.film.beside, page.viewing["prior"]) == ("1x1", [], None)
    reading.ask("earlier_film")
    assert (page.film.hanging, page.film.beside[0]["prior"]) == ("1x2", True)


def test_another_part_of_the_body_is_not_compared_with(browse, before, screened):
    hand = screened(make.make_film(uid="1.2.6.1", study="1.2.6", tags={"BodyPartExamined": "HAND"}))
    browser = browse("reader", "reading")
    browser.ask("open", key=hand)
    assert (browser.page.film.hanging, browser.page.film.comparable) == ("1x1", False)
    browser.ask("earlier_film")
    assert browser.page.film.beside == []


def test_frontal_and_lateral_hang_beside_each_other_and_may_change_places(browse, screened, clock):
    key = screened(make.make_film(tags={"ViewPosition": "LL"}))
    clock.go_on(seconds=1)  # pictures stand in the order of their arrival
    assert screened(make.make_film(uid="1.2.3.2")) == key
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    page = browser.page
    lateral, frontal = (p["id"] for p in page.viewing["pictures"])
    assert (page.film.hanging, page.film.src["id"]) == ("1x2", frontal)
    assert page.film.beside[0]["id"] == lateral
    assert [p["shown"] for p in page.viewing["pictures"]] == [True, True]
    assert set(page.film.marks) == {lateral, frontal}
    browser.ask("image", index=0)
    assert (page.film.src["id"], page.film.beside[0]["id"]) == (lateral, frontal)
    browser.ask("layout", layout="1x1")
    assert (page.film.src["id"], page.film.beside) == (lateral, [])
    page.film.set_state({"chosen": ""})
    assert page.viewing["marks"]["id"] == lateral
    browser.ask("layout", layout="2x2")
    assert page.film.beside[0]["id"] == frontal
    page.film.set_state({"chosen": frontal})
    assert (page.viewing["marks"]["id"], page.viewing["id"]) == (frontal, lateral)


def test_an_earlier_exam_of_another_view_takes_no_place_and_stays_within_reach(
    browse, screened, clock
):
    lateral = screened(make.make_film(tags={"ViewPosition": "LL"}))
    clock.go_on(days=30)
    key = screened(make.make_film(uid="1.2.5.1", study="1.2.5"))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    page = browser.page
    assert page.film.hanging == "1x2"
    stands(browser)
    assert (page.film.hanging, page.film.beside) == ("1x1", [])
    browser.ask("earlier_film")
    assert page.film.beside == [{"empty": "旧检查无相同体位的影像", "label": ""}]
    browser.ask("prior", prior=lateral)  # nothing to lay beside: it takes the place
    assert not page.viewing["prior"]["beside"]
    browser.ask("back")
    assert page.viewing["prior"] is None


def test_asked_for_once_more_an_earlier_exam_takes_the_place_of_the_case(reading, before):
    page = reading.page
    own = page.film.src["id"]
    reading.ask("prior", prior=before)
    assert page.viewing["prior"]["beside"]
    reading.ask("prior", prior=before)
    assert not page.viewing["prior"]["beside"]
    assert page.film.src["id"] != own
    reading.ask("back")
    assert page.film.src["id"] == own


@pytest.mark.parametrize(
    ("then", "today", "compared"),
    [("THORAX", "CHEST", True), ("EXTREMITY", "EXTREMITY", False), ("", "", False)],
)
def test_the_part_is_what_was_meant_not_how_it_is_spelt(
    browse, screened, clock, then, today, compared
):
    screened(make.make_film(tags={"BodyPartExamined": then}))
    clock.go_on(days=1)
    key = screened(make.make_film(uid="1.2.5.1", study="1.2.5", tags={"BodyPartExamined": today}))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    assert browser.page.film.comparable is compared


def test_the_film_of_before_comes_also_where_the_present_one_cannot_be_shown(reading):
    page = reading.page
    said = {"id": page.film.src["id"], "stage": "error", "ms": 0.0}
    page.film.set_state({"shown": said})
    assert page.film.beside[0]["prior"]


def test_a_layout_that_does_not_exist_is_refused_in_words(reading):
    assert reading.ask("layout", layout="3x3")["tone"] == "error"


def test_another_case_hangs_by_its_own_table(reading, screened):
    stands(reading)
    other = screened(make.make_film(uid="1.2.7.1", study="1.2.7", local_id="P2"))
    reading.ask("open", key=other)
    page = reading.page
    assert (page.film.hanging, page.film.beside, page.viewing["prior"]) == ("1x1", [], None)
    assert set(page.film.marks) == {page.film.src["id"]}
