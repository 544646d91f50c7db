"""Outside of the person: skin, muscle, neck, shoulders, arms and breasts."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_heart import blended
from workbench.phantoms.chest_lungs import profile
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]

WALL_CM = 1.9  # ribs and muscle outside the lung, at the side
ARM_RADIUS = {"M": 4.3, "F": 3.7}


def _torso(person: Person, extra: float, x: Array, y: Array, z: Array) -> Array:
    """Neck, shoulders and trunk, `extra` cm thicker than the muscle."""
    tall = np.float32(28.0 / person["cage_height"])
    along = profile(sizes.OUTLINE, y * tall)
    wall = person["half_width"] + WALL_CM
    low, mid, high = person["neck"], person["shoulder"] - 0.5, wall
    across = np.where(along < 1, low + (mid - low) * along, mid + (high - mid) * (along - 1))
    deep = profile(sizes.DEPTH, y * tall) * np.float32(person["half_depth"] + 0.4)
    wide, thick = across + np.float32(extra), deep + np.float32(0.7 * extra)
    flat = (2.0 + 0.5 * np.clip((along - 0.6) / 0.8, 0, 1)).astype(np.float32)
    field = np.abs(x / wide) ** flat + np.abs(z / thick) ** flat
    return np.asarray((field ** (1 / flat) - 1) * np.minimum(wide, thick), np.float32)


def _arms(person: Person, extra: float, x: Array, y: Array, z: Array) -> Array:
    """Upper arms, hanging and turned a little forwards."""
    radius = ARM_RADIUS[person.sex.value] + 0.25 * person.fat + extra
    start = person["shoulder"] - 3.6
    down = np.clip(y - 4.0, 0, None)
    lean = np.float32(0.24)
    centre = start + lean * down
    away = np.hypot((np.abs(x) - centre) * np.float32(0.985), z - 0.5 + 0 * y)
    return np.asarray(away - radius + 0.8 * np.clip(2.0 - y, 0, None), np.float32)


def muscle(person: Person, x: Array, y: Array, z: Array) -> Array:
    """Where muscle and organs are.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the surface.
    """
    body = _torso(person, 0.0, x, y, z)
    return blended((body, _arms(person, -0.9, x, y, z)), 1.2)


def skin(person: Person, x: Array, y: Array, z: Array) -> Array:
    """Where the body is: muscle and the fat and skin on it.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the surface.
    """
    body = _torso(person, person.fat + 0.2, x, y, z)
    return blended((body, _arms(person, 0.0, x, y, z)), 1.2)


def breast_thickness(person: Person, view: View) -> Array:
    """Breast tissue that the flat detector spreads before the chest.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    view : View
        The grid asked for.

    Returns
    -------
    ndarray of float32, shape of the view
        Thickness in cm.
    """
    thick = person["breast"] * (0.7 + 0.25 * person.fat) if person["breast"] > 0 else 0.0
    depth = np.asarray([person["half_depth"] + 1.5], np.float32)
    x, y, _ = view.rays(slice(None), depth)
    across, down = x[0, :, 0], y[:, 0, 0][:, None]
    wide, tall = person["half_width"], person["cage_height"]
    sag = 0.07 * float(np.clip((person.age - 30) / 40, 0, 1))
    total = np.zeros(view.shape, np.float32)
    for side in (-1, 1):
        u = (across * side - 0.69 * wide) / (0.52 * wide)
        v = (down - (0.645 + sag + 0.012 * side) * tall) / (0.235 * tall)
        # full below, fading into the chest wall above
        v = np.where(v < 0, v * 0.62, v + 0.10 * u)
        total += np.clip(1 - u**2 - v**2, 0, None) ** 0.8 * np.clip(0.62 + 0.6 * v, 0.02, 1.1)
    return np.asarray(total * thick, np.float32)


def fat_share(person: Person) -> float:
    """Attenuation of breast tissue for age: younger is denser.

    Parameters
    ----------
    person : Person
        Sizes and age.

    Returns
    -------
    float
        Attenuation coefficient in 1/cm.
    """
    young = float(np.clip((65 - person.age) / 40, 0, 1))
    return sizes.FAT + (sizes.WATER - sizes.FAT) * (0.25 + 0.5 * young)
