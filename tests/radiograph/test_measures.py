"""Numbers of marks: right on pixels that are not square, whatever way they are drawn."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.domain.mark import POINTS, Calibration, Mark, Tool
from workbench.radiograph.measures import measured, placed

GOLDEN = json.loads((Path(__file__).parents[1] / "golden/film_measures.json").read_text("utf-8"))[
    "cases"
]
ANISOTROPIC = Calibration(kind="detector", row_mm=0.3, column_mm=0.1)
UNKNOWN = Calibration(kind="unknown")
MM = st.floats(0.05, 1.0)
SPACINGS = st.builds(Calibration, kind=st.just("calibrated"), row_mm=MM, column_mm=MM)
POINT = st.tuples(st.floats(0, 3000), st.floats(0, 3000))


def points_of(tool):
    return st.lists(POINT, min_size=POINTS[tool], max_size=POINTS[tool])


DRAWN = st.sampled_from(Tool).flatmap(lambda tool: st.tuples(st.just(tool), points_of(tool)))


def values(tool, points, calibration=ANISOTROPIC):
    return {v.name: (v.value, v.unit) for v in measured(tool, points, calibration)}


def value(tool, points, calibration=ANISOTROPIC, name=None):
    found = values(tool, points, calibration)
    return found[name or next(iter(found))][0]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda c: c["tool"])
def test_the_numbers_are_those_of_the_table_by_hand(case):
    spacing = {k: case["spacing"][k] for k in ("kind", "row_mm", "column_mm")}
    found = measured(Tool(case["tool"]), list(map(tuple, case["points"])), Calibration(**spacing))
    wanted = [v for v in case["values"] if v[2] != "value"]  # pixels: regions.py
    assert [(v.name, v.unit) for v in found] == [(name, unit) for name, _, unit in wanted]
    assert [v.value for v in found] == pytest.approx([value for _, value, _ in wanted])


def test_a_length_on_pixels_that_are_not_square():
    # 30 mm across and 40 mm down: 300 columns of 0.1 mm, 400/3 rows of 0.3 mm
    assert values(Tool.LENGTH, [(5, 5), (305, 5 + 400 / 3)]) == {
        "length": (pytest.approx(50.0), "mm-detector")
    }


def test_without_a_known_spacing_a_length_is_in_pixels_and_never_millimetres():
    for by in (UNKNOWN, Calibration(kind="unknown", row_mm=0.3, column_mm=0.1)):
        assert values(Tool.LENGTH, [(0, 0), (3, 4)], by) == {"length": (5.0, "px")}


def test_a_right_angle_of_the_patient_is_one_on_pixels_that_are_not_square():
    # directions (1, 1) and (1, -1) in millimetres
    points = [(10, 10 / 3), (0, 0), (10, -10 / 3)]
    assert value(Tool.ANGLE, [(c + 50, r + 50) for c, r in points]) == pytest.approx(90.0)
    spaced = Calibration(kind="unknown", row_mm=0.3, column_mm=0.1)
    assert value(Tool.ANGLE, points, spaced) == pytest.approx(90.0)


@pytest.mark.parametrize("tool", [Tool.ANGLE, Tool.COBB])
def test_an_angle_without_an_arm_is_missing(tool):
    assert value(tool, [(1, 1)] * POINTS[tool]) is None


@pytest.mark.parametrize("curve", [0.0, 5.0, 42.5, 89.0, 91.0, 118.0, 150.0])
@pytest.mark.parametrize("turn", [0, 90, 180, 270, 37])
@pytest.mark.parametrize("swapped", [(False, False), (True, False), (False, True), (True, True)])
def test_a_cobb_angle_is_that_of_the_curve_however_the_ends_are_drawn(curve, turn, swapped):
    def end(at, tilt, length):
        a = math.radians(tilt + turn)
        return at[0] + length * math.cos(a), at[1] + length * math.sin(a)

    t = math.radians(turn)
    middles = [(1500.0, 1500.0), (1500 - 600 * math.sin(t), 1500 + 600 * math.cos(t))]
    plates = [
        [end(m, tilt, -200), end(m, tilt, 200)]
        for m, tilt in zip(middles, (-curve / 2, curve / 2), strict=True)
    ]
    points = [p for plate, swap in zip(plates, swapped, strict=True)
              for p in (plate[::-1] if swap else plate)]  # fmt: skip
    assert value(Tool.COBB, points, UNKNOWN) == pytest.approx(curve, abs=1e-6)


def test_two_endplates_on_one_line_with_their_axis_give_the_smaller_angle():
    assert value(Tool.COBB, [(0, 0), (10, 0), (30, 0), (20, 0)], UNKNOWN) == 0.0


def test_the_longer_axis_is_called_long_whichever_was_drawn_first():
    wide, high = [(0, 0), (100, 0)], [(50, -20), (50, 20)]
    expected = {
        "long": (pytest.approx(12.0), "mm-detector"),
        "short": (pytest.approx(10.0), "mm-detector"),
    }
    assert values(Tool.BIDIRECTIONAL, [*wide, *high]) == expected
    assert values(Tool.BIDIRECTIONAL, [*high, *wide]) == expected


def test_the_area_of_a_rectangle_does_not_depend_on_the_order_of_its_corners():
    four = [(10, 20), (110, 20), (10, 40), (110, 40)]
    found = values(Tool.RECTANGLE, four)
    assert found["area"] == (pytest.approx(10.0 * 6.0), "mm-detector2")
    assert (found["width"][0], found["height"][0]) == pytest.approx((10.0, 6.0))
    assert found == values(Tool.RECTANGLE, [four[3], four[0], four[1], four[2]])


def test_the_area_of_an_ellipse_is_that_of_a_polygon_drawn_along_it():
    axes = [(100, 300), (100, 100), (40, 200), (160, 200)]
    steps = [2 * math.pi * n / 20000 for n in range(20000)]
    edge = [((100 + 60 * math.cos(a)) * 0.1, (200 + 100 * math.sin(a)) * 0.3) for a in steps]
    around = zip(edge, [*edge[1:], edge[0]], strict=True)
    shoelace = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in around)) / 2
    assert value(Tool.ELLIPSE, axes) == pytest.approx(shoelace, rel=1e-6)


def test_a_heart_of_half_the_thorax_has_a_ratio_of_one_half_without_any_spacing():
    drawn = [(300, 500), (550, 620), (150, 700), (650, 700)]  # edges at different heights
    found = values(Tool.CTR, drawn, UNKNOWN)
    assert found == {"ratio": (0.5, "1"), "heart": (250.0, "px"), "thorax": (500.0, "px")}
    assert values(Tool.CTR, drawn)["heart"] == (pytest.approx(25.0), "mm-detector")
    assert value(Tool.CTR, [*drawn[:2], (1, 1), (1, 1)]) is None
    oblong = Calibration(kind="unknown", row_mm=0.3, column_mm=0.1)
    askew = [(300, 500), (550, 500), (150, 700), (650, 800)]
    assert value(Tool.CTR, askew, oblong) == pytest.approx(value(Tool.CTR, askew))
    assert list(values(Tool.CTR, askew, oblong)) == ["ratio"]


def test_a_bent_leg_has_two_parts_a_whole_and_an_angle():
    found = values(Tool.LIMB, [(0, 0), (0, 100), (100, 100)], UNKNOWN)
    assert found["whole"][0] == pytest.approx(math.sqrt(2) * 100)
    assert (found["upper"][0], found["lower"][0], found["angle"][0]) == (100.0, 100.0, 90.0)
    assert value(Tool.LIMB, [(0, 0), (0, 100), (0, 250)], UNKNOWN, "angle") == 180.0


def test_an_arrow_measures_nothing():
    assert values(Tool.ARROW, [(0, 0), (5, 5)]) == {}


@given(DRAWN, SPACINGS, st.floats(-500, 500), st.floats(-500, 500))
def test_where_on_the_film_a_mark_lies_does_not_matter(drawn, by, columns, rows):
    tool, points = drawn
    moved = [(c + columns, r + rows) for c, r in points]
    assume(_sizeable(points))
    for one, other in zip(measured(tool, points, by), measured(tool, moved, by), strict=True):
        assert one.value == pytest.approx(other.value, rel=1e-6, abs=1e-4)


@given(DRAWN, SPACINGS)
def test_a_film_stored_mirrored_or_upside_down_gives_the_same_numbers(drawn, by):
    tool, points = drawn
    assume(_sizeable(points))
    for flip in (lambda p: (3000 - p[0], p[1]), lambda p: (p[0], 3000 - p[1])):
        for one, other in zip(
            measured(tool, points, by), measured(tool, list(map(flip, points)), by), strict=True
        ):
            assert one.value == pytest.approx(other.value, rel=1e-6, abs=1e-4)


@given(DRAWN, SPACINGS)
def test_a_film_stored_on_its_side_gives_the_same_lengths_angles_and_areas(drawn, by):
    tool, points = drawn
    assume(_sizeable(points))
    turned = Calibration(kind=by.kind, row_mm=by.column_mm, column_mm=by.row_mm)
    other = {v.name: v.value for v in measured(tool, [(r, c) for c, r in points], turned)}
    swap = {"width": "height", "height": "width"}
    for one in measured(tool, points, by):
        assert one.value == pytest.approx(other[swap.get(one.name, one.name)], rel=1e-6, abs=1e-4)


@given(DRAWN, MM, st.floats(1.1, 4.0))
def test_twice_the_spacing_doubles_lengths_and_leaves_angles_and_ratios(drawn, mm, times):
    tool, points = drawn
    small = Calibration(kind="calibrated", row_mm=mm, column_mm=mm)
    large = Calibration(kind="calibrated", row_mm=mm * times, column_mm=mm * times)
    power = {"mm": 1, "mm2": 2, "deg": 0, "1": 0}
    for one, other in zip(
        measured(tool, points, small), measured(tool, points, large), strict=True
    ):
        assert (one.value is None) == (other.value is None)
        if one.value is not None:
            assert other.value == pytest.approx(
                one.value * times ** power[one.unit], rel=1e-6, abs=1e-5
            )


def _sizeable(points):
    """Whether no two points fall together and no line is nearly along another: no side flips."""
    pairs = [(a, b) for i, a in enumerate(points) for b in points[:i]]
    if any(math.dist(a, b) < 10 for a, b in pairs):
        return False
    if len(points) != 4:
        return True
    a, b, c, d = points
    axis = ((c[0] + d[0] - a[0] - b[0]) / 2, (c[1] + d[1] - a[1] - b[1]) / 2)
    lines = [(b[0] - a[0], b[1] - a[1]), (d[0] - c[0], d[1] - c[1])]
    return all(abs(axis[0] * v[1] - axis[1] * v[0]) > 100 for v in lines)


def test_placed_marks_carry_the_calibration_of_the_film_and_its_numbers():
    drawn = Mark(uid="u", tool=Tool.LENGTH, points=((0, 0), (100, 0)), text="x")
    [mark] = placed([drawn], ANISOTROPIC)
    assert mark.calibration == ANISOTROPIC
    assert (mark.uid, mark.text, mark.values[0].value) == ("u", "x", pytest.approx(10.0))
