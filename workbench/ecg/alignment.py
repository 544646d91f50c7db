"""Which beats are of one shape, and where exactly each of them lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.filters import WORK_RATE, at_work_rate, band, bridged
from workbench.ecg.quantiles import median_of

BAND_HZ = (3.0, 40.0)
REACH_S = 0.10  # of the stretch compared, on both sides of the beat
SHIFT_S = 0.06  # the detector's time of one shape varies by less
ALIKE = 0.90  # correlation over all leads of beats of one shape
SIZE = 1.6  # and no more than so many times as large
MOST = 150  # beats compared; of a longer recording evenly spread ones
ONSET_SHARE = 0.05
ONSET_LEAST_S, ONSET_MOST_S = 0.06, 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Alike:
    """Beats of the most frequent shape.

    Attributes
    ----------
    index : ndarray of intp, shape (n_alike,)
        Which of the beats given they are.
    times_s : ndarray of float64, shape (n_alike,)
        Their point of alignment (s): the same point of the QRS in all of them.
    onset_s : float
        From the earliest slope of their QRS to that point (s), roughly.
    """

    index: NDArray[np.intp]
    times_s: NDArray[np.float64]
    onset_s: float


def alike_beats(trace: Trace, beats_s: NDArray[np.float64], leads: tuple[str, ...]) -> Alike | None:
    """Find the beats of the most frequent shape and lay them on each other.

    Parameters
    ----------
    trace : Trace
        Recording.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats in s, ascending.
    leads : tuple of str
        Leads to compare, all together.

    Returns
    -------
    Alike or None
        None when no beat has room for the stretch compared inside the strip.

    References
    ----------
    .. [1] Laguna P, Simon B, Sornmo L. Improvement in high-resolution ECG analysis by interpolated
       time alignment. Comput Cardiol 1997;24:617-620.
    """
    wave = band(at_work_rate(bridged(trace, leads)[0], trace.rate), *BAND_HZ)
    reach, shift = round(REACH_S * WORK_RATE), round(SHIFT_S * WORK_RATE)
    centre = np.round(beats_s * WORK_RATE).astype(int)
    room = np.flatnonzero((centre >= reach + shift) & (centre + reach + shift < wave.shape[1]))
    if room.size == 0:
        return None
    if room.size > MOST:
        room = room[np.linspace(0, room.size - 1, MOST).round().astype(int)]
    pieces = _pieces(wave, centre[room], reach + shift)
    steps = 2 * shift + 1
    likeness = _likeness(pieces[:, :, shift:-shift], pieces, steps)
    chosen, pivot = _most_frequent(likeness.max(axis=0), np.diff(beats_s, prepend=np.nan)[room])
    moved = likeness[:, pivot, :].argmax(axis=0)
    length = 2 * reach + 1
    usual = np.mean([pieces[k, :, moved[k] : moved[k] + length] for k in chosen], axis=0)
    again = _likeness(usual[None], pieces, steps)[:, 0, :]
    members = np.flatnonzero(again.max(axis=0) >= ALIKE)
    if members.size == 0:
        members = chosen
    fine = np.array([_peak(again[:, k]) for k in members]) - shift
    times = (centre[room[members]] + fine) / WORK_RATE
    return Alike(room[members], times, _onset(usual, reach))


def _pieces(wave: NDArray[np.float64], centre: NDArray[np.intp], reach: int) -> NDArray[np.float64]:
    """Stretches around the beats, shape (n_beats, n_leads, 2 * reach + 1)."""
    places = centre[:, None] + np.arange(-reach, reach + 1)
    return np.moveaxis(wave[:, places], 0, 1)


def _likeness(
    patterns: NDArray[np.float64], pieces: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Correlation of every pattern with every piece at every shift, (steps, patterns, pieces)."""
    length = patterns.shape[-1]
    # lead by lead: products as small as these are not given to threads that wait for each other
    by_lead, places = patterns.transpose(1, 0, 2), pieces.transpose(1, 2, 0)
    own = np.sqrt((patterns**2).sum(axis=(1, 2)))[:, None]
    power = np.cumsum((pieces**2).sum(axis=1), axis=1)
    power = np.concatenate([np.zeros((pieces.shape[0], 1)), power], axis=1)
    theirs = np.sqrt(np.maximum(power[:, length : length + steps] - power[:, :steps], 0.0))
    theirs = theirs.T[:, None]
    product = np.empty((steps, patterns.shape[0], pieces.shape[0]))
    for step in range(steps):
        product[step] = (by_lead @ places[:, step : step + length]).sum(axis=0)
    ratio = own / np.maximum(theirs, 1e-12)
    alike = product / np.maximum(own * theirs, 1e-12)
    return np.asarray(np.where((ratio < SIZE) & (ratio > 1 / SIZE), alike, 0.0))


def _most_frequent(
    likeness: NDArray[np.float64], before_s: NDArray[np.float64]
) -> tuple[NDArray[np.intp], int]:
    """Members of the largest group and the one most like the others.

    A group smaller by one is as frequent: an end of the strip may have cut its last beat. Of those
    the one whose beats come latest after their forerunners is the patient's own rhythm.
    """
    near = likeness >= ALIKE
    np.fill_diagonal(near, val=True)
    count = near.sum(axis=1)
    most = int(count.max())
    enough = np.flatnonzero(count >= max(most - 1, 1))
    waited = [
        median_of(before) if (before := before_s[near[k] & np.isfinite(before_s)]).size else 0.0
        for k in enough
    ]
    first = enough[int(np.lexsort((-enough, count[enough], np.round(waited, 1)))[-1])]
    chosen = np.flatnonzero(near[first])
    inner = likeness[np.ix_(chosen, chosen)].sum(axis=1)
    return chosen, int(chosen[int(np.argmax(inner))])


def _peak(row: NDArray[np.float64]) -> float:
    """Place of the maximum between the samples, by a parabola."""
    k = int(np.argmax(row))
    if not 0 < k < row.size - 1:
        return float(k)
    a, b, c = row[k - 1], row[k], row[k + 1]
    bend = a - 2 * b + c
    return float(k) if bend >= 0 else float(k + 0.5 * (a - c) / bend)


def _onset(usual: NDArray[np.float64], reach: int) -> float:
    slope = np.sqrt((np.gradient(usual, axis=-1) ** 2).sum(axis=0))[: reach + 1]
    steep = np.flatnonzero(slope > ONSET_SHARE * slope.max())
    return float(np.clip((reach - steep[0]) / WORK_RATE, ONSET_LEAST_S, ONSET_MOST_S))
