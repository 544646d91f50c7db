"""Collar bones of a layered film: a flat S with a bulb, drawn exactly as it is outlined."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_build import Build, FilmKind
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_lungs import SIDES
from workbench.phantoms.layers_rays import Film
from workbench.phantoms.layers_strokes import tube

Array = NDArray[np.float32]
POINTS = 70


@dataclass(frozen=True, slots=True, eq=False)
class Clavicles:
    """Both collar bones.

    Attributes
    ----------
    bone : ndarray of float32, shape (side, side)
        Length of the rays in bone, in cm.
    outlines : tuple of ndarray of bool, shape (side, side)
        Whole shadow of the right and the left one.
    """

    bone: Array
    outlines: tuple[NDArray[np.bool_], NDArray[np.bool_]]


def draw_clavicles(build: Build, film: Film, draw: Draw) -> Clavicles:
    """Draw both collar bones.

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
    Clavicles
        Bone and outlines.

    Notes
    -----
    The medial end lies in front at the level of the third to fifth vertebra, thick and rounded; the
    shaft bows forwards in its medial two thirds (on the film: downwards or upwards by the lean of
    the beam) and backwards in its lateral third, which is flat and broad.
    """
    s = build.scale
    level = draw.within(-0.5, 4.5) if build.ap else draw.within(1.5, 5.5)
    if build.child:
        level = draw.within(-0.5, 2.5)
    dense, wall = draw.within(0.6, 1.7), draw.within(0.14, 0.30)
    slim = draw.within(0.50, 0.78) * s
    bulb, flare = draw.within(0.25, 0.75), draw.within(0.0, 0.35)
    bow, sag = draw.within(-0.3, 1.2), draw.within(-0.5, 1.3)
    total, outlines = np.zeros((film.side, film.side), np.float32), []
    for sign in SIDES:
        share = np.linspace(0, 1, POINTS, dtype=np.float32)
        inner, outer = draw.within(1.2, 2.6) * s, build.shoulder - draw.within(2.5, 4.0) * s
        start = (level + draw.near(0, 0.4)) * s
        end = start - draw.within(-1.0, 4.8) * s
        end = max(end, build.shoulder_y + draw.within(1.0, 2.2) * s)
        x = inner + (outer - inner) * share
        y = start + (end - start) * share ** draw.within(0.7, 1.3)
        wave = np.sin(share * 2 * np.pi + draw.within(-0.4, 0.4))
        y = y + (bow + draw.near(0, 0.15)) * s * wave * 0.6
        y = y - (sag + draw.near(0, 0.15)) * s * np.sin(share * np.pi)
        z = build.half_depth * 0.75 - share * draw.within(3, 7) * s
        round_end = np.sqrt(np.clip(1 - (1 - share / 0.03) ** 2, 0.1, 1)) * (share < 0.03)
        round_end = round_end + (share >= 0.03)
        thick = slim * (1 + bulb * np.exp(-share / draw.within(0.07, 0.16)) + flare * share**3)
        thick = (thick * round_end).astype(np.float32)
        seen = film.seen(np.stack([sign * x, y, z], 1).astype(np.float32))
        pixels = thick / np.float32(film.pitch)
        outside = tube(len(film.blank()), seen, pixels)
        hollow = tube(len(film.blank()), seen, np.maximum(pixels * (1 - wall), 0.1))
        length = (outside - 0.72 * hollow) * np.float32(film.pitch * dense * 1.5)
        total += film.coarse(length)
        outlines.append(film.coarse((outside > 0).astype(np.float32)) >= 0.5)
    if build.kind is FilmKind.LATERAL:
        total = total * np.float32(0.7)
    return Clavicles(total, (outlines[0], outlines[1]))
