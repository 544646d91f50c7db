"""How fast the averaged beat moves, all leads together: waves begin and end where it rests."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.filters import bridge_gaps
from workbench.ecg.spikes import spikes_apart, without_spikes

RATE = 500.0  # Hz; beats are measured at this rate whatever they were recorded with
SPIKE_MV = 0.5  # a pacing spike that can hide where QRS begins; a small one does not


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """What marks are set on.

    Attributes
    ----------
    leads : ndarray of float64, shape (n_leads, n_samples)
        In mV at `RATE`, without gaps and pacing spikes; a lead that was not recorded is zero.
    spike_at : ndarray of float64, shape (n_places,)
        Samples at `RATE` that hold a pacing spike, ascending.
    """

    leads: NDArray[np.float64]
    spike_at: NDArray[np.float64]


def curves_of(beat: DominantBeat) -> Curves:
    """Prepare an averaged beat for measuring.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.

    Returns
    -------
    Curves
        Its leads, and where spikes stood.
    """
    calm, heights = spikes_apart(_filled(beat), beat.rate)
    sharp = heights.max(axis=0)
    at = np.flatnonzero(sharp > SPIKE_MV) * (RATE / beat.rate)
    return Curves(_at_rate(calm, beat.rate), np.asarray(at, dtype=np.float64))


def at_measuring_rate(beat: DominantBeat) -> NDArray[np.float64]:
    """Give the averaged leads without gaps and pacing spikes, at one rate.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        In mV at `RATE`; a lead that was not recorded is zero.
    """
    return _at_rate(without_spikes(_filled(beat), beat.rate), beat.rate)


def speed(leads: NDArray[np.float64], width_s: float) -> NDArray[np.float64]:
    """Length of the vector of all slopes.

    Parameters
    ----------
    leads : ndarray of float64, shape (..., n_leads, n_samples)
        In mV at `RATE`; one beat or several.
    width_s : float
        Standard deviation of the bell the slopes are taken with (s).

    Returns
    -------
    ndarray of float64, shape (..., n_samples)
        In mV/s.
    """
    slope = gaussian_filter1d(leads, width_s * RATE, axis=-1, order=1) * RATE
    return np.asarray(np.sqrt((slope**2).sum(axis=-2)))


def rest(moved: NDArray[np.float64], first: int, last: int, width: int) -> float:
    """Speed of the quietest stretch of `width` samples between two places.

    Parameters
    ----------
    moved : ndarray of float64, shape (n_samples,)
        Speed.
    first, last : int
        Where to look; clipped to the samples there are.
    width : int
        Samples.

    Returns
    -------
    float
        Mean speed of that stretch.
    """
    first = min(max(first, 0), moved.size - 1)
    part = uniform_filter1d(moved, width)[first : max(last, first + 1)]
    return float(part.min())


def _at_rate(calm: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    if rate == RATE:
        return calm
    old = np.arange(calm.shape[1]) / rate
    new = np.arange(int(old[-1] * RATE) + 1) / RATE
    return np.stack([np.interp(new, old, row) for row in calm])


def _filled(beat: DominantBeat) -> NDArray[np.float64]:
    return np.stack([bridge_gaps(row)[0] for row in beat.millivolts])
