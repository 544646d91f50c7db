"""Mortara, Edan and MFER files made by their public descriptions: no real one was to be had."""

import base64
import struct

import numpy as np

LEADS = ("I", "II", "V1")
COUNTS = np.random.default_rng(8).integers(-800, 800, (3, 1000)).astype("<i2")


def mortara(counts=COUNTS, *, scale='UNITS_PER_MV="400"', rate="500", name="张^三"):
    """ELI XML: physical mV are counts over UNITS_PER_MV."""
    family, given = name.split("^")
    rows = "".join(
        f'<CHANNEL NAME="{lead}" BITS="16" FORMAT="SIGNED" {scale} OFFSET="0"'
        f' DURATION="{len(row)}"'
        f' SAMPLE_FREQ="{rate}" ENCODING="BASE64"'
        f' DATA="{base64.b64encode(row.tobytes()).decode()}"/>'
        for lead, row in zip(LEADS, counts, strict=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<ECG ACQUISITION_TIME="20260102081530" AGE="63" AGE_UNITS="Years" VENT_RATE="72">'
        f'<SUBJECT LAST_NAME="{family}" FIRST_NAME="{given}" ID="P7" GENDER="Female"'
        ' DOB="19620506"/><SOURCE MANUFACTURER="Mortara Instrument, Inc." MODEL="ELI 280"/>'
        '<AUTOMATIC_INTERPRETATION><STATEMENT TEXT="SINUS RHYTHM" REASON="normal P axis"/>'
        '</AUTOMATIC_INTERPRETATION><TYPICAL_CYCLE PR_DURATION="150" QRS_DURATION="90" QT="400"/>'
        f"{rows}</ECG>"
    ).encode()


def mfer(counts=COUNTS, *, unit=0, exponent=-6, mantissa=5, rate=500, order="<"):
    """ISO 22077-1: tag, length, value; unit 0 is the volt, so 10**-6 * 5 is 5 uV a step."""
    little = order == "<"
    leads = (1, 2, 3)  # I, II, V1 in table 5-17
    ends = "little" if little else "big"

    def tlv(tag, value):
        return bytes((tag, len(value))) + value

    data = tlv(0x40, b"MFR Standard 12 leads ECG".ljust(32))
    data += tlv(0x01, bytes((1 if little else 0,)))
    data += tlv(0x05, bytes((3,))) + tlv(0x04, len(counts[0]).to_bytes(2, ends))
    data += tlv(0x06, bytes((1,)))
    data += tlv(0x0B, bytes((0, 0)) + rate.to_bytes(2, ends))
    data += tlv(0x0C, bytes((unit, exponent & 0xFF)) + mantissa.to_bytes(2, ends))
    data += tlv(0x0A, b"\0")
    for at, code in enumerate(leads):
        inner = tlv(0x09, code.to_bytes(2, ends))
        data += bytes((0x3F, at, len(inner))) + inner
    data += tlv(0x82, b"P7") + tlv(0x85, (2026).to_bytes(2, ends) + bytes((1, 2, 8, 15, 30)))
    body = counts.astype(f"{order}i2").tobytes()
    return data + bytes((0x1E, 0x84)) + len(body).to_bytes(4, "big") + body + b"\x80"


def edan(counts=COUNTS, *, rate=500):
    """`patient.hea` and `ecgraw.dat`: unsigned words around 16384, the scale is nowhere."""
    head = bytearray(3672)
    struct.pack_into("<II", head, 4, 1_767_340_800, 1_767_340_802)
    head[12] = len(counts)
    struct.pack_into("<h", head, 32, rate)
    head[108:110] = b"P7"
    for at, lead in enumerate(LEADS):
        head[1796 + 8 * at : 1796 + 8 * at + len(lead)] = lead.encode()
    words = (counts.T.astype(np.int32) + 16384).astype("<u2")
    return {"patient.hea": bytes(head), "ecgraw.dat": words.tobytes()}
