"""Opens DICOM bytes: with or without preamble and file meta, deflated or not, never for ever."""

import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final, TypeAlias

from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset, read_partial
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from workbench.domain.errors import Unreadable
from workbench.formats.elements import element_of

PREAMBLE: Final = 132
INFLATED_MOST: Final = 256 * 2**20  # bytes; a film of 100 Mpx needs 200 MB
PIXEL_DATA: Final = 0x7FE00010
FIRST_GROUPS: Final = (0x0002, 0x0008)
SOP_CLASS: Final = 0x00080016
TRANSFER_SYNTAX: Final = 0x00020010

Stop: TypeAlias = Callable[[BaseTag, str | None, int], bool]


@dataclass(frozen=True, slots=True)
class Opened:
    """A parsed file, its transfer syntax, and what was odd about its outside."""

    dataset: Dataset
    syntax: str
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def is_dicom(data: bytes) -> bool:
    """Whether the bytes begin like DICOM, with or without preamble."""
    if data[128:PREAMBLE] == b"DICM":
        return True
    if len(data) < 16:
        return False
    group, element = struct.unpack_from("<HH", data)
    if group not in FIRST_GROUPS or element > 0x0100:
        return False
    explicit = data[4:6].isalpha() and data[4:6].isupper()
    return bool(explicit or struct.unpack_from("<I", data, 4)[0] < 1024)


def sop_class(data: bytes) -> str:
    """The SOP class, read without going past it; empty when it cannot be found."""
    try:
        found = _parse(data, lambda tag, _vr, _length: tag > SOP_CLASS)
        element = element_of(found.dataset, SOP_CLASS)
    except Unreadable:
        return ""
    value = b"" if element is None else element.value
    return value.decode("latin_1").strip(" \0") if isinstance(value, bytes) else str(value or "")


def open_file(data: bytes, *, pixels: bool) -> Opened:
    """Parse a file; without `pixels` nothing after the header is touched.

    Raises
    ------
    Unreadable
        If the bytes are not DICOM, or break off before anything could be read.
    """
    found = _parse(data, None if pixels else _at_pixels)
    if pixels and not len(found.dataset):
        # a compressed picture that breaks off takes the library's whole reading with it
        head = _parse(data, _at_pixels)
        note = "the file breaks off within its pixels; ask for it to be sent again"
        found = replace(head, flags=(*head.flags, "truncated"), notes=(*head.notes, note))
    if not len(found.dataset):
        raise Unreadable(
            f"the DICOM file of {len(data)} bytes holds no element; expected a header. "
            "Ask for it to be sent again",
            "truncated",
        )
    return found


def _past_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return int(tag) >> 16 != 2


def _at_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return int(tag) >= PIXEL_DATA


def _parse(data: bytes, stop: Stop | None) -> Opened:
    if not is_dicom(data):
        raise Unreadable(f"not DICOM (starts {data[:8]!r})", "not_dicom")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library warns of, we flag ourselves
            return _read(data, stop)
    except Unreadable:
        raise
    except Exception as error:  # the library raises whatever a broken length leads to
        raise Unreadable(
            f"the DICOM header breaks off or is damaged ({type(error).__name__}: {error}); "
            "ask for the file to be sent again",
            "damaged",
        ) from error


def _read(data: bytes, stop: Stop | None) -> Opened:
    start = PREAMBLE if data[128:PREAMBLE] == b"DICM" else 0
    stream = BytesIO(data)
    stream.seek(start)
    meta = read_dataset(stream, is_implicit_VR=False, is_little_endian=True, stop_when=_past_meta)
    element = element_of(meta, TRANSFER_SYNTAX)
    value = b"" if element is None else element.value
    syntax = value.decode("latin_1").strip(" \0") if isinstance(value, bytes) else str(value or "")
    if syntax == DeflatedExplicitVRLittleEndian:
        inflated = BytesIO(_inflated(data[stream.tell() :]))
        body = read_dataset(inflated, is_implicit_VR=False, is_little_endian=True, stop_when=stop)
        return Opened(body, syntax)
    stream.seek(0)
    dataset = read_partial(stream, stop_when=stop, force=True)
    flags = () if len(meta) else ("no_file_meta",)
    if syntax:
        return Opened(dataset, syntax, flags)
    guess = _guessed(dataset)
    note = f"the file names no transfer syntax; read as {guess.name}"
    return Opened(dataset, str(guess), flags or ("no_transfer_syntax",), (note,))


def _guessed(dataset: Dataset) -> UID:
    implicit, little = dataset.original_encoding
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little is not False else ExplicitVRBigEndian


def _inflated(packed: bytes) -> bytes:
    """Undo the deflated transfer syntax, but not a bomb."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(packed, INFLATED_MOST)
    if inflater.unconsumed_tail:
        raise Unreadable(
            f"the deflated file unpacks to more than {INFLATED_MOST // 2**20} MB; "
            "no film is that large, ask the sender",
            "too_large",
        )
    return inflated
