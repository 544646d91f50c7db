"""Soft parts of a layered film: trunk, shoulders, arms, neck, head, breasts, gas in the gut."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_build import Build, FilmKind
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_lungs import Lungs
from workbench.phantoms.layers_rays import Film, Space, bowl

Array = NDArray[np.float32]


def _rise(at: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(at, -30, 30))), np.float32)


def fill_body(build: Build, lungs: Lungs, space: Space, draw: Draw) -> Array:
    """Fill the outside of the body with water.

    Parameters
    ----------
    build : Build
        The body.
    lungs : Lungs
        The cage inside it.
    space : Space
        Places along the rays.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (rows, columns)
        Length of the rays in the body, in cm.
    """
    s, height = build.scale, build.height
    x, y, z = space.x, space.y, space.z
    t = np.clip(y, 0, height * 1.2) / np.float32(height)
    cage = np.maximum(lungs.cage.side_wall(t, 0), lungs.cage.side_wall(t, 1))
    neck = draw.within(5, 8.5) * s
    low = build.half_width + build.fat + draw.within(-0.4, 3.3) * s
    shoulders = _rise((y - build.shoulder_y) / (draw.within(0.8, 2.2) * s))
    armpit = _rise((y - draw.within(5, 11) * s) / (draw.within(1.5, 3) * s))
    wide = neck + (build.shoulder - neck) * shoulders
    wide = wide * (1 - armpit) + np.maximum(low, cage + 0.8) * armpit
    thick = draw.within(5, 7) * s
    full = build.half_depth + build.fat * 0.8 + 1.2
    deep = thick + (full - thick) * _rise((y - 2 * s) / (2 * s))
    if draw.happens(0.3):
        belly = np.clip((y - height * 0.7) / (height * 0.4), 0, 1)
        deep = deep + draw.within(0, 3) * s * belly
    edge = np.abs(x / wide) ** np.float32(draw.within(2.1, 3)) + np.abs(z / deep) ** 2.2
    body = np.clip((1 - edge) * 8 + 0.5, 0, 1)
    if build.kind is not FilmKind.LATERAL:
        for sign in (-1, 1):
            if draw.happens(0.75):
                body = np.maximum(body, _arm(build, sign, space, draw))
    return space.along(np.asarray(body, np.float32))


def _arm(build: Build, sign: int, space: Space, draw: Draw) -> Array:
    """Upper arm hanging, spread or raised."""
    s = build.scale
    start = sign * (build.shoulder - 2.5 * s), build.shoulder_y + 3.5 * s
    raised = build.child and draw.happens(0.5)
    angle = np.deg2rad(draw.within(100, 165) if raised else draw.within(-10, 65))
    way = sign * np.sin(angle), np.cos(angle)
    radius = draw.within(3.2, 5.5) * s + build.fat * 0.3
    across, down = space.x - start[0], space.y - start[1]
    along = np.clip(across * way[0] + down * way[1], 0, 40 * s)
    away = (across - along * way[0]) ** 2 + (down - along * way[1]) ** 2 + (space.z + s) ** 2
    return np.asarray(np.clip((1 - away / radius**2) * 5 + 0.5, 0, 1), np.float32)


def draw_head(build: Build, film: Film, draw: Draw) -> Array:
    """Draw the shadow of head and chin, if it hangs into the film.

    Parameters
    ----------
    build : Build
        The body.
    film : Film
        What it is drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in it, in cm.
    """
    x, y = film.plane(0)
    always = build.child or build.kind in {FilmKind.NECK, FilmKind.LATERAL}
    if not (draw.happens(0.7) if always else draw.happens(0.35)):
        return np.zeros((film.side, film.side), np.float32)
    s = build.scale ** (0.4 if build.child else 1.0)
    size = draw.within(6, 8) * s
    up = draw.within(7, 13) * (build.scale if not build.child else build.scale**0.6)
    inside = bowl(x - np.float32(draw.within(-3, 3) * s), y + np.float32(up), (size, size * 0.95))
    return np.asarray(2 * size * np.sqrt(inside) * draw.within(0.4, 1), np.float32)


def draw_breasts(build: Build, film: Film, draw: Draw) -> Array:
    """Draw breasts, muscles of the chest and folds of the skin.

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
        Equivalent water in cm.
    """
    total = np.zeros((film.side, film.side), np.float32)
    x, y = film.plane(build.half_depth)
    s, height = build.scale, build.height
    if build.female or draw.happens(0.2):
        big = (draw.within(1, 6.5) if build.female else draw.within(0.5, 2)) * s
        half = draw.within(4.5, 7.5) * s, draw.within(4.5, 8) * s
        down, out = draw.within(0.52, 0.85) * height, draw.within(6.5, 10.5) * s
        uneven, edge = draw.near(0, 0.4), draw.within(1.5, 6)
        for sign in (-1, 1):
            if draw.happens(0.03):  # taken off
                continue
            turn = sign * draw.within(-0.3, 0.3)
            inside = bowl(x - sign * out, y - np.float32(down + sign * uneven), half, turn)
            fold = 1 / (1 + np.exp(-(y - down) / edge)) + 0.3
            total += np.sqrt(inside) * np.float32(big) * fold.astype(np.float32)
            if draw.happens(0.15):
                spot = bowl(x - sign * out, y - np.float32(down + half[1] * 0.4), (0.5, 0.5))
                total += np.sqrt(spot)
    if draw.happens(0.3):
        for sign in (-1, 1):
            place = sign * draw.within(8, 11) * s, draw.within(4, 9) * s
            half = draw.within(3, 6) * s, draw.within(4, 8) * s
            turn = sign * draw.within(-0.6, 0.6)
            inside = bowl(x - np.float32(place[0]), y - np.float32(place[1]), half, turn)
            total += np.sqrt(inside) * np.float32(draw.within(0.3, 2))
    return total


def draw_gas(build: Build, lungs: Lungs, under: Array, film: Film, draw: Draw) -> Array:
    """Draw gas of stomach and gut; it stays under the domes.

    Parameters
    ----------
    build : Build
        The body.
    lungs : Lungs
        For the level of the left dome.
    under : ndarray of float32, shape (side, side)
        Length of the rays under both domes, in cm.
    film : Film
        What it is drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Length of the rays in gas, in cm.
    """
    s = build.scale
    x, y = film.plane(0)
    total = np.zeros((film.side, film.side), np.float32)
    if draw.happens(0.6):
        place = draw.within(3, 9) * s, lungs.tops[1] + draw.within(1.2, 4.5) * s
        half = draw.within(1.5, 4.5) * s, draw.within(0.8, 3) * s
        inside = bowl(x - place[0], y - place[1], half, draw.within(-0.5, 0.5))
        total += np.sqrt(inside) * np.float32(draw.within(2, 8) * s)
    busy = build.child or build.kind is FilmKind.ABDOMEN
    loops = int(draw.generator.poisson(7 if busy else 1.0)) if busy or draw.happens(0.5) else 0
    for _ in range(loops):
        down = draw.within(0, 16 if busy else 7) * s + build.height
        half = draw.within(1, 3) * s, draw.within(0.8, 2.5) * s
        inside = bowl(x - draw.within(-9, 11) * s, y - np.float32(down), half, draw.within(-1, 1))
        total += np.sqrt(inside) * np.float32(draw.within(1, 6) * s)
    return total * ((under > 0.8) | (y > build.height))
