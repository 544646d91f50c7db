"""Frames in run-length coding (PS3.5 annex G)."""

from itertools import pairwise

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadImage
from workbench.formats.layout import Layout


def rle_frame(frame: bytes, layout: Layout) -> NDArray[np.generic]:
    """One PackBits segment per byte plane, the highest byte first."""
    wide = layout.allocated // 8
    header = np.frombuffer(frame[:64], "<u4")
    count = int(header[0]) if len(header) == 16 else 0
    if count != wide * layout.samples:
        raise BadImage(
            f"the RLE frame holds {count} segments; expected {wide * layout.samples} "
            f"for {layout.allocated} bits"
        )
    size = layout.rows * layout.columns
    edges = [*(int(at) for at in header[1 : 1 + count]), len(frame)]
    planes = np.zeros((layout.samples, size), np.uint16)
    for at, (start, end) in enumerate(pairwise(edges)):
        segment = np.frombuffer(_unpacked(frame[start:end], size + 1), np.uint8)
        if not size <= segment.size <= size + 1:  # one byte may pad it to an even length
            raise BadImage(
                f"truncated: an RLE segment holds {segment.size} bytes, the header says {size}"
            )
        shift = 8 * (wide - 1 - at % wide)
        planes[at // wide] |= segment[:size].astype(np.uint16) << np.uint16(shift)
    picture = planes.reshape(layout.samples, layout.rows, layout.columns)
    return picture[0] if layout.samples == 1 else np.moveaxis(picture, 0, 2)


def _unpacked(segment: bytes, most: int) -> bytes:
    """Bytes of one segment, never more than the header allows: 2 bytes may unpack to 128.

    A zero that only pads it to an even length is left out.
    """
    try:
        return bytes(imagecodecs.packbits_decode(segment, out=most))
    except imagecodecs.ImcdError:
        if not segment.endswith(b"\0"):
            raise
        return bytes(imagecodecs.packbits_decode(segment[:-1], out=most))
