"""Regular atrial waves of 190 to 360 a minute, told by how well a lead repeats itself."""

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.atrial_train import STEP_HZ

PERIOD_S = (0.168, 0.31)
REPEATS = 0.42  # correlation with itself one and two waves later, in the best lead
REPEATS_LOCKED = 0.60  # where T could not be taken off
LEAST_SAMPLES = 200  # pairs compared
T_FREE_S = 0.34  # after QRS onset: behind most of T


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
    shown = (~hidden).astype(np.float64)
    seen = rest * shown
    square = rest**2 * shown
    found = np.full((rest.shape[0], lags.size), np.nan)
    for k, lag in enumerate(lags):
        both = shown[lag:] * shown[:-lag]
        if both.sum() < LEAST_SAMPLES:
            continue
        size = (square[:, lag:] * both).sum(axis=1) * (square[:, :-lag] * both).sum(axis=1)
        found[:, k] = (seen[:, lag:] * seen[:, :-lag]).sum(axis=1) / np.sqrt(size + 1e-18)
    best, rate = least, None
    for k in range(1, high - low + 2):
        twice = 2 * int(lags[k]) - int(lags[0])
        here, beside = found[:, k], np.maximum(found[:, k - 1], found[:, k + 1])
        again = found[:, twice - 1 : twice + 2].max(axis=1)
        both = np.where(here >= beside, np.minimum(here, again), np.nan)
        if np.isfinite(both).any() and np.nanmax(both) >= best:
            best, rate = float(np.nanmax(both)), 60.0 * STEP_HZ / float(lags[k])
    return rate


def behind_t(in_qrs: NDArray[np.bool_], onsets_s: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Samples inside QRS or T of any beat.

    Parameters
    ----------
    in_qrs : ndarray of bool, shape (n_samples,)
        Inside QRS.
    onsets_s : ndarray of float64, shape (n_beats,)
        QRS onsets (s).

    Returns
    -------
    ndarray of bool, shape (n_samples,)
        True where T may be.
    """
    out = in_qrs.copy()
    for onset in onsets_s:
        first = max(0, round(onset * STEP_HZ))
        out[first : max(0, round((onset + T_FREE_S) * STEP_HZ))] = True
    return out
