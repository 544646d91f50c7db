"""Rotation, tilt and the height of the lungs follow from where things were drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.radiograph.chest_posture import look_at_clavicles, lung_height_ratio

SHAPE = (400, 400)


def chest(shift=0, drop=0, top=60, dome=320, clavicle_row=100):
    """Lungs evenly beside column 200; clavicles moved by `shift`, the left one lower by `drop`."""
    right, left = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    right[top:dome, 50:170] = True
    left[top:dome, 230:350] = True
    clavicles = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    clavicles[0][clavicle_row : clavicle_row + 10, 60 + shift : 175 + shift] = True
    clavicles[1][clavicle_row + drop : clavicle_row + drop + 10, 225 + shift : 340 + shift] = True
    return (right, left), clavicles


@given(st.integers(-20, 20))
@settings(max_examples=20, deadline=None)
def test_rotation_moves_the_clavicles_against_the_middle(shift):
    look = look_at_clavicles(*chest(shift=shift), (1, 1))
    # each end moves by the shift, and 2 % of a clavicle is left off at its end
    assert look.asymmetry == pytest.approx(abs(shift) * 2 / 54.6, abs=0.04)


@given(st.integers(-20, 20), st.sampled_from([0.1, 0.7, 1.0]))
@settings(max_examples=20, deadline=None)
def test_neither_size_nor_side_of_the_film_matters(shift, size):
    lungs, clavicles = chest(shift=shift)
    plain = look_at_clavicles(lungs, clavicles, (1, 1))
    scaled = look_at_clavicles(lungs, clavicles, (size, size))
    mirrored = look_at_clavicles(
        tuple(m[:, ::-1] for m in lungs), tuple(m[:, ::-1] for m in clavicles), (1, 1)
    )
    assert scaled.asymmetry == pytest.approx(plain.asymmetry)
    assert mirrored.asymmetry == pytest.approx(plain.asymmetry, abs=0.02)


@given(st.integers(0, 40))
@settings(max_examples=15, deadline=None)
def test_the_tilt_is_the_angle_of_the_line_through_both(drop):
    look = look_at_clavicles(*chest(drop=drop), (1, 1))
    assert look.tilt == pytest.approx(np.degrees(np.arctan2(drop, 165)), abs=0.01)


def test_lung_above_the_clavicles_is_measured_on_the_lesser_side():
    assert look_at_clavicles(*chest(clavicle_row=100), (1, 1)).apex_above == pytest.approx(40 / 260)
    assert look_at_clavicles(*chest(clavicle_row=60, drop=30), (1, 1)).apex_above == 0


def test_what_is_not_outlined_is_not_measured():
    lungs, clavicles = chest()
    assert look_at_clavicles(lungs, (clavicles[0], np.zeros(SHAPE, bool)), (1, 1)) is None
    assert lung_height_ratio((lungs[0], np.zeros(SHAPE, bool)), (1, 1)) is None


@given(st.integers(200, 390), st.sampled_from([(1, 1), (0.5, 0.5), (2.0, 1.0)]))
@settings(max_examples=15, deadline=None)
def test_the_height_of_the_lung_grows_with_the_dome(dome, pixel):
    ratio = lung_height_ratio(chest(dome=dome)[0], pixel)
    assert ratio == pytest.approx((dome - 60) * pixel[0] / (300 * pixel[1]))


def test_the_deep_angle_at_the_wall_does_not_hide_a_high_dome():
    lungs, _ = chest(dome=250)
    lungs[0][250:390, 50:60] = True
    assert lung_height_ratio(lungs, (1, 1)) == pytest.approx(190 / 300)
