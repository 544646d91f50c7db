"""A film from gate to findings, on sample films with known truth and on what is no chest film."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

from workbench.domain.context import PatientContext
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.editions import operating_points
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.radiograph.foreign import shrink
from workbench.screening import thorax_net
from workbench.screening.dr import scope, screen_film
from workbench.store.screenings import as_json, from_json

SAMPLES = Path(__file__).parents[2] / "data_samples"
ADULT = PatientContext(age_years=55)


@cache
def sample(name):
    """A sample film as it is shown, at a quarter of its size, and its truth."""
    if not (SAMPLES / f"{name}.dcm").is_file():
        pytest.skip("no data_samples; make them with `workbench samples data_samples`")
    received = DicomDr().read({name: (SAMPLES / f"{name}.dcm").read_bytes()})
    truth = json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))["truth"]
    values = received.image.values.astype(np.float32)
    grey = shrink(values, 750)
    grey = (grey - grey.min()) / (grey.max() - grey.min()) * 255
    return grey.astype(np.uint8), truth


def film(grey, view="PA", part="CHEST", **tags):
    window = Voi(VoiKind.LINEAR_EXACT, 127.5, 255)
    image = Image(
        np.ascontiguousarray(grey).astype(np.uint16), 8, False, (window,),
        Spacing(None, None, SpacingKind.UNKNOWN),
    )  # fmt: skip
    header = ArrivalHeader(view=view, body_part=part, tags=MappingProxyType(tags))
    return Received(kind=ExamKind.DR, header=header, reader="test", image=image)


def said(grey, context=ADULT, **header):
    return screen_film(film(grey, **header), context, "d" * 64).said


def numbers(one):
    return {m.name: m for m in one.measurements}


@pytest.mark.parametrize("name", ["dr-normal", "dr-cardiomegaly"])
def test_a_sample_film_is_measured_as_it_was_drawn(name):
    grey, truth = sample(name)
    one = said(grey)
    ctr = numbers(one)["ctr"]
    assert (one.assessed, one.gate.accepted) == (True, True), one.reason
    assert ctr.value == pytest.approx(truth["ctr"], abs=0.03)
    assert 0.012 <= numbers(one)["ctr_se"].value < 0.05
    assert ctr.error == numbers(one)["ctr_se"].value
    assert round(ctr.value, 2) == ctr.value
    assert numbers(one)["lung_area_right"].value > 0.05
    codes = [f.code for f in one.findings]
    assert codes == (["DR212"] if truth["ctr"] > 0.5 else [])


def test_the_outlines_have_the_size_of_the_film_and_lie_where_they_were_drawn():
    grey, truth = sample("dr-normal")
    wide = np.kron(grey, np.ones((2, 2), np.uint8))[:-1, :-1]
    looked = screen_film(film(wide), ADULT, "d")
    masks = looked.masks()
    assert masks.shape == wide.shape
    across = np.flatnonzero((masks & 4).any(axis=0)) / wide.shape[1] * truth["shape"][1]
    borders = truth["borders"]
    assert across[0] == pytest.approx(borders["heart_right_px"], abs=80)
    assert across[-1] == pytest.approx(borders["heart_left_px"], abs=80)
    right, left = (np.flatnonzero((masks & bit).any(axis=0)).mean() for bit in (1, 2))
    assert right < left


def test_the_same_film_twice_says_the_same():
    grey, _truth = sample("dr-normal")
    first, second = said(grey), said(grey)
    assert replace(first, elapsed_ms=0) == replace(second, elapsed_ms=0)


def test_a_screening_comes_back_from_the_store_as_it_was():
    one = said(sample("dr-cardiomegaly")[0])
    again = from_json(json.loads(json.dumps(as_json(one))))
    assert again.measurements == one.measurements
    assert again.gate == one.gate
    assert [dict(f.place) for f in again.findings] == [dict(f.place) for f in one.findings]
    assert again.sheet == one.sheet


@pytest.mark.parametrize(
    ("view", "word"), [("AP", "AP film enlarges"), ("", "view is not given"), ("PA", "")]
)
def test_only_a_pa_film_is_held_against_one_half(view, word):
    one = said(sample("dr-cardiomegaly")[0], view=view)
    assert word in numbers(one)["ctr"].reason
    assert bool(numbers(one)["ctr"].reason) == bool(word)
    assert [f.code for f in one.findings] == (["DR212"] if view == "PA" else [])


def test_a_finding_shows_its_lines_on_the_film():
    one = said(sample("dr-cardiomegaly")[0])
    [found] = one.findings
    (left, y), (right, again) = (
        tuple(map(float, point.split(","))) for point in found.place["heart_line"].split()
    )
    assert y == again
    assert 0.2 < left < 0.5 < right < 0.9
    assert len(found.place["heart"].split()) > 20
    assert "evaluated 20" in found.evidence


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda grey: 255 - grey, "polarity_inverted"),
        (lambda grey: np.rot90(grey, 3), "rotated_90"),
        (lambda grey: np.rot90(grey, 2), "rotated_180"),
        (lambda grey: np.rot90(grey, 1), "rotated_270"),
    ],
)
def test_a_film_that_lies_wrong_is_held_back_with_the_reason(made, code):
    one = said(made(sample("dr-normal")[0]))
    assert (one.assessed, one.findings) == (False, ())
    assert code in one.gate.codes
    assert one.reason
    assert numbers(one)["ctr"].value is None
    assert numbers(one)["ctr"].reason == one.reason


def test_a_mirrored_film_is_suspected_and_not_held_back():
    one = said(sample("dr-normal")[0][:, ::-1])
    assert "mirrored_suspected" in one.gate.codes
    (ratio,) = [m for m in one.measurements if m.name == "ctr"]
    assert ratio.value is None
    assert "exchanged" in ratio.reason
    assert one.gate.accepted
    assert "mirrored_suspected" not in said(sample("dr-normal")[0]).gate.codes


def lettered(grey):
    picture = Picture.fromarray(grey)
    text = "ZHANG SAN 1971-03-12\nID 20260112345\nTOWN HOSPITAL"
    ImageDraw.Draw(picture).text((25, 25), text, 255, font=ImageFont.load_default(20))
    return np.asarray(picture)


def screenshot(grey):
    screen = Picture.new("L", (1200, 800), 52)
    screen.paste(Picture.fromarray(grey).resize((560, 640)), (400, 120))
    return np.asarray(screen)


BAD = {
    "thumbnail": (lambda grey: grey[::12, ::12][:64, :64], {}, "too_small"),
    "one value": (lambda grey: np.full_like(grey, 90), {}, "blank"),
    "side view": (lambda grey: grey, {"view": "LL"}, "lateral"),
    "burned-in text": (lettered, {}, "burned_in_text"),
    "text by its header": (lambda grey: grey, {"BurnedInAnnotation": "YES"}, "burned_in_text"),
    "photo": (lambda grey: grey, {"ColouredShare": 0.8}, "photo_or_screenshot"),
    "screenshot": (screenshot, {}, "photo_or_screenshot"),
    "noise": (
        lambda grey: np.random.default_rng(1).integers(0, 255, grey.shape).astype(np.uint8),
        {},
        "not_chest",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_adult_chest_film_is_not_assessed_and_says_why(name):
    made, header, code = BAD[name]
    one = said(made(sample("dr-cardiomegaly")[0]), **header)
    assert (one.assessed, one.findings) == (False, ())
    assert code in one.gate.codes
    assert one.reason == one.gate.notes[0]
    assert all(m.value is None and m.reason for m in one.measurements[:9])


def test_without_its_nets_the_film_is_kept_and_it_is_said_what_to_do(monkeypatch):
    """A package that was copied in part; what needs no net is still said."""
    grey, _truth = sample("dr-normal")
    monkeypatch.setattr(thorax_net, "FILES", ("gate.onnx", "not-copied.onnx"))
    thorax_net._nets.cache_clear()
    try:
        one = said(grey)
    finally:
        thorax_net._nets.cache_clear()
    assert (one.assessed, one.gate.codes[0], one.findings) == (False, "no_model", ())
    assert "install the program again" in one.reason
    assert numbers(one)["fully_white"].value is not None


def test_a_child_is_not_assessed():
    one = said(sample("dr-cardiomegaly")[0], PatientContext(age_years=2))
    assert (one.assessed, one.findings) == (False, ())
    assert "paediatric" in one.gate.codes
    assert "children under 16" in one.reason


def test_a_film_of_another_part_is_told_to_be_one():
    hand = np.random.default_rng(1).integers(0, 255, (400, 300)).astype(np.uint8)
    one = said(hand, part="HAND", view="")
    assert (one.assessed, one.gate.accepted) == (False, False)
    assert "body part HAND" in one.reason


def test_it_is_said_what_was_searched_for_and_what_is_not_supported():
    one = said(sample("dr-normal")[0])
    assert one.reason == scope()
    searched, unsupported, _rest = one.reason.split("; ")
    assert "Cardiac enlargement" in searched
    assert "Massive pleural effusion" in searched
    assert "Tension pneumothorax" in unsupported
    assert "Free subdiaphragmatic gas" in unsupported
    assert {p.finding for p in operating_points().values() if p.on} == {
        "DR212", "DR115", "DR004", "DR017"
    }  # fmt: skip
