"""EDF and EDF+: what a file says, what it leaves open, and how a second program reads the same."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from ecgdatakit.parsing.parsers.edf import EDFParser
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.formats.edf_files import edf, signal
from workbench.domain.errors import BadTrace, Invalid, Unreadable
from workbench.domain.trace import LEADS, Trace
from workbench.formats.readers.edf import Edf, lead_name
from workbench.formats.writers.ecg_edf import EdfWho, to_edf

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROWS = np.random.default_rng(6).integers(-900, 900, (3, 250)).tolist()
OTHER = np.random.default_rng(7).integers(-900, 900, (3, 250)).tolist()


def read(data, zone=SHANGHAI):
    return Edf().read({"e.edf": data}, zone)


def two(**given):
    return edf([signal("ECG I", ROWS), signal("EKG II", OTHER)], **given)


def test_the_header_tells_patient_and_clock():
    header = Edf().read_header({"e.edf": two()}, SHANGHAI).header
    assert (header.patient_id, header.name, header.sex) == ("P7", "Zhang San", "F")
    assert header.birth_date == date(1951, 8, 2)
    assert header.exam_start == datetime(2026, 3, 2, 0, 15, 30, tzinfo=UTC)
    assert header.exam_end == datetime(2026, 3, 2, 0, 15, 33, tzinfo=UTC)


def test_physical_and_digital_ranges_make_millivolts():
    one = signal("ECG I", ROWS, "mV", ("-5", "5"), ("-2048", "2047"))
    trace = read(edf([one])).trace
    expected = (np.ravel(ROWS) + 2048) * 10 / 4095 - 5
    np.testing.assert_allclose(trace.lead("I"), expected, atol=1e-6)
    assert (trace.rate, trace.calibrated) == (250.0, True)


def test_an_inverted_physical_range_turns_the_signal_over():
    one = signal("ECG I", ROWS, "mV", ("5", "-5"), ("-2048", "2047"))
    other = signal("ECG I", ROWS, "mV", ("-5", "5"), ("-2048", "2047"))
    up, down = read(edf([other])).trace, read(edf([one])).trace
    np.testing.assert_allclose(down.lead("I"), -up.lead("I"), atol=1e-6)


@pytest.mark.parametrize(
    ("unit", "factor"), [("uV", 1e-3), ("µV", 1e-3), ("mV", 1.0), ("V", 1e3), ("nV", 1e-6)]
)
def test_units_are_read_not_assumed(unit, factor):
    trace = read(edf([signal("ECG I", ROWS, unit, ("-32768", "32767"))])).trace
    np.testing.assert_allclose(trace.lead("I"), np.ravel(ROWS) * factor, rtol=1e-4, atol=1e-12)


@pytest.mark.parametrize(
    "given",
    [{"unit": ""}, {"unit": "adu"}, {"physical": ("0", "0")}, {"digital": ("5", "5")},
     {"physical": ("", "")}],
)  # fmt: skip
def test_what_has_no_scale_is_visibly_not_calibrated(given):
    received = read(edf([signal("ECG I", ROWS, **given)]))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags
    np.testing.assert_allclose(received.trace.lead("I") * 1000, np.ravel(ROWS), atol=1e-3)


@pytest.mark.parametrize(
    ("label", "lead"),
    [("ECG II", "II"), ("EKG V1", "V1"), ("ECG Lead aVR", "aVR"), ("avf", "aVF"), ("V6", "V6"),
     ("ECG V3R", "V3R"), ("ECG", "ECG"), ("ECG1", "1"), ("MLII", "MLII"), ("EEG Fpz-Cz", ""),
     ("Resp chest", ""), ("SaO2", ""), ("EMG V1", "")],
)  # fmt: skip
def test_labels_name_leads_and_nothing_else_is_taken_for_an_ecg(label, lead):
    assert lead_name(label) == lead


def test_other_signals_are_kept_apart_and_named():
    slow = signal("Resp chest", [[1, 2]] * 3, "")
    received = read(edf([signal("ECG I", ROWS), slow, signal("ECG II", OTHER)]))
    assert received.trace.leads[:2] == ("I", "II")
    assert "Resp chest" in " ".join(received.notes)
    assert "other_signals" in received.flags


def test_gaps_of_a_discontinuous_file_stay_gaps():
    received = read(two(kind="EDF+D", onsets=["+0", "+1", "+4.5"]))
    row = received.trace.lead("I")
    assert row.size == round(5.5 * 250)
    assert np.isnan(row[500:1125]).all()
    assert not np.isnan(row[:500]).any()
    assert "gaps" in received.flags
    np.testing.assert_allclose(row[1125:], np.array(ROWS[2]) * 1e-4, atol=1e-6)


def test_a_continuous_file_needs_no_times():
    assert not np.isnan(read(two(onsets=["+0", "+1", "+2"])).trace.millivolts).any()


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (edf([], onsets=["+0"]), BadTrace, "annotations only"),
        (edf([signal("EEG Fpz", ROWS)]), BadTrace, "no ECG signal; it holds EEG Fpz"),
        (two(kind="EDF+D"), BadTrace, "without times"),
        (two(kind="EDF+D", onsets=["+0", "+0.5", "+2"]), BadTrace, "overlap"),
        (two()[:-400], BadTrace, "truncated"),
        (two(seconds="0"), BadTrace, "no sampling rate"),
        (two(seconds="x"), BadTrace, "no sampling rate"),
        (edf([signal("ECG I", ROWS), signal("ECG II", [[1] * 125] * 3)]), BadTrace, "one for all"),
        (two()[:300], Unreadable, "breaks off"),
        (b"0       " + b"9" * 400, BadTrace, "9999 signals"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_with_the_reason(data, error, message):
    with pytest.raises(error, match=message):
        read(data)


def test_the_annotation_file_of_the_shared_set_is_refused_for_what_it_is(shared):
    data = (shared / "ecg" / "formats" / "edf" / "test_edfann.edf").read_bytes()
    with pytest.raises(BadTrace, match="annotations only"):
        Edf().read_header({"test_edfann.edf": data})


def test_a_number_of_records_that_was_never_written_is_counted():
    assert read(two(records=-1)).trace.millivolts.shape[1] == 750


def test_the_first_day_of_1985_stands_for_no_date():
    received = read(two(recording="", date="01.01.85"))
    assert received.header.device_clock == ""


def test_the_same_file_read_by_another_program(tmp_path):
    path = tmp_path / "e.edf"
    path.write_bytes(two(onsets=["+0", "+1", "+2"]))
    theirs = EDFParser().parse(path)
    ours = read(path.read_bytes()).trace
    for lead, name in zip(theirs.leads, ("I", "II"), strict=True):
        physical = lead.samples * lead.resolution + lead.offset if lead.is_raw else lead.samples
        np.testing.assert_allclose(ours.lead(name) * 1000, physical, atol=1e-3)


def test_what_we_write_another_program_reads_the_same(tmp_path):
    trace = make.make_trace()
    path = tmp_path / "e.edf"
    who = EdfWho(patient_id="P 7", sex="M", recorded_at=datetime(2026, 1, 2, 8, 0))  # noqa: DTZ001
    path.write_bytes(to_edf(trace, who))
    theirs = EDFParser().parse(path)
    assert len(theirs.leads) == 12
    for lead, name in zip(theirs.leads, LEADS, strict=True):
        physical = lead.samples * lead.resolution + lead.offset if lead.is_raw else lead.samples
        np.testing.assert_allclose(physical / 1000, trace.lead(name), atol=6e-4)


@given(st.sampled_from([250.0, 360.0, 500.0, 512.0, 977.0, 1000.0]), st.integers(1, 3000))
def test_a_trace_written_and_read_again_is_the_same(rate, count):
    values = np.random.default_rng(count).normal(0, 1, (2, count)).round(3)
    trace = Trace(millivolts=values, rate=rate, leads=("I", "V1"))
    try:
        data = to_edf(trace)
    except Invalid:  # the rate would come back changed: refused, see the next test
        return
    back = read(data).trace
    assert back.rate == pytest.approx(rate, rel=1e-7)
    np.testing.assert_allclose(back.millivolts, trace.millivolts, atol=1e-6)


def test_a_rate_that_would_come_back_changed_is_refused():
    with pytest.raises(Invalid, match="sampling rate: got 360 Hz"):
        to_edf(Trace(millivolts=np.ones((1, 1)), rate=360.0, leads=("I",)))


def test_gaps_are_refused_and_never_written_as_zeros():
    values = np.zeros((1, 500))
    values[0, 3] = np.nan
    with pytest.raises(Invalid, match="gaps"):
        to_edf(Trace(millivolts=values, rate=500.0, leads=("I",)))
