"""Organs with a volume: how many cm of each a ray crosses, on a coarse grid.

Every organ is a function of place that is negative inside. Between two depths on a ray it is taken
as straight, so the crossed length is exact for flat walls and shows no steps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_body import breast_thickness, muscle, skin
from workbench.phantoms.chest_heart import Heart, air_ways, blended, heart_field, vessels_field
from workbench.phantoms.chest_lungs import LEFT, RIGHT, cage, dome_height, dome_top
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]
STEP_CM = 0.72
ROWS_AT_ONCE = 40


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Crossed lengths in cm, each of shape (rows, columns) of the coarse view.

    Attributes
    ----------
    body, muscle : ndarray of float32, shape (rows, columns)
        Everything inside the skin; everything inside the fat.
    lungs : tuple of ndarray of float32, shape (rows, columns)
        Air-bearing lung, right and left.
    cages : tuple of ndarray of float32, shape (rows, columns)
        Space of each lung with what lies in it: heart, mediastinum, dome; right and left.
    heart, trunk : ndarray of float32, shape (rows, columns)
        Heart; mediastinum with the great vessels.
    gas : ndarray of float32, shape (rows, columns)
        Air in trachea, bronchi, stomach and bowel.
    breast : ndarray of float32, shape (rows, columns)
        Breast tissue outside `body`.
    """

    body: Array
    muscle: Array
    lungs: tuple[Array, Array]
    cages: tuple[Array, Array]
    heart: Array
    trunk: Array
    gas: Array
    breast: Array


def crossed(field: Array, step: float) -> Array:
    """Length a ray spends where a field is negative.

    Parameters
    ----------
    field : ndarray of float32, shape (rows, columns, n_depths)
        Values at equally spaced depths.
    step : float
        Distance of two depths in cm.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Length in cm, exact where the field is straight between depths.
    """
    inside = np.maximum(-field, 0)
    size = np.abs(field)
    part = (inside[..., :-1] + inside[..., 1:]) / (size[..., :-1] + size[..., 1:] + 1e-9)
    return np.asarray(part.sum(-1, dtype=np.float32) * np.float32(step), np.float32)


def trace(person: Person, heart: Heart, view: View) -> Paths:
    """Follow every ray of a view through the chest.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart and great vessels fitted into it.
    view : View
        A coarse view; its grid is the grid of the result.

    Returns
    -------
    Paths
        Crossed lengths.
    """
    reach = person["half_depth"] + 1.6 + person.fat
    count = int(np.ceil(2 * reach / STEP_CM)) + 2
    depths = np.linspace(-reach, reach, count, dtype=np.float32)
    step = float(depths[1] - depths[0])
    blocks = [
        _block(person, heart, view.rays(slice(top, top + ROWS_AT_ONCE), depths), step)
        for top in range(0, view.shape[0], ROWS_AT_ONCE)
    ]
    whole = {name: np.concatenate([b[name] for b in blocks]) for name in blocks[0]}
    return Paths(
        body=whole["body"],
        muscle=whole["muscle"],
        lungs=(whole["lung_right"], whole["lung_left"]),
        cages=(whole["cage_right"], whole["cage_left"]),
        heart=whole["heart"],
        trunk=whole["trunk"],
        gas=whole["gas"],
        breast=breast_thickness(person, view),
    )


def _block(
    person: Person, heart: Heart, rays: tuple[Array, Array, Array], step: float
) -> dict[str, Array]:
    x, y, z = rays
    found: dict[str, Array] = {}
    heart_is = heart_field(heart, x, y, z)
    trunk_is = vessels_field(person, heart, x, y, z)
    solid = blended((heart_is, trunk_is), 3.0)
    outer = skin(person, x, y, z)
    inner = muscle(person, x, y, z)
    domes: list[Array] = []
    for side, name in ((RIGHT, "right"), (LEFT, "left")):
        space = cage(person, side, x, y, z)
        dome = (y - dome_height(person, side, x, z)).astype(np.float32)
        found[f"cage_{name}"] = crossed(space, step)
        found[f"lung_{name}"] = crossed(np.maximum(np.maximum(space, dome), -solid), step)
        inner = np.minimum(inner, space - 1.3)  # muscle and ribs always cover the lung
        domes.append(dome)
    outer = np.minimum(outer, inner + 0.25)
    found["body"], found["muscle"] = crossed(outer, step), crossed(inner, step)
    found["heart"], found["trunk"] = crossed(heart_is, step), crossed(trunk_is, step)
    air = np.minimum(air_ways(person, heart, x, y, z), _stomach(person, domes[1], x, y, z))
    found["gas"] = crossed(air, step)
    return found


def _stomach(person: Person, dome: Array, x: Array, y: Array, z: Array) -> Array:
    """Gas bubble of the stomach: under the left dome, above a level."""
    wide = person["half_width"]
    top = dome_top(person, LEFT)
    size = max(person["stomach_gas"], 0.05)
    bubble = (
        ((x - 0.44 * wide) / (0.21 * wide * size)) ** 2
        + ((y - top - 0.9 - 1.3 * size) / (1.6 * size)) ** 2
        + ((z - 0.5) / (2.6 * size)) ** 2
    )
    level = y - np.float32(top + 0.9 + 1.9 * size)
    gas = np.maximum(np.sqrt(bubble) - 1, level)
    for gx, gy, wide, high, deep in person.gut:
        loop = ((x - gx) / wide) ** 2 + ((y - top - gy) / high) ** 2 + ((z - 2) / deep) ** 2
        gas = np.minimum(gas, np.sqrt(loop) - 1)
    return np.asarray(np.maximum(gas, 0.7 - dome), np.float32)
