"""Stretches less the straight line through them: T and drift are slopes, P is a hump."""

from functools import cache

import numpy as np
from numpy.typing import NDArray


def without_line(stretches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take off level and slope.

    Parameters
    ----------
    stretches : ndarray of float64, shape (..., n_samples)
        Any unit.

    Returns
    -------
    ndarray of float64, shape (..., n_samples)
        Without the straight line of least squares.
    """
    fit, basis = _line(stretches.shape[-1])
    return np.asarray(stretches - (stretches @ fit) @ basis)


@cache
def _line(size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What finds the line in a stretch of so many samples, and what draws it."""
    x = np.linspace(-1.0, 1.0, size)
    basis = np.stack([np.ones_like(x), x])
    fit = np.asarray(np.linalg.pinv(basis), dtype=np.float64)
    basis.flags.writeable = fit.flags.writeable = False
    return fit, basis
