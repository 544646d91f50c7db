"""A clinic sees its own matters and nobody else's."""

import pytest

from tests import make
from workbench.phantoms.ecg import Rhythm
from workbench.workflow import alerts

REQUEST = {
    "kind": "ECG", "local_id": "P1", "patient_name": "张三", "reason": "胸闷2小时",
    "chest_pain": "yes", "syncope": "unknown", "potassium": "4.1", "urgency": "urgent",
    "accession": "", "exam_id": "",
}  # fmt: skip


def test_a_clinic_sees_its_own_exams_only(browse, screened):
    own = screened(make.make_film())
    screened(make.make_film(local_id="P2", uid="1.2.6.1", study="1.2.6"), site_code="T02")
    rows = browse("clinic", "clinic").page.exams["rows"]
    assert [r["id"] for r in rows] == [own]
    assert rows[0]["state_label"] == "等待阅片"
    assert rows[0]["papers"] == []


def test_a_request_is_entered_and_joined_with_the_exam_that_came(browse, screened):
    exam = screened(make.make_ecg_file(make.make_trace()))
    browser = browse("clinic", "clinic")
    assert browser.ask("place", **{**REQUEST, "exam_id": exam})["tone"] == "ok"
    assert browser.page.exams["rows"][0]["ordered"]
    reader = browse("reader", "reading")
    reader.ask("open", key=exam)
    order = reader.page.case["order"]
    assert (order["chest_pain"], order["syncope"], order["potassium"]) == ("有", "", "4.1 mmol/L")


@pytest.mark.parametrize(
    ("field", "value"),
    [("potassium", "45"), ("potassium", "x"), ("urgency", "now"), ("local_id", " ")],
)
def test_a_wrong_request_is_refused_in_chinese(browse, field, value):
    browser = browse("clinic", "clinic")
    said = browser.ask("place", **{**REQUEST, field: value})
    assert said["tone"] == "error"
    assert any("\u4e00" <= c <= "\u9fff" for c in said["text"])
    assert browser.page.orders == []


def test_a_request_cannot_take_another_institutions_exam(browse, screened):
    foreign = screened(make.make_ecg_file(make.make_trace()), site_code="T02")
    browser = browse("clinic", "clinic")
    assert browser.ask("place", **{**REQUEST, "exam_id": foreign})["tone"] == "error"
    assert browser.page.orders == []


def test_a_flag_nobody_judged_is_not_told_to_the_clinic(browse, county, screened):
    screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    browser = browse("clinic", "clinic")
    assert browser.page.alerts == []
    (found,) = alerts.open_alerts(county, make.READER)
    alerts.confirm(county, make.READER, found.id)
    browser.ask("tick")
    (told,) = browser.page.alerts
    assert told["open"]
    assert browser.ask("acknowledge", key=told["id"], read_back="")["tone"] == "error"
    browser.ask("acknowledge", key=told["id"], read_back="张三，心率30次/分，已处理")
    assert not browser.page.alerts[0]["open"]
    assert browse("clinic2", "clinic").page.alerts == []


def test_another_clinic_cannot_acknowledge(browse, county, screened):
    screened(make.make_ecg_file(make.make_trace(30.0, Rhythm.BRADY)))
    (found,) = alerts.open_alerts(county, make.READER)
    alerts.confirm(county, make.READER, found.id)
    said = browse("clinic2", "clinic").ask("acknowledge", key=found.id, read_back="x")
    assert said["tone"] == "error"


def test_a_released_report_appears_with_its_address(browse, screened):
    exam = screened(make.make_film())
    reader = browse("reader", "reading")
    reader.ask("open", key=exam)
    reader.ask("sign", key=exam, findings="双肺清晰。", impression="正常。", coded=[])
    (row,) = browse("clinic", "clinic").page.exams["rows"]
    (paper,) = row["papers"]
    assert paper["pdf"] == reader.page.report["versions"][0]["pdf"]
    assert (row["state"], row["seen"]) == ("released", False)


def test_an_old_paper_leads_to_the_later_one_and_a_late_image_is_said(browse, screened, arrive):
    exam = screened(make.make_film())
    reader = browse("reader", "reading")
    reader.ask("open", key=exam)
    reader.ask("sign", key=exam, findings="双肺清晰。", impression="正常。", coded=[])
    reader.ask("add", key=exam, text="补充：请结合临床。")
    clinic = browse("clinic", "clinic")
    (row,) = clinic.page.exams["rows"]
    first, second = row["papers"]
    assert [x["pdf"] for x in first["later"]] == [second["pdf"]]
    assert (second["later"], row["recheck"]) == ([], "")
    arrive(make.make_film(uid="1.2.3.77", shade=60))
    clinic.page.look_again()
    assert clinic.page.exams["rows"][0]["recheck"].startswith("2026-11-22 11:00")


def test_a_clinic_corrects_its_request_when_the_potassium_is_known(browse, county, screened):
    exam = screened(make.make_ecg_file())
    clinic = browse("clinic", "clinic")
    form = {"kind": "ECG", "local_id": "P2", "patient_name": "李建国", "chest_pain": "unknown",
            "syncope": "unknown", "urgency": "routine", "exam_id": exam}  # fmt: skip
    clinic.ask("place", **form)
    (order,) = clinic.page.orders
    assert order["exam"] == exam
    facts = {"chest_pain": "yes", "syncope": "no", "potassium": "6.8", "urgency": "emergency"}
    assert clinic.ask("correct", key=order["id"], **facts)["tone"] == "ok"
    (order,) = clinic.page.orders
    assert (order["potassium"], order["urgency"]) == ("6.8", "emergency")
    assert clinic.page.exams["rows"][0]["urgency"] == "emergency"
    assert clinic.ask("correct", key=order["id"], **{**facts, "potassium": "68"})["tone"] == "error"
    other = browse("clinic2", "clinic")
    assert other.ask("correct", key=order["id"], **facts)["tone"] == "error"
