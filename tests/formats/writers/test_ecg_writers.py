from datetime import UTC, date, datetime
from io import BytesIO

import numpy as np
import pydicom
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydicom.waveforms import multiplex_array
from scipy.io import loadmat

from workbench.domain.errors import Invalid
from workbench.domain.trace import LEADS, Trace
from workbench.formats import sniff
from workbench.formats.writers.ecg_dicom import EcgHeader, ecg_dataset
from workbench.formats.writers.ecg_wfdb import to_wfdb
from workbench.phantoms.ecg import EcgCase, make_ecg

HALF_STEP = 0.0005 + 1e-6  # mV; both writers keep 1 uV


def header(**more):
    facts = {
        "patient_name": "Zhang^San=张^三",
        "patient_id": "CZ-0007",
        "study_uid": "2.25.1001",
        "series_uid": "2.25.1002",
        "instance_uid": "2.25.1003",
        "acquired_at": datetime(2026, 11, 22, 3, 4, 5, 250000, tzinfo=UTC),
        "sex": "F",
        "birth_date": date(1961, 5, 4),
    }
    return EcgHeader(**{**facts, **more})


def trace(rate_hz=500.0):
    return make_ecg(EcgCase(), 10.0, rate_hz, np.random.default_rng(0)).trace


def written(own, **more):
    out = BytesIO()
    pydicom.dcmwrite(out, ecg_dataset(own, header(**more)), enforce_file_format=True)
    return out.getvalue()


def test_pydicom_reads_back_the_millivolts_within_half_a_step():
    own = trace()
    back = pydicom.dcmread(BytesIO(written(own)))
    values = multiplex_array(back, 0, as_raw=False).T / 1000  # uV
    np.testing.assert_allclose(values, own.millivolts, atol=HALF_STEP)
    group = back.WaveformSequence[0]
    assert (group.SamplingFrequency, group.NumberOfWaveformSamples) == (500, 5000)
    assert group.MultiplexGroupLabel == "RHYTHM"


def test_the_header_names_patient_time_and_kind():
    back = pydicom.dcmread(BytesIO(written(trace(), accession="A1", institution="册亨县人民医院")))
    assert back.SOPClassUID.name == "12-lead ECG Waveform Storage"
    assert back.Modality == "ECG"
    assert back.PatientName.ideographic == "张^三"
    assert (back.PatientID, back.PatientSex, back.PatientBirthDate) == ("CZ-0007", "F", "19610504")
    assert back.AcquisitionDateTime == "20261122030405.250000+0000"
    assert back.InstitutionName == "册亨县人民医院"
    assert back.StudyInstanceUID == "2.25.1001"


def test_leads_are_named_by_mdc_codes():
    back = pydicom.dcmread(BytesIO(written(trace())))
    sources = [
        c.ChannelSourceSequence[0] for c in back.WaveformSequence[0].ChannelDefinitionSequence
    ]
    # DICOM CID 3001: 2:1 Lead I, 2:2 II, 2:61 III, 2:62 aVR, 2:63 aVL, 2:64 aVF, 2:3 V1 .. 2:8 V6
    numbers = (1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8)
    assert [s.CodeValue for s in sources] == [f"2:{n}" for n in numbers]
    assert {s.CodingSchemeDesignator for s in sources} == {"MDC"}


def test_equal_input_gives_equal_bytes():
    assert written(trace()) == written(trace())


def test_a_gap_is_written_as_padding_and_never_as_zero():
    own = np.array(trace().millivolts)
    own[3, 100:200] = np.nan
    back = pydicom.dcmread(BytesIO(written(Trace(own, 500.0))))
    group = back.WaveformSequence[0]
    raw = multiplex_array(back, 0, as_raw=True)
    padding = int.from_bytes(bytes(group.WaveformPaddingValue)[:2], "little", signed=True)
    assert np.all(raw[100:200, 3] == padding)
    assert np.count_nonzero(raw == padding) == 100


@pytest.mark.parametrize(
    ("own", "more", "says"),
    [
        (trace(2000.0), {}, "at 2000 Hz; expected 50 to 1000 Hz"),
        (trace(1000.5), {}, "at 1000.5 Hz"),
        (Trace(np.full((12, 5000), 40.0), 500.0), {}, "largest sample"),
        (trace(), {"acquired_at": datetime(2026, 1, 1)}, "acquisition time"),  # noqa: DTZ001
    ],
)
def test_what_the_standard_does_not_allow_is_refused(own, more, says):
    with pytest.raises(Invalid, match=says):
        ecg_dataset(own, header(**more))


def on_disk(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_wfdb_reads_back_the_millivolts_within_half_a_step(tmp_path):
    own = trace()
    on_disk(tmp_path, to_wfdb(own, "demo-1", ["Age: 60", "Dx: phantom"]))
    back = wfdb.rdrecord(str(tmp_path / "demo-1"))
    np.testing.assert_allclose(back.p_signal.T, own.millivolts, atol=HALF_STEP)
    assert tuple(back.sig_name) == LEADS
    assert (back.fs, back.units) == (500, ["mV"] * 12)
    assert back.comments == ["Age: 60", "Dx: phantom"]


def test_another_program_reads_the_same_from_a_matlab_file(tmp_path):
    own = trace()
    files = to_wfdb(own, "demo", matlab=True)
    on_disk(tmp_path, files)
    back = wfdb.rdrecord(str(tmp_path / "demo"))
    np.testing.assert_allclose(back.p_signal.T, own.millivolts, atol=HALF_STEP)
    stored = loadmat(BytesIO(files["demo.mat"]))["val"]  # and without its header
    np.testing.assert_array_equal(stored, np.round(own.millivolts * 1000))
    received = sniff.read(files)
    np.testing.assert_allclose(received.trace.millivolts, own.millivolts, atol=HALF_STEP)
    assert received.reader == "wfdb"


def test_the_checksums_are_those_wfdb_computes(tmp_path):
    on_disk(tmp_path, to_wfdb(trace(), "demo", []))
    back = wfdb.rdrecord(str(tmp_path / "demo"), physical=False)
    assert back.checksum == [int(c) for c in back.calc_checksum()] or [
        c % 65536 for c in back.checksum
    ] == [int(c) % 65536 for c in back.calc_checksum()]


@given(
    arrays(np.float32, (2, 40), elements=st.floats(-32, 32, width=32)),
    st.sampled_from([128.0, 257.0, 500.0, 1000.0]),
)
@settings(max_examples=25, deadline=None)
def test_any_samples_come_back(tmp_path_factory, samples, rate):
    folder = tmp_path_factory.mktemp("wfdb")
    on_disk(folder, to_wfdb(Trace(samples, rate, ("I", "II")), "r", []))
    back = wfdb.rdrecord(str(folder / "r"))
    np.testing.assert_allclose(back.p_signal.T, samples, atol=HALF_STEP + 1e-5)
    assert back.fs == rate


def test_a_gap_comes_back_as_a_gap(tmp_path):
    own = np.array(trace().millivolts)
    own[3, 100:200] = np.nan
    on_disk(tmp_path, to_wfdb(Trace(own, 500.0), "gap", []))
    back = wfdb.rdrecord(str(tmp_path / "gap")).p_signal
    assert np.all(np.isnan(back[100:200, 3]))
    assert np.count_nonzero(np.isnan(back)) == 100


@pytest.mark.parametrize(
    ("name", "comments", "says"),
    [
        ("../x", [], "record name"),
        ("", [], "record name"),
        ("a", ["b\nc"], "comment"),
        ("a", ["窦性心律"], "comment"),
    ],
)
def test_names_that_would_break_the_header_are_refused(name, comments, says):
    with pytest.raises(Invalid, match=says):
        to_wfdb(trace(), name, comments)
