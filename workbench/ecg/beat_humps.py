"""Humps of slope: which of them are beats, which T waves, and which lie between."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter

from workbench.ecg.filters import WORK_RATE, smooth
from workbench.ecg.quantiles import median_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorDesign:
    """Design constants of the detector; physiology and filters, not clinical limits.

    They were set on synthetic traces and on whole databases at once, never on a single record
    (docs/validation/ecg-rate.md).
    """

    band_hz: tuple[float, float] = (8.0, 30.0)
    hump_s: float = 0.10  # one QRS becomes one hump of slope
    refractory_s: float = 0.20  # 300/min; two ventricular activations are never nearer
    segment_s: float = 3.0  # longer than one RR at 25/min
    level_span: int = 7  # segments that vote on the height of a QRS around them
    accept: float = 0.34  # of the height of a usual QRS
    sure: float = 0.62  # a P wave beside a wide and smooth QRS is not as steep
    silent: float = 0.30  # of the second highest segment: no beat in it
    t_window_s: float = 0.36
    t_share: float = 0.50  # a hump this soon after a QRS and this much blunter is its T wave
    t_height: float = 0.55  # no T wave has so much of the slope of its QRS
    t_lone: float = 0.38  # of the height of its QRS: a T wave, unless most other beats have none
    t_near_s: float = 0.06
    t_alike: float = 0.6
    t_least: int = 3  # other beats with room for one
    t_leads: int = 3  # in one or two leads noise makes such humps
    t_usual: float = 0.3
    unclear: float = 2.0
    shape_hz: tuple[float, float] = (2.0, 25.0)  # what tells one shape from another
    sharp_hz: tuple[float, float] = (15.0, 40.0)  # where T waves have next to nothing
    back_gap: float = 1.25  # of the usual RR: look again in so long a silence
    back_accept: float = 0.12
    back_stand_out: float = 2.2  # times what usually lies between two beats
    cut_s: float = 0.025  # nearer to an end of the strip the time of a beat is not known
    back_over_median: float = 3.0  # times the humps of that very silence


DESIGN = DetectorDesign()


def summed_slope(waves: NDArray[np.float64], design: DetectorDesign) -> NDArray[np.float64]:
    """Add the slopes of all leads, each measured against its own quiet parts.

    Parameters
    ----------
    waves : ndarray of float64, shape (n_leads, n_samples)
        Band-passed leads in mV, at `WORK_RATE`.
    design : DetectorDesign
        Design constants.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        One hump for each QRS; no unit.
    """
    slope = np.abs(np.gradient(waves, axis=-1)) * WORK_RATE  # mV/s
    hump = np.stack([smooth(row, design.hump_s) for row in slope])
    quiet, tall = np.quantile(hump, [0.30, 0.98], axis=-1, keepdims=True)
    # how far QRS stand above the quiet parts says what a lead is worth; the cap keeps a nearly
    # noiseless lead from speaking for all
    worth = np.clip(tall / np.maximum(quiet, 1e-6), 1.0, 20.0) - 1.0
    weight = worth / np.maximum(tall, 1e-6)
    total = (weight * hump).sum(axis=0)
    return np.asarray(total / max(worth.sum(), 1e-6))


def usual_height(
    peaks: NDArray[np.intp], hump: NDArray[np.float64], design: DetectorDesign
) -> NDArray[np.float64]:
    """Give the height of a usual QRS around each hump.

    Parameters
    ----------
    peaks : ndarray of intp, shape (n_peaks,)
        Samples of the humps.
    hump : ndarray of float64, shape (n_samples,)
        Of `summed_slope`.
    design : DetectorDesign
        Design constants.

    Returns
    -------
    ndarray of float64, shape (n_peaks,)
        In the unit of `hump`.
    """
    step = round(design.segment_s * WORK_RATE)
    starts = np.arange(0, max(hump.size - step // 2, 1), step)
    highest = np.array([hump[s : s + step].max() for s in starts])
    if highest.size > 2:
        # a segment inside a pause knows nothing of the height of QRS
        silent = highest < design.silent * np.partition(highest, -2)[-2]
        known = np.flatnonzero(~silent)
        highest = np.interp(np.arange(highest.size), known, highest[known])
    size = min(design.level_span, highest.size - 1 + highest.size % 2)
    # mirrored ends: one artefact in the last segment cannot outvote its neighbours
    voted = median_filter(highest, size=size, mode="mirror")
    centres = starts + step / 2
    usual: NDArray[np.float64] = np.interp(peaks, centres, voted)
    return usual


def choose(
    peaks: NDArray[np.intp],
    hump: NDArray[np.float64],
    sharp: NDArray[np.float64],
    design: DetectorDesign,
) -> NDArray[np.intp]:
    """Tell beats from T waves and from what lies between.

    Parameters
    ----------
    peaks : ndarray of intp, shape (n_peaks,)
        Samples of the humps, ascending.
    hump : ndarray of float64, shape (n_samples,)
        Of `summed_slope`.
    sharp : ndarray of float64, shape (n_samples,)
        The same of a band in which T waves have next to nothing.
    design : DetectorDesign
        Design constants.

    Returns
    -------
    ndarray of intp, shape (n_beats,)
        Samples of those that are beats.
    """
    if peaks.size == 0:
        return peaks
    height = hump[peaks] / np.maximum(usual_height(peaks, hump, design), 1e-9)
    reach = round(0.04 * WORK_RATE)
    edge = maximum_filter1d(sharp, 2 * reach + 1)[peaks]
    first = _pass(peaks, height, edge, design)
    if first.size < 3:
        return peaks[first]
    return peaks[_look_again(first, peaks, height, design)]


def _pass(
    peaks: NDArray[np.intp],
    height: NDArray[np.float64],
    edge: NDArray[np.float64],
    design: DetectorDesign,
) -> NDArray[np.intp]:
    kept: list[int] = []
    passed: list[tuple[int, int]] = []
    for i in np.flatnonzero(height >= design.accept):
        if kept:
            last = kept[-1]
            since = (peaks[i] - peaks[last]) / WORK_RATE
            if since < design.refractory_s:
                if height[i] > height[last]:
                    kept[-1] = int(i)
                continue
            blunt = edge[i] < design.t_share * edge[last]
            low = height[i] < design.t_height * height[last]
            if since < design.t_window_s and blunt and low:
                passed.append((int(i), int(last)))
                continue
        kept.append(int(i))
    lone = [i for i, last in passed if _is_lone(i, last, kept, peaks, height, design)]
    return np.sort(np.array(kept + lone, dtype=np.intp))


def _is_lone(
    i: int,
    last: int,
    kept: list[int],
    peaks: NDArray[np.intp],
    height: NDArray[np.float64],
    design: DetectorDesign,
) -> bool:
    """Whether a hump taken for a T wave is the only one of its kind: other beats have none."""
    ratio, since = height[i] / height[last], peaks[i] - peaks[last]
    if ratio < design.t_lone:
        return False
    near = round(design.t_near_s * WORK_RATE)
    seen = []
    for one, after in pairwise(kept):
        if one == last or peaks[after] - peaks[one] < since + 2 * near:
            continue
        apart = peaks[one + 1 : after] - peaks[one] - since
        own = height[one + 1 : after][np.abs(apart) <= near]
        seen.append(own.max(initial=0.0) / height[one] >= design.t_alike * ratio)
    return len(seen) >= design.t_least and float(np.mean(seen)) < design.t_usual


def _look_again(
    first: NDArray[np.intp],
    peaks: NDArray[np.intp],
    height: NDArray[np.float64],
    design: DetectorDesign,
) -> NDArray[np.intp]:
    """Add humps in long silences that stand out from what usually lies between two beats."""
    between = np.array([height[a + 1 : b].max(initial=0.0) for a, b in pairwise(first)])
    usual = float(np.median(np.diff(peaks[first])))
    clear = design.t_window_s * WORK_RATE
    edges = [-1, *first, peaks.size]
    kept: list[int] = []
    for k, after in enumerate(edges[1:]):
        near = between[max(0, k - 4) : k + 4]
        bar = max(design.back_accept, design.back_stand_out * median_of(near))
        end = peaks[after] - design.refractory_s * WORK_RATE if after < peaks.size else np.inf
        while True:
            start = peaks[kept[-1]] + clear if kept else 0.0
            if end - start < design.back_gap * usual - clear:
                break
            inside = np.arange(np.searchsorted(peaks, start), np.searchsorted(peaks, end))
            if inside.size == 0:
                break
            # with one or two humps their median says nothing about the noise
            noise = float(np.median(height[inside])) if inside.size > 2 else 0.0
            local = design.back_over_median * noise
            inside = inside[height[inside] >= max(bar, local)]
            if inside.size == 0:
                break
            kept.append(int(inside[0]))
        if after < peaks.size:
            kept.append(int(after))
    return np.array(kept, dtype=np.intp)
