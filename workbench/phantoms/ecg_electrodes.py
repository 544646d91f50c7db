"""Electrodes in wrong places and electrodes that fail, by the exact algebra of the leads.

Potentials of the limb electrodes are known from I and II but for one constant; Wilson's terminal
is taken as 0. The right leg carries what the left leg carries: both are one wire to the trunk.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.domain.trace import LEADS
from workbench.phantoms.ecg_leads import ELECTRODES, leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise

LIMBS = ("RA", "LA", "LL", "RL")
SWAPS = (
    "LA-RA", "RA-LL", "LA-LL", "RA-RL", "LA-RL", "LL-RL", "V1-V2", "V2-V3", "V3-V4", "V4-V5",
    "V5-V6", "V1-V3", "V2-V5", "V1-V6",
)  # fmt: skip
FAULTS = (
    "flat", "half_flat", "missing", "saturated", "clipped", "step", "wander", "muscle", "mains",
)  # fmt: skip
_LEADS_OF = {"RA": ("I", "II"), "LA": ("I", "III"), "LL": ("II", "III")}
_AUGMENTED = ("aVR", "aVL", "aVF")
RAIL_MV = 5.0


def swapped(leads_mv: NDArray[np.float64], swap: str) -> NDArray[np.float64]:
    """Record the same heart with two cables exchanged.

    Parameters
    ----------
    leads_mv : ndarray of float64, shape (n_leads, n_samples)
        The twelve leads in their order, and any leads beside them, which follow Wilson's terminal.
    swap : str
        One of `SWAPS`.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        What a cart writes.

    Raises
    ------
    ValueError
        If the exchange is not known.

    References
    ----------
    .. [1] Batchvarov VN, Malik M, Camm AJ. Incorrect electrode cable connection during
       electrocardiographic recording. Europace 2007;9:1081-1090.
    """
    if swap not in SWAPS:
        raise ValueError(f"swap is {swap!r}; {', '.join(SWAPS)} are known")
    one, two = leads_mv[0], leads_mv[1]
    right = -(one + two) / 3
    seen = dict(zip(LIMBS, (right, right + one, right + two, right + two), strict=True))
    seen |= {name: leads_mv[LEADS.index(name)] for name in ELECTRODES[3:]}
    first, second = swap.split("-")
    seen[first], seen[second] = seen[second], seen[first]
    made = leads_of_electrodes(np.stack([seen[name] for name in ELECTRODES]))
    wilson = (seen["RA"] + seen["LA"] + seen["LL"]) / 3
    return np.vstack([made, leads_mv[len(LEADS) :] - wilson])


def leads_of(electrode: str) -> tuple[str, ...]:
    """Name the leads a cart cannot record without an electrode.

    Parameters
    ----------
    electrode : str
        One of `ecg_leads.ELECTRODES`.

    Returns
    -------
    tuple of str
        For a limb the two bipolar leads it is part of and the augmented ones.
    """
    return (*_LEADS_OF[electrode], *_AUGMENTED) if electrode in _LEADS_OF else (electrode,)


def failed(
    leads_mv: NDArray[np.float64], rate_hz: float, fault: str, electrode: str,
    generator: np.random.Generator,
) -> NDArray[np.float64]:  # fmt: skip
    """Record with one electrode that fails.

    Parameters
    ----------
    leads_mv : ndarray of float64, shape (n_leads, n_samples)
        The twelve leads in their order, and any leads beside them.
    rate_hz : float
        Samples per second.
    fault : str
        One of `FAULTS`.
    electrode : str
        One of `ecg_leads.ELECTRODES`.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        What a cart writes; a missing lead is NaN.

    Raises
    ------
    ValueError
        If fault or electrode is not known.
    """
    if fault not in FAULTS or electrode not in ELECTRODES:
        raise ValueError(
            f"{fault!r} of {electrode!r}; faults {', '.join(FAULTS)} of {', '.join(ELECTRODES)}"
        )
    out = leads_mv.copy()
    rows = [LEADS.index(name) for name in leads_of(electrode)]
    count = out.shape[1]
    if fault in _ADDED:
        added = np.zeros((len(ELECTRODES), count))
        added[ELECTRODES.index(electrode)] = _ADDED[fault](count, rate_hz, generator)
        out[: len(LEADS)] += leads_of_electrodes(added)
        return out
    if fault == "missing":
        out[rows] = np.nan
    elif fault == "flat":
        out[rows] = 0.0
    elif fault == "half_flat":
        out[rows, int(count * generator.uniform(0.4, 0.55)) :] = 0.0
    elif fault == "saturated":
        begin = int(count * generator.uniform(0.1, 0.4))
        out[rows, begin : begin + int(0.4 * count)] = RAIL_MV
    else:  # clipped: an amplifier whose range is too small
        for row in rows:
            top = 0.45 * np.abs(out[row]).max()
            out[row] = np.clip(out[row], -top, top)
    return out


def _steps(count: int, rate_hz: float, generator: np.random.Generator) -> NDArray[np.float64]:
    path = np.zeros(count)
    for at in generator.uniform(0.08, 0.92, max(2, round(count / rate_hz / 2.5))):
        path[int(at * count) :] += generator.choice([-1.0, 1.0]) * generator.uniform(1.6, 3.0)
    return np.asarray(gaussian_filter1d(path, 0.004 * rate_hz))


def _noise(
    mv: float, kind: str
) -> Callable[[int, float, np.random.Generator], NDArray[np.float64]]:
    sizes = {"wander_mv": 0.0, "muscle_mv": 0.0, "mains_mv": 0.0, f"{kind}_mv": 1.0}

    def draw(count: int, rate_hz: float, generator: np.random.Generator) -> NDArray[np.float64]:
        times = np.arange(count) / rate_hz
        row = electrode_noise(EcgNoise(**sizes), times, 0.24, generator)[0]
        return np.asarray(row * mv / np.sqrt(np.mean(row**2)))

    return draw


_ADDED = {
    "step": _steps, "wander": _noise(1.3, "wander"), "muscle": _noise(0.3, "muscle"),
    "mains": _noise(0.36, "mains"),
}  # fmt: skip
