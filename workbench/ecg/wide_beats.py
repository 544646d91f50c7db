"""Beats that a search for steep slopes passes over: wide and smooth ones among narrow ones."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import find_peaks

from workbench.ecg.filters import WORK_RATE, Bands
from workbench.ecg.usual_stretch import take_off, usual_stretch

BAND_HZ = (2.0, 14.0)
HUMP_S = 0.10
BEFORE_S, AFTER_S = 0.10, 0.56  # of a usual beat, taken off
LEAST_BEATS = 3
LEAST_LEADS = 3  # in one or two a movement of the patient is as large and as wide
CLEAR_S = 0.22  # from any other beat: less is part of it
LIKE_USUAL = 0.40  # of the slope of a usual QRS in this band, in the median lead
OVER_REST = 3.0  # times what else lies between the beats
MOST_BAR = 0.8  # a run of wide beats is itself what lies between
T_AFTER_S = 0.42  # a second hump so soon is the T wave of the first
T_SHARE = 1.3
STRANGE_S = 0.52  # and of a beat of another shape found before, where what comes is
STRANGE_T = 1.0  # no larger than it
TALL, TALL_S = 0.5, 0.08  # of a usual QRS in the median lead, within so much of the hump
QRS_HZ, STEEP_HZ = (1.5, 25.0), (15.0, 40.0)
LARGE, SMALL, AS_STEEP = 0.8, 0.28, 0.8  # the large beats; a share of them; as steep as they
OVER_NOISE = 2.5  # a flank of QRS, not noise
SLOW_S = 0.6  # RR: P and T of faster beats leave no rest between them
LEAST_ALIKE, EVEN = 8, 0.06  # beats, and how far RR may be from the usual
ONE_DISTANCE_S, MOSTLY, OFTEN = 0.04, 0.6, 0.35
EDGE_S = 0.10  # the ends of a strip are steps for a filter
FAR_S = 1.1  # of the usual beat: where another may be coupled to it
COUPLED_LIKE = 0.6  # of the slope of a usual QRS: a tall T stays under it or comes sooner
COUPLED_S, OWN_T, OWN_T_S = 0.34, 0.15, (0.18, 0.50)
P_BEFORE_S = 0.25  # a hump so soon before the next beat is its P wave


def wide_beats(bands: Bands, beats: NDArray[np.intp]) -> NDArray[np.intp]:
    """Find wide beats among the others.

    The usual beat is taken off; what is left that is as large as a usual QRS, in most leads, is a
    beat of another shape.

    Parameters
    ----------
    bands : Bands
        Leads in mV without spikes and gaps.
    beats : ndarray of intp, shape (n_beats,)
        Samples of the beats found so far.

    Returns
    -------
    ndarray of intp, shape (n_more,)
        Samples of further beats, ascending.
    """
    nothing = np.empty(0, dtype=np.intp)
    if beats.size < LEAST_BEATS or bands.leads.shape[0] < LEAST_LEADS:
        return nothing
    wave = bands.of(*BAND_HZ)
    left = _without_usual(wave, beats)
    width = round(HUMP_S * WORK_RATE) | 1
    slope = uniform_filter1d(np.abs(np.gradient(left, axis=-1)), width, axis=-1)
    before = uniform_filter1d(np.abs(np.gradient(wave, axis=-1)), width, axis=-1)
    usual = np.median(before[:, beats], axis=1)
    if not np.all(usual > 0):
        return nothing
    share = np.median(slope / usual[:, None], axis=0)
    clear = round(CLEAR_S * WORK_RATE)
    own = [float(share[max(0, at - 12) : at + 13].max()) for at in beats]
    for at, strange in zip(beats, own, strict=True):
        share[max(0, at - clear) : at + clear + 1] = 0.0
        if strange >= LIKE_USUAL:
            # a beat of another shape was not taken off: its T wave is still there
            late = share[at + clear + 1 : at + round(STRANGE_S * WORK_RATE) + 1]
            late[late < STRANGE_T * strange] = 0.0
    rest = share[share > 0]
    if rest.size < WORK_RATE:
        return nothing
    bar = max(LIKE_USUAL, min(OVER_REST * float(np.median(rest)), MOST_BAR))
    peaks, _ = find_peaks(share, height=bar, distance=round(0.10 * WORK_RATE))
    kept: list[int] = []
    edge = round(EDGE_S * WORK_RATE)
    peaks = peaks[(peaks >= edge) & (peaks < wave.shape[1] - edge)]
    for at in peaks[_as_tall(left, wave, beats, peaks)]:
        if kept and at - kept[-1] < T_AFTER_S * WORK_RATE and share[at] < T_SHARE * share[kept[-1]]:
            continue
        kept.append(int(at))
    return np.array(kept, dtype=np.intp)


def as_large(bands: Bands, beats: NDArray[np.intp], sure: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell beats from the P waves that a search for slopes finds beside wide and smooth QRS.

    Parameters
    ----------
    bands : Bands
        Leads in mV without spikes and gaps.
    beats : ndarray of intp, shape (n_beats,)
        Samples of the beats found so far.
    sure : ndarray of bool, shape (n_beats,)
        Those that are as steep as most. The others are measured without the usual beat: a P
        wave on a large T wave is not as tall as both together.

    Returns
    -------
    ndarray of bool, shape (n_beats,)
        False for what is a quarter as tall as the large ones, in the median lead, and no steeper:
        a small QRS beside a giant ectopic beat is the steeper of both.
    """
    if beats.size < LEAST_BEATS or bands.leads.shape[0] < LEAST_LEADS:
        return np.ones(beats.size, dtype=bool)
    reach = 2 * round(TALL_S * WORK_RATE) + 1
    wave = bands.of(*QRS_HZ)
    tall = maximum_filter1d(np.abs(wave), reach, axis=1)[:, beats]
    if sure.sum() >= LEAST_BEATS and not sure.all() and not _by_turns(beats, sure):
        left = maximum_filter1d(np.abs(_without_usual(wave, beats[sure])), reach, axis=1)
        tall[:, ~sure] = left[:, beats[~sure]]
    steepest = maximum_filter1d(np.abs(bands.of(*STEEP_HZ)), reach, axis=1)
    noise = np.maximum(np.median(steepest, axis=1), 1e-9)
    steep = steepest[:, beats]
    large = np.quantile(tall, LARGE, axis=1, keepdims=True)
    own = np.median(tall / np.maximum(large, 1e-9), axis=0) >= SMALL
    if own.sum() < 2:
        return np.ones(beats.size, dtype=bool)
    edge = np.median(steep / np.maximum(np.median(steep[:, own], axis=1), 1e-9)[:, None], axis=0)
    stands = np.median(steep / noise[:, None], axis=0) > OVER_NOISE
    return np.asarray(own | ((edge > AS_STEEP) & stands))


def _by_turns(beats: NDArray[np.intp], sure: NDArray[np.bool_]) -> bool:
    """Whether the less steep ones follow the others at one distance: alternans, or bigeminy."""
    at = np.flatnonzero(~sure & np.concatenate([[False], sure[:-1]]))
    if at.size < max(LEAST_BEATS, OFTEN * sure.sum()):
        return False
    since = (beats[at] - beats[at - 1]) / WORK_RATE
    return float((np.abs(since - np.median(since)) < ONE_DISTANCE_S).mean()) >= MOSTLY


def stands_tall(bands: Bands, beats: NDArray[np.intp]) -> float:
    """How far QRS stand out by height, when their slopes do not.

    Parameters
    ----------
    bands : Bands
        Leads in mV without spikes and gaps.
    beats : ndarray of intp, shape (n_beats,)
        Samples of the beats.

    Returns
    -------
    float
        Median height of QRS over the median of the highest points between two of them, all leads
        together; NaN with fewer than two beats, and where they follow too fast to have a rest
        between them.
    """
    if beats.size < 2 or float(np.median(np.diff(beats))) < SLOW_S * WORK_RATE:
        return float("nan")
    reach = round(TALL_S * WORK_RATE)
    size = np.sqrt((bands.of(*QRS_HZ) ** 2).sum(axis=0))
    own = [float(size[max(0, at - reach) : at + reach + 1].max()) for at in beats]
    between = [
        float(size[a + 2 * reach : b - 2 * reach].max(initial=0.0)) for a, b in pairwise(beats)
    ]
    return float(np.median(own)) / max(float(np.median(between)), 1e-9)


def stands_alike(bands: Bands, beats: NDArray[np.intp]) -> float:
    """How far QRS stand out of what differs between them, where they come like clockwork.

    In a fast tachycardia with wide QRS there is no rest to stand out of.

    Parameters
    ----------
    bands : Bands
        Leads in mV without spikes and gaps.
    beats : ndarray of intp, shape (n_beats,)
        Samples of the beats.

    Returns
    -------
    float
        Root mean square of the mean beat over that of the differences from it, all leads
        together; NaN where RR is uneven, or with fewer than `LEAST_ALIKE` beats.
    """
    rr = np.diff(beats)
    if beats.size < LEAST_ALIKE or np.quantile(np.abs(rr / np.median(rr) - 1), 0.9) > EVEN:
        return float("nan")
    wave, reach = bands.of(*QRS_HZ), round(TALL_S * WORK_RATE)
    inner = beats[(beats >= reach) & (beats < wave.shape[1] - reach)]
    each = wave[:, inner[:, None] + np.arange(-reach, reach + 1)]
    mean = each.mean(axis=1, keepdims=True)
    return float(np.sqrt((mean**2).mean()) / max(np.sqrt(((each - mean) ** 2).mean()), 1e-9))


def _as_tall(
    left: NDArray[np.float64],
    wave: NDArray[np.float64],
    beats: NDArray[np.intp],
    peaks: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Whether a hump is as tall as a QRS: beside a smooth QRS a P wave is as steep, but small."""
    reach = 2 * round(TALL_S * WORK_RATE) + 1
    usual = np.median(maximum_filter1d(np.abs(wave), reach, axis=1)[:, beats], axis=1)
    tall = maximum_filter1d(np.abs(left), reach, axis=1)[:, peaks]
    share = np.median(tall / np.maximum(usual, 1e-9)[:, None], axis=0)
    return np.asarray(share >= TALL)


def _without_usual(wave: NDArray[np.float64], beats: NDArray[np.intp]) -> NDArray[np.float64]:
    reach = np.arange(round(-BEFORE_S * WORK_RATE), round(FAR_S * WORK_RATE))
    stops = np.append(beats[1:], wave.shape[1] + reach.size)
    places = beats[:, None] + reach
    inside = (places >= 0) & (places < wave.shape[1]) & (places < stops[:, None] + reach[0])
    usual, _ = usual_stretch(wave, places, inside, LEAST_BEATS)
    after = _coupled(usual, float(np.median(np.diff(beats))) / WORK_RATE)
    out = wave.copy()
    take_off(out, places, inside & (reach < after * WORK_RATE), usual)
    return out


def _coupled(usual: NDArray[np.float64], rr_s: float) -> float:
    """How much of the usual beat may be taken off (s): not the wide beat that follows every one.

    In bigeminy a wide beat follows each usual one at the same distance. It is told from a T wave
    by its size and by a T wave of its own, which is not the P wave of the next beat.
    """
    width = round(HUMP_S * WORK_RATE) | 1
    slope = uniform_filter1d(np.abs(np.gradient(usual, axis=-1)), width, axis=-1)
    at = round(BEFORE_S * WORK_RATE)
    share = np.median(slope / np.maximum(slope[:, at : at + 1], 1e-9), axis=0)
    peaks, _ = find_peaks(share, height=OWN_T, distance=round(0.12 * WORK_RATE))
    after = (peaks - at) / WORK_RATE
    for k, since in enumerate(after):
        if since < COUPLED_S or share[peaks[k]] < COUPLED_LIKE:
            continue
        later = after[k + 1 :]
        later = later[later < rr_s - P_BEFORE_S] - since
        if np.any((later > OWN_T_S[0]) & (later < OWN_T_S[1])):
            return float(since - 0.14)
    return AFTER_S
