"""Statements of the ECG screening on the page: listed, pointed at, accepted into the report."""

import pytest

from tests import make
from tests.workflow.test_flags import paused


@pytest.fixture
def slow(browse, screened):
    key = screened(make.make_ecg_file(make.make_trace(52.0)))
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    return browser


def rows(browser):
    return browser.page.statements["rows"]


def test_each_statement_stands_with_its_words_numbers_and_edition(slow):
    assert rows(slow)
    for row in rows(slow):
        assert not row["label"].startswith("EC")  # in words, not as a code
        assert row["evidence"]
        assert "2.0.0" in row["edition"]
        assert "ecg-adult" in row["edition"]
    order = ["critical", "urgent", "abnormal", "normal", "technical"]
    grades = [order.index(r["severity"]) for r in rows(slow)]
    assert grades == sorted(grades)


def test_the_chosen_statement_is_pointed_at_on_the_tracing_it_is_about(slow):
    page, one = slow.page, rows(slow)[0]
    slow.ask("point", key=one["key"])
    assert page.ecg.pointed["id"] == page.ecg.src["id"]
    shown = {k: page.ecg.pointed[k] for k in ("key", "from_s", "to_s", "leads", "mark")}
    assert shown == {k: one[k] for k in shown}
    slow.ask("point", key="")
    assert page.ecg.pointed == {}


def test_what_holds_for_the_whole_recording_names_no_place(slow):
    rate = next(row for row in rows(slow) if row["code"] == "EC201")
    assert (rate["from_s"], rate["to_s"]) == (None, None)


def test_a_pause_names_its_place(browse, screened):
    browser = browse("reader", "reading")
    assert browser.ask("open", key=screened(paused())) == {}
    pause = next(row for row in rows(browser) if row["code"] in {"EC024", "EC108"})
    assert 0 < pause["from_s"] < pause["to_s"] < 13


def test_accepting_hands_code_and_words_to_the_report_form_and_rejecting_takes_them(slow):
    page, one = slow.page, rows(slow)[0]
    report = page.report
    slow.ask("judge", key=one["key"], verdict="accepted")
    assert (page.adopted["code"], page.adopted["label"]) == (one["code"], one["label"])
    assert rows(slow)[0]["verdict_label"] == "采纳"
    assert page.report is report  # the words being written stay
    slow.ask("judge", key=one["key"], verdict="rejected")
    assert page.adopted["verdict"] == "rejected"
    slow.ask("judge", key=one["key"], verdict="withdrawn")
    assert rows(slow)[0]["verdict"] == ""


def test_a_statement_that_is_not_on_the_page_is_not_judged(slow):
    said = slow.ask("judge", key="0" * 32, verdict="accepted")
    assert said["tone"] == "error"
    assert slow.page.adopted == {}


def test_a_critical_statement_and_its_card_agree_whichever_is_used(browse, screened):
    key = screened(paused())
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    page = browser.page

    def pause():
        return next(r for r in rows(browser) if r["code"] == "EC024")

    said = browser.ask("judge", key=pause()["key"], verdict="rejected")
    assert said["tone"] == "error"  # without a reason
    browser.ask("judge", key=pause()["key"], verdict="rejected", reason="伪差")
    assert pause()["verdict"] == "rejected"
    assert page.alerts[0]["state"] == "dismissed"
    browser.ask("judge", key=pause()["key"], verdict="accepted")
    assert page.alerts[0]["state"] == "confirmed"
    assert pause()["verdict"] == "accepted"
    said = browser.ask("judge", key=pause()["key"], verdict="withdrawn")
    assert said["tone"] == "error"  # a confirmed critical value is told, not forgotten


def test_confirming_on_the_card_accepts_the_statement(browse, screened):
    key = screened(paused())
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    flag = next(a for a in browser.page.alerts if a["code"] == "EC024")
    browser.ask("confirm", key=flag["id"])
    assert (browser.page.adopted["code"], browser.page.adopted["verdict"]) == ("EC024", "accepted")
    assert next(r for r in rows(browser) if r["code"] == "EC024")["verdict"] == "accepted"
