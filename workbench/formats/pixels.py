"""Stored pixels of a film: one named decoder per transfer syntax, never a free choice.

A decoder is chosen here once and for all, so that the same file gives the same pixels on every
machine and a new plug-in in the environment changes nothing. OpenJPEG also decodes HTJ2K here,
though OpenJPH is three times as fast: the latter prints an error and hands out half a picture.
Every result is checked against the DICOM header; what does not agree is refused or noted, never
repaired in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import imagecodecs
import jpeg_ls
import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import generate_frames
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from workbench.domain.errors import BadImage
from workbench.formats.codestream import is_whole, stream_header
from workbench.formats.elements import Elements, element_of
from workbench.formats.layout import Layout, layout_of

PIXEL_DATA: Final = 0x7FE00010


@dataclass(frozen=True, slots=True)
class Stored:
    """Stored values with sign and depth settled, and what was odd on the way."""

    values: NDArray[np.uint16] | NDArray[np.int16]
    bits: int
    signed: bool
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


Frame = Callable[[bytes, Layout], NDArray[np.generic]]


def _jpeg(frame: bytes, _layout: Layout) -> NDArray[np.generic]:
    decoded: NDArray[np.generic] = imagecodecs.jpeg8_decode(frame)
    return decoded


def _j2k(frame: bytes, layout: Layout) -> NDArray[np.generic]:
    return _same_sign(imagecodecs.jpeg2k_decode(frame), frame, layout)


def _same_sign(decoded: NDArray[np.generic], frame: bytes, layout: Layout) -> NDArray[np.generic]:
    head = stream_header(frame)
    if decoded.ndim != 2 or head.signed == layout.signed:
        return decoded
    # the header outweighs the codestream: same bits, other sign (as pydicom decides)
    return _as_signed(decoded, head.bits) if layout.signed else _as_unsigned(decoded, head.bits)


def _jpeg_ls(frame: bytes, layout: Layout) -> NDArray[np.generic]:
    pixels, meta = jpeg_ls.decode_buffer(frame)
    kind = "<u1" if meta["bits_per_sample"] <= 8 else "<u2"
    flat = np.frombuffer(pixels, kind)
    return flat.reshape(layout.rows, layout.columns, -1).squeeze(
        axis=2 if layout.samples == 1 else ()
    )


def _rle(frame: bytes, layout: Layout) -> NDArray[np.generic]:
    """PS3.5 annex G: one PackBits segment per byte plane, the highest byte first."""
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


NATIVE: Final = frozenset(
    map(str, (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian,
              DeflatedExplicitVRLittleEndian))
)  # fmt: skip
DECODERS: Final[dict[str, tuple[str, Frame]]] = {
    str(RLELossless): ("imagecodecs packbits", _rle),
    str(JPEGBaseline8Bit): ("imagecodecs jpeg8", _jpeg),
    str(JPEGExtended12Bit): ("imagecodecs jpeg8", _jpeg),
    str(JPEGLossless): ("imagecodecs jpeg8", _jpeg),
    str(JPEGLosslessSV1): ("imagecodecs jpeg8", _jpeg),
    str(JPEGLSLossless): ("pyjpegls", _jpeg_ls),
    str(JPEGLSNearLossless): ("pyjpegls", _jpeg_ls),
    str(JPEG2000Lossless): ("imagecodecs jpeg2k", _j2k),
    str(JPEG2000): ("imagecodecs jpeg2k", _j2k),
    str(HTJ2KLossless): ("imagecodecs jpeg2k", _j2k),
    str(HTJ2KLosslessRPCL): ("imagecodecs jpeg2k", _j2k),
    str(HTJ2K): ("imagecodecs jpeg2k", _j2k),
}


def decode(e: Elements, syntax: str) -> Stored:
    """Stored values of the first frame.

    Raises
    ------
    BadImage
        If there are no pixels, or they are truncated, damaged, or not what the header says.
    """
    layout = layout_of(e)
    data = pixel_bytes(e)
    if syntax in NATIVE:
        raw = _native(data, layout, big=syntax == ExplicitVRBigEndian)
    elif syntax in DECODERS:
        raw = _compressed(data, layout, syntax)
    else:
        known = ", ".join(UID(u).name for u in sorted({*NATIVE, *DECODERS}))
        raise BadImage(f"transfer syntax {syntax or '(none)'} is not known here; known: {known}")
    grey, notes = _grey(raw, layout)
    if layout.frames > 1:
        notes.append(f"the file holds {layout.frames} frames; the first is shown")
    return _settled(grey, layout, e, notes)


def pixel_bytes(e: Elements) -> bytes:
    """The pixel data element as it stands in the file."""
    element = element_of(e.dataset, PIXEL_DATA)
    value = None if element is None else element.value
    if not isinstance(value, bytes) or not value:
        raise BadImage("the file holds no pixels; only its header can be shown")
    return value


def _native(data: bytes, layout: Layout, *, big: bool) -> NDArray[np.generic]:
    count = layout.rows * layout.columns * layout.samples
    expected = count * layout.allocated // 8
    if len(data) < expected:
        raise BadImage(
            f"truncated: the pixels hold {len(data)} bytes; {expected} are expected for "
            f"{layout.rows} x {layout.columns}. Ask for the film to be sent again"
        )
    kind = f"{'>' if big else '<'}u{layout.allocated // 8}"
    flat: NDArray[np.generic] = np.frombuffer(data, kind, count)
    if layout.samples == 1:
        return flat.reshape(layout.rows, layout.columns)
    if layout.planar:
        return np.moveaxis(flat.reshape(layout.samples, layout.rows, layout.columns), 0, 2)
    return flat.reshape(layout.rows, layout.columns, layout.samples)


def _compressed(data: bytes, layout: Layout, syntax: str) -> NDArray[np.generic]:
    name, decoder = DECODERS[syntax]
    try:
        frame = next(generate_frames(data, number_of_frames=layout.frames))
    except Exception as error:
        raise BadImage(f"truncated: the compressed picture cannot be unpacked ({error})") from error
    if syntax != RLELossless:
        _check_stream(frame, layout)
    try:
        decoded = decoder(frame, layout)
    except BadImage:
        raise
    except Exception as error:  # each decoder raises its own kind
        raise BadImage(f"{name} cannot decode the picture: {error}") from error
    if decoded.shape[:2] != (layout.rows, layout.columns):
        raise BadImage(
            f"the picture decodes to {decoded.shape}; the header says "
            f"{layout.rows} x {layout.columns}"
        )
    return decoded


def _check_stream(frame: bytes, layout: Layout) -> None:
    head = stream_header(frame)
    if (head.rows, head.columns) != (layout.rows, layout.columns):
        raise BadImage(
            f"the compressed picture is {head.rows} x {head.columns}; the header says "
            f"{layout.rows} x {layout.columns}"
        )
    if head.bits > 16 or head.components not in {1, 3}:
        raise BadImage(f"{head.components} components of {head.bits} bits; expected grey, 16 bits")
    if not is_whole(frame):
        raise BadImage(
            "truncated: the compressed picture has no end marker; ask for the film to be sent again"
        )


def _grey(raw: NDArray[np.generic], layout: Layout) -> tuple[NDArray[np.generic], list[str]]:
    """One grey channel; a colour picture becomes its luminance, and says so."""
    if layout.photometric.startswith("PALETTE"):
        raise BadImage("a palette colour picture; films are grey. Export it as MONOCHROME2")
    if raw.ndim == 2:
        return raw, []
    channels = raw[..., :3].astype(np.float32)
    if np.array_equal(raw[..., 0], raw[..., 1]) and np.array_equal(raw[..., 0], raw[..., 2]):
        return raw[..., 0], ["a colour file holding a grey picture"]
    # ITU-R BT.601 luma; the Y of YBR is that already
    is_ybr = layout.photometric.startswith("YBR") and layout.allocated == 8 and layout.planar
    luma = channels[..., 0] if is_ybr else channels @ np.array([0.299, 0.587, 0.114], np.float32)
    return np.rint(luma).astype(np.uint16), ["a colour picture, shown as its luminance"]


def _settled(raw: NDArray[np.generic], layout: Layout, e: Elements, notes: list[str]) -> Stored:
    """Mask, shift and sign-extend as the header says, unless the data prove the header wrong."""
    flags: list[str] = []
    if raw.dtype.kind == "i":
        values = raw.astype(np.int16, copy=False)
        return Stored(values, layout.stored, signed=True, flags=(), notes=tuple(notes))
    words = raw.astype(np.uint16, copy=False)
    shift = layout.high + 1 - layout.stored
    if shift:
        words = words >> np.uint16(shift)
    bits, top = layout.stored, int(words.max())
    if layout.signed:
        sign_bits_only = np.all((words >> bits == 0) | (words >> bits == (1 << 16 - bits) - 1))
        if bits < 16 and not sign_bits_only:
            notes.append(f"bits above the {bits} stored bits are set; they are ignored")
            flags.append("bits_beyond_stored")
        return Stored(_as_signed(words, bits), bits, signed=True, flags=(*flags,), notes=(*notes,))
    if top >> bits:
        flags.append("bits_beyond_stored")
        if _overlay_inside(e, layout):
            words = words & np.uint16((1 << bits) - 1)
            notes.append(f"an overlay lies in the bits above the {bits} stored bits; taken out")
        else:
            notes.append(f"values up to {top} do not fit the {bits} stored bits; kept in full")
            bits = top.bit_length()
    return Stored(words, bits, signed=False, flags=tuple(flags), notes=tuple(notes))


def _overlay_inside(e: Elements, layout: Layout) -> bool:
    """Whether group 6000 places an overlay in unused bits of the pixels (retired, still met)."""
    positions = (0x60000102 + (group << 17) for group in range(16))
    for tag in positions:
        element = element_of(e.dataset, tag)
        value = None if element is None else element.value
        if isinstance(value, bytes) and int.from_bytes(value[:2], "little") >= layout.stored:
            return True
    return False


def _as_signed(values: NDArray[np.generic], bits: int) -> NDArray[np.int16]:
    words = values.astype(np.uint16, copy=False).view(np.int16)
    shift = np.int16(16 - bits)
    return np.right_shift(np.left_shift(words, shift), shift)


def _as_unsigned(values: NDArray[np.generic], bits: int) -> NDArray[np.uint16]:
    words = values.astype(np.int16, copy=False).view(np.uint16)
    return words & np.uint16((1 << bits) - 1)
