"""Whether the same stretch precedes every QRS: atria and ventricles locked to each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.atrial_train import STEP_HZ
from workbench.ecg.quantiles import quantile_of
from workbench.ecg.straight_line import without_line

NEAR_S, FAR_S, END_S = -0.26, -0.42, -0.025  # before QRS onset
LEAST_S = 0.08
LEAST_BEATS = 4
QT_ROOT, QT_MORE_S = 0.42, 0.02  # QT of a usual heart is about this times the root of RR (s)


@dataclass(frozen=True, slots=True)
class Lock:
    """How much the stretches before QRS share.

    Attributes
    ----------
    ratio : float
        Energy of what they share over energy of what they do not, per degree of freedom; about 1
        without a locked wave.
    likeness : float
        Median correlation of one stretch with the mean of the others.
    share : float
        Share of the beats whose stretch is like that mean (correlation 0.7 or more).
    beats : int
        Beats compared.
    """

    ratio: float
    likeness: float
    share: float
    beats: int


def lock(
    rest: NDArray[np.float64],
    onsets_s: NDArray[np.float64],
    which: NDArray[np.bool_],
    from_s: float,
    free_s: float,
) -> Lock | None:
    """Compare what precedes QRS from beat to beat.

    Parameters
    ----------
    rest : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `STEP_HZ`, without baseline.
    onsets_s : ndarray of float64, shape (n_beats,)
        QRS onsets of all beats (s).
    which : ndarray of bool, shape (n_beats,)
        Beats to compare.
    from_s : float
        Where the stretch begins before QRS onset (s), negative.
    free_s : float
        After the QRS onset of the beat before: where the stretch may begin at the earliest (s).

    Returns
    -------
    Lock or None
        None when fewer than four beats have room before them.
    """
    before = np.diff(onsets_s, prepend=-np.inf)
    room = np.minimum(before - free_s, -from_s)
    inside = (onsets_s + from_s >= 0) & which
    enough = room[inside & (room >= LEAST_S - END_S)]
    if enough.size < LEAST_BEATS:
        return None
    # the longest stretch that four fifths of the beats have
    length_s = quantile_of(enough, 0.2)
    own = inside & (room >= length_s - 1e-9)
    if own.sum() < LEAST_BEATS:
        return None
    first, last = round(-length_s * STEP_HZ), round(END_S * STEP_HZ)
    at = np.round(onsets_s[own] * STEP_HZ).astype(int)
    places = at[:, None] + np.arange(first, last)
    part = np.moveaxis(rest[:, np.clip(places, 0, rest.shape[1] - 1)], 0, 1)
    part = without_line(part)
    count, mean = part.shape[0], part.mean(axis=0)
    apart = float(((part - mean) ** 2).sum()) / (count - 1)
    ratio = count * float((mean**2).sum()) / max(apart, 1e-12)
    others = (mean * count - part) / (count - 1)
    size = np.sqrt((part**2).sum(axis=(1, 2)) * (others**2).sum(axis=(1, 2)))
    alike = (part * others).sum(axis=(1, 2)) / np.maximum(size, 1e-12)
    return Lock(ratio, float(np.median(alike)), float((alike >= 0.7).mean()), count)


def usual_qt_s(rr_s: float) -> float:
    """QT to leave free after a beat.

    Parameters
    ----------
    rr_s : float
        Median RR (s).

    Returns
    -------
    float
        Seconds from QRS onset.
    """
    return float(np.clip(QT_ROOT * np.sqrt(rr_s) + QT_MORE_S, 0.26, 0.50))
