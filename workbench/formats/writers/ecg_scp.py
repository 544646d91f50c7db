"""Writes a trace as SCP-ECG (EN 1064): second differences in the default Huffman code."""

import struct
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import Invalid
from workbench.domain.trace import Trace
from workbench.formats.leads import SCP
from workbench.formats.scp_huffman import DEFAULT, Code, default_codes
from workbench.formats.scp_record import HEAD, POINTER, PREAMBLE, checksum
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_parts import family_given, steps_of

NANOVOLTS: Final = 2500  # per step; the standard asks for 5000 or finer
STEP_MV: Final = NANOVOLTS * 1e-6
PROTOCOL: Final = 22
UTF8: Final = 0x37
UNKNOWN, NO_AXIS = 29999, 999
P_ON_MS: Final = 200  # where the first wave of section 7 begins; only distances have a meaning
POINTERS: Final = 12  # sections 0 to 11, present or not
SEXES: Final = {"M": 1, "F": 2}
CODES: Final = {name: int(number) for number, name in SCP.items()}


def to_scp(trace: Trace, header: EcgHeader) -> bytes:
    """One record: patient, leads, rhythm, and what the device says.

    Raises
    ------
    Invalid
        If the trace has gaps, unknown leads or samples out of range.
    """
    unknown = [name for name in trace.leads if name not in CODES]
    if unknown:
        raise Invalid("leads", ", ".join(unknown), f"leads such as {', '.join(list(CODES)[:4])}")
    interval = round(1e6 / trace.rate)
    if abs(1e6 / interval - trace.rate) > 1e-6 * trace.rate or interval > 0xFFFF:
        raise Invalid("sampling rate", f"{trace.rate:g} Hz", "whole microseconds between samples")
    steps = steps_of(trace, trace.leads, STEP_MV)
    bodies = {
        1: _patient(header),
        2: struct.pack("<H", DEFAULT),
        3: _leads(trace),
        6: _rhythm(steps, interval),
        7: _measured(trace.device.measurements),
        8: _stated(trace.device.statements, header),
    }
    return _record(bodies)


def _record(bodies: Mapping[int, bytes]) -> bytes:
    length = HEAD.size + POINTERS * POINTER.size
    at, pointers, sections = PREAMBLE.size + length, b"", b""
    for number in range(1, POINTERS):
        body = bodies.get(number)
        if body is None:
            pointers += POINTER.pack(number, 0, 0)
            continue
        section = _section(number, body + b"\0" * (len(body) % 2))
        pointers += POINTER.pack(number, len(section), at + 1)
        sections += section
        at += len(section)
    first = _section(0, POINTER.pack(0, length, PREAMBLE.size + 1) + pointers, b"SCPECG")
    whole = b"\0\0" + struct.pack("<I", at) + first + sections
    return struct.pack("<H", checksum(whole)) + whole[2:]


def _section(number: int, body: bytes, reserved: bytes = bytes(6)) -> bytes:
    head = HEAD.pack(0, number, HEAD.size + len(body), PROTOCOL, PROTOCOL, reserved)
    return struct.pack("<H", checksum(head + body)) + head[2:] + body


def _patient(header: EcgHeader) -> bytes:
    family, given = family_given(header.patient_name)
    at, birth = header.acquired_at, header.birth_date
    offset = at.utcoffset()
    tags = [
        (0, _text(family)), (1, _text(given)), (2, _text(header.patient_id)),
        (8, bytes([SEXES.get(header.sex, 0)])), (14, _device(header)),
        (16, _text(header.institution)),
        (25, struct.pack("<HBB", at.year, at.month, at.day)),
        (26, bytes([at.hour, at.minute, at.second])),
    ]  # fmt: skip
    if birth is not None:
        tags.append((5, struct.pack("<HBB", birth.year, birth.month, birth.day)))
    if offset is not None:
        tags.append((34, struct.pack("<hH", round(offset.total_seconds() / 60), 0) + b"\0"))
    body = b"".join(
        struct.pack("<BH", tag, len(value)) + value for tag, value in sorted(tags) if value
    )
    return body + struct.pack("<BH", 255, 0)


def _text(text: str) -> bytes:
    return text.encode("utf-8") + b"\0" if text else b""


def _device(header: EcgHeader) -> bytes:
    model = header.model.encode("ascii", "replace")[:5].ljust(6, b"\0")
    fixed = struct.pack("<HHHBB", 0, 0, 0, 0, 255) + model
    fixed += bytes([PROTOCOL, 0xA0, UTF8, 0x80, 1]) + bytes(16)
    # revision of the analysis (its length first), serial number, system, writer, maker
    texts = b"\0" + b"\0" + b"\0" + b"workbench\0" + header.maker.encode("utf-8") + b"\0"
    return fixed + b"\1" + texts


def _leads(trace: Trace) -> bytes:
    count = trace.millivolts.shape[1]
    body = bytes([len(trace.leads), 0x04 | len(trace.leads) << 3 & 0xF8])
    return body + b"".join(struct.pack("<IIB", 1, count, CODES[name]) for name in trace.leads)


def _rhythm(steps: NDArray[np.int16], interval: int) -> bytes:
    packed = [_huffman(_second_differences(row)) for row in steps]
    longest = max(len(row) for row in packed)
    if longest > 0xFFFF:
        raise Invalid("samples per lead", f"{longest} bytes", "65535 bytes at most; cut the strip")
    head = struct.pack("<HHBB", NANOVOLTS, interval, 2, 0)
    return head + struct.pack(f"<{len(packed)}H", *map(len, packed)) + b"".join(packed)


def _second_differences(row: NDArray[np.int16]) -> NDArray[np.int64]:
    wide = row.astype(np.int64)
    out = wide.copy()
    out[2:] = wide[2:] - 2 * wide[1:-1] + wide[:-2]
    return (out + 32768) % 65536 - 32768  # in 16 bits, as carts compute


def _huffman(values: NDArray[np.int64]) -> bytes:
    codes = {code.value: code for code in default_codes() if not code.extra}
    eight, sixteen = (code for code in default_codes() if code.extra)
    bits = []
    for value in values.tolist():
        code = codes.get(value) or (eight if -128 <= value <= 127 else sixteen)
        bits.append(_bits(code, value))
    text = "".join(bits)
    text += "0" * (-len(text) % 16)  # whole words, as the standard advises
    return int(text, 2).to_bytes(len(text) // 8, "big")


def _bits(code: Code, value: int) -> str:
    prefix = f"{code.prefix:0{code.bits}b}"
    return prefix + (f"{value & ((1 << code.extra) - 1):0{code.extra}b}" if code.extra else "")


def _measured(values: Mapping[str, float]) -> bytes:
    pr, qrs, qt, p = (values.get(name) for name in ("pr_ms", "qrs_ms", "qt_ms", "p_ms"))
    begins = P_ON_MS + (round(pr) if pr else P_ON_MS)
    block = [
        P_ON_MS if pr else UNKNOWN,
        P_ON_MS + round(p) if pr and p else UNKNOWN,
        begins,
        begins + round(qrs) if qrs else UNKNOWN,
        begins + round(qt) if qt else UNKNOWN,
    ]
    axes = [
        round(values.get(name, NO_AXIS)) for name in ("p_axis_deg", "qrs_axis_deg", "t_axis_deg")
    ]
    rr, rate, qtc = (values.get(name, 0) for name in ("rr_ms", "heart_rate_bpm", "qtc_ms"))
    body = struct.pack("<BBHH", 1, 0, round(rr) or UNKNOWN, UNKNOWN)
    body += struct.pack("<5H3h", *block, *axes)
    body += struct.pack("<H", 0)  # no list of single complexes
    return body + struct.pack("<HHHBH", round(rate), 0, round(qtc) or UNKNOWN, 0, 0)


def _stated(statements: tuple[str, ...], header: EcgHeader) -> bytes:
    at = header.acquired_at
    body = struct.pack("<BHBB", 0, at.year, at.month, at.day)
    body += bytes([at.hour, at.minute, at.second, len(statements)])
    for number, statement in enumerate(statements, 1):
        text = _text(statement)
        body += struct.pack("<BH", number, len(text)) + text
    return body
