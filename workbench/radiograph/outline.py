"""Outlines of masks as polygons in shares of the film, for pages that draw them."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

POINTS_A_SIDE: Final = 40  # rows sampled; more cannot be told apart on a screen
DIGITS: Final = 4  # of a share: half a pixel of the largest film

Polygon = tuple[tuple[float, float], ...]


def outline(mask: NDArray[np.bool_]) -> Polygon:
    """Draw round one organ, down its right side of the picture and up its left.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        One connected part.

    Returns
    -------
    tuple of (x, y)
        Corners as shares of width and height, 0 to 1; empty for an empty mask. Hollows that open
        upwards or downwards are closed: each row is drawn from its first to its last pixel.
    """
    rows, columns = mask.shape
    held = np.flatnonzero(mask.any(axis=1))
    if not held.size:
        return ()
    taken = held[np.unique(np.linspace(0, held.size - 1, POINTS_A_SIDE).round().astype(int))]
    first = mask[taken].argmax(axis=1)
    last = columns - mask[taken][:, ::-1].argmax(axis=1)
    down = [_share(x, y, rows, columns) for x, y in zip(last, taken, strict=True)]
    up = [_share(x, y, rows, columns) for x, y in zip(first, taken, strict=True)][::-1]
    return (*down, *up)


def written(points: Polygon) -> str:
    """Write places as one text, as the points of an SVG polygon are.

    Parameters
    ----------
    points : tuple of (x, y)
        Shares of width and height.

    Returns
    -------
    str
        ``x,y x,y ...``
    """
    return " ".join(f"{x:.{DIGITS}f},{y:.{DIGITS}f}" for x, y in points)


def _share(x: float, y: float, rows: int, columns: int) -> tuple[float, float]:
    return round(float(x) / columns, DIGITS), round((float(y) + 0.5) / rows, DIGITS)
