"""Shares are said with what was counted, and what was not counted is not made up."""

from dataclasses import replace
from datetime import date

from workbench.domain.operating_point import OperatingPoint
from workbench.rules.operating_point import point_said

POINT = OperatingPoint(
    finding="DR212", screener="dr 2.0.0", on=True, sensitivity=0.9, specificity=0.8, positives=10,
    negatives=50, films="drawn films, PA", day=date(2026, 11, 26),
)  # fmt: skip


def test_both_shares_stand_with_their_counts_and_the_films_last():
    assert point_said(POINT) == (
        "found 90% of 10, left alone 80% of 50 without it; evaluated 2026-11-26 on drawn films, PA"
    )


def test_a_share_that_was_not_counted_is_left_out():
    assert point_said(replace(POINT, sensitivity=None)) == "evaluated 2026-11-26 on drawn films, PA"
