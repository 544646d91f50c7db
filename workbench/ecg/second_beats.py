"""A second, independent look: one lead at a time, by energy and running thresholds.

It shares no decision with `beats`: another band, squared slope instead of summed slope, thresholds
that learn from beat to beat instead of one height for all, and each lead on its own. Where the two
disagree about the rate, neither is believed alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from workbench.domain.trace import Trace
from workbench.ecg.filters import (
    WORK_RATE,
    Bands,
    band,
    calm_leads,
    independent_leads,
    smooth,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondDesign:
    """Design constants, after Pan and Tompkins with a start taken from the whole strip."""

    band_hz: tuple[float, float] = (5.0, 18.0)
    window_s: float = 0.12
    refractory_s: float = 0.20
    threshold: float = 0.25  # of the way from noise level to signal level
    learn: float = 0.125
    t_window_s: float = 0.36
    t_share: float = 0.25  # of the energy; half of the slope
    missed: float = 1.66  # of the running RR


SECOND_DESIGN = SecondDesign()
LEAST_S = 2.0
STILL_MV = 1e-9  # what filtering leaves of a constant


@dataclass(frozen=True, slots=True, eq=False)
class SecondLook:
    """Rate by single leads.

    Attributes
    ----------
    rate_bpm : float
        Median of the rates of the leads (beats per minute); NaN when no lead gave one.
    by_lead : tuple of (str, float)
        Rate of every lead that gave one.
    """

    rate_bpm: float
    by_lead: tuple[tuple[str, float], ...]


def second_look(
    trace: Trace,
    leads: tuple[str, ...] | None = None,
    bands: Bands | None = None,
) -> SecondLook:
    """Ventricular rate from each lead on its own [1]_.

    Parameters
    ----------
    trace : Trace
        At least 2 s; NaN gaps are bridged.
    leads : tuple of str, optional
        Leads to look at; by default all independent ones.
    bands : Bands, optional
        Of what `calm_leads` gives for these leads, when it is at hand.

    Returns
    -------
    SecondLook
        Median rate and the rate of each lead.

    References
    ----------
    .. [1] Pan J, Tompkins WJ. IEEE Trans Biomed Eng 1985;32:230-236.
    """
    names = independent_leads(trace) if leads is None else leads
    rates: list[tuple[str, float]] = []
    if not names or trace.seconds < LEAST_S:
        return SecondLook(float("nan"), ())
    bands = Bands(calm_leads(trace, names)) if bands is None else bands
    waves = bands.of(*SECOND_DESIGN.band_hz)
    for name, times in zip(names, _beats_in(waves, SECOND_DESIGN), strict=True):
        if times.size >= 2:
            rates.append((name, 60.0 * (times.size - 1) / float(times[-1] - times[0])))
    if not rates:
        return SecondLook(float("nan"), ())
    return SecondLook(float(np.median([rate for _, rate in rates])), tuple(rates))


def single_lead_beats(
    trace: Trace, lead: str, design: SecondDesign = SECOND_DESIGN
) -> NDArray[np.float64]:
    """Find activations in one lead by the energy of its slope.

    Parameters
    ----------
    trace : Trace
        Holds the lead.
    lead : str
        Name of the lead.
    design : SecondDesign, optional
        Design constants.

    Returns
    -------
    ndarray of float64, shape (n_beats,)
        Times in s from the start; empty when the lead is silent or shorter than 2 s.

    Raises
    ------
    BadTrace
        If the trace does not hold the lead.
    """
    calm = calm_leads(trace, (lead,))
    if trace.seconds < LEAST_S:
        return np.empty(0)
    return next(_beats_in(band(calm, *design.band_hz), design))


def _beats_in(waves: NDArray[np.float64], design: SecondDesign) -> Iterator[NDArray[np.float64]]:
    """Times of the beats of each lead (s), found in it alone."""
    slopes = (np.gradient(waves, axis=1) * WORK_RATE) ** 2
    energies = np.stack([smooth(slope, design.window_s) for slope in slopes])
    usual = np.median(energies, axis=1)
    still = np.ptp(waves, axis=1) <= STILL_MV
    for energy, noise, silent in zip(energies, usual, still, strict=True):
        if silent:
            yield np.empty(0)
            continue
        peaks, _ = find_peaks(energy, distance=round(design.refractory_s * WORK_RATE))
        kept = _run(peaks, energy, float(noise), design)
        yield np.asarray(kept, dtype=np.float64) / WORK_RATE


def _run(
    peaks: NDArray[np.intp], energies: NDArray[np.float64], noise: float, design: SecondDesign
) -> list[int]:
    step = round(3.0 * WORK_RATE)  # longer than one RR at 25/min
    starts = range(0, max(energies.size - step // 2, 1), step)
    tops = [float(energies[s : s + step].max()) for s in starts]
    signal = median(tops)
    energy = energies.tolist()  # single numbers are read ten times as fast
    kept: list[int] = []
    waiting: list[int] = []  # humps passed over since the last beat
    for at in peaks.tolist():
        bar = noise + design.threshold * (signal - noise)
        if kept and waiting and len(kept) > 2:
            usual = median(b - a for a, b in pairwise(kept[-9:]))
            if at - kept[-1] > design.missed * usual:
                best = max(waiting, key=energy.__getitem__)
                if energy[best] > noise + 0.5 * (bar - noise):
                    kept.append(best)
                    signal += 2 * design.learn * (min(energy[best], 2 * signal) - signal)
                waiting.clear()
        if energy[at] < bar or (kept and _is_t_wave(at, kept[-1], energy, design)):
            noise += design.learn * (energy[at] - noise)
            if not kept or at - kept[-1] > design.t_window_s * WORK_RATE:
                waiting.append(at)
            continue
        kept.append(at)
        waiting.clear()
        # an artefact ten times a beat must not blind the detector to the beats after it
        signal += design.learn * (min(energy[at], 2 * signal) - signal)
    return kept


def _is_t_wave(at: int, last: int, energy: list[float], design: SecondDesign) -> bool:
    soon = at - last < design.t_window_s * WORK_RATE
    return soon and bool(energy[at] < design.t_share * energy[last])
