"""The cage: outlines of the lungs and the domes of the diaphragm, as functions of place."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_person import Person

Array = NDArray[np.float32]
RIGHT, LEFT = -1, 1


@dataclass(frozen=True, slots=True)
class Section:
    """Horizontal section of one lung at some heights; distances in cm, `x` away from the midline.

    Attributes
    ----------
    middle, half : ndarray of float32, shape (n_heights,)
        Centre and half width in `x`.
    centre, depth : ndarray of float32, shape (n_heights,)
        Centre and half depth in `z`.
    """

    middle: Array
    half: Array
    centre: Array
    depth: Array


def profile(table: tuple[tuple[float, float], ...], at: Array) -> Array:
    """Read a table of (place, value) smoothly.

    Parameters
    ----------
    table : tuple of (float, float)
        Places in growing order and their values.
    at : ndarray of float32, shape (...)
        Places asked for; beyond the ends the end values hold.

    Returns
    -------
    ndarray of float32, shape of `at`
        Values.
    """
    return np.interp(at, *_fine(table)).astype(np.float32)


@lru_cache(maxsize=256)
def _fine(
    table: tuple[tuple[float, float], ...],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A table as a dense polygon without overshoot."""
    places, values = np.asarray(table, dtype=np.float64).T
    fine = np.linspace(places[0], places[-1], 2048)
    return fine, PchipInterpolator(places, values)(fine)


def section(person: Person, y: Array) -> Section:
    """Horizontal sections of a lung.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    y : ndarray of float32, shape (...)
        Heights in cm.

    Returns
    -------
    Section
        One section for each height.
    """
    t = (y / np.float32(person["cage_height"])).astype(np.float32)
    wide, deep = np.float32(person["half_width"]), np.float32(person["half_depth"])
    outer = profile(sizes.LUNG_LATERAL, t) * wide
    inner = profile(sizes.LUNG_MEDIAL, t) * wide
    back = -profile(sizes.LUNG_BACK, t) * deep
    front = profile(sizes.LUNG_FRONT, t) * deep
    mean = (outer + inner) / 2, (outer - inner) / 2, (back + front) / 2, (front - back) / 2
    return Section(*(np.asarray(part, np.float32) for part in mean))


def cage(person: Person, side: int, x: Array, y: Array, z: Array) -> Array:
    """Signed depth inside the space of one lung, without dome and heart.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    side : int
        `RIGHT` or `LEFT`.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the wall.
    """
    cut = section(person, y)
    across = np.abs((np.float32(side) * x - cut.middle) / np.maximum(cut.half, 0.05))
    along = np.abs((z - cut.centre) / np.maximum(cut.depth, 0.05))
    power = np.float32(sizes.LUNG_SQUARE)
    wall = (across**power + along**power - 1) * np.clip(cut.half, 0.3, 4) / power
    return np.maximum(wall, -y).astype(np.float32)


def dome_height(person: Person, side: int, x: Array, z: Array) -> Array:
    """Height of the diaphragm above each place.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    side : int
        `RIGHT` or `LEFT`.
    x, z : ndarray of float32, shape (...)
        Places in cm.

    Returns
    -------
    ndarray of float32, shape (...)
        `y` of the dome; lung is above, that is at smaller `y`.
    """
    top = np.float32(dome_top(person, side))
    bottom = np.float32(person["cage_height"])
    wide, deep = np.float32(person["half_width"]), np.float32(person["half_depth"])
    peak = np.float32(person["dome_place"]) * wide
    away = np.float32(side) * x - peak
    lateral = np.clip(away, 0, None) / (wide - peak)
    medial = np.clip(-away, 0, None) / peak
    fall = bottom + np.float32(0.3) - top
    behind = np.clip(-(z - 1.0) / deep, 0, None)
    ahead = np.clip((z - 1.0) / deep, 0, None)
    y = top + fall * (0.38 * lateral**2 + 0.62 * lateral**4.0) + 0.26 * fall * medial**2
    return np.asarray(y + 0.85 * fall * behind**2.2 + 0.7 * fall * ahead**2.2, np.float32)


def dome_top(person: Person, side: int) -> float:
    """Height of the top of a dome.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    side : int
        `RIGHT` or `LEFT`.

    Returns
    -------
    float
        `y` in cm.
    """
    lower = 0.0 if side == RIGHT else person["dome_left_lower"]
    return person["cage_height"] - person["dome_right"] + lower


def in_lung(person: Person, side: int, points: Array) -> NDArray[np.bool_]:
    """Whether points lie in the space of one lung, above its dome.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    side : int
        `RIGHT` or `LEFT`.
    points : ndarray of float32, shape (..., 3)
        x, y, z in cm.

    Returns
    -------
    ndarray of bool, shape (...)
        True inside; the heart is not taken out.
    """
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    within = (cage(person, side, x, y, z) < -0.1) & (y < dome_height(person, side, x, z) - 0.15)
    return np.asarray(within, np.bool_)
