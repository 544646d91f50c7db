"""How atrial waves and QRS stand to each other: conducted, dropped, or each for itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PR_S = (0.05, 0.62)  # from the middle of P to QRS onset, when conducted
HALF_P_S = 0.05  # from its onset to its middle
STEADY_S = 0.035  # PR of one rhythm differs by less from beat to beat
GROWS_S = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """Atrial waves beside QRS.

    Attributes
    ----------
    pr_s : ndarray of float64, shape (n_beats,)
        Middle of the last P to QRS onset (s); NaN where none precedes.
    blocked_s : tuple of float
        Waves no QRS follows (s).
    together : float
        1 when QRS come at one phase of the atrial period, 0 when at any.
    """

    pr_s: NDArray[np.float64]
    blocked_s: tuple[float, ...]
    together: float


def relation(p_s: NDArray[np.float64], period_s: float, onsets_s: NDArray[np.float64]) -> Relation:
    """Pair every QRS with the atrial wave before it.

    Parameters
    ----------
    p_s : ndarray of float64, shape (n_waves,)
        Middle of the atrial waves (s), ascending; those hidden in QRS left out or filled in.
    period_s : float
        Interval between two of them (s).
    onsets_s : ndarray of float64, shape (n_beats,)
        QRS onsets (s).

    Returns
    -------
    Relation
        Intervals, waves without QRS, and how constant the phase is.
    """
    pr = np.full(onsets_s.size, np.nan)
    phase = []
    for k, onset in enumerate(onsets_s):
        before = p_s[p_s < onset - PR_S[0]]
        if before.size and onset - before[-1] <= max(PR_S[1], 0.9 * period_s):
            pr[k] = onset - before[-1]
        near = p_s[np.abs(p_s - onset) < 2.5 * period_s]
        if near.size:
            phase.append((onset - near[0]) / period_s)
    blocked = []
    for k, at in enumerate(p_s):
        nxt = p_s[k + 1] if k + 1 < p_s.size else at + period_s
        follows = (onsets_s > at + PR_S[0] - 0.02) & (onsets_s < min(nxt + PR_S[0], at + PR_S[1]))
        inside = onsets_s.size and at > onsets_s[0] - period_s and at < onsets_s[-1]
        if inside and not follows.any():
            blocked.append(float(at))
    together = float(np.abs(np.exp(2j * np.pi * np.array(phase)).mean())) if phase else 0.0
    return Relation(pr, tuple(round(b, 3) for b in blocked), together)


def filled(p_s: NDArray[np.float64], period_s: float, seconds: float) -> NDArray[np.float64]:
    """Put in the waves that QRS hide: whole periods between two that are seen.

    Parameters
    ----------
    p_s : ndarray of float64, shape (n_waves,)
        Waves seen (s).
    period_s : float
        Interval between two waves (s).
    seconds : float
        Length of the recording (s).

    Returns
    -------
    ndarray of float64, shape (n_all,)
        Waves seen and put in, ascending.
    """
    out = [float(p_s[0])]
    for at in p_s[1:]:
        parts = max(1, round((float(at) - out[-1]) / period_s))
        start = out[-1]
        out += [start + (float(at) - start) * n / parts for n in range(1, parts + 1)]
    while out[0] - period_s > 0:
        out.insert(0, out[0] - period_s)
    while out[-1] + period_s < seconds:
        out.append(out[-1] + period_s)
    return np.array(out)


def grows(
    pr_s: NDArray[np.float64], blocked_s: tuple[float, ...], onsets_s: NDArray[np.float64]
) -> bool:
    """Whether PR lengthens up to a dropped beat and is shorter after it (Wenckebach).

    Parameters
    ----------
    pr_s : ndarray of float64, shape (n_beats,)
        PR of every beat (s).
    blocked_s : tuple of float
        Waves without QRS (s).
    onsets_s : ndarray of float64, shape (n_beats,)
        QRS onsets (s).

    Returns
    -------
    bool
        True when PR is shorter by 30 ms or more after most of the dropped beats.
    """
    steps = []
    for at in blocked_s:
        before, after = np.flatnonzero(onsets_s < at), np.flatnonzero(onsets_s > at)
        if before.size and after.size:
            steps.append(float(pr_s[before[-1]] - pr_s[after[0]]))
    seen = [s for s in steps if np.isfinite(s)]
    return bool(seen) and float(np.median(seen)) >= GROWS_S
