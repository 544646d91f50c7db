"""What the cart measured and stated in an SCP-ECG record: sections 7, 8 and 11 of EN 1064."""

import struct
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from workbench.domain.trace import DeviceSays
from workbench.formats.scp_record import Record

BLOCK: Final = struct.Struct("<5H3h")  # P on, P off, QRS on, QRS off, T off; axes of P, QRS, T
SPIKE: Final = 10  # bytes of both tables for one pacemaker spike
RATES: Final = struct.Struct("<HHHB")  # ventricular and atrial rate, QTc and its formula
UNKNOWN: Final = {0, 29999, 0xFFFF, 19999}
NO_AXIS: Final = {999, 29999, 19999, -29999, -32768}
FORMULAS: Final = {1: "qtc_bazett_ms", 2: "qtc_hodges_ms"}
WAVES: Final = (("p_ms", 0, 1), ("pr_ms", 0, 2), ("qrs_ms", 2, 3), ("qt_ms", 2, 4))
AXES: Final = ("p_axis_deg", "qrs_axis_deg", "t_axis_deg")
PERSONS: Final = (1, 2)  # states of statements that a person confirmed or overread

Decoder = Callable[[bytes], str]


def device_says(record: Record, text: Decoder, maker: str, model: str) -> DeviceSays:
    """Measurements of the reference beat and statements; parts that are cut off are left out."""
    stated = list(dict.fromkeys(_statements(record, text)))
    return DeviceSays(
        measurements=MappingProxyType(_measured(record.sections.get(7, b""))),
        statements=tuple(stated), maker=maker, model=model,
    )  # fmt: skip


def later_hand(record: Record) -> bool:
    """Whether a person confirmed or changed the statements of the cart."""
    return any(body[0] in PERSONS for n in (8, 11) if (body := record.sections.get(n)))


def _measured(body: bytes) -> dict[str, float]:
    if len(body) < 6:
        return {}
    blocks, spikes, rr, pp = struct.unpack_from("<BBHH", body)
    found = {name: float(v) for name, v in (("rr_ms", rr), ("pp_ms", pp)) if v not in UNKNOWN}
    at = 6
    if blocks and at + BLOCK.size <= len(body):
        values = BLOCK.unpack_from(body, at)  # the first block is the reference beat
        for name, begin, end in WAVES:
            # a wave may begin at 0 ms, the start of the beat; an end of 0 is no end
            known = values[begin] not in UNKNOWN - {0} and values[end] not in UNKNOWN
            if known and values[end] > values[begin]:
                found[name] = float(values[end] - values[begin])
        found |= {
            name: float(v) for name, v in zip(AXES, values[5:], strict=True) if v not in NO_AXIS
        }
    at += blocks * BLOCK.size + spikes * SPIKE
    types = int.from_bytes(body[at : at + 2], "little")
    at += 2 + types
    if at + RATES.size <= len(body):
        rate, atrial, qtc, formula = RATES.unpack_from(body, at)
        named = (("heart_rate_bpm", rate), ("atrial_rate_bpm", atrial), ("qtc_ms", qtc))
        found |= {name: float(v) for name, v in named if v not in UNKNOWN}
        if formula in FORMULAS and "qtc_ms" in found:
            found[FORMULAS[formula]] = found["qtc_ms"]
    return found


def _statements(record: Record, text: Decoder) -> Iterator[str]:
    for number in (8, 11):
        for body in _lines(record.sections.get(number, b"")):
            if number == 11 and body[:1] not in (bytes([1]), bytes([2])):
                continue  # the logic between statements is no statement
            value = body[1:] if number == 11 else body
            words = [text(part) for part in value.split(b"\0")]
            line = " ".join(word for word in words if word)
            if line:
                yield line


def _lines(body: bytes) -> Iterator[bytes]:
    """Statements of a section: state, date, time, their number, then number, length and text."""
    count, at = (body[8], 9) if len(body) > 9 else (0, 0)
    for _ in range(count):
        size = int.from_bytes(body[at + 1 : at + 3], "little")
        if at + 3 + size > len(body):
            return
        yield body[at + 3 : at + 3 + size]
        at += 3 + size
