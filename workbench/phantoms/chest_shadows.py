"""Disease that fills lung: haze of oedema, a solid lobe with open bronchi, a nodule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms.chest_grid import enlarge
from workbench.phantoms.chest_lungs import LEFT, RIGHT, section
from workbench.phantoms.chest_organs import Paths
from workbench.phantoms.chest_pleura import Ill
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_strokes import Stroke, strokes
from workbench.phantoms.chest_trouble import TroubleKind
from workbench.phantoms.chest_vessels import hilum, vessel_lengths

Array = NDArray[np.float32]
# Oedema: how far the haze reaches from the hila (across, down), how much air it takes at most.
HAZE_REACH_CM, HAZE_MOST, HAZE_EVERYWHERE = (6.2, 7.8), 0.46, 0.17
HAZE_GRAIN_CM = ((0.12, 0.05), (0.30, 0.08), (0.8, 0.10), (2.6, 0.10))
# Septal lines at the side walls of the bases: number a side, length, thickness, water.
SEPTA, SEPTA_CM, SEPTA_RADIUS, SEPTA_WATER = 13, (1.0, 2.0), 0.05, 0.42
SOLID_MOST, SOLID_GRAIN_CM, SOLID_GRAIN = 0.86, 0.7, 0.16
BRONCHI_PER_VESSEL = 0.7
# Nodule: radius, place as parts of half width, height and half depth of the cage.
NODULE_RADIUS_CM, NODULE_AT = 1.25, (0.60, 0.40, 0.25)


@dataclass(frozen=True, slots=True, eq=False)
class Shadows:
    """What fills lung.

    Attributes
    ----------
    water : ndarray of float32, shape of the film
        Water that has taken the place of air, in cm.
    left : ndarray of float32, shape of the film
        Part of the air that is left, 0 to 1: vessels show only against air.
    nodule : tuple of float
        Column, row and radius on the film in pixels; empty when there is none.
    """

    water: Array
    left: Array
    nodule: tuple[float, ...] = ()


def draw_shadows(ill: Ill, paths: Paths, view: View, generator: np.random.Generator) -> Shadows:
    """Draw what fills the lungs of a diseased chest.

    Parameters
    ----------
    ill : Ill
        The chest.
    paths : Paths
        Crossed lengths on the coarse grid, with their `ill` part.
    view : View
        The film at full resolution.
    generator : numpy.random.Generator
        Source of the grain.

    Returns
    -------
    Shadows
        Nothing but air where the trouble fills no lung.

    Raises
    ------
    ValueError
        If the paths were traced in a healthy chest.
    """
    if paths.ill is None:
        raise ValueError("the chest was traced without its disease; trace it with `ill`")
    tissue = paths.ill.tissue[0] + paths.ill.tissue[1]
    airy = np.float32(1 - ill.person["lung_density"])
    all_air = np.ones(view.shape, np.float32)
    match ill.trouble.kind:
        case TroubleKind.OEDEMA:
            part = _haze(ill, tissue, view, generator)
            water = enlarge(part * tissue * airy, view.shape)
            water += _septa(ill, view, generator) * np.clip(enlarge(tissue, view.shape) / 3, 0, 1)
            left = np.asarray(1 - enlarge(part, view.shape), np.float32)
            return Shadows(np.maximum(water, 0), left)
        case TroubleKind.CONSOLIDATION:
            grain = _grain(tissue.shape, SOLID_GRAIN_CM / _cell(view, tissue), generator)
            part = np.clip(SOLID_MOST + SOLID_GRAIN * grain, 0.35, 1)
            solid = enlarge(np.asarray(paths.ill.dense * part, np.float32), view.shape)
            solid = np.maximum(solid, 0)
            pipes = vessel_lengths(ill.person, ill.heart, view, generator) * BRONCHI_PER_VESSEL
            lung = np.maximum(enlarge(tissue, view.shape), 0.1)
            left = np.asarray(np.clip(1 - solid / lung, 0, 1), np.float32)
            solid -= np.minimum(pipes * np.clip(solid / lung * 1.4 - 0.5, 0, 1), solid * 0.6)
            return Shadows(solid * airy, left)
        case TroubleKind.NODULE:
            water, seen = _nodule(ill, view, generator)
            return Shadows(water * airy, all_air, seen)
    return Shadows(np.zeros(view.shape, np.float32), all_air)


def _cell(view: View, coarse: Array) -> float:
    """Distance of two pixels of a coarse map of the film, in cm."""
    return view.pitch * view.shape[1] / int(coarse.shape[1])


def _grain(shape: tuple[int, ...], size: float, generator: np.random.Generator) -> Array:
    noise = gaussian_filter(generator.standard_normal(shape, np.float32), size)
    return np.asarray(noise / noise.std(), np.float32)


def _haze(ill: Ill, tissue: Array, view: View, generator: np.random.Generator) -> Array:
    """Part of the air that fluid takes: wings about both hila, mottled, the rim left free."""
    coarse = view.coarser(_cell(view, tissue))
    grain = sum(
        np.float32(weight) * _grain(tissue.shape, size / coarse.pitch, generator)
        for size, weight in HAZE_GRAIN_CM
    )
    rows, columns = np.indices(tissue.shape, np.float32)
    total = np.full(tissue.shape, HAZE_EVERYWHERE, np.float32)
    for side in (RIGHT, LEFT):
        root = hilum(ill.person, ill.heart, side)
        root = root + np.asarray([side * 2.6, 2.2, 0], np.float32)
        row, column = coarse.project(root[None])
        across = (columns - column) * np.float32(coarse.pitch / HAZE_REACH_CM[0])
        down = (rows - row) * np.float32(coarse.pitch / HAZE_REACH_CM[1])
        wing = np.exp(-np.power(across**2 + down**2, np.float32(1.1)))
        total += np.float32(HAZE_MOST) * wing * (1 + grain)
    return np.asarray(np.clip(total, 0, 0.92), np.float32)


def _septa(ill: Ill, view: View, generator: np.random.Generator) -> Array:
    """Thickened septa seen edge on: short level lines that touch the wall at the bases."""
    lines = []
    tall = ill.person["cage_height"]
    for side in (RIGHT, LEFT):
        for level in np.linspace(0.60, 0.86, SEPTA) + generator.normal(0, 0.006, SEPTA):
            y = np.asarray([level * tall], np.float32)
            cut = section(ill.person, y)
            wall = float((cut.middle + cut.half)[0]) - 0.15
            inner = wall - generator.uniform(*SEPTA_CM)
            sink = generator.normal(0.05, 0.10)
            ends = [[side * wall, y[0], 0], [side * inner, y[0] + sink, 0]]
            lines.append(Stroke(np.asarray(ends, np.float32), SEPTA_RADIUS, SEPTA_WATER))
    return strokes(lines, view)


def _nodule(
    ill: Ill, view: View, generator: np.random.Generator
) -> tuple[Array, tuple[float, ...]]:
    """A round shadow with a slightly lobed edge."""
    person = ill.person
    wide, down, forward = NODULE_AT
    place = np.asarray([[
        ill.trouble.side * wide * person["half_width"], down * person["cage_height"],
        forward * person["half_depth"],
    ]], np.float32)  # fmt: skip
    row, column = (float(at[0]) for at in view.project(place))
    radius = NODULE_RADIUS_CM / float(view.shrink(place[:, 2])[0]) / view.pitch
    water = np.zeros(view.shape, np.float32)
    reach = int(2 * radius)
    top, first = max(0, int(row) - reach), max(0, int(column) - reach)
    part = water[top : int(row) + reach, first : int(column) + reach]
    y, x = np.indices(part.shape, np.float32)
    y, x = y + top - row, x + first - column
    angle = np.arctan2(y, x)
    edge = np.ones_like(x)
    for lobes in (2, 3, 5, 7):
        edge += generator.normal(0, 0.08) * np.cos(lobes * angle + generator.uniform(0, 6.3))
    away = np.hypot(x, y) / (radius * edge)
    part += 2 * NODULE_RADIUS_CM * np.sqrt(np.clip(1 - away**2, 0, None))
    return np.asarray(gaussian_filter(water, 0.04 / view.pitch), np.float32), (column, row, radius)
