"""What hides lung on a layered film, and whether it is still outlined: decided here."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from workbench.phantoms.layers_build import Build
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_rays import Film

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Hidden(StrEnum):
    """What hides one lung."""

    NOTHING = "nothing"
    SMALL_EFFUSION = "small effusion"
    MASSIVE_EFFUSION = "massive effusion"
    COLLAPSE = "collapse"
    PNEUMOTHORAX = "pneumothorax"


@dataclass(frozen=True, slots=True)
class Disease:
    """What is wrong with one side.

    Attributes
    ----------
    hidden : Hidden
        What hides lung.
    side : int
        0 is the right, 1 the left lung.
    shift : float
        How far it pushes the mediastinum to the patient's left, in cm of an adult.
    narrowed, raised : tuple of float
        Width of both sides relative to the normal one; how much higher their domes stand, in cm.
    """

    hidden: Hidden
    side: int
    shift: float
    narrowed: tuple[float, float]
    raised: tuple[float, float]


def draw_disease(draw: Draw) -> Disease:
    """Draw what hides lung: in one film of six, something does.

    Parameters
    ----------
    draw : Draw
        Source of numbers.

    Returns
    -------
    Disease
        Of one side, or nothing.
    """
    pick, side = draw.within(0, 1), draw.count(0, 1)
    away = -1 if side == 1 else 1  # sign of a push from that side to the other one
    narrowed, raised, shift = [1.0, 1.0], [0.0, 0.0], draw.near(0, 0.3)
    hidden = Hidden.NOTHING
    if pick < 0.06:
        hidden = Hidden.SMALL_EFFUSION
    elif pick < 0.09:
        hidden, shift = Hidden.MASSIVE_EFFUSION, away * draw.within(0.3, 4.5)
        narrowed[side] = draw.within(1.0, 1.05)
    elif pick < 0.12:
        hidden, shift = Hidden.COLLAPSE, -away * draw.within(1.5, 6)
        narrowed[side], raised[side] = draw.within(0.75, 0.95), draw.within(0.5, 4)
    elif pick < 0.16:
        hidden = Hidden.PNEUMOTHORAX
        shift = away * draw.within(0, 4 if draw.happens(0.3) else 0.6)
    elif pick < 0.20:
        raised[side] = draw.within(2, 5)
    return Disease(hidden, side, shift, (narrowed[0], narrowed[1]), (raised[0], raised[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Airing:
    """Air of both lungs after disease.

    Attributes
    ----------
    air : tuple of ndarray of float32, shape (side, side)
        Length of the rays in air of each lung, in cm, as if lung were air alone.
    free : ndarray of float32, shape (side, side)
        1 where free air has pushed the lung away: no vessels there.
    lost : ndarray of bool, shape (side, side)
        Where lung is no longer outlined.
    """

    air: tuple[Array, Array]
    free: Array
    lost: Mask


def aired(disease: Disease, build: Build, paths: tuple[Array, Array], top: float, film: Film,
          draw: Draw) -> Airing:  # fmt: skip
    """Take the air that disease takes.

    Parameters
    ----------
    disease : Disease
        What hides lung.
    build : Build
        The body.
    paths : tuple of ndarray of float32, shape (side, side)
        Length of the rays in each healthy lung, in cm.
    top : float
        y of the dome of the diseased side, in cm.
    film : Film
        The grid.
    draw : Draw
        Source of numbers.

    Returns
    -------
    Airing
        Air that is left, and what is no longer outlined.

    Notes
    -----
    Decided: a small effusion ends the lung at its upper edge, as readers outline it; a side that is
    opaque as a whole (massive effusion, collapse) and one with free air stay outlined as the whole
    space between ribs, mediastinum and dome, so that density can be measured there.
    """
    x, y = film.plane(0)
    air = [path.copy() for path in paths]
    free = np.zeros_like(paths[0])
    lost = np.zeros(paths[0].shape, bool)
    own, s = disease.side, build.scale
    beside = np.clip((np.abs(x) - build.half_width * 0.5) / (build.half_width * 0.5), 0, 1) ** 2
    if disease.hidden is Hidden.SMALL_EFFUSION:
        for side in range(2):
            if side != own and draw.happens(0.5):
                continue
            level = top + draw.within(-3, 2.2) * s - beside * draw.within(1, 4) * s
            wet = np.clip((y - level) / (0.8 * s) + 0.5, 0, 1)
            taken = air[side] * wet
            lost |= taken > np.maximum(1.0 * s, 0.55 * paths[side])
            air[side] = np.asarray(air[side] - taken, np.float32)
    elif disease.hidden in {Hidden.MASSIVE_EFFUSION, Hidden.COLLAPSE}:
        level = build.height * draw.within(-0.1, 0.3) - beside * 2 * s
        wet = np.clip((y - level) / (draw.within(1, 6) * s) + 0.5, 0, 1)
        if disease.hidden is Hidden.COLLAPSE:
            wet = np.broadcast_to(np.float32(draw.within(0.75, 1.0)), paths[0].shape)
        air[own] = np.asarray(air[own] * (1 - wet * draw.within(0.9, 1.0)), np.float32)
    elif disease.hidden is Hidden.PNEUMOTHORAX:
        sign = -1 if own == 0 else 1
        inner = build.half_width * draw.within(0.3, 0.85)
        edge = (sign * x - inner) + 0.35 * (build.height * 0.45 - y)
        free = np.where(paths[own] > 0.3, np.clip(edge / (0.4 * s) + 0.5, 0, 1), 0)
        air[own] = np.asarray(air[own] * (1 + 0.25 * free), np.float32)
    return Airing((air[0], air[1]), np.asarray(free, np.float32), lost)


def draw_shadows(lung: Array, airy: Array, draw: Draw) -> Array:
    """Draw texture, patches, haze and nets that lie over lung.

    Parameters
    ----------
    lung : ndarray of float32, shape (side, side)
        Where lungs are outlined, 0 to 1.
    airy : ndarray of float32, shape (side, side)
        Air along the rays, in cm.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (side, side)
        Water that replaces air, in cm; less than nothing where lung is thin.
    """
    side, gen = len(lung), draw.generator
    grow = side / 144  # sizes below are pixels of a grid of 144
    fine = gaussian_filter(gen.standard_normal(lung.shape), draw.within(0.6, 1.4) * grow)
    wide = gaussian_filter(gen.standard_normal(lung.shape), draw.within(2, 6) * grow)
    fine, wide = fine / fine.std(), wide / wide.std()
    total = fine * draw.within(0.02, 0.25) + wide * draw.within(0, 0.35)
    rows, columns = np.nonzero(lung > 0.5)
    if len(rows) and draw.happens(0.45):
        for _ in range(draw.count(1, 6)):
            at = draw.count(0, len(rows) - 1)
            across = (np.arange(side) - columns[at])[None] / (draw.within(4, 22) * grow)
            down = (np.arange(side) - rows[at])[:, None] / (draw.within(4, 22) * grow)
            patch = np.exp(-(across**2 + down**2)) * draw.within(0.3, 4.5)
            total = total + patch * np.clip(1 + 0.5 * wide, 0.2, 2)
    if draw.happens(0.12):
        down = np.clip((np.arange(side)[:, None] / side - draw.within(0.2, 0.5)) * 2.5, 0, 1)
        total = total + draw.within(0.5, 3) * down
    if draw.happens(0.2):
        total = total + np.abs(fine) * draw.within(0.2, 0.8)
    share = np.clip(airy / max(float(airy.max()), 0.1) * 1.6, 0, 1)
    return np.asarray(np.clip(total * share, -0.27 * airy, 0.9 * airy), np.float32)
