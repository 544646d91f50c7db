"""The distance of a lung from the edge of the field is what was drawn, on every side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.radiograph.collimation import OpenField
from workbench.radiograph.cut_off import lung_gaps

SHAPE = (400, 360)
WHOLE = OpenField(0, SHAPE[0] - 1, 0, SHAPE[1] - 1)


def lungs(top=60, bottom=330, outer=40, inner=150):
    found = []
    for flip in (False, True):
        mask = np.zeros(SHAPE, bool)
        mask[top:bottom, outer:inner] = True
        found.append(mask[:, ::-1] if flip else mask)
    return found[0], found[1]


def by_name(gaps):
    return {one.name: one for one in gaps}


@given(st.integers(0, 100), st.integers(200, 400), st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_gaps_are_the_distances_drawn(top, bottom, outer):
    found = by_name(lung_gaps(*lungs(top, bottom, outer), WHOLE, (0.5, 2.0)))
    for side in ("right", "left"):
        assert found[f"{side} apex"].distance == top * 0.5
        assert found[f"{side} base"].distance == (400 - bottom) * 0.5
        assert found[f"{side} wall"].distance == outer * 2.0
    touching = 110 - (outer - 40) if top <= 1 else 0
    assert found["right apex"].contact == touching * 2.0


@given(st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=20, deadline=None)
def test_a_closed_field_takes_from_every_gap(rows, columns):
    field = OpenField(rows, 399 - rows, columns, 359 - columns)
    whole = by_name(lung_gaps(*lungs(), WHOLE, (1, 1)))
    closed = by_name(lung_gaps(*lungs(), field, (1, 1)))
    for name, gap in whole.items():
        less = columns if name.endswith("wall") else rows
        assert closed[name].distance == gap.distance - less


def test_a_lung_beyond_the_field_touches_its_edge_over_the_whole_length():
    field = OpenField(0, 399, 80, 359)
    wall = by_name(lung_gaps(*lungs(), field, (1, 1)))["right wall"]
    assert (wall.distance, wall.contact) == (0, 330 - 60)
    left, upper, right, lower = wall.place
    assert left == pytest.approx(80 / 360, abs=1e-3)
    assert right - left < 0.03
    assert (upper, lower) == (pytest.approx(60 / 400), pytest.approx(330 / 400))


def test_a_mirrored_film_is_measured_at_the_wall_the_lung_lies_at():
    right, left = lungs(outer=25)
    left = np.roll(left, -15, axis=1)  # now 40 from its edge
    plain = by_name(lung_gaps(right, left, WHOLE, (1, 1)))
    mirrored = by_name(lung_gaps(right[:, ::-1], left[:, ::-1], WHOLE, (1, 1)))
    assert {n: g.distance for n, g in plain.items()} == {n: g.distance for n, g in mirrored.items()}


def test_a_single_pixel_at_the_edge_is_hardly_any_contact():
    right, left = lungs()
    right[0, 80] = True
    apex = by_name(lung_gaps(right, left, WHOLE, (1, 1)))["right apex"]
    assert (apex.distance, apex.contact) == (0, 1)


def test_an_empty_lung_is_refused():
    right, left = lungs()
    with pytest.raises(ValueError, match="empty"):
        lung_gaps(right, np.zeros_like(left), WHOLE, (1, 1))
    with pytest.raises(ValueError, match="right lung lies outside"):
        lung_gaps(right, left, OpenField(0, 399, 200, 359), (1, 1))
