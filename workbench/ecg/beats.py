"""Where the ventricles were activated: one detector that looks at all leads at once."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, median_filter
from scipy.signal import find_peaks

from workbench.domain.trace import Trace
from workbench.ecg.beat_times import settled_times
from workbench.ecg.filters import (
    WORK_RATE,
    band,
    calm_leads,
    independent_leads,
    smooth,
)
from workbench.ecg.wide_beats import as_large, stands_tall, wide_beats


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
    silent: float = 0.30  # of the second highest segment: no beat in it
    t_window_s: float = 0.36
    t_share: float = 0.50  # a hump this soon after a QRS and this much blunter is its T wave
    t_height: float = 0.55  # no T wave has so much of the slope of its QRS
    unclear: float = 2.0
    shape_hz: tuple[float, float] = (2.0, 25.0)  # what tells one shape from another
    sharp_hz: tuple[float, float] = (15.0, 40.0)  # where T waves have next to nothing
    back_gap: float = 1.25  # of the usual RR: look again in so long a silence
    back_accept: float = 0.12
    back_stand_out: float = 2.2  # times what usually lies between two beats
    cut_s: float = 0.025  # nearer to an end of the strip the time of a beat is not known
    back_over_median: float = 3.0  # times the humps of that very silence


DESIGN = DetectorDesign()


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """Activations found, and how clearly.

    Attributes
    ----------
    times_s : ndarray of float64, shape (n_beats,)
        Moment of the largest QRS deflection over all leads used, in s from the start.
    clarity : float
        Median height of the beats over the median of the highest humps between two of them; NaN
        with fewer than two beats. Noise alone gives about 1.
    leads : tuple of str
        Leads the detector looked at.
    """

    times_s: NDArray[np.float64]
    clarity: float
    leads: tuple[str, ...]


def find_beats(
    trace: Trace,
    leads: tuple[str, ...] | None = None,
    design: DetectorDesign = DESIGN,
    calm: NDArray[np.float64] | None = None,
) -> Beats:
    """Find every ventricular activation from the summed slope of the independent leads.

    Each lead is band-passed, its slope measured against its own quiet parts (so that a noisy lead
    weighs little), and the slopes are added. Humps of the sum that stand as high as a usual QRS are
    beats; a low hump soon after a beat is its T wave; a long silence is searched again with a lower
    bar. Rates from 20 to 280/min need no setting.

    Parameters
    ----------
    trace : Trace
        Any length from 2 s and any leads; NaN gaps are bridged for filtering, and no beat is
        reported inside them.
    leads : tuple of str, optional
        Leads to look at; by default all independent leads of the trace.
    design : DetectorDesign, optional
        Design constants.
    calm : ndarray of float64, shape (n_leads, n_samples), optional
        What `calm_leads` gives for these leads, when it is at hand.

    Returns
    -------
    Beats
        Empty when nothing stands out.
    """
    names = independent_leads(trace) if leads is None else leads
    nothing = Beats(np.empty(0), float("nan"), names)
    if not names or trace.seconds < 2.0:
        return nothing
    calm = calm_leads(trace, names) if calm is None else calm
    if not np.any(np.ptp(calm, axis=-1) > 0):
        return nothing
    waves = band(calm, *design.band_hz)
    hump = _summed_slope(waves, design)
    peaks, _ = find_peaks(hump, distance=round(0.06 * WORK_RATE))
    chosen = _choose(peaks, hump, _summed_slope(band(calm, *design.sharp_hz), design), design)
    if chosen.size == 0:
        return nothing
    chosen = chosen[as_large(calm, chosen)]
    wide = wide_beats(calm, chosen)
    clarity = _clarity(chosen, np.setdiff1d(peaks, _around(wide, peaks)), hump)
    if not clarity >= design.unclear:
        # smooth QRS are no steeper than P waves, but taller
        clarity = float(np.nanmax([clarity, stands_tall(calm, chosen)]))
    chosen = np.union1d(chosen, wide)
    rows = [trace.leads.index(name) for name in names]
    recorded = np.asarray(np.isfinite(trace.millivolts[rows]).any(axis=0))
    inside = recorded[np.minimum((chosen / WORK_RATE * trace.rate).astype(int), recorded.size - 1)]
    chosen = chosen[inside]
    times = settled_times(band(calm, *design.shape_hz), _at_largest(chosen, waves, design))
    return Beats(np.asarray(times / WORK_RATE, dtype=np.float64), clarity, names)


def _around(wide: NDArray[np.intp], peaks: NDArray[np.intp]) -> NDArray[np.intp]:
    """Humps that belong to wide beats or their T waves: they are not what lies between beats."""
    apart = peaks[:, None] - wide[None] if wide.size else np.full((peaks.size, 1), 10**6)
    inside = (apart > -0.16 * WORK_RATE) & (apart < 0.50 * WORK_RATE)
    return np.asarray(peaks[inside.any(axis=1)])


def _summed_slope(waves: NDArray[np.float64], design: DetectorDesign) -> NDArray[np.float64]:
    slope = np.abs(np.gradient(waves, axis=-1)) * WORK_RATE  # mV/s
    hump = np.stack([smooth(row, design.hump_s) for row in slope])
    quiet = np.quantile(hump, 0.30, axis=-1, keepdims=True)
    tall = np.quantile(hump, 0.98, axis=-1, keepdims=True)
    # how far QRS stand above the quiet parts says what a lead is worth; the cap keeps a nearly
    # noiseless lead from speaking for all
    worth = np.clip(tall / np.maximum(quiet, 1e-6), 1.0, 20.0) - 1.0
    weight = worth / np.maximum(tall, 1e-6)
    total = (weight * hump).sum(axis=0)
    return np.asarray(total / max(worth.sum(), 1e-6))


def _usual_height(
    peaks: NDArray[np.intp], hump: NDArray[np.float64], design: DetectorDesign
) -> NDArray[np.float64]:
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


def _choose(
    peaks: NDArray[np.intp],
    hump: NDArray[np.float64],
    sharp: NDArray[np.float64],
    design: DetectorDesign,
) -> NDArray[np.intp]:
    if peaks.size == 0:
        return peaks
    height = hump[peaks] / np.maximum(_usual_height(peaks, hump, design), 1e-9)
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
                continue
        kept.append(int(i))
    return np.array(kept, dtype=np.intp)


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
        bar = max(design.back_accept, design.back_stand_out * float(np.median(near)))
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


def _at_largest(
    chosen: NDArray[np.intp], waves: NDArray[np.float64], design: DetectorDesign
) -> NDArray[np.intp]:
    size = np.sqrt((waves**2).sum(axis=0))
    reach = round(0.06 * WORK_RATE)
    at = np.unique(
        [
            max(0, c - reach) + int(np.argmax(size[max(0, c - reach) : c + reach + 1]))
            for c in chosen
        ]
    )
    # the strip begins or ends inside this QRS: its largest deflection was not recorded
    edge = design.cut_s * WORK_RATE
    inside = (at >= edge) & (at < waves.shape[1] - edge)
    return np.asarray(at[inside], dtype=np.intp)


def _clarity(chosen: NDArray[np.intp], peaks: NDArray[np.intp], hump: NDArray[np.float64]) -> float:
    if chosen.size < 2:
        return float("nan")
    others = np.setdiff1d(peaks, chosen)
    between = [
        hump[others[(others > a) & (others < b)]].max(initial=hump.min())
        for a, b in pairwise(chosen)
    ]
    return float(np.median(hump[chosen]) / max(float(np.median(between)), 1e-9))
