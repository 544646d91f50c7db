"""Deflections too short for heart muscle: found, and taken out before anything is measured."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

SPIKE_WINDOW_S = 0.014  # a spike fills less than half of it, the steepest QRS flank more
SPIKE_TIMES = 12.0  # times the usual difference from the running median
SPIKE_LEAST_MV = 0.15


def without_spikes(samples: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Take out pacing spikes: deflections far too short for heart muscle.

    Parameters
    ----------
    samples : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV as recorded, without NaN.
    rate : float
        Samples per second (Hz).

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        The same leads; samples within a spike take the median of their neighbourhood.
    """
    return spikes_apart(samples, rate)[0]


def spikes_apart(
    samples: NDArray[np.float64], rate: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take out pacing spikes as `without_spikes` does, and say how high they were.

    Parameters
    ----------
    samples : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV as recorded, without NaN.
    rate : float
        Samples per second (Hz).

    Returns
    -------
    without : ndarray of float64, shape (n_leads, n_samples)
        The leads without spikes.
    heights : ndarray of float64, shape (n_leads, n_samples)
        Distance from the median of the neighbourhood (mV).
    """
    calm = _calm(samples, rate)
    sharp = np.abs(samples - calm)
    out = samples.copy()
    # the limit is never lower: other leads hold no spike whatever their usual difference
    rows = np.flatnonzero(sharp.max(axis=-1, initial=0.0) > SPIKE_LEAST_MV)
    if rows.size:
        usual = np.median(sharp[rows], axis=-1, keepdims=True)
        spiked = sharp[rows] > np.maximum(SPIKE_TIMES * usual, SPIKE_LEAST_MV)
        out[rows] = np.where(spiked, calm[rows], samples[rows])
    return out, np.asarray(sharp)


def _calm(samples: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    width = round(SPIKE_WINDOW_S * rate) | 1
    # all leads in one row, their ends mirrored as the filter would: the filter for one dimension
    # is twice as fast as the one for any, and calling it takes longer than filtering a beat
    ends = width // 2
    row = np.pad(samples, ((0, 0), (ends, ends)), mode="symmetric")
    found = np.asarray(median_filter(row.ravel(), size=width)).reshape(row.shape)
    return np.ascontiguousarray(found[:, ends : row.shape[1] - ends])
