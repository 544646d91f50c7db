"""Operating points: what is on has counted something, what is off says why."""

from datetime import date

import pytest

from workbench.domain.operating_point import BadOperatingPoint, OperatingPoint, parse_points

ROW = """
[[point]]
finding = "DR212"
screener = "dr 2.0.0"
on = true
sensitivity = 0.9
specificity = 0.8
positives = 10
negatives = 50
films = "drawn films"
day = 2026-11-26
"""


def test_a_row_is_read_as_it_was_written():
    point = parse_points(ROW)["DR212"]
    assert (point.on, point.sensitivity, point.positives) == (True, 0.9, 10)
    assert point.day == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"on": True}, "needs the films"),
        ({"on": False}, "needs the reason"),
        ({"on": False, "reason": "few", "sensitivity": 0.5}, "of 1 or more"),
        ({"on": False, "reason": "few", "specificity": 1.5, "negatives": 3}, "of 1 or more"),
    ],
)
def test_a_row_that_claims_more_than_it_counted_is_refused(facts, word):
    with pytest.raises(BadOperatingPoint, match=word):
        OperatingPoint(finding="DR212", screener="dr", **facts)


def test_a_code_stands_once():
    with pytest.raises(BadOperatingPoint, match="stands twice"):
        parse_points(ROW + ROW)
