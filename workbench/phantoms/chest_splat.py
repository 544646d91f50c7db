"""Thin structures at full resolution: walls and fillings of tubes dropped on the film as mass.

A wall of thickness w is sampled densely; each sample carries its volume, and volume over pixel area
is the length a ray crosses. Edges seen along the wall come out dense by themselves, as in bone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]
Placed = Callable[[Array], tuple[Array, float | Array]]
CHUNK = 400_000  # samples at once: bounds the memory


@dataclass(frozen=True, slots=True, eq=False)
class Bone:
    """One tubular bone.

    Attributes
    ----------
    line : ndarray of float32, shape (n, 5)
        x, y, z of the axis, half thickness, half height; cm.
    outward : ndarray of float32, shape (n, 3) or (3,)
        Direction of the thickness.
    cortex : float
        Thickness of the dense wall in cm.
    marrow : float
        Mineral of the core relative to the wall.
    shade : float
        How much denser one edge of the section is than the other, relative.
    fade : float
        Part of the length over which the far end fades into cartilage.
    """

    line: Array
    outward: Array
    cortex: float
    marrow: float
    shade: float = 0.0
    fade: float = 0.0


class Canvas:
    """Crossed length of one material, gathered from samples.

    Parameters
    ----------
    view : View
        The geometry; its shape is the shape of the canvas.
    placed : callable or None
        Moves points of a healthy chest to where disease has put them, with a factor for their
        volumes.
    """

    def __init__(self, view: View, placed: Placed | None = None) -> None:
        self.view = view
        self._placed = placed
        self._total = np.zeros(view.shape[0] * view.shape[1], np.float64)

    @property
    def lengths(self) -> Array:
        """Crossed length in cm so far, shape (rows, columns)."""
        return self._total.reshape(self.view.shape).astype(np.float32)

    def drop(self, points: Array, volumes: Array) -> None:
        """Add samples.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 3)
            x, y, z in cm.
        volumes : ndarray of float32, shape (n,)
            Volume of each sample in cm3.
        """
        rows, columns = self.view.shape
        if self._placed is not None:
            points, left = self._placed(points)
            volumes = volumes * left
        row, column = self.view.project(points)
        top, left = np.floor(row).astype(np.int32), np.floor(column).astype(np.int32)
        down, right = row - top, column - left
        # magnification spreads the same volume over more detector
        scale = self.view.shrink(points[:, 2]) ** 2 * np.float32(self.view.pitch**2)
        length = volumes / scale
        kept = (top >= 0) & (top < rows - 1) & (left >= 0) & (left < columns - 1)
        if not kept.all():
            top, left = top[kept], left[kept]
            down, right, length = down[kept], right[kept], length[kept]
        if not len(top):
            return
        first = int(top.min())
        span = (int(top.max()) + 2 - first) * columns
        index = (top - first) * columns + left
        target = self._total[first * columns : first * columns + span]
        for step, weight in (
            (0, (1 - down) * (1 - right)), (1, (1 - down) * right),
            (columns, down * (1 - right)), (columns + 1, down * right),
        ):  # fmt: skip
            target += np.bincount(index + step, weight * length, minlength=span)


def resampled(line: Array, spacing: float) -> Array:
    """Points at even distances along a line.

    Parameters
    ----------
    line : ndarray of float32, shape (n, k)
        Points; the first three columns are x, y, z in cm, others are carried along.
    spacing : float
        Distance wanted, in cm.

    Returns
    -------
    ndarray of float32, shape (m, k)
        At least two points.
    """
    steps = np.linalg.norm(np.diff(line[:, :3], axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(2, int(np.ceil(along[-1] / spacing)) + 1)
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, column) for column in line.T], 1).astype(np.float32)


def tube(
    line: Array, outward: Array, spacing: float
) -> Iterator[tuple[Array, Array, Array, Array]]:
    """Walls of an elliptic tube, in pieces.

    Parameters
    ----------
    line : ndarray of float32, shape (n, 5)
        x, y, z of the axis, then half thickness and half height of the section, all cm.
    outward : ndarray of float32, shape (n, 3) or (3,)
        Direction of the thickness; the height stands across it and the axis.
    spacing : float
        Distance of samples in cm.

    Yields
    ------
    points : ndarray of float32, shape (m, 3)
        Places on the wall.
    areas : ndarray of float32, shape (m,)
        Wall area of each sample in cm2.
    around : ndarray of float32, shape (m,)
        Sine of the angle round the tube: -1 and 1 at the ends of the height.
    along : ndarray of float32, shape (m,)
        Part of the length passed, 0 to 1.
    """
    toward = np.broadcast_to(outward, (len(line), 3)).astype(np.float32)
    path = resampled(np.concatenate([line, toward], 1), spacing)
    axis = np.gradient(path[:, :3], axis=0)
    step = np.linalg.norm(axis, axis=1)
    axis /= np.maximum(step, 1e-6)[:, None]
    thick = path[:, 5:8] - (path[:, 5:8] * axis).sum(1, keepdims=True) * axis
    thick /= np.maximum(np.linalg.norm(thick, axis=1), 1e-6)[:, None]
    high = np.cross(axis, thick)
    a, b = float(path[:, 3].max()), float(path[:, 4].max())
    round_about = np.pi * (3 * (a + b) - np.sqrt((3 * a + b) * (a + 3 * b)))
    count = max(8, int(np.ceil(round_about / spacing)))
    angle = (np.arange(count, dtype=np.float32) + 0.5) * np.float32(2 * np.pi / count)
    # even steps along the ellipse instead of even angles
    fine = np.linspace(0, 2 * np.pi, 512)
    speed = np.hypot(a * np.sin(fine), b * np.cos(fine))
    arc = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    angle = np.interp(angle / (2 * np.pi) * arc[-1], arc, fine).astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    share = np.full(count, round_about / count, np.float32)
    piece = max(1, CHUNK // count)
    for start in range(0, len(path), piece):
        p = slice(start, start + piece)
        u = thick[p] * path[p, 3:4]
        v = high[p] * path[p, 4:5]
        points = path[p, None, :3] + u[:, None] * cos[:, None] + v[:, None] * sin[:, None]
        size = (path[p, 3] + path[p, 4]) / (a + b)
        areas = (step[p] * size)[:, None] * share
        passed = np.linspace(0, 1, len(path), dtype=np.float32)[p]
        around, along = np.tile(sin, len(u)), np.repeat(passed, count)
        yield points.reshape(-1, 3), areas.ravel().astype(np.float32), around, along
