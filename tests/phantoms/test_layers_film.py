"""What a layered film promises: repeatability, truth that fits the picture, labels as decided."""

from functools import lru_cache

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from workbench.phantoms import layers_disease
from workbench.phantoms.layers_build import FilmKind, draw_build, draw_stand
from workbench.phantoms.layers_clavicles import draw_clavicles
from workbench.phantoms.layers_disease import Disease, Hidden
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_film import make_layers
from workbench.phantoms.layers_limbs import SCENES, make_other
from workbench.phantoms.layers_rays import Film

SIDE = 128
HEALTHY = Disease(Hidden.NOTHING, 0, 0.0, (1.0, 1.0), (0.0, 0.0))


@lru_cache(maxsize=64)
def film_of(kind=FilmKind.ADULT, seed=3):
    return make_layers(kind, SIDE, np.random.default_rng(seed))


def with_disease(disease, seed=3):
    """A film of the same body with the disease asked for."""
    return make_layers(FilmKind.ADULT, SIDE, np.random.default_rng(seed), disease)


def area(film, bit):
    return int(((film.labels & bit) > 0).sum())


def middle(film, bit):
    return np.nonzero(film.labels & bit)[1].mean()


def test_the_same_seed_gives_the_same_film():
    again = make_layers(FilmKind.ADULT, SIDE, np.random.default_rng(3))
    assert np.array_equal(again.layers, film_of().layers)
    assert np.array_equal(again.labels, film_of().labels)


def test_another_seed_gives_another_body():
    assert not np.array_equal(film_of(seed=4).labels, film_of().labels)


@pytest.mark.parametrize("seed", range(6))
def test_the_right_lung_stands_at_the_left_of_the_film_and_the_heart_leans_left(seed):
    film = film_of(seed=seed)
    assert middle(film, 1) < middle(film, 4) < middle(film, 2)


@pytest.mark.parametrize("seed", range(6))
def test_no_place_is_lung_and_heart_at_once(seed):
    labels = film_of(seed=seed).labels
    assert not ((labels & 4 > 0) & (labels & 3 > 0)).any()


@pytest.mark.parametrize("kind", [FilmKind.ADULT, FilmKind.CHILD])
def test_lungs_hold_less_water_than_the_heart(kind):
    for seed in range(4):
        film = film_of(kind, seed)
        if film.hidden in {Hidden.MASSIVE_EFFUSION, Hidden.COLLAPSE}:
            continue
        water = film.layers[0]
        assert np.median(water[film.labels & 3 > 0]) < np.median(water[film.labels == 4])


def test_a_collar_bone_is_outlined_exactly_where_its_bone_lies():
    for seed in range(4):
        draw = Draw(np.random.default_rng(seed))
        build = draw_build(FilmKind.ADULT, 0.0, draw)
        bones = draw_clavicles(build, Film(draw_stand(build, draw), SIDE), draw)
        outlined = bones.outlines[0] | bones.outlines[1]
        assert (bones.bone[outlined] > 0).all()
        assert bones.bone[~binary_dilation(outlined)].max() == 0


@pytest.mark.parametrize(
    "kind", [FilmKind.LATERAL, FilmKind.NECK, FilmKind.SHOULDER, FilmKind.ABDOMEN]
)
def test_what_is_no_frontal_chest_has_nothing_outlined(kind):
    assert not film_of(kind).labels.any()


def test_a_child_is_smaller_and_wider_than_an_adult():
    def sizes(kind):
        draws = [Draw(np.random.default_rng(seed)) for seed in range(40)]
        builds = [draw_build(kind, 0.0, draw) for draw in draws]
        tall = np.median([b.height for b in builds])
        return tall, np.median([b.half_width / b.height for b in builds])

    child, adult = sizes(FilmKind.CHILD), sizes(FilmKind.ADULT)
    assert child[0] < 0.7 * adult[0]
    assert child[1] > adult[1]


def test_a_massive_effusion_stays_outlined_and_is_dense():
    healthy = with_disease(HEALTHY)
    drowned = with_disease(Disease(Hidden.MASSIVE_EFFUSION, 0, 2.0, (1.0, 1.0), (0.0, 0.0)))
    assert area(drowned, 1) > 0.6 * area(healthy, 1)
    inside = drowned.labels & 1 > 0
    assert drowned.layers[0][inside].mean() > 1.3 * healthy.layers[0][healthy.labels & 1 > 0].mean()


def test_an_effusion_pushes_the_heart_away_and_a_collapse_draws_it_near():
    straight = middle(with_disease(HEALTHY), 4)
    pushed = with_disease(Disease(Hidden.MASSIVE_EFFUSION, 0, 3.0, (1.0, 1.0), (0.0, 0.0)))
    drawn = with_disease(Disease(Hidden.COLLAPSE, 0, -3.0, (0.9, 1.0), (1.0, 0.0)))
    assert middle(drawn, 4) < straight < middle(pushed, 4)


def test_diseases_push_in_their_own_direction():
    for seed in range(400):
        drawn = layers_disease.draw_disease(Draw(np.random.default_rng(seed)))
        if drawn.hidden is Hidden.MASSIVE_EFFUSION:
            assert (drawn.shift > 0) == (drawn.side == 0)
        if drawn.hidden is Hidden.COLLAPSE:
            assert (drawn.shift > 0) == (drawn.side == 1)


@pytest.mark.parametrize("scene", SCENES)
def test_films_of_other_things_are_finite_and_not_empty(scene):
    draw = Draw(np.random.default_rng(1))
    layers = SCENES[scene](96, draw)
    assert layers.shape == (4, 96, 96)
    assert np.isfinite(layers).all()
    assert layers.std() > 0


def test_other_things_are_equal_for_equal_seeds():
    first, second = (make_other(96, np.random.default_rng(8)) for _ in range(2))
    assert np.array_equal(first, second)


def test_a_film_too_small_for_collar_bones_is_refused():
    with pytest.raises(ValueError, match="96 pixels or more"):
        make_layers(FilmKind.ADULT, 64, np.random.default_rng(0))
