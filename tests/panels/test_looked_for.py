"""What was looked for, how well, and what was not, in the reader's language."""

import re
from dataclasses import replace

import pytest

from tests.panels.test_evidence import SAID
from workbench.editions import operating_points
from workbench.panels import looked_for

ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+")


def test_every_finding_that_has_a_point_stands_on_one_of_both_sides():
    found = looked_for.view(SAID, "zh_CN")
    assert len(found["on"]) + len(found["off"]) == len(operating_points())
    assert found["on"]
    assert found["off"]


@pytest.mark.parametrize("side", ["on", "off"])
def test_numbers_and_reasons_are_chinese_and_never_empty(side):
    for row in looked_for.view(SAID, "zh_CN")[side]:
        assert row["label"]
        assert row["text"]
        assert not ENGLISH.search(row["text"]), row


def test_what_was_not_assessed_and_other_screeners_say_nothing_of_it():
    assert looked_for.view(replace(SAID, assessed=False), "zh_CN") is None
    assert looked_for.view(replace(SAID, screener="ecg"), "zh_CN") is None
