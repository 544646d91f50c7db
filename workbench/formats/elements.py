"""Values of a DICOM header taken from their raw bytes.

The library's own conversion guesses character sets silently and raises on values that real
machines write; here a value is decoded by our rescue rule, or is missing.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import Tag

from workbench.formats.charset import Decoded, decode

BINARY: Final = {
    "US": "H",
    "OW": "H",
    "SS": "h",
    "UL": "I",
    "SL": "i",
    "FL": "f",
    "FD": "d",
    "AT": "H",
}
MOST_VALUES: Final = 70_000  # a look-up table has at most 65,536 entries


class Elements:
    """One dataset or item with the character sets that hold for it."""

    def __init__(self, dataset: Dataset, inherited: Sequence[str] = ()) -> None:
        self.dataset = dataset
        own = self.raw("SpecificCharacterSet")
        self.charsets = tuple(own.decode("latin_1").split("\\")) if own else tuple(inherited)

    def __contains__(self, keyword: str) -> bool:
        tag = tag_for_keyword(keyword)
        return tag is not None and tag in self.dataset

    def raw(self, keyword: str) -> bytes:
        """Bytes as they stand in the file, without padding; empty when missing."""
        element = self._element(keyword)
        value: Any = b"" if element is None else element.value
        if isinstance(value, bytes):
            return value.strip(b" \0")
        if value is None:
            return b""
        texts = [value] if isinstance(value, str | int | float) else value
        return "\\".join(map(str, texts)).encode("utf-8", "replace").strip(b" \0")

    def whole(self, keyword: str) -> bytes:
        """Bytes exactly as they stand in the file; empty when missing or not kept as bytes."""
        element = self._element(keyword)
        value = None if element is None else element.value
        return value if isinstance(value, bytes) else b""

    def decoded(self, keyword: str) -> Decoded:
        """Text with the news whether its label had to be set aside."""
        found = decode(self.raw(keyword), self.charsets)
        clean = "".join(c for c in found.text if c.isprintable() or c in "\n\t").strip()
        return Decoded(clean, found.repaired, found.damaged)

    def text(self, keyword: str) -> str:
        """Text, or empty when missing."""
        return self.decoded(keyword).text

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """All finite numbers of a value; what is not a number is left out."""
        element = self._element(keyword)
        if element is None or not isinstance(element.value, bytes):
            return _loose(None if element is None else element.value)
        vr = _vr(element)
        if vr in BINARY:
            little = getattr(element, "is_little_endian", True)
            return unpacked(element.value, BINARY[vr], little=little)
        return _loose(element.value.decode("latin_1").split("\\"))

    def number(self, keyword: str) -> float | None:
        """The first number of a value, or None."""
        found = self.numbers(keyword)
        return found[0] if found else None

    def items(self, keyword: str) -> Iterator["Elements"]:
        """Items of a sequence; none when it is missing or broken."""
        tag = tag_for_keyword(keyword)
        if tag is None or tag not in self.dataset:
            return
        try:
            items = list(self.dataset[tag].value)
        except Exception:  # noqa: BLE001  the library raises whatever a broken length leads to
            return
        for item in items:
            if isinstance(item, Dataset):
                yield Elements(item, self.charsets)

    def _element(self, keyword: str) -> DataElement | RawDataElement | None:
        tag = tag_for_keyword(keyword)
        return None if tag is None else element_of(self.dataset, tag)


def element_of(dataset: Dataset, tag: int) -> DataElement | RawDataElement | None:
    """One element as it stands in the file; None when missing, or when its type is unknown."""
    if tag not in dataset:
        return None
    try:
        return dataset.get_item(Tag(tag))
    except Exception:  # noqa: BLE001  an empty element of a damaged type: the library converts it
        return None


def _vr(element: DataElement | RawDataElement) -> str:
    vr = element.VR
    if vr in {None, "UN"}:
        try:
            vr = dictionary_VR(element.tag)
        except KeyError:
            vr = "UN"
    return "US" if vr in {"US or SS", "US or OW", "US or SS or OW"} else str(vr)


def unpacked(data: bytes, code: str, *, little: bool = True) -> tuple[float, ...]:
    """Finite numbers packed in bytes; a ragged end is left out."""
    count = min(len(data) // struct.calcsize(code), MOST_VALUES)
    values = struct.unpack_from(f"{'<' if little else '>'}{count}{code}", data)
    return tuple(v for v in values if math.isfinite(v))


def _loose(value: object) -> tuple[float, ...]:
    values = value if isinstance(value, list | tuple) else [value]
    found = []
    for one in values:
        try:
            number = float(str(one).strip(" \0"))
        except ValueError:
            continue
        if math.isfinite(number):
            found.append(number)
    return tuple(found)
