"""No institution is named like a path; agreements hold on their days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.site import SYSTEM, Agreement, Site, SiteAddress

TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)


def make_agreement(**changes):
    facts = {
        "id": "g1", "examining": "T01", "reading": "COUNTY", "kinds": frozenset({ExamKind.DR}),
        "starts_on": TODAY, "ends_on": TODAY + 30 * DAY,
    }  # fmt: skip
    return Agreement(**{**facts, **changes})


@pytest.mark.parametrize(
    ("after_start", "in_force"), [(-1, False), (0, True), (1, True), (30, True), (31, False)]
)
def test_an_agreement_holds_from_its_first_through_its_last_day(after_start, in_force):
    assert make_agreement().in_force(TODAY + after_start * DAY) is in_force


def test_an_agreement_may_last_one_day():
    assert make_agreement(ends_on=TODAY).in_force(TODAY)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"reading": "T01"}, "two different institutions"),
        ({"ends_on": TODAY - DAY}, "a day not before 2026-11-22"),
        ({"kinds": frozenset()}, "at least one kind of exam"),
    ],
)
def test_an_impossible_agreement_is_refused(changes, fault):
    with pytest.raises(Invalid, match=fault):
        make_agreement(**changes)


@given(st.text(max_size=40))
def test_whatever_is_typed_a_site_code_is_never_a_path_nor_the_system_chain(code):
    try:
        site = Site(code=code, name="青山镇中心卫生院")
    except Invalid:
        return
    assert 1 <= len(site.code) <= 32
    assert not set(site.code) & set("/\\. \n\t:")
    assert site.code.isascii()
    assert site.code != SYSTEM


@pytest.mark.parametrize("code", ["T01", "a", "COUNTY-2_b", "9" * 32])
def test_usual_site_codes_are_taken(code):
    assert Site(code=code, name="X").code == code


@pytest.mark.parametrize("code", ["", "_system", "-T", "T 1", "../x", "T01\n", "卫生院", "9" * 33])
def test_other_site_codes_are_refused(code):
    with pytest.raises(Invalid, match="1 to 32 letters"):
        Site(code=code, name="X")


def test_a_site_needs_a_name_and_one_or_two_signatures():
    with pytest.raises(Invalid, match="full name"):
        Site(code="T01", name="  ")
    for number in (0, 3):
        with pytest.raises(Invalid, match="1 or 2"):
            Site(code="T01", name="X", signatures=number)


@pytest.mark.parametrize("title", ["A", "DCMSEND", "X" * 16])
def test_an_ae_title_of_1_to_16_characters_is_taken(title):
    assert SiteAddress(site_code="T01", ae_title=title).ae_title == title


@pytest.mark.parametrize("title", ["", "   ", "X" * 17, "A\\B"])
def test_other_ae_titles_are_refused(title):
    with pytest.raises(Invalid, match="1 to 16 characters"):
        SiteAddress(site_code="T01", ae_title=title)
