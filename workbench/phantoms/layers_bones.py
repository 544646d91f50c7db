"""Ribs, spine, sternum, shoulder blades and upper arms of a layered film."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms.layers_build import Build, FilmKind
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_lungs import SIDES, Cage
from workbench.phantoms.layers_rays import Film, bowl
from workbench.phantoms.layers_strokes import polygon, tube

Array = NDArray[np.float32]


def steps_of(points: Array) -> Array:
    """Length of the piece of a curve that ends at each of its points.

    Parameters
    ----------
    points : ndarray of float32, shape (n, 3)
        The curve, in cm.

    Returns
    -------
    ndarray of float32, shape (n,)
        In cm; 0 for the first.
    """
    pieces = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.concatenate([[0.0], pieces]).astype(np.float32)


def draw_ribs(build: Build, cage: Cage, film: Film, draw: Draw) -> Array:
    """Draw the ribs.

    Parameters
    ----------
    build : Build
        The body.
    cage : Cage
        The wall they run in.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (2 * side, 2 * side)
        Length of the rays in bone, in cm, on the finer grid.
    """
    s, height, mass = build.scale, build.height, film.blank()
    count, first = draw.count(9, 11), draw.within(-0.2, 1.2) * s
    apart, width = height * draw.within(0.077, 0.094), draw.within(0.48, 0.68) * s
    steep = draw.within(0.6, 1.4) * draw.within(0.95, 1.4) * s
    if build.child:
        steep *= draw.within(0.3, 0.8)  # nearly level in small children
    curves: list[tuple[Array, Array]] = []
    for side, sign in enumerate(SIDES):
        for number in range(count):
            level = first + apart * number + draw.near(0, 0.12) * s
            end = draw.within(1.5, 2.1) if number > 7 else draw.within(2.1, 2.6)
            if number == 0:
                end *= 0.9
            angle = np.linspace(0.05, end, 220)
            drop = steep * (1.2 + min(number, 6) * 0.85)
            fall = (0.26 * angle + 0.88 * (angle / 2.6) ** 1.6 * 1.3) * drop
            hump = np.sin(np.clip(angle * 1.6, 0, np.pi)) * min(number, 3) * 0.1 * s
            y = level + fall - hump
            t = np.clip(y / height, 0.02, 1.15)
            wall = cage.side_wall(np.maximum(t, 0.06 + 0.02 * number), side) + 0.25 * s
            deep = cage.depth(np.maximum(t, 0.12)) + 0.3 * s
            power = 0.85 if number else 0.9
            wide = np.minimum(wall, 6.3 * s) if number == 0 else wall
            near = 1.6 * s
            x = near + (wide - near) * np.sin(np.clip(angle, 0, 3)) ** power
            points = np.stack([sign * x, y, -deep * np.cos(angle) - 0.5 * s], 1)
            points = points.astype(np.float32)
            thinner = 1 - 0.35 * (angle / 3)
            share = steps_of(points) * width * 0.75 * s * np.pi * thinner
            curves.append((points, share.astype(np.float32)))
    lines, shares = (np.concatenate(part) for part in zip(*curves, strict=True))
    film.drop(mass, lines, shares)
    ribs = film.thick(mass, width, draw.within(0.15, 0.5))
    full = draw.within(0.9, 1.6) * s
    return np.asarray(np.tanh(ribs / full) * draw.within(0.8, 1.2) * s, np.float32)


def draw_spine(build: Build, column: Array, film: Film, draw: Draw) -> Array:
    """Draw vertebrae, pedicles, spinous processes and the sternum.

    Parameters
    ----------
    build : Build
        The body.
    column : ndarray of float32, shape (side, side)
        Length of the rays in the column of the spine, in cm.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in bone, in cm.
    """
    s = build.scale
    x, y = film.plane(-build.half_depth * 0.85)
    level, phase = draw.within(2.2, 2.9) * s, draw.within(0, 6.28)
    body = 0.5 + 0.5 * np.tanh(2.5 * (np.sin(2 * np.pi * y / level + phase) + 0.5))
    bone = column * (0.3 + 0.5 * body) * np.float32(draw.within(0.15, 1.1) * 0.5)
    if draw.happens(0.5):
        for number in range(-3, 16):
            for off in (-1.3, 1.3, 0.0):
                spot = (off + draw.near(0, 0.08)) * s
                inside = bowl(x - spot, y - number * level - phase * s, (0.35 * s, 0.5 * s))
                bone = bone + np.sqrt(inside) * draw.within(0.2, 0.8) * s
    plate = bowl(x, y - draw.within(6, 10) * s, (draw.within(1.4, 2.2) * s, draw.within(6, 9) * s))
    return np.asarray(bone + np.sqrt(plate) * draw.within(0, 0.5) * s, np.float32)


def draw_blades(build: Build, film: Film, draw: Draw) -> Array:
    """Draw shoulder blades and upper arms; side views have none in the way.

    Parameters
    ----------
    build : Build
        The body.
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in bone, in cm.
    """
    total = np.zeros((film.side, film.side), np.float32)
    if build.kind is FilmKind.LATERAL:
        return total
    s = build.scale
    for sign in SIDES:
        inner = draw.within(8.5, 13.5) if build.ap else draw.within(11, 15.5)
        x, y = sign * inner * s * min(1.0, build.half_width / (14 * s)), draw.within(1.5, 4.5) * s
        tall, joint = draw.within(11, 15) * s, sign * (build.shoulder - 3.5 * s)
        corners = np.array([
            [x + sign * draw.within(-0.5, 2) * s, y], [x, y + tall * 0.5],
            [x + sign * draw.within(0.5, 2) * s, y + tall],
            [x + sign * draw.within(2, 3.2) * s, y + tall * 0.93],
            [joint, y + draw.within(2, 4) * s], [joint, y + 0.2 * s],
        ])  # fmt: skip
        deep = np.full((6, 1), -build.half_depth * 0.9)
        seen = film.seen(np.concatenate([corners, deep], 1).astype(np.float32))
        plate = film.coarse(polygon(len(film.blank()), seen)) * 0.35
        lines = ((seen[2:5], 0.45, 0.5), (seen[:3], 0.15, 0.25), (seen[[0, 5]], 0.5, 0.43))
        for points, radius, dense in lines:
            wide = np.full(len(points), radius * s / film.pitch, np.float32)
            edge = film.coarse(tube(len(film.blank()), points, wide)) > 0
            plate = np.maximum(plate, edge * np.float32(dense))
        total += gaussian_filter(plate, 0.7) * np.float32(draw.within(0.5, 1.6) * s)
        total += _upper_arm(build, sign, y, film, draw)
    return total


def _upper_arm(build: Build, sign: int, level: float, film: Film, draw: Draw) -> Array:
    """The shaft of the humerus, with its hollow."""
    s, mass = build.scale, film.blank()
    raised = build.child and draw.happens(0.5)
    angle = np.deg2rad(draw.within(100, 165) if raised else draw.within(0, 60))
    along = np.linspace(0, 18 * s, 160)
    x = sign * (build.shoulder - 2.8 * s + along * np.sin(angle))
    points = np.stack([x, level + 0.5 * s + along * np.cos(angle), 0 * along - s], 1)
    film.drop(mass, points.astype(np.float32), 18 * s / 160 * 3.0 * s * s)
    return film.coarse(film.thick(mass, 1.25 * s, 0.4))
