"""What a doctor decides about identity, as the browser asks for it and as the page answers."""

import pytest

from tests import make
from workbench.store import exams as exam_rows
from workbench.store import patients as patient_rows
from workbench.workflow import late_reading

SAME = {"study": "1.2.20", "uid": "1.2.20.1", "local_id": "Q1"}


@pytest.fixture
def alike(arrive):
    """One woman at two clinics."""
    arrive(make.make_film(), "T01")
    arrive(make.make_film(**SAME), "T02")


@pytest.fixture
def clash(county, screened, arrive):
    """A UID that came twice, the second time for somebody else; read by the worker."""
    exam_id = screened(make.make_film())
    arrive(make.make_film(shade=500, local_id="P9", name="赵^六"))

    def read(browser):
        late_reading.describe_conflict(county, browser.page.clashes[0]["id"])
        browser.ask("tick")

    return exam_id, read


def test_likely_persons_stand_side_by_side_and_are_merged_with_a_reason(browse, alike):
    browser = browse("reader", "patients")
    [pair] = browser.page.alike
    assert pair["why"] == "姓名、出生日期、性别相同"
    assert {pair["one"]["site"], pair["other"]["site"]} == {"T01 卫生院", "T02 卫生院"}
    assert {pair["one"]["number"], pair["other"]["number"]} == {"P1", "Q1"}
    both = {"one": pair["one"]["id"], "other": pair["other"]["id"]}
    refused = browser.ask("merge", **both, reason="")
    assert (refused["tone"], "理由" in refused["text"]) == ("error", True)
    assert browser.ask("merge", **both, reason="已核对身份证")["tone"] == "ok"
    assert browser.page.alike == []
    browser.ask("search", text="P1")
    [person] = browser.page.found["persons"]
    assert len(person["records"]) == len(person["exams"]) == 2
    browser.ask("split", key=person["records"][1]["id"], reason="并非同一人")
    [person] = browser.page.found["persons"]
    assert len(person["records"]) == 1


def test_two_people_of_one_name_are_told_apart_once(browse, alike):
    browser = browse("reader", "patients")
    [pair] = browser.page.alike
    browser.ask("keep_apart", one=pair["one"]["id"], other=pair["other"]["id"], reason="住址不同")
    assert browser.page.alike == []


def test_a_conflict_shows_what_differs_and_refuses_two_people_in_one_exam(browse, county, clash):
    exam_id, read = clash
    browser = browse("reader", "patients")
    [one] = browser.page.clashes
    assert (one["pending"], one["ready"]) == (True, False)
    read(browser)
    [one] = browser.page.clashes
    assert (one["ready"], one["other_person"], one["exam"]["id"]) == (True, True, exam_id)
    rows = {r["label"]: (r["first"], r["later"], r["differs"]) for r in one["rows"]}
    assert rows["患者编号"] == ("P1", "P9", True)
    assert rows["性别"][2] is False
    said = browser.ask("settle", key=one["id"], settlement="add", reason="x")
    assert (said["tone"], "P9" in said["text"]) == ("error", True)
    said = browser.ask("settle", key=one["id"], settlement="apart", reason="设备重号")
    assert (said["tone"], browser.page.clashes) == ("ok", [])
    with county.store.look() as conn:
        assert "uid_conflict" not in exam_rows.get(conn, exam_id, None).flags


def test_other_exams_are_offered_for_the_later_file(browse, clash, arrive):
    right = arrive(make.make_film(study="1.2.7", uid="1.2.7.1", local_id="P9", name="赵^六"))
    browser = browse("reader", "patients")
    clash[1](browser)
    key = browser.page.clashes[0]["id"]
    browser.ask("targets", key=key, text="P9")
    assert [e["id"] for e in browser.page.targets["exams"]] == [right.exam_id]
    browser.ask("settle", key=key, settlement="move", exam_id=right.exam_id, reason="重传")
    assert browser.page.clashes == []


@pytest.mark.parametrize("room", ["patients", "reading"])
def test_an_exam_goes_to_the_right_patient_from_both_pages(browse, county, screened, arrive, room):
    exam_id = screened(make.make_film())
    arrive(make.make_film(study="1.2.9", uid="1.2.9.1", local_id="P9", name="赵^六"))
    browser = browse("reader", room)
    if room == "reading":
        browser.ask("open", key=exam_id)
        assert browser.page.case["patient"]["number"] == "P1"
    browser.ask("find_patient", key=exam_id, text="赵")
    assert [p["local_id"] for p in browser.page.refiling["found"]] == ["P9"]
    said = browser.ask("refile", key=exam_id, local_id="P9", reason="登记错误")
    assert said["tone"] == "ok"
    with county.store.look() as conn:
        now = patient_rows.get(conn, exam_rows.get(conn, exam_id, None).patient_id)
    assert now.local_id == "P9"
    if room == "reading":  # the open case names the right patient at once
        assert browser.page.case["patient"]["number"] == "P9"


def test_a_link_with_an_exam_shows_whose_it_is(county, browse, arrive):
    exam_id = arrive(make.make_film()).exam_id
    browser = browse("reader", "patients", begin=False)
    browser.ask("begin", key=exam_id)
    [person] = browser.page.found["persons"]
    assert [e["id"] for e in person["exams"]] == [exam_id]


@pytest.mark.parametrize("username", ["clinic", "admin", "qa", "trainee"])
def test_nobody_else_learns_who_is_who(browse, alike, username):
    page = browse(username, "patients").page
    assert (page.alike, page.clashes, page.said["tone"]) == ([], [], "error")


def test_an_empty_search_says_what_to_type(browse):
    said = browse("reader", "patients").ask("search", text=" ")
    assert (said["tone"], "姓名" in said["text"]) == ("error", True)
