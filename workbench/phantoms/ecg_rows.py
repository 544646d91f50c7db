"""Leads that no other lead determines, as rows: I, II, V1 to V6, and those beside the twelve."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import LEADS
from workbench.phantoms.ecg_leads import CHEST_CM, DOWER, INDEPENDENT

BESIDE = ("V3R", "V4R", "V7", "V8", "V9")
ROWS = (*INDEPENDENT, *BESIDE)

# Right-sided and posterior leads continue Dower's matrix around the chest: the same turn from lead
# to lead, smaller with the distance from the heart.
_BESIDE = np.array([
    [-0.60, 0.18, -0.50], [-0.58, 0.20, -0.26],  # V3R, V4R
    [0.55, 0.06, 0.42], [0.36, 0.05, 0.52], [0.16, 0.03, 0.55],  # V7, V8, V9
])  # fmt: skip
_BESIDE_CM = np.array([
    [-6.5, 0.8, -5.5], [-9.0, 2.5, -4.0], [11.0, 2.5, 5.0], [8.5, 2.5, 8.5], [4.5, 2.5, 10.0],
])  # fmt: skip
SEEN = np.vstack([DOWER, _BESIDE])
_CM = np.vstack([CHEST_CM, _BESIDE_CM])


def rows_of_dipole(
    dipole: NDArray[np.float64], place_cm: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Project a moving dipole on every independent lead, as `ecg_leads.leads_of_dipole` does.

    Parameters
    ----------
    dipole : ndarray of float64, shape (3, n_samples)
        Heart vector in mV, Frank axes (left, foot, back).
    place_cm : ndarray of float64, shape (3, n_samples)
        Where the dipole sits (cm).

    Returns
    -------
    ndarray of float64, shape (13, n_samples)
        In the order of `ROWS` (mV).
    """
    seen = SEEN @ dipole
    rest = np.sum(_CM**2, axis=1)[:, None]
    # |e - p|² = |e|² - 2 e·p + |p|², without an array of all electrodes and samples and axes
    away = rest - 2 * _CM @ place_cm + np.sum(place_cm**2, axis=0)[None]
    seen[2:] *= rest / away
    return np.asarray(seen)


def all_leads(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Complete the independent leads by Einthoven and Goldberger.

    Parameters
    ----------
    rows : ndarray of float64, shape (13, n_samples)
        In the order of `ROWS` (mV).

    Returns
    -------
    ndarray of float64, shape (17, n_samples)
        The twelve leads in their order, then `BESIDE` (mV).
    """
    one, two = rows[0], rows[1]
    limb = [one, two, two - one, -(one + two) / 2, one - two / 2, two - one / 2]
    return np.vstack([*limb, rows[2:]])


def weights(values: Mapping[str, float]) -> NDArray[np.float64]:
    """Put values of single leads in rows; III and the augmented leads follow from I and II.

    Parameters
    ----------
    values : mapping of str to float
        Values by lead; those not named are 0.

    Returns
    -------
    ndarray of float64, shape (13,)
        In the order of `ROWS`.

    Raises
    ------
    ValueError
        If a lead is none of `ROWS`.
    """
    strange = set(values) - set(ROWS)
    if strange:
        raise ValueError(f"{sorted(strange)} cannot be set by themselves; give {', '.join(ROWS)}")
    return np.array([float(values.get(name, 0.0)) for name in ROWS])


def by_lead(rows: NDArray[np.float64]) -> dict[str, float]:
    """Name one value per lead, the twelve and those beside.

    Parameters
    ----------
    rows : ndarray of float64, shape (13,)
        In the order of `ROWS`.

    Returns
    -------
    dict of str to float
        Values of 17 leads.
    """
    values = all_leads(np.asarray(rows)[:, None])[:, 0]
    return dict(zip((*LEADS, *BESIDE), map(float, values), strict=True))
