"""Stimuli of a pacemaker: deflections too short for heart muscle, and what follows them."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from workbench.domain.trace import Trace
from workbench.ecg.facts import PacingFacts
from workbench.ecg.filters import bridged

SIDE_S = 0.006  # a spike is back at its level so soon, on both sides
LEAST_MV = 0.2  # in the second largest lead: a loose contact speaks in one
INSIDE_MV = 1.0  # where a QRS is steep itself
PEAK_S = -0.015  # nearer to the largest deflection of a QRS a sharp point is its own
OVER_NOISE = 6.0
QRS_S = (-0.05, 0.10)  # around the time of a beat
EDGE_S = 0.03
SURE_MV, SAME_S = 0.6, 0.06  # two are enough when so tall and so alike in what follows
APART_S = 0.03
BEFORE_S = 0.04  # the onset of a beat of another width may be put before its spike
LEAST_SPIKES = 3
LEAST_RATE = 400.0  # Hz: below it a stimulus of 0.5 ms is blurred beyond recognition
VENTRICULAR_S = 0.08  # from the spike to the onset of the QRS it starts, at most
ATRIAL_S = 0.40  # and to the QRS that a paced P is conducted to
TOO_SLOW = "{rate:g} samples/s are too few to see pacing spikes; {least:g} are needed"
TOO_NOISY = "noise as sharp as pacing spikes in at least two leads"


def pacing_facts(
    trace: Trace, leads: tuple[str, ...], beats_s: NDArray[np.float64], onset_s: float
) -> PacingFacts:
    """Find pacing spikes and what each of them started.

    Parameters
    ----------
    trace : Trace
        Recording as it was made; filters below 100 Hz take spikes away.
    leads : tuple of str
        Leads to look at.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s).
    onset_s : float
        From the time of a usual beat to its QRS onset (s), negative.

    Returns
    -------
    PacingFacts
        Without spikes when none are seen; then `reason` says whether they could have been.
    """
    if not leads:
        return PacingFacts(reason="no lead can be measured")
    rate = trace.rate
    sharp = _sharpness(bridged(trace, leads)[0], max(1, round(SIDE_S * rate)))
    heights = _second_largest(sharp)
    edge = round(EDGE_S * rate)
    heights[:edge] = heights[heights.size - edge :] = 0.0
    noise = float(np.quantile(heights, 0.8))
    limit = max(LEAST_MV, OVER_NOISE * noise)
    peaks, _ = find_peaks(heights, height=limit, distance=max(1, round(APART_S * rate)))
    times = peaks / rate
    inside, peak = _near(times, beats_s, QRS_S), _near(times, beats_s, (PEAK_S, QRS_S[1]))
    kept = times[~inside | (~peak & (heights[peaks] >= INSIDE_MV))]
    height = heights[np.round(kept * rate).astype(int)]
    slow = TOO_SLOW.format(rate=rate, least=LEAST_RATE) if rate < LEAST_RATE else ""
    if kept.size:
        usual = float(np.median(np.sort(height)[-LEAST_SPIKES * 2 :]))
        strong = height >= max(limit, 0.3 * usual)
        tall = kept[height >= SURE_MV]
        if strong.sum() < LEAST_SPIKES and tall.size == LEAST_SPIKES - 1:
            return _few(tall, beats_s, onset_s) or PacingFacts(reason=slow)
        kept = kept[strong]
    if kept.size < LEAST_SPIKES:
        return PacingFacts(reason=slow)
    if not _orderly(kept, beats_s):
        return PacingFacts(reason=slow or TOO_NOISY)
    return _followed(kept, beats_s, onset_s)


def _few(
    times: NDArray[np.float64], beats_s: NDArray[np.float64], onset_s: float
) -> PacingFacts | None:
    """Two tall spikes are believed when a QRS follows both at one distance."""
    found = _followed(times, beats_s, onset_s)
    later = [beats_s[beats_s > t] for t in times]
    if not all(found.captured) or not all(after.size for after in later):
        return None
    delays = [float(after[0]) - float(t) for after, t in zip(later, times, strict=True)]
    return found if max(delays) - min(delays) < SAME_S else None


def _second_largest(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each column, without sorting it; of a single row that itself."""
    largest, second = rows[0].copy(), np.full(rows.shape[1], -np.inf)
    for row in rows[1:]:
        second = np.maximum(second, np.minimum(largest, row))
        largest = np.maximum(largest, row)
    return second if rows.shape[0] > 1 else largest


def _sharpness(filled: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """How far a sample stands out from what lies before and after it, on the same side (mV)."""
    out = np.zeros_like(filled)
    before = filled[:, side:-side] - filled[:, : -2 * side]
    after = filled[:, side:-side] - filled[:, 2 * side :]
    least = np.minimum(np.abs(before), np.abs(after))
    out[:, side:-side] = np.where(np.sign(before) == np.sign(after), least, 0.0)
    return out


def _near(
    times: NDArray[np.float64], beats_s: NDArray[np.float64], reach_s: tuple[float, float]
) -> NDArray[np.bool_]:
    apart = times[:, None] - beats_s[None]
    return np.asarray(((apart > reach_s[0]) & (apart < reach_s[1])).any(axis=1))


def _orderly(times: NDArray[np.float64], beats_s: NDArray[np.float64]) -> bool:
    """Stimuli come at one interval, or at one distance before QRS; artefacts do neither."""
    gaps = np.diff(times)
    gaps = gaps[gaps > 0.25]
    if gaps.size >= 2:
        usual = float(np.median(gaps))
        turns = np.round(gaps / usual)
        even = (turns >= 1) & (np.abs(gaps - turns * usual) < 0.06 * usual)
        if even.mean() >= 0.6:
            return True
    if beats_s.size == 0:
        return False
    nxt = np.searchsorted(beats_s, times)
    held = nxt < beats_s.size
    delay = beats_s[nxt[held]] - times[held]
    delay = delay[delay < ATRIAL_S]
    if delay.size < LEAST_SPIKES:
        return False
    return bool((np.abs(delay - np.median(delay)) < 0.02).mean() >= 0.6)


def _followed(
    times: NDArray[np.float64], beats_s: NDArray[np.float64], onset_s: float
) -> PacingFacts:
    """Which chamber each spike is for, by what follows it and how soon."""
    onsets = beats_s + onset_s
    ventricular, atrial, captured = 0, 0, []
    for at in times:
        later = onsets[onsets > at - BEFORE_S]
        delay = float(later[0] - at) if later.size else np.inf
        if delay <= VENTRICULAR_S:
            ventricular += 1
            captured.append(True)
        elif delay <= ATRIAL_S:
            atrial += 1
            captured.append(True)
        else:
            captured.append(False)
    share = max(2, round(0.2 * times.size))
    chambers = ""
    if ventricular >= share and atrial >= share:
        chambers = "both"
    elif ventricular >= max(1, atrial):
        chambers = "ventricular"
    elif atrial:
        chambers = "atrial"
    return PacingFacts(tuple(round(float(t), 3) for t in times), tuple(captured), chambers)
