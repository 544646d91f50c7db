"""The sheet of a drawn film: whole, cut off, moved, with metal, smaller, without spacing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import uniform_filter1d

from workbench.domain.exposure_band import ExposureLimits, parse_bands
from workbench.domain.image import Spacing, SpacingKind
from workbench.domain.quality_item import FilmGrade, ItemState, QualityCode
from workbench.formats import sniff
from workbench.phantoms.chest_labels import mask_of
from workbench.radiograph.film_box import step_of
from workbench.radiograph.grey import to_grey8
from workbench.screening.dr_quality import QualityAsked, judge_quality

SAMPLES = Path(__file__).resolve().parents[2] / "data_samples"
BITS = {"lung_right": 1, "lung_left": 2, "heart": 4}


@pytest.fixture(scope="module")
def film():
    """Image, header, greys at about 0.4 mm, masks of the same shape, and the step between."""
    received = sniff.read({"dr-normal.dcm": (SAMPLES / "dr-normal.dcm").read_bytes()})
    image = received.image
    said = json.loads((SAMPLES / "dr-normal.json").read_text("utf-8"))
    truth = said.get("truth", said)["masks"]
    shape = truth["rows"], truth["columns"]
    small = np.zeros(shape, np.uint8)
    for name, bit in BITS.items():
        small |= mask_of(truth[name], shape) * np.uint8(bit)
    shown = to_grey8(image.values, image.vois[0], invert=image.invert, padding=image.padding)
    step = 3
    grey = shown[::step, ::step].astype(np.float32) / 255
    rows = np.arange(grey.shape[0]) * shape[0] // grey.shape[0]
    columns = np.arange(grey.shape[1]) * shape[1] // grey.shape[1]
    return image, received.header, grey, small[np.ix_(rows, columns)], step


def item(sheet, code):
    return next(one for one in sheet.items if one.code is code)


def judged(film, grey=None, masks=None, **more):
    image, header, own_grey, own_masks, step = film
    asked = QualityAsked(chest=True, masks=own_masks if masks is None else masks, step=step, **more)
    return judge_quality(image, header, own_grey if grey is None else grey, asked)


def test_a_good_film_gets_its_points_and_says_what_was_left_out(film):
    sheet = judged(film)
    for code in (QualityCode.WHOLE_CHEST, QualityCode.INSPIRATION, QualityCode.SHARPNESS,
                 QualityCode.ARTEFACT, QualityCode.EXPOSURE, QualityCode.IDENTITY):  # fmt: skip
        one = item(sheet, code)
        assert (one.got, one.state) == (one.of, ItemState.SCORED), one
    assert item(sheet, QualityCode.ROTATION).state is ItemState.NOT_ASSESSED  # no clavicles drawn
    assert (sheet.grade, sheet.of) == (FilmGrade.A, 68)
    assert "68 of 68 points that could be judged (100 in all)" in sheet.grade_reason


@pytest.mark.parametrize("side", ["bottom", "left", "top"])
def test_a_film_that_cuts_a_lung_is_rejected_with_the_place(film, side):
    image, header, grey, masks, step = film
    rows, columns = np.nonzero((masks & 3) > 0)
    place = {
        "bottom": np.s_[: int(np.percentile(rows, 93)), :],
        "left": np.s_[:, int(np.percentile(columns, 7)) :],
        "top": np.s_[int(np.percentile(rows, 7)) :, :],
    }[side]
    asked = QualityAsked(chest=True, masks=masks[place], step=step)
    sheet = judge_quality(image, header, grey[place], asked)
    one = item(sheet, QualityCode.WHOLE_CHEST)
    assert (one.veto, one.reason, sheet.grade) == (True, "111209", FilmGrade.REJECT)
    left, upper, _right, lower = one.place[0]
    assert {"bottom": lower == 1, "left": left == 0, "top": upper == 0}[side]


def test_motion_up_and_down_costs_the_points_of_sharpness(film):
    grey = film[2]
    mm = film[0].spacing.row_mm * film[4]
    moved = uniform_filter1d(grey, round(14 / mm), axis=0)
    sharp, blurred = judged(film), judged(film, grey=moved)
    one = item(blurred, QualityCode.SHARPNESS)
    assert one.got < item(sharp, QualityCode.SHARPNESS).got
    assert one.reason == "111210"
    assert len(one.place) == 3


def test_metal_over_a_lung_is_found_where_it_lies(film):
    grey = film[2].copy()
    grey[400:425, 250:270] = 1.0
    one = item(judged(film, grey=grey), QualityCode.ARTEFACT)
    assert (one.got, one.reason) == (5.0, "111215")
    left, upper, right, lower = one.place[0]
    assert left <= 255 / grey.shape[1] <= right
    assert upper <= 410 / grey.shape[0] <= lower


def test_the_size_of_the_copy_hardly_matters(film):
    image, header, grey, masks, step = film
    asked = QualityAsked(chest=True, masks=masks[::2, ::2], step=2 * step)
    half = judge_quality(image, header, grey[::2, ::2], asked)
    assert step_of(grey.shape) == 2
    assert half.grade is judged(film).grade
    for code in (QualityCode.WHOLE_CHEST, QualityCode.INSPIRATION):
        assert item(half, code).got == item(judged(film), code).got


def test_without_spacing_shares_and_the_usual_width_are_used_and_it_is_said(film):
    image, *rest = film
    bare = replace(image, spacing=Spacing(None, None, SpacingKind.UNKNOWN))
    sheet = judged((bare, *rest))
    assert "% of the width" in item(sheet, QualityCode.WHOLE_CHEST).evidence
    assert "the file gives no spacing" in item(sheet, QualityCode.SHARPNESS).evidence
    assert sheet.grade is judged(film).grade


def test_the_band_of_the_site_is_used(film):
    text = (
        '[[band]]\nsite = "T01"\npart = "CHEST"\ntarget = 40\nnote = 1\nreview = 3\nsource = "x"\n'
    )
    bands = parse_bands(text)
    own = item(judged(film, limits=ExposureLimits("T01", bands)), QualityCode.EXPOSURE)
    other = item(judged(film, limits=ExposureLimits("T02", bands)), QualityCode.EXPOSURE)
    assert other.got == other.of
    assert own.got < own.of
    assert "target exposure index 40 of this institution" in own.evidence


def test_any_other_part_gets_the_short_sheet_and_a_refused_chest_none_of_the_outlines(film):
    image, header, grey, _, step = film
    hand = judge_quality(image, header, grey, QualityAsked(chest=False, step=step))
    assert (hand.name, hand.total) == ("other", 100)
    refused = judge_quality(
        image, header, grey, QualityAsked(chest=True, step=step, why_no_masks="the film is turned")
    )
    assert refused.grade is None
    assert item(refused, QualityCode.WHOLE_CHEST).evidence == "the film is turned"


def test_masks_of_another_shape_are_refused(film):
    with pytest.raises(ValueError, match="one shape"):
        judged(film, masks=film[3][1:])
