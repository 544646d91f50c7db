"""What disturbs a lead: drift, steps, muscle, mains, spikes; all leads at once and cheaply."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfilt, sosfilt_zi

from workbench.ecg.filters import both_ways

Rows = NDArray[np.float64]

LEVEL_S = 0.04  # one level per block; nothing about a baseline is quicker
WANDER_HZ = 0.7  # faster is the heart
STEADY_S = 1.0  # running median: about one beat, so that QRS and T do not move it
JUMP_S = 0.1  # a step of the baseline is over within twice this
MUSCLE_HZ = 40.0
MAINS_OFF_HZ = (-0.3, -0.15, 0.0, 0.15, 0.3)  # the grid is never exactly at its name
PIECE = 250  # samples of one small product
HUM_MV = 0.02  # mains above it is taken off before muscle is measured
HUM_S = 0.1  # whole periods of 50 and of 60 Hz
SPIKE_REACH_S = 0.004  # to both sides; the top of the sharpest R wave is wider
SPIKE_AROUND_S = 0.04
MOST_TOPS = 300  # sharp tops of one lead; more of them are noise
SHARED_S = 0.01  # spikes of several leads this near are one event
SHARED_LEADS = 3  # a pacemaker is seen by more leads than a bad contact


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What disturbs one lead; amplitudes in mV, times in s."""

    wander_mv: float  # between the 5th and 95th percentile of the slow part
    muscle_mv: float  # one sigma above 40 Hz, mains taken off
    mains_mv: float
    mains_hz: float
    step_mv: float  # largest sudden change of level
    step_at_s: float
    spikes_s: tuple[float, ...]
    spike_mv: float  # the largest of them


def disturbances(rows: Rows, rate: float, spike_mv: float) -> tuple[Disturbance, ...]:
    """Measure what disturbs each lead.

    Parameters
    ----------
    rows : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV without NaN.
    rate : float
        Samples per second (Hz).
    spike_mv : float
        Least height of a spike (mV).

    Returns
    -------
    tuple of Disturbance
        One for each row.
    """
    if rows.size == 0:
        return ()
    levels, step_s = _levels(rows, rate)
    wander = _wander(levels, step_s)
    steps, at = _steps(levels, step_s)
    mains, hz = _tones(rows - rows.mean(axis=1, keepdims=True), rate)
    muscle = _fast(rows, rate, mains)
    spikes = _spikes(rows, rate, spike_mv)
    return tuple(
        Disturbance(
            float(wander[k]),
            float(muscle[k]),
            float(mains[k]),
            float(hz[k]),
            float(steps[k]),
            float(at[k]),
            *spikes[k],
        )
        for k in range(rows.shape[0])
    )


def _levels(rows: Rows, rate: float) -> tuple[Rows, float]:
    """Mean level of each block of `LEVEL_S`."""
    each = max(1, round(LEVEL_S * rate))
    count = max(1, rows.shape[1] // each)
    each = min(each, rows.shape[1])
    return rows[:, : count * each].reshape(rows.shape[0], count, each).mean(axis=2), each / rate


def _wander(levels: Rows, step_s: float) -> Rows:
    """Swing below `WANDER_HZ`, free of the electrode's slow polarisation."""
    if levels.shape[1] * step_s < 2.0:
        return np.zeros(levels.shape[0])
    slow = levels[:, : levels.shape[1] // 3 * 3].reshape(levels.shape[0], -1, 3).mean(axis=2)
    at = np.linspace(-1.0, 1.0, slow.shape[1])
    slow = slow - slow.mean(axis=1, keepdims=True)
    slow = slow - (slow @ at / (at @ at))[:, None] * at
    slow = both_ways(*_lowpass(3 * step_s), slow, 50)
    low, high = np.quantile(slow, [0.05, 0.95], axis=1)
    return np.asarray(high - low)


def _steps(levels: Rows, step_s: float) -> tuple[Rows, Rows]:
    """Largest sudden change of the running level and when; a swing is as steep beside it."""
    size, jump = round(STEADY_S / step_s) | 1, max(1, round(JUMP_S / step_s))
    if levels.shape[1] <= 6 * jump:
        return np.zeros(levels.shape[0]), np.zeros(levels.shape[0])
    steady = _running_median(levels, min(size, levels.shape[1]))
    moves = steady[:, 2 * jump :] - steady[:, : -2 * jump]
    beside = np.maximum(np.abs(moves[:, : -4 * jump]), np.abs(moves[:, 4 * jump :]))
    sudden = np.abs(moves[:, 2 * jump : -2 * jump]) - beside
    at = sudden.argmax(axis=1)
    return np.maximum(sudden.max(axis=1), 0.0), (at + 3 * jump) * step_s


def _running_median(levels: Rows, size: int) -> Rows:
    """Of each lead, the ends held; all in one row, which the filter takes twice as fast."""
    before, after = size // 2, size - size // 2 - 1
    row = np.pad(levels, ((0, 0), (before, after)), mode="edge")
    found = np.asarray(median_filter(row.ravel(), size=size)).reshape(row.shape)
    return found[:, before : before + levels.shape[1]]


@lru_cache(8)
def _lowpass(each_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sections = np.asarray(butter(2, WANDER_HZ, fs=1 / each_s, output="sos"))
    return sections, np.asarray(sosfilt_zi(sections))


def _fast(rows: Rows, rate: float, mains: Rows) -> Rows:
    """One sigma of what is faster than muscle's lower edge, without mains."""
    sections, start = _highpass(rate)
    fast, _ = sosfilt(sections, rows, axis=1, zi=start[:, None, :] * rows[None, :, :1])
    humming, turn = mains > HUM_MV, round(HUM_S * rate)
    # most samples lie between the beats, so their median is the noise; 0.6745 makes it one sigma
    sigma = np.median(np.abs(fast), axis=1) / 0.6745
    if humming.any() and fast.shape[1] > 2 * turn:
        apart = fast[humming, turn:] - fast[humming, :-turn]
        sigma[humming] = np.median(np.abs(apart), axis=1) / 0.6745 / 2**0.5
    return np.asarray(sigma)


@lru_cache(8)
def _highpass(rate: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cut = min(MUSCLE_HZ, 0.35 * rate)
    sections = np.asarray(butter(4, cut, btype="highpass", fs=rate, output="sos"))
    return sections, np.asarray(sosfilt_zi(sections))


@lru_cache(8)
def _waves(count: int, rate: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Windowed cosines and sines of the tones asked for, and their frequencies (Hz)."""
    asked = np.array([hz + off for hz in (50.0, 60.0) for off in MAINS_OFF_HZ])
    asked = asked[asked < rate / 2]
    window = np.hanning(count)
    turn = 2 * np.pi * asked[:, None] * np.arange(count) / rate
    both = window * np.concatenate([np.cos(turn), np.sin(turn)]) * (2 / max(window.sum(), 1e-9))
    return both.T.copy(), asked


def _tones(rows: Rows, rate: float) -> tuple[Rows, Rows]:
    """Amplitude in mV of the steadiest tone near 50 or 60 Hz, and which of both it is."""
    waves, asked = _waves(rows.shape[1], rate)
    if asked.size == 0:
        return np.zeros(rows.shape[0]), np.zeros(rows.shape[0])
    # in pieces: a product as small as these is not given to threads that would wait for each other
    whole = rows.shape[1] // PIECE * PIECE
    left = rows[:, :whole].reshape(rows.shape[0], -1, PIECE).transpose(1, 0, 2)
    parts = (left @ waves[:whole].reshape(-1, PIECE, waves.shape[1])).sum(axis=0)
    parts = parts + rows[:, whole:] @ waves[whole:]
    size = np.hypot(parts[:, : asked.size], parts[:, asked.size :])
    best = size.argmax(axis=1)
    return size.max(axis=1), np.round(asked[best], -1)


def _spikes(rows: Rows, rate: float, least_mv: float) -> list[tuple[tuple[float, ...], float]]:
    """Spikes that only few leads see, and the height of the largest, for each row."""
    reach = max(2, round(SPIKE_REACH_S * rate))
    none: list[tuple[tuple[float, ...], float]] = [((), 0.0)] * rows.shape[0]
    if not np.isfinite(least_mv) or rows.shape[1] <= 2 * reach or rate < 200:
        return none  # at a lower rate one sample is as wide as the top of an R wave
    middle = rows[:, reach:-reach]
    left, right = middle - rows[:, : -2 * reach], middle - rows[:, 2 * reach :]
    lead, at = np.nonzero((left * right > 0) & (np.minimum(np.abs(left), np.abs(right)) > least_mv))
    if lead.size == 0:
        return none
    few = np.bincount(lead, minlength=rows.shape[0])[lead] <= MOST_TOPS
    lead, at = lead[few], at[few] + reach
    around = np.arange(-round(SPIKE_AROUND_S * rate), round(SPIKE_AROUND_S * rate) + 1)
    near = rows[:, np.clip(at[:, None] + around, 0, rows.shape[1] - 1)]
    own = near[lead, np.arange(lead.size)]
    height = np.abs(rows[lead, at] - np.median(own, axis=1))
    # what is still high at the reach beside it is the flank or the top of a wave
    swing = np.ptp(own[:, np.abs(around) >= reach], axis=1)
    # a QRS moves all leads at once: its sharp top in one of them is no spike
    common = np.median(np.ptp(near, axis=2), axis=0) if rows.shape[0] > 2 else swing
    true = height > least_mv + np.maximum(0.5 * swing, 2 * common)
    tops = [np.unique(lead[np.abs(at - one) < SHARED_S * rate]).size for one in at]
    true &= np.array(tops) < SHARED_LEADS
    return _apart(lead[true], at[true] / rate, height[true], rows.shape[0])


def _apart(
    lead: NDArray[np.intp], at_s: Rows, height: Rows, count: int
) -> list[tuple[tuple[float, ...], float]]:
    """Spikes of each lead, one time for the samples of each."""
    found: list[tuple[tuple[float, ...], float]] = []
    for k in range(count):
        times: list[float] = []
        for t in at_s[lead == k]:
            if not times or t - times[-1] > 2 * SHARED_S:
                times.append(float(t))
        found.append((tuple(times), float(height[lead == k].max(initial=0.0))))
    return found
