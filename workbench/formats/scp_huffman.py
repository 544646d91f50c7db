"""Sample codes of SCP-ECG: the default table and tables that a file brings (section 2, annex C).

All bit places of a lead are cut into 56-bit windows at once, so that decoding one sample is one
look into a table. Work is bounded by the bytes that are there: each sample takes a bit or more.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace

DEFAULT: Final = 19999  # number of tables that stands for the table of annex C
CODE: Final = struct.Struct("<BBBhI")  # bits of prefix, bits of all, mode, base value, prefix
WINDOW: Final = 56  # bits seen at once
LOOK: Final = 10  # bits of the first look; longer prefixes are sought one by one
MOST_TABLES: Final = 64
MOST_CODES: Final = 8192
LONGEST_PREFIX: Final = 32
LONGEST_EXTRA: Final = 16  # bits of a value that stands behind its prefix
SWITCH: Final = 0  # mode: the base value is the number of the next table


@dataclass(frozen=True, slots=True)
class Code:
    """One code word: its bits as sent, first bit highest."""

    bits: int
    prefix: int
    extra: int
    value: int
    switch: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Codes by their first `LOOK` bits, and the longer ones by length and prefix."""

    first: Sequence[Code | None]
    longer: dict[tuple[int, int], Code]
    lengths: tuple[int, ...]
    columns: NDArray[np.int64] | None
    """Bits, extra bits and value of `first`, shape (3, entries); None when codes switch tables."""

    @classmethod
    def of(cls, codes: Sequence[Code]) -> "Table":
        """Arrange codes; of two that begin alike the shorter is meant."""
        first: list[Code | None] = [None] * (1 << LOOK)
        longer: dict[tuple[int, int], Code] = {}
        for code in sorted(codes, key=lambda one: -one.bits):
            if code.bits > LOOK:
                longer[code.bits, code.prefix] = code
                continue
            wide = 1 << (LOOK - code.bits)
            at = code.prefix * wide
            first[at : at + wide] = [code] * wide
        lengths = tuple(sorted({bits for bits, _ in longer}))
        if lengths or any(code is not None and code.switch for code in first):
            return cls(tuple(first), longer, lengths, None)
        rows = [
            (0, 0, 0) if code is None else (code.bits, code.extra, code.value) for code in first
        ]
        return cls(tuple(first), longer, lengths, np.array(rows, np.int64).T)


def default_codes() -> list[Code]:
    """The table of annex C: 0, then signed steps up to 8, then values of 8 and of 16 bits."""
    codes = [Code(1, 0, 0, 0)]
    for size in range(1, 9):
        ones = ((1 << size) - 1) << 2
        codes += [Code(size + 2, ones, 0, size), Code(size + 2, ones | 1, 0, -size)]
    return [*codes, Code(10, 0b1111111110, 8, 0), Code(10, 0b1111111111, 16, 0)]


def tables(section: bytes) -> tuple[Table, ...]:
    """The tables of section 2.

    Raises
    ------
    BadTrace
        If the section is cut short or a code cannot be one.
    """
    count = int.from_bytes(section[:2], "little")
    if count == DEFAULT:
        return (Table.of(default_codes()),)
    if not 1 <= count <= MOST_TABLES:
        raise BadTrace(f"section 2 announces {count} code tables; 1 to {MOST_TABLES} are expected")
    found, at, codes = [], 2, 0
    for _ in range(count):
        size = int.from_bytes(section[at : at + 2], "little")
        at += 2
        codes += size
        if size == 0 or codes > MOST_CODES or at + size * CODE.size > len(section):
            raise BadTrace(f"section 2 holds no table of {size} codes; send the file again")
        rows = CODE.iter_unpack(section[at : at + size * CODE.size])
        found.append(Table.of([_code(row, count) for row in rows]))
        at += size * CODE.size
    return tuple(found)


def _code(row: tuple[int, int, int, int, int], count: int) -> Code:
    bits, total, mode, value, stored = row
    extra = total - bits
    if not 1 <= bits <= LONGEST_PREFIX or not 0 <= extra <= LONGEST_EXTRA:
        raise BadTrace(f"section 2 holds a code of {bits} of {total} bits; 1 to 32 are expected")
    if mode == SWITCH and not 1 <= value <= count:
        raise BadTrace(f"section 2 switches to table {value} of {count}; send the file again")
    prefix = int(f"{stored & ((1 << bits) - 1):0{bits}b}"[::-1], 2)  # stored last bit first
    return Code(bits, prefix, extra, value, mode == SWITCH)


def decode(data: bytes, count: int, known: Sequence[Table]) -> NDArray[np.int64]:
    """`count` values from the bits of one lead, beginning with the first table.

    Raises
    ------
    BadTrace
        If the bits end early or are no code.
    """
    end = len(data) * 8
    if count > end:
        raise BadTrace(f"truncated: {end} bits cannot hold {count} samples; send the file again")
    if count == 0:
        return np.zeros(0, np.int64)
    windows = _windows(data)
    columns = known[0].columns
    if columns is None:
        return _one_by_one(windows, count, known)
    return _at_once(windows, count, columns)


def _at_once(
    windows: NDArray[np.uint64], count: int, columns: NDArray[np.int64]
) -> NDArray[np.int64]:
    """One short table: what would begin at every bit is looked up, then the chain followed."""
    bits, extra, value = columns
    look = (windows >> np.uint64(WINDOW - LOOK)).astype(np.intp)
    after = (np.arange(len(look)) + np.maximum(bits + extra, 1)[look]).tolist()
    places, at, end = [], 0, len(after)
    for done in range(count):
        if at >= end:
            raise BadTrace(f"truncated: the codes end after {done} of {count} samples")
        places.append(at)
        at = after[at]
    if at > end:
        raise BadTrace(f"truncated: the last of {count} samples is cut off; send the file again")
    where = np.array(places)
    mine = look[where]
    wide, behind = bits[mine], extra[mine]
    if not wide.all():
        bad = int(where[np.flatnonzero(wide == 0)[0]])
        raise BadTrace(f"bit {bad} begins no code of the table; send the file again")
    raw = (windows[where].astype(np.int64) >> (WINDOW - wide - behind)) & ((1 << behind) - 1)
    negative = (raw >> np.maximum(behind - 1, 0)) & (behind > 0)
    found: NDArray[np.int64] = value[mine] + raw - (negative << behind)
    return found


def _one_by_one(cut: NDArray[np.uint64], count: int, known: Sequence[Table]) -> NDArray[np.int64]:
    windows: list[int] = cut.tolist()
    table, at, end = known[0], 0, len(windows)
    out: list[int] = []
    while len(out) < count:
        if at >= end:
            raise BadTrace(f"truncated: the codes end after {len(out)} of {count} samples")
        seen = windows[at]
        code = table.first[seen >> (WINDOW - LOOK)] or _longer(table, seen)
        if code is None:
            raise BadTrace(f"bit {at} begins no code of the table; send the file again")
        at += code.bits + code.extra
        if code.switch:
            table = known[code.value - 1]
            continue
        value = code.value
        if code.extra:
            raw = (seen >> (WINDOW - code.bits - code.extra)) & ((1 << code.extra) - 1)
            value += raw - (1 << code.extra if raw >> (code.extra - 1) else 0)
        out.append(value)
    if at > end:
        raise BadTrace(f"truncated: the last of {count} samples is cut off; send the file again")
    return np.array(out, np.int64)


def _windows(data: bytes) -> NDArray[np.uint64]:
    """The next 56 bits from every bit place."""
    padded = np.frombuffer(data + bytes(8), np.uint8).astype(np.uint64)
    wide = np.zeros(len(data), np.uint64)
    for k in range(8):
        wide = (wide << np.uint64(8)) | padded[k : k + len(data)]
    shifts = np.arange(8, dtype=np.uint64)
    return ((wide[:, None] << shifts) >> np.uint64(64 - WINDOW)).ravel()


def _longer(table: Table, seen: int) -> Code | None:
    for bits in table.lengths:
        code = table.longer.get((bits, seen >> (WINDOW - bits)))
        if code is not None:
            return code
    return None
