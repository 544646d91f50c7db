"""What a reader would outline on a layered film, as bits."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
BITS = (1, 2, 4, 8, 16)  # right lung, left lung, heart, right clavicle, left clavicle
AIR_CM, HEART_CM, TRUNK_CM, BELOW_CM = 0.8, 0.7, 1.2, 0.9  # seen from here on, in an adult
SEAM_CM = 1.0  # of lung between heart and dome that nobody outlines, in an adult


def lung_fields(
    lungs: tuple[Array, Array], below: tuple[Array, Array], heart: Array, trunk: Array, scale: float
) -> tuple[Mask, Mask]:
    """Outline both lungs: air, without heart, mediastinum and what lies under the dome's edge.

    Parameters
    ----------
    lungs, below : tuple of ndarray of float32, shape (side, side)
        Length of the rays in each lung, and in the space under its dome, in cm.
    heart, trunk : ndarray of float32, shape (side, side)
        Length of the rays in heart, and in mediastinum and spine, in cm.
    scale : float
        Size of the body relative to an adult.

    Returns
    -------
    tuple of ndarray of bool, shape (side, side)
        Right and left.
    """
    covered = (heart > HEART_CM * scale) | (trunk > TRUNK_CM * scale)
    right, left = (
        (air > AIR_CM * scale) & ~covered & (under <= BELOW_CM * scale)
        for air, under in zip(lungs, below, strict=True)
    )
    return right, left


def readers_lung(outline: Mask, heart: Mask, reach: int) -> Mask:
    """Leave what a reader would outline of a lung: one piece, and no seam under the heart.

    Parameters
    ----------
    outline, heart : ndarray of bool, shape (side, side)
        One lung, and the heart.
    reach : int
        Rows: a seam between heart and dome that is no thicker is left out.

    Returns
    -------
    ndarray of bool, shape (side, side)
        The largest piece of the rest.
    """
    rows = np.arange(len(outline))[:, None]
    lowest = len(heart) - 1 - heart[::-1].argmax(0)
    under = heart.any(0) & (rows > lowest)
    seam = under & ((outline & under).sum(0) <= reach)
    pieces, many = label(outline & ~seam)
    if not many:
        return np.zeros_like(outline)
    return np.asarray(pieces == 1 + np.bincount(pieces.ravel())[1:].argmax())


def inside_cage(outline: Mask, cage: Mask, right: bool, reach: int) -> Mask:
    """Cut a collar bone where it leaves the rib cage.

    Parameters
    ----------
    outline : ndarray of bool, shape (side, side)
        Its whole shadow.
    cage : ndarray of bool, shape (side, side)
        Shadow of the space of the lung of its side.
    right : bool
        Whether it is the right one.
    reach : int
        Rows by which the cage is continued upwards; near the apex the wall is taken as much lower.

    Returns
    -------
    ndarray of bool, shape (side, side)
        The part on this side of the outer wall, row by row.
    """
    soft = gaussian_filter(cage.astype(np.float32), 1.5) > 0.12
    rows = np.flatnonzero(soft.any(1))
    if not len(rows):
        return np.zeros_like(outline)
    lowest = min(rows[0] + reach, rows[-1])
    wide = soft[np.clip(np.arange(len(soft)) + reach, lowest, rows[-1])]
    at = np.arange(wide.shape[1])[None]
    if right:
        return np.asarray(outline & (at >= wide.argmax(1)[:, None]))
    return np.asarray(outline & (at <= wide.shape[1] - 1 - wide[:, ::-1].argmax(1)[:, None]))


def packed(parts: tuple[Mask, ...]) -> NDArray[np.uint8]:
    """Put outlines into one map of bits.

    Parameters
    ----------
    parts : tuple of ndarray of bool, shape (side, side)
        In the order of `BITS`.

    Returns
    -------
    ndarray of uint8, shape (side, side)
        Sum of the bits.
    """
    total = np.zeros(parts[0].shape, np.uint8)
    for bit, part in zip(BITS, parts, strict=True):
        total |= part.astype(np.uint8) * np.uint8(bit)
    return total
