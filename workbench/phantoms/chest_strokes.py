"""Curves of even thickness on a film: wires, tubes and thickened septa."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One curve.

    Attributes
    ----------
    points : ndarray of float32, shape (n, 3)
        x, y, z in cm.
    radius : float
        In cm.
    depth : float
        What a ray through its middle meets, in the unit of the map.
    hollow : float
        Part of the radius that is empty inside.
    """

    points: Array
    radius: float
    depth: float
    hollow: float = 0.0


def smooth(points: Sequence[tuple[float, float, float]], count: int = 80) -> Array:
    """Lead a smooth curve through some points.

    Parameters
    ----------
    points : sequence of tuple of float
        x, y, z in cm.
    count : int, optional
        Points of the curve.

    Returns
    -------
    ndarray of float32, shape (count, 3)
        The curve.
    """
    table = np.asarray(points, np.float64)
    steps = np.linalg.norm(np.diff(table, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    curve = CubicSpline(along, table)(np.linspace(0, along[-1], count))
    return np.asarray(curve, np.float32)


def strokes(lines: Sequence[Stroke], view: View) -> Array:
    """Draw curves; where one crosses itself it is not counted twice.

    Parameters
    ----------
    lines : sequence of Stroke
        The curves; they add up.
    view : View
        The film.

    Returns
    -------
    ndarray of float32, shape of the view
        Sum of what the rays meet.
    """
    total = np.zeros(view.shape, np.float32)
    for line in lines:
        row, column = view.project(line.points)
        at = np.stack([column, row], 1)
        shrink = float(view.shrink(line.points[:, 2]).mean())
        radius = max(line.radius / shrink / view.pitch, 0.6)
        total += _one(view.shape, at, radius, line.hollow) * np.float32(line.depth)
    return total


def _one(shape: tuple[int, int], at: Array, radius: float, hollow: float) -> Array:
    """Thickness of a tube relative to its middle, from the distance to its axis."""
    away = np.full(shape, np.inf, np.float32)
    reach = radius + 2
    for start, end in pairwise(at):
        low = np.floor(np.minimum(start, end) - reach).astype(int)
        high = np.ceil(np.maximum(start, end) + reach).astype(int) + 1
        left, top = np.clip(low, 0, shape[::-1])
        right, bottom = np.clip(high, 0, shape[::-1])
        if left >= right or top >= bottom:
            continue
        x = np.arange(left, right, dtype=np.float32)[None] - start[0]
        y = np.arange(top, bottom, dtype=np.float32)[:, None] - start[1]
        way = end - start
        share = np.clip((x * way[0] + y * way[1]) / max(float(way @ way), 1e-6), 0, 1)
        part = away[top:bottom, left:right]
        np.minimum(part, np.hypot(x - share * way[0], y - share * way[1]), out=part)
    inner = radius * hollow
    full = np.sqrt(np.clip(1 - (away / (radius + 0.5)) ** 2, 0, 1))
    if inner <= 0:
        return np.asarray(full, np.float32)
    hole = np.sqrt(np.clip(1 - (away / inner) ** 2, 0, 1)) * np.float32(hollow)
    return np.asarray(np.clip(full - hole, 0, 1), np.float32)
