"""Broken copies of a recording: the same seed breaks the same bytes again."""

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from random import Random

from tests.formats import scp_maker

HEAD = 4000  # bytes in which headers lie; half of all breaks fall there
NUMBERS = (b"0", b"-1", b"1e309", b"nan", b"99999999999999999999", b"2147483648", b"", b"0x10")
LENGTHS = (0, 1, 3, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")

Breaker = Callable[[Random, bytearray], bytearray]


def broken(rng: Random, parts: Mapping[str, bytes], others: Sequence[bytes]) -> dict[str, bytes]:
    """One to four breaks in one part; now and then the part of another recording in its place."""
    name = rng.choice(sorted(parts))
    data = bytearray(parts[name])
    if others and rng.random() < 0.05:
        at, other = rng.randrange(len(data) + 1), rng.choice(others)
        data[at:] = other[rng.randrange(len(other)) :]
    for _ in range(rng.choice((1, 1, 2, 4))):
        data = rng.choice(BREAKS)(rng, data) if data else data
    if scp_like(data) and rng.random() < 0.7:  # else nearly all end at their checksum
        data = bytearray(scp_maker.checked(bytes(data)))
    return {**parts, name: bytes(data)}


def scp_like(data: bytes) -> bool:
    """Whether section 0 of an SCP-ECG record still stands where it belongs."""
    return len(data) > 200 and data[16:22] == b"SCPECG"


def _place(rng: Random, data: bytearray) -> int:
    return rng.randrange(min(len(data), HEAD) if rng.random() < 0.5 else len(data))


def _cut(rng: Random, data: bytearray) -> bytearray:
    return data[: _place(rng, data)]


def _flip(rng: Random, data: bytearray) -> bytearray:
    for _ in range(rng.randrange(1, 20)):
        data[_place(rng, data)] ^= 1 << rng.randrange(8)
    return data


def _put(rng: Random, data: bytearray) -> bytearray:
    for _ in range(rng.randrange(1, 12)):
        data[_place(rng, data)] = rng.randrange(256)
    return data


def _fill(rng: Random, data: bytearray) -> bytearray:
    at = _place(rng, data)
    data[at : at + rng.randrange(1, 64)] = rng.choice((b"\x00", b"\xff", b" ")) * rng.randrange(80)
    return data


def _lose(rng: Random, data: bytearray) -> bytearray:
    at = _place(rng, data)
    del data[at : at + rng.randrange(1, 300)]
    return data


def _repeat(rng: Random, data: bytearray) -> bytearray:
    at = _place(rng, data)
    block = data[at : at + rng.randrange(1, 200)]
    data[at:at] = block * rng.randrange(1, 30)
    return data


def _length(rng: Random, data: bytearray) -> bytearray:
    at, form = _place(rng, data), rng.choice(["<H", ">H", "<I", ">I"])
    wide = struct.calcsize(form)
    data[at : at + wide] = struct.pack(form, rng.choice(LENGTHS) & (2 ** (8 * wide) - 1))
    return data


def _number(rng: Random, data: bytearray) -> bytearray:
    """Another number in place of one that is written as text."""
    found = list(_NUMBER.finditer(bytes(data[:HEAD])))
    if not found:
        return _put(rng, data)
    one = rng.choice(found)
    data[one.start() : one.end()] = rng.choice(NUMBERS)
    return data


BREAKS: tuple[Breaker, ...] = (_cut, _flip, _put, _fill, _lose, _repeat, _length, _number)
