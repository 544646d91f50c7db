"""When the heart beats: RR intervals of sinus rhythm and of atrial fibrillation."""

import numpy as np
from numpy.typing import NDArray

SHORTEST_FIBRILLATION_RR_S = 0.24  # the node lets nothing through sooner


def sinus_rr(
    mean_s: float, seconds: float, breath_hz: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """RR intervals of a sinus rhythm that follows breathing and drifts a little.

    Parameters
    ----------
    mean_s : float
        Mean RR (s).
    seconds : float
        Time to be covered (s).
    breath_hz : float
        Breaths per second.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (n_intervals,)
        Intervals in s with exactly the mean asked for, covering at least `seconds`.
    """
    count = int(np.ceil(seconds / mean_s)) + 2
    # a driven, fast node has lost its vagal play; slow hearts of the trained have most of it
    play = float(np.clip((mean_s - 0.3) / 0.7, 0.02, 1.2))
    at = np.arange(count) * mean_s
    breath = 0.022 * np.sin(2 * np.pi * (breath_hz * at + generator.random()))
    slow = 0.014 * np.sin(2 * np.pi * (0.095 * at + generator.random()))
    chance = 0.008 * generator.standard_normal(count)
    rr = mean_s * (1 + play * (breath + slow + chance))
    return np.asarray(rr * mean_s / rr.mean())


def fibrillation_rr(
    mean_s: float, seconds: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """RR intervals of atrial fibrillation: no two alike, no memory, skewed to long.

    Parameters
    ----------
    mean_s : float
        Mean RR (s).
    seconds : float
        Time to be covered (s).
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (n_intervals,)
        Intervals in s, mean as asked for, none under `SHORTEST_FIBRILLATION_RR_S` or 0.55 of the
        mean, whichever is longer.
    """
    count = int(np.ceil(seconds / mean_s)) + 4
    least = max(SHORTEST_FIBRILLATION_RR_S, 0.55 * mean_s)
    spread = max(mean_s - least, 0.02)
    rr = least + generator.gamma(4.0, spread / 4.0, count)
    over = rr - least
    return np.asarray(least + over * (mean_s - least) / over.mean())
