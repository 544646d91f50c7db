"""How sure a cardiothoracic ratio is, and whether its outlines can be right."""

import math

import numpy as np

from workbench.radiograph.thorax import HEART, LEFT_LUNG, RIGHT_LUNG, Masks, Span, organ


def standard_error(spread: float, floor: float, thorax: Span) -> float:
    """Put together what makes a ratio uncertain.

    Parameters
    ----------
    spread : float
        Standard deviation of the ratio over the views of the outliner.
    floor : float
        Standard error that stays when all views agree: where readers put the edges.
    thorax : Span
        Inner width of the thorax; its pixels bound what can be told apart.

    Returns
    -------
    float
        One standard error of the ratio.

    Raises
    ------
    ValueError
        If `spread` or `floor` is negative.
    """
    if spread < 0 or floor < 0:
        raise ValueError(f"spread {spread:g}, floor {floor:g}: both must be 0 or more")
    pixel = 1.0 / thorax.width / math.sqrt(6.0)  # two edges, each even within its pixel
    return math.sqrt(spread**2 + floor**2 + pixel**2)


def sunken_heart(masks: Masks) -> float | None:
    """Measure how much of the heart's outline lies below both lungs.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.

    Returns
    -------
    float or None
        Share of the heart's area under the lowest row of the lungs, 0 to 1; None without both.
    """
    lungs, heart = (masks & (RIGHT_LUNG | LEFT_LUNG)) != 0, organ(masks, HEART)
    rows = np.flatnonzero(lungs.any(axis=1))
    total = int(heart.sum())
    if not rows.size or not total:
        return None
    return float(heart[int(rows[-1]) + 1 :].sum()) / total
