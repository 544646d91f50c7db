"""Regular atrial waves of 190 to 360 a minute, told by how well a lead repeats itself."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from workbench.ecg.atrial_train import STEP_HZ

PERIOD_S = (0.168, 0.31)
REPEATS = 0.48  # correlation with itself one and two waves later, in the second best lead
REPEATS_WITH_T = 0.70  # where T could not be taken off
CONSTANT = {2: 0.988, 3: 0.80, 4: 0.52, 5: 0.52, 6: 0.52}  # by waves for each QRS: T hides some
# Beside a narrow QRS, and with RR so long, P and T of a sinus rhythm are not half an RR apart.
TWO_WAVES, TWO_RR_S, TWO = 2, 0.455, 0.78
LEAST_SAMPLES = 120  # pairs compared


def flutter_bpm(
    rest: NDArray[np.float64], hidden: NDArray[np.bool_], least: float = REPEATS
) -> float | None:
    """Rate of atrial waves that follow each other without a pause.

    Parameters
    ----------
    rest : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `STEP_HZ`, without baseline; all leads, limb leads included.
    hidden : ndarray of bool, shape (n_samples,)
        Samples not to look at: QRS, and T where it was not taken off.
    least : float, optional
        Correlation that must be reached one period and two periods later.

    Returns
    -------
    float or None
        Waves per minute; None when no lead repeats itself so.

    References
    ----------
    .. [1] Method of this project; measured in docs/validation/ecg-rate.md.
    """
    low, high = (round(s * STEP_HZ) for s in PERIOD_S)
    lags = np.arange(low - 1, 2 * high + 2)
    found = _all_repeats(rest, hidden, lags)
    best, rate = least, None
    for k in range(1, high - low + 2):
        twice = 2 * int(lags[k]) - int(lags[0])
        here, beside = found[:, k], np.maximum(found[:, k - 1], found[:, k + 1])
        again = found[:, twice - 1 : twice + 2].max(axis=1)
        both = _second(np.where(here >= beside - 1e-9, np.minimum(here, again), -1.0))
        if both >= best:
            best, rate = both, 60.0 * STEP_HZ / float(lags[k])
    return rate


def constant_flutter_bpm(
    rest: NDArray[np.float64], in_qrs: NDArray[np.bool_], rr_s: float, *, narrow: bool = False
) -> float | None:
    """Rate of atrial waves of which every second to sixth is conducted.

    Parameters
    ----------
    rest : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `STEP_HZ`, without baseline, with T.
    in_qrs : ndarray of bool, shape (n_samples,)
        Inside QRS.
    rr_s : float
        Interval between QRS (s), the same for all.
    narrow : bool, optional
        Whether QRS is narrow, so that its end and its T are not taken for waves.

    Returns
    -------
    float or None
        Waves per minute; None when the leads do not repeat themselves at a whole share of RR.
    """
    best: tuple[float, float] | None = None
    for parts, usual in CONSTANT.items():
        period = rr_s / parts
        if not PERIOD_S[0] <= period <= PERIOD_S[1]:
            continue
        apart = parts == TWO_WAVES and narrow and rr_s >= TWO_RR_S
        least = TWO if apart else usual
        steps = (1, 2) if parts > 2 else (1,)
        lags = np.array([round(n * period * STEP_HZ) for n in steps])
        alike = _second(_repeats(rest, in_qrs, lags).min(axis=1))
        if alike >= least and (best is None or alike - least > best[0]):
            best = (alike - least, 60.0 / period)
    return None if best is None else best[1]


def _second(values: NDArray[np.float64]) -> float:
    """The second largest: one lead may repeat itself by chance."""
    kept = np.sort(np.where(np.isfinite(values), values, -1.0))
    return float(kept[-min(2, kept.size)])


def _all_repeats(
    rest: NDArray[np.float64], hidden: NDArray[np.bool_], lags: NDArray[np.intp]
) -> NDArray[np.float64]:
    """What `_repeats` gives, of many lags at once, by way of their spectra."""
    shown = (~hidden).astype(np.float64)
    seen = rest * shown
    # so long that no end meets the beginning
    size = next_fast_len(rest.shape[1] + int(lags.max()) + 1, real=True)
    one, square = rfft(seen, size, axis=1), rfft(seen**2, size, axis=1)
    mask = rfft(shown, size)
    both = irfft(np.abs(mask) ** 2, size)[lags]
    later = irfft(square * mask.conj(), size, axis=1)[:, lags]
    sooner = irfft(square.conj() * mask, size, axis=1)[:, lags]
    alike = irfft(np.abs(one) ** 2, size, axis=1)[:, lags]
    energy = np.maximum(later, 0.0) * np.maximum(sooner, 0.0)
    return np.where(np.rint(both) < LEAST_SAMPLES, np.nan, alike / np.sqrt(energy + 1e-18))


def _repeats(
    rest: NDArray[np.float64], hidden: NDArray[np.bool_], lags: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Correlation of each lead with itself so many samples later, where both are to be seen."""
    shown = (~hidden).astype(np.float64)
    seen = rest * shown
    square = seen**2
    found = np.full((rest.shape[0], lags.size), np.nan)
    for k, lag in enumerate(lags):
        both = shown[lag:] * shown[:-lag]
        if both.sum() < LEAST_SAMPLES:
            continue
        size = (square[:, lag:] * both).sum(axis=1) * (square[:, :-lag] * both).sum(axis=1)
        found[:, k] = (seen[:, lag:] * seen[:, :-lag]).sum(axis=1) / np.sqrt(size + 1e-18)
    return found
