"""Frame of an SCP-ECG record (EN 1064, ISO 11073-91064): preamble, pointers, sections, checksums.

A section whose bytes do not fit its checksum is never read: a damaged patient section would file
the tracing under another person, damaged samples would be another heart.
"""

import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from workbench.domain.errors import BadTrace, Unreadable

HEAD: Final = struct.Struct("<HHIBB6s")  # checksum, number, length, version, protocol, reserved
PREAMBLE: Final = struct.Struct("<HI")  # checksum and length of the whole record
POINTER: Final = struct.Struct("<HII")  # number, length, place counted from 1
MOST_BYTES: Final = 8 * 2**20  # 64 leads of 65 kB, the most their lengths can say, are half of it
STANDARD: Final = 11  # sections above are the maker's own
PATIENT: Final = (0, 1)
SAMPLES: Final = (2, 3, 4, 5, 6)
AGAIN: Final = "ask for the file to be sent again"


@dataclass(frozen=True, slots=True)
class Record:
    """The sections of a record by number, without their heads; `damaged` ones are left out."""

    sections: Mapping[int, bytes]
    protocol: int  # 10 times the version of the standard: 13, 20, 22, 30
    damaged: tuple[int, ...] = ()
    whole_fits: bool = True

    def need(self, number: int) -> bytes:
        """Bytes of one section of samples.

        Raises
        ------
        BadTrace
            If it is missing or damaged.
        """
        if number in self.damaged:
            raise BadTrace(f"section {number} does not fit its checksum; {AGAIN}")
        if number not in self.sections:
            raise BadTrace(f"section {number} is missing; without it there are no samples")
        return self.sections[number]

    def optional(self, number: int) -> bytes | None:
        """Bytes of a section that may be missing, but not damaged."""
        return self.need(number) if number in (*self.sections, *self.damaged) else None


def looks_like_scp(head: bytes) -> bool:
    """Whether the first pointer describes section 0 at byte 7, as the standard fixes it."""
    if len(head) < PREAMBLE.size + HEAD.size + POINTER.size:
        return False
    _, number, length, *_ = HEAD.unpack_from(head, PREAMBLE.size)
    first, _, place = POINTER.unpack_from(head, PREAMBLE.size + HEAD.size)
    if (number, first, place) != (0, 0, PREAMBLE.size + 1):
        return False
    pointers, rest = divmod(int(length) - HEAD.size, POINTER.size)
    return pointers >= 1 and rest == 0


def open_record(data: bytes) -> Record:
    """Find the sections and check them.

    Raises
    ------
    Unreadable
        If the record is cut short, points outside itself, or its patient section is damaged.
    """
    if not looks_like_scp(data):
        raise Unreadable("not an SCP-ECG record: section 0 does not stand at byte 7", "unknown")
    check, size = PREAMBLE.unpack_from(data)
    if size > MOST_BYTES:
        raise Unreadable(f"the record says it has {size} bytes; no ECG is that large", "too_large")
    if size > len(data) or size < PREAMBLE.size + HEAD.size:
        raise Unreadable(
            f"truncated: the record has {size} bytes, {len(data)} arrived; {AGAIN}", "truncated"
        )
    data = data[:size]
    places = _pointers(data)
    sections: dict[int, bytes] = {}
    damaged: list[int] = []
    for number, (at, length) in places.items():
        section = data[at : at + length]
        if number > STANDARD:
            continue
        if _fits(section, *HEAD.unpack_from(section)[:1]):
            sections[number] = section[HEAD.size :]
        else:
            damaged.append(number)
    if any(number in damaged for number in PATIENT):
        raise Unreadable(f"the patient's section does not fit its checksum; {AGAIN}", "damaged")
    return Record(
        MappingProxyType(sections), data[PREAMBLE.size + 9], tuple(damaged), _fits(data, check)
    )


def checksum(data: bytes) -> int:
    """CRC-CCITT of everything behind the two bytes that hold it."""
    return binascii.crc_hqx(data[2:], 0xFFFF)


def _fits(data: bytes, check: int) -> bool:
    return check in (0, checksum(data))  # some carts write no checksum at all, as 0


def _pointers(data: bytes) -> dict[int, tuple[int, int]]:
    """Place and length of each section that is there; the first pointer of a number counts."""
    end = PREAMBLE.size + HEAD.unpack_from(data, PREAMBLE.size)[2]
    if end > len(data):
        raise Unreadable(f"section 0 ends at byte {end} of {len(data)}; {AGAIN}", "damaged")
    places = {0: (PREAMBLE.size, end - PREAMBLE.size)}
    for number, length, place in POINTER.iter_unpack(data[PREAMBLE.size + HEAD.size : end]):
        if number == 0 or length == 0 or number in places:
            continue
        at = place - 1
        if at < end or length < HEAD.size or at + length > len(data):
            raise Unreadable(
                f"section {number} ({length} bytes at byte {place}) lies outside the record; "
                f"{AGAIN}",
                "damaged",
            )
        _, written, own, *_ = HEAD.unpack_from(data, at)
        if number <= STANDARD and (written != number or own != length):
            raise Unreadable(
                f"the pointer names section {number} of {length} bytes, there stands section "
                f"{written} of {own}; {AGAIN}",
                "damaged",
            )
        places[number] = (at, length)
    return places
