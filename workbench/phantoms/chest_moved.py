"""A patient who breathed or swayed during the exposure."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
MOMENTS = 15  # pictures that are averaged
DOWN_MM = (3.5, 12.0)  # travel downwards at the apices and at the domes, on the film
ASIDE_MM = 2.0
APEX, DOME = 0.15, 0.72  # levels of both as parts of the film's height


def moving(beam: Array, pitch: float) -> Array:
    """Average a beam over the travel of a breath; it is even, for an exposure is far shorter.

    Parameters
    ----------
    beam : ndarray of float32, shape (rows, columns)
        Part of the beam that passes the patient.
    pitch : float
        Distance of two pixels in cm.

    Returns
    -------
    ndarray of float32, shape of `beam`
        The same, blurred along the way of the chest: little at the apices, most at the domes.
    """
    rows, columns = beam.shape
    down_to = np.interp(np.arange(rows) / rows, (APEX, DOME), DOWN_MM) / 10 / pitch
    aside = ASIDE_MM / 10 / pitch
    total = np.zeros_like(beam)
    for moment in np.linspace(-0.5, 0.5, MOMENTS):
        at = np.clip(np.arange(rows) - moment * down_to, 0, rows - 1.001)
        first, share = at.astype(int), (at % 1).astype(np.float32)[:, None]
        seen = beam[first] * (1 - share) + beam[first + 1] * share
        step = np.clip(np.arange(columns) - moment * aside, 0, columns - 1.001)
        first, across = step.astype(int), (step % 1).astype(np.float32)
        total += seen[:, first] * (1 - across) + seen[:, first + 1] * across
    return total / np.float32(MOMENTS)
