"""Arithmetic on the outlines of a frontal chest film: ratio, areas, domes, extent.

Nothing is judged here. Places are in pixels of the mask; a film's own pixels follow by the ratio
of the sizes. Right and left are the patient's: the right lung stands at the left of the picture.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

RIGHT_LUNG: Final = 1
LEFT_LUNG: Final = 2
HEART: Final = 4
RIGHT_CLAVICLE: Final = 8
LEFT_CLAVICLE: Final = 16
DOME_PART: Final = (0.25, 0.75)  # of a lung's width: beside it lie the angle and the middle
UNDER: Final = 0.02  # of the film's height: heart this close under a lung is what ends it there

Masks = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Span:
    """A horizontal width: edges of the outermost pixels, and the rows the two ends lie in.

    Attributes
    ----------
    first, last : float
        Columns of the edges, in pixels from the left side of the picture.
    first_row, last_row : float
        Rows of the two ends.
    """

    first: float
    last: float
    first_row: float
    last_row: float

    @property
    def width(self) -> float:
        """Distance of the edges in pixels."""
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Ratio:
    """The cardiothoracic ratio and the two widths it is made of."""

    heart: Span
    thorax: Span

    @property
    def value(self) -> float:
        """Greatest width of the heart over greatest inner width of the thorax."""
        return self.heart.width / self.thorax.width


@dataclass(frozen=True, slots=True)
class Field:
    """Where one lung lies on the film.

    Attributes
    ----------
    area : float
        Share of the film, 0 to 1.
    top, bottom, first, last : int
        First and last row and column.
    dome : float or None
        Row of the highest point of the lower edge between the angles; None without a lower edge
        there.
    """

    area: float
    top: int
    bottom: int
    first: int
    last: int
    dome: float | None


def organ(masks: Masks, bit: int) -> Mask:
    """Take one organ out of the masks: its largest connected part.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.
    bit : int
        Bit of the organ.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        Nothing where the organ was not seen.
    """
    seen: Mask = (masks & bit) != 0
    down, across = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not down.size:
        return seen
    box = slice(down[0], down[-1] + 1), slice(across[0], across[-1] + 1)
    labels, count = ndimage.label(seen[box])
    if count > 1:
        sizes = np.bincount(labels.ravel())
        sizes[0] = 0
        seen[box] = labels == int(sizes.argmax())
    return seen


def span(mask: Mask) -> Span | None:
    """Measure the greatest horizontal extent of a mask, over all rows.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        One organ, or several together.

    Returns
    -------
    Span or None
        None for an empty mask. The row of an end is the middle of the rows that reach it.
    """
    across = np.flatnonzero(mask.any(axis=0))
    if not across.size:
        return None
    first, last = int(across[0]), int(across[-1])
    rows = [float(np.flatnonzero(mask[:, column]).mean()) for column in (first, last)]
    return Span(float(first), float(last + 1), *rows)


def cardiothoracic(masks: Masks) -> Ratio | None:
    """Measure the cardiothoracic ratio as a reader draws it [1]_.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.

    Returns
    -------
    Ratio or None
        None where heart or a lung was not seen. The inner width of the thorax is that from the
        outer edge of one lung to the outer edge of the other.

    References
    ----------
    .. [1] Danzer CS. The cardiothoracic ratio: an index of cardiac enlargement. Am J Med Sci 1919.
    """
    right, left = organ(masks, RIGHT_LUNG), organ(masks, LEFT_LUNG)
    heart = span(organ(masks, HEART))
    if heart is None or not right.any() or not left.any():
        return None
    thorax = span(right | left)
    return None if thorax is None else Ratio(heart, thorax)


def field(masks: Masks, bit: int) -> Field | None:
    """Say where one lung lies.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.
    bit : int
        Bit of the lung.

    Returns
    -------
    Field or None
        None where the lung was not seen.
    """
    mask = organ(masks, bit)
    down, across = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not down.size:
        return None
    first, last = int(across[0]), int(across[-1])
    return Field(
        area=float(mask.mean()),
        top=int(down[0]),
        bottom=int(down[-1]),
        first=first,
        last=last,
        dome=_dome(mask, (masks & HEART) != 0, first, last),
    )


def _dome(mask: Mask, heart: Mask, first: int, last: int) -> float | None:
    """Highest point of the lower edge of a lung, where the heart does not stand on the dome."""
    rows = mask.shape[0]
    low, high = (round(first + part * (last - first)) for part in DOME_PART)
    across = np.arange(low, high + 1)
    across = across[mask[:, across].any(axis=0)]
    lower = rows - 1 - mask[::-1, across].argmax(axis=0)
    under = [
        heart[np.minimum(lower + step, rows - 1), across]
        for step in range(1, max(2, round(UNDER * rows)))
    ]
    free = ~np.any(under, axis=0)
    return float(lower[free].min()) if free.any() else None


def asymmetry(right: float, left: float) -> float:
    """Compare two areas.

    Parameters
    ----------
    right, left : float
        Areas in one unit, at least one above 0.

    Returns
    -------
    float
        -1 (only left) to 1 (only right); 0 for equal ones.

    Raises
    ------
    ValueError
        If an area is negative or both are 0.
    """
    if min(right, left) < 0 or right + left <= 0:
        raise ValueError(f"areas {right:g} and {left:g}: expected at least one above 0, none below")
    return (right - left) / (right + left)


def dome_difference(right: Field, left: Field, thorax: Span) -> float | None:
    """Compare the heights of the two domes.

    Parameters
    ----------
    right, left : Field
        The lungs.
    thorax : Span
        Inner width of the thorax, the measure of everything without millimetres.

    Returns
    -------
    float or None
        How much higher the right dome stands, as a share of the thorax's width; negative where the
        left one is higher, None where a dome was not seen.
    """
    if right.dome is None or left.dome is None:
        return None
    return (left.dome - right.dome) / thorax.width


def extent(right: Field, left: Field, thorax: Span) -> float:
    """Measure how far the lungs reach down for their width: a sign of how deep the breath was.

    Parameters
    ----------
    right, left : Field
        The lungs.
    thorax : Span
        Inner width of the thorax.

    Returns
    -------
    float
        Apex to the lower of the two domes, averaged over the sides that show one, as a share of
        the thorax's width.
    """
    heights = [
        (side.bottom if side.dome is None else side.dome) - side.top for side in (right, left)
    ]
    return float(np.mean(heights)) / thorax.width


def midline(masks: Masks) -> float | None:
    """Find the middle of the upper chest from the inner ends of the clavicles.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.

    Returns
    -------
    float or None
        Column half way between the inner ends; None without two clavicles in their order.
    """
    right = span(organ(masks, RIGHT_CLAVICLE))
    left = span(organ(masks, LEFT_CLAVICLE))
    if right is None or left is None or right.last > left.first + left.width / 2:
        return None
    return (right.last + left.first) / 2.0
