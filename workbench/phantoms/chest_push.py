"""A mediastinum pushed or drawn aside: the space between the lungs moves, the ribs stay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import chest_sizes as sizes
from workbench.phantoms.chest_heart import landmarks
from workbench.phantoms.chest_lungs import profile
from workbench.phantoms.chest_person import Person

Array = NDArray[np.float32]
FIRST_CM = -6.0  # above this level, in the neck, nothing moves
MOST = 0.42  # of the half width: beyond, the map would fold


@dataclass(frozen=True, slots=True)
class Push:
    """How the inside of a chest is moved sideways.

    Attributes
    ----------
    person : Person
        Whose chest.
    amount : float
        How far the midline moves to the patient's left at the level of the heart, in cm.
    """

    person: Person
    amount: float

    def _moved_by(self, y: Array) -> tuple[Array, Array]:
        """Move of the midline and half width of the cage at some levels."""
        full = landmarks(self.person)["carina"]
        part = np.clip((y - np.float32(FIRST_CM)) / np.float32(full - FIRST_CM), 0, 1)
        wide = profile(sizes.LUNG_LATERAL, y / np.float32(self.person["cage_height"]))
        wide = wide * np.float32(self.person["half_width"])
        limit = np.float32(MOST) * wide
        move = np.clip(np.float32(self.amount) * part * part * (3 - 2 * part), -limit, limit)
        return np.asarray(move, np.float32), np.asarray(wide, np.float32)

    def rest(self, x: Array, y: Array) -> Array:
        """Where in the unmoved chest a place comes from.

        Parameters
        ----------
        x, y : ndarray of float32, shape (...)
            Places in cm, broadcast against each other.

        Returns
        -------
        ndarray of float32, shape (...)
            x in the unmoved chest.
        """
        move, wide = self._moved_by(y)
        return np.asarray(x - move * np.clip(1 - (x / wide) ** 2, 0, None), np.float32)

    def moved(self, points: Array) -> Array:
        """Where points of the unmoved chest come to lie.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 3)
            x, y, z in cm.

        Returns
        -------
        ndarray of float32, shape (n, 3)
            The moved points.
        """
        x, y = points[:, 0], points[:, 1]
        move, wide = self._moved_by(y)
        bend = move / wide**2
        free = np.abs(bend) < 1e-6
        safe = np.where(free, np.float32(1), bend)
        root = np.sqrt(np.maximum(1 + 4 * safe * (move + x), 0))
        solved = np.where(free, x + move, (root - 1) / (2 * safe))
        inside = np.abs(x) < wide
        return np.stack([np.where(inside, solved, x), y, points[:, 2]], 1).astype(np.float32)
