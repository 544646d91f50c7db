"""Median and quantile of a handful of numbers, without the price of arrays."""

from collections.abc import Sequence
from math import floor

import numpy as np
from numpy.typing import NDArray


def quantile_of(values: NDArray[np.number] | Sequence[float], share: float) -> float:
    """What `numpy.quantile` gives of a few numbers, to the last bit.

    Parameters
    ----------
    values : ndarray or sequence of float, shape (n_values,)
        At least one; no NaN.
    share : float
        Share of the values that lie below, 0 to 1.

    Returns
    -------
    float
        On the straight line between the two nearest.
    """
    held = values.tolist() if isinstance(values, np.ndarray) else values
    ordered = sorted(held)
    place = share * (len(ordered) - 1)
    k = floor(place)
    if k >= len(ordered) - 1:
        return float(ordered[-1])
    low, high, part = float(ordered[k]), float(ordered[k + 1]), place - k
    # from the nearer end, as numpy does
    return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def median_of(values: NDArray[np.number] | Sequence[float]) -> float:
    """What `numpy.median` gives of a few numbers, to the last bit.

    Parameters
    ----------
    values : ndarray or sequence of float, shape (n_values,)
        At least one; no NaN.

    Returns
    -------
    float
        The middle one, or the mean of the two in the middle.
    """
    held = values.tolist() if isinstance(values, np.ndarray) else values
    ordered = sorted(held)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[half])
    return (float(ordered[half - 1]) + float(ordered[half])) / 2
