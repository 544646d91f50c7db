"""Space of the lungs on a layered film: bullets with an apex, cut by the domes of the diaphragm."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_build import Build
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_rays import Space

Array = NDArray[np.float32]
SIDES = (-1, 1)  # right and left lung, as the sign of x


@dataclass(frozen=True, slots=True, kw_only=True)
class Cage:
    """Form of the space of both lungs.

    Attributes
    ----------
    height, half_depth : float
        In cm.
    widths, apex, medial : tuple of float
        Of the right and the left side, in cm.
    widest, square, flare, deepest : float
        Where the side wall is widest (share of the height), how square it is, how it runs on below,
        where the depth is full.
    level : tuple of float
        How much lower each side stands, in cm.
    apex_back : float
        How far the apex lies behind the middle, in cm.
    section : float
        Exponent of a level section: 2 is an ellipse.
    """

    height: float
    half_depth: float
    widths: tuple[float, float]
    apex: tuple[float, float]
    medial: tuple[float, float]
    widest: float
    square: float
    flare: float
    deepest: float
    medial_at: float
    level: tuple[float, float]
    apex_back: float
    section: float

    def side_wall(self, t: Array, side: int) -> Array:
        """Distance of the side wall from the midline.

        Parameters
        ----------
        t : ndarray of float32
            Height as share of the cage, 0 at the apex.
        side : int
            0 is the right, 1 the left lung.

        Returns
        -------
        ndarray of float32, shape of `t`
            In cm.
        """
        below = np.clip((t - self.widest) / max(1 - self.widest, 0.1), 0, 1.3)
        wide = self.widths[side] * (1 + self.flare * below**2)
        inner = self.apex[side]
        return np.asarray(inner + (wide - inner) * bullet(t, self.widest, self.square), np.float32)

    def depth(self, t: Array) -> Array:
        """Half depth of the cage.

        Parameters
        ----------
        t : ndarray of float32
            Height as share of the cage.

        Returns
        -------
        ndarray of float32, shape of `t`
            In cm.
        """
        full = self.half_depth * bullet(t + 0.02, self.deepest, 2.1)
        return np.asarray(np.maximum(full, 0.2), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Lungs:
    """Both lungs along the rays.

    Attributes
    ----------
    cage : Cage
        Form of their space.
    spaces, lungs : tuple of ndarray of float32, shape (rows, columns, depths)
        The space of each side, and the part above the dome; 0 to 1.
    below : tuple of ndarray of float32, shape (rows, columns)
        Length of the rays in the space under the dome, in cm.
    tops : tuple of float
        y of the highest points of the domes, in cm.
    """

    cage: Cage
    spaces: tuple[Array, Array]
    lungs: tuple[Array, Array]
    below: tuple[Array, Array]
    tops: tuple[float, float]


def bullet(t: Array, end: float, power: float) -> Array:
    """Rise from 0 at 0 to 1 at an end, round as a superellipse.

    Parameters
    ----------
    t : ndarray of float32, shape (...)
        Places.
    end, power : float
        Where it is 1, and how square it is.

    Returns
    -------
    ndarray of float32, shape of `t`
        0 to 1.
    """
    left = np.clip(1 - np.clip(t, 0, None) / end, 0, 1)
    return np.asarray((1 - left**power) ** (1 / power), np.float32)


def draw_cage(build: Build, narrowed: tuple[float, float], draw: Draw) -> Cage:
    """Draw the form of the cage.

    Parameters
    ----------
    build : Build
        The body.
    narrowed : tuple of float
        Width of the right and the left side relative to the normal one.
    draw : Draw
        Source of numbers.

    Returns
    -------
    Cage
        Its form.
    """
    s = build.scale
    widths = tuple(build.half_width * draw.within(0.95, 1.03) * n for n in narrowed)
    medial = (draw.within(1.2, 2.2) * s, draw.within(1.2, 2.4) * s)
    return Cage(
        height=build.height,
        half_depth=build.half_depth,
        widths=(widths[0], widths[1]),
        apex=(draw.within(3.6, 5.4) * s, draw.within(3.6, 5.4) * s),
        medial=(medial[0] - build.shift, medial[1] + build.shift),
        widest=draw.within(0.75, 1.08) * (0.85 if build.child else 1.0),
        square=draw.within(1.8, 2.5),
        flare=draw.within(-0.03, 0.08),
        deepest=draw.within(0.45, 0.75),
        medial_at=draw.within(0.1, 0.25),
        level=(0.0, draw.within(-0.6, 0.6) * s),
        apex_back=draw.within(0.5, 3.0) * s,
        section=draw.within(2.1, 3.0),
    )


def fill_lungs(
    build: Build, cage: Cage, raised: tuple[float, float], space: Space, draw: Draw
) -> Lungs:
    """Fill the cage with lungs down to the domes.

    Parameters
    ----------
    build : Build
        The body.
    cage : Cage
        Form of the space.
    raised : tuple of float
        How much higher than normal each dome stands, in cm.
    space : Space
        Places along the rays.
    draw : Draw
        Source of numbers.

    Returns
    -------
    Lungs
        Both lungs.
    """
    height, s = build.height, build.scale
    shallow = draw.within(0.05, 0.22) if build.ap else draw.within(0.09, 0.27)
    right = height * (1 - shallow * draw.within(0.8, 1.1))
    tops = [right, min(right + draw.within(-0.3, 2.2) * s, height - s)]
    tops = [top - up * s for top, up in zip(tops, raised, strict=True)]
    slope, fall, ridge = draw.within(1.6, 2.4), draw.within(0.1, 0.6), draw.within(-1, 3) * s
    spaces, lungs, below = [], [], []
    for side, sign in enumerate(SIDES):
        inside = _bullet_space(cage, side, space)
        place = cage.widths[side] * draw.within(0.30, 0.55)
        drop = max(1.2 * s, height + draw.within(-1.8, 0.6) * s - tops[side])
        off = (sign * space.x - place) / (cage.widths[side] - place)
        inner = off**2 * draw.within(0.2, 0.5) * drop * 0.6
        fallen = np.where(off > 0, np.abs(off) ** slope * drop, inner)
        fallen = fallen + fall * drop * ((space.z - ridge) / build.half_depth) ** 2
        dome = np.minimum(tops[side] + fallen, height + 3 * s)
        above = np.clip((dome - space.y) * 2.5 / s + 0.5, 0, 1).astype(np.float32)
        spaces.append(inside)
        lungs.append(inside * above)
        below.append(space.along(inside * (1 - above) * (space.y < height + 2 * s)))
    return Lungs(
        cage, (spaces[0], spaces[1]), (lungs[0], lungs[1]), (below[0], below[1]),
        (tops[0], tops[1]),
    )  # fmt: skip


def _bullet_space(cage: Cage, side: int, space: Space) -> Array:
    """Inside of one side of the cage, 0 to 1, with a soft wall."""
    down = space.y - np.float32(cage.level[side])
    t = down / np.float32(cage.height)
    outer = cage.side_wall(t, side)
    apex, medial = cage.apex[side], cage.medial[side]
    inner = apex - (apex - medial) * bullet(t, cage.medial_at, 2.0)
    half, middle = np.maximum((outer - inner) / 2, 0.05), (outer + inner) / 2
    back = -cage.apex_back * np.clip(1 - t * 1.6, 0, 1) - 0.5
    across = np.abs((SIDES[side] * space.x - middle) / half) ** np.float32(cage.section)
    along = np.abs((space.z - back) / cage.depth(t)) ** np.float32(cage.section)
    inside = np.clip((1 - across - along) * 6 * np.minimum(half, 1) + 0.5, 0, 1)
    return np.asarray(inside * (down > 0), np.float32)
