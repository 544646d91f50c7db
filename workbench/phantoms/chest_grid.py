"""Moving maps between the coarse grid of the organs and the pixels of the film."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Array = NDArray[np.float32]


@lru_cache(maxsize=64)
def _weights(coarse: int, fine: int) -> csr_array:
    """Cubic convolution from pixel centres of one grid to those of another on the same length."""
    at = np.clip((np.arange(fine) + 0.5) * coarse / fine - 0.5, 0, coarse - 1)
    first = np.floor(at).astype(int)
    t = at - first
    taps = np.stack([
        -0.5 * t + t**2 - 0.5 * t**3, 1 - 2.5 * t**2 + 1.5 * t**3,
        0.5 * t + 2 * t**2 - 1.5 * t**3, -0.5 * t**2 + 0.5 * t**3,
    ], 1)  # fmt: skip
    columns = np.clip(first[:, None] + np.arange(-1, 3), 0, coarse - 1)
    rows = np.repeat(np.arange(fine), 4)
    places = (rows, columns.ravel())
    return csr_array((taps.ravel().astype(np.float32), places), shape=(fine, coarse))


def enlarge(coarse: Array, shape: tuple[int, int]) -> Array:
    """Interpolate a map smoothly to a finer grid that covers the same field.

    Parameters
    ----------
    coarse : ndarray of float32, shape (rows, columns)
        The map.
    shape : tuple of int
        Rows and columns wanted.

    Returns
    -------
    ndarray of float32, shape `shape`
        The map on the finer grid.
    """
    if coarse.shape == shape:
        return coarse
    down = _weights(coarse.shape[0], shape[0])
    across = _weights(coarse.shape[1], shape[1])
    wide = across @ np.ascontiguousarray(coarse.T)
    return np.asarray(down @ np.ascontiguousarray(wide.T), np.float32)


def shrink(fine: Array, shape: tuple[int, int]) -> Array:
    """Average a map over the cells of a coarser grid that covers the same field.

    Parameters
    ----------
    fine : ndarray of float32, shape (rows, columns)
        The map.
    shape : tuple of int
        Rows and columns wanted, at most those of `fine`.

    Returns
    -------
    ndarray of float32, shape `shape`
        Mean of each cell.
    """
    small = np.asarray(fine, np.float32)
    for axis, count in enumerate(shape):
        if small.shape[axis] == count:
            continue
        edges = np.linspace(0, small.shape[axis], count + 1).round().astype(int)
        sums = np.add.reduceat(small, edges[:-1], axis=axis)
        size = np.diff(edges).astype(np.float32)
        small = np.asarray(sums / (size[:, None] if axis == 0 else size[None, :]), np.float32)
    return np.asarray(small, np.float32)
