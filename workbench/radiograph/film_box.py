"""Boxes on a film as shares of its sides, and the coarse grid quality is looked at on."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.quality_item import Box

COARSE: Final = 512  # pixels of the longer side; an edge is then known to about 0.8 mm on 43 cm


def step_of(shape: tuple[int, ...]) -> int:
    """Tell every how many pixels a film is looked at.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.

    Returns
    -------
    int
        1 or more; the longer side then has at most `COARSE` pixels.
    """
    return max(1, -(-max(shape) // COARSE))


def box_of(rows: slice, columns: slice, shape: tuple[int, ...]) -> Box:
    """Give a box in pixels as shares of the film.

    Parameters
    ----------
    rows, columns : slice
        With start and stop.
    shape : tuple of int
        Rows and columns of the film the slices belong to.

    Returns
    -------
    Box
        Left, upper, right, lower edge, clipped to 0 to 1, rounded to 4 decimals.
    """
    edges = np.array([columns.start, rows.start, columns.stop, rows.stop], dtype=np.float64)
    shares = np.clip(edges / (shape[1], shape[0], shape[1], shape[0]), 0.0, 1.0)
    left, upper, right, lower = (round(float(v), 4) for v in shares)
    return left, upper, right, lower


def box_around(mask: NDArray[np.bool_]) -> Box:
    """Give the box around what is marked, as shares of the film.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        At least one pixel is marked.

    Returns
    -------
    Box
        Left, upper, right, lower edge.

    Raises
    ------
    ValueError
        If nothing is marked.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        raise ValueError("nothing is marked; ask only for masks that hold something")
    return box_of(
        slice(int(rows[0]), int(rows[-1]) + 1),
        slice(int(columns[0]), int(columns[-1]) + 1),
        mask.shape,
    )
