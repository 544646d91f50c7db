"""What the first DR screener says of films whose faults are known."""

import os
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.context import PatientContext
from workbench.domain.errors import BadImage
from workbench.domain.finding import Severity
from workbench.domain.image import Image, Spacing, SpacingKind, Voi, VoiKind
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.screening.dr_exposure import refuse_film, screen_film

ANYONE = PatientContext()


def film(values):
    window = Voi(VoiKind.LINEAR, 2048, 4096)
    return Image(values, 12, False, (window,), Spacing(None, None, SpacingKind.UNKNOWN))


@pytest.fixture
def picture():
    return np.random.default_rng(2).integers(200, 3500, (200, 160)).astype(np.uint16)


def measured(said):
    return {m.name: m for m in said.measurements}


def test_a_sound_film_is_assessed_but_never_graded_nor_called_normal(picture):
    tags = {"ExposureIndex": 410.0, "TargetExposureIndex": 400.0, "DeviationIndex": 0.1}
    said = screen_film(film(picture), tags, ANYONE, "d" * 64)
    assert (said.assessed, said.gate.accepted, said.gate.codes) == (True, True, ())
    assert (said.grade, said.findings, said.quality) == (None, (), ())
    assert "no disease was looked for" in said.reason
    assert measured(said)["deviation index"].value == pytest.approx(0.107, abs=1e-3)


def test_a_contradicting_index_is_recomputed_and_told(picture):
    tags = {"ExposureIndex": 1600.0, "TargetExposureIndex": 400.0, "DeviationIndex": -6.0}
    said = screen_film(film(picture), tags, ANYONE, "d")
    assert said.gate.codes == ("di_contradicts",)
    assert "recomputed" in said.gate.notes[-1]
    assert [q.code for q in said.quality] == ["DR904"]
    assert "over-exposed" in said.quality[0].evidence
    assert said.quality[0].severity is Severity.TECHNICAL


@pytest.mark.parametrize(
    "tags", [{}, {"ExposureIndex": 0.0, "TargetExposureIndex": 400.0}, {"ExposureIndex": "high"}]
)
def test_what_is_not_given_is_not_measured_and_not_judged(picture, tags):
    said = screen_film(film(picture), tags, ANYONE, "d")
    index = measured(said)["deviation index"]
    assert (index.value, said.quality) == (None, ())
    assert index.reason
    assert said.gate.codes == ("no_exposure_index",)


def test_a_written_index_alone_is_still_judged(picture):
    said = screen_film(film(picture), {"DeviationIndex": -4.5}, ANYONE, "d")
    assert "under-exposed" in said.quality[0].evidence


def test_a_blank_film_does_not_pass_the_gate():
    said = screen_film(film(np.full((50, 50), 37, np.uint16)), {}, ANYONE, "d")
    assert (said.assessed, said.gate.accepted) == (False, False)
    assert "blank" in said.gate.codes
    assert said.reason


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
        said = screen_film(received.image, received.header.tags, ANYONE, "d")
        if said.quality or said.gate.codes:
            found[path.name[:2]] = (said.gate.accepted, len(said.quality), said.gate.codes)
    assert found == {
        "16": (True, 1, ("di_contradicts",)),
        "17": "refused",
        "20": (False, 0, ("blank",)),
        "21": (True, 2, ()),
    }
