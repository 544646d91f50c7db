"""Rate, regularity and the longest pause, from the times of the beats alone.

Nothing here knows atria: the numbers are ventricular, and every one that cannot be had says why.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LEAST_BEATS_FOR_REGULARITY = 5  # four intervals are the fewest that can repeat or not


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch without a beat; `at_least` when the recording begins or ends inside it."""

    from_s: float
    to_s: float
    at_least: bool

    @property
    def seconds(self) -> float:
        """Length of the stretch."""
        return self.to_s - self.from_s


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """Numbers of one recording; NaN or None where not measurable, with the reason.

    Attributes
    ----------
    rate_bpm : float
        60 over the mean RR (beats per minute), as carts print it.
    rr_s : ndarray of float64, shape (n_beats - 1,)
        RR intervals (s).
    variation : float
        Median absolute difference of neighbouring RR over the mean RR: stays low when a single
        early beat disturbs a regular rhythm, and is high when no two intervals are alike.
    spread : float
        Standard deviation of RR over mean RR.
    longest : Silence or None
        Longest stretch without a beat that was recorded throughout.
    rate_reason, variation_reason, longest_reason : str
        Why the number is missing; empty when it is there.
    """

    rate_bpm: float
    rr_s: NDArray[np.float64]
    variation: float
    spread: float
    longest: Silence | None
    rate_reason: str = ""
    variation_reason: str = ""
    longest_reason: str = ""


def measure_rhythm(
    beats_s: NDArray[np.float64],
    seconds: float,
    gaps: tuple[tuple[float, float], ...] = (),
) -> Rhythm:
    """Measure rate, regularity and the longest pause.

    Parameters
    ----------
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats in s, ascending.
    seconds : float
        Length of the recording (s).
    gaps : tuple of (float, float), optional
        Stretches (from, to) in s in which no lead was recorded; no interval is measured across
        them.

    Returns
    -------
    Rhythm
        Numbers, each NaN or None with a reason when it cannot be had.

    Raises
    ------
    ValueError
        If the beats are not ascending or lie outside the recording.
    """
    if beats_s.size and (np.any(np.diff(beats_s) <= 0) or beats_s[0] < 0 or beats_s[-1] > seconds):
        raise ValueError("beats must be ascending times between 0 and the length of the recording")
    rr = _intervals(beats_s, gaps)
    longest = _longest(beats_s, seconds, gaps)
    silent = "" if longest else "not measurable, because no QRS complex was found"
    if rr.size == 0:
        count = f"{beats_s.size} QRS complex{'' if beats_s.size == 1 else 'es'}"
        why = f"not measurable, because {count} in {seconds:.1f} s make no RR interval"
        nan = float("nan")
        return Rhythm(nan, rr, nan, nan, longest, why, why, silent)
    mean = float(rr.mean())
    rate = 60.0 / mean
    if beats_s.size < LEAST_BEATS_FOR_REGULARITY or rr.size < LEAST_BEATS_FOR_REGULARITY - 1:
        why = (
            f"not measurable, because {beats_s.size} beats are fewer than "
            f"{LEAST_BEATS_FOR_REGULARITY}"
        )
        return Rhythm(rate, rr, float("nan"), float("nan"), longest, "", why, silent)
    variation = float(np.median(np.abs(np.diff(rr)))) / mean
    return Rhythm(rate, rr, variation, float(rr.std(ddof=1)) / mean, longest, "", "", silent)


def is_irregular(rhythm: Rhythm, limit: float) -> bool | None:
    """Whether no two neighbouring intervals are alike.

    Parameters
    ----------
    rhythm : Rhythm
        Measured rhythm.
    limit : float
        Largest `variation` of a rhythm still called regular (share of mean RR).

    Returns
    -------
    bool or None
        None when variation was not measurable.
    """
    if np.isnan(rhythm.variation):
        return None
    return rhythm.variation > limit


def recording_gaps(recorded: NDArray[np.bool_], rate: float) -> tuple[tuple[float, float], ...]:
    """List the stretches in which nothing was recorded.

    Parameters
    ----------
    recorded : ndarray of bool, shape (n_samples,)
        True where at least one lead holds a sample.
    rate : float
        Samples per second (Hz).

    Returns
    -------
    tuple of (float, float)
        From and to in s, ascending.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[True], recorded, [True]]).astype(np.int8)))
    return tuple(
        (float(a / rate), float(b / rate)) for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def _crosses(start: float, end: float, gaps: tuple[tuple[float, float], ...]) -> bool:
    return any(a < end and b > start for a, b in gaps)


def _intervals(
    beats_s: NDArray[np.float64], gaps: tuple[tuple[float, float], ...]
) -> NDArray[np.float64]:
    kept = [b - a for a, b in pairwise(beats_s) if not _crosses(a, b, gaps)]
    return np.asarray(kept, dtype=np.float64)


def _longest(
    beats_s: NDArray[np.float64], seconds: float, gaps: tuple[tuple[float, float], ...]
) -> Silence | None:
    if beats_s.size == 0:
        return None
    # a gap ends what was seen: before and after it a silence is known only as "at least"
    stops = sorted([0.0, seconds, *(edge for gap in gaps for edge in gap)])
    marks = sorted([(float(t), False) for t in beats_s] + [(t, True) for t in stops])
    stretches = [
        Silence(a, b, cut_a or cut_b)
        for (a, cut_a), (b, cut_b) in pairwise(marks)
        if b > a and not _crosses(a, b, gaps)
    ]
    return max(stretches, key=lambda s: (s.seconds, not s.at_least), default=None)
