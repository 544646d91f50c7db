"""What electrodes and surroundings add: wander, muscle, mains.

Made per electrode, so that the definitions of the leads hold for the noise too.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from workbench.phantoms.ecg_leads import ELECTRODES


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgNoise:
    """How much of each disturbance an electrode carries (mV, root mean square)."""

    wander_mv: float = 0.040
    muscle_mv: float = 0.008
    mains_mv: float = 0.002
    mains_hz: float = 50.0

    def __post_init__(self) -> None:
        for name in ("wander_mv", "muscle_mv", "mains_mv", "mains_hz"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; 0 or more is expected")


def electrode_noise(
    noise: EcgNoise,
    times_s: NDArray[np.float64],
    breath_hz: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the potentials of the nine electrodes without any heart.

    Parameters
    ----------
    noise : EcgNoise
        Sizes.
    times_s : ndarray of float64, shape (n_samples,)
        Evenly spaced moments (s).
    breath_hz : float
        Breaths per second.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (9, n_samples)
        Potentials in mV, in the order of `ELECTRODES`.
    """
    rate = 1.0 / float(times_s[1] - times_s[0])
    total = np.zeros((len(ELECTRODES), times_s.size))
    if noise.wander_mv:
        total += noise.wander_mv * _wander(times_s, breath_hz, generator)
    if noise.muscle_mv:
        total += noise.muscle_mv * _muscle(times_s, rate, generator)
    if noise.mains_mv and noise.mains_hz < rate / 2:
        total += noise.mains_mv * _mains(times_s, noise.mains_hz, generator)
    return total


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    rms = np.sqrt(np.mean(rows**2, axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(rms, 1e-12))


def _wander(
    times_s: NDArray[np.float64], breath_hz: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    rows = np.zeros((len(ELECTRODES), times_s.size))
    # breathing is one movement, seen by all electrodes with their own size and sign
    share = generator.normal(0.0, 0.6, (rows.shape[0], 1))
    rows += share * np.sin(2 * np.pi * (breath_hz * times_s + generator.random()))
    for frequency in generator.uniform(0.03, 0.40, 6):
        size = generator.normal(0.0, 0.08 / frequency**0.7, (rows.shape[0], 1))
        rows += size * np.sin(
            2 * np.pi * (frequency * times_s + generator.random((rows.shape[0], 1)))
        )
    # each electrode keeps its own size: a well glued one next to a loose one
    return _unit(rows) * generator.lognormal(-0.1, 0.45, (rows.shape[0], 1))


def _muscle(
    times_s: NDArray[np.float64], rate: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    top = min(150.0, 0.45 * rate)
    sections = butter(2, (25.0, top), btype="bandpass", fs=rate, output="sos")
    rows = sosfiltfilt(sections, generator.standard_normal((len(ELECTRODES), times_s.size)), axis=1)
    # tone comes and goes over seconds
    swell = 1 + 0.5 * np.sin(
        2
        * np.pi
        * (
            generator.uniform(0.05, 0.3, (rows.shape[0], 1)) * times_s
            + generator.random((rows.shape[0], 1))
        )
    )
    return _unit(rows * swell) * generator.lognormal(-0.2, 0.6, (rows.shape[0], 1))


def _mains(
    times_s: NDArray[np.float64], mains_hz: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    # grid frequency is never exactly its name
    turn = 2 * np.pi * mains_hz * (1 + generator.normal(0, 2e-4)) * times_s
    phase = generator.normal(0.0, 0.4, (len(ELECTRODES), 1))
    rows = np.sin(turn + phase) + 0.15 * np.sin(3 * turn + 3 * phase)
    return _unit(rows) * generator.lognormal(-0.1, 0.5, (len(ELECTRODES), 1))
