"""From a moving heart dipole, and from electrode potentials, to the twelve leads.

Both ways end in definitions of the leads, so II = I + III and the Goldberger leads hold exactly.
"""

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import LEADS

ELECTRODES = ("RA", "LA", "LL", "V1", "V2", "V3", "V4", "V5", "V6")
INDEPENDENT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")

# Lead vectors in the Frank frame: x to the patient's left, y to the feet, z to the back.
# Dower GE, Machado HB, Osborne JA. Clin Cardiol 1980;3:87-95.
DOWER = np.array([
    [0.632, -0.235, 0.059],  # I
    [0.235, 1.066, -0.132],  # II
    [-0.515, 0.157, -0.917],  # V1
    [0.044, 0.164, -1.387],  # V2
    [0.882, 0.098, -1.277],  # V3
    [1.213, 0.127, -0.601],  # V4
    [1.125, 0.127, -0.086],  # V5
    [0.831, 0.076, 0.230],  # V6
])  # fmt: skip

# Chest electrodes as seen from the middle of the heart, in cm, same axes: an average adult chest.
CHEST_CM = np.array([
    [-3.0, -1.0, -6.5],
    [1.5, -1.0, -6.8],
    [4.5, 0.8, -6.5],
    [7.5, 2.5, -5.0],
    [10.0, 2.5, -2.0],
    [11.5, 2.5, 1.5],
])  # fmt: skip


def leads_of_dipole(
    dipole: NDArray[np.float64], place_cm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Project a dipole that moves through the heart on the twelve leads.

    The limb electrodes are far away, so their lead vectors stay. A chest electrode sees a dipole
    that comes near it with more weight: the vector of Dower is scaled with the square of the
    distance, which is what an unbounded conductor does to a source on the line of sight.

    Parameters
    ----------
    dipole : ndarray of float64, shape (3, n_samples)
        Heart vector in mV, Frank axes (left, foot, back).
    place_cm : ndarray of float64, shape (3, n_samples)
        Where the dipole sits, in cm from the middle of the heart, same axes.

    Returns
    -------
    ndarray of float64, shape (12, n_samples)
        Leads in mV, in the order of `workbench.domain.trace.LEADS`.
    """
    seen = DOWER @ dipole
    rest = np.linalg.norm(CHEST_CM, axis=1)[:, None]
    away = np.linalg.norm(CHEST_CM[:, :, None] - place_cm[None], axis=1)
    seen[2:] *= (rest / away) ** 2
    return _twelve(seen[0], seen[1], seen[2:])


def leads_of_electrodes(potentials: NDArray[np.float64]) -> NDArray[np.float64]:
    """Combine what the nine electrodes carry, such as noise, into the twelve leads.

    Parameters
    ----------
    potentials : ndarray of float64, shape (9, n_samples)
        Potentials in mV in the order of `ELECTRODES`.

    Returns
    -------
    ndarray of float64, shape (12, n_samples)
        Leads in mV; the chest leads against Wilson's terminal.
    """
    right, left, foot = potentials[:3]
    wilson = (right + left + foot) / 3.0
    return _twelve(left - right, foot - right, potentials[3:] - wilson)


def _twelve(
    one: NDArray[np.float64], two: NDArray[np.float64], chest: NDArray[np.float64]
) -> NDArray[np.float64]:
    limb = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2]
    twelve = np.vstack([*limb, chest])
    if twelve.shape[0] != len(LEADS):
        raise ValueError(f"expected {len(LEADS)} leads, made {twelve.shape[0]}")
    return twelve
