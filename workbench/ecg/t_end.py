"""Where repolarisation ends: in each lead by the slope of T, then over all leads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.ecg.quantiles import quantile_of
from workbench.ecg.wave_speed import RATE

WIDTH_S = 0.010
AFTER_J_S = 0.06
PEAK_ROOT = 0.56  # times the root of RR (s): no peak of T comes later after the onset of QRS
PEAK_S = (0.30, 0.62)  # and never limited nearer, nor farther, than this
LEAST_MV = 0.05  # lower T waves have no end that can be seen
LEAST_SHARE = 0.10  # of the tallest T
FALL_S = 0.18  # from the peak: where the steepest descent lies
FLAT = 0.17  # of the steepest descent: T has ended
LATE = 0.75  # quantile of the leads: nearly the latest, without the one that strays
LEAST_LEADS = 3

TOO_FLAT = "T is too flat in too many leads"
RUNS_ON = "T runs into the next beat"


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Leads and their slope, smoothed so far that T is one hump.

    Attributes
    ----------
    leads, slope : ndarray of float64, shape (n_leads, n_samples)
        In mV, and in mV for each sample.
    """

    leads: NDArray[np.float64]
    slope: NDArray[np.float64]


def smoothed(beats: NDArray[np.float64]) -> list[Smoothed]:
    """Smooth beats for the search of the end of T.

    Parameters
    ----------
    beats : ndarray of float64, shape (n_beats, n_leads, n_samples)
        Averaged beats in mV at `workbench.ecg.wave_speed.RATE`.

    Returns
    -------
    list of Smoothed
        Each of them.
    """
    smooth = gaussian_filter1d(beats, WIDTH_S * RATE, axis=2)
    slope = gaussian_filter1d(beats, WIDTH_S * RATE, axis=2, order=1)
    return [Smoothed(*pair) for pair in zip(smooth, slope, strict=True)]


def t_end(beat: Smoothed, qrs: tuple[int, int], limit: int, rr_s: float) -> float | str:
    """Find the end of T over all leads.

    In each lead the largest hump over the straight line from after J to the end of the stretch is
    T; it ends where its descent has become flatter than a share of its steepest part. U and P come
    after that and are not seen. Of the ends in all leads with a visible T the upper quartile is
    taken.

    Parameters
    ----------
    beat : Smoothed
        What `smoothed` gives of the averaged beat.
    qrs : tuple of (int, int)
        Samples where QRS begins and ends.
    limit : int
        Sample where the next P or QRS may begin.
    rr_s : float
        Mean RR interval (s); NaN when not known.

    Returns
    -------
    float or str
        Sample of the end of T, or why there is none.

    References
    ----------
    .. [1] Lepeschkin E, Surawicz B. The measurement of the Q-T interval of the electrocardiogram.
       Circulation 1952;6:378-388.
    .. [2] McLaughlin NB, Campbell RWF, Murray A. Comparison of automatic QT measurement techniques
       in the normal 12 lead electrocardiogram. Br Heart J 1995;74:84-89.
    .. [3] Shares chosen on whole sets, docs/validation/ecg-beats.md.
    """
    onset, j = qrs
    lead_count, samples = beat.leads.shape
    limit = min(limit, samples)
    root = PEAK_ROOT * np.sqrt(rr_s) if rr_s > 0 else PEAK_S[1]
    latest = onset + round(RATE * min(max(float(root), PEAK_S[0]), PEAK_S[1]))
    first, latest = j + round(AFTER_J_S * RATE), min(latest, limit - 10)
    if latest - first < round(0.06 * RATE):
        return RUNS_ON
    height, end = _ends(beat.leads, beat.slope, (first, latest, limit))
    visible = height >= max(LEAST_MV, LEAST_SHARE * float(height.max(initial=0.0)))
    if visible.sum() < min(LEAST_LEADS, lead_count):
        return TOO_FLAT
    ends = end[visible & (end < limit - 1)]
    # where most leads do not come to rest, the few that do are not the latest
    if len(ends) < min(LEAST_LEADS, lead_count) or 2 * len(ends) < visible.sum():
        return RUNS_ON
    return quantile_of(ends, LATE)


def _ends(
    smooth: NDArray[np.float64], slope: NDArray[np.float64], where: tuple[int, int, int]
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Height of T over the straight line, and the sample where it ends (the limit: nowhere)."""
    first, latest, limit = where
    rows = np.arange(smooth.shape[0])
    tail = smooth[:, min(latest + round(0.08 * RATE), limit - 1) : limit].mean(axis=1)
    along = np.arange(latest - first) / (limit - first - 1)
    begin = smooth[:, first]
    over = smooth[:, first:latest] - begin[:, None] - (tail - begin)[:, None] * along
    top = np.argmax(np.abs(over), axis=1)
    highest = over[rows, top]
    descent = -np.sign(highest)[:, None] * slope[:, first:limit]
    place = np.arange(limit - first)
    falls = (place >= top[:, None]) & (place < top[:, None] + round(FALL_S * RATE))
    steepest = np.argmax(np.where(falls, descent, -np.inf), axis=1)
    most = descent[rows, steepest]
    flat = (place >= steepest[:, None]) & (descent <= FLAT * most[:, None])
    ended = flat.any(axis=1) & (most > 0)
    return np.abs(highest), np.where(ended, first + np.argmax(flat, axis=1), limit)
