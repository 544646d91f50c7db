"""Numbers of one layered film, drawn from a generator that is passed in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws from one generator.

    Attributes
    ----------
    generator : numpy.random.Generator
        Source of all numbers.
    """

    generator: np.random.Generator

    def within(self, low: float, high: float) -> float:
        """Return a number between two others.

        Parameters
        ----------
        low, high : float
            The ends.

        Returns
        -------
        float
            Evenly distributed.
        """
        return float(self.generator.uniform(low, high))

    def near(self, mean: float, deviation: float) -> float:
        """Return a number near another.

        Parameters
        ----------
        mean, deviation : float
            Of the normal distribution.

        Returns
        -------
        float
            Normally distributed.
        """
        return float(self.generator.normal(mean, deviation))

    def happens(self, share: float) -> bool:
        """Say whether something happens.

        Parameters
        ----------
        share : float
            How often it does, 0 to 1.

        Returns
        -------
        bool
            True in that share of the draws.
        """
        return bool(self.generator.random() < share)

    def count(self, low: int, high: int) -> int:
        """Return a whole number.

        Parameters
        ----------
        low, high : int
            Smallest and largest.

        Returns
        -------
        int
            Evenly distributed, both ends included.
        """
        return int(self.generator.integers(low, high + 1))

    def one_of(self, choices: Sequence[str]) -> str:
        """Pick one.

        Parameters
        ----------
        choices : sequence of str
            What there is.

        Returns
        -------
        str
            Every one is as likely.
        """
        return choices[self.count(0, len(choices) - 1)]
