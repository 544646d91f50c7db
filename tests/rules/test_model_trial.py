"""When a model's threshold may flag anything here: both sides of every limit."""

import pytest

from workbench.editions import rule_book
from workbench.rules.model_trial import TrialCount, judge_trial

BOOK = rule_book("models-2026.1")


def count(found=20, missed=0, cleared=20, false_alarms=0):
    return TrialCount(found, missed, cleared, false_alarms)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, ""),
        ({"found": 19}, "19 cases with"),
        ({"found": 0, "missed": 20}, "sensitivity"),
        ({"cleared": 19}, "19 cases without"),
        ({"cleared": 0, "false_alarms": 20}, "sensitivity"),
        ({"found": 12, "missed": 8, "cleared": 12, "false_alarms": 8}, ""),  # exactly 0.2
        ({"found": 12, "missed": 8, "cleared": 11, "false_alarms": 9}, "0.15"),
    ],
)
def test_a_threshold_is_confirmed_by_enough_cases_and_by_more_than_a_coin(given, why):
    said = judge_trial(count(**given), BOOK)
    assert (why in said) if why else said == ""
