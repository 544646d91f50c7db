"""Shutters, against a table made pixel by pixel by another rule."""

import json
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.image import Shutter
from workbench.radiograph.shutter import visible

GOLDEN = Path(__file__).parents[1] / "golden" / "film_shutters.json"
CASES = json.loads(GOLDEN.read_text("utf-8"))["cases"]


def shutter_of(of):
    rectangle, circle = of.get("rectangle"), of.get("circle")
    return Shutter(
        rectangle=tuple(rectangle) if rectangle else None,
        circle=tuple(circle) if circle else None,
        polygon=tuple(map(tuple, of.get("polygon", ()))),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_form_shows_exactly_its_pixels(case):
    shown = visible((case["rows"], case["columns"]), shutter_of(case["shutter"]))
    assert ["".join(".#"[int(v)] for v in row) for row in shown] == case["shown"]


def test_without_a_shutter_everything_is_shown():
    assert np.all(visible((3, 4), None))
