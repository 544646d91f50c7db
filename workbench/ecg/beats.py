"""Where the ventricles were activated: one detector that looks at all leads at once."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from workbench.domain.trace import Trace
from workbench.ecg.beat_humps import (
    DESIGN,
    DetectorDesign,
    choose,
    summed_slope,
    usual_height,
)
from workbench.ecg.beat_times import settled_times
from workbench.ecg.filters import (
    WORK_RATE,
    Bands,
    calm_leads,
    independent_leads,
)
from workbench.ecg.wide_beats import as_large, stands_alike, stands_tall, wide_beats


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
    bands: Bands | None = None,
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
    bands : Bands, optional
        Of what `calm_leads` gives for these leads, when it is at hand.

    Returns
    -------
    Beats
        Empty when nothing stands out.
    """
    names = independent_leads(trace) if leads is None else leads
    nothing = Beats(np.empty(0), float("nan"), names)
    if not names or trace.seconds < 2.0:
        return nothing
    if len(names) < design.t_leads:
        design = replace(design, t_lone=float("inf"))
    bands = Bands(calm_leads(trace, names)) if bands is None else bands
    if not np.any(np.ptp(bands.leads, axis=-1) > 0):
        return nothing
    waves = bands.of(*design.band_hz)
    hump = summed_slope(waves, design)
    peaks, _ = find_peaks(hump, distance=round(0.06 * WORK_RATE))
    chosen = choose(peaks, hump, summed_slope(bands.of(*design.sharp_hz), design), design)
    if chosen.size == 0:
        return nothing
    height = hump[chosen] / usual_height(chosen, hump, design)
    chosen = chosen[as_large(bands, chosen, height >= design.sure)]
    wide = wide_beats(bands, chosen)
    clarity = _clarity(chosen, np.setdiff1d(peaks, _around(wide, peaks)), hump)
    if not clarity >= design.unclear:
        # smooth QRS are no steeper than P waves, but taller
        others = (stands_tall(bands, chosen), stands_alike(bands, chosen))
        clarity = float(np.nanmax([clarity, *others]))
    chosen = np.union1d(chosen, wide)
    rows = [trace.leads.index(name) for name in names]
    recorded = np.asarray(np.isfinite(trace.millivolts[rows]).any(axis=0))
    inside = recorded[np.minimum((chosen / WORK_RATE * trace.rate).astype(int), recorded.size - 1)]
    chosen = chosen[inside]
    times = settled_times(bands.of(*design.shape_hz), _at_largest(chosen, waves, design))
    return Beats(np.asarray(times / WORK_RATE, dtype=np.float64), clarity, names)


def _around(wide: NDArray[np.intp], peaks: NDArray[np.intp]) -> NDArray[np.intp]:
    """Humps that belong to wide beats or their T waves: they are not what lies between beats."""
    apart = peaks[:, None] - wide[None] if wide.size else np.full((peaks.size, 1), 10**6)
    inside = (apart > -0.16 * WORK_RATE) & (apart < 0.50 * WORK_RATE)
    return np.asarray(peaks[inside.any(axis=1)])


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
