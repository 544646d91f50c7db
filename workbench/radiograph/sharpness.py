"""How sharp the domes and the border of the heart are: the edge spread along their outlines.

A dome is round and its edge never a step; measured here on films taken with breath held it spreads
over 3 to 7 mm. Breathing during the exposure smears it up and down, the heart beat smears the
heart's border sideways. The greys are used as shown: strong edge enhancement makes edges steeper.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.domain.quality_item import Box
from workbench.radiograph.film_box import box_of

REACH: Final = 12.0  # mm each way from the outline: outlines of a net are off by some mm
BESIDE: Final = 3.0  # mm averaged along the outline, against noise and vessels
SMOOTH: Final = 0.5  # mm, standard deviation along the profile
FAINTEST: Final = 0.06  # of the range of greys: a fainter edge is not measured
PROFILES: Final = 90  # at most, evenly along the outline
FEWEST: Final = 12  # profiles; fewer say nothing
FINEST: Final = 0.35  # mm: finer pixels are thinned first; the spread is ten times that
MIDDLE: Final = (0.25, 0.75)  # part of a lung's width or the heart's height that is looked at

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class EdgeSpread:
    """One outline.

    Attributes
    ----------
    name : str
        "right dome", "left dome" or "heart".
    millimetres : float
        Median of contrast over steepest slope.
    profiles : int
        Places it was measured at.
    place : Box
        Around them.
    """

    name: str
    millimetres: float
    profiles: int
    place: Box


def dome_spread(name: str, grey: NDArray[np.float32], lung: Mask, mm: float) -> EdgeSpread | None:
    """Measure the lower edge of a lung, downwards.

    Parameters
    ----------
    name : str
        What the outline is called.
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown, dense parts bright.
    lung : ndarray of bool, shape (rows, columns)
        On the grid of `grey`.
    mm : float
        Side of a pixel in mm.

    Returns
    -------
    EdgeSpread or None
        None where too few places show an edge.
    """
    columns = np.flatnonzero(lung.any(axis=0))
    if not columns.size:
        return None
    chosen = _chosen(columns)
    rows = lung.shape[0] - 1 - np.argmax(lung[::-1][:, chosen], axis=0)
    return _spread(name, grey, (rows, chosen), mm, turned=False)


def heart_spread(
    grey: NDArray[np.float32], heart: Mask, left_lung: Mask, mm: float
) -> EdgeSpread | None:
    """Measure the border of the heart towards the left lung, sideways.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown, dense parts bright.
    heart, left_lung : ndarray of bool, shape (rows, columns)
        On the grid of `grey`; the side of the lung tells which border.
    mm : float
        Side of a pixel in mm.

    Returns
    -------
    EdgeSpread or None
        None where too few places show an edge.
    """
    rows = np.flatnonzero(heart.any(axis=1))
    if not rows.size or not left_lung.any():
        return None
    chosen = _chosen(rows)
    at_right = _centre(left_lung) > _centre(heart)
    # profiles run from lung into heart, as they run from lung into the dome
    flipped = heart[:, ::-1] if at_right else heart
    shown = grey[:, ::-1] if at_right else grey
    borders = np.argmax(flipped[chosen], axis=1)
    found = _spread("heart", shown.T, (borders, chosen), mm, turned=True)
    if found is None or not at_right:
        return found
    left, upper, right, lower = found.place
    place = round(1.0 - right, 4), upper, round(1.0 - left, 4), lower
    return EdgeSpread(found.name, found.millimetres, found.profiles, place)


def thinning(mm: float) -> int:
    """Tell every how many pixels a film is looked at: finer than the edge needs costs time only.

    Parameters
    ----------
    mm : float
        Side of a pixel of the stored film in mm.

    Returns
    -------
    int
        1 or more.
    """
    return max(1, int(FINEST / mm))


def _chosen(line: NDArray[np.intp]) -> NDArray[np.intp]:
    first, last = (int(part * line.size) for part in MIDDLE)
    middle = line[first : max(last, first + 1)]
    return middle[:: max(1, middle.size // PROFILES)]


def _centre(mask: Mask) -> float:
    return float(np.flatnonzero(mask.any(axis=0)).mean())


def _spread(
    name: str,
    grey: NDArray[np.float32],
    points: tuple[NDArray[np.intp], NDArray[np.intp]],
    mm: float,
    *,
    turned: bool,
) -> EdgeSpread | None:
    """Profiles down the columns of `grey` around (row, column) points."""
    reach, beside = max(3, round(REACH / mm)), max(0, round(BESIDE / mm / 2))
    rows, columns = grey.shape
    found: list[float] = []
    seen: list[tuple[int, int]] = []
    for row, column in zip(points[0].tolist(), points[1].tolist(), strict=True):
        if not (reach <= row < rows - reach and beside <= column < columns - beside):
            continue
        strip = grey[row - reach : row + reach + 1, column - beside : column + beside + 1]
        width = _width(gaussian_filter1d(strip.mean(axis=1), SMOOTH / mm), mm)
        if width is not None:
            found.append(width)
            seen.append((row, column))
    if len(found) < FEWEST:
        return None
    down, across = zip(*seen, strict=True)
    spans = slice(min(down) - reach, max(down) + reach), slice(min(across), max(across) + 1)
    shape = grey.shape[::-1] if turned else grey.shape
    place = box_of(*(spans[::-1] if turned else spans), shape)
    return EdgeSpread(name, float(np.median(found)), len(found), place)


def _width(profile: NDArray[np.floating], mm: float) -> float | None:
    """Contrast of the rise through the steepest place, over the slope there; None when faint."""
    slope = np.gradient(profile)
    at = int(slope.argmax())
    if slope[at] <= 0:
        return None
    low = high = at
    while low > 0 and profile[low - 1] < profile[low]:
        low -= 1
    while high < profile.size - 1 and profile[high + 1] > profile[high]:
        high += 1
    contrast = float(profile[high] - profile[low])
    return None if contrast < FAINTEST else contrast / float(slope[at]) * mm
