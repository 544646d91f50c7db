"""Heart and mediastinum of a layered film, and where a reader closes the top of the heart."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.layers_build import Build
from workbench.phantoms.layers_draw import Draw
from workbench.phantoms.layers_lungs import Lungs
from workbench.phantoms.layers_rays import Space

Array = NDArray[np.float32]
# A reader closes the heart below the pulmonary trunk: share of its height, and how round.
CLOSED_AT, CLOSED_ROUND = 0.13, 0.16
TRUNK_AT = (0.35, 0.46)  # level of the pulmonary trunk: share of the height of the thorax
SQUAT, SLIM = 0.62, 1.2  # height of a heart over its width, at least and at most


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartPlan:
    """Sizes and place of the heart; lengths in cm.

    Attributes
    ----------
    width, right, left : float
        Whole width, and its parts on both sides of the midline.
    middle : float
        x of the midline of the mediastinum.
    top, bottom : float
        y of its ends.
    arch : float
        y of the aortic arch.
    """

    width: float
    right: float
    left: float
    middle: float
    top: float
    bottom: float
    arch: float

    @property
    def height(self) -> float:
        """Height in cm."""
        return self.bottom - self.top

    def closed(self, x: Array) -> Array:
        """Where a reader closes the top of the heart.

        Parameters
        ----------
        x : ndarray of float32
            Places across, in cm.

        Returns
        -------
        ndarray of float32, shape of `x`
            y in cm: what lies above is great vessels.
        """
        level = self.top + CLOSED_AT * self.height
        centre = self.middle + 0.15 * (self.left - self.right)
        off = (x - centre) / (0.40 * self.width)
        return np.asarray(level + CLOSED_ROUND * self.height * off**2, np.float32)


def draw_heart(build: Build, lungs: Lungs, draw: Draw) -> HeartPlan:
    """Draw the sizes of a heart.

    Parameters
    ----------
    build : Build
        The body.
    lungs : Lungs
        For the level of the left dome.
    draw : Draw
        Source of numbers.

    Returns
    -------
    HeartPlan
        Its sizes.
    """
    normal = (0.53, 0.05) if build.child else (0.48, 0.075)
    ratio = float(np.clip(draw.near(*normal), 0.34, 0.68))
    if draw.happens(0.15):
        ratio = draw.within(0.5, 0.72)
    width = ratio * 2 * build.half_width * 0.98
    share = draw.within(0.24, 0.40) if draw.happens(0.9) else draw.within(0.10, 0.24)
    right = share * width
    bottom = lungs.tops[1] + draw.within(-0.9, 1.3) * build.scale
    if abs(build.shift) > 0.5:  # the dome no longer says where the heart lies
        bottom = max(bottom, build.height * draw.within(0.72, 0.85))
    # The pulmonary trunk lies at a level of the thorax whatever the width of the heart: slim ones
    # are tall. Taking the height from the width closed real hearts 3 to 4 cm below the trunk.
    top = build.height * draw.within(*TRUNK_AT)
    height = float(np.clip(bottom - top, SQUAT * width, SLIM * width))
    top = bottom - height
    arch = top - draw.within(2.2, 4.4) * build.scale
    return HeartPlan(
        width=width,
        right=right,
        left=width - right,
        middle=build.shift,
        top=top,
        bottom=bottom,
        arch=arch,
    )


def fill_heart(build: Build, plan: HeartPlan, space: Space, draw: Draw) -> Array:
    """Fill the heart: four or five tilted ellipsoids melted together.

    Parameters
    ----------
    build : Build
        The body.
    plan : HeartPlan
        Sizes of the heart.
    space : Space
        Places along the rays.
    draw : Draw
        Source of numbers.

    Returns
    -------
    ndarray of float32, shape (rows, columns, depths)
        0 to 1.
    """
    s, width, height = build.scale, plan.width, plan.height
    deep = draw.within(4.2, 6.0) * min(s, build.half_depth / 7.5)
    forward = draw.within(0.5, 2.5) * s
    x = space.x - np.float32(plan.middle)
    melt = np.float32(draw.within(3, 6))
    total = np.zeros(np.broadcast_shapes(x.shape, space.y.shape), np.float32)

    def add(centre: tuple[float, float], half: tuple[float, float], tilt: float, thick: float,
            back: float = 0.0, power: float = 2.0) -> None:  # fmt: skip
        nonlocal total
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        across, down = x - np.float32(centre[0]), space.y - np.float32(centre[1])
        along = (across * cos + down * sin) / np.float32(half[0])
        beside = (down * cos - across * sin) / np.float32(half[1])
        through = np.square((space.z - np.float32(forward - back)) / np.float32(deep * thick))
        if power == 2.0:
            round_about = np.square(along) + np.square(beside)
        else:
            exponent = np.float32(power)
            round_about = np.abs(along) ** exponent + np.abs(beside) ** exponent
        field = np.minimum(round_about + through, np.float32(8))
        total += np.exp(-melt * (field - np.float32(1)))

    tilt = np.deg2rad(draw.within(18, 62))
    long, short = width * draw.within(0.36, 0.46), min(height, width) * draw.within(0.32, 0.42)
    reach = np.hypot(long * np.cos(tilt), short * np.sin(tilt))
    fall = np.hypot(long * np.sin(tilt), short * np.cos(tilt))
    add((plan.left - reach - 0.1, plan.bottom - fall), (long, short), tilt, 1.0,
        power=draw.within(2, 2.4))  # fmt: skip
    wide, tall = width * draw.within(0.24, 0.33), height * draw.within(0.34, 0.46)
    low = plan.bottom - tall - draw.within(0, 0.15) * height
    add((-plan.right + wide + 0.1, low), (wide, tall), draw.within(-0.2, 0.2), 0.8)
    wide, tall = width * draw.within(0.28, 0.38), height * draw.within(0.2, 0.28)
    low = plan.bottom - tall - draw.within(0, 0.05) * height  # right ventricle on the diaphragm
    add((width * draw.within(0.0, 0.1), low), (wide, tall), draw.within(0, 0.2), 0.9, back=-s)
    lean = (plan.left - plan.right) / 2
    wide, tall = width * draw.within(0.20, 0.30), height * draw.within(0.28, 0.42)
    add((draw.within(-0.2, 1.3) * s + 0.1 * lean, plan.top + tall), (wide, tall),
        draw.within(0, 0.6), 0.7)  # fmt: skip
    if draw.happens(0.6):
        wide = width * draw.within(0.16, 0.26)
        place = draw.within(0.5, 2.2) * s + 0.25 * lean, plan.top + draw.within(0.18, 0.42) * height
        add(place, (wide, wide * draw.within(0.9, 1.5)), draw.within(0, 0.8), 0.7, back=s)
    return np.asarray(np.clip(np.log(total + 1e-9) / melt * 5 + 0.5, 0, 1), np.float32)


def fill_trunk(build: Build, plan: HeartPlan, space: Space, draw: Draw) -> tuple[Array, Array]:
    """Fill mediastinum, arch, pulmonary trunk, spine and the descending aorta.

    Parameters
    ----------
    build : Build
        The body.
    plan : HeartPlan
        For their places.
    space : Space
        Places along the rays.
    draw : Draw
        Source of numbers.

    Returns
    -------
    trunk : ndarray of float32, shape (rows, columns, depths)
        What borders the lungs, 0 to 1.
    aorta : ndarray of float32, shape (rows, columns, depths)
        The descending aorta, which lies behind lung, 0 to 1.
    """
    s, depth = build.scale, build.half_depth
    x, y, z = space.x - np.float32(plan.middle), space.y, space.z
    half = (draw.within(1.7, 3.0) if draw.happens(0.8) else draw.within(2.6, 4.2)) * s
    if build.child:
        half *= draw.within(1.0, 1.9)  # thymus
    down = np.clip(y / max(plan.top, 1.0), 0, 1)
    right = half * draw.within(0.8, 1.2) * (1 + draw.within(-0.15, 0.35) * down)
    left = half * draw.within(0.8, 1.2) * (0.85 + draw.within(-0.1, 0.5) * down)
    wide = np.where(x < 0, -x / right, x / left)
    thick = (z + draw.within(-1, 1) * s) / (draw.within(4, 6.5) * s)
    middle = (plan.top + plan.bottom) / 2
    column = np.clip((1 - wide**2 - thick**2) * 5 + 0.5, 0, 1) * (y < middle)
    arch, out = draw.within(1.5, 2.7) * s, draw.within(1.0, 2.4) * s
    if build.child:
        arch, out = arch * 0.8, out * 0.7
    knob = ((x - out) ** 2 + (y - plan.arch) ** 2) / arch**2
    knob = knob + ((z + s) / (draw.within(2.5, 4) * s)) ** 2
    cone = ((x - draw.within(1, 2.6) * s) / (draw.within(1.6, 2.6) * s)) ** 2
    cone = cone + ((y - plan.top - draw.within(-0.5, 1.5) * s) / (draw.within(1.4, 2.6) * s)) ** 2
    cone = cone + ((z - s) / (3 * s)) ** 2
    bone = (space.x / (draw.within(1.7, 2.3) * s)) ** 2 + ((z + depth * 0.85) / (2.3 * s)) ** 2
    parts = [column, *(np.clip((1 - f) * 4 + 0.5, 0, 1) for f in (knob, cone, bone))]
    trunk = reduce(np.maximum, parts)
    centre = draw.within(1.2, 2.6) * s + 0.02 * (y - plan.arch)
    tube = (x - centre) ** 2 + (z + depth * 0.6) ** 2
    aorta = np.clip((1 - tube / (draw.within(1.1, 1.6) * s) ** 2) * 3 + 0.5, 0, 1)
    aorta = aorta * (y > plan.arch)
    return np.asarray(trunk, np.float32), np.asarray(aorta, np.float32)
