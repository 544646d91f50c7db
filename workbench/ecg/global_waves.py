"""Where P, QRS and T of the averaged beat begin and end, over all simultaneous leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, uniform_filter1d

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.filters import bridge_gaps, without_spikes

ENGINE = ("ecg-beat", "1.0.0")
RATE = 500.0  # Hz; beats are measured at this rate whatever they were recorded with


@dataclass(frozen=True, slots=True)
class GlobalWaves:
    """Marks on an averaged beat.

    Attributes
    ----------
    marks_ms : mapping of str to float or None
        ``p_on, p_off, qrs_on, j, t_end`` in ms from the first sample of the beat.
    reasons : mapping of str to str
        For every None why.
    """

    marks_ms: Mapping[str, float | None]
    reasons: Mapping[str, str]


def global_waves(beat: DominantBeat, rr_s: float, locking: float) -> GlobalWaves:
    """Mark the earliest onset and the latest offset of each wave over all leads.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat.
    rr_s : float
        Mean RR interval (s); NaN when not known.
    locking : float
        Likeness of what precedes each QRS (`workbench.ecg.atrial.p_locking`); NaN when not known.

    Returns
    -------
    GlobalWaves
        Five marks, each None with a reason when it cannot be had.
    """
    waves = _at_rate(beat)
    speed = _speed(waves, 3.0)
    at = round(beat.at_s * RATE)
    on, j = _qrs(speed, at)
    marks: dict[str, float | None] = {"qrs_on": on * 2.0, "j": j * 2.0}
    reasons: dict[str, str] = {}
    end = _t_end(waves, j, min(round(beat.next_qrs_s * RATE), waves.shape[1]), rr_s)
    marks["t_end"] = end
    if end is None:
        reasons["t_end"] = "T is too flat in too many leads"
    p_on, p_off = _p(waves, on) if locking >= 0.75 else (None, None)
    marks["p_on"], marks["p_off"] = p_on, p_off
    if p_on is None:
        reasons["p_on"] = reasons["p_off"] = "no P wave at a constant distance before QRS"
    rounded = {name: None if at is None else round(at, 1) for name, at in marks.items()}
    return GlobalWaves(MappingProxyType(rounded), MappingProxyType(reasons))


def _at_rate(beat: DominantBeat) -> NDArray[np.float64]:
    filled = np.stack([bridge_gaps(row)[0] for row in beat.millivolts])
    calm = without_spikes(filled, beat.rate)
    if beat.rate == RATE:
        return calm
    old = np.arange(calm.shape[1]) / beat.rate
    new = np.arange(int(old[-1] * RATE) + 1) / RATE
    return np.stack([np.interp(new, old, row) for row in calm])


def _speed(waves: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    slope = gaussian_filter1d(waves, sigma, axis=1, order=1) * RATE
    return np.asarray(np.sqrt((slope**2).sum(axis=0)))


def _qrs(speed: NDArray[np.float64], at: int) -> tuple[int, int]:
    first, last = at - 40, at + 60
    peak = float(speed[first:last].max())
    quiet = float(uniform_filter1d(speed, 20)[at - 80 : at - 10].min())
    bar = quiet + 0.02 * (peak - quiet)
    on = first + int(np.flatnonzero(speed[first:last] > 0.3 * peak)[0])
    while on > at - 100 and speed[on] > bar:
        on -= 1
    j = first + int(np.flatnonzero(speed[first:last] > 0.25 * peak)[-1])
    quiet = float(uniform_filter1d(speed, 10)[j : j + 50].min())
    bar = quiet + 0.02 * (peak - quiet)
    while j < at + 110 and not (speed[j : j + 6] < bar).all():
        j += 1
    return on, j


def _t_end(waves: NDArray[np.float64], j: int, limit: int, rr_s: float) -> float | None:
    usual = 0.75 * np.sqrt(rr_s) if rr_s > 0 else 0.6
    last = min(limit, j + round(min(0.70, usual) * RATE))
    ends = []
    for row in gaussian_filter1d(waves, 4, axis=1):
        part = row[j + 40 : last]
        if part.size < 60:
            continue
        apart = part - np.median(part[-10:])
        k = int(np.argmax(np.abs(apart)))
        if abs(apart[k]) < 0.05:
            continue
        fall = -np.sign(apart[k]) * np.gradient(part)[k:]
        m = int(np.argmax(fall[:80]))
        if fall[m] > 0:
            ends.append(j + 40 + k + m + abs(apart[k + m]) / fall[m])
    return float(np.median(ends)) * 2.0 if len(ends) >= 3 else None


def _p(waves: NDArray[np.float64], on: int) -> tuple[float | None, float | None]:
    speed = _speed(waves, 4.0)
    part = speed[max(on - 130, 0) : on - 5]
    if part.size < 50:
        return None, None
    quiet, peak = float(np.quantile(part, 0.1)), float(part.max())
    above = np.flatnonzero(part > quiet + 0.3 * (peak - quiet)) + max(on - 130, 0)
    return float(above[0]) * 2.0, float(above[-1]) * 2.0
