"""What is said of the exposure of films whose faults are known."""

import os
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.errors import BadImage
from workbench.domain.finding import Severity
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.editions import rule_book
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.screening.dr_exposure import BOOK, look_at_exposure, refuse_film

LIMITS = rule_book(BOOK)


def film(values):
    window = Voi(VoiKind.LINEAR, 2048, 4096)
    return Image(values, 12, False, (window,), Spacing(None, None, SpacingKind.UNKNOWN))


@pytest.fixture
def picture():
    return np.random.default_rng(2).integers(200, 3500, (200, 160)).astype(np.uint16)


def measured(seen):
    return {m.name: m for m in seen.measurements}


def test_a_film_exposed_as_intended_is_left_alone(picture):
    tags = {"ExposureIndex": 410.0, "TargetExposureIndex": 400.0, "DeviationIndex": 0.1}
    seen = look_at_exposure(film(picture), tags, LIMITS)
    assert (seen.blank, seen.quality, seen.codes) == (False, (), ())
    assert measured(seen)["deviation_index"].value == pytest.approx(0.107, abs=1e-3)


def test_a_contradicting_index_is_recomputed_and_told(picture):
    tags = {"ExposureIndex": 1600.0, "TargetExposureIndex": 400.0, "DeviationIndex": -6.0}
    seen = look_at_exposure(film(picture), tags, LIMITS)
    assert seen.codes == ("di_contradicts",)
    assert "recomputed" in seen.notes[-1]
    assert [q.code for q in seen.quality] == ["DR904"]
    assert "over-exposed" in seen.quality[0].evidence
    assert seen.quality[0].severity is Severity.TECHNICAL


@pytest.mark.parametrize(
    "tags", [{}, {"ExposureIndex": 0.0, "TargetExposureIndex": 400.0}, {"ExposureIndex": "high"}]
)
def test_what_is_not_given_is_not_measured_and_not_judged(picture, tags):
    seen = look_at_exposure(film(picture), tags, LIMITS)
    index = measured(seen)["deviation_index"]
    assert (index.value, seen.quality) == (None, ())
    assert index.reason
    assert seen.codes == ("no_exposure_index",)


def test_a_written_index_alone_is_given_as_written_and_still_judged(picture):
    seen = look_at_exposure(film(picture), {"DeviationIndex": -4.5}, LIMITS)
    index = measured(seen)["deviation_index"]
    assert (index.value, index.method) == (-4.5, "header")
    assert "under-exposed" in seen.quality[0].evidence


def test_a_film_of_one_grey_is_blank_and_its_ends_are_not_judged():
    seen = look_at_exposure(film(np.full((50, 50), 37, np.uint16)), {}, LIMITS)
    assert (seen.blank, seen.quality) == (True, ())


def test_a_film_that_cannot_be_decoded_is_refused_with_the_reason():
    said = refuse_film(BadImage("truncated: 5 bytes of 9"), "d")
    assert (said.assessed, said.gate.accepted, said.gate.codes) == (False, False, ("truncated",))
    assert "5 bytes of 9" in said.reason


def test_of_the_made_up_faults_exactly_the_exposure_ones_are_found():
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("WORKBENCH_SHARED_DATA", beside)) / "dr" / "derived"
    if not folder.is_dir():
        pytest.skip("no shared data; set WORKBENCH_SHARED_DATA to the folder that holds dr and ecg")
    found = {}
    for path in sorted(folder.glob("*.dcm")):
        try:
            received = DicomDr().read({path.name: path.read_bytes()})
        except BadImage:
            found[path.name[:2]] = "refused"
            continue
        seen = look_at_exposure(received.image, received.header.tags, LIMITS)
        if seen.quality or seen.codes or seen.blank:
            found[path.name[:2]] = (seen.blank, len(seen.quality), seen.codes)
    assert found == {
        "16": (False, 1, ("di_contradicts",)),
        "17": "refused",
        "20": (True, 0, ()),
        "21": (False, 2, ()),
    }
