"""A film in the shape of a net: what lies where, for every shape and way of fitting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.radiograph.net_frame import covered, framed

FITS = ("crop", "pad", "stretch")
SIDES = st.integers(20, 300)


@pytest.mark.parametrize(
    ("shape", "fit", "edges"),
    [
        ((100, 200), "crop", (0.25, 0.0, 0.75, 1.0)),
        ((200, 100), "crop", (0.0, 0.25, 1.0, 0.75)),
        ((100, 200), "pad", (0.0, -0.5, 1.0, 1.5)),
        ((200, 100), "pad", (-0.5, 0.0, 1.5, 1.0)),
        ((100, 200), "stretch", (0.0, 0.0, 1.0, 1.0)),
        ((100, 100), "crop", (0.0, 0.0, 1.0, 1.0)),
    ],
)
def test_the_frame_covers_what_its_name_says(shape, fit, edges):
    assert covered(shape, (64, 64), fit) == pytest.approx(edges)


def test_another_word_is_refused():
    with pytest.raises(ValueError, match="crop, pad or stretch"):
        covered((9, 9), (4, 4), "bend")


@given(SIDES, SIDES, st.sampled_from(FITS))
def test_grey_stays_in_its_range_and_the_shape_is_the_one_wanted(rows, columns, fit):
    grey = np.linspace(0, 1, rows * columns, dtype=np.float32).reshape(rows, columns)
    small = framed(grey, (48, 64), fit)
    assert small.shape == (48, 64)
    assert small.dtype == np.float32
    assert 0.0 <= small.min() <= small.max() <= 1.0 + 1e-6


@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("shape", [(1200, 900), (900, 1200), (700, 700)])
def test_a_spot_of_the_film_lies_in_the_frame_where_covered_says(shape, fit):
    rows, columns = shape
    grey = np.zeros(shape, np.float32)
    down, across = 0.55, 0.4
    at = int(down * rows), int(across * columns)
    grey[at[0] - 20 : at[0] + 20, at[1] - 20 : at[1] + 20] = 1.0
    small = framed(grey, (96, 96), fit)
    row, column = (np.average(np.indices(small.shape)[axis], weights=small) for axis in (0, 1))
    left, upper, right, lower = covered(shape, (96, 96), fit)
    assert left + (column + 0.5) / 96 * (right - left) == pytest.approx(across, abs=0.012)
    assert upper + (row + 0.5) / 96 * (lower - upper) == pytest.approx(down, abs=0.012)


def test_even_grey_stays_even():
    for fit in ("crop", "stretch"):
        assert framed(np.full((333, 517), 0.5, np.float32), (64, 64), fit) == pytest.approx(0.5)
