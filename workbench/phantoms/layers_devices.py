"""Metal and writing on a layered film: electrodes, wires, tubes, pacemakers, letters, boxes."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_rays import Film
from workbench.phantoms.layers_strokes import polygon, tube, written

Array = NDArray[np.float32]
WORDS = ("L", "R", "AP", "PA", "PORTA", "ERET", "12 70", "SPNE", "L", "R", "A", "2017")


def _wander(start: tuple[float, float], step: float, count: int, turn: float, angle: float,
            draw: Draw) -> Array:  # fmt: skip
    """A line that goes on in about its own direction."""
    angles = angle + np.cumsum(draw.generator.normal(0, turn, count))
    way = np.stack([np.cos(angles), np.sin(angles)], 1) * step
    return np.concatenate([[start], start + np.cumsum(way, 0)]).astype(np.float32)


def draw_devices(film: Film, often: bool, draw: Draw) -> Array:
    """Draw what is laid on or in a patient.

    Parameters
    ----------
    film : Film
        What it is drawn on.
    often : bool
        As on a ward; else as in a department.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        How much metal the rays cross, 0 to 3.
    """
    side = len(film.blank())
    total, unit = np.zeros((side, side), np.float32), side / 288

    def stroke(points: Array, radius: float, dense: float) -> None:
        wide = np.full(len(points), radius * unit, np.float32)
        np.maximum(total, (tube(side, points, wide) > 0) * np.float32(dense), out=total)

    if draw.happens(0.35 if often else 0.08):
        for _ in range(draw.count(1, 4)):
            spot = draw.within(0, side), draw.within(0, side)
            point = np.array([spot, (spot[0] + 0.1, spot[1])], np.float32)
            stroke(point, draw.within(3, 5.5), draw.within(0.25, 0.8))
            line = _wander(spot, 9 * unit, 40, 0.25, draw.within(0, 6.28), draw)
            stroke(line, draw.within(0.5, 1.3), draw.within(0.25, 0.7))
    if draw.happens(0.2 if often else 0.04):
        for _ in range(draw.count(1, 2)):
            top = side / 2 + draw.near(0, 30) * unit, 0.0
            line = _wander(top, 6 * unit, draw.count(15, 45), 0.15, np.pi / 2, draw)
            stroke(line, draw.within(0.8, 1.8), draw.within(0.25, 0.7))
    if draw.happens(0.05):
        x, y = draw.within(0.2, 0.75) * side, draw.within(0.12, 0.35) * side
        wide, tall = 28 * unit, 24 * unit
        box = np.array([(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)], np.float32)
        np.maximum(total, polygon(side, box) * np.float32(0.9), out=total)
        line = _wander((x + wide / 2, y + tall), 6 * unit, 30, 0.12, draw.within(1, 2.2), draw)
        stroke(line, 0.9, 0.7)
    if draw.happens(0.05):  # wires of a closed breastbone
        for number in range(draw.count(3, 6)):
            y = (0.3 + 0.07 * number) * side
            x = side / 2 + draw.near(0, 3) * unit
            ring = np.array([(x - 5 * unit, y), (x, y - 3 * unit), (x + 5 * unit, y)], np.float32)
            stroke(ring, 0.8, 0.9)
    return film.coarse(total) * np.float32(draw.within(0.5, 3))


def draw_writing(film: Film, draw: Draw) -> Array:
    """Draw letters and boxes in the corners.

    Parameters
    ----------
    film : Film
        What they are drawn on.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Ink, 0 to 1.
    """
    side = len(film.blank())
    ink = np.zeros((side, side), np.float32)
    if draw.happens(0.4):
        return film.coarse(ink)
    for _ in range(draw.count(1, 3)):
        size = draw.within(0.03, 0.085) * side
        x = draw.within(0, 0.22) if draw.happens(0.5) else draw.within(0.72, 0.95)
        y = draw.within(0, 0.2) if draw.happens(0.6) else draw.within(0.75, 0.93)
        place = x * side, y * side
        ink = np.maximum(ink, written(side, draw.one_of(WORDS), place, size))
        if draw.happens(0.3):
            low, high = -0.2 * size, 1.25 * size
            ring = [(low, low), (high, low), (high, high), (low, high), (low, low)]
            box = (np.array(ring) + place).astype(np.float32)
            wide = np.full(5, max(0.7, size * 0.05), np.float32)
            ink = np.maximum(ink, (tube(side, box, wide) > 0).astype(np.float32))
    return film.coarse(ink)
