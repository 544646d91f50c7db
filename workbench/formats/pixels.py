"""Stored pixels of a film: one named decoder per transfer syntax, never a free choice.

A decoder is chosen here once and for all, so that the same file gives the same pixels on every
machine and a new plug-in in the environment changes nothing. OpenJPEG also decodes HTJ2K here,
though OpenJPH is three times as fast: the latter prints an error and hands out half a picture.
Every result is checked against the DICOM header; what does not agree is refused or noted, never
repaired in silence.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
from workbench.formats.colour import LABELS, luma_of_422, one_grey
from workbench.formats.elements import Elements, element_of
from workbench.formats.layout import LARGE, Layout, layout_of
from workbench.formats.rle import rle_frame

PIXEL_DATA: Final = 0x7FE00010
FEWEST_BITS: Final = 8  # below are masks and line drawings, not radiographs


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
    """Channels as they were coded: what they mean is decided in one place, `one_grey`."""
    as_coded = "RGB" if stream_header(frame).components > 1 else None
    decoded: NDArray[np.generic] = imagecodecs.jpeg8_decode(
        frame, colorspace=as_coded, outcolorspace=as_coded
    )
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
    flat: NDArray[np.generic] = np.frombuffer(pixels, kind)
    if meta["components"] == 1:
        return flat.reshape(layout.rows, layout.columns)
    if meta["interleave_mode"] == 0:  # colour by plane, whatever the header says
        return np.moveaxis(flat.reshape(-1, layout.rows, layout.columns), 0, 2)
    return flat.reshape(layout.rows, layout.columns, -1)


NATIVE: Final = frozenset(
    map(str, (ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian,
              DeflatedExplicitVRLittleEndian))
)  # fmt: skip
DECODERS: Final[dict[str, tuple[str, Frame]]] = {
    str(RLELossless): ("imagecodecs packbits", rle_frame),
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
        raw, frame = _native(data, layout, big=syntax == ExplicitVRBigEndian), None
    elif syntax in DECODERS:
        frame = _frame(data, layout)
        raw = _compressed(frame, layout, syntax)
    else:
        known = ", ".join(UID(u).name for u in sorted({*NATIVE, *DECODERS}))
        raise BadImage(f"transfer syntax {syntax or '(none)'} is not known here; known: {known}")
    is_stream = frame is not None and syntax != RLELossless
    grey, remarks = one_grey(raw, layout, frame if is_stream else None)
    if layout.frames > 1:
        note = f"the file holds {layout.frames} frames; the first is shown"
        remarks.append(("several_frames", note))
    if layout.stored < FEWEST_BITS:
        note = f"only {layout.stored} bits per pixel; too few greys to read a film by"
        remarks.append(("few_bits", note))
    if grey.size > LARGE:
        note = f"{grey.size / 1e6:.0f} megapixels: it takes seconds until this film opens"
        remarks.append(("large_film", note))
    return _settled(grey, layout, e, remarks)


def pixel_bytes(e: Elements) -> bytes:
    """The pixel data element as it stands in the file."""
    element = element_of(e.dataset, PIXEL_DATA)
    value = None if element is None else element.value
    if not isinstance(value, bytes) or not value:
        raise BadImage("the file holds no pixels; only its header can be shown")
    return value


def _native(data: bytes, layout: Layout, *, big: bool) -> NDArray[np.generic]:
    count = layout.rows * layout.columns * layout.samples
    if layout.samples == 3 and layout.photometric == "YBR_FULL_422":
        halved = luma_of_422(data, layout.rows, layout.columns)
        if halved is not None and len(data) < count * layout.frames:
            return halved
    expected = count * layout.allocated // 8
    if len(data) < expected:
        raise BadImage(
            f"truncated: the pixels hold {len(data)} bytes; {expected} are expected for "
            f"{layout.rows} x {layout.columns}. Ask for the film to be sent again"
        )
    if layout.samples == 1 and layout.photometric in LABELS and len(data) >= 3 * expected:
        raise BadImage(
            f"one sample per pixel, but labelled {layout.photometric} and {len(data)} bytes long: "
            f"expected {expected}, or SamplesPerPixel 3"
        )
    kind = f"{'>' if big else '<'}u{layout.allocated // 8}"
    flat: NDArray[np.generic] = np.frombuffer(data, kind, count)
    if layout.samples == 1:
        return flat.reshape(layout.rows, layout.columns)
    if layout.planar:
        return np.moveaxis(flat.reshape(layout.samples, layout.rows, layout.columns), 0, 2)
    return flat.reshape(layout.rows, layout.columns, layout.samples)


def _frame(data: bytes, layout: Layout) -> bytes:
    try:
        return next(generate_frames(data, number_of_frames=layout.frames))
    except Exception as error:
        raise BadImage(f"truncated: the compressed picture cannot be unpacked ({error})") from error


def _compressed(frame: bytes, layout: Layout, syntax: str) -> NDArray[np.generic]:
    name, decoder = DECODERS[syntax]
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


def _settled(
    raw: NDArray[np.generic], layout: Layout, e: Elements, remarks: list[tuple[str, str]]
) -> Stored:
    """Mask, shift and sign-extend as the header says, unless the data prove the header wrong."""
    bits = layout.stored
    if raw.dtype.kind == "i":
        return _told(raw.astype(np.int16, copy=False), bits, remarks)
    words = raw.astype(np.uint16, copy=False)
    shift = layout.high + 1 - bits
    if shift:
        words = words >> np.uint16(shift)
    top = int(words.max())
    if layout.signed:
        sign_bits_only = np.all((words >> bits == 0) | (words >> bits == (1 << 16 - bits) - 1))
        if bits < 16 and not sign_bits_only:
            note = f"bits above the {bits} stored bits are set; they are ignored"
            remarks.append(("bits_beyond_stored", note))
        return _told(_as_signed(words, bits), bits, remarks)
    if top >> bits:
        if _overlay_inside(e, layout):
            words = words & np.uint16((1 << bits) - 1)
            note = f"an overlay lies in the bits above the {bits} stored bits; taken out"
        else:
            note = f"values up to {top} do not fit the {bits} stored bits; kept in full"
            bits = top.bit_length()
        remarks.append(("bits_beyond_stored", note))
    return _told(words, bits, remarks)


def _told(
    values: NDArray[np.uint16] | NDArray[np.int16], bits: int, remarks: list[tuple[str, str]]
) -> Stored:
    flags = dict.fromkeys(flag for flag, _note in remarks if flag)
    notes = tuple(note for _flag, note in remarks)
    return Stored(values, bits, signed=values.dtype == np.int16, flags=(*flags,), notes=notes)


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
