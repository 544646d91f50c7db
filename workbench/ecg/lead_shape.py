"""Stretches in which a lead does not move, and values at which it is cut off."""

import numpy as np
from numpy.typing import NDArray

RAIL_HELD_S = 0.010  # a peak rounded by the converter stays shorter at its top
RAIL_AWAY = 0.25  # of the range: how far a rail lies from the usual value
RAIL_SAME = 1e-4  # of the range: values this near are one value
BLOCK_S, BLOCKS = 0.05, 5  # a quarter of a second, looked at in fifths

Runs = tuple[NDArray[np.intp], NDArray[np.intp]]


def runs_of(true: NDArray[np.bool_]) -> Runs:
    """Begin and end (one past it) of every stretch of True.

    Parameters
    ----------
    true : ndarray of bool, shape (n,)
        Any mask.

    Returns
    -------
    tuple of two ndarray of intp, shape (n_runs,)
        Indices.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return edges[::2], edges[1::2]


def longest_flat(
    filled: NDArray[np.float64], recorded: NDArray[np.bool_], rate: float, range_mv: float
) -> tuple[float, float]:
    """Longest stretch that moves less than the range within any quarter second.

    Parameters
    ----------
    filled : ndarray of float64, shape (n_samples,)
        One lead in mV without NaN.
    recorded : ndarray of bool, shape (n_samples,)
        False where nothing was recorded.
    rate : float
        Samples per second (Hz).
    range_mv : float
        Least movement of a living lead (mV).

    Returns
    -------
    from_s, to_s : float
        Both 0 when there is none.
    """
    each = max(1, round(BLOCK_S * rate))
    count = filled.size // each
    if count < BLOCKS:
        return 0.0, 0.0
    cut = filled[: count * each].reshape(count, each)
    high, low = cut.max(axis=1), cut.min(axis=1)
    ends = [(k, count - BLOCKS + 1 + k) for k in range(BLOCKS)]
    moves = np.maximum.reduce([high[a:b] for a, b in ends])
    moves = moves - np.minimum.reduce([low[a:b] for a, b in ends])
    still = moves < range_mv
    if not still.any():
        return 0.0, 0.0
    held = np.asarray(recorded[: count * each].reshape(count, each).all(axis=1))
    begin, end = runs_of(still & np.logical_and.reduce([held[a:b] for a, b in ends]))
    if begin.size == 0:
        return 0.0, 0.0
    k = int((end - begin).argmax())
    last = end[k] + BLOCKS - 1
    to = filled.size if last == count else last * each
    return float(begin[k] * each / rate), float(to / rate)


def rails(values: NDArray[np.float64], rate: float) -> tuple[float, int, float]:
    """How much lies at the very top or bottom, longer than any rounded peak stays there.

    Parameters
    ----------
    values : ndarray of float64, shape (n_samples,)
        What was recorded of one lead (mV).
    rate : float
        Samples per second (Hz).

    Returns
    -------
    share : float
        Of all samples, 0 to 1.
    times : int
        Stretches.
    longest_s : float
        Longest of them (s).
    """
    if values.size < 3:
        return 0.0, 0, 0.0
    top, bottom = float(values.max()), float(values.min())
    span = top - bottom
    if span <= 0:
        return 0.0, 0, 0.0
    least = max(3, round(RAIL_HELD_S * rate))
    share, times, longest = 0.0, 0, 0
    for rail in (top, bottom):
        near = np.abs(values - rail) <= RAIL_SAME * span
        # the quiet line of a lead with one-sided QRS is its lowest value, and no rail
        if (
            np.count_nonzero(near) < least
            or abs(rail - float(np.median(values))) < RAIL_AWAY * span
        ):
            continue
        begin, end = runs_of(near)
        held = (end - begin)[end - begin >= least]
        share += float(held.sum()) / values.size
        times += int(held.size)
        longest = max(longest, int(held.max(initial=0)))
    return share, times, longest / rate
