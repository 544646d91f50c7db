"""What an administrator changes, and what a page never shows."""

import sqlalchemy as sa

from tests import make
from workbench.language import translator
from workbench.panels.people import first_password
from workbench.panels.people_view import profiles
from workbench.panels.words import evidence
from workbench.store.schema import account
from workbench.workflow import late_reading
from workbench.workflow.passwords import check_password

PERSON = {
    "username": "wang", "name": "王医生", "role": "reader", "site_code": "COUNTY",
    "licence_number": "1103", "licence_expires_on": "2029-01-01", "scope": ["DR"], "leaves_on": "",
    "language": "zh_CN",
}  # fmt: skip


def person(page, username):
    return next(a for a in page.accounts if a["username"] == username)


def test_a_new_person_gets_a_first_password_that_is_shown_once(browse, county):
    browser = browse("admin", "people")
    browser.ask("add_person", **PERSON)
    page = browser.page
    password = page.secret["password"]
    check_password(password, "wang")
    assert person(page, "wang")["first"]
    with county.store.look() as conn:
        kept = conn.execute(sa.select(account.c.password_hash).where(account.c.username == "wang"))
        assert password not in kept.scalar_one()
    browser.ask("forget")
    assert page.secret == {}


def test_first_passwords_differ_and_hold_no_signs_that_look_alike():
    made = {first_password() for _ in range(50)}
    assert len(made) == 50
    assert not set("".join(made)) & set("0OoIl1i")


def test_role_licence_and_leave_date_change_together(browse):
    browser = browse("admin", "people")
    browser.ask("add_person", **PERSON)
    browser.ask(
        "change_person",
        **{**PERSON, "role": "reviewer", "scope": ["DR", "ECG"], "leaves_on": "2020-01-01"},
    )
    found = person(browser.page, "wang")
    assert (found["role"], found["scope"], found["usable"]) == ("reviewer", ["DR", "ECG"], False)


def test_nobody_but_the_administrator_gets_in(browse):
    page = browse("reader", "people").page
    assert (page.accounts, page.said["tone"]) == ([], "error")


def test_no_page_ever_holds_a_password_hash(browse):
    page = browse("admin", "people").page
    assert page.accounts
    assert not [a for a in page.accounts if "password_hash" in a or "argon2" in str(a)]


def test_an_agreement_begins_and_ends(browse):
    browser = browse("admin", "people")
    deal = {"examining": "T03", "reading": "COUNTY", "kinds": ["ECG"], "starts_on": "2026-01-01",
            "ends_on": "2027-01-01", "document_no": "3"}  # fmt: skip
    browser.ask("agree", **deal)
    made = next(g for g in browser.page.agreements if g["examining"] == "T03")
    assert made["force"]
    browser.ask("end_agreement", key=made["id"], ends_on="2026-01-02")
    assert not next(g for g in browser.page.agreements if g["id"] == made["id"])["force"]


def test_an_institution_is_added_with_its_machine(browse):
    browser = browse("admin", "people")
    site = {"fresh": True, "code": "T09", "name": "新镇卫生院", "kind": "township", "phone": "",
            "signatures": 1, "profile": "national", "time_zone": "", "active": True}  # fmt: skip
    browser.ask("save_site", **site)
    browser.ask("add_address", code="T09", ae_title="T09_DR", address="10.0.0.9")
    found = next(s for s in browser.page.sites if s["code"] == "T09")
    assert found["addresses"] == [{"ae_title": "T09_DR", "address": "10.0.0.9"}]


def test_an_unknown_sender_is_told_in_the_reader_s_language():
    said = "unknown sender: no institution is known by AE title NOBODY at 127.0.0.1"
    assert evidence(said, translator()) == "来源不明：没有机构登记 AE 标题 NOBODY（地址 127.0.0.1）"


def test_the_profiles_are_those_that_are_shipped():
    assert "national" in profiles()


def test_a_held_file_is_given_to_an_institution_or_set_aside(browse, county, arrive):
    arrive(make.make_film(), site_code=None)
    arrive(b"not a film" * 50, site_code=None, name="x.bin")
    browser = browse("admin", "people")
    film, other = sorted(
        browser.page.held["waiting"], key=lambda h: h["files"][0]["name"] == "x.bin"
    )
    for one in (film, other):
        browser.ask("release", key=one["id"], site_code="T01")
    assert [h["filing"] for h in browser.page.held["waiting"]] == ["T01", "T01"]
    for one in (film, other):
        late_reading.file_held(county, one["id"])
    browser.ask("tick")
    [again] = browser.page.held["waiting"]
    assert (again["id"], again["filing"], bool(again["refused"])) == (other["id"], "", True)
    assert browser.ask("discard", key=other["id"], reason="")["tone"] == "error"
    browser.ask("discard", key=other["id"], reason="不是检查")
    assert browser.page.held["waiting"] == []
    told = {
        d["id"]: (d["outcome_label"], d["site_code"], d["why"])
        for d in browser.page.held["decided"]
    }
    assert told == {film["id"]: ("已登记", "T01", ""), other["id"]: ("已搁置", "", "不是检查")}
