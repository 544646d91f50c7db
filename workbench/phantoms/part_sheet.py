"""The sheet a part of the body is drawn on: solids of known size in mm, summed along the rays."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Point = tuple[float, float]
Piece = tuple[Point, float, Point, float, float]
# Attenuation per mm at about 70 kV behind a body, rounded from tables of the elements.
WATER, BONE, MARROW, STEEL, LEAD, STONE = 0.021, 0.058, 0.020, 0.75, 4.0, 0.07


@dataclass(frozen=True, slots=True)
class Sheet:
    """Grid of a film over an object.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    row_mm, column_mm : float
        Distance of two rows and of two columns at the detector.
    magnification : float
        Size at the detector over size in the object.
    """

    shape: tuple[int, int]
    row_mm: float
    column_mm: float
    magnification: float = 1.0

    def pixel(self, point: Point) -> Point:
        """Return where a point of the object lies on the film.

        Parameters
        ----------
        point : tuple of float
            x to the right and y down, in mm of the object.

        Returns
        -------
        tuple of float
            Column and row; the centre of pixel (c, r) lies at c, r.
        """
        x, y = (v * self.magnification for v in point)
        return x / self.column_mm, y / self.row_mm


def sheet_of(
    size_mm: tuple[float, float], row_mm: float, column_mm: float, magnification: float = 1.0
) -> Sheet:
    """Make a sheet that holds an object.

    Parameters
    ----------
    size_mm : tuple of float
        Width and height of the object in mm.
    row_mm, column_mm : float
        Distance of two rows and of two columns at the detector, in mm.
    magnification : float
        Size at the detector over size in the object; 1 or more.

    Returns
    -------
    Sheet
        Rows and columns rounded up.

    Raises
    ------
    ValueError
        If a distance is not positive or the magnification is below 1.
    """
    if min(row_mm, column_mm) <= 0 or magnification < 1:
        raise ValueError(
            f"pixel {row_mm} x {column_mm} mm at magnification {magnification}; give millimetres "
            "above 0 and a magnification of 1 or more"
        )
    wide, high = (v * magnification for v in size_mm)
    return Sheet(
        (int(np.ceil(high / row_mm)), int(np.ceil(wide / column_mm))),
        row_mm, column_mm, magnification,
    )  # fmt: skip


class Body:
    """What lies on the sheet: attenuation of each ray, solid by solid."""

    def __init__(self, sheet: Sheet, *, joined: bool = False) -> None:
        """Begin with air.

        Parameters
        ----------
        sheet : Sheet
            The grid.
        joined : bool
            Solids that overlap are one piece, as the parts of a bone are; else they lie one behind
            the other.
        """
        self.sheet, self.joined = sheet, joined
        self.depth: Array = np.zeros(sheet.shape, np.float32)
        unit = sheet.magnification
        self._x = (np.arange(sheet.shape[1]) * (sheet.column_mm / unit)).astype(np.float32)
        self._y = (np.arange(sheet.shape[0]) * (sheet.row_mm / unit)).astype(np.float32)
        self.soft = float(max(sheet.row_mm, sheet.column_mm) / unit)

    def ellipsoid(
        self, centre: Point, radii: tuple[float, float], depth: float, per_mm: float,
        tilt_deg: float = 0.0,
    ) -> None:  # fmt: skip
        """Add an ellipsoid.

        Parameters
        ----------
        centre : tuple of float
            In mm of the object.
        radii : tuple of float
            Half axes along x and y before it is tilted, in mm.
        depth : float
            Greatest length of a ray inside, in mm.
        per_mm : float
            Attenuation per mm; below 0 takes away, as gas does in a body.
        tilt_deg : float
            Turned by so many degrees, from x towards y.
        """
        rows, columns, x, y = self._around(centre, max(radii))
        u, v = _turned(x, y, tilt_deg)
        left = np.maximum(1 - (u / radii[0]) ** 2 - (v / radii[1]) ** 2, 0)
        self._put(rows, columns, np.float32(depth * per_mm) * np.sqrt(left))

    def rod(
        self, ends: tuple[Point, Point], radii: tuple[float, float], per_mm: float
    ) -> None:  # fmt: skip
        """Add a round rod with round ends, thicker at one end if wanted.

        Parameters
        ----------
        ends : tuple of points
            Middle of the round ends, in mm; the rod reaches one radius beyond each.
        radii : tuple of float
            Radius at each end, in mm.
        per_mm : float
            Attenuation per mm.
        """
        (ax, ay), (bx, by) = ends
        long = max(float(np.hypot(bx - ax, by - ay)), 1e-6)
        middle = ((ax + bx) / 2, (ay + by) / 2)
        rows, columns, x, y = self._around(middle, long / 2 + max(radii))
        x, y = x + np.float32(middle[0] - ax), y + np.float32(middle[1] - ay)
        over, down = np.float32(bx - ax), np.float32(by - ay)
        along = np.clip((x * over + y * down) / np.float32(long**2), 0, 1)
        off = (x - along * over) ** 2 + (y - along * down) ** 2
        radius = np.float32(radii[0]) + np.float32(radii[1] - radii[0]) * along
        half: Array = np.sqrt(np.maximum(radius**2 - off, 0)).astype(np.float32)
        self._put(rows, columns, np.float32(2 * per_mm) * half)

    def block(
        self, centre: Point, size: tuple[float, float], depth: float, per_mm: float,
        tilt_deg: float = 0.0,
    ) -> None:  # fmt: skip
        """Add a flat block with edges soft by one pixel.

        Parameters
        ----------
        centre, depth, per_mm, tilt_deg
            As for `ellipsoid`.
        size : tuple of float
            Width and height before it is turned, in mm.
        """
        rows, columns, x, y = self._around(centre, float(np.hypot(*size)) / 2)
        u, v = _turned(x, y, tilt_deg)
        inside = np.minimum(size[0] / 2 - np.abs(u), size[1] / 2 - np.abs(v))
        edge: Array = np.clip(inside / self.soft + 0.5, 0, 1).astype(np.float32)
        self._put(rows, columns, np.float32(depth * per_mm) * edge)

    def shell(
        self, centre: Point, radii: tuple[float, float], depth: float, wall: float,
        tilt_deg: float = 0.0,
    ) -> None:  # fmt: skip
        """Add a hollow ellipsoid of bone, filled with nothing.

        Parameters
        ----------
        centre, radii, depth, tilt_deg
            As for `ellipsoid`.
        wall : float
            Thickness of the wall in mm.
        """
        self.ellipsoid(centre, radii, depth, BONE, tilt_deg)
        inner = (radii[0] - wall, radii[1] - wall)
        self.ellipsoid(centre, inner, depth - 2 * wall, -BONE, tilt_deg)

    def chain(self, points: Sequence[Point], radii: Sequence[float], per_mm: float) -> None:
        """Add a bent rod in one piece, such as a rib or a thigh.

        Parameters
        ----------
        points : sequence of points
            In mm; straight pieces that share their round ends.
        radii : sequence of float
            At each point, in mm.
        per_mm : float
            Attenuation per mm.
        """
        piece = Body(self.sheet, joined=True)
        for ends, both in zip(pairwise(points), pairwise(radii), strict=True):
            piece.rod(ends, both, per_mm)
        self._put(slice(None), slice(None), piece.depth)

    def bones(self, pieces: Sequence[Piece], bone: float = BONE) -> None:
        """Add one bone made of rods: cortex outside, marrow inside.

        Parameters
        ----------
        pieces : sequence of (point, radius, point, radius, cortex)
            Ends and radii as for `rod`; the cortex in mm.
        bone : float
            Attenuation per mm of the cortex.
        """
        outer, inner = Body(self.sheet, joined=True), Body(self.sheet, joined=True)
        for start, first, end, last, cortex in pieces:
            outer.rod((start, end), (first, last), 1.0)
            hollow = (max(first - cortex, 0.1), max(last - cortex, 0.1))
            inner.rod((start, end), hollow, 1.0)
        depth = outer.depth * np.float32(bone) - inner.depth * np.float32(bone - MARROW)
        self._put(slice(None), slice(None), depth)

    def _put(self, rows: slice, columns: slice, solid: Array) -> None:
        there = self.depth[rows, columns]
        self.depth[rows, columns] = np.maximum(there, solid) if self.joined else there + solid

    def _around(self, centre: Point, reach: float) -> tuple[slice, slice, Array, Array]:
        """The part a solid can touch, and the place of its pixels from the centre in mm."""
        margin = reach + 2 * self.soft
        columns = _within(self._x, centre[0] - margin, centre[0] + margin)
        rows = _within(self._y, centre[1] - margin, centre[1] + margin)
        x = self._x[columns][None, :] - np.float32(centre[0])
        y = self._y[rows][:, None] - np.float32(centre[1])
        return rows, columns, x, y


def _within(values: Array, low: float, high: float) -> slice:
    first, last = np.searchsorted(values, [low, high])
    return slice(int(first), int(last))


def _turned(x: Array, y: Array, tilt_deg: float) -> tuple[Array, Array]:
    c, s = np.float32(np.cos(np.radians(tilt_deg))), np.float32(np.sin(np.radians(tilt_deg)))
    return x * c + y * s, y * c - x * s
