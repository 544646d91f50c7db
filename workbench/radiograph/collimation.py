"""The field the collimator left open: from the display shutter, or straight edges on the film."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.image import Shutter
from workbench.radiograph.shutter import visible

OUTER: Final = 0.35  # of a side: a blade lies no further inside
BLUR: Final = 2  # pixels each way: the half shadow of a blade on the coarse grid
STEP: Final = 0.03  # of the range of greys: a smaller step is no edge
SHARE: Final = 0.6  # of the line: a blade is straight, a skin line is not
QUIET: Final = 0.12  # of the range: spread of greys outside a blade, 5th to 95th percentile
AIR: Final = 0.04  # of the range above the darkest: direct exposure


@dataclass(frozen=True, slots=True)
class OpenField:
    """What of a film was exposed.

    Attributes
    ----------
    top, bottom, left, right : int
        First and last row and column inside, on the grid that was looked at.
    sides : tuple of str
        Edges that were seen or told ("top", "bottom", "left", "right"); the others are the film's.
    source : str
        "shutter", "seen" or "" when no edge is known.
    """

    top: int
    bottom: int
    left: int
    right: int
    sides: tuple[str, ...] = ()
    source: str = ""

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns inside."""
        return slice(self.top, self.bottom + 1), slice(self.left, self.right + 1)


def open_field(
    grey: NDArray[np.float32], shutter: Shutter | None = None, step: int = 1
) -> OpenField:
    """Find the field on a film.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown, coarse.
    shutter : Shutter or None, optional
        Of the stored film; where it hides something, its box is the field.
    step : int, optional
        Pixels of the stored film for one of `grey`.

    Returns
    -------
    OpenField
        On the grid of `grey`.

    Notes
    -----
    An edge is a line along which most of the film steps the same way, with little to be seen
    beyond it. Tilted blades and blades laid off by the device's own cropping are not found.
    """
    if shutter is not None:
        told = _told(grey.shape, shutter, step)
        if told.sides:
            return told
    rows, columns = grey.shape
    left, right = _edges(grey)
    top, bottom = _edges(grey[:, left : right + 1].T)
    left, right = _edges(grey[top : bottom + 1])
    found = {
        "top": top > 0, "bottom": bottom < rows - 1, "left": left > 0, "right": right < columns - 1
    }  # fmt: skip
    sides = tuple(name for name, is_there in found.items() if is_there)
    return OpenField(top, bottom, left, right, sides, "seen" if sides else "")


def air_share(grey: NDArray[np.float32], field: OpenField) -> float:
    """Share of the field that the beam reached beside the body.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown; air is dark.
    field : OpenField
        On the same grid.

    Returns
    -------
    float
        0 to 1.
    """
    inside = grey[field.slices]
    low, high = float(inside.min()), float(inside.max())
    if high <= low:
        return 0.0
    return float((inside <= low + AIR * (high - low)).mean())


def _told(shape: tuple[int, ...], shutter: Shutter, step: int) -> OpenField:
    rows, columns = shape
    shown = visible((rows * step, columns * step), shutter)[::step, ::step]
    down, across = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    if not down.size:
        return OpenField(0, rows - 1, 0, columns - 1)
    top, bottom, left, right = int(down[0]), int(down[-1]), int(across[0]), int(across[-1])
    found = {
        "top": top > 1, "bottom": bottom < rows - 2, "left": left > 1, "right": right < columns - 2
    }  # fmt: skip
    sides = tuple(name for name, is_there in found.items() if is_there)
    return OpenField(top, bottom, left, right, sides, "shutter" if sides else "")


def _edges(grey: NDArray[np.float32]) -> tuple[int, int]:
    """First and last column inside the blades at the left and the right."""
    columns = grey.shape[1]
    if columns < 8 * BLUR:
        return 0, columns - 1
    low, high = float(grey.min()), float(grey.max())
    change = grey[:, 2 * BLUR :] - grey[:, : -2 * BLUR]  # at column i + BLUR
    limit = STEP * max(high - low, 1e-6)
    along = np.maximum((change > limit).mean(axis=0), (change < -limit).mean(axis=0))
    reach = int(OUTER * columns)
    first = _innermost(along[:reach]) + BLUR
    last = columns - 1 - (_innermost(along[::-1][:reach]) + BLUR)
    quiet = QUIET * max(high - low, 1e-6)
    left = 0 if first <= BLUR or _spread(grey[:, : first - BLUR]) > quiet else first + BLUR
    right = (
        columns - 1
        if last >= columns - 1 - BLUR or _spread(grey[:, last + BLUR + 1 :]) > quiet
        else last - BLUR
    )
    return left, right


def _innermost(along: NDArray[np.floating]) -> int:
    """Index of the best line of the innermost run of lines that are edges; -BLUR when none is."""
    over = np.flatnonzero(along >= SHARE)
    if not over.size:
        return -BLUR
    run = [int(over[-1])]
    for index in over[-2::-1]:
        if run[-1] - index > 1:
            break
        run.append(int(index))
    return max(run, key=lambda index: float(along[index]))


def _spread(outside: NDArray[np.float32]) -> float:
    if not outside.size:
        return 0.0
    low, high = np.percentile(outside, (5.0, 95.0))
    return float(high - low)
