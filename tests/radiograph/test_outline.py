"""Outlines as polygons: they hold what they go round, and are written as shares."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from workbench.radiograph.outline import outline, written


def drawn(points, size):
    """The polygon as another program fills it."""
    picture = Image.new("1", (size, size))
    ImageDraw.Draw(picture).polygon([(x * size - 0.5, y * size - 0.5) for x, y in points], fill=1)
    return np.asarray(picture)


@given(st.integers(20, 80), st.integers(10, 45), st.integers(10, 45))
@settings(deadline=None, max_examples=40)
def test_a_polygon_drawn_again_is_the_mask(middle, wide, tall):
    y, x = np.mgrid[:100, :100]
    mask = ((x - 50) / wide) ** 2 + ((y - middle) / tall) ** 2 <= 1
    again = drawn(outline(mask), 100)
    assert 2 * (again & mask).sum() / (again.sum() + mask.sum()) > 0.93


def test_an_empty_mask_has_no_outline():
    assert outline(np.zeros((5, 5), bool)) == ()
    assert written(()) == ""


def test_places_are_written_as_shares_with_four_digits():
    mask = np.zeros((4, 8), bool)
    mask[1, 2:4] = True
    assert written(outline(mask)) == "0.5000,0.3750 0.2500,0.3750"
