"""Layered films without a trunk: limbs, hands, breasts, parts drawn elsewhere, no body at all."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms.chest_grid import enlarge, shrink
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_strokes import tube, written
from workbench.phantoms.part_films import PARTS, make_part

Array = NDArray[np.float32]
FINE = 2  # shapes are drawn on a grid this much finer
PART_MM = 1.6  # pixel of the parts of `part_films`
CM_AT_FULL = 22.0  # water that a finished film's full grey stands for


def make_other(side: int, generator: np.random.Generator) -> Array:
    """Make layers of a film that is no film of a trunk.

    Parameters
    ----------
    side : int
        Pixels a side.
    generator : numpy.random.Generator
        Source of what it shows.

    Returns
    -------
    ndarray of float32, shape (4, side, side)
        Water and bone in cm along each ray, metal, ink.
    """
    draw = Draw(generator)
    return SCENES[draw.one_of(tuple(SCENES))](side, draw)


def _bones(side: int, lines: list[tuple[Array, Array]], wall: float) -> Array:
    """Hollow bones, on the finer grid, in pixels of it."""
    total = np.zeros((side, side), np.float32)
    for points, radii in lines:
        total += tube(side, points, radii) - 0.8 * tube(side, points, radii * (1 - wall))
    return total


def _coarse(fine: Array) -> Array:
    side = len(fine) // FINE
    return np.asarray(fine.reshape(side, FINE, side, FINE).mean((1, 3)), np.float32)


def _layers(water: Array, bone: Array, draw: Draw) -> Array:
    """Uneven flesh, bones and perhaps a letter."""
    grain = gaussian_filter(draw.generator.standard_normal(water.shape), draw.within(2, 9))
    water = water * (1 + draw.within(0, 0.06) * grain / grain.std())
    ink = np.zeros_like(water)
    if draw.happens(0.5):
        place = draw.within(0, 0.8) * len(ink), draw.within(0, 0.9) * len(ink)
        ink = written(len(ink), draw.one_of(("L", "R")), place, draw.within(0.04, 0.1) * len(ink))
    return np.stack([water, bone, np.zeros_like(water), ink]).astype(np.float32)


def _limb(side: int, draw: Draw) -> Array:
    """One or two long bones in flesh, with a joint somewhere."""
    fine = side * FINE
    angle, cm = draw.within(-0.5, 0.5) + np.pi / 2, fine / draw.within(18, 45)
    way = np.array([np.cos(angle), np.sin(angle)], np.float32)
    beside = np.array([-way[1], way[0]], np.float32)
    middle = np.array([fine * draw.within(0.35, 0.65), fine * draw.within(0.2, 0.8)], np.float32)
    joint = draw.within(-0.2, 0.2) * fine
    flesh = draw.within(2.5, 8) * cm
    span = np.linspace(-1.2, 1.2, 25, dtype=np.float32)[:, None] * fine
    wide = flesh * (1 + 0.25 * np.sin(span[:, 0] / fine * draw.within(2, 6)))
    water = tube(fine, middle + span * way, wide.astype(np.float32)) / cm
    lines = []
    for half in (-1, 1):
        count = 2 if draw.happens(0.5) else 1
        for number in range(count):
            off = (number - (count - 1) / 2) * draw.within(1.5, 3) * cm
            share = np.linspace(0.01, 1.2, 14, dtype=np.float32)
            points = middle + (joint + half * share[:, None] * fine) * way + off * beside
            radius = draw.within(0.6, 1.5) * cm / count**0.5
            radii = radius * (1 + draw.within(0.5, 1.2) * np.exp(-share * fine / (3 * cm)))
            lines.append((points.astype(np.float32), radii.astype(np.float32)))
    bone = _bones(fine, lines, draw.within(0.15, 0.4)) / cm
    return _layers(_coarse(water), _coarse(bone), draw)


def _hand(side: int, draw: Draw) -> Array:
    """A palm or sole with five rays."""
    fine = side * FINE
    root = np.array([fine * draw.within(0.4, 0.6), fine * draw.within(0.75, 0.95)], np.float32)
    reach, spread = fine * draw.within(0.4, 0.75), draw.within(0.1, 0.4)
    cm, water, lines = fine / draw.within(15, 28), np.zeros((fine, fine), np.float32), []
    for finger in range(5):
        angle = -np.pi / 2 + (finger - 2) * spread + draw.near(0, 0.05)
        way = np.array([np.cos(angle), np.sin(angle)], np.float32)
        length = reach * draw.within(0.75, 1.05)
        points = root + np.linspace(0.1, 1, 6, dtype=np.float32)[:, None] * length * way
        thick = np.full(6, draw.within(0.7, 1.1) * cm, np.float32)
        water = np.maximum(water, tube(fine, points, thick * 1.2))
        for first, last in ((0.12, 0.45), (0.48, 0.68), (0.71, 0.84), (0.86, 0.97)):
            share = np.linspace(first, last, 5, dtype=np.float32)[:, None]
            shape = 1 + 0.4 * np.abs(np.linspace(-1, 1, 5)) ** 2
            lines.append(
                (root + share * length * way, (thick[:5] * 0.55 * shape).astype(np.float32))
            )
    palm = np.stack([root, root - np.array([0, reach * 0.4], np.float32)])
    water = np.maximum(water, tube(fine, palm, np.full(2, 3.2 * cm, np.float32)) * 0.5) / cm
    bone = _bones(fine, lines, draw.within(0.2, 0.5)) / cm
    return _layers(_coarse(water), _coarse(bone), draw)


def _breast(side: int, draw: Draw) -> Array:
    """Half an ellipse at one edge, with strands."""
    at = (np.arange(side, dtype=np.float32) + 0.5) / side
    x, y = at[None] if draw.happens(0.5) else 1 - at[None], at[:, None]
    deep = 1 - (x / draw.within(0.4, 0.9)) ** 2 - ((y - 0.5) / draw.within(0.3, 0.6)) ** 2
    strands = gaussian_filter(draw.generator.standard_normal((side, side)), draw.within(1.5, 5))
    water = np.sqrt(np.clip(deep, 0, 1)) * (6 + 3 * np.abs(strands) / strands.std())
    return _layers(water.astype(np.float32), np.zeros((side, side), np.float32), draw)


def _part(side: int, draw: Draw) -> Array:
    """A part of `part_films`, its finished greys taken as water."""
    names = tuple(name for name in PARTS if name != "ruler")
    film = make_part(draw.one_of(names), draw.generator, row_mm=PART_MM, column_mm=PART_MM)
    grey = film.pixels.astype(np.float32) / np.float32((1 << 14) - 1)
    rows, columns = grey.shape
    square = np.zeros((max(rows, columns),) * 2, np.float32)
    top, left = (len(square) - rows) // 2, (len(square) - columns) // 2
    square[top : top + rows, left : left + columns] = grey
    fit = shrink if len(square) >= side else enlarge
    water = fit(square, (side, side))
    return _layers(water * CM_AT_FULL, np.zeros((side, side), np.float32), draw)


def _nothing(side: int, draw: Draw) -> Array:
    """Clouds, slopes, boxes, pages of writing: no body."""
    cloud = gaussian_filter(draw.generator.standard_normal((side, side)), draw.within(0.7, 40))
    water = (10 + 5 * cloud / cloud.std() * draw.within(0, 1)).astype(np.float32)
    at = np.linspace(0, 1, side, dtype=np.float32)
    water += np.float32(draw.near(0, 6)) * at + np.float32(draw.near(0, 6)) * at[:, None]
    for _ in range(draw.count(0, 5)):
        x, y = (int(draw.within(0, 0.9) * side) for _ in range(2))
        wide, tall = (int(draw.within(0.05, 0.6) * side) for _ in range(2))
        water[y : y + tall, x : x + wide] += np.float32(draw.near(0, 6))
    ink = np.zeros((side, side), np.float32)
    if draw.happens(0.5):
        for row in range(draw.count(3, 14)):
            text = "".join(draw.one_of(("L", "A", "T", "E", "S", "0", "1", " ")) for _ in range(14))
            place = draw.within(0, 0.2) * side, (0.02 + 0.07 * row) * side
            ink = np.maximum(ink, written(side, text, place, 0.045 * side))
    return np.stack([np.maximum(water, 0), 0 * ink, 0 * ink, ink]).astype(np.float32)


SCENES: Mapping[str, Callable[[int, Draw], Array]] = MappingProxyType({
    "limb": _limb, "hand": _hand, "breast": _breast, "part": _part, "nothing": _nothing,
})  # fmt: skip
