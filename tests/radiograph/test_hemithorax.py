"""Two sides compared on drawn chests whose opaque side and shift are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.radiograph.hemithorax import compare_sides, mediastinal_shift
from workbench.radiograph.thorax import (
    HEART,
    LEFT_CLAVICLE,
    LEFT_LUNG,
    RIGHT_CLAVICLE,
    RIGHT_LUNG,
    Span,
)

DENSE, CLEAR = 0.8, 0.2


def chest(left_grey=CLEAR, *, moved=0, outlined=True):
    """A chest of 200 x 200 about column 100; the gap between the lungs moved to the right side."""
    grey = np.full((200, 200), DENSE, np.float32)
    masks = np.zeros((200, 200), np.uint8)
    grey[30:150, 20 : 85 + moved] = CLEAR
    masks[30:150, 20 : 85 + moved] |= RIGHT_LUNG
    grey[30:150, 115 + moved : 180] = left_grey
    if outlined:
        masks[30:150, 115 + moved : 180] |= LEFT_LUNG
    masks[90:150, 85 + moved : 115 + moved] |= HEART
    masks[20:24, 40:90] |= RIGHT_CLAVICLE
    masks[20:24, 110:160] |= LEFT_CLAVICLE
    return grey, masks


def test_two_clear_lungs_have_no_dense_side():
    seen = compare_sides(*chest())
    assert seen.opacity == pytest.approx(0, abs=0.01)
    assert seen.outlined == pytest.approx(1)


def test_a_white_side_without_outline_is_as_dense_as_the_liver():
    seen = compare_sides(*chest(DENSE, outlined=False))
    assert (seen.clearer, seen.outlined) == (RIGHT_LUNG, 0)
    assert seen.opacity == pytest.approx(1, abs=0.01)
    assert seen.middle == 100
    left, upper, right, lower = seen.place
    assert 100 < left < right <= 181
    assert (upper, lower) == (30, 150)


def test_a_white_side_that_is_outlined_is_measured_in_its_outline():
    grey, masks = chest(DENSE)
    seen = compare_sides(grey, masks)
    assert (seen.clearer, seen.outlined) == (RIGHT_LUNG, 1)
    assert seen.opacity == pytest.approx(1, abs=0.01)
    mirrored = compare_sides(grey[:, ::-1], _exchanged(masks[:, ::-1]))
    assert (mirrored.clearer, mirrored.opacity) == (LEFT_LUNG, pytest.approx(seen.opacity))


def test_a_side_with_more_than_half_air_is_not_as_dense_as_the_liver():
    grey, masks = chest(DENSE)
    grey[30:95, 115:180] = CLEAR
    assert compare_sides(grey, masks).opacity < 0.1


def test_a_small_rest_of_lung_is_never_the_clearer_side():
    grey, masks = chest(DENSE, outlined=False)
    grey[30:50, 150:170] = 0.05
    masks[30:50, 150:170] |= LEFT_LUNG
    assert compare_sides(grey, masks).clearer == RIGHT_LUNG


@given(st.floats(CLEAR, DENSE), st.floats(0, 0.2))
@settings(deadline=None, max_examples=30)
def test_a_denser_side_never_looks_clearer(grey, more):
    low = compare_sides(*chest(grey, outlined=False)).opacity
    assert compare_sides(*chest(min(grey + more, 0.9), outlined=False)).opacity >= low - 1e-6


@given(st.floats(0.3, 3.0), st.floats(0.2, 0.9))
@settings(deadline=None, max_examples=30)
def test_brightness_and_contrast_of_the_film_do_not_matter(gamma, scale):
    grey, masks = chest(0.55, outlined=False)
    plain = compare_sides(grey, masks).opacity
    assert compare_sides(grey * np.float32(scale), masks).opacity == pytest.approx(plain, abs=1e-3)
    bent = compare_sides(grey ** np.float32(gamma), masks)
    assert bent is None or 0 < bent.opacity < 1


def _exchanged(masks):
    pairs = {RIGHT_LUNG: LEFT_LUNG, LEFT_LUNG: RIGHT_LUNG, HEART: HEART,
             RIGHT_CLAVICLE: LEFT_CLAVICLE, LEFT_CLAVICLE: RIGHT_CLAVICLE}  # fmt: skip
    return sum(((masks & bit) > 0) * np.uint8(to) for bit, to in pairs.items()).astype(np.uint8)


@pytest.mark.parametrize("moved", [-12, 0, 12])
def test_the_clear_lung_begins_nearer_to_the_middle_when_that_is_drawn_away(moved):
    grey, masks = chest(DENSE, moved=moved)
    seen = compare_sides(grey, masks)
    assert seen.edge == pytest.approx((15 - moved) / (65 + moved))
    mirrored = compare_sides(grey[:, ::-1], _exchanged(masks[:, ::-1]))
    assert mirrored.edge == pytest.approx(seen.edge, abs=0.01)


def test_a_lung_that_reaches_across_the_middle_begins_before_it():
    assert compare_sides(*chest(DENSE, moved=20)).edge == pytest.approx(-5 / 85)


def test_without_clavicles_no_edge_is_measured():
    grey, masks = chest(DENSE)
    assert compare_sides(grey, masks & np.uint8(RIGHT_LUNG | LEFT_LUNG | HEART)).edge is None


def test_the_gap_between_the_lungs_is_measured_from_the_clavicles():
    thorax = Span(20, 180, 0, 0)
    assert mediastinal_shift(chest()[1], thorax) == pytest.approx(0)
    assert mediastinal_shift(chest(moved=8)[1], thorax) == pytest.approx(8 / 160)
    without = chest()[1] & np.uint8(RIGHT_LUNG | LEFT_LUNG | HEART)
    assert mediastinal_shift(without, thorax) is None


def test_without_lung_or_contrast_nothing_is_compared():
    grey, masks = chest()
    assert compare_sides(grey, masks * np.uint8(0)) is None
    assert compare_sides(np.full_like(grey, 0.5), masks) is None


def test_grey_and_masks_of_two_films_are_refused():
    grey, masks = chest()
    with pytest.raises(ValueError, match="one shape"):
        compare_sides(grey[:-1], masks)
