"""Whether a P wave is locked to QRS, tested beat against beat; and where it begins and ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.filters import independent_leads_of
from workbench.ecg.straight_line import without_line
from workbench.ecg.wave_speed import RATE, rest, speed

NEAR_S, FAR_S = 0.26, 0.40  # before QRS: usual P waves; those of a long PR
TEST_WIDTH_S = 0.008
LEAST_BEATS = 4
NEAR_RATIO, FAR_RATIO = 8.0, 15.0  # of what beats share to what they do not
LEAST_LIKENESS = 0.60
WIDTH_S = 0.009
SHARE = 0.12  # of the way from rest to the fastest part of P
STEEP = 0.40  # surely inside P
SPAN_S = 0.08  # energy of a P wave is summed over so much
APART_S = 0.06  # two fast parts this near belong to one P
LEAST_ROOM_S = 0.08
AHEAD = 30  # samples after QRS onset that the bell of `WIDTH_S` may reach

TOO_FEW = "too few beats have room for a P wave before them"
NOT_LOCKED = "no P wave at a constant distance before QRS"
ON_T = "P begins on the T wave before it"


@dataclass(frozen=True, slots=True)
class PWave:
    """Onset and offset in samples, each None with the reason."""

    onset: int | None
    offset: int | None
    reason: str = ""


def p_wave(beat: DominantBeat, leads: NDArray[np.float64], onset: int, earliest: int) -> PWave:
    """Test for a P wave locked to QRS and mark it.

    What precedes QRS is shared by all beats when it is a P wave, and differs from beat to beat in
    fibrillation, flutter with changing conduction and dissociation. The ratio of the energy of the
    mean stretch (times the number of beats) to the variance between beats is about 1 without a
    locked wave.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat with the single ones.
    leads : ndarray of float64, shape (n_leads, n_samples)
        Averaged beat in mV at `workbench.ecg.wave_speed.RATE`, without spikes.
    onset : int
        Sample where QRS begins.
    earliest : int
        Sample where the T wave of the beat before has ended.

    Returns
    -------
    PWave
        Marks, or why there is none.

    References
    ----------
    .. [1] Method of this project: one-way analysis of variance of stretches; measured in
       docs/validation/ecg-beats.md.
    """
    reason = TOO_FEW
    for far_s, ratio in ((NEAR_S, NEAR_RATIO), (FAR_S, FAR_RATIO)):
        first = max(onset - round(far_s * RATE), earliest, 5)
        if onset - first < round(LEAST_ROOM_S * RATE):
            continue
        found = shared(beat, first / RATE, (onset - 5) / RATE)
        if found is None:
            continue
        reason = NOT_LOCKED
        if found[0] >= ratio and found[1] >= LEAST_LIKENESS:
            moved = p_speed(leads[None], onset)[0]
            return _marks(moved, onset, max(onset - round(FAR_S * RATE), earliest, 5), first)
    return PWave(None, None, reason)


def p_speed(beats: NDArray[np.float64], before: int) -> NDArray[np.float64]:
    """How fast beats move before QRS.

    Parameters
    ----------
    beats : ndarray of float64, shape (n_beats, n_leads, n_samples)
        In mV at `workbench.ecg.wave_speed.RATE`.
    before : int
        The latest sample where QRS of one of them begins.

    Returns
    -------
    ndarray of float64, shape (n_beats, n_before)
        In mV/s, somewhat beyond that sample.
    """
    return speed(beats[:, :, : before + AHEAD], WIDTH_S)


def mark_again(moved: NDArray[np.float64], onset: int, earliest: int, before_qrs: int) -> PWave:
    """Mark a P wave that is known to be there.

    Parameters
    ----------
    moved : ndarray of float64, shape (n_samples,)
        Speed (`p_speed`) of a beat that hardly differs from one marked before.
    onset : int
        Sample where QRS begins.
    earliest : int
        Sample where the T wave of the beat before has ended.
    before_qrs : int
        Samples from P onset to QRS onset in the beat marked before.

    Returns
    -------
    PWave
        Marks.
    """
    reach = max(before_qrs + round(APART_S * RATE), round(NEAR_S * RATE))
    lowest = max(onset - max(reach, round(FAR_S * RATE)), earliest, 5)
    return _marks(moved, onset, lowest, max(onset - reach, earliest, 5))


def shared(beat: DominantBeat, from_s: float, to_s: float) -> tuple[float, float] | None:
    """How much of a stretch all averaged beats share.

    Parameters
    ----------
    beat : DominantBeat
        Averaged beat with the single ones.
    from_s, to_s : float
        The stretch, from the first sample of the beat (s).

    Returns
    -------
    tuple of (float, float) or None
        Ratio of shared to unshared energy per degree of freedom, and median likeness of a beat
        with the usual one of the others; None with fewer than four beats recorded there.
    """
    names = independent_leads_of(beat.leads, ())
    rows = [beat.leads.index(name) for name in names]
    part = beat.singles_mv[:, rows, round(from_s * beat.rate) : round(to_s * beat.rate)]
    part = part[:, np.isfinite(part).any(axis=(0, 2))]  # leads that were recorded at all
    part = part[np.isfinite(part).all(axis=(1, 2))]
    if part.shape[0] < LEAST_BEATS or part.shape[1] == 0:
        return None
    part = gaussian_filter1d(part, TEST_WIDTH_S * beat.rate, axis=2)
    part = without_line(part)
    count, mean = part.shape[0], part.mean(axis=0)
    apart = float(((part - mean) ** 2).sum()) / (count - 1)
    ratio = count * float((mean**2).sum()) / max(apart, 1e-12)
    others = (mean * count - part) / (count - 1)
    size = np.sqrt((part**2).sum(axis=(1, 2)) * (others**2).sum(axis=(1, 2)))
    likeness = (part * others).sum(axis=(1, 2)) / np.maximum(size, 1e-12)
    return ratio, float(np.median(likeness))


def _marks(moved: NDArray[np.float64], onset: int, lowest: int, first: int) -> PWave:
    end = onset - 4
    tail = moved[max(first, end - round(0.05 * RATE)) : end]
    end = end - 1 - int(np.argmin(tail[::-1]))  # the quietest place before QRS: PR segment
    stretch = moved[first : end + 1]
    energy = np.convolve((stretch - stretch.min()) ** 2, np.ones(round(SPAN_S * RATE)), "same")
    centre = first + int(np.argmax(energy))
    low, high = max(first, centre - round(0.1 * RATE)), min(end + 1, centre + round(0.1 * RATE))
    fastest = float(moved[low:high].max())
    quiet = rest(moved, first, end + 1, 12)
    steep = low + np.flatnonzero(moved[low:high] > quiet + STEEP * (fastest - quiet))
    begin, stop = _cluster(steep, int(np.argmax(moved[steep])))
    bar = _bar(rest(moved, max(lowest, begin - round(0.12 * RATE)), begin + 1, 10), fastest)
    at = begin
    while at > lowest and moved[at] > bar:
        at -= 1
    bar = _bar(float(moved[stop : end + 1].min()), fastest)
    off = stop
    while off < end and moved[off] > bar:
        off += 1
    if at <= lowest:
        return PWave(None, off, ON_T)
    return PWave(at, off)


def _bar(quiet: float, fastest: float) -> float:
    return quiet + SHARE * (fastest - quiet)


def _cluster(steep: NDArray[np.intp], chosen: int) -> tuple[int, int]:
    """The fast parts of one P wave around the fastest."""
    gaps = np.flatnonzero(np.diff(steep) > APART_S * RATE) + 1
    groups = np.split(steep, gaps)
    own = next(group for group in groups if steep[chosen] in group)
    return int(own[0]), int(own[-1])
