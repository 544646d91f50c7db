"""One piece for each organ, views compared, the ratio between pixels."""

import numpy as np
import pytest

from workbench.radiograph.thorax_outline import (
    agreement,
    heart_leans,
    overlap,
    tidied,
    width_ratio,
)


def chances():
    found = np.zeros((5, 60, 60), np.float32)
    found[0, 10:50, 5:25] = 0.9
    found[1, 10:50, 35:55] = 0.9
    found[2, 25:50, 20:45] = 0.9
    found[3, 12:16, 8:20] = 0.9
    return found


def test_strays_of_a_lung_are_dropped_and_holes_are_filled():
    rough = chances()
    rough[0, 55:58, 2:5] = 0.9
    rough[0, 30:33, 10:13] = 0.1
    clean = tidied(rough)
    assert not clean[0, 54:].any()
    assert (clean[0, 30:33, 10:13] == 1).all()


def test_a_collar_bone_broken_in_two_keeps_both_parts():
    rough = chances()
    rough[3, 12:16, 13:15] = 0.0
    clean = tidied(rough)
    assert clean[3, 13, 10] > 0.5
    assert clean[3, 13, 18] > 0.5


def test_an_organ_that_is_not_seen_stays_missing():
    clean = tidied(chances())
    assert not clean[4].any()


def test_the_ratio_lies_between_pixels():
    found = chances()
    assert width_ratio(found) == pytest.approx(24.9 / 49.9, abs=0.02)
    found[2, :, 19] = np.where(found[2, :, 20] > 0.5, 0.4, 0)
    assert width_ratio(found) > width_ratio(chances())


def test_without_a_heart_there_is_no_ratio():
    found = chances()
    found[2] = 0
    assert width_ratio(found) is None


def test_equal_views_agree_fully_and_shifted_ones_less():
    same = chances()
    moved = np.roll(same, 6, axis=2)
    assert agreement([same, same], same) == 1.0
    assert agreement([same, moved], same) < 0.95


def test_without_a_lung_views_agree_on_nothing():
    found = chances()
    found[0] = 0
    assert agreement([found], found) == 0.0


def test_overlap_of_empty_outlines_is_full_and_of_distant_ones_none():
    empty, one = np.zeros((4, 4), bool), np.eye(4, dtype=bool)
    assert overlap(empty, empty) == 1.0
    assert overlap(one, empty) == 0.0
    assert overlap(one, one) == 1.0


def test_a_heart_leans_to_the_side_it_lies_on_and_its_mirror_image_to_the_other():
    found = chances()
    leaning = heart_leans(found)
    assert leaning == pytest.approx((32 - 29.5) / 50, abs=0.02)
    assert heart_leans(found[:, :, ::-1]) == pytest.approx(-leaning, abs=1e-6)
    found[2] = 0
    assert heart_leans(found) == 0.0


def test_a_thin_tail_of_the_heart_is_left_out_and_its_round_part_stays():
    y, x = np.mgrid[:120, :120]
    heart = (x - 60) ** 2 + ((y - 50) * 1.2) ** 2 < 30**2
    tail = (abs(x - 60) < 3) & (y > 60) & (y < 110)
    chances = np.zeros((5, 120, 120), np.float32)
    chances[2] = heart | tail
    kept = tidied(chances)[2] >= 0.5
    assert not kept[85:].any()
    assert (kept & heart).sum() > 0.98 * heart.sum()
