"""Rays of a layered film: places along them, planes across them, and curves dropped on the film."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, rfft2

from workbench.phantoms.layers_build import Stand

Array = NDArray[np.float32]
FINE = 2  # curves are drawn on a grid this much finer than the film
DEPTHS = 28  # places along a ray


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """Places along the rays of a coarse film.

    Attributes
    ----------
    x, y, z : ndarray of float32, shapes (1, side, depths), (side, 1, depths), (1, side, depths)
        In the body, in cm, broadcast against each other.
    step : float
        Between two places of a ray, in cm.
    """

    x: Array
    y: Array
    z: Array
    step: float

    def along(self, inside: Array) -> Array:
        """Sum along the rays.

        Parameters
        ----------
        inside : ndarray of float32, shape (rows, columns, depths)
            How much of each place belongs to something.

        Returns
        -------
        ndarray of float32, shape (rows, columns)
            Length in cm.
        """
        return np.asarray(inside.sum(2) * np.float32(self.step), np.float32)


def space_of(stand: Stand, side: int) -> Space:
    """Follow the rays of a square film.

    Parameters
    ----------
    stand : Stand
        The geometry.
    side : int
        Pixels a side.

    Returns
    -------
    Space
        Places along every ray.
    """
    at = ((np.arange(side) + 0.5) / side - 0.5) * stand.field
    depth = ((np.arange(DEPTHS) + 0.5) / DEPTHS - 0.5) * 2 * stand.half_depth
    shrink = 1 - np.abs(stand.detector - depth) / stand.source
    across = (at[:, None] * shrink)[None] + stand.across
    down = (at[:, None] * shrink)[:, None] + stand.down
    cos, sin = np.cos(stand.yaw), np.sin(stand.yaw)
    x = (across * cos + depth * sin).astype(np.float32)
    z = (depth * cos - across * sin).astype(np.float32)
    y = (down + depth * np.tan(stand.tilt)).astype(np.float32)
    return Space(x, y, z, 2 * stand.half_depth / DEPTHS)


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """A square film that curves and ellipses are drawn on.

    Attributes
    ----------
    stand : Stand
        The geometry.
    side : int
        Pixels a side.
    """

    stand: Stand
    side: int

    @property
    def pitch(self) -> float:
        """Distance of two pixels of the finer grid, in cm."""
        return self.stand.field / self.side / FINE

    def plane(self, depth: float = 0.0) -> tuple[Array, Array]:
        """Places of the pixels in a plane of the body.

        Parameters
        ----------
        depth : float
            z of the plane, in cm.

        Returns
        -------
        x : ndarray of float32, shape (1, side)
            In cm.
        y : ndarray of float32, shape (side, 1)
            In cm.
        """
        at = ((np.arange(self.side) + 0.5) / self.side - 0.5) * self.stand.field
        shrink = 1 - abs(self.stand.detector - depth) / self.stand.source
        x, y = at * shrink + self.stand.across, at * shrink + self.stand.down
        return x.astype(np.float32)[None], y.astype(np.float32)[:, None]

    def seen(self, points: Array) -> Array:
        """Columns and rows of the finer grid where points of the body are seen.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 3)
            x, y, z in cm.

        Returns
        -------
        ndarray of float32, shape (n, 2)
            Column and row; whole numbers are edges of pixels.
        """
        stand = self.stand
        cos, sin = np.cos(stand.yaw), np.sin(stand.yaw)
        x, y, z = points.T
        across, depth = x * cos - z * sin, x * sin + z * cos
        shrink = 1 - np.abs(stand.detector - depth) / stand.source
        down = y - depth * np.tan(stand.tilt)
        place = np.stack([(across - stand.across) / shrink, (down - stand.down) / shrink], 1)
        return np.asarray((place / stand.field + 0.5) * self.side * FINE, np.float32)

    def blank(self) -> Array:
        """Make an empty map on the finer grid.

        Returns
        -------
        ndarray of float32, shape (FINE * side, FINE * side)
            Zeros.
        """
        return np.zeros((self.side * FINE,) * 2, np.float32)

    def drop(self, onto: Array, points: Array, weights: Array | float) -> None:
        """Add the mass of points to a map of the finer grid.

        Parameters
        ----------
        onto : ndarray of float32, shape (FINE * side, FINE * side)
            The map, changed in place.
        points : ndarray of float32, shape (n, 3)
            x, y, z in cm.
        weights : ndarray of float32, shape (n,), or float
            Mass of each point.
        """
        spot = np.floor(self.seen(points)).astype(np.intp)
        kept = ((spot >= 0) & (spot < len(onto))).all(1)
        mass = np.broadcast_to(np.asarray(weights, np.float32), (len(points),))
        np.add.at(onto, (spot[kept, 1], spot[kept, 0]), mass[kept])

    def thick(self, onto: Array, radius: float, ring: float = 0.0) -> Array:
        """Turn dropped cross-section mass (cm3 per point) into tubes of a radius.

        Parameters
        ----------
        onto : ndarray of float32, shape (FINE * side, FINE * side)
            Mass that was dropped.
        radius : float
            Of the tube, in cm.
        ring : float
            Share of the mass that sits near the wall, 0 to 1.

        Returns
        -------
        ndarray of float32, shape (FINE * side, FINE * side)
            Length of the rays in the tubes, in cm.
        """
        spread = irfft2(rfft2(onto) * rfft2(_disc(len(onto), radius / self.pitch, ring)))
        return np.asarray(np.maximum(spread, 0) / self.pitch**2, np.float32)

    def coarse(self, fine: Array) -> Array:
        """Average a map of the finer grid over the pixels of the film.

        Parameters
        ----------
        fine : ndarray of float32, shape (FINE * side, FINE * side)
            The map.

        Returns
        -------
        ndarray of float32, shape (side, side)
            Means.
        """
        parts = fine.reshape(self.side, FINE, self.side, FINE)
        return np.asarray(parts.mean((1, 3)), np.float32)


def _disc(count: int, radius: float, ring: float) -> NDArray[np.float64]:
    """How the mass of a tube of a radius (pixels) lies round its axis; the sum is 1."""
    at = np.minimum(np.arange(count), count - np.arange(count))
    away = np.hypot(at[:, None], at[None])
    full = np.clip(radius + 0.5 - away, 0, 1)
    full *= np.sqrt(np.clip(1 - (away / (radius + 0.5)) ** 2, 0, 1) + 0.05)
    full /= full.sum()
    if ring <= 0:
        return full
    wall = np.exp(-(((away - radius * 0.8) / (0.22 * radius + 0.3)) ** 2))
    return np.asarray((1 - ring) * full + ring * wall / wall.sum(), np.float64)


def bowl(x: Array, y: Array, half: tuple[float, float], turn: float = 0.0) -> Array:
    """Inside of an ellipse round 0, falling from 1 in the middle to 0 at the edge.

    Parameters
    ----------
    x, y : ndarray of float32, shapes (1, columns) and (rows, 1)
        Places relative to the middle.
    half : tuple of float
        Half axes.
    turn : float
        Turn of the axes in radians.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        1 - r^2, never below 0.
    """
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    along = (x * cos + y * sin) / np.float32(half[0])
    beside = (y * cos - x * sin) / np.float32(half[1])
    return np.asarray(np.clip(1 - along**2 - beside**2, 0, 1), np.float32)
