"""SCP-ECG records put together by hand for tests, apart from the product's own writer."""

import binascii
import struct
from collections.abc import Mapping, Sequence

import numpy as np

CODES = {"I": 1, "II": 2, "V1": 3, "III": 61, "-aVR": 65, "V9": 67, "V4R": 12, "odd": 200}


def crc(data: bytes) -> int:
    return binascii.crc_hqx(data, 0xFFFF)


def record(bodies: Mapping[int, bytes], protocol: int = 20) -> bytes:
    """Sections in the order of their numbers, with pointers and right checksums."""
    pointers = struct.pack("<HII", 0, 16 + 120, 7)
    at, sections = 6 + 16 + 120, b""
    for number in range(1, 12):
        if number not in bodies:
            pointers += struct.pack("<HII", number, 0, 0)
            continue
        made = section(number, bodies[number], protocol)
        pointers += struct.pack("<HII", number, len(made), at + 1)
        sections += made
        at += len(made)
    body = struct.pack("<I", at) + section(0, pointers, protocol, b"SCPECG") + sections
    return struct.pack("<H", crc(body)) + body


def section(number: int, body: bytes, protocol: int = 20, reserved: bytes = bytes(6)) -> bytes:
    head = struct.pack("<HIBB6s", number, 16 + len(body), protocol, protocol, reserved)
    return struct.pack("<H", crc(head + body)) + head + body


def checked(data: bytes) -> bytes:
    """The same bytes with every checksum made right: what a damaged writer would send."""
    out = bytearray(data)
    end = min(6 + int.from_bytes(out[10:14], "little"), len(out))
    for at in range(22, end - 9, 10):
        number, length, place = struct.unpack_from("<HII", out, at)
        if number and length >= 16 and place and place - 1 + length <= len(out):
            body = bytes(out[place + 1 : place - 1 + length])
            out[place - 1 : place + 1] = struct.pack("<H", crc(body))
    out[6:8] = struct.pack("<H", crc(bytes(out[8:end])))
    out[0:2] = struct.pack("<H", crc(bytes(out[2:])))
    return bytes(out)


def tags(**values: bytes) -> bytes:
    """Section 1; `t5=` is tag 5."""
    body = b"".join(
        struct.pack("<BH", int(name[1:]), len(value)) + value for name, value in values.items()
    )
    return body + struct.pack("<BH", 255, 0)


PATIENT = tags(
    t0=b"Li\0", t1=b"Wei\0", t2=b"P7\0", t25=struct.pack("<HBB", 2026, 11, 20), t26=bytes([9, 5, 7])
)


def leads(spans: Mapping[str, tuple[int, int]], flags: int = 4) -> bytes:
    body = bytes([len(spans), flags | len(spans) << 3])
    return body + b"".join(struct.pack("<IIB", *span, CODES[n]) for n, span in spans.items())


def signal(
    rows: Sequence[np.ndarray | bytes],
    nanovolts: int = 2500,
    interval: int = 2000,
    order: int = 0,
    averaged: int = 0,
) -> bytes:
    """Section 5 or 6: amplitudes or differences of integers, or bytes that are coded already."""
    packed = []
    for row in rows:
        if isinstance(row, bytes):
            packed.append(row)
            continue
        wide = np.asarray(row, np.int64)
        for _ in range(order):
            wide = np.concatenate((wide[:1], np.diff(wide)))
        if order == 2:  # the second value is an amplitude too
            wide[1] = row[1]
        packed.append(((wide + 32768) % 65536 - 32768).astype("<i2").tobytes())
    head = struct.pack("<HHBB", nanovolts, interval, order, averaged)
    return head + struct.pack(f"<{len(packed)}H", *map(len, packed)) + b"".join(packed)


def simple(rows: Mapping[str, np.ndarray], **more) -> bytes:
    """A record with these leads from sample 1 on."""
    spans = {name: (1, len(row)) for name, row in rows.items()}
    return record({1: PATIENT, 3: leads(spans), 6: signal(list(rows.values()), **more)})


def bits(words: Sequence[str]) -> bytes:
    """Code words as bytes, filled up with ones."""
    text = "".join(words)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def table(codes: Sequence[tuple[str, int, int, int]]) -> bytes:
    """One table of section 2: (prefix, bits behind it, mode, base value) of each code."""
    rows = [
        struct.pack("<BBBhI", len(p), len(p) + extra, mode, base, int(p[::-1], 2))
        for p, extra, mode, base in codes
    ]
    return struct.pack("<H", len(rows)) + b"".join(rows)
