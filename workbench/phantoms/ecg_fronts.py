"""The atria in fibrillation: wandering fronts instead of a P wave."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

# Fronts of atrial fibrillation: direction and size in mV (left, foot, back), and share. They run in
# the right atrium, near V1, where f waves are seen best.
RIGHT_ATRIUM_CM = (-2.5, -1.0, -2.5)
FIBRILLATION = (
    ((-0.010, 0.020, -0.026), 1.0),
    ((-0.015, 0.03, -0.01), 0.5),
    ((0.02, -0.01, -0.015), 0.4),
)
FRONT_HZ, FRONT_PLAY_HZ = (5.8, 7.8), 0.45  # of one record, and how far it strays within it


def fibrillation(times: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.float64]:
    """Several wandering fronts, about 5 to 8 per second, best seen in V1.

    Parameters
    ----------
    times : ndarray of float64, shape (n_samples,)
        Evenly spaced moments (s).
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (3, n_samples)
        Vector of the atria in mV (left, foot, back).
    """
    total = np.zeros((3, times.size))
    step = times[1] - times[0]
    rate_hz = generator.uniform(*FRONT_HZ)
    size = generator.uniform(0.8, 1.3)
    for direction, share in FIBRILLATION:
        speed = rate_hz * generator.normal(1.0, 0.05)
        play = FRONT_PLAY_HZ * straying(times.size, 0.4 / step, generator)
        phase = 2 * np.pi * np.cumsum(speed + play) * step + 2 * np.pi * generator.random()
        swell = 0.75 + 0.3 * straying(times.size, 0.5 / step, generator)
        front = np.sin(phase) + 0.35 * np.sin(2 * phase + 0.6) + 0.12 * np.sin(3 * phase + 1.2)
        total += size * share * swell * front * np.asarray(direction)[:, None]
    return total


def straying(count: int, memory: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """Draw smooth chance around 0, of unit size.

    Parameters
    ----------
    count : int
        Samples.
    memory : float
        Samples after which it has returned.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (count,)
        Between -2.2 and 2.2.
    """
    noise = gaussian_filter1d(generator.standard_normal(count), memory / 2)
    return np.asarray(np.clip(noise / max(float(noise.std()), 1e-9), -2.2, 2.2))
