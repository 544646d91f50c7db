"""Small things much denser than bone over the lungs: metal, lead, writing.

Whether one can be taken off (a button, an electrode) or lies inside (a pacemaker, a clip) cannot be
told from its shade; only that it is there is said.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from workbench.domain.quality_item import Box
from workbench.radiograph.film_box import box_around

AROUND: Final = 9.0  # mm: what is wider than twice this is anatomy
RISE: Final = 0.35  # of the range of greys above its surroundings
EDGE: Final = 0.25  # of the range over two pixels: ribs and vessels begin less abruptly
LEVEL: Final = 90.0  # percentile of the film: metal is among the brightest there is
SMALLEST: Final = 12.0  # mm2
MOST: Final = 6  # boxes given

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DenseObjects:
    """What was found.

    Attributes
    ----------
    count : int
        Separate objects.
    area : float
        Of all of them, in mm2.
    places : tuple of Box
        Around the largest, at most `MOST`.
    """

    count: int
    area: float
    places: tuple[Box, ...]


def dense_objects(grey: NDArray[np.float32], lungs: Mask, mm: float) -> DenseObjects:
    """Find dense objects with abrupt edges over the lungs.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown, coarse (0.5 to 1.5 mm); dense parts bright.
    lungs : ndarray of bool, shape (rows, columns)
        Both lungs.
    mm : float
        Side of a pixel in mm.

    Returns
    -------
    DenseObjects
        Boxes as shares of the film.

    Notes
    -----
    On 57 films with outlines by people (portable ones among them) the limits marked three: two with
    electrodes or an arrow laid over the lungs, one with writing; no rib, vessel or hilum.
    """
    size = 2 * max(1, round(AROUND / mm)) + 1
    seen = grey[lungs]
    if not seen.size:
        return DenseObjects(0, 0.0, ())
    span = float(np.percentile(grey, 99.5) - np.percentile(seen, 1.0))
    if span <= 0:
        return DenseObjects(0, 0.0, ())
    rise = ndimage.white_tophat(grey, size=(size, size)) / span
    steep = ndimage.morphological_gradient(grey, size=(3, 3)) / span
    inside = ndimage.binary_erosion(lungs, iterations=max(1, round(4.0 / mm)))
    bright = grey >= np.percentile(grey, LEVEL)
    labels, _count = ndimage.label((rise > RISE) & bright & inside)
    found: list[tuple[int, Mask]] = []
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        own = labels[place] == number
        pixels = int(own.sum())
        if pixels * mm * mm < SMALLEST:
            continue
        rim = own & ~ndimage.binary_erosion(own)
        if float(np.median(steep[place][rim])) < EDGE:
            continue
        whole = np.zeros(lungs.shape, dtype=bool)
        whole[place] = own
        found.append((pixels, whole))
    found.sort(key=lambda one: -one[0])
    area = sum(pixels for pixels, _ in found) * mm * mm
    return DenseObjects(len(found), area, tuple(box_around(one) for _, one in found[:MOST]))
