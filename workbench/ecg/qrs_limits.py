"""Where the ventricles begin and end to be activated: lead by lead, then nearly the outermost."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from workbench.ecg.wave_speed import RATE

WIDTH_S = 0.007
ONSET_SHARE, OFFSET_SHARE = 0.02, 0.045  # of the way from rest to the fastest, in each lead
RIPPLE_TIMES = 2.0  # nor does a lead move while it is no faster than twice the ripple at rest
OUTER = 0.15  # quantile of the leads: about the second outermost of twelve, as people mark
STEEP_ONSET, STEEP_OFFSET = 0.30, 0.25  # surely inside QRS
REACH_S = (-0.08, 0.12)  # around the point of alignment: where QRS is fastest
FARTHEST_S = (-0.20, 0.22)
REST_BEFORE_S, REST_AFTER_S = (-0.18, -0.03), 0.10  # where a lead comes to rest
STILL_S = (0.040, 0.020)  # for so long, before and after
HOLD_S = 0.008  # at rest for so long: a notch is not the end
LEAST_LEAD = 0.04  # of the fastest lead; slower ones show no QRS
SPIKE_S = 0.10


def qrs_limits(
    leads: NDArray[np.float64], at: int, spike_at: NDArray[np.float64]
) -> tuple[int, int]:
    """Find the global onset and offset of QRS.

    In each lead from surely inside QRS outwards, to where its speed has come down to a share of its
    height over the rest before and after. Of all leads nearly the earliest onset and nearly the
    latest offset are taken: one lead that strays is left out, as in the marks of the people this
    was compared with. QRS does not begin before a pacing spike that starts it.

    Parameters
    ----------
    leads : ndarray of float64, shape (n_leads, n_samples)
        Averaged beat in mV at `workbench.ecg.wave_speed.RATE`, without spikes.
    at : int
        Sample of the point of alignment.
    spike_at : ndarray of float64, shape (n_places,)
        Samples that hold a pacing spike.

    Returns
    -------
    onset, offset : int
        Samples.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324
       (global intervals: earliest onset to latest offset).
    .. [2] The CSE Working Party. Recommendations for measurement standards in quantitative
       electrocardiography. Eur Heart J 1985;6:815-825.
    .. [3] Constants chosen on whole sets, docs/validation/ecg-beats.md.
    """
    moved = np.abs(gaussian_filter1d(leads, WIDTH_S * RATE, axis=1, order=1)) * RATE
    first, last = (at + round(s * RATE) for s in REACH_S)
    first = max(first, 0)
    fastest = moved[:, first:last].max(axis=1)
    shown = fastest >= LEAST_LEAD * fastest.max()
    moved, fastest = moved[shown], fastest[shown]
    inside = moved[:, first:last]
    start = first + np.argmax(inside > STEEP_ONSET * fastest[:, None], axis=1)
    stop = last - 1 - np.argmax(inside[:, ::-1] > STEEP_OFFSET * fastest[:, None], axis=1)
    stop = np.minimum(stop, moved.shape[1] - 1)
    onset = _onsets(moved, fastest, start, at, spike_at)
    offset = _offsets(moved, fastest, stop, at)
    return round(float(np.quantile(onset, OUTER))), round(float(np.quantile(offset, 1 - OUTER)))


def _onsets(
    moved: NDArray[np.float64],
    fastest: NDArray[np.float64],
    start: NDArray[np.intp],
    at: int,
    spike_at: NDArray[np.float64],
) -> NDArray[np.intp]:
    lowest = max(at + round(FARTHEST_S[0] * RATE), 0)
    middle = float(np.median(start))
    before = spike_at[(spike_at < middle + 3) & (spike_at > middle - SPIKE_S * RATE)]
    if before.size:
        lowest = max(lowest, int(before.max()) + 1)
    around = [np.full(start.size, at + round(s * RATE)) for s in REST_BEFORE_S]
    bar = _bar(moved, fastest, (around[0], around[1]), (STILL_S[0], ONSET_SHARE))
    hold = round(HOLD_S * RATE)
    # the highest speed of the samples up to each
    held = maximum_filter1d(moved, hold, axis=1, origin=(hold - 1) // 2)
    place = np.arange(moved.shape[1])
    resting = (held < bar[:, None]) & (place <= start[:, None]) & (place >= lowest)
    last = moved.shape[1] - 1 - np.argmax(resting[:, ::-1], axis=1)
    return np.asarray(np.where(resting.any(axis=1), last, np.minimum(lowest, start)))


def _offsets(
    moved: NDArray[np.float64], fastest: NDArray[np.float64], stop: NDArray[np.intp], at: int
) -> NDArray[np.intp]:
    farthest = min(at + round(FARTHEST_S[1] * RATE), moved.shape[1] - 1)
    after = stop + round(REST_AFTER_S * RATE)
    bar = _bar(moved, fastest, (stop, after), (STILL_S[1], OFFSET_SHARE))
    hold = round(HOLD_S * RATE)
    held = maximum_filter1d(moved, hold, axis=1, origin=-(hold // 2))  # of the samples from each on
    place = np.arange(moved.shape[1])
    resting = (held < bar[:, None]) & (place >= stop[:, None]) & (place <= farthest)
    found = np.argmax(resting, axis=1)
    return np.asarray(np.where(resting.any(axis=1), found, np.maximum(farthest, stop)))


def _bar(
    moved: NDArray[np.float64],
    fastest: NDArray[np.float64],
    where: tuple[NDArray[np.intp], NDArray[np.intp]],
    how: tuple[float, float],
) -> NDArray[np.float64]:
    """Speed below which each lead is at rest, from its quietest stretch between two places."""
    still_s, share = how
    width = round(still_s * RATE)
    mean = uniform_filter1d(moved, width, axis=1)
    place = np.arange(moved.shape[1])
    first = np.clip(where[0], 0, moved.shape[1] - 1)
    last = np.maximum(where[1], first + 1)
    looked = (place >= first[:, None]) & (place < last[:, None])
    quietest = np.argmin(np.where(looked, mean, np.inf), axis=1)
    rows = np.arange(moved.shape[0])
    quiet = mean[rows, quietest]
    ripple = maximum_filter1d(moved, width + 1, axis=1)[rows, quietest] - quiet
    return np.asarray(quiet + np.maximum(share * (fastest - quiet), RIPPLE_TIMES * ripple))
