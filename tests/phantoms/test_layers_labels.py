"""What a reader would outline: one piece of lung, no seam under the heart, a heart to its trunk."""

import numpy as np
import pytest
from scipy.ndimage import label

from workbench.phantoms.layers_build import FilmKind, draw_build, draw_stand
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_film import make_layers
from workbench.phantoms.layers_heart import SLIM, SQUAT, TRUNK_AT, draw_heart
from workbench.phantoms.layers_labels import readers_lung
from workbench.phantoms.layers_lungs import draw_cage, fill_lungs
from workbench.phantoms.layers_rays import space_of

SIDE, SEAM = 60, 4


def drawn(thick):
    """A lung beside a heart, with a seam of so many rows running on under the heart."""
    lung, heart = np.zeros((SIDE, SIDE), bool), np.zeros((SIDE, SIDE), bool)
    lung[5:40, 30:50] = True
    heart[25:40, 12:30] = True
    lung[40 : 40 + thick, 15:50] = True
    return lung, heart


def test_a_thin_seam_between_heart_and_dome_is_left_out():
    lung, heart = drawn(SEAM)
    found = readers_lung(lung, heart, SEAM)
    assert not found[:, 12:30].any()
    assert (found[:, 30:] == lung[:, 30:]).all()


def test_lung_that_is_really_seen_under_the_heart_stays():
    lung, heart = drawn(SEAM + 1)
    assert (readers_lung(lung, heart, SEAM) == lung).all()


def test_only_the_largest_piece_stays_and_nothing_of_nothing():
    lung, heart = drawn(0)
    lung[50:54, 50:54] = True
    assert readers_lung(lung, heart, SEAM).sum() == lung.sum() - 16
    assert not readers_lung(np.zeros_like(lung), heart, SEAM).any()


@pytest.mark.parametrize("seed", range(3))
def test_every_lung_of_a_film_is_one_piece(seed):
    labels = make_layers(FilmKind.ADULT, 96, np.random.default_rng(seed)).labels
    for bit in (1, 2):
        assert label((labels & bit) > 0)[1] <= 1


@pytest.mark.parametrize("seed", range(12))
def test_the_top_of_a_heart_stands_at_the_pulmonary_trunk_whatever_its_width(seed):
    draw = Draw(np.random.default_rng(seed))
    build = draw_build(FilmKind.ADULT, 0.0, draw)
    space = space_of(draw_stand(build, draw), 40)
    lungs = fill_lungs(build, draw_cage(build, (1.0, 1.0), draw), (0.0, 0.0), space, draw)
    plan = draw_heart(build, lungs, draw)
    assert SQUAT - 1e-6 <= plan.height / plan.width <= SLIM + 1e-6
    share = plan.top / build.height
    held = min(plan.height / plan.width - SQUAT, SLIM - plan.height / plan.width) < 1e-6
    assert held or TRUNK_AT[0] <= share <= TRUNK_AT[1]
    assert plan.arch < plan.top
