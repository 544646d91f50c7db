"""Exposure of a film from its numbers: deviation index, clipping inside the body, spread.

Air beside the body and a collimator's shadow are rightly black or white; a burnt-out lung or a
bleached mediastinum is not. What lies at an end of the range counts only in the middle of the
field, and at the dark end only where it is not connected with the border (the air around a hand).
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from workbench.domain.image import Shutter
from workbench.radiograph.grey import Values
from workbench.radiograph.shutter import visible

LOOK: Final = 400  # pixels of the longer side after thinning; clipping has no finer structure
MIDDLE: Final = 0.25  # left off on each side
NEAR: Final = 0.004  # of the span: lossy coding blurs an end by a few values
SPREAD: Final = (1.0, 99.0)  # percentiles


@dataclass(frozen=True, slots=True)
class ExposureMeasures:
    """Shares of the middle of the field at each end of the displayed range, and the spread.

    Attributes
    ----------
    white, black : float
        Shares (0 to 1) shown fully white or fully black inside the body.
    spread : float
        1st to 99th percentile of the whole picture, as a share of what its bits can hold.
    levels : int
        Number of different values in the picture (thinned).
    """

    white: float
    black: float
    spread: float
    levels: int


def deviation_index(exposure_index: float, target: float) -> float:
    """Compute the deviation index [1]_ from exposure index and target.

    Parameters
    ----------
    exposure_index, target : float
        Exposure index and target exposure index of the same scale, without unit.

    Returns
    -------
    float
        10 log10(EI / EIT): 0 as intended, +1 about 25 % more, +3 twice, -3 half.

    Raises
    ------
    ValueError
        If either is not a positive number.

    References
    ----------
    .. [1] IEC 62494-1:2008, Exposure index of digital X-ray imaging systems.
    """
    if not (math.isfinite(exposure_index) and math.isfinite(target)):
        raise ValueError(f"exposure index {exposure_index}, target {target}: both must be finite")
    if exposure_index <= 0 or target <= 0:
        raise ValueError(
            f"exposure index {exposure_index:g}, target {target:g}: both must be positive; "
            "treat the index as not measurable"
        )
    return 10.0 * math.log10(exposure_index / target)


def measure_exposure(
    values: Values,
    *,
    bits: int,
    invert: bool = False,
    padding: tuple[int, int] | None = None,
    shutter: Shutter | None = None,
) -> ExposureMeasures:
    """Measure clipping and spread of a film.

    Parameters
    ----------
    values : ndarray of uint16 or int16, shape (rows, columns)
        Modality values.
    bits : int
        Bits that carry information.
    invert : bool, optional
        Whether high values are shown dark.
    padding : tuple of int or None, optional
        Lowest and highest modality value that stand for "no picture here".
    shutter : Shutter or None, optional
        Only what lies inside is measured.

    Returns
    -------
    ExposureMeasures
        Shares between 0 and 1.
    """
    field, open_part = _inside(values, shutter)
    step = max(1, max(field.shape) // LOOK)
    thin = field[::step, ::step].astype(np.int32)
    picture = open_part[::step, ::step]
    if padding is not None:
        picture = picture & ((thin < padding[0]) | (thin > padding[1]))
    if not picture.any():
        return ExposureMeasures(0.0, 0.0, 0.0, 0)
    seen = thin[picture]
    low, high = int(seen.min()), int(seen.max())
    near = max(1, round(NEAR * (high - low)))
    at_low, at_high = picture & (thin <= low + near), picture & (thin >= high - near)
    if high - low <= 2 * near:  # one flat grey has no ends
        at_low = at_high = np.zeros_like(picture)
    white, black = (at_low, at_high) if invert else (at_high, at_low)
    p_low, p_high = (float(v) for v in np.percentile(seen, SPREAD))
    return ExposureMeasures(
        white=_middle(white),
        black=_middle(black & ~_touches_border(black)),
        spread=(p_high - p_low) / float((1 << bits) - 1),
        levels=int(np.unique(seen).size),
    )


def _inside(values: Values, shutter: Shutter | None) -> tuple[Values, NDArray[np.bool_]]:
    """The box around what the shutter shows, and which pixels of it are shown."""
    shown = visible(values.shape, shutter)
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if shutter is None or min(rows.size, columns.size) < 2:
        return values, np.ones(values.shape, dtype=bool)
    box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return values[box], shown[box]


def _touches_border(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(mask)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    outside = np.zeros(count + 1, dtype=bool)
    outside[np.unique(edges)] = True
    outside[0] = False
    touching: NDArray[np.bool_] = outside[labels]
    return touching


def _middle(mask: NDArray[np.bool_]) -> float:
    rows, columns = mask.shape
    top, left = int(rows * MIDDLE), int(columns * MIDDLE)
    return float(mask[top : max(rows - top, top + 1), left : max(columns - left, left + 1)].mean())
