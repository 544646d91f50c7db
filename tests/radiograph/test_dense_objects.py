"""Metal over the lungs is found where it lies; ribs, vessels and what lies beside are not."""

import numpy as np
import pytest

from workbench.radiograph.dense_objects import dense_objects


def chest():
    """Lungs with ribs and a hilum; 1 mm a pixel."""
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:400, 0:350]
    lungs = np.zeros((400, 350), bool)
    lungs[60:320, 40:150] = lungs[60:320, 200:310] = True
    grey = np.where(lungs, 0.25, 0.75).astype(np.float32)
    grey += np.where(lungs & ((y + x // 3) % 40 < 9), 0.12, 0).astype(np.float32)  # ribs
    grey += (0.25 * np.exp(-(((y - 180) / 30) ** 2 + ((x - 140) / 12) ** 2))).astype(np.float32)
    return (grey + rng.normal(0, 0.01, grey.shape)).astype(np.float32), lungs


def test_a_plain_chest_holds_none():
    found = dense_objects(*chest(), 1.0)
    assert (found.count, found.area, found.places) == (0, 0.0, ())


@pytest.mark.parametrize("radius", [3, 5])
def test_a_button_is_found_with_its_size_and_place(radius):
    grey, lungs = chest()
    y, x = np.mgrid[0:400, 0:350]
    grey[(y - 120) ** 2 + (x - 90) ** 2 <= radius**2] = 1.0
    found = dense_objects(grey, lungs, 1.0)
    assert found.count == 1
    assert found.area == pytest.approx(np.pi * radius**2, rel=0.35)
    left, upper, right, lower = found.places[0]
    assert (left + right) / 2 == pytest.approx(90 / 350, abs=0.01)
    assert (upper + lower) / 2 == pytest.approx(120 / 400, abs=0.01)


def test_what_lies_beside_the_lungs_or_is_soft_is_left_alone():
    grey, lungs = chest()
    y, x = np.mgrid[0:400, 0:350]
    grey[(y - 360) ** 2 + (x - 175) ** 2 <= 25] = 1.0  # below the lungs
    soft = (0.4 * np.exp(-((y - 150) ** 2 + (x - 90) ** 2) / (2 * 6.0**2))).astype(np.float32)
    assert dense_objects(grey + soft, lungs, 1.0).count == 0
    assert dense_objects(np.zeros_like(grey), np.zeros_like(lungs), 1.0).count == 0
