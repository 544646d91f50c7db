"""Disease with a volume: pleural fluid, free air beside a shrunken lung, gas under a dome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_heart import Heart, blended
from workbench.phantoms.chest_lungs import RIGHT, cage, dome_height, dome_top
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_push import Push
from workbench.phantoms.chest_trouble import Fluid, Shrunk, Trouble, TroubleKind
from workbench.phantoms.chest_vessels import hilum

Array = NDArray[np.float32]
NO_AIR = np.float32(9.0)  # a field that is nowhere negative
FILLED = 1.8  # cm from a wall at which a space is filled: no place lies deeper in `cage`
# A lung without the pull of the chest wall is rounder: centre and half axes of what bounds it, as
# parts of half width, height and half depth of the cage.
ROUNDED = ((0.46, 0.50, 0.0), (0.60, 0.56, 1.12))
CLIMBS = 5.0  # how late fluid climbs on its way to the side wall
LINING_CM = 0.08  # thickness of the pleura that covers a shrunken lung
CORNERS = 1.1  # how sharp the corners of a shrunken lung are, in 1/cm
DIAPHRAGM_CM = 0.32
BRONCHUS_ENDS = 2.0  # cm from the middle
LIVER_FALL = 0.72  # how much less than the dome the liver under it falls away
# Horizontal and oblique fissure of the right lung: level as part of the cage's height, in the
# middle and falling per cm forwards; where the oblique one begins behind, and its slope.
HORIZONTAL, HORIZONTAL_SLOPE = 0.445, 0.16
OBLIQUE, OBLIQUE_SLOPE = 0.24, 1.35


class Crossing(Protocol):
    """Length a ray spends where a field is negative."""

    def __call__(self, field: Array, step: float) -> Array:
        """Sum a field along its last axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """Fields of one side in one block of rays, all in cm and negative inside.

    Attributes
    ----------
    side : int
        `RIGHT` or `LEFT`.
    space, dome, lung : ndarray of float32, shape (rows, columns, n_depths)
        Space of the lung, what lies above its dome, and both without heart and mediastinum.
    x, y, z : ndarray of float32, shape (rows or 1, columns or 1, n_depths)
        Places in the unmoved chest, broadcast against each other.
    """

    side: int
    space: Array
    dome: Array
    lung: Array
    x: Array
    y: Array
    z: Array


@dataclass(frozen=True, slots=True, eq=False)
class Ill:
    """A diseased chest.

    Attributes
    ----------
    person : Person
        Whose chest.
    heart : Heart
        For the level of the hila.
    trouble : Trouble
        What is wrong.
    """

    person: Person
    heart: Heart
    trouble: Trouble

    @property
    def push(self) -> Push | None:
        """How the mediastinum is moved, or None."""
        return Push(self.person, self.trouble.push) if self.trouble.push else None

    def open_pipes(self, pipes: Array, x: Array) -> Array:
        """Air ways that are open: the main bronchus of a lung without air ends early.

        Parameters
        ----------
        pipes : ndarray of float32, shape (rows, columns, n_depths)
            Air ways of the healthy chest, negative inside.
        x : ndarray of float32
            Places in the unmoved chest.

        Returns
        -------
        ndarray of float32, shape of `pipes`
            What is open of them.
        """
        if not self.trouble.airless:
            return pipes
        beyond = np.float32(self.trouble.airless) * x - np.float32(BRONCHUS_ENDS)
        return np.asarray(np.maximum(pipes, beyond), np.float32)

    def parts(self, fields: Fields, crossed: Crossing, step: float) -> Mapping[str, Array]:
        """Follow the rays of a block through the diseased side.

        Parameters
        ----------
        fields : Fields
            Fields of one side.
        crossed : callable
            Sums a field along the rays.
        step : float
            Distance of two depths in cm.

        Returns
        -------
        mapping of str to ndarray of float32, shape (rows, columns)
            `tissue` lung with air in it, `free` air beside it, `fluid`, `lining`, `gas` under the
            dome, `dense` part of `tissue` that lies in a solid lobe; all cm.
        """
        tissue, fluid = fields.lung, np.zeros(fields.lung.shape[:2], np.float32)
        lining = free = dense = gas = fluid
        shrunk = self.trouble.shrunk
        if self.trouble.airless == fields.side:
            tissue = np.broadcast_to(NO_AIR, fields.lung.shape)
        elif shrunk is not None and shrunk.side == fields.side:
            tissue = np.maximum(fields.lung, self._shrunken(fields, shrunk))
            left = crossed(tissue, step)
            lining = left - crossed(np.asarray(tissue + LINING_CM, np.float32), step)
            free = crossed(fields.lung, step) - left
        for one in self.trouble.fluids:
            if one.side == fields.side:
                rind = self._rind(fields, one)
                fluid = crossed(np.maximum(fields.lung, -rind), step)
                tissue = np.maximum(tissue, rind)
        thick = self.trouble.gas[0 if fields.side == RIGHT else 1]
        if thick > 0:
            gas = crossed(self._under_dome(fields, thick), step)
        if self.trouble.kind is TroubleKind.CONSOLIDATION and fields.side == RIGHT:
            dense = crossed(np.maximum(fields.lung, self._upper_lobe(fields)), step)
        return {
            "tissue": crossed(np.asarray(tissue, np.float32), step), "free": free, "fluid": fluid,
            "lining": lining, "gas": gas, "dense": dense,
        }  # fmt: skip

    def placed(self, points: Array) -> tuple[Array, float | Array]:
        """Where vessels of the healthy chest come to lie, and what is left of their volume.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 3)
            x, y, z in cm.

        Returns
        -------
        points : ndarray of float32, shape (n, 3)
            Moved points.
        volume : float or ndarray of float32, shape (n,)
            Factor for the volume each point stands for.
        """
        volume: float | Array = 1.0
        shrunk = self.trouble.shrunk
        if shrunk is not None:
            own = points[:, 0] * shrunk.side > 0
            root = hilum(self.person, self.heart, shrunk.side)
            left = np.asarray([shrunk.across, shrunk.down, shrunk.deep], np.float32)
            points = np.where(own[:, None], root + (points - root) * left, points)
            volume = np.where(own, np.float32(shrunk.volume), np.float32(1))
        push = self.push
        return (points if push is None else push.moved(points)), volume

    def _shrunken(self, fields: Fields, shrunk: Shrunk) -> Array:
        """The lung drawn together about its hilum."""
        root = hilum(self.person, self.heart, shrunk.side)
        x, y, z = (
            np.asarray(root[k] + (at - root[k]) / np.float32(left), np.float32)
            for k, (at, left) in enumerate((
                (fields.x, shrunk.across), (fields.y, shrunk.down), (fields.z, shrunk.deep),
            ))
        )  # fmt: skip
        wall = cage(self.person, shrunk.side, x, y, z)
        base = y - dome_height(self.person, shrunk.side, x, z)
        centre, half = np.asarray(ROUNDED[0]), shrunk.rounded * np.asarray(ROUNDED[1])
        wide, tall, deep = (self.person[n] for n in ("half_width", "cage_height", "half_depth"))
        away = ((np.float32(shrunk.side) * x / wide - centre[0]) / half[0]) ** 2
        away = away + ((y / tall - centre[1]) / half[1]) ** 2
        away = away + ((z / deep - centre[2]) / half[2]) ** 2
        ball = (np.sqrt(away) - 1) * np.float32(5)  # about cm: half the width of a lung
        inside = -blended((-wall, -base, -ball), CORNERS)
        return np.asarray(inside * np.float32(shrunk.across), np.float32)

    def _rind(self, fields: Fields, fluid: Fluid) -> Array:
        """Negative where the lung is not wet: fluid wraps it, thicker downwards and outwards."""
        aside = np.clip(np.abs(fields.x) / np.float32(self.person["half_width"]), 0, 1)
        begins = fluid.level * self.person["cage_height"] - np.float32(fluid.rise) * aside**CLIMBS
        deep = np.clip((fields.y - begins) / np.float32(fluid.depth), 0, 1)
        return np.asarray(fields.space + np.float32(FILLED) * deep**1.4, np.float32)

    def _under_dome(self, fields: Fields, thick: float) -> Array:
        """Gas between the diaphragm and the liver that has sunk away from it."""
        top = np.float32(dome_top(self.person, fields.side))
        fall = fields.y - fields.dome - top  # of the dome at each place
        organ = top + np.float32(DIAPHRAGM_CM + thick) + np.float32(LIVER_FALL) * fall
        under = np.maximum(np.float32(DIAPHRAGM_CM) - fields.dome, fields.y - organ)
        return np.asarray(np.maximum(under, fields.space + np.float32(0.25)), np.float32)

    def _upper_lobe(self, fields: Fields) -> Array:
        """The right upper lobe: above the horizontal, in front of the oblique fissure."""
        tall, deep = self.person["cage_height"], self.person["half_depth"]
        bow = np.float32(0.012) * (np.abs(fields.x) - np.float32(7.0)) ** 2
        flat = np.float32(HORIZONTAL * tall) + np.float32(HORIZONTAL_SLOPE) * fields.z + bow
        behind = np.float32(OBLIQUE * tall) + np.float32(OBLIQUE_SLOPE) * (fields.z + deep)
        return np.asarray(np.maximum(fields.y - flat, fields.y - behind), np.float32)
