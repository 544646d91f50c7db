"""The edge spread follows the blur that was laid over the film; a drawn chest is sharp."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from workbench.radiograph.sharpness import dome_spread, heart_spread, thinning

SHAPE, MM = (700, 600), 0.5


def chest(spread_mm=2.0):
    """Dark lungs over a bright round dome, a heart beside the left lung."""
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    dome = 520 - 60 * np.cos((x - 150) / 120)
    right = (y > 100) & (y < dome) & (x > 60) & (x < 240)
    left = (y > 100) & (y < 500) & (x > 400) & (x < 560)
    heart = (y > 280) & (y < 500) & (x > 260) & (x < 400)
    grey = np.where(right | left, 0.2, 0.8).astype(np.float32)
    for axis in (0, 1):
        grey = gaussian_filter1d(grey, spread_mm / MM, axis=axis)
    rng = np.random.default_rng(4)
    return (grey + rng.normal(0, 0.01, SHAPE)).astype(np.float32), right, left, heart


@given(st.floats(1.0, 3.5))
@settings(max_examples=10, deadline=None)
def test_the_spread_of_a_gaussian_edge_is_what_its_width_says(width):
    grey, right, _, _ = chest(width)
    found = dome_spread("dome", grey, right, MM)
    # contrast over the steepest slope of a Gaussian edge: sqrt(2 pi) widths, smoothed by 0.5 mm
    assert found.millimetres == pytest.approx(np.sqrt(2 * np.pi) * np.hypot(width, 0.5), rel=0.15)
    assert found.profiles >= 40


@pytest.mark.parametrize("motion", [8.0, 12.0])
def test_motion_up_and_down_smears_the_dome_and_hardly_the_heart(motion):
    grey, right, left, heart = chest()
    moved = uniform_filter1d(grey, round(motion / MM), axis=0)
    dome = [dome_spread("dome", g, right, MM).millimetres for g in (grey, moved)]
    border = [heart_spread(g, heart, left, MM).millimetres for g in (grey, moved)]
    assert dome[1] > dome[0] + 0.3 * motion
    assert border[1] == pytest.approx(border[0], rel=0.1)


def test_the_heart_is_measured_at_its_border_to_the_left_lung_also_when_mirrored():
    grey, _, left, heart = chest()
    plain = heart_spread(grey, heart, left, MM)
    mirrored = heart_spread(grey[:, ::-1], heart[:, ::-1], left[:, ::-1], MM)
    assert mirrored.millimetres == pytest.approx(plain.millimetres, rel=0.02)
    assert plain.place[0] < 400 / 600 < plain.place[2]
    assert mirrored.place[0] == pytest.approx(1 - plain.place[2], abs=0.01)
    assert plain.place[1] == pytest.approx((280 + 55) / 700, abs=0.02)


def test_what_shows_no_edge_is_not_measured():
    grey, right, left, heart = chest()
    flat = np.full_like(grey, 0.5)
    assert dome_spread("dome", flat, right, MM) is None
    assert heart_spread(flat, heart, left, MM) is None
    assert dome_spread("dome", grey, np.zeros_like(right), MM) is None


def test_fine_films_are_thinned_and_coarse_ones_left():
    assert (thinning(0.1), thinning(0.14), thinning(0.35), thinning(0.7)) == (3, 2, 1, 1)
