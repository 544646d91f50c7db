"""One radiograph: modality values plus everything that turns them into greys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadImage


class VoiKind(StrEnum):
    """How modality values become display values."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"
    LUT = "LUT"
    PERCENTILE = "PERCENTILE"  # none was given: taken from the picture itself, and said so


class SpacingKind(StrEnum):
    """What the millimetres of a pixel mean."""

    CALIBRATED = "calibrated"  # PixelSpacing with calibration type or corrected for magnification
    DETECTOR = "detector"  # ImagerPixelSpacing: millimetres at the detector
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Voi:
    """One way of showing the film: a window, a sigmoid, or a curve."""

    kind: VoiKind
    center: float
    width: float
    label: str = ""
    lut: NDArray[np.uint16] | None = None
    lut_first: int = 0  # modality value mapped by the first entry
    lut_bits: int = 16


@dataclass(frozen=True, slots=True)
class Spacing:
    """Row and column spacing in mm, or None when nothing was given."""

    row_mm: float | None
    column_mm: float | None
    kind: SpacingKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shutter:
    """What a film shows of itself; the rest is black. All 1-based, edges and rims are shown.

    Attributes
    ----------
    rectangle : tuple of int or None
        Left, right, upper, lower edge.
    circle : tuple of float or None
        Row and column of the centre, radius in columns, height of a row in columns.
    polygon : tuple of (row, column)
        Corners in their order; closed by itself; empty when there is none.
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[float, float, float, float] | None = None
    polygon: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """One radiograph after the Modality LUT, before VOI and inversion.

    Attributes
    ----------
    values : ndarray of uint16 or int16, shape (rows, columns)
        Modality values, read-only.
    bits : int
        Bits that carry information.
    invert : bool
        The one inversion (MONOCHROME1 or Presentation LUT INVERSE), applied after VOI.
    vois : tuple of Voi
        In the order of the file; the first is the default.
    padding : tuple of int or None
        Lowest and highest modality value that stand for "no picture here".
    shutter : Shutter or None
        What of the film is shown, where less than all.
    tags : mapping
        Header values a page or a rule needs, already decoded, never a picture of the whole header.
    notes : tuple of str
        Contradictions met while reading, in plain words.
    """

    values: NDArray[np.uint16] | NDArray[np.int16]
    bits: int
    invert: bool
    vois: tuple[Voi, ...]
    spacing: Spacing
    padding: tuple[int, int] | None = None
    shutter: Shutter | None = None
    tags: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    origin: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or min(self.values.shape) < 2:
            raise BadImage(
                f"expected a grey picture of rows x columns, got shape {self.values.shape}"
            )
        if self.values.dtype not in (np.uint16, np.int16):
            raise BadImage(f"expected 16-bit modality values, got {self.values.dtype}")
        if not self.vois:
            raise BadImage(
                "no way of showing the picture was given; pass at least a percentile window"
            )
        self.values.flags.writeable = False
