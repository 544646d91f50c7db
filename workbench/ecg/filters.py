"""Preparing leads for beat detection: gaps bridged but remembered, one working rate, one band."""

from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, resample_poly, sosfilt, sosfilt_zi

from workbench.domain.trace import Trace

WORK_RATE = 250.0  # Hz; QRS energy lies below 40 Hz, so nothing a detector needs is lost
SPIKE_WINDOW_S = 0.014  # a spike fills less than half of it, the steepest QRS flank more
SPIKE_TIMES = 12.0  # times the usual difference from the running median
SPIKE_LEAST_MV = 0.15
LIMB = ("I", "II", "III", "aVR", "aVL", "aVF")


def independent_leads(trace: Trace) -> tuple[str, ...]:
    """Name the leads that carry information of their own.

    Six limb leads hold only two voltages. Counting all six would let one loose limb electrode speak
    six times, so I and II are kept and the rest left out.

    Parameters
    ----------
    trace : Trace
        Any set of leads.

    Returns
    -------
    tuple of str
        In the order of the trace; leads the reader derived are left out as well.
    """
    return independent_leads_of(trace.leads, trace.derived)


def independent_leads_of(leads: tuple[str, ...], derived: tuple[str, ...]) -> tuple[str, ...]:
    """Name the leads of a list that carry information of their own.

    Parameters
    ----------
    leads : tuple of str
        Names of all leads.
    derived : tuple of str
        Those computed from others.

    Returns
    -------
    tuple of str
        In the order given.
    """
    own = [name for name in leads if name not in derived]
    if "I" in own and "II" in own:
        return tuple(name for name in own if name not in LIMB or name in {"I", "II"})
    limb = [name for name in own if name in LIMB][:2]
    return tuple(name for name in own if name not in LIMB or name in limb)


def bridge_gaps(
    samples: NDArray[np.floating],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Draw a straight line across samples that were not recorded, for filtering only.

    Parameters
    ----------
    samples : ndarray, shape (n_samples,)
        One lead in mV; NaN where nothing was recorded.

    Returns
    -------
    filled : ndarray of float64, shape (n_samples,)
        Without NaN; all zero when nothing at all was recorded.
    recorded : ndarray of bool, shape (n_samples,)
        False where the line is ours and not the patient's.
    """
    values = np.asarray(samples, dtype=np.float64)
    recorded = np.isfinite(values)
    if recorded.all():
        return values.copy(), recorded
    if not recorded.any():
        return np.zeros_like(values), recorded
    at = np.arange(values.size)
    return np.interp(at, at[recorded], values[recorded]), recorded


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
    return _spikes_out(samples, _calm(samples, rate))


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
    return _spikes_out(samples, calm), np.asarray(np.abs(samples - calm))


def _spikes_out(samples: NDArray[np.float64], calm: NDArray[np.float64]) -> NDArray[np.float64]:
    sharp = np.abs(samples - calm)
    out = samples.copy()
    # the limit is never lower, and few leads hold anything so sharp
    for k in np.flatnonzero(sharp.max(axis=-1, initial=0.0) > SPIKE_LEAST_MV):
        limit = max(SPIKE_TIMES * float(np.median(sharp[k])), SPIKE_LEAST_MV)
        out[k] = np.where(sharp[k] > limit, calm[k], samples[k])
    return out


def _calm(samples: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    width = round(SPIKE_WINDOW_S * rate) | 1
    # all leads in one row, their ends mirrored as the filter would: the filter for one dimension
    # is twice as fast as the one for any, and calling it takes longer than filtering a beat
    ends = width // 2
    row = np.pad(samples, ((0, 0), (ends, ends)), mode="symmetric")
    found = np.asarray(median_filter(row.ravel(), size=width)).reshape(row.shape)
    return np.ascontiguousarray(found[:, ends : row.shape[1] - ends])


def calm_leads(trace: Trace, leads: tuple[str, ...]) -> NDArray[np.float64]:
    """Leads as beats are looked for in them: gaps bridged, spikes out, one rate.

    Parameters
    ----------
    trace : Trace
        Recording.
    leads : tuple of str
        Names of leads it holds.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        In mV at `WORK_RATE`.
    """
    filled = [bridge_gaps(trace.lead(name))[0] for name in leads]
    if not filled:
        return np.empty((0, 0))
    return at_work_rate(without_spikes(np.stack(filled), trace.rate), trace.rate)


def at_work_rate(samples: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Resample leads to `WORK_RATE` with an anti-alias filter.

    Parameters
    ----------
    samples : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV without NaN.
    rate : float
        Samples per second (Hz).

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples * WORK_RATE / rate)
        The same seconds at 250 Hz.
    """
    if rate == WORK_RATE:
        return samples
    ratio = Fraction(WORK_RATE / rate).limit_denominator(1000)
    # "line" keeps an offset of the electrodes from ringing at both ends
    resampled: NDArray[np.float64] = resample_poly(
        samples, ratio.numerator, ratio.denominator, axis=-1, padtype="line"
    )
    return resampled


def band(samples: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """Band-pass leads at `WORK_RATE`, forwards and backwards so that nothing moves in time.

    Parameters
    ----------
    samples : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `WORK_RATE`.
    low, high : float
        Edges of the pass band (Hz).

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        Same shape, second order each way.
    """
    sections, start = _band_design(low, high)
    return both_ways(sections.copy(), start, samples, int(WORK_RATE))


def both_ways(
    sections: NDArray[np.float64],
    start: NDArray[np.float64],
    samples: NDArray[np.float64],
    pad: int,
) -> NDArray[np.float64]:
    """Filter forwards and backwards, the ends continued by their own mirror image.

    What `scipy.signal.sosfiltfilt` gives, without designing its beginning anew for every lead.

    Parameters
    ----------
    sections : ndarray of float64, shape (n_sections, 6)
        Second-order sections.
    start : ndarray of float64, shape (n_sections, 2)
        Their state at rest on a constant 1 (`scipy.signal.sosfilt_zi`).
    samples : ndarray of float64, shape (n_leads, n_samples)
        Leads.
    pad : int
        Samples of the mirror image; fewer when there are fewer.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        Filtered, nothing moved in time.
    """
    pad = min(pad, samples.shape[-1] - 1)
    first, last = samples[:, :1], samples[:, -1:]
    parts = (
        2 * first - samples[:, pad:0:-1], samples, 2 * last - samples[:, -2 : -pad - 2 : -1],
    )  # fmt: skip
    wave = np.concatenate(parts, axis=1)
    for _ in range(2):
        wave, _ = sosfilt(sections, wave, axis=1, zi=start[:, None, :] * wave[None, :, :1])
        wave = wave[:, ::-1]
    return np.ascontiguousarray(wave[:, pad : wave.shape[1] - pad])


@cache
def _band_design(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    sections = butter(2, (low, high), btype="bandpass", fs=WORK_RATE, output="sos")
    start = sosfilt_zi(sections)
    sections.flags.writeable = start.flags.writeable = False
    return sections, start


def smooth(samples: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Smooth with a Hann window of a given length.

    Parameters
    ----------
    samples : ndarray of float64, shape (n_samples,)
        At `WORK_RATE`.
    seconds : float
        Length of the window (s).

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        Smoothed; the ends see zeros beyond them.
    """
    window = np.hanning(max(3, round(seconds * WORK_RATE) | 1) + 2)
    return np.convolve(samples, window / window.sum(), mode="same")
