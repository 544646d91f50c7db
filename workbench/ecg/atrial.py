"""Does the same thing precede every QRS? P waves locked to the ventricles, tested by likeness.

A delineator that looks for P finds one in fibrillation too. Here nothing is looked for: the
stretch before each QRS is compared with the usual stretch of all other beats. A P wave repeats,
fibrillation does not.
"""

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.filters import (
    WORK_RATE,
    Bands,
    calm_leads,
    independent_leads,
)
from workbench.ecg.straight_line import without_line

BAND_HZ = (1.0, 20.0)
FROM_S, TO_S = -0.26, -0.06  # before the R time: from the longest usual P onset to before QRS
LEAST_RR_S = 0.50  # nearer beats have the T wave of the last one inside the window
LEAST_BEATS = 4


def p_locking(
    trace: Trace,
    beats_s: NDArray[np.float64],
    leads: tuple[str, ...] | None = None,
    bands: Bands | None = None,
) -> float:
    """Likeness of what precedes each QRS.

    Parameters
    ----------
    trace : Trace
        Recording.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s).
    leads : tuple of str, optional
        Leads to use; by default all independent ones.
    bands : Bands, optional
        Of what `calm_leads` gives for these leads, when it is at hand.

    Returns
    -------
    float
        Median over beats of the correlation, over all leads together, of the stretch before the
        beat with the median stretch of the other beats: near 1 with P waves at a constant PR, lower
        without. NaN when fewer than four beats have room before them.

    References
    ----------
    .. [1] Method of this project; measured in docs/validation/ecg-rate.md.
    """
    names = independent_leads(trace) if leads is None else leads
    if not names or beats_s.size < LEAST_BEATS or trace.seconds < 2.0:
        return float("nan")
    bands = Bands(calm_leads(trace, names)) if bands is None else bands
    wave = bands.of(*BAND_HZ)
    stretches = _stretches(wave, beats_s)
    if stretches.shape[0] < LEAST_BEATS:
        return float("nan")
    alike = [
        _correlation(one, usual)
        for one, usual in zip(stretches, _of_the_others(stretches), strict=True)
    ]
    return float(np.median(alike))


def _of_the_others(stretches: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each stretch the median of all others, from what is left of their order without it."""
    ordered = np.sort(stretches, axis=0)
    others = stretches.shape[0] - 1

    def without(place: int) -> NDArray[np.float64]:
        lower, upper = ordered[place], ordered[place + 1]
        return np.asarray(np.where(stretches > lower, lower, upper))

    if others % 2:
        return without(others // 2)
    return np.asarray((without(others // 2 - 1) + without(others // 2)) / 2)


def _stretches(wave: NDArray[np.float64], beats_s: NDArray[np.float64]) -> NDArray[np.float64]:
    before = np.diff(beats_s, prepend=-np.inf)
    cut = []
    for at, room in zip(beats_s, before, strict=True):
        start, end = round((at + FROM_S) * WORK_RATE), round((at + TO_S) * WORK_RATE)
        if room < LEAST_RR_S or start < 0 or end > wave.shape[1]:
            continue
        cut.append(wave[:, start : start + round((TO_S - FROM_S) * WORK_RATE)])
    return without_line(np.array(cut)) if cut else np.empty((0, 0, 0))


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / scale if scale > 0 else 0.0
