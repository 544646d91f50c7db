"""Whether a frontal chest film is shown with black and white exchanged."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

GRID: Final = 64  # fields per side: lungs and mediastinum, no ribs
LOOKS_INVERTED: Final = -0.35  # figures on both sides of it: docs/validation/dr-greys.md
# upper, lower, left, right share of the film
LUNGS: Final = ((0.25, 0.60, 0.20, 0.38), (0.25, 0.60, 0.62, 0.80))
MIDDLE: Final = (0.30, 0.85, 0.44, 0.56)
BELOW: Final = (0.85, 0.97, 0.25, 0.75)


def chest_polarity(grey: NDArray[np.uint8]) -> float:
    """Compare the lungs with what lies between and below them, in ranks of grey.

    Parameters
    ----------
    grey : ndarray of uint8, shape (rows, columns)
        The film as it is shown, at least 64 pixels each way.

    Returns
    -------
    float
        Between -1 and 1: above 0 where the lungs are the darker ones, as they are on every chest
        film shown right; 0 for a film without contrast.

    Raises
    ------
    ValueError
        If the film is smaller than the grid.

    Notes
    -----
    Ranks make it independent of the window. Nothing is said of other parts of the body: what
    surrounds a hand is black or white by the collimator, not by the polarity.
    """
    rows, columns = grey.shape
    if min(rows, columns) < GRID:
        raise ValueError(f"the film is {rows} x {columns}; at least {GRID} x {GRID} are needed")
    down, across = (np.linspace(0, n, GRID + 1).astype(int)[:-1] for n in (rows, columns))
    sums = np.add.reduceat(np.add.reduceat(grey.astype(np.float64), down, 0), across, 1)
    fields = sums / np.outer(np.diff([*down, rows]), np.diff([*across, columns]))
    ranks = _ranks(fields)
    lungs = (_mean(ranks, LUNGS[0]) + _mean(ranks, LUNGS[1])) / 2.0
    return (_mean(ranks, MIDDLE) + _mean(ranks, BELOW)) / 2.0 - lungs


def _ranks(fields: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of fields that are darker; equal ones get the same."""
    _values, where, counts = np.unique(fields.round(3), return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2.0
    shares: NDArray[np.float64] = (middle / fields.size)[where].reshape(fields.shape)
    return shares


def _mean(ranks: NDArray[np.float64], part: tuple[float, float, float, float]) -> float:
    upper, lower, left, right = (round(share * GRID) for share in part)
    return float(ranks[upper:lower, left:right].mean())
