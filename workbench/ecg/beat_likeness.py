"""Whether a lead shows the heart at all: its beats are then like each other."""

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.filters import bridge_gaps

STEP_S = 0.010  # a QRS stays
FROM_S, TO_S = -0.12, 0.38  # around each beat: QRS and the better part of T
LEAST_BEATS = 4


def beat_likeness(
    trace: Trace, leads: tuple[str, ...], beats_s: NDArray[np.float64]
) -> dict[str, float]:
    """Compare the average of every other beat with the average of the rest, lead by lead.

    Parameters
    ----------
    trace : Trace
        Recording.
    leads : tuple of str
        Leads to look at.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats found in all leads together (s).

    Returns
    -------
    dict of str to float
        Correlation, -1 to 1: a heart gives nearly 1, noise about 0. Empty with fewer than four
        whole beats, where chance decides.
    """
    each = max(1, round(STEP_S * trace.rate))
    count = trace.millivolts.shape[1] // each
    if not leads or count == 0:
        return {}
    rows = np.stack([bridge_gaps(trace.lead(lead))[0] for lead in leads])
    coarse = rows[:, : count * each].reshape(len(leads), count, each).mean(axis=2)
    coarse[:, 1:] = (coarse[:, 1:] + coarse[:, :-1]) / 2  # over 20 ms mains at 50 Hz is nought
    step_s = each / trace.rate
    reach = np.arange(round(FROM_S / step_s), round(TO_S / step_s) + 1)
    places = np.round(beats_s / step_s).astype(int)[:, None] + reach
    places = places[(places[:, 0] >= 0) & (places[:, -1] < count)]
    if places.shape[0] < LEAST_BEATS:
        return {}
    cut = _level(coarse[:, places])
    odd, even = _level(np.median(cut[:, ::2], axis=1)), _level(np.median(cut[:, 1::2], axis=1))
    size = np.linalg.norm(odd, axis=-1) * np.linalg.norm(even, axis=-1)
    alike = (odd * even).sum(axis=-1) / np.maximum(size, 1e-12)
    return {lead: float(one) for lead, one in zip(leads, alike, strict=True)}


def _level(cut: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stretches less their mean and slope: drift is alike in neighbours and is no heart."""
    at = np.linspace(-1.0, 1.0, cut.shape[-1])
    cut = cut - cut.mean(axis=-1, keepdims=True)
    return np.asarray(cut - (cut @ at / (at @ at))[..., None] * at)
