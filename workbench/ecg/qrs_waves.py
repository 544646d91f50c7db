"""Q, R, S, R' and S' of one lead between the limits of QRS."""

from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.wave_speed import RATE

LEAST_MV = 0.03  # a deflection lower than this is not a wave
NOISE_TIMES = 3.0  # nor one lower than so many standard errors of the averaged beat
MOST_MV = 0.10  # whatever the noise: a deflection as high as this is a wave
LEAST_MS = 6.0
NOTCH_SHARE = 0.04  # of the height of the deflection: smaller dents are no notches
DELTA_MS = 40.0  # where a delta wave slows the beginning of QRS


@dataclass(frozen=True, slots=True)
class Deflection:
    """One wave of QRS: samples from QRS onset (end exclusive), signed height, duration."""

    first: int
    last: int
    peak: int
    mv: float
    ms: float


def deflections(qrs: NDArray[np.float64], noise_mv: float) -> list[Deflection]:
    """Split QRS of one lead at the level of its onset into waves.

    A wave is 0.03 mV high (more in noise) and lasts 6 ms [1]_. What the curve does last counts as a
    wave only when it stands out from the J point by as much, so that a raised or lowered ST segment
    is neither R' nor S.

    Parameters
    ----------
    qrs : ndarray of float64, shape (n_samples,)
        From QRS onset to J in mV over the level at onset, at `workbench.ecg.wave_speed.RATE`.
    noise_mv : float
        Standard error of the averaged beat (mV); NaN when not known.

    Returns
    -------
    list of Deflection
        In order, of alternating sign.

    References
    ----------
    .. [1] The CSE Working Party. Recommendations for measurement standards in quantitative
       electrocardiography. Eur Heart J 1985;6:815-825.
    """
    least = least_wave(noise_mv)
    side = np.sign(qrs).astype(int)
    edges = np.flatnonzero(np.diff(side)) + 1
    starts, ends = [0, *edges.tolist()], [*edges.tolist(), qrs.size]
    kept: list[tuple[int, int]] = []
    for first, last in zip(starts, ends, strict=True):
        height = float(np.abs(qrs[first:last]).max())
        if height < least or 1000 * (last - first) / RATE < LEAST_MS:
            continue
        if last == qrs.size and height - abs(float(qrs[-1])) < least:
            continue
        if kept and side[kept[-1][0]] == side[first]:
            kept[-1] = (kept[-1][0], last)  # only a ripple lay between
        else:
            kept.append((first, last))
    return [_deflection(qrs, first, last) for first, last in kept]


def least_wave(noise_mv: float) -> float:
    """Height below which a deflection is not a wave.

    Parameters
    ----------
    noise_mv : float
        Standard error of the averaged beat (mV); NaN when not known.

    Returns
    -------
    float
        In mV.
    """
    return LEAST_MV if isnan(noise_mv) else min(max(LEAST_MV, NOISE_TIMES * noise_mv), MOST_MV)


def notches(qrs: NDArray[np.float64], waves: list[Deflection], noise_mv: float) -> int:
    """Count dents in the largest wave of QRS.

    Parameters
    ----------
    qrs : ndarray of float64, shape (n_samples,)
        As in `deflections`.
    waves : list of Deflection
        Its waves.
    noise_mv : float
        Standard error of the averaged beat (mV); NaN when not known.

    Returns
    -------
    int
        How often the curve turns back by 4 % of the height of the wave, and by what noise can not
        do.
    """
    if not waves:
        return 0
    largest = max(waves, key=lambda wave: abs(wave.mv))
    curve = np.sign(largest.mv) * qrs[largest.first : largest.last]
    least = max(NOTCH_SHARE * abs(largest.mv), least_wave(noise_mv))
    count, rising, extreme = 0, True, float(curve[0])
    for value in curve.tolist():
        if rising:
            extreme = max(extreme, value)
            if extreme - value >= least:
                rising, extreme = False, value
        else:
            extreme = min(extreme, value)
            if value - extreme >= least:
                rising, extreme = True, value
                count += 1
    return count


def initial_slope(qrs: NDArray[np.float64]) -> float | None:
    """Speed of the first 40 ms of QRS over the speed of the rest.

    Parameters
    ----------
    qrs : ndarray of float64, shape (n_samples,)
        As in `deflections`.

    Returns
    -------
    float or None
        Ratio of the mean absolute slopes: low with a delta wave. None when QRS is too short or does
        not move.
    """
    steps = np.abs(np.diff(qrs))
    cut = round(DELTA_MS * RATE / 1000)
    if steps.size < cut + 5 or not float(steps[cut:].mean()) > 0:
        return None
    return float(steps[:cut].mean() / steps[cut:].mean())


def _deflection(qrs: NDArray[np.float64], first: int, last: int) -> Deflection:
    peak = first + int(np.argmax(np.abs(qrs[first:last])))
    start, end = float(first), float(last - 1)
    if first > 0:
        start = first - 1 + _crossing(qrs[first - 1], qrs[first])
    if last < qrs.size:
        end = last - 1 + _crossing(qrs[last - 1], qrs[last])
    return Deflection(first, last, peak, float(qrs[peak]), 1000 * (end - start) / RATE)


def _crossing(a: float, b: float) -> float:
    """Where between two neighbouring samples the line passes the level."""
    return float(a / (a - b)) if a != b else 0.0
