"""Where the ventricles begin and end to be activated: lead by lead, then nearly the outermost."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d, uniform_filter1d

from workbench.ecg.quantiles import median_of, quantile_of
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
MARGIN_S = 0.06  # beyond the farthest place looked at: as far as the filters reach
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
    return qrs_limits_each(leads[None], at, spike_at)[0]


def qrs_limits_each(
    beats: NDArray[np.float64], at: int, spike_at: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Find the global onset and offset of QRS in each of several beats.

    Parameters
    ----------
    beats : ndarray of float64, shape (n_beats, n_leads, n_samples)
        Beats in mV at `workbench.ecg.wave_speed.RATE`, without spikes.
    at : int
        Sample of the point of alignment in all of them.
    spike_at : ndarray of float64, shape (n_places,)
        Samples that hold a pacing spike.

    Returns
    -------
    list of tuple of (int, int)
        What `qrs_limits` gives for each.
    """
    low, high = (at + round(s * RATE) for s in FARTHEST_S)
    margin = round(MARGIN_S * RATE)
    begin = max(low - margin, 0)
    beats, at, spike_at = beats[:, :, begin : high + margin], at - begin, spike_at - begin
    moved = np.abs(gaussian_filter1d(beats, WIDTH_S * RATE, axis=2, order=1)) * RATE
    first, last = (at + round(s * RATE) for s in REACH_S)
    first = max(first, 0)
    fastest = moved[:, :, first:last].max(axis=2)
    shown = fastest >= LEAST_LEAD * fastest.max(axis=1, keepdims=True)
    of = np.nonzero(shown)[0]  # which beat each row is of
    moved, fastest = moved[shown], fastest[shown]
    inside = moved[:, first:last]
    start = first + np.argmax(inside > STEEP_ONSET * fastest[:, None], axis=1)
    stop = last - 1 - np.argmax(inside[:, ::-1] > STEEP_OFFSET * fastest[:, None], axis=1)
    stop = np.minimum(stop, moved.shape[1] - 1)
    lowest = np.array([_lowest(start[of == k], at, spike_at) for k in range(beats.shape[0])])[of]
    onset = begin + _onsets(moved, fastest, start, (at, lowest))
    offset = begin + _offsets(moved, fastest, stop, at)
    return [
        (round(quantile_of(onset[own], OUTER)), round(quantile_of(offset[own], 1 - OUTER)))
        for own in (of == k for k in range(beats.shape[0]))
    ]


def _lowest(start: NDArray[np.intp], at: int, spike_at: NDArray[np.float64]) -> int:
    """Where QRS may begin at the earliest: not before a spike that starts it."""
    lowest = max(at + round(FARTHEST_S[0] * RATE), 0)
    if spike_at.size == 0:
        return lowest
    middle = median_of(start)
    before = spike_at[(spike_at < middle + 3) & (spike_at > middle - SPIKE_S * RATE)]
    return max(lowest, int(before.max()) + 1) if before.size else lowest


def _onsets(
    moved: NDArray[np.float64],
    fastest: NDArray[np.float64],
    start: NDArray[np.intp],
    where: tuple[int, NDArray[np.intp]],
) -> NDArray[np.intp]:
    at, lowest = where
    around = [np.full(start.size, at + round(s * RATE)) for s in REST_BEFORE_S]
    bar = _bar(moved, fastest, (around[0], around[1]), (STILL_S[0], ONSET_SHARE))
    hold = round(HOLD_S * RATE)
    # the highest speed of the samples up to each
    held = maximum_filter1d(moved, hold, axis=1, origin=(hold - 1) // 2)
    place = np.arange(moved.shape[1])
    resting = (held < bar[:, None]) & (place <= start[:, None]) & (place >= lowest[:, None])
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
