"""What a browser asks to be drawn is checked piece by piece; what was kept comes back as it was."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import Invalid
from workbench.domain.mark import POINTS, Calibration, Mark, MarkValue, Tool, mark_from, requested

SIZE = (3000, 2500)  # rows, columns
GOOD = {"uid": "a-1", "tool": "Length", "points": [[10, 20], [2499.5, 2999.5]], "text": "结节 　大"}
WITHIN = st.tuples(st.floats(-0.5, 2499.5), st.floats(-0.5, 2999.5)).map(list)


def asked(tool):
    points = st.lists(WITHIN, min_size=POINTS[tool], max_size=POINTS[tool])
    return st.fixed_dictionaries(
        {"uid": st.just("u"), "tool": st.just(tool.value), "points": points}
    )


@given(st.sampled_from(Tool).flatmap(asked))
def test_every_tool_is_taken_with_its_points_and_stored_without_loss(raw):
    [mark] = requested([raw], SIZE)
    for kept, point in zip(mark.points, raw["points"], strict=True):
        assert kept == pytest.approx(tuple(point), abs=5e-4)
    assert mark_from(json.loads(json.dumps(mark.as_dict()))) == mark


def test_numbers_of_the_browser_are_not_taken():
    forged = {**GOOD, "values": [{"name": "length", "value": 1.0, "unit": "mm"}],
              "calibration": {"kind": "calibrated", "row_mm": 9.0, "column_mm": 9.0}}  # fmt: skip
    [mark] = requested([forged], SIZE)
    assert mark == Mark(
        uid="a-1", tool=Tool.LENGTH, points=((10, 20), (2499.5, 2999.5)), text="结节 　大"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"uid": ""},
        {"uid": "x" * 65},
        {"uid": "../a"},
        {"uid": 7},
        {"tool": "Script"},
        {"tool": None},
        {"tool": ["Length"]},
        {"points": [[1, 1]]},
        {"points": [[1, 1]] * 3},
        {"points": "ab"},
        {"points": [[1, 1], [1, 1, 1]]},
        {"points": [[1, 1], ["1", 1]]},
        {"points": [[1, 1], [True, 1]]},
        {"points": [[1, 1], [float("nan"), 1]]},
        {"points": [[1, 1], [float("inf"), 1]]},
        {"points": [[1, 1], [2499.6, 1]]},
        {"points": [[1, 1], [1, 2999.6]]},
        {"points": [[-0.6, 1], [1, 1]]},
        {"text": "x" * 201},
        {"text": "a\0b"},
        {"text": "a\x1b[2J"},
        {"text": 5},
    ],
)
def test_what_cannot_be_a_mark_is_refused(change):
    requested([GOOD], SIZE)
    with pytest.raises(Invalid):
        requested([{**GOOD, **change}], SIZE)


@pytest.mark.parametrize("raw", [None, "marks", {"a": 1}, [None], ["Length"], [GOOD, GOOD]])
def test_what_cannot_be_a_list_of_marks_is_refused(raw):
    with pytest.raises(Invalid):
        requested(raw, SIZE)


def test_no_film_takes_more_than_two_hundred_marks():
    many = [{**GOOD, "uid": f"u{n}"} for n in range(201)]
    assert len(requested(many[:200], SIZE)) == 200
    with pytest.raises(Invalid, match="at most 200"):
        requested(many, SIZE)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: (
    st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["uid", "tool", "points", "text"]), inner)
)))  # fmt: skip
def test_whatever_comes_is_taken_or_refused_by_name(raw):
    said = ""
    try:
        assert all(isinstance(m, Mark) for m in requested(raw, SIZE))
    except Invalid as error:
        said = str(error)
    assert len(said) < 300


@pytest.mark.parametrize(
    ("given_as", "unit"),
    [
        (Calibration(kind="calibrated", row_mm=0.2, column_mm=0.1), "mm"),
        (Calibration(kind="detector", row_mm=0.2, column_mm=0.1), "mm-detector"),
        (Calibration(kind="unknown", row_mm=0.2, column_mm=0.1), "px"),
        (Calibration(kind="calibrated"), "px"),
    ],
)
def test_millimetres_are_only_named_where_they_are_known(given_as, unit):
    assert given_as.unit == unit


def test_a_number_that_does_not_exist_stays_missing_through_storing():
    mark = Mark(
        uid="u", tool=Tool.ANGLE, points=((0, 0),) * 3, values=(MarkValue("angle", None, "deg"),)
    )
    assert mark_from(json.loads(json.dumps(mark.as_dict()))).values[0].value is None
