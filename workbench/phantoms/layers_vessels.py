"""Vessels, hila, windpipe and bronchi of a layered film."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_build import Build
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_heart import HeartPlan
from workbench.phantoms.layers_lungs import SIDES
from workbench.phantoms.layers_rays import Film, bowl

Array = NDArray[np.float32]
RADII = (0.13, 0.26, 0.45, 0.75)  # classes of vessels that are blurred together, in cm
DEEPEST = 5  # branchings


@dataclass(frozen=True, slots=True, eq=False)
class _Branches:
    """One generation: points (n, 18, 3), radius and length (n,), all in cm."""

    points: Array
    radius: NDArray[np.float64]
    length: NDArray[np.float64]


def draw_vessels(build: Build, heart: HeartPlan, film: Film, draw: Draw) -> Array:
    """Draw trees of vessels growing from both hila.

    Parameters
    ----------
    build : Build
        The body.
    heart : HeartPlan
        For the level of the hila.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in vessels, in cm.
    """
    size, s = draw.within(0.6, 1.3), build.scale
    maps = [film.blank() for _ in RADII]
    for sign in SIDES:
        level = heart.top + (draw.within(-0.5, 2.5) + (0.7 if sign < 0 else 0.0)) * s
        wide = heart.right if sign < 0 else heart.left * 0.5
        start = sign * (draw.within(2.4, 3.6) * s + max(0.0, wide - 4 * s) * 0.4) + build.shift
        root = np.array([start, level, -0.5 * s], np.float32)
        for generation in _tree(root, sign, size * s, s, draw):
            count = generation.points.shape[1]
            share = (np.pi * generation.radius**2 * generation.length / count).repeat(count)
            spots = generation.points.reshape(-1, 3)
            nearest = np.abs(np.array(RADII)[:, None] * s - generation.radius).argmin(0)
            for number, mass in enumerate(maps):
                of_class = (nearest == number).repeat(count)
                film.drop(mass, spots[of_class], share[of_class].astype(np.float32))
    total = film.blank()
    for mass, radius in zip(maps, RADII, strict=True):
        total += film.thick(mass, max(0.7 * film.pitch, radius * size * s))
    return film.coarse(total)


def _tree(root: Array, sign: int, thick: float, s: float, draw: Draw) -> Iterator[_Branches]:
    """Branches of one lung, one generation after the other."""
    gen, count = draw.generator, draw.count(6, 9)
    angle = np.deg2rad(np.linspace(-75, 95, count) + draw.near(0, 10)) + gen.normal(0, 0.12, count)
    rise, radius = gen.normal(0, 0.7, count), gen.uniform(0.45, 0.78, count) * thick
    length, start = gen.uniform(2.5, 4.5, count) * s, np.repeat(root[None], count, 0)
    for depth in range(DEEPEST + 1):
        turn = angle[:, None] + gen.normal(0, 0.25, len(angle))[:, None] * np.linspace(0, 1, 18)
        out = np.clip(rise, -1, 1)[:, None]
        forward = np.broadcast_to(np.sin(out), turn.shape)
        way = np.stack([sign * np.cos(turn) * np.cos(out), np.sin(turn) * np.cos(out), forward], 2)
        points = start[:, None] + np.cumsum(way, 1) * (length / 18)[:, None, None]
        yield _Branches(points.astype(np.float32), radius, length)
        kept = np.flatnonzero(radius > 0.1 * s)
        if depth == DEEPEST or not len(kept):
            return
        parent = kept.repeat(np.where(gen.random(len(kept)) < 0.75, 2, 3))
        angle = turn[parent, -1] + gen.normal(0, 0.45, len(parent))
        rise = rise[parent] + gen.normal(0, 0.5, len(parent))
        radius = radius[parent] * gen.uniform(0.6, 0.8, len(parent))
        length = length[parent] * gen.uniform(0.65, 0.95, len(parent))
        start = points[parent, -1].astype(np.float32)


def draw_hila(build: Build, heart: HeartPlan, film: Film, draw: Draw) -> Array:
    """Draw the shadows of both hila.

    Parameters
    ----------
    build : Build
        The body.
    heart : HeartPlan
        For their level.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Equivalent water in cm.
    """
    s = build.scale
    x, y = film.plane(0)
    total = np.zeros((film.side, film.side), np.float32)
    for sign in SIDES:
        for _ in range(draw.count(1, 3)):
            out = sign * (draw.within(2.2, 4.6) + (0.4 if sign < 0 else 0.2)) * s + build.shift
            down = heart.top + draw.within(-0.5, 3.5) * s
            half = draw.within(0.5, 1.3) * s, draw.within(0.8, 2) * s
            inside = bowl(x - out, y - np.float32(down), half, draw.within(-0.6, 0.6))
            total += np.sqrt(inside) * np.float32(draw.within(0.5, 2) * s)
    return total


def draw_airway(build: Build, heart: HeartPlan, film: Film, draw: Draw) -> Array:
    """Draw windpipe and main bronchi.

    Parameters
    ----------
    build : Build
        The body.
    heart : HeartPlan
        For the level of the fork.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in air, in cm.
    """
    s, mass = build.scale, film.blank()
    aside, half = draw.within(-0.6, 0.6) * s + 0.8 * build.shift, draw.within(0.7, 1.05) * s
    fork = heart.arch + draw.within(1.5, 3.5) * s
    down = np.linspace(-8 * s, fork, 200)
    share = np.clip(down / max(fork, 0.5), 0, 1)
    line = np.stack([aside * share, down, -s - 2 * s * share], 1).astype(np.float32)
    film.drop(mass, line, np.pi * half**2 * (fork + 8 * s) / 200 * 0.9)
    for sign in SIDES:
        length, angle = draw.within(2.5, 5) * s, np.deg2rad(draw.within(25, 55))
        along = np.linspace(0, length, 60)
        x = aside + sign * along * np.sin(angle)
        branch = np.stack([x, fork + along * np.cos(angle), 0 * along - 3 * s], 1)
        film.drop(mass, branch.astype(np.float32), np.pi * (half * 0.75) ** 2 * length / 60 * 0.8)
    return np.minimum(film.coarse(film.thick(mass, half)), 1.8 * s)
