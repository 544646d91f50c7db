"""Samples of the WFDB formats that resting ECGs come in, decoded from memory."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace

Ints = NDArray[np.int32]


def _bytes80(data: bytes) -> Ints:
    return np.frombuffer(data, np.uint8).astype(np.int32) - 128


def _words(kind: str, shift: int = 0) -> Callable[[bytes], Ints]:
    def unpack(data: bytes) -> Ints:
        whole = len(data) // np.dtype(kind).itemsize
        return np.frombuffer(data, kind, whole).astype(np.int32) - shift

    return unpack


def _words24(data: bytes) -> Ints:
    b = np.frombuffer(data, np.uint8, len(data) // 3 * 3).reshape(-1, 3).astype(np.int32)
    return _extend(b[:, 0] | b[:, 1] << 8 | b[:, 2] << 16, 24)


def _pairs212(data: bytes) -> Ints:
    b = np.frombuffer(data, np.uint8)
    b = np.concatenate([b, np.zeros(-len(b) % 3, np.uint8)]).reshape(-1, 3).astype(np.int32)
    both = np.stack([b[:, 0] | (b[:, 1] & 0x0F) << 8, b[:, 2] | (b[:, 1] & 0xF0) << 4], axis=1)
    return _extend(both.reshape(-1), 12)


def _triples310(data: bytes) -> Ints:
    w = np.frombuffer(data, "<u2", len(data) // 4 * 2).reshape(-1, 2).astype(np.int32)
    first, second = w[:, 0] >> 1 & 0x3FF, w[:, 1] >> 1 & 0x3FF
    third = w[:, 0] >> 11 | w[:, 1] >> 11 << 5
    return _extend(np.stack([first, second, third], axis=1).reshape(-1), 10)


def _triples311(data: bytes) -> Ints:
    w = np.frombuffer(data, "<u4", len(data) // 4).astype(np.int64)
    three = np.stack([w & 0x3FF, w >> 10 & 0x3FF, w >> 20 & 0x3FF], axis=1)
    return _extend(three.reshape(-1).astype(np.int32), 10)


def _extend(values: Ints, bits: int) -> Ints:
    shift = np.int32(32 - bits)
    return np.right_shift(np.left_shift(values, shift), shift)


# signal(5): the lowest value of each format stands for "no sample"
FORMS: Final[dict[int, tuple[Callable[[bytes], Ints], int | None]]] = {
    16: (_words("<i2"), -32768),
    24: (_words24, -(1 << 23)),
    32: (_words("<i4"), -(1 << 31)),
    61: (_words(">i2"), -32768),
    80: (_bytes80, -128),
    160: (_words("<u2", 32768), -32768),
    212: (_pairs212, -2048),
    310: (_triples310, -512),
    311: (_triples311, -512),
}


def samples(data: bytes, form: int) -> NDArray[np.float64]:
    """All samples of one file in stored steps, interleaved; NaN where none was taken.

    Raises
    ------
    BadTrace
        If the format is not one of `FORMS`.
    """
    if form not in FORMS:
        known = ", ".join(map(str, FORMS))
        raise BadTrace(f"WFDB format {form}; known here are {known}. Convert with xform to 16")
    unpack, gap = FORMS[form]
    found = unpack(data)
    return np.where(found == gap, np.nan, found.astype(np.float64))
