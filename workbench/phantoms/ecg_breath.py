"""What a breath does to the heart under the electrodes."""

import numpy as np
from numpy.typing import NDArray


def breathing(
    dipole: NDArray[np.float64],
    places: NDArray[np.float64],
    times: NDArray[np.float64],
    breath_hz: float,
    generator: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn the heart a few degrees and move it down with every breath in.

    Parameters
    ----------
    dipole : ndarray of float64, shape (3, n_samples)
        Heart vector in mV, Frank axes (left, foot, back).
    places : ndarray of float64, shape (3, n_samples)
        Where the dipole sits (cm).
    times : ndarray of float64, shape (n_samples,)
        Moments (s).
    breath_hz : float
        Breaths per second.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    dipole : ndarray of float64, shape (3, n_samples)
        Turned with the breath.
    places : ndarray of float64, shape (3, n_samples)
        Moved with the breath.
    """
    breath = np.sin(2 * np.pi * (breath_hz * times + generator.random()))
    turn = np.deg2rad(generator.uniform(1.5, 4.0)) * breath
    x, y, z = dipole
    turned = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn), z])
    moved = places + np.stack([0 * breath, 0.4 * breath, 0.15 * breath])
    return turned * (1 + 0.02 * breath), moved
