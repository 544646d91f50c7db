"""A reader's evening: open, write, sign, next; what others hold, and what may not be done."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import NotFound
from workbench.domain.kinds import ExamKind
from workbench.editions import finding_terms
from workbench.panels import worklist
from workbench.phantoms.ecg import Rhythm
from workbench.store import accounts as account_rows
from workbench.store.schema import alert_step, draft, signed_report
from workbench.workflow import alerts, exams

TEXT = {"findings": "双肺野清晰。", "impression": "胸部未见明显异常。", "coded": []}


def count(station, table):
    with station.store.look() as conn:
        return conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


@pytest.fixture
def film(screened):
    return screened(make.make_film())


@pytest.fixture
def slow(screened):
    """An ECG so slow that the rules call it critical."""
    return screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))


def test_the_list_shows_what_waits_with_site_and_clock(browse, film):
    page = browse("reader", "reading").page
    (row,) = page.listing["rows"]
    assert (row["id"], row["kind"], row["site"]) == (film, "DR", "T01 卫生院")
    assert row["since"] == page.listing["now"]
    assert not row["critical"]


def test_opening_a_case_fills_viewer_and_case_and_holds_it(browse, film):
    browser = browse("reader", "reading")
    assert browser.ask("open", key=film) == {}
    page = browser.page
    assert page.case["id"] == film
    assert page.viewing["form"] == "film"
    assert page.film.src["full_url"].startswith("/wb/display/")
    assert "?v=" in page.film.src["preview_url"]
    assert page.report["editable"]
    assert page.listing["rows"][0]["mine"]


def test_what_was_not_filled_in_is_said_to_be_missing(browse, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    assert browser.page.case["order"] == {"present": False}


def test_a_draft_is_in_the_database_when_the_page_says_so(browse, county, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("draft", key=film, n=1, **TEXT)
    assert browser.page.saved["error"] == ""
    assert browser.page.saved["n"] == 1
    assert count(county, draft) == 1
    again = browse("reader", "reading")
    again.ask("open", key=film)
    assert again.page.report["draft"]["findings"] == TEXT["findings"]


def test_two_windows_cannot_overwrite_each_other(browse, film):
    first, second = browse("reader", "reading"), browse("reader", "reading")
    for browser in (first, second):
        browser.ask("open", key=film)
    first.ask("draft", key=film, n=1, **TEXT)
    second.ask("draft", key=film, n=1, **{**TEXT, "findings": "另一窗口"})
    assert second.page.saved["error"]


def test_signing_takes_the_text_on_the_screen_and_releases_it(browse, county, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    said = browser.ask("sign", key=film, **TEXT)
    assert said["tone"] == "ok"
    (version,) = browser.page.report["versions"]
    assert version["impression"] == TEXT["impression"]
    assert version["pdf"].endswith(".pdf")
    assert not browser.page.report["editable"]
    assert count(county, signed_report) == 1
    assert browser.page.listing["rows"] == []


def test_an_incomplete_report_lists_its_problems_in_chinese(browse, county, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("sign", key=film, findings="", impression="", coded=[])
    assert len(browser.page.problems) == 2
    assert all("空" in p for p in browser.page.problems)
    assert count(county, signed_report) == 0


def test_an_unanswered_flag_is_named_in_the_readers_language(browse, county, slow):
    browser = browse("reader", "reading")
    browser.ask("open", key=slow)
    browser.ask("sign", key=slow, **TEXT)
    (flag,) = alerts.open_alerts(county, make.READER)
    named = f"“{finding_terms()[flag.code].zh}”尚未确认"
    assert any(named in problem for problem in browser.page.problems)
    assert not any(flag.code in problem for problem in browser.page.problems)


def test_a_signature_is_for_the_case_on_the_screen(browse, county, film, screened):
    other = screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"))
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    assert browser.ask("sign", key=other, **TEXT)["tone"] == "error"
    assert count(county, signed_report) == 0


def test_what_another_reader_holds_is_shown_read_only_with_the_name(browse, film):
    browse("reader2", "reading").ask("open", key=film)
    browser = browse("reader", "reading")
    assert browser.page.listing["rows"][0]["holder"] == "Reader2"
    browser.ask("open", key=film)
    assert browser.page.case["held_by"]
    assert not browser.page.report["editable"]


def test_an_expired_lease_is_nobodys_on_the_list(browse, county, film):
    browse("reader2", "reading").ask("open", key=film)
    county.clock.go_on(minutes=county.settings.lease_minutes)
    assert browse("reader", "reading").page.listing["rows"][0]["holder"] == ""


def test_next_steps_over_what_others_hold_and_ends_in_words(browse, film, screened):
    second = screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"))
    browse("reader2", "reading").ask("open", key=film)
    browser = browse("reader", "reading")
    browser.ask("next")
    assert browser.page.case["id"] == second
    browser.ask("sign", key=second, **TEXT)
    said = browser.ask("next")
    assert (said["tone"], browser.page.case) == ("info", {})


def test_a_case_that_is_left_is_free_again(browse, county, film, screened):
    second = screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"))
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("open", key=second)
    held = {r["id"]: r["mine"] for r in browser.page.listing["rows"]}
    assert held == {film: False, second: True}


def test_the_next_cases_are_offered_for_fetching(browse, film, screened):
    screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"))
    ecg = screened(make.make_ecg_file(make.make_trace()))
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    assert len(browser.page.film.prefetch) == 1
    assert len(browser.page.ecg.prefetch) == 1
    browser.ask("open", key=ecg)
    assert browser.page.viewing["form"] == "ecg"
    assert browser.page.ecg.src["url"].startswith("/wb/display/")


def test_an_exam_outside_the_agreements_does_not_exist(browse, screened):
    foreign = screened(make.make_film(), site_code="T03")
    browser = browse("reader", "reading")
    assert browser.page.listing["rows"] == []
    assert browser.ask("open", key=foreign)["tone"] == "error"
    assert browser.page.case == {}


def test_a_clinic_person_gets_no_case_by_asking_the_reading_page(browse, film):
    browser = browse("clinic", "reading")
    assert browser.ask("open", key=film)["tone"] == "error"
    assert browser.page.case == {}


def test_a_critical_flag_is_confirmed_called_and_registered(browse, county, slow):
    browser = browse("reader", "reading")
    assert browser.page.listing["rows"][0]["critical"]
    browser.ask("open", key=slow)
    (flag,) = browser.page.alerts
    assert (flag["state"], flag["judge"], flag["call"]) == ("detected", True, False)
    assert flag["source"] == "算法提示（未经医师确认）"
    browser.ask("confirm", key=flag["id"])
    assert browser.page.alerts[0]["call"]
    name = browser.page.me["name"]
    assert browser.page.alerts[0]["source"] == f"来源：算法提示，已由{name}确认"
    assert [s["actor"] for s in browser.page.alerts[0]["steps"]] == [name]
    empty = browser.ask("notify", key=flag["id"], receiver="", method="phone", read_back="")
    assert empty["tone"] == "error"
    call = {"receiver": "刘芳", "method": "phone", "read_back": "张三，心率30", "minutes_ago": 2}
    browser.ask("notify", key=flag["id"], **call)
    (flag,) = browser.page.alerts
    assert flag["state"] == "notified"
    assert [s["move"] for s in flag["steps"]] == ["确认", "通知"]
    assert {"name": "接听人", "value": "刘芳"} in flag["steps"][1]["said"]
    assert count(county, alert_step) == 2


def test_a_flag_is_dismissed_only_with_a_reason(browse, slow):
    browser = browse("reader", "reading")
    browser.ask("open", key=slow)
    key = browser.page.alerts[0]["id"]
    assert browser.ask("dismiss", key=key, reason=" ")["tone"] == "error"
    browser.ask("dismiss", key=key, reason="肌电干扰")
    assert browser.page.alerts[0]["state"] == "dismissed"
    # a colleague sees who it was, although the register holds the user name only
    colleague = browse("reviewer", "reading")
    colleague.ask("open", key=slow)
    name = browser.page.me["name"]
    assert colleague.page.alerts[0]["source"] == f"来源：算法提示，已由{name}排除"
    assert not browser.page.listing["rows"][0]["critical"]


def test_an_earlier_exam_is_shown_dated_and_left_again(browse, film, screened, clock):
    clock.go_on(days=30)
    newer = screened(make.make_film(uid="1.2.5.1", study="1.2.5"))
    browser = browse("reader", "reading")
    browser.ask("open", key=newer)
    (prior,) = browser.page.case["priors"]
    own = browser.page.film.src["id"]
    browser.ask("prior", prior=prior["id"])
    assert browser.page.viewing["prior"]["id"] == film
    assert browser.page.case["id"] == newer
    assert browser.page.film.src["id"] == own, "a film of before lies beside the present one"
    (before,) = browser.page.film.beside
    assert before["prior"]
    assert before["id"] not in (own, "")
    browser.ask("back")
    assert (browser.page.viewing["prior"], browser.page.film.src["id"]) == (None, own)


def test_only_an_earlier_exam_of_this_case_can_be_asked_for(browse, film, screened):
    other = screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"))
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    assert browser.ask("prior", prior=other)["tone"] == "error"


def test_a_released_report_is_added_to_and_retracted_with_a_reason(browse, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("sign", key=film, **TEXT)
    browser.ask("add", key=film, text="补充：请结合临床。")
    assert [v["addendum"] for v in browser.page.report["versions"]] == [False, True]
    assert browser.ask("retract", key=film, reason="")["tone"] == "error"
    browser.ask("retract", key=film, reason="患者搞错")
    assert all(v["retracted"] for v in browser.page.report["versions"])
    assert browser.page.report["editable"]


def test_a_changed_list_reaches_the_page_when_it_looks_again(browse, county, film):
    browser = browse("reader", "reading")
    exams.open_case(county, make.OTHER_READER, film, hold=True)
    browser.page.look_again()
    assert browser.page.listing["rows"][0]["holder"] == "Reader2"


def test_a_filter_keeps_the_rest_out(browse, film, screened):
    ecg = screened(make.make_ecg_file(make.make_trace(rhythm=Rhythm.SINUS)))
    browser = browse("reader", "reading")
    browser.ask("filter", kind="ECG", site="", words="", tab="open", length=60)
    assert [r["id"] for r in browser.page.listing["rows"]] == [ecg]
    browser.ask("filter", kind="", site="T02", words="", tab="open", length=60)
    assert browser.page.listing["rows"] == []


def test_a_foreign_exam_is_not_fetched_ahead_either(county, screened):
    from workbench.workflow import ahead

    foreign = screened(make.make_film(), site_code="T03")
    assert ahead.copies(county, make.READER, [foreign]) == []
    with pytest.raises(NotFound):
        ahead.alerts_now(county, make.READER, foreign)


def test_next_walks_down_the_whole_list_and_begins_again_where_it_was_stepped_over(
    browse, county, screened
):
    ids = [
        screened(make.make_film(study=f"1.2.{n}", uid=f"1.2.{n}.1", local_id=f"P{n}"))
        for n in range(20, 25)
    ]
    exams.open_case(county, make.OTHER_READER, ids[1], hold=True)
    browser = browse("reader", "reading")
    seen = []
    for _ in range(5):
        expected = worklist.following(browser.page, 1)
        browser.ask("next")
        seen.append(browser.page.case["id"])
        assert [browser.page.case["id"]] == expected, "the page fetched another case than it got"
    assert sorted(seen[:4]) == sorted([ids[0], *ids[2:]])
    assert seen[4] == seen[0]


def test_next_gives_a_new_critical_case_before_the_rest_of_the_list(browse, screened):
    for n in (20, 21, 22):
        screened(make.make_film(study=f"1.2.{n}", uid=f"1.2.{n}.1", local_id=f"P{n}"))
    browser = browse("reader", "reading")
    browser.ask("next")
    browser.ask("next")
    critical = screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    browser.ask("next")
    assert browser.page.case["id"] == critical


def test_a_case_given_back_is_not_handed_out_again_at_once(browse, screened):
    first, second = (
        screened(make.make_film(study=f"1.2.{n}", uid=f"1.2.{n}.1", local_id=f"P{n}"))
        for n in (20, 21)
    )
    browser = browse("reader", "reading")
    browser.ask("next")
    given = browser.page.case["id"]
    browser.ask("give_back", key=given)
    browser.ask("next")
    assert {given, browser.page.case["id"]} == {first, second}


def test_an_image_after_the_report_asks_its_reader_on_the_list_and_ends_with_no_change(
    browse, film, arrive
):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("sign", key=film, **TEXT)
    colleague = browse("reader2", "reading")
    arrive(make.make_film(uid="1.2.3.77", shade=60))
    browser.page.look_again()
    (row,) = browser.page.listing["rows"]
    assert (row["id"], row["prompt"], row["signer"]) == (film, "报告后又到影像，需复核", "Reader")
    assert row["asks_me"]
    colleague.page.look_again()
    assert not colleague.page.listing["rows"][0]["asks_me"]
    # the page still shows one image: the answer is refused and the new one laid on the page
    assert browser.ask("no_change", key=film)["tone"] == "warn"
    assert len(browser.page.viewing["pictures"]) == 1  # not screened yet: no copy to show
    assert browser.page.report["may"]["no_change"]
    assert browser.ask("no_change", key=film)["text"] == "已登记：已复核后到影像，报告结论不变。"
    assert browser.page.listing["rows"] == []
    assert not browser.page.report["may"]["no_change"]
    assert "后到影像已复核" in [m["label"] for m in browser.page.case["times"]]


def test_the_original_on_the_page_leads_to_its_addendum(browse, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    browser.ask("sign", key=film, **TEXT)
    browser.ask("add", key=film, text="补充：请结合临床。")
    first, second = browser.page.report["versions"]
    assert [(x["number"], x["addendum"], x["pdf"]) for x in first["later"]] == [
        (2, True, second["pdf"])
    ]
    assert second["later"] == []


@pytest.mark.parametrize(
    ("licence", "says"),
    [
        (None, "未登记执业证书编号"),
        ({"expires_on": date(2026, 11, 21)}, "2026-11-21"),
        ({"scope": frozenset({ExamKind.ECG})}, "DR"),
    ],
)
def test_a_signature_without_a_licence_for_it_is_refused_in_plain_chinese(
    browse, county, film, licence, says
):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    with county.store.change() as conn:
        account = account_rows.get(conn, "reader")
        changed = None if licence is None else replace(account.actor.licence, **licence)
        actor = replace(account.actor, licence=changed)
        account_rows.change(conn, replace(account, actor=actor))
    said = browser.ask("sign", key=film, **TEXT)
    assert said["tone"] == "error"
    assert says in said["text"]
    assert "执业" in said["text"]
    assert "licence" not in said["text"]
    assert browser.page.report["versions"] == []


def test_a_film_is_asked_for_again_from_the_open_case(browse, film):
    browser = browse("reader", "reading")
    browser.ask("open", key=film)
    (image,) = browser.page.case["retakes"]["films"]
    said = browser.ask(
        "ask_retake", exam=film, film=image["id"], reasons="111209", words="吸气后屏气重拍"
    )
    assert said["tone"] != "error", said
    (row,) = browser.page.case["retakes"]["rows"]
    assert row["open"]
    browser.page.look_again()  # as the notice of the request makes every open page do
    assert any(r["retake"] for r in browser.page.listing["rows"] if r["id"] == film)
