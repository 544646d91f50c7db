"""Philips Sierra XML: unpacked as the cart packed it, without the calibration pulse at the end."""

import base64
import struct
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.errors import BadTrace, Unreadable
from workbench.domain.trace import LEADS
from workbench.formats.readers.sierra_xml import SierraXml

FILES = {"sierra_1_03": 5264, "sierra_1_04": 5300, "sierra_1_04_01": 5300}  # samples of a heart
LABELS = "I II III aVR aVL aVF V1 V2 V3 V4 V5 V6"


def lzw(data):
    """Codes of 10 bits, written from the description of LZW, without a reset."""
    known = {bytes([v]): v for v in range(256)}
    codes, word = [], b""
    for value in data:
        longer = word + bytes([value])
        if longer in known:
            word = longer
            continue
        codes.append(known[word])
        if len(known) < 1023:
            known[longer] = len(known)
        word = bytes([value])
    codes.append(known[word])
    text = "".join(f"{code:010b}" for code in codes)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def xli(row):
    """One chunk: first two samples, then 64 less the second difference, one word ahead."""
    second = [row[i] - 2 * row[i - 1] + row[i - 2] for i in range(2, len(row))]
    words = [row[0], row[1], *(64 - d for d in second[1:]), 64]
    start = -second[0] if second else 0
    raw = np.array(words).astype("<i2").view(np.uint16)
    packed = lzw((raw >> 8).astype(np.uint8).tobytes() + (raw & 255).astype(np.uint8).tobytes())
    return struct.pack("<ihh", len(packed), 1, start) + packed


def document(data, version="1.04", body="", **attributes):
    usual = {
        "dataencoding": "Base64", "compression": "None", "leadlabels": LABELS, "resolution": "5",
        "durationperchannel": "40", "samplespersecond": "500", "signaloffset": "0",
        "signalsigned": "True", "bitspersample": "16",
    }  # fmt: skip
    said = "".join(f' {k}="{v}"' for k, v in (usual | attributes).items() if v is not None)
    return (
        '<restingecgdata xmlns="http://www3.medical.philips.com"><documentinfo>'
        f"<documentversion>{version}</documentversion></documentinfo>{body}<waveforms>"
        f"<parsedwaveforms{said}>{base64.b64encode(data).decode()}</parsedwaveforms></waveforms>"
        "</restingecgdata>"
    ).encode()


def read(data):
    return SierraXml().read({"a.xml": data})


@pytest.fixture
def rows():
    """20 samples of twelve leads that obey Einthoven, in steps."""
    free = np.random.default_rng(3).integers(-300, 300, (8, 20))
    one, two = free[0], free[1]
    limbs = [one, two, two - one, -((one + two) >> 1), one - (two >> 1), two - (one >> 1)]
    return np.stack([*limbs, *free[2:]])


@pytest.mark.parametrize("name", FILES)
def test_the_real_files_end_where_the_heart_ends(shared, name):
    data = (shared / "ecg" / "formats" / "philips_sierra_xml" / f"{name}.xml").read_bytes()
    received = read(data)
    trace = received.trace
    assert trace.leads == LEADS
    assert trace.rate == 500
    # 11,000 ms = 5,500 samples are declared, but the last of them are one pulse in all leads
    assert trace.millivolts.shape == (12, FILES[name])
    assert (trace.millivolts[:, -200:] != trace.millivolts[0, -200:]).any()
    assert any("calibration pulse" in text for text in received.notes)
    off = np.abs(trace.lead("I") + trace.lead("III") - trace.lead("II"))
    assert off.max() <= 0.0101  # rounding in the cart: two steps of 5 uV in the oldest version


def test_the_carts_measurements_and_statements_are_kept_in_all_versions(shared):
    folder = shared / "ecg" / "formats" / "philips_sierra_xml"
    said = {name: read((folder / f"{name}.xml").read_bytes()).trace.device for name in FILES}
    rates = {name: one.measurements["heart_rate_bpm"] for name, one in said.items()}
    assert rates == {"sierra_1_03": 41, "sierra_1_04": 84, "sierra_1_04_01": 64}
    assert said["sierra_1_03"].measurements["qt_ms"] == 476
    assert said["sierra_1_04"].measurements["qtc_fridericia_ms"] == 394
    assert said["sierra_1_03"].statements[0] == "Sinus bradycardia (rate< 50)"
    assert said["sierra_1_04_01"].statements[-1] == "OTHERWISE NORMAL ECG"


def test_utf_16_and_its_header_are_read(shared):
    data = (shared / "ecg/formats/philips_sierra_xml/sierra_1_04.xml").read_bytes()
    assert data[:2] == b"\xff\xfe"
    reader = SierraXml()
    assert reader.claims({"a.xml": data})
    header = reader.read_header({"a.xml": data}).header
    assert (header.patient_id, header.sex, header.birth_date) == ("9999", "M", date(1950, 1, 1))
    assert (header.model, header.referring) == ("PageWriter Touch", "TEST PT")


def test_samples_that_are_not_packed_are_millivolts_of_their_step(rows):
    trace = read(document(rows.astype("<i2").tobytes())).trace
    np.testing.assert_allclose(trace.millivolts, rows * 0.005, atol=1e-6)


def test_packed_samples_are_the_same_and_limb_leads_are_made_whole(rows):
    stored = rows.copy()
    stored[2:6] = 0  # what is left when the cart's own computation is exact
    packed = b"".join(xli(row.tolist()) for row in stored)
    trace = read(document(packed, compression="XLI")).trace
    np.testing.assert_allclose(trace.millivolts[:3], rows[:3] * 0.005, atol=1e-6)
    np.testing.assert_allclose(trace.millivolts[6:], rows[6:] * 0.005, atol=1e-6)
    one, two = rows[:2] * 0.005
    np.testing.assert_allclose(trace.lead("aVR"), -(one + two) / 2, atol=0.0026)
    np.testing.assert_allclose(trace.lead("aVL"), one - two / 2, atol=0.0026)
    np.testing.assert_allclose(trace.lead("aVF"), two - one / 2, atol=0.0026)


@given(st.lists(st.integers(-5000, 5000), min_size=20, max_size=20))
@settings(max_examples=40, deadline=2000)
def test_any_lead_comes_back_from_packing(row):
    trace = read(document(xli(row), compression="XLI", leadlabels="V1")).trace
    np.testing.assert_allclose(trace.lead("V1"), np.array(row) * 0.005, atol=1e-6)


def test_extra_samples_behind_the_declared_duration_are_not_shown(rows):
    longer = np.concatenate((rows, rows), axis=1)
    packed = b"".join(xli(row.tolist()) for row in longer[6:7])
    trace = read(document(packed, compression="XLI", leadlabels="V1")).trace
    assert trace.millivolts.shape == (1, 20)


def pulse(count=400, height=200):
    tail = np.zeros((2, 160), int)
    tail[:, 40:120] = height
    heart = np.random.default_rng(1).integers(-90, 90, (2, count))
    heart[0] += 1000  # never equal
    return np.concatenate((heart, tail), axis=1)


def two_leads(steps):
    milliseconds = str(steps.shape[1] * 2)
    return read(
        document(steps.astype("<i2").tobytes(), leadlabels="V1 V2", durationperchannel=milliseconds)
    )


def test_a_square_pulse_of_one_millivolt_in_all_leads_is_cut_off_and_said():
    received = two_leads(pulse())
    assert received.trace.millivolts.shape == (2, 400)
    assert "the last 0.32 s hold the calibration pulse" in received.notes[-1]


@pytest.mark.parametrize("change", ["height", "other lead", "open end", "flat"])
def test_what_only_resembles_a_pulse_stays_in_the_trace(change):
    steps = pulse(height=150) if change == "height" else pulse()
    if change == "other lead":
        steps[1, -10] = 7
    elif change == "open end":
        steps[:, 440:] = 200
    elif change == "flat":
        steps[:, 400:] = 0
    assert two_leads(steps).trace.millivolts.shape == (2, 560)


def test_what_a_person_edited_is_not_the_carts(rows):
    body = """<interpretations><interpretation><globalmeasurements>
    <qtint editedflag="True">400</qtint><qrsdur editedflag="False">90</qrsdur>
    <print>Failed</print><heartrate>0</heartrate><tfrontaxis>0</tfrontaxis></globalmeasurements>
    <statement><leftstatement>Sinus rhythm</leftstatement></statement></interpretation>
    </interpretations>"""
    received = read(document(rows.astype("<i2").tobytes(), body=body))
    assert dict(received.trace.device.measurements) == {"qrs_ms": 90, "t_axis_deg": 0}
    assert "a person confirmed or changed" in " ".join(received.notes)


def test_without_a_resolution_the_trace_is_not_calibrated(rows):
    received = read(document(rows.astype("<i2").tobytes(), resolution=None))
    assert not received.trace.calibrated
    assert "not_calibrated" in received.flags


GOOD = np.zeros((12, 20), "<i2").tobytes()


@pytest.mark.parametrize(
    ("data", "more", "says"),
    [
        (GOOD, {"version": "2.0"}, "version 2.0; readable are 1.03"),
        (GOOD[:-2], {}, "truncated: the samples have 478 bytes; 480"),
        (GOOD, {"durationperchannel": "99999999999"}, "are declared; expected some seconds"),
        (GOOD, {"durationperchannel": ""}, "no time can be measured"),
        (GOOD, {"samplespersecond": "nan"}, "no time can be measured"),
        (GOOD, {"bitspersample": "12"}, "expected 16"),
        (GOOD, {"leadlabels": "I I"}, "expected each one once"),
        (GOOD, {"leadlabels": None}, "which leads are these"),
        (GOOD, {"dataencoding": "Plain"}, "expected Base64"),
        (GOOD, {"compression": "ZIP"}, "packed by ZIP"),
        (b"\1", {"compression": "XLI"}, "truncated: 0 of 12 packed leads"),
        (struct.pack("<ihh", 10**6, 0, 0), {"compression": "XLI"}, "has 1000000 bytes"),
        (
            struct.pack("<ihh", 6, 0, 0) + b"\xff" * 6, {"compression": "XLI", "leadlabels": "V1"},
            "unpacks to 0 bytes",
        ),
        (xli([0] * 9), {"compression": "XLI", "leadlabels": "V1"}, "truncated: a lead holds 9"),
        (
            struct.pack("<ihh", 4, 0, 0) + b"\x00\x3c\x00\x00",
            {"compression": "XLI", "leadlabels": "V1"}, "name word",
        ),
    ],
)  # fmt: skip
def test_files_that_contradict_themselves_are_refused_by_name(data, more, says):
    with pytest.raises(BadTrace, match=says):
        read(document(data, **more))


def test_a_packed_bomb_is_refused_before_it_fills_the_memory():
    bomb = lzw(bytes(2_000_000))
    chunk = struct.pack("<ihh", len(bomb), 0, 0) + bomb
    with pytest.raises(BadTrace, match="unpacks to more than"):
        read(document(chunk, compression="XLI", leadlabels="V1"))


def test_damaged_text_is_unreadable_or_damaged_by_name():
    whole = document(GOOD)
    with pytest.raises(BadTrace, match="the samples are damaged"):
        read(whole.replace(b"AAAA", b"A*AA", 1))
    with pytest.raises(Unreadable):
        read(whole[:300])
