"""XLI, the packing of samples in Philips Sierra XML: LZW over split bytes of second differences.

Each lead is a chunk: length (4 bytes), two bytes unused, start value (2 bytes), then LZW codes of
10 bits. Unpacked, the first half holds the high bytes of the words, the second the low bytes.
The size of what comes out is bounded before it is made.
"""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace

CHUNK: Final = struct.Struct("<ixxh")
BITS: Final = 10
LAST_CODE: Final = (1 << BITS) - 2  # the one behind it ends a chunk
OFFSET: Final = 64  # added to every difference
FURTHEST: Final = 32767  # samples are words of 16 bits


def unpack(data: bytes, leads: int, most: int) -> list[NDArray[np.int64]]:
    """Samples of each lead, as stored.

    Parameters
    ----------
    data : bytes
        Chunks one after the other.
    leads : int
        Number of chunks expected.
    most : int
        Samples a lead may have; a chunk that holds more is refused before it is unpacked.

    Returns
    -------
    list of ndarray of int64, shape (n_samples,)
        One row for each lead.

    Raises
    ------
    BadTrace
        If chunks are missing or damaged.
    """
    rows, at = [], 0
    for lead in range(leads):
        if at + CHUNK.size > len(data):
            raise BadTrace(f"truncated: {lead} of {leads} packed leads arrived; send it again")
        size, start = CHUNK.unpack_from(data, at)
        at += CHUNK.size
        if size <= 0 or at + size > len(data):
            raise BadTrace(
                f"packed lead {lead + 1} has {size} bytes, {len(data) - at} are left; send it again"
            )
        rows.append(_samples(_lzw(data[at : at + size], 2 * most), start, lead + 1))
        at += size
    return rows


def whole_leads(rows: list[NDArray[np.int64]]) -> list[NDArray[np.int64]]:
    """III, aVR, aVL and aVF are packed as what is left after their computation from I and II."""
    one, two, three, right, left, foot, *chest = rows
    third = two - one - three
    return [
        one, two, third, -right - _half(one + two), _half(one - third) - left,
        _half(two + third) - foot, *chest,
    ]  # fmt: skip


def _half(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return values >> 1  # as the cart does it: rounded down


def _lzw(data: bytes, most: int) -> bytes:
    known: list[bytes] = [bytes([value]) for value in range(256)]
    out = bytearray()
    before = b""
    for code in _codes(data):
        if code > LAST_CODE:
            break
        if code < len(known):
            word = known[code]
        elif before and code == len(known):
            word = before + before[:1]
        else:
            raise BadTrace(f"packed samples name word {code} of {len(known)}; send the file again")
        if before and len(known) <= LAST_CODE:
            known.append(before + word[:1])
        out += word
        if len(out) > most:
            raise BadTrace(f"a packed lead unpacks to more than {most} bytes; refused")
        before = word
    return bytes(out)


def _codes(data: bytes) -> list[int]:
    """Words of `BITS` bits, the first bit highest; what is left over at the end is padding."""
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    count = len(bits) // BITS
    weights = 1 << np.arange(BITS - 1, -1, -1)
    codes: list[int] = (bits[: count * BITS].reshape(count, BITS) @ weights).tolist()
    return codes


def _samples(packed: bytes, start: int, lead: int) -> NDArray[np.int64]:
    """Undo the differences: the second difference of the samples is OFFSET less the word before."""
    half = (len(packed) + 1) // 2
    if half < 3:
        raise BadTrace(f"packed lead {lead} unpacks to {len(packed)} bytes; send the file again")
    raw = np.frombuffer(packed + bytes(2 * half - len(packed)), np.uint8).astype(np.uint16)
    words = (raw[:half] << 8 | raw[half:]).view(np.int16).astype(np.int64)
    second = OFFSET - words[2:-1]
    slopes = (words[1] - words[0]) + np.cumsum(np.concatenate(([-start], second)))
    samples = np.concatenate((words[:2], words[1] + np.cumsum(slopes)))
    if np.abs(samples).max() > FURTHEST:
        raise BadTrace(f"packed lead {lead} leaves the range of 16 bits; send the file again")
    return samples
