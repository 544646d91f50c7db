"""Age is known only from a birth date before the day in question."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.patient import age_on

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("birth", "age"),
    [(None, None), (DAY + timedelta(days=1), None), (DAY, 0.0), (date(1956, 11, 22), 70.0)],
)
def test_an_age_is_given_only_when_it_can_be(birth, age):
    assert age_on(birth, DAY) == age


@given(st.dates(date(1900, 1, 1), DAY), st.dates(date(1900, 1, 1), DAY))
def test_who_was_born_earlier_is_never_younger(one, other):
    assert age_on(min(one, other), DAY) >= age_on(max(one, other), DAY)
