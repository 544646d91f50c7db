"""ECGs: the right group, the right leads, the right scale; what is unknown stays visible."""

import base64
import re
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import wfdb
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.kinds import ExamKind
from workbench.domain.trace import LEADS
from workbench.formats.leads import lead_from_text, lead_of, with_limb_leads
from workbench.formats.readers.dicom_ecg import DicomEcg
from workbench.formats.readers.muse_xml import MuseXml
from workbench.formats.readers.wfdb import Wfdb
from workbench.formats.wfdb_samples import samples

TWELVE = "1.2.840.10008.5.1.4.1.1.9.1.1"


def parts_of(path):
    return {p.name: p.read_bytes() for p in sorted(path.parent.glob(f"{path.stem}.*"))
            if p.suffix in {".hea", ".dat", ".mat", ".xyz"}}  # fmt: skip


# --- DICOM ---------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")  # pydicom's own, on the UIDs of these files
@pytest.mark.parametrize("name", ["dcm_ecg_plot_sample", "ecgprocess_DICOM1", "ecgtoolkit_Example"])
def test_the_rhythm_group_equals_another_librarys_reading(shared, name):
    path = shared / "ecg" / "formats" / "dicom" / f"{name}.dcm"
    trace = DicomEcg().read({path.name: path.read_bytes()}).trace
    theirs = dcmread(path).waveform_array(0).T / 1000.0
    assert trace.leads == LEADS
    assert trace.calibrated
    np.testing.assert_allclose(trace.millivolts, theirs, atol=1e-5)


def test_what_the_cart_says_is_kept_apart_and_complete(shared):
    folder = shared / "ecg" / "formats" / "dicom"
    mortara = DicomEcg().read({"a": (folder / "dcm_ecg_plot_sample.dcm").read_bytes()}).trace.device
    assert mortara.statements == ("RITMO SINUSALE", "ECG NORMALE")
    assert mortara.measurements["qt_ms"] == 368
    assert "pp_ms" not in mortara.measurements  # written as 0: not measured
    toolkit = DicomEcg().read({"a": (folder / "ecgtoolkit_Example.dcm").read_bytes()}).trace.device
    known = {"pr_ms": 148, "qrs_ms": 120, "qt_ms": 420, "qrs_axis_deg": -61}
    assert known.items() <= toolkit.measurements.items()


def channel(code, scheme="SCPECG", sensitivity="2.5", unit="uV", **extra):
    item, source, units = Dataset(), Dataset(), Dataset()
    source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = code, scheme, "lead"
    units.CodeValue, units.CodingSchemeDesignator = unit, "UCUM"
    item.ChannelSourceSequence = Sequence([source])
    if sensitivity:
        item.ChannelSensitivity = sensitivity
        item.ChannelSensitivityUnitsSequence = Sequence([units])
    for key, value in extra.items():
        setattr(item, key, value)
    return item


def ecg(write_dicom, stored, channels, padding=None, **group_tags):
    group, ds = Dataset(), Dataset()
    group.MultiplexGroupLabel, group.WaveformOriginality = "RHYTHM", "ORIGINAL"
    group.NumberOfWaveformSamples, group.NumberOfWaveformChannels = stored.shape
    group.SamplingFrequency = "500"
    group.ChannelDefinitionSequence = Sequence(channels)
    group.WaveformBitsAllocated, group.WaveformSampleInterpretation = 16, "SS"
    group.add_new("WaveformData", "OW", stored.astype("<i2").tobytes())
    if padding is not None:
        group.add_new("WaveformPaddingValue", "OW", int(padding).to_bytes(2, "little", signed=True))
    for key, value in group_tags.items():
        setattr(group, key, value)
    ds.SOPClassUID, ds.SOPInstanceUID, ds.Modality = TWELVE, "1.2.3", "ECG"
    ds.StudyDate, ds.StudyTime = "20260102", "080000"
    ds.WaveformSequence = Sequence([group])
    return {"e.dcm": write_dicom(ds, "1.2.840.10008.1.2.1")}


@pytest.fixture
def counts():
    return np.random.default_rng(4).integers(-400, 400, (1000, 2)).astype(np.int16)


PADDED = -32768
I_II = ("5.6.3-9-1", "5.6.3-9-2")


def test_sensitivity_correction_and_baseline_make_millivolts(write_dicom, counts):
    extra = {"ChannelSensitivityCorrectionFactor": "2", "ChannelBaseline": "100"}
    leads = [channel(c, **extra) for c in I_II]
    trace = DicomEcg().read(ecg(write_dicom, counts, leads)).trace
    np.testing.assert_allclose(trace.lead("I"), (counts[:, 0] * 5.0 + 100) / 1000, atol=1e-5)


@pytest.mark.parametrize(("unit", "factor"), [("uV", 1e-3), ("mV", 1.0), ("V", 1e3), ("nV", 1e-6)])
def test_units_are_read_not_assumed(write_dicom, counts, unit, factor):
    trace = DicomEcg().read(ecg(write_dicom, counts, [channel(c, unit=unit) for c in I_II])).trace
    np.testing.assert_allclose(trace.lead("II"), counts[:, 1] * 2.5 * factor, rtol=1e-5)


def test_a_channel_without_sensitivity_is_visibly_not_calibrated(write_dicom, counts):
    received = DicomEcg().read(ecg(write_dicom, counts, [channel(c, sensitivity="") for c in I_II]))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags
    assert "not calibrated" in " ".join(received.trace.notes)


def test_a_padding_value_beyond_all_signal_makes_gaps(write_dicom, counts):
    counts[300:320] = -32768
    received = DicomEcg().read(ecg(write_dicom, counts, [channel(c) for c in I_II], padding=-32768))
    gaps = np.isnan(received.trace.lead("I"))
    assert gaps[300:320].all()
    assert gaps.sum() == 20
    assert "gaps" in received.flags


@pytest.mark.parametrize(
    ("first", "bits", "beyond"),
    [(2047, 12, False), (-2048, 12, False), (2048, 12, True), (-2049, 12, True), (4095, 12, True),
     (4095, 16, False), (4095, None, False), (PADDED, 12, False)],
)  # fmt: skip
def test_twelve_bits_in_sixteen_keep_their_sign_and_what_does_not_fit_is_told(
    write_dicom, counts, first, bits, beyond
):
    counts[7, 0] = first
    extra = {} if bits is None else {"WaveformBitsStored": bits}
    parts = ecg(write_dicom, counts, [channel(c, **extra) for c in I_II], padding=PADDED)
    received = DicomEcg().read(parts)
    assert ("bits_beyond_stored" in received.flags) is beyond
    told = f"I: 1 samples do not fit the {bits} bits that are stated"
    assert (told in received.notes) is beyond
    expected = np.nan if first == PADDED else first * 2.5e-3
    np.testing.assert_allclose(received.trace.lead("I")[7], expected, atol=1e-5)


def test_zero_as_padding_makes_gaps_of_stretches_only(write_dicom, counts):
    counts[:, :] = np.where(counts == 0, 1, counts)
    counts[100] = 0  # a crossing of the baseline in all leads at once
    counts[200, 0] = 0
    counts[900:] = 0  # the cart stopped
    trace = DicomEcg().read(ecg(write_dicom, counts, [channel(c) for c in I_II], padding=0)).trace
    gaps = np.isnan(trace.lead("I"))
    assert gaps[900:].all()
    assert gaps.sum() == 100


def test_an_averaged_beat_is_never_taken_for_the_recording(write_dicom, counts):
    parts = ecg(write_dicom, counts, [channel(c) for c in I_II], MultiplexGroupLabel="MEDIAN BEAT")
    with pytest.raises(BadTrace, match="no rhythm recording"):
        DicomEcg().read(parts)


@pytest.mark.parametrize(
    ("tags", "message"),
    [
        ({"NumberOfWaveformSamples": 2000}, "truncated"),
        ({"NumberOfWaveformChannels": 12}, "announced"),
        ({"NumberOfWaveformSamples": 0}, "samples"),
        ({"WaveformSampleInterpretation": "MB"}, "sample interpretation"),
        ({"SamplingFrequency": "0"}, "rate"),
    ],
)
def test_a_recording_that_contradicts_itself_is_refused(write_dicom, counts, tags, message):
    with pytest.raises(BadTrace, match=message):
        DicomEcg().read(ecg(write_dicom, counts, [channel(c) for c in I_II], **tags))


def test_an_ecg_ends_when_its_samples_do(write_dicom, counts):
    parts = ecg(write_dicom, counts, [channel(c) for c in I_II])
    header = DicomEcg().read_header(parts, ZoneInfo("Asia/Shanghai")).header
    assert header.exam_start == datetime(2026, 1, 2, 0, 0, tzinfo=UTC)
    assert header.exam_end == datetime(2026, 1, 2, 0, 0, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "scheme", "text", "lead"),
    [
        ("5.6.3-9-64", "SCPECG", "", "aVF"),
        ("5.6.3-9-3", "SCPECG", "Lead I", "V1"),  # the code outweighs the text
        ("2:62", "MDC", "", "aVR"),
        ("MDC_ECG_LEAD_V3R", "MDC", "", "V3R"),
        ("2:66", "MDC", "", "V8"),
        ("", "", "Lead I (Einthoven)\0", "I"),
        ("", "", "avr", "aVR"),
        ("", "", "MLII", ""),
    ],
)
def test_leads_are_named_by_code_and_by_text_only_without_one(code, scheme, text, lead):
    assert lead_of(code, scheme, text) == lead


# --- WFDB ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "record",
    ["cinc2021/E07500", "cinc2021/JS20000", "cinc2021/HR06001", "cpsc2021/data_101_6", "mitdb/100"],
)
def test_a_record_equals_the_usual_librarys_reading(shared, record):
    path = shared / "ecg" / f"{record}.hea"
    trace = Wfdb().read(parts_of(path)).trace
    theirs = wfdb.rdrecord(str(path.with_suffix("")))
    assert trace.rate == theirs.fs
    for at, label in enumerate(theirs.sig_name):
        name = lead_from_text(label) or label
        np.testing.assert_allclose(trace.lead(name), theirs.p_signal[:, at], atol=2e-5)


def test_leads_scaled_each_by_itself_are_shown_in_one_scale_and_not_calibrated(shared):
    path = shared / "ecg" / "ludb" / "data" / "110.hea"
    received = Wfdb().read(parts_of(path))
    trace = received.trace
    assert not trace.calibrated
    assert {"limb_leads_disagree", "not_calibrated"} <= set(received.flags)
    raw = wfdb.rdrecord(str(path.with_suffix("")), physical=False).d_signal.T
    np.testing.assert_allclose(trace.millivolts * 1000, raw, atol=1e-3)
    assert (received.header.sex, received.header.age_years) == (
        "F",
        76.0,
    ) or received.header.age_years


HEADER = "r 2 500 4\nr.dat 16 {gain} 16 0 0 0 0 I\nr.dat 16 {gain} 16 0 0 0 0 II\n"


def wfdb_parts(gain="1000(0)/mV", values=((1, 2), (3, 4), (5, 6), (7, 8)), header=HEADER):
    data = np.array(values, "<i2").tobytes()
    return {"r.hea": header.format(gain=gain).encode(), "r.dat": data}


@pytest.mark.parametrize("gain", ["0", "0/mV", "200/NU"])
def test_a_gain_nobody_gave_is_not_made_up(gain):
    received = Wfdb().read(wfdb_parts(gain))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags


def test_the_lowest_value_is_a_gap():
    trace = Wfdb().read(wfdb_parts(values=((1, 2), (-32768, 4), (5, 6), (7, 8)))).trace
    assert np.isnan(trace.lead("I")[1])
    assert np.isnan(trace.lead("III")[1])
    assert not np.isnan(trace.lead("II")).any()


@pytest.mark.parametrize(
    ("parts", "error", "message"),
    [
        ({"r.hea": HEADER.format(gain="1000").encode()}, Unreadable, "r.dat is missing"),
        (wfdb_parts(values=((1, 2), (3, 4))), BadTrace, "truncated"),
        (wfdb_parts(header="r/3 2 500 4\nr_1 2\nr_2 2\n"), BadTrace, "segments"),
        (wfdb_parts(header="r 9999999 500 4\n"), BadTrace, "announced"),
        (wfdb_parts(header="<html>\n"), Unreadable, "not a WFDB header"),
        (wfdb_parts(header=HEADER.replace(" 16 ", " 516 ", 1)), BadTrace, "formats"),
        (wfdb_parts(header=HEADER.replace("dat 16", "dat 516")), BadTrace, "format 516"),
        (wfdb_parts(header=HEADER.replace(" 500 4", "")), BadTrace, "rate"),
    ],
)
def test_a_record_that_cannot_be_trusted_is_refused_with_the_reason(parts, error, message):
    with pytest.raises(error, match=message):
        Wfdb().read(parts)


def test_a_wrong_checksum_is_told():
    header = HEADER.replace("0 0 0 0 I", "0 0 9 0 I", 1)
    received = Wfdb().read(wfdb_parts(header=header))
    assert "checksum_differs" in received.flags


@given(
    hnp.arrays(np.int16, st.integers(2, 40).map(lambda n: n * 2), elements=st.integers(-2047, 2047))
)
def test_pairs_of_twelve_bits_come_back(values):
    low = values.astype(np.int64) & 0xFFF
    packed = bytearray()
    for a, b in low.reshape(-1, 2):
        packed += bytes((a & 0xFF, (a >> 8) | (b >> 8) << 4, b & 0xFF))
    np.testing.assert_array_equal(samples(bytes(packed), 212), values)


# --- MUSE ----------------------------------------------------------------------------------


def muse(shared, name="muse_example1.xml"):
    return (shared / "ecg" / "formats" / "muse_xml" / name).read_bytes()


def test_eight_leads_become_twelve_by_einthoven_and_goldberger(shared):
    received = MuseXml().read({"m.xml": muse(shared)})
    trace = received.trace
    assert (received.kind, trace.leads, trace.rate) == (ExamKind.ECG, LEADS, 500.0)
    assert trace.derived == ("III", "aVR", "aVL", "aVF")
    one, two = trace.lead("I"), trace.lead("II")
    np.testing.assert_allclose(trace.lead("III"), two - one, atol=1e-5)
    assert np.abs(trace.lead("aVR") + trace.lead("aVL") + trace.lead("aVF")).max() < 1e-5
    assert trace.device.measurements["qt_ms"] == 452
    assert trace.device.measurements["heart_rate_bpm"] == 48


def test_the_rhythm_is_taken_in_microvolts_as_stored(shared):
    data = muse(shared).decode("latin_1")
    rhythm = data[data.index("<WaveformType>Rhythm") :]
    packed = base64.b64decode(
        re.search(r"<WaveFormData>(.*?)</WaveFormData>", rhythm, re.DOTALL)[1]
    )
    trace = MuseXml().read({"m.xml": muse(shared)}).trace
    np.testing.assert_allclose(trace.lead("I"), np.frombuffer(packed, "<i2") * 4.88e-3, atol=1e-5)


MADE = """<?xml version="1.0" encoding="{encoding}"?><RestingECG><PatientDemographics>
<PatientID>P7</PatientID><PatientAge>63</PatientAge><AgeUnits>YEARS</AgeUnits><Gender>FEMALE</Gender>
<DateofBirth>05-06-1962</DateofBirth><PatientLastName>{name}</PatientLastName>{given}</PatientDemographics>
<TestDemographics><AcquisitionDate>01-02-2026</AcquisitionDate><AcquisitionTime>08:15:00</AcquisitionTime>
<SiteName>Clinic</SiteName></TestDemographics><Diagnosis>
<DiagnosisStatement><StmtText>Sinus bradycardia</StmtText></DiagnosisStatement>
<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>otherwise normal</StmtText>
</DiagnosisStatement>
</Diagnosis><Waveform><WaveformType>Rhythm</WaveformType><SampleBase>500</SampleBase>
<SampleExponent>0</SampleExponent>{leads}</Waveform></RestingECG>"""
LEAD = """<LeadData><LeadSampleCountTotal>{n}</LeadSampleCountTotal>
<LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit><LeadAmplitudeUnits>{unit}</LeadAmplitudeUnits>
<LeadID>{id}</LeadID><LeadDataCRC32>{crc}</LeadDataCRC32><WaveFormData>{data}</WaveFormData></LeadData>"""


def made_muse(encoding="UTF-8", codec="utf-8", name="张三", unit="MICROVOLTS", spoil=0, given=None):
    first = "" if given is None else f"<PatientFirstName>{given}</PatientFirstName>"
    packed = np.arange(-250, 250, dtype="<i2").tobytes()
    lead = LEAD.format(n=250 * 2, unit=unit, id="{}", crc=zlib.crc32(packed) + spoil,
                       data=base64.b64encode(packed).decode())  # fmt: skip
    leads = "".join(lead.replace("{}", name) for name in ("I", "II", "V1"))
    return {
        "m.xml": MADE.format(encoding=encoding, name=name, given=first, leads=leads).encode(codec)
    }


@pytest.mark.parametrize(
    ("encoding", "codec", "repaired"),
    [("UTF-8", "utf-8", False), ("GB2312", "gb2312", False), ("ISO-8859-1", "gb18030", True),
     ("UTF-8", "gb18030", True), ("ISO-8859-1", "utf-8", True)],
)  # fmt: skip
def test_a_chinese_name_is_read_under_any_declaration(encoding, codec, repaired):
    header = MuseXml().read(made_muse(encoding, codec), ZoneInfo("Asia/Shanghai")).header
    assert (header.name, header.name_repaired) == ("张三", repaired)


@pytest.mark.parametrize(
    ("family", "given", "shown"),
    [("García", "José", "García José"), ("Garcia", "Jose", "Garcia Jose"), ("欧阳", "娜", "欧阳娜"),
     ("", "José", "José"), ("García", "", "García"), ("García", None, "García"), ("张", "", "张"),
     ("", "", ""), ("  ", "  ", "")],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_latin_names_have_a_space_and_chinese_names_none(family, given, shown, encoding):
    parts = made_muse(encoding, encoding, name=family, given=given)
    assert MuseXml().read_header(parts).header.name == shown


def test_accents_under_a_latin_declaration_need_no_repair():
    header = (
        MuseXml().read_header(made_muse("ISO-8859-1", "latin_1", "García", given="José")).header
    )
    assert (header.name, header.name_repaired) == ("García José", False)
    assert header.name_raw == "GarcíaJosé".encode("latin_1")


def test_demographics_times_and_statements_are_read():
    received = MuseXml().read(made_muse(), ZoneInfo("Asia/Shanghai"))
    header = received.header
    assert (header.patient_id, header.sex, header.age_years) == ("P7", "F", 63.0)
    assert header.birth_date.isoformat() == "1962-05-06"
    assert header.exam_start == datetime(2026, 1, 2, 0, 15, tzinfo=UTC)
    assert received.trace.device.statements == ("Sinus bradycardia otherwise normal",)
    assert MuseXml().read(made_muse()).header.exam_start is None


def test_damaged_samples_are_found_by_their_checksum():
    with pytest.raises(BadTrace, match="checksum"):
        MuseXml().read(made_muse(spoil=1))


def test_an_unknown_unit_is_visibly_not_calibrated():
    received = MuseXml().read(made_muse(unit="PARSECS"))
    assert not received.trace.calibrated


@pytest.mark.parametrize(
    "bomb",
    [
        b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><RestingECG>&a;</RestingECG>',
        b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><RestingECG>&b;</RestingECG>',
    ],
)
def test_entities_are_refused_unopened(bomb):
    with pytest.raises(Unreadable, match="entities"):
        MuseXml().read({"m.xml": bomb})


@given(st.lists(st.floats(-3, 3, width=32), min_size=1, max_size=20), st.floats(-3, 3, width=32))
def test_derived_limb_leads_always_obey_einthoven(one, offset):
    first = np.array(one, np.float32)
    rows, _ = with_limb_leads({"I": first, "II": first * np.float32(0.5) + np.float32(offset)})
    assert np.abs(rows["I"] + rows["III"] - rows["II"]).max() < 1e-5
    assert np.abs(rows["aVR"] + rows["aVL"] + rows["aVF"]).max() < 1e-5
