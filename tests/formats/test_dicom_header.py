"""Headers: times keep their zone, bad UIDs are flagged, what is missing stays missing."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from pydicom.dataset import Dataset

from workbench.domain.kinds import ExamKind
from workbench.formats import dicom_file, sniff
from workbench.formats.readers.dicom_dr import DicomDr

PIXELS = np.arange(64, dtype=np.uint16).reshape(8, 8)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def header(make_film):
    def read(zone=None, **tags):
        return DicomDr().read_header({"film.dcm": make_film(PIXELS, **tags)}, zone)

    return read


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
@pytest.mark.parametrize(
    ("tags", "zone", "start", "source"),
    [
        (
            {"TimezoneOffsetFromUTC": "+0100"},
            SHANGHAI,
            datetime(2026, 1, 2, 7, 15, tzinfo=UTC),
            "file",
        ),
        ({}, SHANGHAI, datetime(2026, 1, 2, 0, 15, tzinfo=UTC), "site"),
        ({}, None, None, ""),
        (
            {"AcquisitionDateTime": "20260103101500.5+0800"},
            None,
            datetime(2026, 1, 3, 2, 15, 0, 500000, UTC),
            "file",
        ),
        (
            {"AcquisitionDate": "20260102", "AcquisitionTime": "082000"},
            SHANGHAI,
            datetime(2026, 1, 2, 0, 20, tzinfo=UTC),
            "site",
        ),
        ({"StudyDate": "20261399"}, SHANGHAI, None, ""),
    ],
)
def test_a_time_is_placed_only_with_a_zone_that_is_known(header, tags, zone, start, source):
    found = header(zone, **tags)
    assert (found.header.exam_start, found.header.clock_source) == (start, source)
    assert ("clock_without_zone" in found.flags) is bool(
        found.header.device_clock and start is None
    )


@pytest.mark.parametrize("uid", ["1.2.826.0..1", "1.2.3.", "../../etc/passwd", "1.02.3", "9" * 70])
def test_an_illegal_uid_is_accepted_flagged_and_kept_as_it_stands(write_dicom, uid):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = "1.2.840.10008.5.1.4.1.1.1", "1.2.3", "CR"
    data = write_dicom(ds, "1.2.840.10008.1.2.1")
    ds.add_new("PatientID", "LO", "P")
    element = (
        bytes.fromhex("20000d00") + b"UI" + len(uid + "\0" * (len(uid) % 2)).to_bytes(2, "little")
    )
    found = DicomDr().read_header({"a": data + element + uid.encode() + b"\0" * (len(uid) % 2)})
    assert found.header.study_uid == uid
    assert "illegal_uid" in found.flags
    assert uid in " ".join(found.notes)


def test_missing_values_stay_missing_and_are_named(write_dicom):
    ds = Dataset()
    ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = "1.2.840.10008.5.1.4.1.1.1", "1.2.3", "CR"
    found = DicomDr().read_header({"a": write_dicom(ds, "1.2.840.10008.1.2.1")})
    header = found.header
    assert (header.patient_id, header.name, header.sex, header.birth_date) == ("", "", "", None)
    assert (header.age_years, header.exam_start, header.study_uid) == (None, None, "")
    assert {"missing_patient_id", "missing_study_uid", "missing_tags"} <= set(found.flags)
    assert "ExposureIndex" not in header.tags
    assert any(note.startswith("PatientID is missing") for note in found.notes)


def test_identity_and_exposure_are_read(header):
    found = header(
        PatientName="Zhang^San",
        PatientBirthDate="19600506",
        PatientAge="065Y",
        AccessionNumber="A7",
        ViewPosition="PA",
        ImageLaterality="U",
        BodyPartExamined="CHEST",
        ExposureIndex=410.0,
        TargetExposureIndex=400.0,
        DeviationIndex="0.1",
        KVP="120",
        ExposureTime="12",
        InstitutionName="Clinic",
        ManufacturerModelName="DR-1",
        ReferringPhysicianName="Li^Si",
    ).header
    assert (found.name, found.name_raw, found.age_years) == ("Zhang San", b"Zhang^San", 65.0)
    assert (found.birth_date, found.sex, found.accession) == (date(1960, 5, 6), "F", "A7")
    assert (found.view, found.laterality, found.body_part) == ("PA", "U", "CHEST")
    assert (found.institution, found.model, found.referring) == ("Clinic", "DR-1", "Li Si")
    assert found.tags["KVP"] == 120.0
    assert found.tags["ExposureIndex"] == 410.0


def test_a_film_without_file_meta_is_read_and_flagged(shared):
    data = (shared / "dr" / "fo_dicom" / "CR-MONO1-10-chest.dcm").read_bytes()
    received = DicomDr().read({"a": data})
    assert received.kind is ExamKind.DR
    assert received.image.values.shape == (440, 440)
    assert "no_file_meta" in received.flags


def test_the_head_of_a_file_is_enough_for_its_header(make_film):
    data = make_film(np.zeros((800, 800), np.uint16))
    whole = DicomDr().read_header({"a": data})
    assert DicomDr().read_header({"a": data[:4096]}).header == whole.header


def test_an_empty_class_of_a_damaged_type_is_a_missing_class():
    """Found by fuzzing: the library converts it when asked, and raises."""
    meta = b"\2\0\x10\0UI\x14\0" + b"1.2.840.10008.1.2.1\0"
    body = b"\x08\0\x05\0CS\2\0  " + b"\x08\0\x16\0U\0\0\0" + b"\x08\0\x60\0CS\2\0DX"
    data = bytes(128) + b"DICM" + meta + body
    assert dicom_file.sop_class(data) == ""
    for reader in sniff.installed():
        assert reader.claims({"a.dcm": data}) in {True, False}
    assert dicom_file.open_file(data, pixels=False).syntax == "1.2.840.10008.1.2.1"
