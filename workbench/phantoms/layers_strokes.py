"""Tubes, polygons and strokes on a grid, by distance: what is drawn is exactly what is outlined."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


def tube(side: int, points: Array, radii: Array) -> Array:
    """Draw a round tube whose radius changes along it.

    Parameters
    ----------
    side : int
        Pixels a side of the grid.
    points : ndarray of float32, shape (n, 2)
        Columns and rows of its axis.
    radii : ndarray of float32, shape (n,)
        Radius at each point, in pixels.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of a ray through it, in pixels; 0 outside.
    """
    found = np.zeros((side, side), np.float32)
    for (start, end), (first, last) in zip(pairwise(points), pairwise(radii), strict=True):
        reach = max(first, last) + 1
        low = np.floor(np.minimum(start, end) - reach).astype(int)
        high = np.ceil(np.maximum(start, end) + reach).astype(int) + 1
        left, top = np.clip(low, 0, side)
        right, bottom = np.clip(high, 0, side)
        if left >= right or top >= bottom:
            continue
        x = np.arange(left, right, dtype=np.float32)[None] + 0.5 - start[0]
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 - start[1]
        way = end - start
        length = max(float(way @ way), 1e-6)
        share = np.clip((x * way[0] + y * way[1]) / length, 0, 1)
        away = (x - share * way[0]) ** 2 + (y - share * way[1]) ** 2
        radius = first + (last - first) * share
        deep = 2 * np.sqrt(np.maximum(radius**2 - away, 0))
        part = found[top:bottom, left:right]
        np.maximum(part, deep, out=part)
    return found


def polygon(side: int, corners: Array) -> Array:
    """Fill a polygon.

    Parameters
    ----------
    side : int
        Pixels a side of the grid.
    corners : ndarray of float32, shape (n, 2)
        Columns and rows, in order.

    Returns
    -------
    ndarray of float32, shape (side, side)
        1 where the centre of a pixel is inside, else 0.
    """
    x = np.arange(side, dtype=np.float32)[None] + 0.5
    y = np.arange(side, dtype=np.float32)[:, None] + 0.5
    inside = np.zeros((side, side), bool)
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        if ay == by:
            continue
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
    return inside.astype(np.float32)


# Strokes of signs in a box of width 0.6 and height 1, each a chain of points.
SIGNS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "L": (((0, 0), (0, 1), (0.55, 1)),),
    "R": (((0, 1), (0, 0), (0.4, 0), (0.58, 0.25), (0.4, 0.5), (0, 0.5)), ((0.3, 0.5), (0.6, 1))),
    "A": (((0, 1), (0.3, 0), (0.6, 1)), ((0.1, 0.65), (0.5, 0.65))),
    "P": (((0, 1), (0, 0), (0.4, 0), (0.58, 0.25), (0.4, 0.5), (0, 0.5)),),
    "E": (((0.55, 0), (0, 0), (0, 1), (0.55, 1)), ((0, 0.5), (0.45, 0.5))),
    "T": (((0, 0), (0.6, 0)), ((0.3, 0), (0.3, 1))),
    "O": (((0.3, 0), (0, 0.3), (0, 0.7), (0.3, 1), (0.6, 0.7), (0.6, 0.3), (0.3, 0)),),
    "S": (((0.58, 0.1), (0.3, 0), (0.03, 0.22), (0.57, 0.72), (0.3, 1), (0, 0.88)),),
    "N": (((0, 1), (0, 0), (0.6, 1), (0.6, 0)),),
    "1": (((0.15, 0.2), (0.35, 0), (0.35, 1)),),
    "2": (((0.02, 0.2), (0.3, 0), (0.55, 0.25), (0, 1), (0.6, 1)),),
    "7": (((0, 0), (0.6, 0), (0.2, 1)),),
    "0": (((0.3, 0), (0.03, 0.3), (0.03, 0.7), (0.3, 1), (0.57, 0.7), (0.57, 0.3), (0.3, 0)),),
}


def written(side: int, text: str, place: tuple[float, float], size: float) -> Array:
    """Write some signs.

    Parameters
    ----------
    side : int
        Pixels a side of the grid.
    text : str
        Signs of `SIGNS`; others leave a gap.
    place : tuple of float
        Column and row of the upper left corner.
    size : float
        Height in pixels.

    Returns
    -------
    ndarray of float32, shape (side, side)
        1 on the strokes, else 0.
    """
    ink = np.zeros((side, side), np.float32)
    for number, sign in enumerate(text):
        for chain in SIGNS.get(sign, ()):
            points = np.asarray(chain, np.float32) * np.float32(size)
            points += np.array([place[0] + number * 0.85 * size, place[1]], np.float32)
            wide = np.full(len(points), max(0.7, size * 0.07), np.float32)
            ink = np.maximum(ink, (tube(side, points, wide) > 0).astype(np.float32))
    return ink
