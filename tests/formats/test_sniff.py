"""The right reader is found by content; a broken plug-in is listed with its reason."""

import sys

import pytest

from workbench.domain.errors import Unreadable
from workbench.domain.kinds import ExamKind
from workbench.formats import sniff
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.formats.readers.dicom_ecg import DicomEcg
from workbench.formats.readers.muse_xml import MuseXml
from workbench.formats.readers.wfdb import Wfdb

READERS = (DicomDr(), DicomEcg(), MuseXml(), Wfdb())


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (["dr/derived/01_gb18030_mono2_12bit.dcm"], "dicom_dr"),
        (["dr/fo_dicom/CR-MONO1-10-chest.dcm"], "dicom_dr"),
        (["dr/openrem_headers/DX-RDSR-Canon_CXDI.dcm"], "dicom_dr"),
        (["ecg/formats/dicom/ecgtoolkit_Example.dcm"], "dicom_ecg"),
        (["ecg/formats/muse_xml/muse_example1.xml"], "muse_xml"),
        (["ecg/ludb/data/1.hea", "ecg/ludb/data/1.dat"], "wfdb"),
    ],
)
def test_each_file_is_claimed_by_one_reader(shared, files, name):
    parts = sniff.as_parts({f.split("/")[-1]: (shared / f).read_bytes() for f in files})
    assert [r.name for r in READERS if r.claims(parts)] == [name]
    received = sniff.read_header(parts, readers=READERS)
    assert received.reader == name
    assert (received.image, received.trace) == (None, None)


@pytest.mark.parametrize(
    ("parts", "message", "reason"),
    [
        (
            {"a.bin": b"hello, this is no film"},
            "readers tried: dicom_dr, dicom_ecg, muse_xml, wfdb",
            "unknown",
        ),
        ({"empty.dcm": b""}, "empty.dcm is empty", "empty"),
        ({}, "empty", "empty"),
        ({"scan.pdf": b"%PDF-1.7 ..."}, "starts b'%PDF-1.7'", "unknown"),
    ],
)
def test_what_no_reader_knows_is_refused_naming_all_of_them(parts, message, reason):
    with pytest.raises(Unreadable) as error:
        sniff.read(parts, readers=READERS)
    assert message in str(error.value)
    assert error.value.reason == reason


def test_no_installed_reader_is_said_so():
    with pytest.raises(Unreadable, match="none installed"):
        sniff.choose({"a": b"x"}, ())


def test_entry_points_are_found_and_a_broken_one_is_listed(tmp_path, monkeypatch):
    folder = tmp_path / "made_readers-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: made-readers\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(
        "[workbench.readers]\n"
        "a_made_dr = workbench.formats.readers.dicom_dr:DicomDr\n"
        "a_made_broken = workbench_no_such_module:Reader\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    status = {s.name: s for s in sniff.list_readers()}
    assert status["a_made_dr"].reader.name == "dicom_dr"
    assert status["a_made_broken"].reader is None
    assert "No module named 'workbench_no_such_module'" in status["a_made_broken"].reason
    assert all(r is not None for r in sniff.installed())


def test_a_reader_that_breaks_is_reported_as_unreadable_by_name():
    class Broken:
        name = "broken"

        def claims(self, _parts):
            return True

        def read_header(self, _parts, _zone=None):
            raise ZeroDivisionError("by its own fault")

        read = read_header

    for act in (sniff.read, sniff.read_header):
        with pytest.raises(Unreadable, match=r"reader broken failed.*ZeroDivisionError"):
            act({"a": b"x"}, readers=[Broken()])


def test_other_dicom_is_kept_with_the_reason(shared):
    path = shared / "dr" / "openrem_headers" / "DX-RDSR-Canon_CXDI.dcm"
    received = sniff.read({path.name: path.read_bytes()}, readers=READERS)
    assert received.kind is ExamKind.OTHER
    assert "Dose SR" in received.reason
    assert received.header.study_uid
