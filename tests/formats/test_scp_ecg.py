"""SCP-ECG: every way of storing gives the same millivolts; what does not fit is refused."""

import struct
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats import scp_maker as scp
from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.trace import LEADS
from workbench.formats.readers.dicom_ecg import DicomEcg
from workbench.formats.readers.hl7_aecg import Hl7Aecg
from workbench.formats.readers.scp_ecg import ScpEcg

SHANGHAI = ZoneInfo("Asia/Shanghai")
UV = 2.5e-3  # mV of the step used here
SAME_ECG = ("aecg_hl7_example.xml", "ecgkit_hl7.xml", "fda_subject1_0.xml")
ROUNDING_MV = 1e-6  # single precision; the files hold the same integers of 2.5 uV


def read(data, zone=SHANGHAI):
    return ScpEcg().read({"a.scp": data}, zone)


def rows_of(data):
    trace = read(data).trace
    return {name: trace.lead(name) for name in trace.leads}


@pytest.fixture
def wave():
    """Two leads of whole steps, smooth with fast parts."""
    at = np.arange(400)
    one = np.round(300 * np.exp(-(((at % 100) - 40) ** 2) / 18) + 20 * np.sin(at / 9))
    return {"I": one.astype(np.int64), "V1": (-2 * one + 7).astype(np.int64)}


# --- the same ECG in five files --------------------------------------------------------------


def test_one_ecg_in_scp_dicom_and_aecg_is_the_same_trace_and_the_same_measurements(shared):
    folder = shared / "ecg" / "formats"
    mine = read((folder / "scp" / "Example.scp").read_bytes()).trace
    path = folder / "dicom" / "ecgtoolkit_Example.dcm"
    others = [DicomEcg().read({path.name: path.read_bytes()}).trace]
    others += [
        Hl7Aecg().read({name: (folder / "hl7_aecg" / name).read_bytes()}).trace for name in SAME_ECG
    ]
    assert mine.leads == LEADS
    assert not mine.derived
    assert (mine.rate, mine.millivolts.shape) == (500.0, (12, 5000))
    for other in others:
        assert (other.leads, other.rate) == (mine.leads, mine.rate)
        np.testing.assert_allclose(other.millivolts, mine.millivolts, atol=ROUNDING_MV, rtol=0)
        both = mine.device.measurements.keys() & other.device.measurements.keys()
        assert both >= {"pr_ms", "qrs_ms", "qt_ms", "qtc_ms", "qrs_axis_deg"}
        assert {n: mine.device.measurements[n] for n in both} == {
            n: other.device.measurements[n] for n in both
        }


def test_section_7_gives_the_intervals_that_other_readers_leave_out(shared):
    data = (shared / "ecg" / "formats" / "scp" / "Example.scp").read_bytes()
    assert dict(read(data).trace.device.measurements) == {
        "p_ms": 102, "pr_ms": 148, "qrs_ms": 120, "qt_ms": 420, "qtc_ms": 443,
        "p_axis_deg": 44, "qrs_axis_deg": -61, "t_axis_deg": 86,
    }  # fmt: skip


def test_the_header_of_the_real_file_needs_no_samples(shared):
    data = (shared / "ecg" / "formats" / "scp" / "Example.scp").read_bytes()
    received = ScpEcg().read_header({"a": data}, SHANGHAI)
    assert received.trace is None
    header = received.header
    assert (header.patient_id, header.name, header.sex) == ("SBJ-123", "Clark", "M")
    assert header.birth_date == date(1953, 5, 8)
    assert header.exam_start == datetime(2002, 11, 22, 1, 10, tzinfo=UTC)
    assert header.model == "ELI250"


# --- ways of storing -------------------------------------------------------------------------


@pytest.mark.parametrize("order", [0, 1, 2])
def test_amplitudes_and_differences_give_the_same_millivolts(wave, order):
    found = rows_of(scp.simple(wave, order=order))
    for name, steps in wave.items():
        np.testing.assert_allclose(found[name], steps * UV, atol=1e-6)


def test_a_difference_that_went_round_in_16_bits_comes_back_exactly():
    steep = np.array([30000, -30000, 30000, -30000, 12, 13])
    found = rows_of(scp.simple({"I": steep, "II": steep}, order=2))
    np.testing.assert_allclose(found["I"], steep * UV, rtol=1e-6)


# value: code word of the default table, written out from annex C of the standard
DEFAULT = {
    0: "0", 1: "100", -1: "101", 2: "1100", -2: "1101", 3: "11100", -3: "11101", 8: "1111111100",
    -8: "1111111101", 9: "1111111110" + "00001001", -9: "1111111110" + "11110111",
    -300: "1111111111" + "1111111011010100",
}  # fmt: skip


def test_the_default_table_decodes_every_kind_of_code():
    values = [0, 1, -1, 2, -2, 3, -3, 8, -8, 9, -9, -300, 0]
    bodies = {
        1: scp.PATIENT, 2: struct.pack("<H", 19999), 3: scp.leads({"I": (1, len(values))}),
        6: scp.signal([scp.bits([DEFAULT[v] for v in values])]),
    }  # fmt: skip
    np.testing.assert_allclose(rows_of(scp.record(bodies))["I"], np.array(values) * UV, atol=1e-6)


def test_tables_that_the_file_brings_are_used_and_switched():
    # table 1: 0 -> 5, 10 -> switch to table 2, 11 + 4 bits; table 2: a prefix of 12 bits -> 7,
    # 1 -> switch back
    one = scp.table([("0", 0, 1, 5), ("10", 0, 0, 2), ("11", 4, 1, 100)])
    two = scp.table([("000000000001", 0, 1, 7), ("1", 0, 0, 1)])
    words = ["0", "111001", "10", "000000000001", "000000000001", "1", "0"]
    bodies = {
        1: scp.PATIENT, 2: struct.pack("<H", 2) + one + two,
        3: scp.leads({"I": (1, 5), "II": (1, 1)}),
        6: scp.signal([scp.bits(words), scp.bits(["0"])]),
    }  # fmt: skip
    found = rows_of(scp.record(bodies))
    np.testing.assert_allclose(found["I"], np.array([5, 93, 7, 7, 5]) * UV, atol=1e-6)
    assert found["II"][0] == pytest.approx(5 * UV)  # each lead begins with the first table


def with_reference(wave, fiducials, beat, nanovolts=5000, protected=True):
    """Section 4 to 6 of a record whose rhythm is `wave` plus the beat at every fiducial."""
    length, centre = len(next(iter(beat.values()))), 11
    complexes, areas = b"", b""
    for fiducial in fiducials:
        first, last = fiducial - centre + 1, fiducial - centre + length
        complexes += struct.pack("<HIII", 0, first, fiducial, last)
        areas += struct.pack("<II", fiducial - 7, fiducial + 8)
    four = struct.pack("<HHH", length * 2, centre, len(fiducials)) + complexes
    spans = {name: (1, len(row)) for name, row in wave.items()}
    return {
        1: scp.PATIENT, 3: scp.leads(spans, flags=5), 4: four + (areas if protected else b""),
        5: scp.signal(list(beat.values()), nanovolts=nanovolts), 6: scp.signal(list(wave.values())),
    }  # fmt: skip


def test_the_reference_beat_is_put_back_around_every_complex(wave):
    beat = {"I": np.arange(40), "V1": -np.arange(40)}
    fiducials = (60, 160, 390)
    found = rows_of(scp.record(with_reference(wave, fiducials, beat)))
    for name, steps in wave.items():
        whole = steps * UV
        for fiducial in fiducials:  # sample 11 of the beat falls on the fiducial, counted from 1
            first = fiducial - 11
            piece = beat[name][: 400 - first] * 5e-3  # its own step is 5 uV
            whole[first : first + len(piece)] += piece
        np.testing.assert_allclose(found[name], whole, atol=1e-6)


def test_complexes_of_another_form_get_no_reference_beat(wave):
    bodies = with_reference(wave, (60,), {"I": np.arange(40), "V1": np.arange(40)})
    four = bytearray(bodies[4])
    four[6] = 1  # type of the first complex
    found = rows_of(scp.record({**bodies, 4: bytes(four)}))
    np.testing.assert_allclose(found["I"], wave["I"] * UV, atol=1e-6)


def thinned(row, areas, thin):
    """What a cart keeps: all samples in protected areas (counted from 1), means between."""
    out, at = [], 1
    for begin, end in [*areas, (len(row) + 1, len(row))]:
        starts = range(at, begin - thin + 1, thin)
        out += [round(float(np.mean(row[start - 1 : start - 1 + thin]))) for start in starts]
        out += list(row[begin - 1 : end])
        at = end + 1
    return np.array(out)


def test_protected_areas_keep_their_rate_and_lines_join_the_means_between():
    row = (np.arange(1, 401) * 8).astype(np.int64)  # a slope: lines between means are exact
    areas = [(61, 76), (161, 176)]
    complexes = b"".join(struct.pack("<HIII", 1, 0, b + 7, 0) for b, _ in areas)
    four = (
        struct.pack("<HHH", 80, 11, 2) + complexes + b"".join(struct.pack("<II", *a) for a in areas)
    )
    bodies = {
        1: scp.PATIENT, 3: scp.leads({"I": (1, 400), "V1": (1, 400)}, flags=5), 4: four,
        5: scp.signal([np.zeros(40, int)] * 2),
        6: scp.signal([thinned(row, areas, 4)] * 2, interval=8000, averaged=1),
    }  # fmt: skip
    received = read(scp.record(bodies))
    found = received.trace.lead("I")
    assert received.trace.rate == 500.0
    assert received.trace.millivolts.shape == (2, 400)
    for begin, end in areas:
        np.testing.assert_allclose(found[begin - 1 : end], row[begin - 1 : end] * UV, atol=1e-6)
    np.testing.assert_allclose(found[2:58], row[2:58] * UV, atol=2 * UV)
    np.testing.assert_allclose(found[78:158], row[78:158] * UV, atol=2 * UV)
    assert "kept means of 4 samples" in " ".join(received.notes)


def test_areas_that_do_not_fit_the_thinning_are_refused_for_the_times_would_be_wrong():
    four = struct.pack("<HHH", 80, 11, 1) + struct.pack("<HIII", 1, 0, 70, 0)
    bodies = {
        1: scp.PATIENT, 3: scp.leads({"I": (1, 400)}, flags=5),
        4: four + struct.pack("<II", 63, 80), 5: scp.signal([np.zeros(40, int)]),
        6: scp.signal([np.zeros(400, int)], interval=8000, averaged=1),
    }  # fmt: skip
    with pytest.raises(BadTrace, match="62 samples lie between"):
        read(scp.record(bodies))


# --- leads -----------------------------------------------------------------------------------


def test_a_lead_recorded_later_or_shorter_has_gaps_and_no_zeros():
    rows = [np.full(100, 4), np.full(60, 8)]
    bodies = {
        1: scp.PATIENT, 3: scp.leads({"I": (1, 100), "V1": (21, 80)}), 6: scp.signal(rows),
    }  # fmt: skip
    received = read(scp.record(bodies))
    seen = np.isfinite(received.trace.lead("V1"))
    assert np.flatnonzero(seen).tolist() == list(range(20, 80))
    assert "gaps" in received.flags


def test_leads_are_named_by_their_codes_and_minus_avr_is_turned(wave):
    row = wave["I"]
    found = rows_of(scp.simple({"-aVR": row, "V9": row, "V4R": row, "odd": row}))
    assert set(found) == {"aVR", "V9", "V4R", "lead 200"}
    np.testing.assert_allclose(found["aVR"], row * -UV, atol=1e-6)


def test_limb_leads_that_were_not_recorded_are_derived_and_named(wave):
    trace = read(scp.simple({"I": wave["I"], "II": wave["V1"]})).trace
    assert trace.derived == ("III", "aVR", "aVL", "aVF")
    np.testing.assert_allclose(trace.lead("III"), trace.lead("II") - trace.lead("I"), atol=1e-6)


def test_limb_leads_that_contradict_each_other_are_flagged(wave):
    received = read(scp.simple({"I": wave["I"], "II": wave["I"], "III": wave["I"]}))
    assert "limb_leads_disagree" in received.flags


def test_without_a_step_the_record_is_not_calibrated(wave):
    received = read(scp.simple(wave, nanovolts=0))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags


# --- patient ---------------------------------------------------------------------------------

GB = "欧阳建国".encode("gb18030")


def device(language):
    return bytes(7) + b"\x11" + b"AT-2\0\0" + bytes([20, 0, language]) + bytes(20)


def header(language, family, given=b"", **more):
    bodies = {
        1: scp.tags(t0=family + b"\0", t1=given + b"\0", t2=b"7\0", t14=device(language), **more),
    }  # fmt: skip
    return ScpEcg().read_header({"a.scp": scp.record(bodies)}, None)


@pytest.mark.parametrize("language", [0x00, 0x01])
def test_a_gb_name_under_a_latin_label_is_rescued_and_said(language):
    received = header(language, GB)
    assert received.header.name == "欧阳建国"
    assert "charset_repaired" in received.flags
    assert received.header.name_raw == GB


@pytest.mark.parametrize(
    ("language", "raw"),
    [(0x27, GB), (0x37, "欧阳建国".encode()), (0x07, "欧阳建国".encode("utf-16-le") + b"\0")],
)
def test_a_name_in_its_declared_language_needs_no_repair(language, raw):
    received = header(language, raw)
    assert received.header.name == "欧阳建国"
    assert "charset_repaired" not in received.flags


def test_latin_names_keep_their_accents_and_have_a_space():
    received = header(1, "Müller".encode("latin_1"), b"Jan")
    assert received.header.name == "Müller Jan"
    assert "charset_repaired" not in received.flags


def test_the_records_own_zone_goes_before_that_of_the_site():
    more = {"t25": struct.pack("<HBB", 2026, 1, 2), "t26": bytes([8, 0, 0])}
    own = header(0, b"A", t34=struct.pack("<hH", 480, 0), **more).header
    assert (own.exam_start, own.clock_source) == (datetime(2026, 1, 2, tzinfo=UTC), "file")
    bare = header(0, b"A", **more)
    assert bare.header.exam_start is None
    assert "clock_without_zone" in bare.flags


def test_what_the_patient_section_leaves_open_stays_open():
    received = header(0, b"A", t8=b"\0", t5=bytes(4), t4=bytes(3))
    found = received.header
    assert (found.sex, found.birth_date, found.age_years) == ("", None, None)
    assert "missing_tags" in received.flags
    assert found.manufacturer == "Schiller"


# --- what the device says --------------------------------------------------------------------


def said(**sections):
    row = np.zeros(10, int)
    bodies = {1: scp.PATIENT, 3: scp.leads({"I": (1, 10)}), 6: scp.signal([row])}
    return read(scp.record(bodies | {int(k[1:]): v for k, v in sections.items()}))


def test_values_that_stand_for_not_measured_are_left_out():
    seven = struct.pack("<BBHH", 1, 0, 29999, 0)
    seven += struct.pack("<5H3h", 29999, 29999, 400, 480, 29999, 999, 29999, 15)
    assert dict(said(s7=seven).trace.device.measurements) == {"qrs_ms": 80, "t_axis_deg": 15}


def test_rate_and_qtc_stand_behind_spikes_and_types_of_complexes():
    seven = struct.pack("<BBHH", 1, 2, 800, 0) + struct.pack("<5H3h", 0, 90, 160, 250, 540, 1, 2, 3)
    seven += bytes(20) + struct.pack("<H", 3) + b"\0\1\0" + struct.pack("<HHHB", 75, 0, 425, 1)
    assert dict(said(s7=seven).trace.device.measurements) == {
        "rr_ms": 800, "p_ms": 90, "pr_ms": 160, "qrs_ms": 90, "qt_ms": 380, "p_axis_deg": 1,
        "qrs_axis_deg": 2, "t_axis_deg": 3, "heart_rate_bpm": 75, "qtc_ms": 425,
        "qtc_bazett_ms": 425,
    }  # fmt: skip


def lines(*texts):
    body = bytes([1]) + struct.pack("<HBB", 2026, 1, 2) + bytes([8, 0, 0, len(texts)])
    return body + b"".join(
        struct.pack("<BH", at, len(text)) + text for at, text in enumerate(texts, 1)
    )


def test_statements_of_both_sections_are_read_once_each():
    received = said(
        s8=lines(b"Sinus rhythm\0", "窦性心律".encode("gb18030") + b"\0"),
        s11=lines(b"\1NSR\0", b"\2Sinus rhythm\0", b"\3(A|B)\0"),
    )
    assert received.trace.device.statements == ("Sinus rhythm", "窦性心律", "NSR")
    assert "a person confirmed or changed" in " ".join(received.notes)


# --- damage ----------------------------------------------------------------------------------


def broken(data, number, at=20):
    """One byte of a section changed, its checksum left."""
    place = struct.unpack_from("<HII", data, 22 + 10 * number)[2] - 1
    out = bytearray(data)
    out[place + at] ^= 0xFF
    return bytes(out)


def test_a_damaged_patient_section_is_refused_before_anything_is_filed(wave):
    with pytest.raises(Unreadable, match="does not fit its checksum"):
        ScpEcg().read_header({"a": broken(scp.simple(wave), 1)})


@pytest.mark.parametrize("number", [3, 6])
def test_damaged_samples_are_refused_but_the_patient_is_known(wave, number):
    data = broken(scp.simple(wave), number)
    received = ScpEcg().read_header({"a": data})
    assert received.header.patient_id == "P7"
    assert "checksum_differs" in received.flags
    with pytest.raises(BadTrace, match=f"section {number} does not fit its checksum"):
        read(data)


def test_damaged_statements_are_left_out_and_said():
    row = np.zeros(10, int)
    data = scp.record(
        {1: scp.PATIENT, 3: scp.leads({"I": (1, 10)}), 6: scp.signal([row]), 8: lines(b"Normal\0")}
    )
    received = read(broken(data, 8))
    assert received.trace.device.statements == ()
    assert "section 8 does not fit its checksum and is left out" in received.notes


def test_a_cart_that_writes_no_checksums_is_read(wave):
    data = bytearray(scp.simple(wave))
    for at in (0, *(struct.unpack_from("<HII", data, 22 + 10 * n)[2] - 1 for n in (0, 1, 3, 6))):
        data[at : at + 2] = b"\0\0"
    np.testing.assert_allclose(rows_of(bytes(data))["I"], wave["I"] * UV, atol=1e-6)


def test_a_record_cut_short_says_how_much_arrived(wave):
    data = scp.simple(wave)
    with pytest.raises(Unreadable, match=f"truncated: the record has {len(data)} bytes, 300"):
        read(data[:300])


@pytest.mark.parametrize(
    ("bodies", "says"),
    [
        ({3: b""}, "describes no 0 leads"),
        ({3: scp.leads({"I": (1, 2**31)})}, "section 3 gives leads"),
        ({3: scp.leads({"I": (9, 3)})}, "section 3 gives leads"),
        ({3: scp.leads({"I": (1, 1000)})}, "truncated"),
        ({6: struct.pack("<HHBB", 1, 0, 0, 0)}, "every 0 us"),
        ({6: struct.pack("<HHBB", 1, 2000, 7, 0)}, "order 7"),
        ({6: b"\1"}, "at least 6"),
        ({2: struct.pack("<H", 9)}, "no table"),
        ({2: struct.pack("<H", 999)}, "999 code tables"),
        ({2: struct.pack("<H", 1) + scp.table([("0", 0, 0, 1)])}, "truncated: the codes end"),
        ({2: struct.pack("<H", 1) + scp.table([("1", 0, 1, 0)])}, "begins no code"),
        ({2: struct.pack("<H", 1) + scp.table([("0", 0, 0, 9)])}, "switches to table 9"),
        ({2: struct.pack("<H", 1) + scp.table([("0", 60, 1, 9)])}, "a code of 1 of 61 bits"),
    ],
)
def test_sections_that_contradict_themselves_are_named(bodies, says):
    usual = {1: scp.PATIENT, 3: scp.leads({"I": (1, 40)}), 6: scp.signal([np.zeros(40, int)])}
    with pytest.raises(BadTrace, match=says):
        read(scp.record(usual | bodies))


def test_a_record_without_rhythm_says_so():
    with pytest.raises(BadTrace, match="section 6 is missing"):
        read(scp.record({1: scp.PATIENT, 3: scp.leads({"I": (1, 40)})}))


@given(st.data())
@settings(max_examples=60, deadline=2000)
def test_any_integers_come_back_from_any_order_of_differences(data):
    count = data.draw(st.integers(2, 60))
    row = np.array(data.draw(st.lists(st.integers(-32768, 32767), min_size=count, max_size=count)))
    order = data.draw(st.integers(0, 2))
    found = rows_of(scp.simple({"I": row}, order=order, nanovolts=1000))
    np.testing.assert_allclose(found["I"], row / 1000, rtol=1e-6, atol=1e-9)
