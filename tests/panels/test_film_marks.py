"""Marks on the film of the reading page: kept as they are drawn, given back, signed."""

import pytest

from tests import make
from workbench.workflow import exams as cases
from workbench.workflow import marks
from workbench.workflow import reports as acts

LENGTH = {
    "uid": "l1", "tool": "Length", "points": [[10.0, 10.0], [50.0, 40.0]], "text": "",
    "value": 999.0, "unit": "mm", "values": [], "calibration": {},
}  # fmt: skip
ARROW = {
    "uid": "a1", "tool": "ArrowAnnotate", "points": [[30.0, 30.0], [40.0, 40.0]], "text": "结节?",
    "values": [], "calibration": {},
}  # fmt: skip


@pytest.fixture
def film(screened):
    return screened(make.make_film())


@pytest.fixture
def reading(browse, film):
    """A reader with the film open."""
    browser = browse("reader", "reading")
    assert browser.ask("open", key=film) == {}
    return browser


def draw(browser, *drawn, key=None):
    """What the viewer sends once the reader has changed something."""
    page = browser.page
    page.film.set_state({"marked": {"id": key or page.viewing["id"], "marks": list(drawn)}})


def kept(county, exam_id):
    films, _ = marks.of_exam(county, make.READER, exam_id)
    return {m.uid: m for one in films.values() for m in one.marks}


def text(page, **given):
    return {"key": page.desktop.exam_id, "findings": "双肺清晰。", "impression": "未见异常。",
            "coded": [], **given}  # fmt: skip


def test_what_is_drawn_is_kept_at_once_with_numbers_of_the_house(reading, county, film):
    draw(reading, LENGTH)
    assert kept(county, film)["l1"].values[0].value == pytest.approx(50 * 0.143)
    assert (reading.page.viewing["marks"]["count"], reading.page.said) == (1, {})
    draw(reading, LENGTH, ARROW)
    assert set(kept(county, film)) == {"l1", "a1"}
    draw(reading)
    assert kept(county, film) == {}


def test_marks_come_back_with_the_film_and_stay_with_their_own(reading, county, film, screened):
    other = screened(make.make_film(uid="1.2.9.1", study="1.2.9", local_id="P7"))
    draw(reading, LENGTH, ARROW)
    page = reading.page
    reading.ask("open", key=other)
    assert page.film.marks == {page.viewing["id"]: []}
    reading.ask("open", key=film)
    assert [m["uid"] for m in page.film.marks[page.film.src["id"]]] == ["l1", "a1"]
    assert page.film.marks[page.film.src["id"]][0]["points"] == LENGTH["points"]


def test_a_late_word_of_a_film_that_was_put_away_changes_nothing(reading, county, film, screened):
    other = screened(make.make_film(uid="1.2.9.1", study="1.2.9", local_id="P7"))
    first = reading.page.viewing["id"]
    reading.ask("open", key=other)
    draw(reading, LENGTH, key=first)
    assert kept(county, film) == {}
    assert kept(county, other) == {}


def test_what_does_not_fit_the_film_is_refused_in_words(reading, county, film):
    draw(reading, {**LENGTH, "points": [[10.0, 10.0], [5000.0, 40.0]]})
    assert reading.page.said["tone"] == "error"
    assert kept(county, film) == {}


def test_a_reader_who_does_not_hold_the_case_is_told_once_that_nothing_is_kept(
    browse, county, film
):
    cases.open_case(county, make.OTHER_READER, film, hold=True)
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    draw(browser, LENGTH)
    assert "不会保存" in browser.page.said["text"]
    before = browser.page.said["n"]
    draw(browser, LENGTH, ARROW)
    assert browser.page.said["n"] == before
    assert kept(county, film) == {}
    assert browser.page.viewing["marks"]["may"] is False


def test_marks_of_another_window_join_those_on_the_screen(reading, county, film):
    page = reading.page
    draw(reading, LENGTH)
    marks.save(county, make.READER, film, page.viewing["id"], [LENGTH, ARROW], 1)
    page.look_again()
    assert [m["uid"] for m in page.film.marks[page.film.src["id"]]] == ["l1", "a1"]
    assert page.viewing["marks"]["count"] == 2
    marks.save(county, make.READER, film, page.viewing["id"], [ARROW], 2)
    draw(reading, LENGTH)  # over a revision this page has not seen
    assert page.said["tone"] == "error"
    assert set(kept(county, film)) == {"a1"}
    assert [m["uid"] for m in page.film.marks[page.film.src["id"]]] == ["a1"]


def test_a_key_image_is_chosen_and_taken_back(reading, county, film):
    page = reading.page
    key = page.viewing["id"]
    reading.ask("key_image", id=key, chosen=True)
    assert page.viewing["marks"]["key"] is True
    assert page.viewing["pictures"][0]["key"] is True
    assert [k.instance_id for k in marks.of_exam(county, make.READER, film)[1]] == [key]
    reading.ask("key_image", id=key, chosen=False)
    assert page.viewing["marks"]["key"] is False
    assert reading.ask("key_image", id="0" * 32, chosen=True)["tone"] == "error"


def test_the_signature_holds_the_marks_on_the_screen_and_a_prior_shows_them(
    reading, county, film, screened
):
    page = reading.page
    draw(reading, LENGTH)
    reading.ask("key_image", id=page.viewing["id"], chosen=True)
    said = reading.ask("sign", **text(page))
    assert said["tone"] == "ok"
    with county.store.look() as conn:
        version = acts.reports.versions(conn, film)[-1]
    signed = marks.signed(county, make.READER, version.id)
    assert [m.uid for one in signed.films for m in one.marks] == ["l1"]
    assert len(signed.keys) == 1
    acts.add(county, make.READER, film, "补充：与旧片比较无变化。")  # adds words only
    later = screened(make.make_film(uid="1.2.10.1", study="1.2.10", taken_at=make.NOW))
    reading.ask("open", key=later)
    reading.ask("prior", prior=film)
    before = page.film.beside[0]["id"]
    assert [m["uid"] for m in page.film.marks[before]] == ["l1"]
    page.film.set_state({"chosen": before})
    assert (page.viewing["marks"]["may"], page.viewing["marks"]["key"]) == (False, True)
    draw(reading, ARROW, key=before)  # on the earlier exam: it is only read
    assert set(kept(county, film)) == {"l1"}
    reading.ask("back")
    assert page.film.marks[page.film.src["id"]] == []


def test_marks_kept_meanwhile_stop_a_signature_that_did_not_see_them(reading, county, film):
    page = reading.page
    draw(reading, LENGTH)
    marks.save(county, make.READER, film, page.viewing["id"], [ARROW], 1)
    assert reading.ask("sign", **text(page))["tone"] == "error"
    page.look_again()
    assert reading.ask("sign", **text(page))["tone"] == "ok"


def test_a_case_without_films_asks_for_no_marks(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_ecg_file()))
    assert browser.page.desktop.films.exam_id == ""
    assert browser.page.viewing["marks"] is None
