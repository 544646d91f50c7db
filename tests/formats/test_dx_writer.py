"""The DX file we write: read back by another program, and by the library that others use."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from workbench.domain.errors import BadImage, Invalid
from workbench.formats.writers.dx import (
    DxDevice,
    DxExposure,
    DxHeader,
    DxPatient,
    DxUids,
    dx_dataset,
    to_bytes,
)

HEADER = DxHeader(
    patient=DxPatient(
        name="欧阳^建国", id="T03-000417", birth_date=date(1961, 4, 9), sex="M", age_years=65
    ),
    uids=DxUids(study="2.25.101", series="2.25.102", instance="2.25.103"),
    device=DxDevice(
        manufacturer="Qinghe Imaging",
        model="QH-DR 500",
        serial="QH5-20417",
        institution="青河镇卫生院",
    ),
    exposure=DxExposure(kvp=120.0, mas=2.47, ei=264.5, eit=250.0, di=0.24, dap=0.612),
    taken_at=datetime(2026, 5, 6, 9, 41, 7, tzinfo=timezone(timedelta(hours=8))),
    accession="A260506017",
    spacing_mm=0.14,
)
PIXELS = np.random.default_rng(4).integers(0, 2**14, (40, 30)).astype(np.uint16)


def read(header=HEADER, pixels=PIXELS):
    return dcmread(BytesIO(to_bytes(dx_dataset(pixels, header))))


def dumped(tmp_path, header=HEADER):
    """What dcmtk, another program than the one that wrote it, finds in the file."""
    if shutil.which("dcmdump") is None:
        pytest.skip("dcmtk is not installed (Debian package dcmtk); dcmdump is needed here")
    path = tmp_path / "film.dcm"
    path.write_bytes(to_bytes(dx_dataset(PIXELS, header)))
    run = subprocess.run(
        ["dcmdump", "+U8", "+L", str(path)], capture_output=True, check=True, timeout=60
    )
    assert not run.stderr, run.stderr.decode()
    return run.stdout.decode("utf-8")


def test_the_pixels_come_back_as_they_went_in():
    back = read()
    assert np.array_equal(back.pixel_array, PIXELS)
    assert (back.BitsStored, back.HighBit, back.BitsAllocated) == (14, 13, 16)


def test_monochrome1_stores_the_complement_and_says_inverse_once():
    back = read(replace(HEADER, photometric="MONOCHROME1", window=(5000.0, 9000.0)))
    assert np.array_equal(back.pixel_array, 2**14 - 1 - PIXELS)
    assert back.PresentationLUTShape == "INVERSE"
    assert (back.WindowCenter, back.WindowWidth) == (2**14 - 1 - 5000, 9000)
    assert back.PixelIntensityRelationshipSign == 1


def test_equal_arguments_give_equal_bytes():
    first, second = (to_bytes(dx_dataset(PIXELS.copy(), HEADER)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("character_set", ["GB18030", "ISO_IR 192"])
def test_chinese_names_survive_either_character_set(character_set):
    back = read(replace(HEADER, character_set=character_set))
    assert back.SpecificCharacterSet == character_set
    assert str(back.PatientName) == "欧阳^建国"
    assert back.InstitutionName == "青河镇卫生院"


def test_the_bytes_of_a_name_are_those_of_its_character_set():
    assert "欧阳^建国".encode("gb18030") in to_bytes(dx_dataset(PIXELS, HEADER))
    utf8 = replace(HEADER, character_set="ISO_IR 192")
    assert "欧阳^建国".encode() in to_bytes(dx_dataset(PIXELS, utf8))


def test_the_header_says_what_was_asked():
    back = read()
    assert back.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert back.SOPClassUID == DigitalXRayImageStorageForPresentation
    assert (back.StudyInstanceUID, back.SOPInstanceUID) == ("2.25.101", "2.25.103")
    assert (back.Modality, back.PresentationIntentType) == ("DX", "FOR PRESENTATION")
    assert (back.BodyPartExamined, back.ViewPosition, back.ImageLaterality) == ("CHEST", "PA", "U")
    assert list(back.PatientOrientation) == ["L", "F"]
    assert (back.PatientBirthDate, back.PatientAge, back.PatientSex) == ("19610409", "065Y", "M")
    assert (back.StudyDate, back.ContentTime, back.TimezoneOffsetFromUTC) == (
        "20260506",
        "094107",
        "+0800",
    )
    assert list(back.ImagerPixelSpacing) == list(back.PixelSpacing) == [0.14, 0.14]
    assert "PixelSpacingCalibrationType" not in back  # it is the detector's, not the patient's
    assert (back.ExposureIndex, back.TargetExposureIndex, back.DeviationIndex) == (264.5, 250, 0.24)
    assert (back.KVP, back.ExposureInuAs) == (120, 2470)
    assert back.ImageAndFluoroscopyAreaDoseProduct == 0.612


def test_what_is_not_known_stays_missing():
    back = read(replace(HEADER, patient=replace(HEADER.patient, birth_date=None, age_years=None)))
    assert back.PatientBirthDate == ""
    assert "PatientAge" not in back


def test_every_identifier_is_legal():
    back = read()
    for uid in (
        back.StudyInstanceUID,
        back.SeriesInstanceUID,
        back.SOPInstanceUID,
        back.file_meta.ImplementationClassUID,
    ):
        assert UID(uid).is_valid


@pytest.mark.parametrize("character_set", ["GB18030", "ISO_IR 192"])
def test_dcmtk_reads_the_file_without_a_complaint(tmp_path, character_set):
    text = dumped(tmp_path, replace(HEADER, character_set=character_set))
    assert "[欧阳^建国]" in text
    assert "=DigitalXRayImageStorageForPresentation" in text
    assert "[264.5]" in text
    assert "=LittleEndianExplicit" in text


@pytest.mark.parametrize(
    ("pixels", "error"),
    [
        (PIXELS.astype(np.int32), "uint16"),
        (PIXELS[None], "rows x columns"),
        (PIXELS + np.uint16(2**14), "does not fit 14 bits"),
    ],
)
def test_pixels_that_do_not_fit_are_refused(pixels, error):
    with pytest.raises(BadImage, match=error):
        dx_dataset(pixels, HEADER)


@pytest.mark.parametrize(
    "change",
    [
        {"character_set": "ISO_IR 100"},
        {"photometric": "RGB"},
        {"bits": 17},
        {"spacing_mm": 0.0},
        {"taken_at": datetime(2026, 5, 6, 9, 41, tzinfo=UTC).replace(tzinfo=None)},
    ],
)
def test_a_header_that_cannot_be_written_is_refused(change):
    with pytest.raises(Invalid):
        replace(HEADER, **change)
