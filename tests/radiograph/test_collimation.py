"""The field is found where blades are straight and quiet, and never where anatomy ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.image import Shutter
from workbench.radiograph.collimation import air_share, open_field


def body(rows=300, columns=260, seed=1):
    """A round body in air, with structure inside; its outline is nowhere straight."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:rows, 0:columns]
    inside = ((y - rows / 2) / (rows * 0.55)) ** 2 + ((x - columns / 2) / (columns * 0.45)) ** 2 < 1
    grey = np.where(inside, 0.5 + 0.2 * np.sin(x / 9) * np.cos(y / 13), 0.04)
    return (grey + rng.normal(0, 0.01, grey.shape)).astype(np.float32)


@given(st.lists(st.integers(12, 60), min_size=4, max_size=4), st.sampled_from([0.0, 0.97]))
@settings(max_examples=25, deadline=None)
def test_blades_are_found_where_they_were_laid(closed, shade):
    top, bottom, left, right = closed
    rng = np.random.default_rng(2)
    grey = np.full((300, 260), shade, np.float32) + rng.normal(0, 0.003, (300, 260))
    grey[top : 300 - bottom, left : 260 - right] = 0.5 + rng.normal(
        0, 0.05, (300 - top - bottom, 260 - left - right)
    )
    found = open_field(grey.astype(np.float32))
    assert set(found.sides) == {"top", "bottom", "left", "right"}
    wanted = (top, 299 - bottom, left, 259 - right)
    assert (
        np.abs(np.subtract((found.top, found.bottom, found.left, found.right), wanted)).max() <= 3
    )
    assert found.source == "seen"


@pytest.mark.parametrize("seed", range(4))
def test_the_outline_of_a_body_is_no_blade(seed):
    found = open_field(body(seed=seed))
    assert (found.sides, found.source) == ((), "")
    assert found.slices == (slice(0, 300), slice(0, 260))


def test_a_shutter_of_the_file_is_believed():
    found = open_field(body(), Shutter(rectangle=(41, 500, 21, 580)), step=2)
    assert (found.source, set(found.sides)) == ("shutter", {"top", "bottom", "left", "right"})
    assert (found.left, found.right, found.top, found.bottom) == (20, 249, 10, 289)


def test_an_open_shutter_tells_no_edge():
    found = open_field(body(), Shutter(rectangle=(1, 260, 1, 300)))
    assert found.sides == ()


def test_air_beside_the_body_is_counted_inside_the_field_only():
    grey = np.full((200, 200), 0.5, np.float32)
    grey[:, :100] = 0.0
    grey[0, 150] = 1.0
    assert air_share(grey, open_field(grey)) == pytest.approx(0.5)
    assert air_share(np.full((50, 50), 0.3, np.float32), open_field(grey[:50, :50])) == 0.0
