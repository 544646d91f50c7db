"""Arithmetic on outlines: drawn masks whose numbers are known, phantoms, and promises for all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.phantoms.chest_labels import mask_of
from workbench.phantoms.thorax import ChestCase, Sex, ThoraxCase, make_film
from workbench.radiograph import thorax
from workbench.radiograph.thorax import (
    HEART,
    LEFT_CLAVICLE,
    LEFT_LUNG,
    RIGHT_CLAVICLE,
    RIGHT_LUNG,
    Field,
    Span,
)

few = settings(deadline=None, max_examples=25)  # the machine is shared


def chest(columns=200, heart=(70, 130)):
    """Lungs from column 20 to 180, a heart over them."""
    masks = np.zeros((200, columns), np.uint8)
    masks[30:150, 20:80] |= RIGHT_LUNG
    masks[30:150, 110:180] |= LEFT_LUNG
    masks[90:150, heart[0] : heart[1]] |= HEART
    return masks


def test_the_ratio_is_the_width_of_the_heart_over_that_of_the_thorax():
    ratio = thorax.cardiothoracic(chest())
    assert (ratio.heart.width, ratio.thorax.width, ratio.value) == (60, 160, 0.375)
    assert (ratio.heart.first, ratio.heart.last) == (70, 130)


@pytest.mark.parametrize("bit", [RIGHT_LUNG, LEFT_LUNG, HEART])
def test_without_a_lung_or_a_heart_there_is_no_ratio(bit):
    assert thorax.cardiothoracic(chest() & np.uint8(~bit & 0xFF)) is None


def test_a_stray_spot_does_not_widen_the_heart():
    masks = chest()
    masks[5:8, 190:195] |= HEART
    assert thorax.cardiothoracic(masks).value == 0.375


@given(st.integers(0, 19), st.integers(0, 30))
@few
def test_moving_the_whole_chest_leaves_the_ratio(right, down):
    moved = np.roll(np.roll(chest(), right, axis=1), down, axis=0)
    assert thorax.cardiothoracic(moved).value == pytest.approx(0.375)


@given(st.integers(60, 100), st.integers(101, 150), st.integers(0, 9))
@few
def test_a_wider_heart_never_has_a_smaller_ratio(first, last, more):
    narrow = thorax.cardiothoracic(chest(heart=(first, last))).value
    wide = thorax.cardiothoracic(chest(heart=(first - more, last + more))).value
    assert wide >= narrow


@given(st.integers(2, 4))
@few
def test_the_ratio_does_not_depend_on_the_size_of_the_film(times):
    large = np.kron(chest(), np.ones((times, times), np.uint8))
    assert thorax.cardiothoracic(large).value == pytest.approx(0.375)


def test_a_mirrored_film_has_the_same_ratio_and_exchanged_fields():
    masks = chest()
    sides = {RIGHT_LUNG: LEFT_LUNG, LEFT_LUNG: RIGHT_LUNG, HEART: HEART}
    mirrored = sum(((masks[:, ::-1] & bit) > 0) * np.uint8(to) for bit, to in sides.items())
    assert thorax.cardiothoracic(mirrored).value == 0.375
    assert thorax.field(mirrored, LEFT_LUNG).area == thorax.field(masks, RIGHT_LUNG).area


def test_areas_are_shares_of_the_film_and_compared_from_minus_one_to_one():
    right, left = (thorax.field(chest(), bit) for bit in (RIGHT_LUNG, LEFT_LUNG))
    assert right.area == pytest.approx(120 * 60 / 40000)
    assert thorax.asymmetry(right.area, left.area) == pytest.approx((60 - 70) / 130)
    assert (thorax.asymmetry(1, 0), thorax.asymmetry(0, 1), thorax.asymmetry(2, 2)) == (1, -1, 0)


@pytest.mark.parametrize("areas", [(0, 0), (-1, 2)])
def test_areas_that_cannot_be_are_refused(areas):
    with pytest.raises(ValueError, match="at least one above 0"):
        thorax.asymmetry(*areas)


def test_the_dome_is_the_highest_point_of_the_lower_edge_between_the_angles():
    masks = chest()
    for column in range(20, 80):  # a dome whose top lies at row 120, angles at 150
        masks[120 + abs(column - 50) : 150, column] &= np.uint8(~RIGHT_LUNG & 0xFF)
    right, left = (thorax.field(masks, bit) for bit in (RIGHT_LUNG, LEFT_LUNG))
    assert (right.dome, left.dome) == (119, 149)
    assert thorax.dome_difference(right, left, Span(20, 180, 0, 0)) == pytest.approx(30 / 160)


def test_where_the_heart_ends_the_lung_there_is_no_dome():
    masks = chest()
    masks[90:, 110:150] &= np.uint8(~(LEFT_LUNG | HEART) & 0xFF)
    masks[90:150, 110:150] |= HEART
    assert thorax.field(masks, LEFT_LUNG).dome == 149


def test_the_extent_is_apex_to_dome_for_the_width():
    lung = Field(area=0.1, top=30, bottom=140, first=20, last=80, dome=110)
    assert thorax.extent(lung, lung, Span(20, 180, 0, 0)) == pytest.approx(80 / 160)


def test_the_middle_lies_between_the_inner_ends_of_the_clavicles():
    masks = chest()
    assert thorax.midline(masks) is None
    masks[20:24, 40:90] |= RIGHT_CLAVICLE
    assert thorax.midline(masks) is None
    masks[20:24, 104:160] |= LEFT_CLAVICLE
    assert thorax.midline(masks) == 97


def test_clavicles_in_the_wrong_order_give_no_middle():
    masks = np.zeros((50, 100), np.uint8)
    masks[5:9, 60:95] |= RIGHT_CLAVICLE
    masks[5:9, 5:40] |= LEFT_CLAVICLE
    assert thorax.midline(masks) is None


@pytest.mark.parametrize("ctr", [0.42, 0.58])
def test_on_a_phantom_the_truth_of_its_makers_is_measured(ctr):
    """The phantom takes its widths from crossed lengths, between pixels, not from these masks."""
    case = ThoraxCase(case=ChestCase.NORMAL, sex=Sex.MALE, age=50, habitus=0.5, ctr=ctr, dose=1.0)
    truth = make_film(case, (300, 250), np.random.default_rng(3)).truth
    shape = (truth["masks"]["rows"], truth["masks"]["columns"])
    bits = {"lung_right": RIGHT_LUNG, "lung_left": LEFT_LUNG, "heart": HEART}
    masks = sum(mask_of(truth["masks"][k], shape) * np.uint8(bit) for k, bit in bits.items())
    ratio = thorax.cardiothoracic(masks)
    step = 250 / shape[1]
    assert ratio.heart.width * step == pytest.approx(truth["heart_width_px"], abs=2.5 * step)
    assert ratio.thorax.width * step == pytest.approx(truth["lung_width_px"], abs=0.1)
