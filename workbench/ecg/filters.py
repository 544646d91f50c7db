"""Preparing leads for beat detection: gaps bridged but remembered, one working rate, one band."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, resample_poly, sosfilt, sosfilt_zi

from workbench.domain.trace import Trace
from workbench.ecg.spikes import without_spikes

WORK_RATE = 250.0  # Hz; QRS energy lies below 40 Hz, so nothing a detector needs is lost
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


def bridged(trace: Trace, leads: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Bridge the gaps of several leads.

    Parameters
    ----------
    trace : Trace
        Recording.
    leads : sequence of str
        Names of leads it holds.

    Returns
    -------
    filled : ndarray of float64, shape (n_leads, n_samples)
        What `bridge_gaps` gives for each.
    recorded : ndarray of bool, shape (n_leads, n_samples)
        False where the line is ours.
    """
    rows = np.stack([trace.lead(name) for name in leads]).astype(np.float64)
    recorded = np.isfinite(rows)
    for k in np.flatnonzero(~recorded.all(axis=1)):
        rows[k] = bridge_gaps(rows[k])[0]
    return rows, np.asarray(recorded)


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
    if not leads:
        return np.empty((0, 0))
    return at_work_rate(without_spikes(bridged(trace, leads)[0], trace.rate), trace.rate)


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


class Bands:
    """Leads at `WORK_RATE` for several askers, each band of them filtered once.

    Attributes
    ----------
    leads : ndarray of float64, shape (n_leads, n_samples)
        In mV without gaps and spikes.
    """

    def __init__(self, leads: NDArray[np.float64]) -> None:
        self.leads = leads
        self._made: dict[tuple[float, float], NDArray[np.float64]] = {}

    def of(self, low: float, high: float) -> NDArray[np.float64]:
        """What `band` gives; shared, so nobody may write into it."""
        if (low, high) not in self._made:
            made = band(self.leads, low, high)
            made.flags.writeable = False
            self._made[low, high] = made
        return self._made[low, high]


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
    return np.convolve(samples, _hann(max(3, round(seconds * WORK_RATE) | 1)), mode="same")


@cache
def _hann(width: int) -> NDArray[np.float64]:
    window = np.hanning(width + 2)
    window /= window.sum()
    window.flags.writeable = False
    return window
