"""Ambulatory DICOM: the recording and never the beat; MATLAB files of WFDB: what the head says."""

import struct
from io import BytesIO

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.sequence import Sequence

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.kinds import ExamKind
from workbench.domain.received import ArrivalHeader, Received
from workbench.domain.trace import Trace
from workbench.formats import grouping, sniff
from workbench.formats.convert import convert

SLOW = Trace(
    millivolts=np.random.default_rng(5).normal(0, 0.3, (3, 12_800)).round(3),
    rate=128.0,
    leads=("II", "V1", "V5"),
)


def holter():
    one = Received(kind=ExamKind.ECG, header=ArrivalHeader(), reader="x", trace=SLOW)
    return dcmread(BytesIO(convert(one, "dicom", "h", "ab" * 32).files["h.dcm"]))


def saved(ds):
    out = BytesIO()
    ds.save_as(out, enforce_file_format=True)
    return {"h.dcm": out.getvalue()}


def test_an_ambulatory_recording_is_read_whole():
    received = sniff.read(saved(holter()))
    assert received.reader == "dicom_ecg"
    assert (received.trace.leads, received.trace.seconds) == (("II", "V1", "V5"), 100.0)
    np.testing.assert_allclose(received.trace.millivolts, SLOW.millivolts, atol=1e-6)


def test_its_averaged_beat_is_never_taken_and_a_second_recording_is_told_of():
    ds = holter()
    beat, second = holter(), holter()
    [median], [more] = beat.WaveformSequence, second.WaveformSequence
    median.MultiplexGroupLabel, median.WaveformOriginality = "MEDIAN BEAT", "DERIVED"
    more.NumberOfWaveformSamples = 100
    more.WaveformData = bytes(more.WaveformData)[: 100 * 3 * 2]
    ds.WaveformSequence = Sequence([median, *ds.WaveformSequence, more])
    received = sniff.read(saved(ds))
    assert received.trace.seconds == 100.0
    assert "further_recordings" in received.flags
    assert any(note.startswith("1 further recording") for note in received.trace.notes)


def test_a_micro_sign_is_a_unit():
    ds = holter()
    ds.SpecificCharacterSet = "ISO_IR 192"
    for channel in ds.WaveformSequence[0].ChannelDefinitionSequence:
        channel.ChannelSensitivityUnitsSequence[0].CodeValue = "µV"
    received = sniff.read(saved(ds))
    assert received.trace.calibrated
    np.testing.assert_allclose(received.trace.millivolts, SLOW.millivolts, atol=1e-6)


HEADER = "r 2 500 4\nr.mat 16+24 1000(0)/mV 16 0 0 0 0 I\nr.mat 16+24 1000(0)/mV 16 0 0 0 0 V1\n"


def matlab(rows=2, name=b"val\0", values=range(1, 9)):
    head = struct.pack("<5I", 30, rows, 4, 0, len(name)) + name
    return head + np.array(list(values), "<i2").tobytes()


def test_the_samples_of_a_matlab_file_follow_its_head():
    trace = sniff.read({"r.hea": HEADER.encode(), "r.mat": matlab()}).trace
    np.testing.assert_allclose(trace.lead("I") * 1000, [1, 3, 5, 7], atol=1e-3)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (matlab(rows=3), "holds 3 rows from byte 24, the header says 2 from 24"),
        (matlab(name=b"signal\0\0"), "from byte 28, the header says 2 from 24"),
        (b"MATLAB 5.0 MAT-file".ljust(200), "no MATLAB file of level 4"),
    ],
)
def test_a_matlab_file_that_does_not_fit_its_header_is_refused(data, message):
    with pytest.raises(BadTrace, match=message):
        sniff.read({"r.hea": HEADER.encode(), "r.mat": data})


def test_matlab_files_alone_are_refused_for_what_they_lack(shared):
    for path in sorted((shared / "ecg" / "cpsc2019").iterdir()):
        with pytest.raises(Unreadable, match="neither rate nor unit"):
            sniff.read_header({path.name: path.read_bytes()})


def test_the_parts_of_a_table_arrive_together_and_one_alone_waits():
    names = ["a/r.csv", "a/r.json", "a/x.json", "b/r.toml", "b/r.csv", "c.csv"]
    assert sorted(grouping.recordings(names)) == [
        ("a/r.csv", "a/r.json"), ("a/x.json",), ("b/r.csv", "b/r.toml"), ("c.csv",),
    ]  # fmt: skip
    assert grouping.waits(("c.csv",))
    assert not grouping.waits(("a/r.csv", "a/r.json"))
    assert grouping.waits(("x/ecgraw.dat",))
