"""What one look at a chest film promises, on phantoms the nets never saw and on real films."""

import hashlib
import tomllib
from functools import lru_cache
from importlib import resources

import numpy as np
import pytest

from workbench.phantoms.layers_build import FilmKind
from workbench.phantoms.layers_disease import Hidden
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_film import make_layers
from workbench.phantoms.layers_limbs import SCENES
from workbench.radiograph.thorax_outline import overlap
from workbench.screening.thorax_net import FILES, MODEL, NotAFilm, look

FIRST = 900_000  # seeds far from those of the training
COUNT = 5


def shown(layers):
    """A plain exposure: dense parts bright, 0 to 1."""
    water, bone, metal, ink = layers
    light = np.exp(-(0.17 * water + 0.3 * bone + 0.6 * metal)) + 0.01
    dense = -np.log(light)
    low, high = np.percentile(dense, [1, 99])
    return np.maximum(np.clip((dense - low) / (high - low), 0, 1), ink).astype(np.float32)


@lru_cache(maxsize=1)
def films():
    """Healthy adults with their truth."""
    found, seed = [], FIRST
    while len(found) < COUNT:
        film = make_layers(FilmKind.ADULT, 192, np.random.default_rng(seed))
        seed += 1
        if film.hidden is Hidden.NOTHING and (film.labels & 4 > 0).any():
            found.append((shown(film.layers), film.labels))
    return found


@lru_cache(maxsize=1)
def looks():
    return [look(grey) for grey, _ in films()]


def test_lungs_and_heart_of_phantoms_are_outlined_where_they_are():
    for bit, least in ((1, 0.9), (2, 0.9), (4, 0.82)):
        found = [
            overlap(seen.masks & bit > 0, labels & bit > 0)
            for seen, (_, labels) in zip(looks(), films(), strict=True)
        ]
        assert np.mean(found) > least, (bit, np.round(found, 3))


def test_an_upright_film_is_called_upright_plain_and_a_chest():
    assert np.mean([seen.turned.argmax() == 0 for seen in looks()]) >= 4 / 5
    assert np.mean([seen.inverted < 0.5 for seen in looks()]) >= 4 / 5
    assert np.mean([seen.frontal_chest > 0.5 for seen in looks()]) >= 4 / 5


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_turned_film_is_called_turned_clockwise(turn):
    turned = [look(np.rot90(grey, -turn)) for grey, _ in films()]
    assert np.mean([seen.turned.argmax() == turn for seen in turned]) >= 4 / 5


def test_turning_a_film_turns_the_answer_with_it():
    grey, _ = films()[0]
    plain, turned = look(grey).turned, look(np.rot90(grey, -1)).turned
    assert np.roll(turned, -1) == pytest.approx(plain, abs=0.02)


def test_exchanged_grey_is_found_and_the_answers_of_both_films_add_up():
    for (grey, _), seen in zip(films()[:2], looks(), strict=False):
        exchanged = look(1 - grey).inverted
        assert exchanged > 0.5
        assert exchanged + seen.inverted == pytest.approx(1, abs=0.05)


def test_a_mirrored_film_is_suspected_more_than_the_film_itself():
    more = [look(grey[:, ::-1]).mirrored > seen.mirrored
            for (grey, _), seen in zip(films(), looks(), strict=True)]  # fmt: skip
    assert np.mean(more) >= 4 / 5


@pytest.mark.parametrize("scene", ["limb", "hand", "part"])
def test_a_limb_or_another_part_is_no_frontal_chest(scene):
    said = [
        look(shown(SCENES[scene](192, Draw(np.random.default_rng(FIRST + k))))).frontal_chest
        for k in range(3)
    ]
    assert np.median(said) < 0.5


def test_outlines_have_the_size_of_the_film_and_lie_inside_it():
    grey, labels = films()[0]
    large = np.kron(grey, np.ones((9, 7), np.float32))
    seen = look(large)
    assert seen.masks.shape == large.shape
    truth = np.kron(labels, np.ones((9, 7), np.uint8))
    assert overlap(seen.masks & 1 > 0, truth & 1 > 0) > 0.85


def test_black_padding_is_never_outlined():
    grey, _ = films()[0]
    padded = np.zeros((192, 300), np.float32)
    padded[:, 60:252] = grey
    seen = look(padded)
    assert not seen.masks[:, :58].any()
    assert not seen.masks[:, 254:].any()


def test_the_same_film_gets_the_same_answer():
    grey, _ = films()[0]
    first, second = look(grey), look(grey.copy())
    assert np.array_equal(first.masks, second.masks)
    assert first.ctr_spread == second.ctr_spread
    assert first.mirrored == second.mirrored


def test_views_agree_on_a_clear_film_and_its_ratio_has_an_error():
    assert np.median([seen.agreement for seen in looks()]) > 0.9
    errors = [seen.ctr_spread for seen in looks()]
    assert all(error is not None and 0 <= error < 0.1 for error in errors)


def test_a_blank_film_has_no_ratio():
    seen = look(np.full((300, 300), 0.5, np.float32))
    assert seen.ctr_spread is None
    assert not seen.masks.any()


def test_a_stamp_is_refused():
    with pytest.raises(NotAFilm, match="32 pixels or more"):
        look(np.zeros((20, 20), np.float32))


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(NotAFilm, match="not finite"):
        look(np.full((64, 64), np.nan, np.float32))


def test_the_card_names_the_weights_that_are_shipped():
    folder = resources.files("workbench") / "models" / MODEL
    card = tomllib.loads((folder / "card.toml").read_text("utf-8"))
    data = [(folder / name).read_bytes() for name in FILES]
    assert card["name"] == MODEL
    assert card["files"] == {
        name: hashlib.sha256(one).hexdigest() for name, one in zip(FILES, data, strict=True)
    }
    assert card["digest"] == hashlib.sha256(b"".join(data)).hexdigest() == looks()[0].sha256
    assert card["data"]["real_images"] == 0
