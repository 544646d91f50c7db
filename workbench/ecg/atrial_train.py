"""A train of atrial waves, whatever the ventricles do: one shape that recurs at one interval.

QRS and T are taken off by the usual beat of each shape, then every short stretch between the QRS is
tried as a pattern against all others. P waves recur at a nearly constant interval, seen or hidden
in a QRS; fibrillation and noise give patterns that recur nowhere or at no interval.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

STEP_HZ = 125.0  # of the search; P waves hold nothing above 40 Hz
BAND_HZ = (2.5, 22.0)
WINDOW_S = 0.13  # a P wave with its flanks
PP_S = (0.34, 1.70)  # atrial rate 35 to 176/min
LIKE = 0.68  # correlation over all leads of two waves of one train
SIZE = (0.45, 2.2)
SAME, SAME_SIZE = 0.80, (0.6, 1.6)  # of a wave that is one of the conducted P waves
SLOW_S = 0.022
MOST_PATTERNS = 10
LEAST_WAVES = 5
GIVE = 0.11  # of PP: sinus arrhythmia and ventriculophasic changes between neighbours
SEEN_SHARE = 0.72  # of the places where a wave must be seen
STRAY_SHARE = 0.34  # of waves that fit no place
WHOLE_SHARE = 0.55  # of all places of the recording, those hidden by QRS included


@dataclass(frozen=True, slots=True, eq=False)
class Train:
    """Atrial waves at one interval.

    Attributes
    ----------
    times_s : ndarray of float64, shape (n_waves,)
        Middle of the waves seen (s).
    period_s : float
        Interval between them (s).
    seen : float
        Share of the places outside QRS at which one was seen.
    strays : int
        Waves of the same shape that fit no place.
    """

    times_s: NDArray[np.float64]
    period_s: float
    seen: float
    strays: int


def find_train(rest: NDArray[np.float64], hidden: NDArray[np.bool_]) -> Train | None:
    """Find a train of waves of one shape.

    Parameters
    ----------
    rest : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `STEP_HZ`, `BAND_HZ`, with QRS and T taken off.
    hidden : ndarray of bool, shape (n_samples,)
        Where a wave cannot be seen: inside QRS, and where QRS and T could not be taken off.

    Returns
    -------
    Train or None
        The train that explains most of what is seen; None when no shape recurs at an interval.

    References
    ----------
    .. [1] Method of this project; measured in docs/validation/ecg-rate.md.
    """
    width = round(WINDOW_S * STEP_HZ) | 1
    half = width // 2
    if rest.shape[1] < 4 * width:
        return None
    windows, energy, open_ = _windows(rest, hidden, width)
    starts = _candidates(energy, open_, half)
    if starts.size < LEAST_WAVES:
        return None
    flat = windows.reshape(windows.shape[0], -1)
    size = np.linalg.norm(flat, axis=1)
    likeness = flat @ flat[starts].T / np.maximum(size[:, None] * size[starts][None], 1e-12)
    best: Train | None = None
    covered = _covered(open_, half)
    for k, start in enumerate(starts):
        ratio = size / max(size[start], 1e-12)
        like = np.where(open_ & (ratio > SIZE[0]) & (ratio < SIZE[1]), likeness[:, k], 0.0)
        waves = (_peaks(like, LIKE, width) + half) / STEP_HZ
        train = _train(waves.tolist(), covered)
        if train is not None and (best is None or worth(train) > worth(best)):
            best = train
    return best


def matching(
    rest: NDArray[np.float64], hidden: NDArray[np.bool_], like_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Find waves like given ones.

    Parameters
    ----------
    rest : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV at `STEP_HZ`, `BAND_HZ`.
    hidden : ndarray of bool, shape (n_samples,)
        Where a wave cannot be seen.
    like_s : ndarray of float64, shape (n_known,)
        Middle of the waves whose median is the pattern (s).

    Returns
    -------
    ndarray of float64, shape (n_found,)
        Middle of all waves of that shape (s), the given ones among them.
    """
    width = round(WINDOW_S * STEP_HZ) | 1
    half = width // 2
    # without the slow parts a T wave is small beside a P wave
    sharp = rest - gaussian_filter1d(rest, SLOW_S * STEP_HZ, axis=1)
    starts = np.round(like_s * STEP_HZ).astype(int) - half
    starts = starts[(starts >= 0) & (starts <= sharp.shape[1] - width)]
    if starts.size == 0:
        return np.empty(0)
    open_ = _open(hidden, width)
    straight = _straightened(width)
    own_windows = sharp[:, starts[:, None] + np.arange(width)] @ straight
    pattern = np.median(own_windows, axis=1)
    # windows are not cut out: their sums along the leads say the same
    size = np.sqrt(np.maximum(_energy(sharp, width), 0.0))
    own = float(np.linalg.norm(pattern))
    ratio = size / max(own, 1e-12)
    pairs = zip(sharp, pattern @ straight, strict=True)
    product = np.sum([np.correlate(row, one, "valid") for row, one in pairs], axis=0)
    like = product / np.maximum(size * own, 1e-12)
    like = np.where(open_ & (ratio > SAME_SIZE[0]) & (ratio < SAME_SIZE[1]), like, 0.0)
    return np.asarray((_peaks(like, SAME, width) + half) / STEP_HZ)


def worth(train: Train) -> float:
    """Say how much of what is seen a train explains.

    Parameters
    ----------
    train : Train
        The waves.

    Returns
    -------
    float
        Waves seen, less those that fit no place.
    """
    return train.times_s.size * train.seen - 0.7 * train.strays


def _windows(
    rest: NDArray[np.float64], hidden: NDArray[np.bool_], width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    view = np.lib.stride_tricks.sliding_window_view(rest, width, axis=1)
    # many small products: a large one would be given to threads that wait for each other
    windows = np.moveaxis(view, 0, 1) @ _straightened(width)
    energy = np.einsum("wls,wls->w", windows, windows)
    return windows, energy, _open(hidden, width)


@cache
def _straightened(width: int) -> NDArray[np.float64]:
    """What takes mean and slope off a window, shape (width, width)."""
    x = np.linspace(-1.0, 1.0, width)
    return np.asarray(np.eye(width) - 1.0 / width - np.outer(x, x) / float(x @ x))


def _energy(rest: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Energy of every window over all leads, mean and slope taken off."""
    x, ones = np.linspace(-1.0, 1.0, width), np.ones(width)
    total = np.convolve((rest**2).sum(axis=0), ones, "valid")
    for row in rest:
        total -= np.convolve(row, ones, "valid") ** 2 / width
        total -= np.correlate(row, x, "valid") ** 2 / float(x @ x)
    return total


def _open(hidden: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """Windows of which a wave can be seen."""
    return np.asarray(np.convolve(hidden, np.ones(width), "valid") <= 0.25 * width)


def _candidates(
    energy: NDArray[np.float64], open_: NDArray[np.bool_], half: int
) -> NDArray[np.intp]:
    """The places of most energy, no two overlapping."""
    left = np.where(open_, energy, 0.0)
    found = []
    for _ in range(MOST_PATTERNS):
        at = int(np.argmax(left))
        if left[at] <= 0:
            break
        found.append(at)
        left[max(0, at - half) : at + half + 1] = 0.0
    return np.array(found, dtype=np.intp)


def _peaks(like: NDArray[np.float64], least: float, width: int) -> NDArray[np.intp]:
    left = like.copy()
    found = []
    while True:
        at = int(np.argmax(left))
        if left[at] < least:
            break
        found.append(at)
        left[max(0, at - width) : at + width + 1] = 0.0
    return np.array(sorted(found), dtype=np.intp)


def _covered(open_: NDArray[np.bool_], half: int) -> list[int]:
    """How many samples before each one a wave can be centred on."""
    ends = np.zeros(half, dtype=bool)
    return [0, *np.cumsum(np.concatenate([ends, open_, ends])).tolist()]


def _train(times: list[float], covered: list[int]) -> Train | None:
    if len(times) < LEAST_WAVES:
        return None
    best: Train | None = None
    for period in _periods(times):
        for first in (0, len(times) // 2):
            train = _follow(times, first, period, covered)
            if train and (best is None or worth(train) > worth(best)):
                best = train
    return best


def _periods(times: list[float]) -> list[float]:
    """Intervals between neighbours and their parts, no two alike."""
    found: list[float] = []
    for gap in (b - a for a, b in pairwise(times)):
        for parts in (1, 2, 3):
            period = gap / parts
            if PP_S[0] <= period <= PP_S[1] and all(abs(period - p) > 0.05 * p for p in found):
                found.append(period)
    return found


def _follow(times: list[float], first: int, period: float, covered: list[int]) -> Train | None:
    """Walk from one wave to the next, over hidden places, both ways to the ends."""
    taken = {first}
    missed = 0
    lengths: list[float] = []
    end = (len(covered) - 1) / STEP_HZ
    for way in (1, -1):
        at, usual, steps = times[first], period, 1
        while steps <= 4:
            place = at + way * steps * usual
            if not 0 <= place < end:
                break
            k = bisect_left(times, place)
            k = min(
                (j for j in (k - 1, k) if 0 <= j < len(times)), key=lambda j: abs(times[j] - place)
            )
            if abs(times[k] - place) <= GIVE * usual * (1 + 0.3 * (steps - 1)) and k not in taken:
                taken.add(k)
                length = abs(times[k] - at) / steps
                lengths.append(length)
                usual, at, steps = 0.6 * usual + 0.4 * length, times[k], 1
                continue
            missed += _visible(covered, place, GIVE * usual)
            steps += 1
    if len(taken) < LEAST_WAVES:
        return None
    seen = len(taken) / (len(taken) + missed)
    strays = len(times) - len(taken)
    if seen < SEEN_SHARE or strays > STRAY_SHARE * len(taken):
        return None
    if len(taken) * float(np.median(lengths)) < WHOLE_SHARE * end:
        return None
    places = np.array([times[k] for k in sorted(taken)])
    return Train(places, float(np.median(lengths)), seen, strays)


def _visible(covered: list[int], place: float, give: float) -> int:
    first, last = round((place - give) * STEP_HZ), round((place + give) * STEP_HZ) + 1
    if first < 0 or last >= len(covered):
        return 0
    return int(covered[last] - covered[first] > 0.9 * (last - first))
