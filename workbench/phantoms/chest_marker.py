"""The lead letter that says which side is which."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
# Strokes in a box of width 0.62 and height 1: each a chain of points.
STROKES = {
    "R": (
        ((0.0, 1.0), (0.0, 0.0), (0.36, 0.0), (0.52, 0.06), (0.58, 0.25), (0.52, 0.44),
        (0.36, 0.5), (0.0, 0.5)),
        ((0.32, 0.5), (0.62, 1.0)),
    ),
    "L": (((0.0, 0.0), (0.0, 1.0), (0.55, 1.0)),),
}  # fmt: skip
HEIGHT_CM = 1.5
STROKE_CM = 0.24


def letter(name: str, shape: tuple[int, int], pitch: float, place: tuple[float, float]) -> Array:
    """Coverage of the film by a lead letter.

    Parameters
    ----------
    name : {"R", "L"}
        The letter.
    shape : tuple of int
        Rows and columns of the film.
    pitch : float
        Distance of two pixels in cm.
    place : tuple of float
        Upper left corner of the letter: x and y in cm from the film's upper left corner.

    Returns
    -------
    ndarray of float32, shape `shape`
        1 under lead, 0 elsewhere, soft by half a millimetre at the edge.
    """
    cover = np.zeros(shape, np.float32)
    left, top = place
    x = (np.arange(shape[1], dtype=np.float32) + 0.5) * pitch - left
    y = (np.arange(shape[0], dtype=np.float32) + 0.5) * pitch - top
    columns = np.flatnonzero((x > -0.5) & (x < HEIGHT_CM))
    rows = np.flatnonzero((y > -0.5) & (y < HEIGHT_CM + 0.5))
    if not len(rows) or not len(columns):
        return cover
    px, py = x[columns][None, :], y[rows][:, None]
    nearest = np.full((len(rows), len(columns)), np.inf, np.float32)
    for chain in STROKES[name]:
        points = np.asarray(chain) * HEIGHT_CM
        for (ax, ay), (bx, by) in pairwise(points):
            length = (bx - ax) ** 2 + (by - ay) ** 2
            along = np.clip(((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length, 0, 1)
            nearest = np.minimum(
                nearest, np.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))
            )
    soft = 0.5 - (nearest - STROKE_CM / 2) / max(pitch, 0.02)
    cover[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = np.clip(soft, 0, 1)
    return cover
