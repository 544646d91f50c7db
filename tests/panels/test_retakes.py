"""A film to be taken again on the pages: the technician's list, the reader's case, the counts."""

import pytest

from tests import make
from workbench.panels.asked import Asked
from workbench.panels.retakes import READING_ACTS, refresh


@pytest.fixture
def empty(screened):
    return screened(make.make_film(blank=True))


def test_the_technician_reads_who_what_is_wrong_and_what_to_do_better(browse, empty):
    page = browse("technician", "clinic").page
    [row] = page.retakes["rows"]
    assert (row["open"], row["seen"], row["state_label"]) == (True, False, "待技师处理")
    assert "王秀兰" in row["who"]
    [reason] = row["reasons"]
    assert reason["label"] == "无图像"
    assert "重拍" in reason["advice"]
    assert (row["evidence"], row["source"]) == ("影像为空白", "由质量自动检查提出")
    assert row["picture"].endswith(f"/wb/retake/{row['id']}.jpg")
    assert row["due"] > row["since"]
    assert browse("technician2", "clinic").page.retakes["rows"] == []


def test_an_open_page_of_the_clinic_learns_of_a_request_by_a_notice(browse, screened):
    page = browse("technician", "clinic").page
    assert page.retakes["rows"] == []
    screened(make.make_film(blank=True))
    page.look_again()
    assert len(page.retakes["rows"]) == 1


def test_seen_and_taken_again_with_the_film_that_came(browse, empty, arrive, clock):
    browser = browse("technician", "clinic")
    key = browser.page.retakes["rows"][0]["id"]
    assert browser.ask("retake_seen", key=key)["tone"] == "ok"
    assert browser.page.retakes["rows"][0]["seen"]
    clock.go_on(minutes=3)
    arrive(make.make_film(study="1.5", uid="1.5.1"))
    browser.ask("tick")
    [film] = browser.page.retakes["rows"][0]["later"]
    assert film["label"].startswith("11-22 11:03")
    assert browser.ask("retake_done", key=key, film="another")["tone"] == "error"
    assert browser.ask("retake_done", key=key, film=film["id"])["tone"] == "ok"
    [row] = browser.page.retakes["rows"]
    assert (row["open"], row["state_label"]) == (False, "已重拍")
    assert [s["move"] for s in row["steps"]] == ["提出", "看到", "重拍"]


def test_a_film_that_cannot_be_taken_again_needs_a_reason_in_chinese(browse, empty):
    browser = browse("technician", "clinic")
    key = browser.page.retakes["rows"][0]["id"]
    said = browser.ask("retake_declined", key=key, refusal="other", words=" ")
    assert said["tone"] == "error"
    assert "无法重拍的具体原因" in said["text"]
    assert browser.ask("retake_declined", key=key, refusal="nobody")["tone"] == "error"
    browser.ask("retake_declined", key=key, refusal="patient_gone", words="已乘车离开")
    [row] = browser.page.retakes["rows"]
    assert (row["refusal"], row["words"], row["open"]) == ("患者已离开", "已乘车离开", False)


def test_a_reader_sees_the_request_in_the_list_and_beside_the_film(browse, empty):
    browser = browse("reader", "reading")
    [line] = browser.page.listing["rows"]
    assert (line["retake"], line["retake_open"]) == ("待技师处理", True)
    browser.ask("open", key=empty)
    shown = browser.page.case["retakes"]
    [row] = shown["rows"]
    assert (row["own"], row["withdraw"], row["close"]) == (True, True, False)
    assert (shown["may"], shown["films"]) == (True, [])  # asked for already
    assert {r["code"] for r in shown["reasons"]} >= {"111209", "111213"}


def test_a_film_nobody_asked_for_can_be_asked_for(browse, arrive):
    key = arrive(make.make_film()).exam_id
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    shown = browser.page.case["retakes"]
    assert (shown["rows"], len(shown["films"])) == ([], 1)
    assert "retake" in browser.page.listing["rows"][0]


def test_an_expert_may_look_and_not_ask(browse, empty, county):
    from workbench.panels import retakes_view
    from workbench.workflow import exams

    case = exams.open_case(county, make.READER, empty, hold=False)
    assert retakes_view.of_case(case, make.QA)["may"]
    assert not retakes_view.of_case(case, make.TECHNICIAN)["may"]


def test_the_quality_page_counts_what_was_asked_by_institution_and_reason(browse, empty, clock):
    browser = browse("technician", "clinic")
    clock.go_on(minutes=4)
    key = browser.page.retakes["rows"][0]["id"]
    browser.ask("retake_declined", key=key, refusal="patient_refuses", words="")
    rows = browse("qa", "quality").page.retakes
    assert [(r["site"], r["reason"], r["asked"], r["declined"], r["median"]) for r in rows] == [
        ("全部机构", "全部原因", 1, 1, 4.0),
        ("全部机构", "无图像", 1, 1, 4.0),
        ("T01 卫生院", "全部原因", 1, 1, 4.0),
        ("T01 卫生院", "无图像", 1, 1, 4.0),
    ]


def test_the_administrator_switches_the_requests_of_an_institution_off(browse, screened, county):
    browser = browse("admin", "people")
    site = next(s for s in browser.page.sites if s["code"] == "T01")
    assert site["asks_retakes"]
    changed = {k: v for k, v in site.items() if k not in ("addresses", "kind_label")}
    browser.ask("save_site", **{**changed, "asks_retakes": False})
    screened(make.make_film(blank=True))
    assert browse("technician", "clinic").page.retakes["rows"] == []


def test_a_reader_asks_from_the_open_case_and_withdraws_with_a_reason(browse, arrive):
    key = arrive(make.make_film()).exam_id
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    page, actor = browser.page, browser.page.desk.actor()
    [film] = page.case["retakes"]["films"]
    wish = {"exam": key, "film": film["id"], "reasons": "111209,111210", "words": "肺尖未包全"}
    READING_ACTS["ask_retake"](page, actor, Asked(wish))
    [row] = page.case["retakes"]["rows"]
    assert [r["label"] for r in row["reasons"]] == ["体位不当", "运动模糊"]
    assert (row["evidence"], row["by_machine"]) == ("肺尖未包全", False)
    [told] = browse("technician", "clinic").page.retakes["rows"]
    assert told["source"] == "由Reader提出"
    READING_ACTS["withdraw_retake"](page, actor, Asked({"key": row["id"], "words": "可用于诊断"}))
    [row] = page.case["retakes"]["rows"]
    assert (row["state_label"], row["words"], row["withdraw"]) == ("已撤回", "可用于诊断", False)
    assert len(page.case["retakes"]["films"]) == 1  # it may be asked for again


def test_a_reader_closes_what_the_clinic_answered(browse, empty):
    browser = browse("reader", "reading")
    browser.ask("open", key=empty)
    page, actor = browser.page, browser.page.desk.actor()
    key = page.case["retakes"]["rows"][0]["id"]
    browse("technician", "clinic").ask("retake_declined", key=key, refusal="patient_unable")
    refresh(page, actor)
    [row] = page.case["retakes"]["rows"]
    assert (row["refusal"], row["close"]) == ("患者病情或体位不允许", True)
    READING_ACTS["close_retake"](page, actor, Asked({"key": key}))
    assert page.case["retakes"]["rows"][0]["state_label"] == "已关闭"
