"""Vessels of the lung: trees that branch from the hila until they are too thin to see."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_grid import enlarge
from workbench.phantoms.chest_heart import Heart, landmarks
from workbench.phantoms.chest_lungs import LEFT, RIGHT, in_lung
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View
from workbench.phantoms.chest_splat import Canvas, Placed

Array = NDArray[np.float32]

GENERATIONS = 12
THINNEST_CM = 0.018
SHRINK = (0.77, 0.93)  # radius of a branch over that of its parent
LENGTH = (3.7, 0.60)  # factor and power: length of a branch from its radius
SAMPLES = 3.0  # a canvas takes branches with a radius of at least this many of its pixels
BLUR_CM = 0.022  # the beat of the heart
OUTWARDS = 0.17  # how much a branch turns away from the hilum


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """Branches of one generation.

    Attributes
    ----------
    start, way : ndarray of float32, shape (n, 3)
        Place in cm and unit direction.
    radius : ndarray of float32, shape (n,)
        Radius in cm at the start.
    """

    start: Array
    way: Array
    radius: Array


def hilum(person: Person, heart: Heart, side: int) -> Array:
    """Where the vessels of one lung begin.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart, whose size spreads the hila.
    side : int
        `RIGHT` or `LEFT`.

    Returns
    -------
    ndarray of float32, shape (3,)
        x, y, z in cm.
    """
    y = landmarks(person)["hilum"] - (0.9 if side == LEFT else 0.0)
    out = 0.19 * person["half_width"] + 0.06 * (heart.width - 12)
    return np.asarray([side * out + (0.35 if side == LEFT else 0.0), y, -0.6], np.float32)


def vessel_lengths(
    person: Person,
    heart: Heart,
    view: View,
    generator: np.random.Generator,
    placed: Placed | None = None,
) -> Array:
    """Crossed length of blood in the vessels of both lungs.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart.
    view : View
        The film at full resolution.
    generator : numpy.random.Generator
        Source of the branching.
    placed : callable or None
        Moves points of the healthy chest to where disease has put them.

    Returns
    -------
    ndarray of float32, shape of the view
        cm of blood.
    """
    canvases = tuple(Canvas(view.coarser(view.pitch * step), placed) for step in (1, 2, 4))
    for side in (RIGHT, LEFT):
        for bunch, ends in grow(person, heart, side, generator):
            _draw(canvases, bunch, ends)
    fine, *coarse = (canvas.lengths for canvas in canvases)
    total = gaussian_filter(fine, BLUR_CM / view.pitch)
    for lengths in coarse:
        total += enlarge(gaussian_filter(lengths, 1.2), view.shape)
    return np.asarray(total, np.float32)


def grow(
    person: Person, heart: Heart, side: int, generator: np.random.Generator
) -> Iterator[tuple[Branches, Branches]]:
    """Grow the trees of one lung, generation by generation.

    Parameters
    ----------
    person : Person
        Sizes of the chest.
    heart : Heart
        The heart.
    side : int
        `RIGHT` or `LEFT`.
    generator : numpy.random.Generator
        Source of the branching.

    Yields
    ------
    begin, end : Branches
        The branches of one generation at their two ends, in the same order.
    """
    root = hilum(person, heart, side)
    now = _trunks(person, root, side, generator)
    for _ in range(GENERATIONS):
        length = (
            LENGTH[0]
            * np.power(now.radius, LENGTH[1])
            * generator.uniform(0.7, 1.3, len(now.radius))
        )
        away = now.start - root
        away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 0.5)
        way = _unit(now.way + OUTWARDS * away + generator.normal(0, 0.24, now.way.shape))
        place = (now.start + length[:, None] * _unit(now.way + way)).astype(np.float32)
        kept = in_lung(person, side, place)
        narrow = np.float32(0.90)
        begin = Branches(now.start[kept], now.way[kept], now.radius[kept])
        end = Branches(place[kept], way[kept], now.radius[kept] * narrow)
        if not len(begin.radius):
            return
        yield begin, end
        now = _split(end, generator)


def _trunks(person: Person, root: Array, side: int, generator: np.random.Generator) -> Branches:
    table = np.asarray(sizes.TRUNKS, np.float64)
    flat = np.deg2rad(table[:, 0] + generator.normal(0, 7, len(table)))
    deep = np.deg2rad(table[:, 1] + generator.normal(0, 8, len(table)))
    way = np.stack(
        [side * np.cos(flat) * np.cos(deep), np.sin(flat) * np.cos(deep), np.sin(deep)], 1
    )
    radius = 1.32 * table[:, 2] * person["vessel_scale"] * person["cage_height"] / 28
    spread = generator.normal(0, 1, (len(table), 3)) * (0.25, 0.4, 0.5)
    # upper trunks leave above, lower ones one after the other along the descending artery
    low = np.clip((table[:, 0] + 10) / 40, -0.5, 1) * generator.uniform(0.2, 1, len(table))
    spread[:, 1] += 3.3 * low - 0.3
    spread[:, 0] += side * 1.5 * np.clip(low, 0, 1)
    return Branches((root + spread).astype(np.float32), _unit(way), radius.astype(np.float32))


def _unit(vectors: NDArray[np.floating]) -> Array:
    size = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(size, 1e-6), np.float32)


def _split(end: Branches, generator: np.random.Generator) -> Branches:
    """Two children for every branch that stays thick enough; one of them goes more straight on."""
    count = len(end.radius)
    across = _unit(np.cross(end.way, generator.normal(0, 1, (count, 3))))
    wide = generator.uniform(0.25, 0.75, (count, 1))
    share = generator.uniform(*SHRINK, (count,))
    other = np.power(np.clip(1 - share**2.7, 0.02, 1), 1 / 2.7)  # what flows in flows out
    ways = (
        _unit(end.way + wide * (1 - share[:, None]) * 2 * across),
        _unit(end.way - wide * across),
    )
    both = Branches(
        np.concatenate([end.start, end.start]),
        np.concatenate(ways),
        np.concatenate([end.radius * share, end.radius * other]).astype(np.float32),
    )
    kept = both.radius > THINNEST_CM
    return Branches(both.start[kept], both.way[kept], both.radius[kept])


def _draw(canvases: tuple[Canvas, ...], begin: Branches, end: Branches) -> None:
    """Drop curved, tapering branches, thick ones on a coarser canvas; neighbours go together."""
    length = np.linalg.norm(end.start - begin.start, axis=1)
    limits = [canvas.view.pitch * SAMPLES for canvas in canvases]
    level = np.clip(np.searchsorted(limits, begin.radius, side="right") - 1, 0, None)
    for number, canvas in enumerate(canvases):
        some = np.flatnonzero(level == number)
        order = some[np.argsort(begin.start[some, 1])]
        spacing = 1.05 * canvas.view.pitch
        for group in np.array_split(order, max(1, len(order) // 120)):
            if not len(group):
                continue
            steps = max(4, int(np.ceil(1.15 * length[group].max() / spacing)))
            sides = max(3, int(np.ceil(2.1 * begin.radius[group].max() / spacing)))
            piece = max(1, 1_500_000 // (steps * sides))
            for first in range(0, len(group), piece):
                _drop(canvas, begin, end, (group[first : first + piece], steps, sides))


def _drop(
    canvas: Canvas, begin: Branches, end: Branches, work: tuple[NDArray[np.intp], int, int]
) -> None:
    some, steps, sides = work
    along = ((np.arange(steps, dtype=np.float32) + 0.5) / steps)[None, :, None]
    a, b = begin.start[some][:, None], end.start[some][:, None]
    reach = np.linalg.norm(b - a, axis=2, keepdims=True)
    # cubic that leaves along the old direction and arrives along the new one
    u, v = begin.way[some][:, None] * reach, end.way[some][:, None] * reach
    s = along
    line = (
        (2 * s**3 - 3 * s**2 + 1) * a + (s**3 - 2 * s**2 + s) * u
        + (3 * s**2 - 2 * s**3) * b + (s**3 - s**2) * v
    )  # fmt: skip
    radius = (
        begin.radius[some][:, None] + (end.radius - begin.radius)[some][:, None] * along[..., 0]
    )
    move = b - a
    across = np.stack([-move[..., 1], move[..., 0], 0 * move[..., 0]], -1)
    across /= np.maximum(np.linalg.norm(across, axis=2, keepdims=True), 1e-3)
    place = ((np.arange(sides, dtype=np.float32) + 0.5) / sides * 2 - 1).astype(np.float32)
    # a branch that runs along the ray is a disc, not a dash: spread it along its course as well
    ahead = np.stack([-across[..., 1], across[..., 0], across[..., 2]], -1)
    depth = np.abs(move[..., 2:]) / np.maximum(reach, 1e-3)
    even = np.arange(steps)[:, None] * 0.754878 + np.arange(sides) * 0.569840  # fills the plane
    stagger = ((even % 1 * 2 - 1) * np.sqrt(1 - place**2)).astype(np.float32)
    points = line[:, :, None] + radius[..., None, None] * (
        across[:, :, None] * place[:, None] + (ahead * depth)[:, :, None] * stagger[..., None]
    )
    chord = 2 * np.sqrt(1 - place**2) * (2 / sides)
    volume = radius[..., None] ** 2 * chord * (reach[..., 0] / steps)[..., None]
    canvas.drop(points.reshape(-1, 3).astype(np.float32), volume.ravel().astype(np.float32))
