"""What is converted and read again is the same; what cannot be is named."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from wfdb.io import rdheader

from tests import make
from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.domain.trace import DeviceSays, Trace
from workbench.formats import grouping, sniff
from workbench.formats.convert import convert
from workbench.radiograph.grey import to_grey8

DIGEST = "ab" * 32
ECGS = ("wfdb", "dicom", "csv", "edf")
HEADER = ArrivalHeader(
    patient_id="P7", name="ZHANG SAN", sex="F", birth_date=date(1962, 5, 6), accession="A1",
    exam_start=datetime(2026, 1, 2, 0, 15, 30, tzinfo=UTC), device_clock="2026-01-02T08:15:30",
    clock_source="file", study_uid="1.2.3",
)  # fmt: skip


def received(trace=None, header=HEADER):
    return Received(kind=ExamKind.ECG, header=header, reader="x", trace=trace or make.make_trace())


@pytest.mark.parametrize("target", ECGS)
def test_a_tracing_comes_back_within_half_a_step(target):
    one = received()
    back = sniff.read(convert(one, target, "r", DIGEST).files)
    assert back.trace.leads == one.trace.leads
    assert back.trace.rate == one.trace.rate
    assert back.trace.calibrated
    np.testing.assert_allclose(back.trace.millivolts, one.trace.millivolts, atol=5.01e-4)


@pytest.mark.parametrize("target", ["dicom", "csv", "edf"])
def test_patient_and_moment_come_along_where_the_format_has_a_place(target):
    done = convert(received(), target, "r", DIGEST)
    back = sniff.read(done.files).header
    assert (back.patient_id, back.sex, back.birth_date) == ("P7", "F", date(1962, 5, 6))
    assert back.device_clock[:19] == "2026-01-02T08:15:30"
    if target != "edf":
        assert back.exam_start == HEADER.exam_start
        assert back.accession == "A1"
    else:
        assert "accession number: this format has no place for it" in done.lost
        assert "zone of the clock: this format has no place for it" in done.lost


def test_what_a_wfdb_record_cannot_hold_is_named():
    lost = " / ".join(convert(received(), "wfdb", "r", DIGEST).lost)
    for what in ("patient id", "patient name", "birth date", "zone of the clock"):
        assert what in lost
    assert "time of the recording" not in lost


@pytest.mark.parametrize("fraction", ["", ".250000"])
def test_a_wfdb_record_holds_the_machines_clock(fraction):
    clock = f"2026-01-02T08:15:30{fraction}"
    header = replace(HEADER, device_clock=clock)
    files = convert(received(header=header), "wfdb", "r", DIGEST).files
    assert f" 08:15:30{fraction} 02/01/2026\n".encode() in files["r.hea"]
    back = sniff.read_header(files, ZoneInfo("Asia/Shanghai")).header
    assert back.device_clock == clock
    assert back.exam_start == datetime.fromisoformat(f"{clock}+08:00")


def test_the_other_program_reads_the_clock_of_a_wfdb_record(tmp_path):
    for name, data in convert(received(), "wfdb", "r", DIGEST).files.items():
        (tmp_path / name).write_bytes(data)
    assert str(rdheader(str(tmp_path / "r")).base_datetime) == "2026-01-02 08:15:30"


def test_a_wfdb_record_of_a_machine_without_a_clock_has_none_and_none_is_called_lost():
    done = convert(received(header=ArrivalHeader(patient_id="P7")), "wfdb", "r", DIGEST)
    assert done.files["r.hea"].split(b"\n")[0].split() == [b"r", b"12", b"500", b"5000"]
    assert not any("time" in what or "clock" in what for what in done.lost)


@pytest.mark.parametrize("target", ECGS)
def test_what_nobody_calibrated_stays_uncalibrated(target):
    whole = make.make_trace().millivolts
    one = received(Trace(millivolts=whole, rate=500.0, calibrated=False))
    back = sniff.read(convert(one, target, "r", DIGEST).files).trace
    assert not back.calibrated
    np.testing.assert_allclose(back.millivolts, whole, atol=1.01e-3)


@pytest.mark.parametrize("target", ["wfdb", "dicom", "csv"])
def test_gaps_stay_gaps(target):
    values = make.make_trace().millivolts.copy()
    values[:, 100:140] = np.nan
    one = received(Trace(millivolts=values, rate=500.0))
    back = sniff.read(convert(one, target, "r", DIGEST).files).trace
    np.testing.assert_array_equal(np.isnan(back.millivolts), np.isnan(values))


def test_gaps_are_refused_where_the_format_has_none():
    values = make.make_trace().millivolts.copy()
    values[0, 5] = np.nan
    with pytest.raises(Invalid, match="gaps"):
        convert(received(Trace(millivolts=values, rate=500.0)), "edf", "r", DIGEST)


@pytest.mark.parametrize("target", ["wfdb", "dicom", "edf"])
def test_what_the_device_says_is_named_where_it_is_lost_and_kept_in_a_table(target):
    device = DeviceSays({"qt_ms": 400.0}, ("sinus rhythm",))
    one = received(Trace(millivolts=make.make_trace().millivolts, rate=500.0, device=device))
    lost = convert(one, target, "r", DIGEST).lost
    assert "1 measurements of the device" in lost
    assert "1 statements of the device" in lost
    back = sniff.read(convert(one, "csv", "r", DIGEST).files).trace.device
    assert dict(back.measurements) == {"qt_ms": 400.0}


def test_a_time_nobody_knows_is_not_made_up():
    done = convert(received(header=ArrivalHeader(patient_id="P7")), "dicom", "r", DIGEST)
    ds = dcmread(BytesIO(done.files["r.dcm"]))
    assert (ds.StudyDate, ds.AcquisitionDateTime) == ("", "")
    assert any(what.startswith("time of the recording") for what in done.lost)


def test_a_clock_without_a_zone_gets_none():
    header = ArrivalHeader(patient_id="P7", device_clock="2026-01-02T08:15:30")
    ds = dcmread(BytesIO(convert(received(header=header), "dicom", "r", DIGEST).files["r.dcm"]))
    assert ds.AcquisitionDateTime.startswith("20260102081530")
    assert "+" not in ds.AcquisitionDateTime
    assert "TimezoneOffsetFromUTC" not in ds


@pytest.mark.parametrize(
    ("rate", "count", "leads", "kind"),
    [(500.0, 5000, 12, "9.1.1"), (500.0, 20000, 12, "9.1.2"), (128.0, 5000, 3, "9.1.3")],
)
def test_a_long_or_slow_recording_becomes_another_class_and_is_read_again(rate, count, leads, kind):
    values = np.random.default_rng(3).normal(0, 0.3, (leads, count)).round(3)
    names = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")[:leads]
    trace = Trace(millivolts=values, rate=rate, leads=names)
    data = convert(received(trace), "dicom", "r", DIGEST).files["r.dcm"]
    assert dcmread(BytesIO(data)).SOPClassUID.endswith(kind)
    back = sniff.read({"r.dcm": data}).trace
    rows = [back.leads.index(n) for n in names]
    np.testing.assert_allclose(back.millivolts[rows], trace.millivolts, atol=1e-6)


def test_frank_leads_keep_their_names(shared):
    folder = shared / "ecg" / "ptbdb"
    one = sniff.read({p.name: p.read_bytes() for p in folder.iterdir()})
    for target in ECGS:
        back = sniff.read(convert(one, target, "r", DIGEST).files).trace
        assert back.leads == one.trace.leads, target


def test_every_real_ecg_comes_back_the_same_in_every_format(shared):
    """Cut to what a reader gives; formats that cannot hold one refuse it with the reason."""
    folder = shared / "ecg"
    names = [
        str(p.relative_to(folder))
        for p in folder.rglob("*")
        if p.suffix in {".hea", ".dat", ".xyz", ".mat", ".xml", ".dcm", ".scp"}
        and "ludb" not in str(p)
    ]
    tried = 0
    for group in grouping.recordings(n for n in names if not n.startswith(("mitdb", "cpsc2019"))):
        one = sniff.read({n: (folder / n).read_bytes() for n in group})
        for target in ECGS:
            try:
                files = convert(one, target, "r", DIGEST).files
            except Invalid as error:
                assert target == "edf" or "recording" in str(error)  # noqa: PT017 - which and why
                continue
            back = sniff.read(files).trace
            rows = [back.leads.index(name) for name in one.trace.leads]
            np.testing.assert_allclose(
                back.millivolts[rows], one.trace.millivolts, atol=6e-4, err_msg=f"{group} {target}"
            )
            tried += 1
    assert tried > 90


def test_a_film_is_rendered_as_it_is_shown(make_film, chest):
    one = sniff.read({"f.dcm": make_film(chest, "1.2.840.10008.1.2.1", WindowCenter=2048,
                                         WindowWidth=2000)})  # fmt: skip
    done = convert(one, "png", "f", DIGEST)
    shown = np.array(Image.open(BytesIO(done.files["f.png"])))
    expected = to_grey8(one.image.values, one.image.vois[0], invert=one.image.invert,
                        padding=one.image.padding)  # fmt: skip
    np.testing.assert_array_equal(shown, expected)
    assert any("bits of grey" in what for what in done.lost)


def test_an_inverted_film_is_inverted_once(make_film, chest):
    plain = {"WindowCenter": 2048, "WindowWidth": 2000}
    files = [
        make_film(chest, "1.2.840.10008.1.2.1", PhotometricInterpretation=kind, **plain)
        for kind in ("MONOCHROME1", "MONOCHROME2")
    ]
    one, two = (
        np.array(Image.open(BytesIO(
            convert(sniff.read({"f.dcm": data}), "png", "f", DIGEST).files["f.png"]
        )))
        for data in files
    )  # fmt: skip
    np.testing.assert_array_equal(one, 255 - two)


@pytest.mark.parametrize(
    ("kind", "target", "message"),
    [("ecg", "png", "a film for --to png"), ("film", "edf", "an ECG for --to edf"),
     ("ecg", "scp", "one of wfdb, dicom, csv, edf, png")],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_reason(make_film, chest, kind, target, message):
    film = {"f.dcm": make_film(chest, "1.2.840.10008.1.2.1")}
    one = received() if kind == "ecg" else sniff.read(film)
    with pytest.raises(Invalid, match=message):
        convert(one, target, "r", DIGEST)
