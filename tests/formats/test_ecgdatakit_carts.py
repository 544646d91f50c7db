"""Mortara, MFER and Edan: scale and rate are taken only where the file states them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.formats.cart_files import COUNTS, edan, mfer, mortara
from workbench.domain.errors import BadTrace, Unreadable
from workbench.formats import grouping, sniff
from workbench.formats.readers.ecgdatakit_carts import Edan, Mfer, Mortara

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_mortara_file_gives_patient_clock_leads_and_what_the_cart_says():
    received = sniff.read({"e.xml": mortara()}, SHANGHAI)
    header, trace = received.header, received.trace
    assert received.reader == "ecgdatakit_mortara"
    assert (header.patient_id, header.name, header.sex) == ("P7", "张三", "F")
    assert header.exam_start == datetime(2026, 1, 2, 0, 15, 30, tzinfo=UTC)
    assert header.exam_end == datetime(2026, 1, 2, 0, 15, 32, tzinfo=UTC)
    np.testing.assert_allclose(trace.lead("V1"), COUNTS[2] / 400, atol=1e-6)
    assert trace.derived == ("III", "aVR", "aVL", "aVF")
    said = trace.device
    assert {"pr_ms": 150, "qrs_ms": 90, "qt_ms": 400, "heart_rate_bpm": 72}.items() <= dict(
        said.measurements
    ).items()
    assert said.statements == ("SINUS RHYTHM normal P axis",)


def test_a_mortara_file_without_its_scale_is_not_calibrated():
    received = Mortara().read({"e.xml": mortara(scale="")})
    assert not received.trace.calibrated
    np.testing.assert_allclose(received.trace.lead("I") * 1000, COUNTS[0], atol=1e-3)


@pytest.mark.parametrize("order", ["<", ">"])
def test_an_mfer_file_is_read_in_either_byte_order(order):
    received = sniff.read({"e.mwf": mfer(order=order)}, SHANGHAI)
    assert received.reader == "ecgdatakit_mfer"
    np.testing.assert_allclose(received.trace.lead("II"), COUNTS[1] * 0.005, atol=1e-6)
    assert (received.trace.rate, received.header.patient_id) == (500.0, "P7")
    assert received.header.exam_start == datetime(2026, 1, 2, 0, 15, 30, tzinfo=UTC)


def test_mfer_in_another_unit_is_not_calibrated():
    assert not Mfer().read({"e.mwf": mfer(unit=1)}).trace.calibrated


def test_the_two_files_of_an_edan_recording_come_together_and_have_no_scale():
    files = edan()
    [group] = grouping.recordings([f"a/{name}" for name in files])
    assert len(group) == 2
    received = sniff.read({n: files[n.split("/")[1]] for n in group}, SHANGHAI)
    assert received.reader == "ecgdatakit_edan"
    assert not received.trace.calibrated
    np.testing.assert_allclose(received.trace.lead("I") * 1000, COUNTS[0], atol=1e-3)
    # seconds since 1970, in a zone that nobody documented
    assert received.header.exam_start is None
    assert "clock_without_zone" in received.flags


def test_a_wfdb_record_called_patient_is_no_edan_recording():
    parts = {"patient.hea": b"patient 1 500 2\npatient.dat 16 1000 16 0 0 0 0 I\n",
             "patient.dat": b"\0\0\1\0"}  # fmt: skip
    assert sniff.choose(parts, sniff.installed()).name == "wfdb"


def test_an_archive_whose_rate_is_only_guessed_is_refused():
    data = bytearray(0x1000)
    data[4 : 4 + 28] = b"##NEUTRAL HOLTER RECORDING##"
    samples = np.random.default_rng(1).integers(-30, 30, 3 * 9000).astype("<i2").tobytes()
    with pytest.raises(BadTrace, match="no sampling rate"):
        Edan().read({"DT-1.arc": bytes(data) + samples})


@pytest.mark.parametrize(
    ("reader", "parts"),
    [
        (Mortara(), {"e.xml": mortara()[:700]}),
        (Mfer(), {"e.mwf": mfer()[:500]}),
        (Edan(), {**edan(), "patient.hea": edan()["patient.hea"][:100]}),
    ],
)
def test_a_file_that_breaks_off_is_refused_by_our_own_error(reader, parts):
    assert reader.claims(parts)
    with pytest.raises(Unreadable, match="cannot parse"):
        reader.read(parts)


def test_no_other_file_of_ours_is_claimed_by_them(shared):
    for path in sorted((shared / "ecg" / "formats").rglob("*")):
        if path.is_file():
            parts = {path.name: path.read_bytes()}
            assert not any(r.claims(parts) for r in (Mortara(), Mfer(), Edan())), path.name


def test_doctor_hears_that_no_real_file_was_read():
    untried = {s.name for s in sniff.list_readers() if s.untried}
    assert untried == {"ecgdatakit_edan", "ecgdatakit_mfer", "ecgdatakit_mortara"}


def test_an_encoding_nobody_knows_is_refused_by_our_own_error():
    with pytest.raises(Unreadable, match="cannot parse"):
        Mortara().read({"e.xml": mortara().replace(b'"UTF-8"', b'"utf-89"', 1)})
