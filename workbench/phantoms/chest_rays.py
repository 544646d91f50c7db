"""The cone of rays from the tube through the chest to the detector, and points seen along it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_person import Person

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class View:
    """Where film, tube and person stand.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns of the film.
    pitch : float
        Distance of two pixels at the detector, in cm.
    top : float
        Height of the upper edge of the film relative to the lung apices, in cm.
    centre : float
        Place of the midline of the film relative to the person's, in cm.
    detector : float
        Depth of the detector plane in front of the middle of the chest, in cm.
    yaw, lean : float
        Turn about the vertical and tilt forwards, in radians.
    """

    shape: tuple[int, int]
    pitch: float
    top: float
    centre: float
    detector: float
    yaw: float
    lean: float

    def shrink(self, depth: Array) -> Array:
        """Size at a depth over size on the detector (1 / magnification)."""
        return np.asarray(1.0 - (self.detector - depth) / sizes.SOURCE_IMAGE_CM, np.float32)

    def axis(self, count: int, first: float) -> Array:
        """Positions on the detector of the pixels of one side, in cm."""
        return np.asarray(first + (np.arange(count) + 0.5) * self.pitch, np.float32)

    def rays(self, rows: slice, depths: Array) -> tuple[Array, Array, Array]:
        """Person's coordinates where the rays of some rows meet some depths.

        Parameters
        ----------
        rows : slice
            Rows of the film.
        depths : ndarray of float32, shape (n_depths,)
            Depths in cm, growing forwards.

        Returns
        -------
        x, y, z : ndarray of float32
            Shapes (1, columns, n_depths), (n_rows, 1, n_depths), (1, columns, n_depths); cm.
        """
        shrink = self.shrink(depths)
        half = self.shape[1] * self.pitch / 2
        across = self.axis(self.shape[1], -half)[None, :, None] * shrink + self.centre
        # the central ray meets the film in its middle: rows shrink towards that height
        middle = self.top + self.shape[0] * self.pitch / 2
        down = (self.axis(self.shape[0], self.top)[rows] - middle)[:, None, None] * shrink + middle
        turn, slope = np.float32(np.sin(self.yaw)), np.float32(np.tan(self.lean))
        x = across * np.float32(np.cos(self.yaw)) + depths * turn
        z = depths * np.float32(np.cos(self.yaw)) - across * turn
        return (
            x.astype(np.float32),
            (down + depths * slope).astype(np.float32),
            z.astype(np.float32),
        )

    def project(self, points: Array) -> tuple[Array, Array]:
        """Rows and columns (fractions of pixels) where points of the person fall on the film.

        Parameters
        ----------
        points : ndarray of float32, shape (..., 3)
            x, y, z in cm.

        Returns
        -------
        rows, columns : ndarray of float32, shape (...)
            Pixel coordinates; whole numbers are pixel centres.
        """
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        cos, sin = np.float32(np.cos(self.yaw)), np.float32(np.sin(self.yaw))
        across, depth = x * cos - z * sin, z * cos + x * sin
        shrink = self.shrink(depth)
        rows, columns = self.shape
        middle = self.top + rows * self.pitch / 2
        down = (y - depth * np.float32(np.tan(self.lean)) - middle) / shrink
        row = down / self.pitch + rows / 2 - 0.5
        column = (across - self.centre) / shrink / self.pitch + columns / 2 - 0.5
        return row.astype(np.float32), column.astype(np.float32)

    def coarser(self, pitch: float) -> "View":
        """The same view with pixels of about this pitch, never finer than now."""
        step = max(1.0, pitch / self.pitch)
        rows, columns = (max(2, round(side / step)) for side in self.shape)
        return replace(self, shape=(rows, columns), pitch=self.pitch * self.shape[1] / columns)


def view_of(person: Person, shape: tuple[int, int], pitch: float) -> View:
    """Place the film in front of a person.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    shape : tuple of int
        Rows and columns of the film.
    pitch : float
        Distance of two pixels, in cm.

    Returns
    -------
    View
        The geometry of the exposure.
    """
    return View(
        shape=shape,
        pitch=pitch,
        top=-person["film_top"],
        centre=person["off_centre_x"],
        detector=person["half_depth"] + 1.4 + person.fat + sizes.AIR_GAP_CM,
        yaw=float(np.deg2rad(person["yaw_deg"])),
        lean=float(np.deg2rad(person["lean_deg"])),
    )
