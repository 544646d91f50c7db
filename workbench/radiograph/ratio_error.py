"""How sure a cardiothoracic ratio is."""

import math

from workbench.radiograph.thorax import Span


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
