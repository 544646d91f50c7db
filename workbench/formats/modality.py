"""The Modality LUT: stored values become modality values, in 16 bits and without loss."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadImage
from workbench.formats.elements import Elements
from workbench.formats.pixels import Stored
from workbench.radiograph.grey import Values

Remarks: TypeAlias = list[tuple[str, str]]
"""Pairs of flag and note; an empty flag marks a note only."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A look-up table: points, the value mapped by the first, depth of the output.

    `said` is the depth its descriptor gives, which is `bits` unless the points prove it wrong.
    """

    points: NDArray[np.uint16]
    first: int
    bits: int
    said: int

    def depth_remark(self, which: str) -> tuple[str, str]:
        """Flag and note for a depth that was not taken as it is written."""
        top = int(self.points.max())
        note = f"the {which} says {self.said} bits, but reaches {top}; read as {self.bits} bits"
        return "lut_depth", note


def curve_of(item: Elements, *, signed: bool) -> Curve | None:
    """A Modality or VOI look-up table; None when it has no usable points."""
    descriptor = item.numbers("LUTDescriptor")
    if len(descriptor) < 3:
        return None
    count, first, bits = int(descriptor[0]) % 65536 or 65536, int(descriptor[1]), int(descriptor[2])
    if signed and first > 32767:  # read as unsigned where the standard means signed
        first -= 65536
    packed = item.whole("LUTData")
    narrow = 0 < len(packed) < 2 * count
    points = tuple(packed[:count]) if narrow else item.numbers("LUTData")[:count]
    if len(points) < 2 or not 1 <= bits <= 16:
        return None
    words = np.array(points, dtype=np.int64) & 0xFFFF  # SS where US is meant
    used = int(words.max()).bit_length()
    is_wrong = used > bits or used < bits - 1  # white would never be reached
    return Curve(words.astype(np.uint16), first, max(used, 1) if is_wrong else bits, bits)


@dataclass(frozen=True, slots=True)
class Scale:
    """How stored values became modality values, for numbers that are given in the other domain."""

    slope: float = 1.0
    shift: float = 0.0
    folded: bool = False

    def to_values(self, stored: float) -> float:
        """A stored value, such as padding, in the image's own values."""
        return stored if self.folded else stored * self.slope + self.shift

    def from_modality(self, center: float, width: float) -> tuple[float, float]:
        """A window given in modality values, in the image's own values."""
        if not self.folded:
            return center, width
        return (center - self.shift) / self.slope, width / self.slope


def modality_values(e: Elements, stored: Stored, remarks: Remarks) -> tuple[Values, Scale]:
    """Modality values; a scale that 16 bits cannot hold goes into the windows instead."""
    item = next(e.items("ModalityLUTSequence"), None)
    if item is not None:
        curve = curve_of(item, signed=stored.signed)
        if curve is not None:
            if curve.bits > curve.said:  # a lower depth changes nothing: these are the values
                remarks.append(curve.depth_remark("Modality LUT"))
            return _looked_up(stored.values, curve), Scale()
        remarks.append(("bad_modality_lut", "the Modality LUT has no usable points; not applied"))
    slope = e.number("RescaleSlope")
    shift = e.number("RescaleIntercept") or 0.0
    if slope == 0:
        remarks.append(("bad_rescale", "rescale slope is 0; not applied"))
    if not slope or (slope == 1.0 and shift == 0.0):
        return stored.values, Scale()
    low, high = sorted(float(v) * slope + shift for v in (stored.values.min(), stored.values.max()))
    whole = float(slope).is_integer() and float(shift).is_integer()
    if whole and low >= 0 and high <= np.iinfo(np.uint16).max:
        return _scaled(stored.values, slope, shift).astype(np.uint16), Scale(slope, shift)
    if whole and low >= np.iinfo(np.int16).min and high <= np.iinfo(np.int16).max:
        return _scaled(stored.values, slope, shift).astype(np.int16), Scale(slope, shift)
    if slope < 0:
        raise BadImage(f"rescale slope {slope:g} cannot be applied in 16 bits; expected 1")
    remarks.append(("", f"rescale {slope:g} x + {shift:g} is kept in the windows, not the pixels"))
    return stored.values, Scale(slope, shift, folded=True)


def _looked_up(values: Values, curve: Curve) -> Values:
    words = np.arange(65536, dtype=np.uint16)
    known = (words.view(np.int16) if values.dtype == np.int16 else words).astype(np.int64)
    table = curve.points[np.clip(known - curve.first, 0, curve.points.size - 1)]
    looked_up: NDArray[np.uint16] = table.take(values.view(np.uint16))
    return looked_up


def _scaled(values: Values, slope: float, shift: float) -> NDArray[np.int64]:
    return values.astype(np.int64) * int(slope) + int(shift)
