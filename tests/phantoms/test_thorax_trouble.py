"""Drawn disease and drawn faults: what the truth says is what the film shows."""

import json
from functools import lru_cache

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, zoom

from workbench.phantoms.chest_labels import mask_of
from workbench.phantoms.chest_lungs import LEFT, RIGHT
from workbench.phantoms.chest_marker import letter
from workbench.phantoms.chest_person import ChestCase, Sex, ThoraxCase, draw_person
from workbench.phantoms.chest_push import Push
from workbench.phantoms.chest_trouble import TroubleKind, plan_trouble, troubled
from workbench.phantoms.thorax import make_film

SMALL = (216, 180)
PERSON = ThoraxCase(case=ChestCase.NORMAL, sex=Sex.MALE, age=50, habitus=0.3, ctr=0.45, dose=1.0)
SIDES = {RIGHT: "lung_right", LEFT: "lung_left"}


@lru_cache(maxsize=32)
def film_of(kind=None, side=RIGHT):
    """The same person with one trouble, or without; greys on the grid of the masks."""
    trouble = None if kind is None else plan_trouble(TroubleKind(kind), side)
    film = make_film(PERSON, SMALL, np.random.default_rng(5), trouble)
    held = film.truth["masks"]
    shape = held["rows"], held["columns"]
    masks = {name: mask_of(held[name], shape) for name in ("lung_right", "lung_left", "heart")}
    for name, runs in film.truth.get("disease_masks", {}).items():
        masks[name] = mask_of(runs, shape)
    factors = [after / before for after, before in zip(shape, SMALL, strict=True)]
    grey = zoom(film.pixels.astype(np.float32), factors, order=1) / (2**14 - 1)
    return film, grey, masks


def middle(mask):
    return float(np.nonzero(mask)[1].mean())


def test_the_same_seed_draws_the_same_trouble_and_the_truth_fits_json():
    film = film_of("nodule")[0]
    again = make_film(
        PERSON, SMALL, np.random.default_rng(5), plan_trouble(TroubleKind.NODULE, RIGHT)
    )
    assert np.array_equal(film.pixels, again.pixels)
    assert json.loads(json.dumps(film.truth)) == film.truth == again.truth


def test_a_trouble_changes_the_film_and_leaves_person_and_marker():
    healthy, ill = film_of()[0], film_of("nodule")[0]
    assert ill.truth["case"] == "nodule"
    for name in ("sex", "habitus", "marker", "collimation_px", "borders"):
        assert healthy.truth[name] == ill.truth[name]
    assert not np.array_equal(healthy.pixels, ill.pixels)


@pytest.mark.parametrize("side", [LEFT])
def test_a_massive_effusion_whitens_its_side_and_pushes_the_heart_away(side):
    _film, grey, masks = film_of("massive_effusion", side)
    _healthy, before, normal = film_of()
    wet, dry = masks[SIDES[side]], masks[SIDES[-side]]
    assert np.median(grey[wet]) > np.median(before[normal[SIDES[side]]]) + 0.3
    assert np.median(grey[dry]) < np.median(grey[wet]) - 0.3
    assert (masks["fluid"] & wet).sum() > 0.95 * wet.sum()
    moved = (middle(masks["heart"]) - middle(normal["heart"])) * side
    assert moved < -0.05 * grey.shape[1]


@pytest.mark.parametrize("side", [RIGHT])
def test_a_collapsed_lung_is_white_and_draws_the_heart_towards_it(side):
    film, grey, masks = film_of("collapse", side)
    normal = film_of()[2]
    airless, over = masks[SIDES[side]], masks[SIDES[-side]]
    assert np.median(grey[airless]) > np.median(grey[over]) + 0.3
    assert (middle(masks["heart"]) - middle(normal["heart"])) * side > 0.05 * grey.shape[1]
    assert over.sum() > 1.1 * normal[SIDES[-side]].sum()  # the other lung grows
    assert "fluid" not in masks
    assert film.truth["side"] == ("right" if side == RIGHT else "left")


def test_a_moderate_effusion_hides_the_angle_and_climbs_at_the_wall():
    _film, grey, masks = film_of("moderate_effusion", LEFT)
    fluid, lung = masks["fluid"] & masks["lung_left"], masks["lung_left"]
    rows, columns = np.nonzero(lung)
    low = lung & (np.indices(lung.shape)[0] > np.percentile(rows, 92))
    high = lung & (np.indices(lung.shape)[0] < np.percentile(rows, 50))
    assert np.median(grey[low]) > np.median(grey[high]) + 0.25
    tops = [np.flatnonzero(fluid[:, int(np.percentile(columns, part))])[0] for part in (50, 95)]
    assert tops[1] < tops[0] - 0.03 * lung.shape[0]


@pytest.mark.parametrize(
    ("kind", "side"), [("large_pneumothorax", RIGHT), ("tension_pneumothorax", LEFT)]
)
def test_beyond_the_pleural_line_it_is_black_without_vessels(kind, side):
    film, grey, masks = film_of(kind, side)
    free = masks["free"] & masks[SIDES[side]]
    outer = np.indices(free.shape)[1] * side > np.percentile(np.nonzero(free)[1] * side, 60)
    beyond, other = free & outer, masks[SIDES[-side]]
    assert np.median(grey[beyond]) < np.median(grey[other]) - 0.03
    assert 0.05 < film.truth["lung_left_share"] < 0.5
    assert film.truth["free_ml"] > 800


def test_under_tension_the_heart_goes_away_and_the_dome_goes_down():
    normal, masks = film_of()[2], film_of("tension_pneumothorax", LEFT)[2]
    assert middle(masks["heart"]) < middle(normal["heart"]) - 0.04 * SMALL[1]

    def dome(found, name):
        columns = np.flatnonzero(found[name].any(0))
        return np.flatnonzero(found[name][:, int(np.median(columns))])[-1]

    assert dome(masks, "lung_left") > dome(normal, "lung_left") + 3
    assert abs(dome(masks, "lung_right") - dome(normal, "lung_right")) <= 1


def test_free_gas_is_a_black_crescent_under_the_right_dome():
    _film, grey, masks = film_of("free_gas")
    gas = masks["gas"] & (np.indices(grey.shape)[1] < grey.shape[1] * 0.4)
    rows, columns = np.nonzero(gas)
    below = np.zeros_like(gas)
    below[np.minimum(rows + 12, grey.shape[0] - 1), columns] = True
    assert np.median(grey[gas]) < np.median(grey[below & ~gas]) - 0.15
    assert rows.mean() > np.nonzero(masks["lung_right"])[0].mean()
    assert np.ptp(columns) > 3 * np.median(gas.sum(0)[gas.any(0)])  # wide and thin


def test_oedema_lies_about_the_hila_and_leaves_the_rim_free():
    _film, grey, masks = film_of("oedema")
    before = film_of()[1]
    lung = masks["lung_right"]
    rows, columns = np.nonzero(lung)
    across = np.indices(lung.shape)[1]
    level = abs(np.indices(lung.shape)[0] - np.median(rows)) < 0.1 * np.ptp(rows)
    inner = lung & level & (across > np.percentile(columns, 65))
    outer = lung & level & (across < np.percentile(columns, 12))
    change = grey - before
    assert np.median(change[inner]) > np.median(change[outer]) + 0.1


def test_consolidation_fills_the_right_upper_lobe_down_to_the_fissure():
    _film, grey, masks = film_of("consolidation", RIGHT)
    dense = masks["dense"] & masks["lung_right"]
    clear = masks["lung_right"] & ~masks["dense"]
    assert not (masks["dense"] & masks["lung_left"]).any()
    assert np.median(grey[dense]) > np.median(grey[clear]) + 0.2
    assert np.percentile(np.nonzero(dense)[0], 95) < np.percentile(np.nonzero(clear)[0], 50)


def test_a_nodule_is_where_the_truth_says():
    film = film_of("nodule", LEFT)[0]
    said, healthy = film.truth["nodule"], film_of()[0]
    change = film.pixels.astype(float) - healthy.pixels
    rows, columns = np.indices(SMALL)
    away = np.hypot(columns - said["column_px"], rows - said["row_px"]) * film.spacing_mm
    half = said["diameter_mm"] / 2
    assert 20 < said["diameter_mm"] < 30
    assert np.median(change[away < 0.6 * half]) > 800
    assert abs(np.median(change[(away > 1.6 * half) & (away < 3 * half)])) < 150
    assert said["column_px"] > SMALL[1] / 2


def test_a_turned_person_shows_one_clavicle_nearer_the_spine():
    truth = film_of("rotated", RIGHT)[0].truth
    assert truth["turned_deg"] < -12
    assert truth["clavicles_uneven"] > 0.5  # ten per cent is what a good film may have


def test_a_badly_centred_film_loses_the_side_wall():
    masks = film_of("cut_off", LEFT)[2]
    assert masks["lung_left"][:, -1].sum() > 0.2 * SMALL[0]
    assert not masks["lung_right"][:, 0].any()


def test_motion_blurs_downwards_and_leaves_the_lead_letter_sharp():
    moved, still = film_of("moved")[0], film_of()[0]
    middle_of = np.s_[int(0.3 * SMALL[0]) : int(0.7 * SMALL[0]), 30:150]

    def steep(film, axis):
        grey = gaussian_filter(film.pixels.astype(float), 0.7)
        return np.abs(np.diff(grey, axis=axis))[middle_of].mean()

    assert steep(moved, 0) < 0.75 * steep(still, 0)
    assert steep(moved, 1) > 0.85 * steep(still, 1)
    marker, pitch = moved.truth["marker"], moved.spacing_mm / 10
    place = marker["left_px"] * pitch, marker["top_px"] * pitch
    lead = letter(marker["letter"], SMALL, pitch, place)
    edge = (gaussian_filter(lead, 1) > 0.05) & (lead < 0.02)
    for film in (moved, still):
        assert np.median(film.pixels[lead > 0.9]) > np.median(film.pixels[edge]) + 1500


def test_the_wrong_letter_lies_on_the_other_side():
    right, wrong = film_of()[0].truth["marker"], film_of("wrong_marker")[0].truth["marker"]
    assert right["letter"] == wrong["letter"]
    sides = [one["left_px"] > SMALL[1] / 2 for one in (right, wrong)]
    assert sides == [right["letter"] == "L", right["letter"] != "L"]


def test_devices_are_brighter_than_bone_over_the_left_shoulder():
    change = film_of("devices")[0].pixels.astype(float) - film_of()[0].pixels
    rows, columns = np.nonzero(change > 4000)
    assert len(rows) * film_of("devices")[0].spacing_mm ** 2 > 1200  # mm2: the can alone has 1,400
    assert np.median(columns) > SMALL[1] / 2
    assert np.median(rows) < SMALL[0] / 2


def test_a_push_and_its_way_back_meet():
    person = draw_person(PERSON, np.random.default_rng(1))
    generator = np.random.default_rng(2)
    points = generator.uniform((-11, -8, -6), (11, 27, 6), (500, 3)).astype(np.float32)
    push = Push(person, 4.2)
    there = push.moved(points)
    back = push.rest(there[:, 0], there[:, 1])
    wall = np.abs(points[:, 0]) < 0.3 * person["half_width"]
    assert np.abs(back - points[:, 0]).max() < 0.02
    assert (there[wall & (points[:, 1] > 12), 0] > points[wall & (points[:, 1] > 12), 0] + 2).all()


def test_a_trouble_names_its_side_or_is_refused():
    with pytest.raises(ValueError, match="neither"):
        plan_trouble(TroubleKind.COLLAPSE, 0)
    with pytest.raises(ValueError, match="not drawn"):
        plan_trouble(TroubleKind.CONSOLIDATION, LEFT)
    assert plan_trouble(TroubleKind.OEDEMA, LEFT).side == 0
    assert plan_trouble(TroubleKind.NODULE, LEFT).side == LEFT
    person = draw_person(PERSON, np.random.default_rng(1))
    assert troubled(person, plan_trouble(TroubleKind.NODULE, LEFT)) is person
