"""Age, identity numbers, and what speaks for two records being one person."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.patient import Likeness, Patient, age_on, likeness, national_id_of

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("birth", "age"),
    [(None, None), (DAY + timedelta(days=1), None), (DAY, 0.0), (date(1956, 11, 22), 70.0)],
)
def test_an_age_is_given_only_when_it_can_be(birth, age):
    assert age_on(birth, DAY) == age


@pytest.mark.parametrize("years", [1, 6, 16, 18, 65])
def test_a_birthday_counts_from_its_day_and_not_from_the_day_before(years):
    birth = DAY.replace(year=DAY.year - years)
    assert age_on(birth, DAY) == years
    assert years - 0.01 < age_on(birth, DAY - timedelta(days=1)) < years


def test_a_child_of_the_29th_of_february_is_a_year_older_on_the_first_of_march():
    assert age_on(date(2010, 2, 28), date(2026, 2, 28)) == 16
    assert age_on(date(2010, 3, 1), date(2026, 2, 28)) < 16
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) < 18
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(st.dates(date(1900, 1, 1), DAY), st.dates(date(1900, 1, 1), DAY))
def test_who_was_born_earlier_is_never_younger(one, other):
    assert age_on(min(one, other), DAY) >= age_on(max(one, other), DAY)


# 11010519491231002X is the example of GB 11643-1999; the others differ from it in one place.
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("11010519491231002X", "11010519491231002X"),
        (" 11010519491231002x ", "11010519491231002X"),
        ("440524188001010014", "440524188001010014"),
        ("110105194912310021", None),
        ("11010519491331002X", None),
        ("P1", None),
        ("", None),
    ],
)
def test_only_a_number_with_the_right_check_sign_is_an_identity_number(text, number):
    assert national_id_of(text) == number


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, step):
    right = "11010519491231002X"
    digit = str((int(right[place]) + step) % 10)
    assert national_id_of(right[:place] + digit + right[place + 1 :]) is None


def record(**given):
    return Patient(**{
        "id": "a", "site_code": "T01", "local_id": "P1", "name": "王秀兰", "sex": "F",
        "birth_date": DAY, **given,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({}, {}, Likeness.NAME_BIRTH_SEX),
        ({"sex": None}, {}, Likeness.NAME_BIRTH),
        ({"sex": "M"}, {}, None),
        ({"name": "王秀"}, {}, None),
        ({"name": ""}, {"name": ""}, None),
        ({"birth_date": None}, {"birth_date": None}, None),
        ({"birth_date": DAY - timedelta(days=1)}, {}, None),
        ({"national_id": "1", "name": "王秀"}, {"national_id": "1"}, Likeness.NATIONAL_ID),
        ({"national_id": "1"}, {"national_id": "2"}, None),
        ({"national_id": "1"}, {}, Likeness.NAME_BIRTH_SEX),
    ],
)
def test_likeness_needs_a_number_or_name_and_birth_and_nothing_against_it(one, other, why):
    assert likeness(record(**one), record(**other)) is why
    assert likeness(record(**other), record(**one)) is why
