"""Exposure rules at, just below and just above each limit."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.editions import finding_terms, rule_book
from workbench.radiograph.exposure import ExposureMeasures
from workbench.rules.dr_exposure import (
    contradicts,
    is_blank,
    is_notable,
    judge_clipping,
    judge_deviation,
)

BOOK = rule_book("dr-2026.1")


@pytest.mark.parametrize(
    ("di", "word"),
    [(-3.01, "under-exposed"), (-3.0, None), (0.0, None), (3.0, None), (3.01, "over-exposed")],
)
def test_only_a_deviation_beyond_three_calls_for_review(di, word):
    found = judge_deviation(di, BOOK)
    assert (found is None) == (word is None)
    if found is not None:
        assert found.code == "DR904"
        assert found.severity is finding_terms()["DR904"].severity
        assert word in found.evidence
        assert "di.review" in found.evidence


def test_an_unmeasured_deviation_is_never_judged():
    with pytest.raises(ValueError, match="not measurable"):
        judge_deviation(math.nan, BOOK)


@given(st.floats(-40, 40), st.floats(-40, 40))
def test_a_greater_deviation_is_never_less_notable(a, b):
    small, great = sorted((abs(a), abs(b)))
    assert is_notable(great, BOOK) or not is_notable(small, BOOK)
    assert judge_deviation(great, BOOK) or not judge_deviation(small, BOOK)


@pytest.mark.parametrize(
    ("written", "said"), [(6.0, False), (5.6, False), (5.4, True), (-6.0, True)]
)
def test_a_written_index_may_differ_by_rounding_only(written, said):
    assert contradicts(written, 6.02, BOOK) is said


@pytest.mark.parametrize(
    ("white", "black", "named"),
    [(0.05, 0.05, ""), (0.051, 0.0, "white"), (0.0, 0.051, "black"), (0.3, 0.3, "white and")],
)
def test_clipping_is_named_with_its_end_and_share(white, black, named):
    found = judge_clipping(ExposureMeasures(white, black, 0.8, 900), BOOK)
    assert (found is None) == (named == "")
    if found is not None:
        assert named.split()[0] in found.evidence


@pytest.mark.parametrize(
    ("spread", "levels", "blank"),
    [(0.005, 900, False), (0.0049, 900, True), (0.9, 5, False), (0.9, 4, True)],
)
def test_a_film_without_contrast_or_levels_is_blank(spread, levels, blank):
    assert is_blank(ExposureMeasures(0, 0, spread, levels), BOOK) is blank
