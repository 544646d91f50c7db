"""Mean and spread of a film's values inside a drawn region.

The viewer shows the same while a region is drawn; what goes into an object is what this module
says of the stored film.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.mark import Mark, MarkValue, Tool
from workbench.radiograph.measures import box

REGIONS: Final = frozenset({Tool.RECTANGLE, Tool.ELLIPSE})


def region_values(
    mark: Mark, values: NDArray[np.uint16] | NDArray[np.int16], shown: NDArray[np.bool_]
) -> tuple[MarkValue, MarkValue]:
    """Give mean and standard deviation of the pixels whose centre lies in a region.

    Parameters
    ----------
    mark : Mark
        A rectangle or an ellipse; both lie along the sides of the film.
    values : ndarray of uint16 or int16, shape (rows, columns)
        Values of the film after the Modality LUT.
    shown : ndarray of bool, shape (rows, columns)
        False where there is no picture: padding, and what the shutter covers.

    Returns
    -------
    tuple of MarkValue
        "mean" and "sd" (divided by n - 1); None without a pixel, or for "sd" with one alone.
    """
    left, right, top, bottom = box(mark.points)
    rows = slice(max(0, math.ceil(top)), min(values.shape[0], math.floor(bottom) + 1))
    columns = slice(max(0, math.ceil(left)), min(values.shape[1], math.floor(right) + 1))
    inside = shown[rows, columns]
    if mark.tool is Tool.ELLIPSE and inside.size:
        y = (np.arange(rows.start, rows.stop) - (top + bottom) / 2) / max((bottom - top) / 2, 1e-9)
        x = (np.arange(columns.start, columns.stop) - (left + right) / 2) / max(
            (right - left) / 2, 1e-9
        )
        inside = inside & (y[:, None] ** 2 + x[None, :] ** 2 <= 1.0)
    found = values[rows, columns][inside].astype(np.float64)
    mean = float(found.mean()) if found.size else None
    spread = float(found.std(ddof=1)) if found.size > 1 else None
    return MarkValue("mean", mean, "value"), MarkValue("sd", spread, "value")
