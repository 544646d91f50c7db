"""Smooth ways through a few points, for bent bones."""

from collections.abc import Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator, make_interp_spline

from workbench.phantoms.part_sheet import Point


def curved(
    points: Sequence[Point], radii: Sequence[float], pieces: int = 6
) -> tuple[list[Point], list[float]]:
    """Make a way smooth.

    Parameters
    ----------
    points : sequence of points
        At least four, in mm; the way goes through all of them.
    radii : sequence of float
        At each point, in mm.
    pieces : int
        Straight pieces from one point to the next.

    Returns
    -------
    points, radii : list
        More of both, the first and the last as given.
    """
    at = np.arange(len(points), dtype=float)
    fine = np.linspace(0, at[-1], (len(points) - 1) * pieces + 1)
    way = make_interp_spline(at, np.asarray(points, float), k=3)(fine)
    thick = PchipInterpolator(at, np.asarray(radii, float))(fine)
    return [(float(x), float(y)) for x, y in way], [float(r) for r in thick]
