"""Findings of chest films: both sides of a limit, views that are never judged, what is off."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.finding import Severity
from workbench.domain.operating_point import OperatingPoint
from workbench.editions import finding_terms, operating_points, rule_book
from workbench.language import catalogue, translator
from workbench.radiograph.hemithorax import Sides
from workbench.radiograph.thorax import LEFT_LUNG, RIGHT_LUNG, Field, Ratio, Span
from workbench.rules import dr_findings, dr_gate
from workbench.rules.dr_findings import ChestFacts, judge_chest, ratio_fault

few = settings(deadline=None, max_examples=60)  # the machine is shared
BOOK = rule_book("dr-findings-2026.1")
LUNG = Field(area=0.12, top=30, bottom=150, first=20, last=80, dome=140)


def point(code, *, on=True):
    return OperatingPoint(
        finding=code, screener="dr 2.0.0", on=on, sensitivity=0.9, specificity=0.8, positives=10,
        negatives=50, films="drawn films", day=date(2026, 11, 26), reason="" if on else "too few",
    )  # fmt: skip


ON = {code: point(code) for code in ("DR212", "DR115", "DR004", "DR017")}
EVEN = Sides(
    clearer=RIGHT_LUNG, opacity=0.1, outlined=0.9, edge=BOOK["edge.right"].value,
    middle=100.0, place=(110.0, 30.0, 180.0, 150.0),
)  # fmt: skip
OPAQUE = replace(EVEN, opacity=0.9, outlined=0.05)


def chest(value=0.45, view="PA", sides=EVEN):
    ratio = Ratio(Span(0, 1000 * value, 90, 90), Span(0, 1000, 120, 120))
    places = MappingProxyType({"heart_line": "0,0 1,0", "thorax_line": "0,1 1,1", "opaque": "0,0"})
    return ChestFacts(view=view, ratio=ratio, ratio_error=0.013, sides=sides, places=places)


def codes(facts, points=ON):
    return [f.code for f in judge_chest(facts, points, BOOK)]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [(0.50, []), (0.504, []), (0.51, ["DR212"]), (0.59, ["DR212"]), (0.60, ["DR115"])],
)
def test_the_heart_is_judged_on_both_sides_of_its_limits_as_it_is_printed(value, wanted):
    assert codes(chest(value)) == wanted


@pytest.mark.parametrize("view", ["AP", "", "LL"])
def test_only_a_pa_film_is_held_against_one_half(view):
    assert codes(chest(0.65, view)) == []


def test_a_ratio_that_was_not_measured_is_not_judged():
    assert codes(replace(chest(0.65), ratio=None)) == []


def test_a_finding_says_value_error_limit_and_what_its_limit_was_worth():
    [found] = judge_chest(chest(0.56), ON, BOOK)
    assert found.severity is Severity.ABNORMAL
    assert "0.56 ± 0.01, limit 0.5 (ctr.enlarged)" in found.evidence
    assert "found 90% of 10, left alone 80% of 50 without it" in found.evidence
    assert "evaluated 2026-11-26 on drawn films" in found.evidence
    assert found.place == {"heart_line": "0,0 1,0", "thorax_line": "0,1 1,1"}


@pytest.mark.parametrize(
    ("away", "code", "word"),
    [
        (0.001, "DR004", "pushed to the other side"),
        (-0.001, "DR017", "drawn to this side"),
        (None, "DR004", "told apart"),
    ],
)
@pytest.mark.parametrize(
    ("clearer", "usual"), [(RIGHT_LUNG, BOOK["edge.right"]), (LEFT_LUNG, BOOK["edge.left"])]
)
def test_the_edge_of_the_clear_lung_tells_effusion_from_collapse(clearer, usual, away, code, word):
    least = BOOK["edge.least"].value
    moved = 0.0 if away is None else away + (least if away > 0 else -least)
    sides = replace(OPAQUE, clearer=clearer, edge=usual.value + moved)
    [found] = judge_chest(chest(sides=sides), ON, BOOK)
    assert (found.code, found.severity) == (code, Severity.CRITICAL)
    assert word in found.evidence
    assert found.place["side"] == ("left" if clearer == RIGHT_LUNG else "right")


def test_without_clavicles_no_direction_is_named():
    [found] = judge_chest(chest(sides=replace(OPAQUE, edge=None)), ON, BOOK)
    assert found.code == "DR004"
    assert "could not be placed" in found.evidence


def test_a_side_is_opaque_from_the_limit_on():
    at = replace(OPAQUE, opacity=BOOK["opaque.density"].value)
    assert codes(chest(sides=at)) == ["DR004"]
    assert codes(chest(sides=replace(at, opacity=at.opacity - 0.01))) == []
    assert codes(chest(sides=None)) == []


@pytest.mark.parametrize("points", [{}, {code: point(code, on=False) for code in ON}])
def test_what_is_off_or_was_never_evaluated_is_not_raised(points):
    assert codes(chest(0.7, sides=OPAQUE), points) == []


@given(st.floats(0.3, 0.85), st.floats(0, 0.2))
@few
def test_a_larger_ratio_never_turns_a_large_heart_into_a_plain_one(value, more):
    order = {(): 0, ("DR212",): 1, ("DR115",): 2}
    first, second = (tuple(codes(chest(v))) for v in (value, value + more))
    assert order[second] >= order[first]


def test_a_ratio_stands_or_says_why_not():
    good = chest().ratio
    small, third = replace(LUNG, area=0.019), replace(LUNG, area=0.03)
    assert ratio_fault(good, (LUNG, LUNG), EVEN, 0.0, BOOK) == ""
    assert ratio_fault(good, (LUNG, LUNG), None, 0.0, BOOK) == ""
    assert "not outlined" in ratio_fault(None, (LUNG, LUNG), EVEN, 0.0, BOOK)
    assert "not outlined" in ratio_fault(good, (None, LUNG), EVEN, 0.0, BOOK)
    assert "not outlined" in ratio_fault(good, (small, LUNG), EVEN, 0.0, BOOK)
    assert "differ too much" in ratio_fault(good, (third, LUNG), EVEN, 0.0, BOOK)
    assert ratio_fault(good, (LUNG, LUNG), EVEN, 0.1, BOOK) == ""
    assert "below the lungs" in ratio_fault(good, (LUNG, LUNG), EVEN, 0.101, BOOK)
    assert "hidden" in ratio_fault(good, (LUNG, LUNG), OPAQUE, 0.0, BOOK)
    assert "not possible" in ratio_fault(chest(0.9).ratio, (LUNG, LUNG), EVEN, 0.0, BOOK)


def test_every_point_names_a_film_finding_and_what_is_off_says_why():
    terms = finding_terms()
    for code, one in operating_points().items():
        assert terms[code].modality == "DR"
        assert one.on or one.reason
    assert {code for code, one in operating_points().items() if one.on} <= set(ON)
    assert not operating_points()["DR001"].on
    assert not operating_points()["DR005"].on


@pytest.mark.parametrize("module", [dr_gate, dr_findings], ids=["gate", "findings"])
def test_every_sentence_has_its_chinese(module):
    words = catalogue("zh_CN")
    said = [v for v in vars(module).values() if isinstance(v, str) and " " in v and v[-1] != "."]
    sentences = [one for one in said if one != module.__doc__ and "\n" not in one]
    assert len(sentences) >= 10
    assert [one for one in sentences if one not in words] == []
    films = [p.films for p in operating_points().values() if p.on]
    assert [one for one in films if one not in words] == []


def test_a_filled_sentence_is_said_in_chinese():
    [found] = judge_chest(chest(0.56), ON, BOOK)
    zh = translator("zh_CN")
    clauses = [zh(clause) for clause in found.evidence.split("; ")]
    assert clauses[0] == "心胸比 0.56 ± 0.01，限值 0.5（ctr.enlarged）"
    [opaque] = judge_chest(chest(sides=OPAQUE), ON, BOOK)
    assert zh(opaque.evidence.split("; ")[0]).startswith("左侧胸腔密度 0.90")
