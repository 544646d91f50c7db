"""What a sample chest film promises: shape, depth, truth that fits the picture, repeatability."""

import json
import math
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from workbench.phantoms.chest_labels import mask_of
from workbench.phantoms.chest_marker import letter
from workbench.phantoms.thorax import ChestCase, Sex, ThoraxCase, draw_case, make_film

SMALL = (270, 225)
NORMAL = ThoraxCase(case=ChestCase.NORMAL, sex=Sex.MALE, age=45, habitus=0.4, ctr=0.45, dose=1.0)


@lru_cache(maxsize=64)
def film_of(case, seed=7):
    return make_film(case, SMALL, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def normal():
    return film_of(NORMAL)


def masks_of(film):
    held = film.truth["masks"]
    shape = (held["rows"], held["columns"])
    names = ("lung_right", "lung_left", "heart")
    return {name: mask_of(held[name], shape) for name in names}


def greys_on(film, mask):
    rows = ((np.arange(film.pixels.shape[0]) + 0.5) * mask.shape[0] / film.pixels.shape[0]).astype(
        int
    )
    columns = (
        (np.arange(film.pixels.shape[1]) + 0.5) * mask.shape[1] / film.pixels.shape[1]
    ).astype(int)
    return film.pixels[mask[np.ix_(rows, columns)]]


def test_a_film_has_fourteen_bit_greys_in_the_shape_asked_for(normal):
    assert normal.pixels.dtype == np.uint16
    assert normal.pixels.shape == SMALL
    assert normal.pixels.max() < 2**14
    assert len(np.unique(normal.pixels)) > 3000


def test_the_film_is_35_cm_wide_whatever_its_shape(normal):
    assert normal.spacing_mm * SMALL[1] == pytest.approx(350)
    assert normal.truth["spacing_mm"] == pytest.approx(normal.spacing_mm, abs=1e-4)


def test_equal_seeds_give_equal_films_and_other_seeds_do_not(normal):
    again, other = make_film(NORMAL, SMALL, np.random.default_rng(7)), film_of(NORMAL, seed=1)
    assert np.array_equal(normal.pixels, again.pixels)
    assert normal.truth == again.truth
    assert not np.array_equal(normal.pixels, other.pixels)


def test_the_truth_can_be_written_as_json_and_read_back(normal):
    assert json.loads(json.dumps(normal.truth)) == normal.truth


def test_dense_parts_are_white_and_air_is_black(normal):
    masks = masks_of(normal)
    lungs = np.median(greys_on(normal, masks["lung_right"] | masks["lung_left"]))
    assert np.median(greys_on(normal, masks["heart"])) > lungs + 4000
    belly = normal.pixels[-45:-25, 75:150]
    assert np.median(belly) > lungs + 6000


def test_the_patients_left_is_at_the_images_right(normal):
    masks = masks_of(normal)
    columns = {name: np.flatnonzero(mask.any(0)).mean() for name, mask in masks.items()}
    assert columns["lung_right"] < columns["heart"] < columns["lung_left"]
    middle = masks["heart"].shape[1] / 2
    share = masks["heart"][:, int(middle) :].sum() / masks["heart"].sum()
    assert share > 0.6  # most of the heart lies to the left


@pytest.mark.parametrize(
    ("wanted", "sex"), [(0.40, Sex.FEMALE), (0.52, Sex.MALE), (0.64, Sex.MALE)]
)
def test_the_heart_reaches_the_ratio_asked_for(wanted, sex):
    film = film_of(replace(NORMAL, sex=sex, ctr=wanted))
    assert film.truth["ctr"] == pytest.approx(wanted, abs=0.012)


def test_the_ratio_agrees_with_the_widths_and_the_masks(normal):
    truth = normal.truth
    assert truth["heart_width_px"] / truth["thorax_width_px"] == pytest.approx(
        truth["ctr"], abs=2e-3
    )
    masks = masks_of(normal)
    step = SMALL[1] / masks["heart"].shape[1]
    across = np.flatnonzero(masks["heart"].any(0))
    assert (across[-1] - across[0] + 1) * step == pytest.approx(
        truth["heart_width_px"], abs=3 * step
    )


def test_every_mask_lies_inside_the_thorax(normal):
    borders, masks = normal.truth["borders"], masks_of(normal)
    step = SMALL[1] / masks["heart"].shape[1]
    for mask in masks.values():
        across = np.flatnonzero(mask.any(0)) * step
        assert across[0] >= borders["thorax_right_px"] - 2 * step
        assert across[-1] <= borders["thorax_left_px"] + 2 * step
    assert not (masks["heart"] & (masks["lung_right"] | masks["lung_left"])).any()


def test_lungs_are_of_a_believable_size(normal):
    masks = masks_of(normal)
    cell = (35.0 / masks["heart"].shape[1]) ** 2
    areas = [masks[name].sum() * cell for name in ("lung_right", "lung_left")]
    assert all(120 < area < 420 for area in areas)  # cm2 on an adult film
    assert 0.6 < areas[0] / areas[1] < 1.7


UNDER = replace(NORMAL, case=ChestCase.UNDEREXPOSED, dose=0.1)
OVER = replace(NORMAL, case=ChestCase.OVEREXPOSED, dose=9.0)


@pytest.mark.parametrize("case", [NORMAL, UNDER, OVER], ids=lambda c: c.case.value)
def test_the_deviation_index_follows_from_the_exposure_index(case):
    film = film_of(case)
    factors = film.exposure
    assert factors.di == pytest.approx(10 * math.log10(case.dose), abs=0.02)
    assert factors.di == pytest.approx(10 * math.log10(factors.ei / factors.eit), abs=0.02)
    assert film.truth["exposure"]["di"] == factors.di
    assert film.truth["case"] == case.case.value


@pytest.mark.parametrize(("low", "high"), [(UNDER, NORMAL), (NORMAL, OVER)])
def test_more_dose_at_the_detector_means_more_current_and_more_dose_to_the_patient(low, high):
    less, more = film_of(low).exposure, film_of(high).exposure
    assert more.mas / less.mas == pytest.approx(high.dose / low.dose, rel=0.03)
    assert more.dap / less.dap == pytest.approx(high.dose / low.dose, rel=0.03)


def grain(film):
    """Noise over the belly: standard deviation after taking out everything broad."""
    belly = film.pixels[-50:-20, 70:155].astype(float)
    across = belly[:, 1:] - belly[:, :-1]
    return np.median(np.abs(across - np.median(across)))


def test_an_underexposed_film_is_grainy():
    assert grain(film_of(UNDER)) > 2 * grain(film_of(NORMAL))


def test_an_overexposed_film_has_burnt_lungs():
    over, fair = film_of(OVER), film_of(NORMAL)
    burnt = [np.mean(greys_on(film, masks_of(film)["lung_right"]) < 400) for film in (over, fair)]
    assert burnt[0] > 0.25
    assert burnt[1] < 0.02


def test_a_heavier_person_needs_more_current():
    heavy = film_of(replace(NORMAL, habitus=0.95))
    assert heavy.exposure.mas > 1.2 * film_of(NORMAL).exposure.mas


@pytest.mark.parametrize("seed", [1, 2])
def test_the_marker_shows_its_letter_on_its_own_side(seed):
    film = film_of(NORMAL, seed=seed)
    marker, pitch = film.truth["marker"], film.spacing_mm / 10
    place = (marker["left_px"] * pitch, marker["top_px"] * pitch)
    lead = letter(marker["letter"], SMALL, pitch, place)
    around = gaussian_filter(lead, 4) > 0.02
    on, beside = film.pixels[lead > 0.9], film.pixels[around & (lead < 0.01)]
    assert np.median(on) > np.median(beside.astype(float)) + 1500
    columns = np.flatnonzero(lead.any(0)) / SMALL[1]
    assert columns.max() < 0.25 if marker["letter"] == "R" else columns.min() > 0.75


def test_what_the_collimator_cuts_off_is_black():
    for seed in (1, 2):
        film = film_of(NORMAL, seed=seed)
        field = film.truth["collimation_px"]
        assert (film.pixels[: field["top"]] == 0).all()
        assert (film.pixels[field["bottom"] + 1 :] == 0).all()
        assert (film.pixels[:, : field["left"]] == 0).all()


def test_drawn_cases_differ_and_keep_to_their_kind():
    generator = np.random.default_rng(3)
    normal = [draw_case(ChestCase.NORMAL, generator) for _ in range(40)]
    large = [draw_case(ChestCase.CARDIOMEGALY, generator) for _ in range(40)]
    assert max(c.ctr for c in normal) < 0.5 < min(c.ctr for c in large)
    assert {c.sex for c in normal} == set(Sex)
    assert len({c.age for c in normal}) > 20


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": 7}, "not an adult"),
        ({"habitus": 1.2}, "habitus"),
        ({"ctr": 0.9}, "0.3 to 0.8"),
        ({"dose": 0}, "dose"),
    ],
)
def test_a_case_outside_its_limits_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        replace(NORMAL, **change)


def test_a_shape_too_small_for_a_chest_is_refused():
    with pytest.raises(ValueError, match="too small"):
        make_film(NORMAL, (60, 50), np.random.default_rng(1))
