"""What a compressed frame says about itself, read before it is decoded.

A decoder is asked for memory by the frame, not by the DICOM header: a frame that lies about its
size is refused here. A frame without its end marker is truncated, though some decoders fill the
missing part with grey and say nothing.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbench.domain.errors import BadImage

J2K_START: Final = b"\xff\x4f\xff\x51"  # SOC and SIZ
END: Final = b"\xff\xd9"  # EOI of JPEG and JPEG-LS, EOC of JPEG 2000
# ITU-T T.81 table B.1 (start of frame), T.87 (JPEG-LS)
FRAME_STARTS: Final = frozenset((*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), 0xF7))
ALONE: Final = frozenset((0x01, *range(0xD0, 0xD8)))


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """Size and depth in the frame's own words."""

    rows: int
    columns: int
    bits: int
    components: int
    signed: bool = False


def stream_header(frame: bytes) -> StreamHeader:
    """Read the frame header of JPEG, JPEG-LS or JPEG 2000.

    Raises
    ------
    BadImage
        If there is none.
    """
    at = frame.find(J2K_START, 0, 4096)
    try:
        found = _jpeg(frame) if frame[:2] == b"\xff\xd8" else _j2k(frame, at) if at >= 0 else None
    except (struct.error, IndexError):
        found = None
    if found is None:
        raise BadImage(f"the compressed picture has no frame header (starts {frame[:4]!r})")
    return found


def is_whole(frame: bytes) -> bool:
    """Whether the frame ends with its end marker; padding after it is allowed."""
    return END in frame[-64:] or frame.rstrip(b"\0").endswith(END)


def stream_colour(frame: bytes) -> str | None:
    """What the channels of a colour frame are in its own words; None when it is silent.

    JPEG: the JFIF mark means YBR, Adobe's names the transform, components called R, G and B are
    that. JPEG 2000: with its component transform the decoder gives RGB.
    """
    at = frame.find(J2K_START, 0, 4096)
    if at >= 0:
        style = frame.find(b"\xff\x52", at + 4)  # COD: length, Scod, progression, layers, transform
        return "RGB" if style >= 0 and frame[style + 8 : style + 9] == b"\x01" else None
    found = None
    for marker, start, end in _segments(frame):
        body = frame[start:end]
        if marker == 0xEE and body[:5] == b"Adobe" and len(body) >= 12:
            return "YBR" if body[11] == 1 else "RGB" if body[11] == 0 else None
        if marker == 0xE0 and body[:5] == b"JFIF\0":
            found = "YBR"
        if marker in FRAME_STARTS and len(body) >= 15 and body[6:15:3] == b"RGB":
            found = found or "RGB"
    return found


def _segments(frame: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the first scan."""
    at = 2
    while at + 4 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker == 0xFF or marker in ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in {0xD9, 0xDA}:
            return
        end = at + 2 + max(struct.unpack_from(">H", frame, at + 2)[0], 2)
        yield marker, at + 4, end
        at = end


def _jpeg(frame: bytes) -> StreamHeader | None:
    for marker, start, _end in _segments(frame):
        if marker in FRAME_STARTS:
            bits, rows, columns, components = struct.unpack_from(">BHHB", frame, start)
            return StreamHeader(rows, columns, bits, components)
    return None


def _j2k(frame: bytes, at: int) -> StreamHeader:
    right, lower, left, upper = struct.unpack_from(">4I", frame, at + 8)
    components, depth = struct.unpack_from(">HB", frame, at + 40)
    return StreamHeader(
        rows=lower - upper,
        columns=right - left,
        bits=(depth & 0x7F) + 1,
        components=components,
        signed=bool(depth & 0x80),
    )
