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
from workbench.phantoms.chest_pleura import Fields, Ill
from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]
STEP_CM = 0.72
ROWS_AT_ONCE = 40


@dataclass(frozen=True, slots=True, eq=False)
class IllPaths:
    """Crossed lengths of what disease puts in the place of healthy lung, as in `Paths`.

    Attributes
    ----------
    tissue : tuple of ndarray of float32, shape (rows, columns)
        Lung that still holds air, right and left.
    free, fluid, lining, gas, dense : ndarray of float32, shape (rows, columns)
        Air beside a shrunken lung; pleural fluid; the pleura over a shrunken lung; gas under a
        dome; the part of `tissue` that lies in a solid lobe.
    """

    tissue: tuple[Array, Array]
    free: Array
    fluid: Array
    lining: Array
    gas: Array
    dense: Array


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Crossed lengths in cm, each of shape (rows, columns) of the coarse view.

    Attributes
    ----------
    body, muscle : ndarray of float32, shape (rows, columns)
        Everything inside the skin; everything inside the fat.
    lungs : tuple of ndarray of float32, shape (rows, columns)
        Air-bearing lung, right and left; where it would be, if disease has taken it.
    cages : tuple of ndarray of float32, shape (rows, columns)
        Space of each lung with what lies in it: heart, mediastinum, dome; right and left.
    heart, trunk : ndarray of float32, shape (rows, columns)
        Heart; mediastinum with the great vessels.
    gas : ndarray of float32, shape (rows, columns)
        Air in trachea, bronchi, stomach and bowel.
    breast : ndarray of float32, shape (rows, columns)
        Breast tissue outside `body`.
    ill : IllPaths or None
        What disease made of the lungs; None in a healthy chest.
    """

    body: Array
    muscle: Array
    lungs: tuple[Array, Array]
    cages: tuple[Array, Array]
    heart: Array
    trunk: Array
    gas: Array
    breast: Array
    ill: IllPaths | None = None


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


def trace(person: Person, heart: Heart, view: View, ill: Ill | None = None) -> Paths:
    """Follow every ray of a view through the chest.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart and great vessels fitted into it.
    view : View
        A coarse view; its grid is the grid of the result.
    ill : Ill or None
        Disease, if there is any.

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
        _block(person, heart, view.rays(slice(top, top + ROWS_AT_ONCE), depths), step, ill)
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
        ill=None if ill is None else _ill_paths(whole),
    )


def _ill_paths(whole: dict[str, Array]) -> IllPaths:
    """What both sides hold, gathered from the blocks."""
    both = {
        name: whole[f"{name}_right"] + whole[f"{name}_left"]
        for name in ("free", "fluid", "lining", "gas", "dense")
    }
    return IllPaths(tissue=(whole["tissue_right"], whole["tissue_left"]), **both)


def _block(
    person: Person, heart: Heart, rays: tuple[Array, Array, Array], step: float, ill: Ill | None
) -> dict[str, Array]:
    x, y, z = rays
    found: dict[str, Array] = {}
    push = None if ill is None else ill.push
    within = x if push is None else push.rest(x, y)  # x in a chest whose middle is not moved
    heart_is = heart_field(heart, within, y, z)
    trunk_is = vessels_field(person, heart, within, y, z)
    solid = blended((heart_is, trunk_is), 3.0)
    outer = skin(person, x, y, z)
    inner = muscle(person, x, y, z)
    domes: list[Array] = []
    for side, name in ((RIGHT, "right"), (LEFT, "left")):
        space = cage(person, side, within, y, z)
        dome = (y - dome_height(person, side, x, z)).astype(np.float32)
        found[f"cage_{name}"] = crossed(space, step)
        lung = np.maximum(np.maximum(space, dome), -solid)
        found[f"lung_{name}"] = crossed(lung, step)
        if ill is not None:
            parts = ill.parts(Fields(side, space, dome, lung, within, y, z), crossed, step)
            found.update({f"{part}_{name}": path for part, path in parts.items()})
        inner = np.minimum(inner, space - 1.3)  # muscle and ribs always cover the lung
        domes.append(dome)
    outer = np.minimum(outer, inner + 0.25)
    found["body"], found["muscle"] = crossed(outer, step), crossed(inner, step)
    found["heart"], found["trunk"] = crossed(heart_is, step), crossed(trunk_is, step)
    pipes = air_ways(person, heart, within, y, z)
    if ill is not None:
        pipes = ill.open_pipes(pipes, within)
    air = np.minimum(pipes, _stomach(person, domes[1], x, y, z))
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
