"""Which film is asked for again: both sides of every limit; what was not looked at asks nothing."""

from datetime import timedelta

import pytest

from workbench.domain.finding import Gate
from workbench.domain.quality_item import (
    FilmGrade,
    ItemState,
    QualityCode,
    QualityItem,
    QualitySheet,
)
from workbench.editions import rule_book
from workbench.rules.retake import is_fresh, judge_retake

BOOK = rule_book("retake-2026.1")
FINE = Gate(accepted=True)


def item(code, got, of, reason="", *, veto=False, state=ItemState.SCORED):
    said = f"{code} seen"
    return QualityItem(
        code=code, got=got, of=of, state=state, evidence=said, veto=veto, reason=reason
    )


def sheet(*items, grade=None):
    return QualitySheet(name="chest_pa", book="b", items=items, grade=grade, grade_reason="why")


SHARP = item(QualityCode.SHARPNESS, 2, 12, "111210")
TURNED = item(QualityCode.ROTATION, 0, 12, "111209")
WHOLE = item(QualityCode.WHOLE_CHEST, 15, 15)


def test_an_empty_film_is_asked_for_without_a_sheet():
    cause = judge_retake(Gate(accepted=False, codes=("blank",)), None, BOOK)
    assert (cause.reasons, cause.rule) == (("111213",), "blank")


@pytest.mark.parametrize("code", ["rotated_90", "mirrored_suspected", "truncated", "not_chest"])
def test_what_is_put_right_without_another_exposure_asks_nothing(code):
    assert judge_retake(Gate(accepted=False, codes=(code,)), None, BOOK) is None


def test_one_veto_asks_whatever_the_points_are_and_names_only_itself():
    cut = item(QualityCode.WHOLE_CHEST, 0, 15, "111209", veto=True)
    small = item(QualityCode.SHARPNESS, 11, 12, "111210")
    rest = item(QualityCode.EXPOSURE, 73, 73)
    cause = judge_retake(FINE, sheet(cut, small, rest), BOOK)
    assert (cause.rule, cause.evidence) == ("veto", "whole_chest seen")
    assert cause.reasons == ("111209", "111210")


@pytest.mark.parametrize(
    ("grade", "rule"), [(FilmGrade.REJECT, "grade"), (FilmGrade.C, None), (None, None)]
)
def test_the_grade_reject_asks_and_grade_c_does_not(grade, rule):
    good = item(QualityCode.EXPOSURE, 60, 76)
    cause = judge_retake(FINE, sheet(SHARP, TURNED, good, grade=grade), BOOK)
    assert (cause and cause.rule) == rule
    if cause:
        assert cause.reasons == ("111209", "111210")  # more points were lost by the first


@pytest.mark.parametrize(("got", "asked"), [(59.9, True), (60, False), (60.1, False)])
def test_points_alone_ask_only_below_the_limit(got, asked):
    rest = item(QualityCode.EXPOSURE, got, 100, "111211")
    assert (judge_retake(FINE, sheet(rest), BOOK) is not None) is asked


@pytest.mark.parametrize(("judged", "asked"), [(49, False), (50, True)])
def test_points_alone_ask_only_when_half_the_sheet_could_be_judged(judged, asked):
    seen = item(QualityCode.EXPOSURE, 0, judged, "111211")
    unseen = item(QualityCode.ROTATION, 0, 100 - judged, state=ItemState.NOT_ASSESSED)
    assert (judge_retake(FINE, sheet(seen, unseen), BOOK) is not None) is asked


def test_a_sheet_of_which_nothing_could_be_judged_asks_nothing():
    unseen = item(QualityCode.ROTATION, 0, 12, state=ItemState.NOT_ASSESSED)
    assert judge_retake(FINE, sheet(unseen), BOOK) is None
    assert judge_retake(FINE, None, BOOK) is None


@pytest.mark.parametrize(("hours", "fresh"), [(0, True), (12, True), (12.01, False)])
def test_a_film_that_came_long_ago_is_not_fresh(hours, fresh):
    assert is_fresh(timedelta(hours=hours), BOOK) is fresh
