"""A copy is known by its detail, whatever its window, size and edge; another picture never is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

from workbench.radiograph.copies import SIDE, distance, fingerprint, likeness, shortlist


def picture(seed, side=300):
    """Structure of many sizes, different for each seed, on the same broad shape of a chest."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    broad = 0.5 + 0.4 * np.cos(6 * (x - 0.5)) * np.cos(3 * (y - 0.4))
    fine = sum(
        weight * gaussian_filter(rng.standard_normal((side, side)), size) * size
        for size, weight in ((2.5, 0.12), (5, 0.25), (12, 0.3))
    )
    grey = broad + fine
    return ((grey - grey.min()) / np.ptp(grey)).astype(np.float32)


def like(one, other):
    return likeness(fingerprint(one).thumbnail, fingerprint(other).thumbnail)


def apart(one, other):
    return distance(fingerprint(one).bits, fingerprint(other).bits)


@given(st.integers(0, 50), st.floats(0.5, 2.0))
@settings(max_examples=20, deadline=None)
def test_a_window_or_curve_changes_nothing(seed, gamma):
    grey = picture(seed)
    assert apart(grey, grey**gamma) <= 2
    assert like(grey, grey**gamma) > 0.97


@given(st.integers(0, 50), st.lists(st.integers(0, 9), min_size=4, max_size=4))
@settings(max_examples=20, deadline=None)
def test_a_little_crop_is_laid_over_again(seed, edges):
    top, bottom, left, right = edges
    grey = picture(seed)
    cropped = grey[top : 300 - bottom, left : 300 - right]
    assert like(grey, cropped) > 0.85
    known, seen = fingerprint(grey), fingerprint(cropped)
    assert shortlist(seen.thumbnail, known.thumbnail[None])[0] > 0.97


@given(st.integers(0, 50), st.integers(51, 100))
@settings(max_examples=20, deadline=None)
def test_another_picture_of_the_same_shape_is_not_like(seed, other):
    assert like(picture(seed), picture(other)) < 0.5


@pytest.mark.parametrize("side", [150, 299, 800])
def test_size_and_grain_hardly_matter(side):
    grey = picture(3, 600)
    rows = np.arange(side) * 600 // side
    smaller = grey[np.ix_(rows, rows)] + np.random.default_rng(1).normal(0, 0.01, (side, side))
    assert apart(grey, smaller.astype(np.float32)) <= 3
    assert like(grey, smaller.astype(np.float32)) > 0.85


def test_turned_mirrored_and_inverted_pictures_are_no_copies():
    grey = picture(5)
    for other in (grey[:, ::-1], np.rot90(grey).copy(), 1 - grey):
        assert like(grey, other) < 0.5


def test_the_hash_is_a_stored_number_and_the_distance_counts_its_bits():
    found = fingerprint(picture(1))
    assert 0 <= found.bits < 2**63
    assert found.bits.bit_count() == 31  # above the median of 63
    assert (found.thumbnail.shape, found.thumbnail.dtype) == ((SIDE, SIDE), np.uint8)
    assert distance(0b1011, 0b0010) == 2


def test_the_short_list_puts_the_copy_first_among_many():
    pictures = [fingerprint(picture(seed)).thumbnail for seed in range(30)]
    explained = shortlist(fingerprint(picture(11)[4:, :-5]).thumbnail, np.array(pictures))
    assert int(explained.argmax()) == 11
    assert explained.shape == (30,)


def test_what_holds_no_picture_has_no_fingerprint():
    assert fingerprint(np.full((300, 300), 0.4, np.float32)) is None
    assert fingerprint(picture(1)[:50]) is None
