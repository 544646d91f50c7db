"""The two sides of a frontal chest film compared: how dense they are and where the middle stands.

A lung that holds no air may be outlined as the space between ribs and middle, in part, or not at
all. Where the outline is small the clearer lung is also laid over that side, mirrored at the middle
of the chest. The greys found there are compared with the clearer lung and with what is surely
dense. Nothing is judged here.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.radiograph.thorax import (
    HEART,
    LEFT_LUNG,
    RIGHT_LUNG,
    Mask,
    Masks,
    Span,
    midline,
    organ,
)

BELOW: Final = (0.03, 0.15)  # of the lung's height under it: liver or stomach wall, and spleen
REST: Final = 0.15  # of the other lung's area; a smaller outline is a rest of lung
WHOLE: Final = 0.5  # of the clearer lung's area, from which an outline is that of the whole side
LEAST_CONTRAST: Final = 0.02  # of full scale between lung and dense part, below it: no measure
APEX: Final = 0.1  # of a lung's height: there it begins far from the middle
CORE: Final = 0.7  # of the mirrored lung's width, about its middle: edges never fit

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sides:
    """What the comparison shows.

    Attributes
    ----------
    clearer : int
        Bit of the darker lung, or of the only one.
    opacity : float
        Density of the other side: 0 as the clearer lung, 1 between heart and liver.
    outlined : float
        Area of the other lung's outline over that of the clearer lung.
    edge : float or None
        How far the inner edge of the clearer lung stands from the middle of the clavicles, as a
        share of that lung's width: the more the middle is pushed towards it, the larger; negative
        when the lung reaches across. None without clavicles.
    middle : float
        Column of the middle of the clavicles, else of the picture, in pixels of the mask.
    place : tuple of float
        Left, upper, right and lower edge of what was looked at, in pixels of the mask.
    """

    clearer: int
    opacity: float
    outlined: float
    edge: float | None
    middle: float
    place: tuple[float, float, float, float]


def compare_sides(grey: Grey, masks: Masks) -> Sides | None:
    """Compare the denser side with the clearer one.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        Film as it is shown, dense parts bright, 0 to 1.
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits, on the same grid.

    Returns
    -------
    Sides or None
        None without a lung, or where lung and dense parts do not differ.

    Raises
    ------
    ValueError
        If the two are not of one shape.
    """
    if grey.shape != masks.shape:
        raise ValueError(f"grey {grey.shape} and masks {masks.shape}: expected one shape")
    lungs = {bit: organ(masks, bit) for bit in (RIGHT_LUNG, LEFT_LUNG)}
    clearer = _clearer(grey, lungs)
    lung, other = lungs[clearer], lungs[RIGHT_LUNG + LEFT_LUNG - clearer]
    if not lung.any():
        return None
    found = midline(masks)
    middle = (masks.shape[1] - 1) / 2.0 if found is None else found
    clear, dense = float(np.median(grey[lung])), _dense(grey, lung, organ(masks, HEART))
    outlined = float(other.sum()) / float(lung.sum())
    looked = _looked_at(lung, other, outlined, middle)
    if dense is None or dense - clear < LEAST_CONTRAST or not looked:
        return None
    greys = [float(np.median(grey[there])) for there in looked]
    there = looked[int(np.argmax(greys))]
    down, across = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
    return Sides(
        clearer=clearer,
        opacity=(max(greys) - clear) / (dense - clear),
        outlined=outlined,
        edge=None if found is None else inner_edge(lung, found, clearer),
        middle=middle,
        place=(float(across[0]), float(down[0]), float(across[-1] + 1), float(down[-1] + 1)),
    )


def _looked_at(lung: Mask, other: Mask, outlined: float, middle: float) -> list[Mask]:
    """What stands for the other side: its outline; beside a small one the mirrored lung too."""
    parts = [_core(other)] if outlined >= REST else []
    if outlined < WHOLE:
        parts.append(_mirrored(_core(lung), middle))
    return [part for part in parts if part.any()]


def _clearer(grey: Grey, lungs: dict[int, Mask]) -> int:
    """The darker lung; a rest of lung, or none at all, is never the clearer side."""
    large = max(int(one.sum()) for one in lungs.values())
    whole = [bit for bit, one in lungs.items() if one.any() and one.sum() >= REST * large]
    return min(whole, key=lambda bit: float(np.median(grey[lungs[bit]])), default=RIGHT_LUNG)


def inner_edge(lung: Mask, middle: float, side: int) -> float:
    """Measure how far a lung begins from the middle.

    Parameters
    ----------
    lung : ndarray of bool, shape (rows, columns)
        The lung; not empty.
    middle : float
        Column of the middle.
    side : int
        Bit of the lung: the right one begins to the left of the middle on the film.

    Returns
    -------
    float
        Median over the rows below the apex, as a share of the lung's width; negative beyond the
        middle.

    Notes
    -----
    The other lung's inner edge lies in the opaque side and is a guess of any outliner. This lung is
    pressed together by what pushes the middle, and wide when the middle is drawn away: measured in
    its own width, both add up.
    """
    rows = np.flatnonzero(lung.any(axis=1))
    rows = rows[int(APEX * rows.size) :]
    if side == RIGHT_LUNG:
        away = middle - (lung.shape[1] - lung[rows][:, ::-1].argmax(axis=1))
    else:
        away = lung[rows].argmax(axis=1) - middle
    across = np.flatnonzero(lung.any(axis=0))
    return float(np.median(away)) / float(across[-1] - across[0] + 1)


def mediastinal_shift(masks: Masks, thorax: Span) -> float | None:
    """Measure where the gap between the lungs stands against the middle of the clavicles.

    Parameters
    ----------
    masks : ndarray of uint8, shape (rows, columns)
        Organs as bits.
    thorax : Span
        Inner width of the thorax.

    Returns
    -------
    float or None
        Share of the thorax's width, positive towards the patient's left; None without clavicles or
        without rows that hold both lungs.
    """
    middle = midline(masks)
    right, left = organ(masks, RIGHT_LUNG), organ(masks, LEFT_LUNG)
    rows = np.flatnonzero(right.any(axis=1) & left.any(axis=1))
    if middle is None or not rows.size:
        return None
    width = masks.shape[1]
    inner_right = width - right[rows][:, ::-1].argmax(axis=1)  # edge behind the last pixel
    inner_left = left[rows].argmax(axis=1)
    centre = (inner_right + inner_left) / 2.0
    return float(centre.mean() - middle) / thorax.width


def _core(lung: Mask) -> Mask:
    """The lung without a margin at its sides, row by row."""
    kept = np.zeros_like(lung)
    margin = (1.0 - CORE) / 2.0
    for row in np.flatnonzero(lung.any(axis=1)):
        across = np.flatnonzero(lung[row])
        cut = margin * (across[-1] - across[0] + 1)
        low, high = int(np.ceil(across[0] + cut)), int(across[-1] - cut) + 1
        kept[row, low:high] = True
    return kept


def _mirrored(mask: Mask, middle: float) -> Mask:
    rows, columns = np.nonzero(mask)
    there = np.rint(2.0 * middle - columns).astype(np.int64)
    inside = (there >= 0) & (there < mask.shape[1])
    found = np.zeros_like(mask)
    found[rows[inside], there[inside]] = True
    return found


def _dense(grey: Grey, lung: Mask, heart: Mask) -> float | None:
    """Between the heart and what lies under the clearer lung: one may hold gas, or a breast."""
    down, across = np.flatnonzero(lung.any(axis=1)), np.flatnonzero(lung.any(axis=0))
    tall, wide = down[-1] - down[0] + 1, across[-1] - across[0] + 1
    first = down[-1] + 1 + round(BELOW[0] * tall)
    below = grey[
        first : down[-1] + 1 + round(BELOW[1] * tall),
        across[0] + round(0.25 * wide) : across[-1] + 1 - round(0.25 * wide),
    ]
    parts = [part for part in (below, grey[heart]) if part.size]
    return float(np.mean([np.median(part) for part in parts])) if parts else None
