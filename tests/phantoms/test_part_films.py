"""Drawn parts of the body are as long and as bent as they say, on any grid, and are films."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from workbench.phantoms import part_spine
from workbench.phantoms.part_film import BITS
from workbench.phantoms.part_films import COBB_DEG, PARTS, make_part
from workbench.phantoms.part_sheet import STEEL, Body, sheet_of

SHEETS = [(0.4, 0.4, 1.0), (0.4, 0.4, 1.2), (0.3, 0.5, 1.0)]


def drawn(name, row_mm=0.4, column_mm=0.4, magnification=1.0, seed=1):
    return make_part(
        name, np.random.default_rng(seed), row_mm=row_mm, column_mm=column_mm,
        magnification=magnification,
    )  # fmt: skip


def between(film, name, ends="ab"):
    """From one named point to another in mm of the object."""
    sheet = film.sheet
    (ax, ay), (bx, by) = (film.points[name + end] for end in ends)
    unit = sheet.magnification
    return (bx - ax) * sheet.column_mm / unit, (by - ay) * sheet.row_mm / unit


@pytest.mark.parametrize("name", sorted(PARTS))
@pytest.mark.parametrize(("row", "column", "factor"), SHEETS)
def test_named_points_are_as_far_apart_as_the_truth_says(name, row, column, factor):
    film = drawn(name, row, column, factor)
    rows, columns = film.pixels.shape
    assert film.lengths_mm
    for what, long in film.lengths_mm.items():
        assert float(np.hypot(*between(film, what))) == pytest.approx(long, abs=1e-6)
    assert all(0 < x < columns - 1 and 0 < y < rows - 1 for x, y in film.points.values())


@pytest.mark.parametrize(("row", "column", "factor"), SHEETS)
def test_the_plates_of_the_spine_meet_at_the_cobb_angle_in_millimetres(row, column, factor):
    film = drawn("spine", row, column, factor)
    (ax, ay), (cx, cy) = between(film, "cobb", "ab"), between(film, "cobb", "cd")
    turn = np.degrees(np.arctan2(ay, ax) - np.arctan2(cy, cx))
    assert turn == pytest.approx(COBB_DEG, abs=1e-6)


def test_the_end_vertebrae_are_the_most_tilted_ones():
    tilts = np.abs(part_spine.tilts_of(COBB_DEG))
    assert set(np.flatnonzero(np.isclose(tilts, tilts.max()))) == {
        part_spine.UPPER, part_spine.LOWER
    }  # fmt: skip


@pytest.mark.parametrize(("row", "column", "factor"), SHEETS)
@pytest.mark.parametrize("ball", ["levela", "levelb", "uprightb"])
def test_a_ball_lies_where_its_point_is_by_its_own_centre_of_mass(row, column, factor, ball):
    film = drawn("ruler", row, column, factor)
    x, y = film.points[ball]
    high, wide = (round(8 * factor / mm) for mm in (row, column))
    top, left = round(y) - high, round(x) - wide
    patch = film.pixels[top : top + 2 * high + 1, left : left + 2 * wide + 1].astype(float)
    patch = np.maximum(patch - 0.75 * patch.max(), 0)
    rows, columns = np.indices(patch.shape)
    at = (left + (patch * columns).sum() / patch.sum(), top + (patch * rows).sum() / patch.sum())
    assert at == pytest.approx((x, y), abs=0.1)


def test_the_edges_of_the_skull_lie_where_its_length_ends():
    film = drawn("skull", 0.2, 0.2)
    for name, step in (
        ("longa", (1, 0)),
        ("longb", (-1, 0)),
        ("higha", (0, 1)),
        ("highb", (0, -1)),
    ):
        x, y = film.points[name]
        soft = gaussian_filter(film.pixels.astype(float), 1.5)
        inward = [soft[round(y + n * step[1]), round(x + n * step[0])] for n in range(-15, 30)]
        steepest = int(np.argmax(np.diff(inward))) - 15 + 0.5
        assert abs(steepest) < 4, name  # pixels of 0.2 mm: the bone begins within 0.8 mm


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_film_is_grey_grained_and_framed_and_the_same_every_time(name):
    film, again, other = drawn(name), drawn(name), drawn(name, seed=2)
    np.testing.assert_array_equal(film.pixels, again.pixels)
    assert (film.pixels != other.pixels).mean() > 0.2
    full = (1 << BITS) - 1
    assert film.pixels.dtype == np.uint16
    assert film.pixels.max() <= full
    assert film.pixels[:4].max() == 0  # behind the collimator
    middle = film.pixels[film.pixels > full // 20]
    assert np.ptp(np.percentile(middle, [5, 95])) > full / 8
    grain = film.pixels - gaussian_filter(film.pixels.astype(np.float32), 2)
    assert 0.001 * full < np.std(grain[40:-40, 40:-40]) < 0.08 * full


def test_solids_one_behind_the_other_add_up_and_joined_ones_do_not():
    sheet = sheet_of((20.0, 20.0), 0.1, 0.1)
    behind, joined = Body(sheet), Body(sheet, joined=True)
    for body in (behind, joined):
        body.ellipsoid((10.0, 10.0), (4.0, 4.0), 8.0, STEEL)
        body.ellipsoid((10.0, 10.0), (4.0, 4.0), 8.0, STEEL)
    assert behind.depth[100, 100] == pytest.approx(16 * STEEL)
    assert joined.depth[100, 100] == pytest.approx(8 * STEEL)
    assert behind.depth[100, 145] == 0


def test_what_cannot_be_drawn_is_refused_with_what_can():
    with pytest.raises(ValueError, match="known are ruler, femur"):
        drawn("tail")
    with pytest.raises(ValueError, match=r"magnification 0\.9"):
        drawn("ruler", magnification=0.9)


EDGES = [
    ("femur", "femur"), ("femur", "head"), ("pelvis", "head"), ("abdomen", "stone"),
    ("hand", "metacarpal"), ("skull", "long"), ("skull", "high"),
]  # fmt: skip


def grey_at(soft, sheet, x, y, way, mm):
    """Mean grey some millimetres along a way from a point, over a millimetre to both sides."""
    unit = sheet.magnification
    along = np.array(way) / np.hypot(*way)
    across = np.array([-along[1], along[0]])
    found = []
    for side in (-0.5, 0.0, 0.5):
        dx, dy = (along * mm + across * side) * unit
        found.append(soft[round(y + dy / sheet.row_mm), round(x + dx / sheet.column_mm)])
    return float(np.mean(found))


@pytest.mark.parametrize(("name", "what"), EDGES)
def test_bone_begins_where_a_length_ends(name, what):
    film = drawn(name, 0.2, 0.2)
    soft = gaussian_filter(film.pixels.astype(float), 1.5)
    inward = np.array(between(film, what))
    for end, way in (("a", inward), ("b", -inward)):
        x, y = film.points[what + end]
        inside, outside = (grey_at(soft, film.sheet, x, y, way, mm) for mm in (2.0, -2.0))
        assert inside > outside * 1.04, (end, inside, outside)


def test_the_plates_of_the_end_vertebrae_are_bright_lines_where_their_points_are():
    film = drawn("spine", 0.25, 0.25)
    soft = gaussian_filter(film.pixels.astype(float), 1.0)
    for ends, into in (("ab", 1), ("cd", -1)):  # the upper plate of the one, the lower of the other
        (ax, ay), (bx, by) = (film.points["cobb" + end] for end in ends)
        way = np.array(between(film, "cobb", ends))
        down = np.array([-way[1], way[0]]) * into
        for part in (0.2, 0.5, 0.8):
            x, y = ax + (bx - ax) * part, ay + (by - ay) * part
            on = grey_at(soft, film.sheet, x, y, down, 0.8)
            off = grey_at(soft, film.sheet, x, y, down, -2.5)
            assert on > off * 1.1, (ends, part, on, off)
