"""Arithmetic below the films: rays, crossed lengths, samples of walls, masks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.phantoms.chest_grid import enlarge, shrink
from workbench.phantoms.chest_labels import mask_of, measure, run_lengths
from workbench.phantoms.chest_organs import crossed
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_splat import Canvas, resampled, tube

VIEW = View(shape=(300, 250), pitch=0.14, top=-6.0, centre=0.3, detector=14.0, yaw=0.02, lean=-0.01)


@given(arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_a_mask_survives_its_runs(mask):
    runs = run_lengths(mask)
    assert sum(runs) == mask.size
    assert np.array_equal(mask_of(runs, mask.shape), mask)


def test_runs_that_do_not_fill_the_shape_are_refused():
    with pytest.raises(ValueError, match="cover 5"):
        mask_of([2, 3], (2, 3))


@settings(max_examples=40)
@given(st.floats(1.1, 6.0), st.floats(-2.0, 2.0))
def test_the_crossed_length_of_a_slab_is_exact(thick, place):
    depths = np.linspace(-10, 10, 41, dtype=np.float32)
    field = (np.abs(depths - place) - thick / 2)[None, None]
    assert crossed(field.astype(np.float32), 0.5)[0, 0] == pytest.approx(thick, abs=0.03)


def test_a_point_projects_to_the_pixel_whose_ray_meets_it():
    depths = np.asarray([-7.0, 0.0, 6.0], np.float32)
    x, y, z = VIEW.rays(slice(None), depths)
    points = np.stack(np.broadcast_arrays(x, y, z), -1)
    rows, columns = VIEW.project(points[40:60, 30:50])
    want_rows, want_columns = np.mgrid[40:60, 30:50]
    assert (
        np.abs(rows - want_rows[..., None]).max() < 0.35
    )  # yaw moves depth a little along the ray
    assert np.abs(columns - want_columns[..., None]).max() < 0.35


def test_what_lies_farther_from_the_detector_looks_larger():
    ends = np.asarray([[-3, 10, -7], [3, 10, -7], [-3, 10, 7], [3, 10, 7]], np.float32)
    _, columns = VIEW.project(ends)
    assert columns[1] - columns[0] > columns[3] - columns[2] > 6 / VIEW.pitch


def test_a_canvas_keeps_the_volume_dropped_on_it():
    canvas = Canvas(VIEW)
    generator = np.random.default_rng(5)
    points = generator.uniform((-5, 5, -3), (5, 15, 3), (2000, 3)).astype(np.float32)
    canvas.drop(points, np.full(2000, 0.01, np.float32))
    spread = canvas.lengths.sum(dtype=float) * VIEW.pitch**2
    magnified = (1 / VIEW.shrink(points[:, 2]) ** 2).mean()
    assert spread == pytest.approx(20.0 * magnified, rel=1e-3)


def test_samples_outside_the_film_are_left_out():
    canvas = Canvas(VIEW)
    canvas.drop(np.asarray([[900, 0, 0], [0, -900, 0]], np.float32), np.ones(2, np.float32))
    assert canvas.lengths.max() == 0


def test_the_wall_of_a_round_tube_has_the_area_of_a_cylinder():
    line = np.asarray([[0, 0, 0, 0.5, 0.5], [0, 4, 0, 0.5, 0.5]], np.float32)
    pieces = list(tube(line, np.asarray([1, 0, 0], np.float32), 0.05))
    area = sum(float(areas.sum()) for _, areas, _, _ in pieces)
    assert area == pytest.approx(2 * np.pi * 0.5 * 4, rel=0.03)
    points = np.concatenate([p for p, *_ in pieces])
    assert np.hypot(points[:, 0], points[:, 2]) == pytest.approx(0.5, abs=1e-5)


def test_resampled_points_stand_at_even_distances():
    line = np.asarray([[0, 0, 0], [1, 0, 0], [1, 5, 0]], np.float32)
    steps = np.linalg.norm(np.diff(resampled(line, 0.1), axis=0), axis=1)
    assert steps.max() <= 0.1001


def test_enlarging_keeps_straight_ramps_and_means():
    ramp = np.add.outer(np.arange(30.0), 2 * np.arange(20.0)).astype(np.float32)
    large = enlarge(ramp, (90, 60))
    assert large.shape == (90, 60)
    inner = large[6:-6, 6:-6]
    assert np.diff(inner, axis=0) == pytest.approx(1 / 3, abs=2e-4)
    assert np.diff(inner, axis=1) == pytest.approx(2 / 3, abs=4e-4)
    assert shrink(large, (30, 20))[3:-3, 3:-3] == pytest.approx(ramp[3:-3, 3:-3], abs=0.02)


def test_widths_are_measured_between_pixels():
    heart, cages = np.zeros((5, 40), np.float32), np.zeros((5, 40), np.float32)
    heart[2, 10:21] = 2.0
    cages[3, 5:36] = 2.0
    seen = measure(heart, cages)
    assert seen.thorax_row == 3
    assert seen.heart_right == pytest.approx(9.3)  # 0.6 cm of 2 cm: 0.7 of the step outwards
    assert seen.ctr == pytest.approx(11.4 / 31.4)


def test_an_empty_film_cannot_be_measured():
    with pytest.raises(ValueError, match="not on the film"):
        measure(np.zeros((4, 4), np.float32), np.ones((4, 4), np.float32))
