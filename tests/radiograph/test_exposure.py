"""Exposure measures: what lies at an end counts only where a body is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.image import Shutter
from workbench.radiograph.exposure import deviation_index, measure_exposure


@pytest.mark.parametrize(
    ("ei", "eit", "di"),
    # written by the machines themselves: Carestream DRX, GE XR220, Fuji
    [(256.88, 226.22, 0.55), (51.745061, 438.469173, -9.3), (108.84306, 438.469173, -6.1),
     (286.828227, 438.469173, -1.8), (176.0, 876.0, -7.0)],
)  # fmt: skip
def test_the_deviation_index_is_what_machines_write(ei, eit, di):
    assert deviation_index(ei, eit) == pytest.approx(di, abs=0.06)


@given(st.floats(0.1, 1e5), st.floats(0.1, 1e5))
def test_twice_the_exposure_is_three_points_more(ei, eit):
    more = deviation_index(2 * ei, eit) - deviation_index(ei, eit)
    assert more == pytest.approx(3.0103, abs=1e-3)


@pytest.mark.parametrize(
    ("ei", "eit"), [(0, 400), (-1, 400), (400, 0), (math.nan, 1), (1, math.inf)]
)
def test_an_index_that_is_none_is_refused(ei, eit):
    with pytest.raises(ValueError, match="target"):
        deviation_index(ei, eit)


def body(shape=(400, 300)):
    """Air around, a body with a gradient inside; dark is air, as on a finished film."""
    rng = np.random.default_rng(5)
    values = np.zeros(shape, np.uint16)
    values[60:, 40:260] = rng.integers(800, 3000, (340, 220))
    return values


def test_air_around_the_body_is_not_burnt_out():
    assert measure_exposure(body(), bits=12).black < 0.001


def test_a_black_lung_inside_the_body_is():
    values = body()
    values[150:250, 80:130] = 0
    assert measure_exposure(values, bits=12).black > 0.1


def test_a_bleached_mediastinum_counts_though_it_reaches_the_border():
    values = body()
    values[100:, 120:180] = 4095
    found = measure_exposure(values, bits=12)
    assert found.white > 0.2
    assert measure_exposure(4095 - values, bits=12, invert=True).white == found.white


def test_a_white_collimator_border_does_not():
    values = body()
    values[:, :40] = values[:, 260:] = 4095
    assert measure_exposure(values, bits=12).white < 0.001


def test_a_flat_picture_has_no_spread_and_no_ends():
    found = measure_exposure(np.full((64, 64), 37, np.uint16), bits=12)
    assert (found.white, found.black, found.spread, found.levels) == (0.0, 0.0, 0.0, 1)


def test_padding_and_shutter_are_left_out():
    values = body()
    values[180:220, 100:200] = 4095
    assert measure_exposure(values, bits=12, padding=(4095, 4095)).white < 0.01
    inside = measure_exposure(values, bits=12, shutter=Shutter((60, 240, 80, 170)))
    assert inside.white < 0.01
