"""Heart, great vessels, mediastinum and large air ways."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_lungs import LEFT, dome_top
from workbench.phantoms.chest_person import Person

Array = NDArray[np.float32]
SMOOTH = 4.0  # how sharply two chambers meet; larger is sharper


@dataclass(frozen=True, slots=True)
class Heart:
    """Where the heart stands and how large it is, in cm.

    Attributes
    ----------
    width, height : float
        Scales of the chambers.
    shift : float
        Added to every centre in `x`.
    bottom : float
        `y` of the lower border.
    """

    width: float
    height: float
    shift: float
    bottom: float


def first_heart(person: Person) -> Heart:
    """The heart before it is fitted to the wanted ratio.

    Parameters
    ----------
    person : Person
        Sizes of the chest and the ratio wanted.

    Returns
    -------
    Heart
        A first guess.
    """
    width = 2 * person["half_width"] * person.ctr
    height = float(
        np.clip(0.80 * width, 0.34 * person["cage_height"], 0.50 * person["cage_height"])
    )
    bottom = dome_top(person, LEFT) + 1.1 + 0.12 * (width - 12)
    return Heart(width=width, height=height, shift=0.0, bottom=bottom)


def heart_field(heart: Heart, x: Array, y: Array, z: Array) -> Array:
    """Where the heart is.

    Parameters
    ----------
    heart : Heart
        Size and place.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the surface.
    """
    scale = np.float32(heart.width / 12.5)
    far = np.float32(4.0)
    if y.min() > heart.bottom + 3 or y.max() < heart.bottom - 1.3 * heart.height:
        return np.broadcast_to(far, np.broadcast_shapes(x.shape, y.shape, z.shape))
    total: Array = np.zeros(1, np.float32)
    for cx, cy, across, along, deep, thick, tilt in sizes.CHAMBERS:
        dx = x - np.float32(cx * heart.width + heart.shift)
        dy = y - np.float32(heart.bottom - cy * heart.height)
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        u = (dx * cos + dy * sin) / np.float32(across * heart.width)
        v = (dy * cos - dx * sin) / np.float32(along * heart.height)
        w = (z - np.float32(deep)) / (np.float32(thick) * scale)
        radius = np.sqrt(u * u + v * v + w * w)
        term = np.exp(np.float32(-SMOOTH) * np.minimum(radius - 1, 4))
        total = total + term
    return np.asarray(-np.log(total) * np.float32(4.0 / SMOOTH), np.float32)


def blended(parts: tuple[Array, ...], sharp: float) -> Array:
    """Union of fields with rounded seams.

    Parameters
    ----------
    parts : tuple of ndarray of float32, shape (...)
        Fields in cm, negative inside, broadcast against each other.
    sharp : float
        How narrow the seams are, in 1/cm.

    Returns
    -------
    ndarray of float32, shape (...)
        The united field.
    """
    total = sum(np.exp(np.float32(-sharp) * np.clip(part, -4, 6)) for part in parts)
    return np.asarray(-np.log(total) / np.float32(sharp), np.float32)


def _tube(x: Array, y: Array, z: Array, line: tuple[tuple[float, ...], ...]) -> Array:
    """Distance to the wall of a tube whose centre (x, y, z) and radius change along `y`."""
    places = np.asarray(line, np.float64)
    at = [np.interp(y, places[:, 1], places[:, k]).astype(np.float32) for k in (0, 2, 3)]
    wall = np.hypot(x - at[0], z - at[1]) - at[2]
    beyond = np.maximum(np.float32(places[0, 1]) - y, y - np.float32(places[-1, 1]))
    return np.asarray(wall + np.maximum(beyond, 0), np.float32)


def landmarks(person: Person) -> dict[str, float]:
    """Heights of the arch, the carina and the hila.

    Parameters
    ----------
    person : Person
        Sizes of the chest.

    Returns
    -------
    dict of str to float
        `arch`, `carina`, `hilum` (right; the left is a little higher): `y` in cm.
    """
    arch = person["arch_y"] * person["cage_height"]
    return {"arch": arch, "carina": arch + 2.3, "hilum": arch + 4.3}


def vessels_field(person: Person, heart: Heart, x: Array, y: Array, z: Array) -> Array:
    """Where the mediastinum and the great vessels are.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart the vessels leave from.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the surface.
    """
    mark = landmarks(person)
    arch, size, deep = mark["arch"], person["arch_radius"], person["half_depth"]
    old = max(0.0, (person.age - 45) / 40)
    end = dome_top(person, LEFT) + 6
    knob = np.sqrt(
        ((x - (1.55 + 0.5 * old)) / size) ** 2
        + ((y - arch) / (1.05 * size)) ** 2
        + ((z + 0.8) / 3.6) ** 2
    )
    trunk = np.sqrt(
        ((x - 1.9) / 1.75) ** 2 + ((y - arch - 3.2) / 1.9) ** 2 + ((z - 1.2) / 2.6) ** 2
    )
    out = 1.35 + 0.5 * old
    aorta = _tube(x, y, z, (
        (out, arch, -0.55 * deep, 1.25), (out + 0.25, arch + 6, -0.58 * deep, 1.2),
        (out - 0.4, end - 3, -0.55 * deep, 1.15), (out - 0.6, end, -0.5 * deep, 1.1),
    ))  # fmt: skip
    ascending = _tube(x, y, z, (
        (-1.0, arch - 0.3, 2.0, 1.6 + 0.2 * old),
        (-1.15 - 0.3 * old, arch + 3, 2.6, 1.7 + 0.2 * old), (-0.4, arch + 6, 2.6, 1.6),
    ))  # fmt: skip
    cava = _tube(x, y, z, (
        (-1.7, -3.0, 0.2, 0.9), (-1.75, 2.0, 0.5, 1.0), (-1.75, arch, 1.2, 1.05),
        (-1.95, arch + 6, 1.2, 1.1),
    ))  # fmt: skip
    branches = _tube(x, y, z, (
        (2.0, -3.0, -1.0, 0.6), (1.75, 1.0, -1.0, 0.75), (1.3, arch - 1.0, -0.5, 1.1),
        (1.2, arch, -0.5, 1.2),
    ))  # fmt: skip
    middle = heart.bottom - 0.35 * heart.height
    wide = np.float32(2.0) + np.float32(0.3) * np.cos((y - np.float32(arch + 0.5)) / 2.1)
    core = np.maximum(
        (np.sqrt((x / wide) ** 2 + ((z + 0.2) / (0.62 * deep)) ** 2) - 1) * 2.0,
        y - np.float32(middle),
    )
    spine = np.sqrt((x / 1.5) ** 2 + ((z + 0.80 * deep) / 2.4) ** 2) - 1
    lower = np.maximum(  # oesophagus and inferior cava under the heart
        (np.sqrt((x / 2.0) ** 2 + ((z + 1.5) / 3.0) ** 2) - 1) * 2.0, np.float32(middle - 4) - y
    )
    parts = (
        (knob - 1) * size,
        (trunk - 1) * 1.75,
        aorta,
        ascending,
        cava,
        branches,
        core,
        spine * 1.5,
        lower,
    )
    return blended(tuple(np.asarray(part, np.float32) for part in parts), 2.6)


def air_ways(person: Person, heart: Heart, x: Array, y: Array, z: Array) -> Array:
    """Where the air of trachea and main bronchi is.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart, whose size spreads the carina.
    x, y, z : ndarray of float32, shape (...)
        Places in cm, broadcast against each other.

    Returns
    -------
    ndarray of float32, shape (...)
        Negative inside, about in cm near the wall.
    """
    carina = landmarks(person)["carina"]
    wide = 1.02 if person.sex == "M" else 0.88
    spread = 0.04 * (heart.width - 12)
    trachea = _tube(x, y, z, (
        (0.0, -12.0, 2.0, wide), (0.0, -4.0, 0.8, wide), (-0.3, 3.0, -1.2, wide),
        (-0.5, carina, -2.2, wide),
    ))  # fmt: skip
    right = _tube(x, y, z, (
        (-0.5, carina - 0.3, -2.2, 0.72 * wide), (-1.7, carina + 1.8, -2.4, 0.72 * wide),
        (-2.9 - spread, carina + 3.6, -2.6, 0.5 * wide),
        (-3.7 - spread, carina + 6.0, -2.8, 0.28 * wide),
    ))  # fmt: skip
    left = _tube(x, y, z, (
        (0.0, carina - 0.3, -2.2, 0.62 * wide), (1.9, carina + 1.6, -2.4, 0.6 * wide),
        (3.3 + spread, carina + 3.1, -2.6, 0.45 * wide),
        (4.0 + spread, carina + 5.5, -2.8, 0.26 * wide),
    ))  # fmt: skip
    return np.asarray(np.minimum(np.minimum(trachea, right), left), np.float32)
