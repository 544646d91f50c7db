"""Mean and spread inside a region: of the film's values, without what is no picture."""

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.mark import Mark, Tool
from workbench.radiograph.regions import region_values

ROWS, COLUMNS = 40, 30
RAMP = np.add.outer(np.arange(ROWS) * 100, np.arange(COLUMNS)).astype(np.uint16)
OPEN = np.ones(RAMP.shape, dtype=bool)


def found(tool, points, values=RAMP, shown=OPEN):
    return [v.value for v in region_values(Mark(uid="u", tool=tool, points=points), values, shown)]


def test_a_rectangle_takes_the_pixels_whose_centres_lie_in_it():
    # columns 3 to 5, rows 10 to 11
    corners = ((2.6, 9.5), (5.4, 9.5), (2.6, 11.0), (5.4, 11.0))
    pixels = [1003, 1004, 1005, 1103, 1104, 1105]
    assert found(Tool.RECTANGLE, corners) == pytest.approx([1054.0, np.std(pixels, ddof=1)])


def test_an_ellipse_takes_no_corner_of_its_box():
    axes = ((10, 14), (10, 10), (8, 12), (12, 12))  # half axes 2 and 2 around (10, 12)
    inside = [
        r * 100 + c
        for r in range(ROWS)
        for c in range(COLUMNS)
        if (r - 12) ** 2 + (c - 10) ** 2 <= 4
    ]
    assert len(inside) == 13
    assert found(Tool.ELLIPSE, axes) == pytest.approx([np.mean(inside), np.std(inside, ddof=1)])


def test_what_is_no_picture_does_not_count():
    shown = OPEN.copy()
    shown[:, :4] = False
    values = RAMP.copy()
    values[:, :4] = 65535
    corners = ((2, 10), (5, 10), (2, 10), (5, 10))
    assert found(Tool.RECTANGLE, corners, values, shown) == pytest.approx([1004.5, np.sqrt(0.5)])
    assert found(Tool.RECTANGLE, ((0, 0), (3, 0), (0, 9), (3, 9)), values, shown) == [None, None]


def test_one_pixel_has_a_mean_and_no_spread_and_a_region_between_pixels_neither():
    assert found(Tool.RECTANGLE, ((3, 3), (3, 3), (3, 3), (3, 3))) == [303.0, None]
    assert found(Tool.RECTANGLE, ((3.2, 3), (3.8, 3), (3.2, 3), (3.8, 3))) == [None, None]
    assert found(Tool.ELLIPSE, ((3, 3), (3, 3), (3, 3), (3, 3))) == [303.0, None]


def test_a_region_over_the_edge_of_the_film_and_negative_values_are_right():
    signed = (RAMP.astype(np.int32) - 2000).astype(np.int16)
    corners = ((-0.5, -0.5), (29.5, -0.5), (-0.5, 39.5), (29.5, 39.5))
    assert found(Tool.RECTANGLE, corners, signed) == pytest.approx(
        [signed.mean(dtype=float), np.std(signed.astype(float), ddof=1)]
    )


GOLDEN = json.loads((Path(__file__).parents[1] / "golden/film_measures.json").read_text("utf-8"))
REGIONS = [c for c in GOLDEN["cases"] if c["tool"] in ("RectangleROI", "EllipticalROI")]


@pytest.mark.parametrize("case", REGIONS, ids=lambda c: c["tool"])
def test_the_numbers_are_those_of_the_table_by_hand(case):
    # its picture: 10 x 10 with value 10 * row + column
    values = np.arange(100, dtype=np.uint16).reshape(10, 10)
    wanted = [value for _, value, unit in case["values"] if unit == "value"]
    shown = np.ones(values.shape, dtype=bool)
    points = tuple(map(tuple, case["points"]))
    assert found(Tool(case["tool"]), points, values, shown) == pytest.approx(wanted)
