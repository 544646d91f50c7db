"""How far the lungs stay from the edges of the film or of its collimated field."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.quality_item import Box
from workbench.radiograph.collimation import OpenField
from workbench.radiograph.film_box import box_of

TOUCHING: Final = 1.5  # pixels of the coarse grid: closer is "at the edge"
NEAR: Final = 6  # pixels: lung this close to an edge is shown in the box of the gap


@dataclass(frozen=True, slots=True)
class EdgeGap:
    """One border of a lung and the edge it faces.

    Attributes
    ----------
    name : str
        "right apex", "right wall", "right base" and the same of the left lung.
    distance : float
        From the lung to the edge, in the unit asked for.
    contact : float
        How much of the edge the lung touches, same unit.
    place : Box
        The strip between lung and edge, or where they touch.
    """

    name: str
    distance: float
    contact: float
    place: Box


def lung_gaps(
    right: NDArray[np.bool_],
    left: NDArray[np.bool_],
    field: OpenField,
    pixel: tuple[float, float],
) -> tuple[EdgeGap, ...]:
    """Measure how far both lungs stay from the edges of the field.

    Parameters
    ----------
    right, left : ndarray of bool, shape (rows, columns)
        The patient's lungs, on the grid of `field`; both hold something.
    field : OpenField
        The exposed field.
    pixel : tuple of float
        Height and width of one pixel of this grid, in the unit distances are wanted in.

    Returns
    -------
    tuple of EdgeGap
        Apex, wall and base of the right, then of the left lung. The wall faces the edge the lung
        lies next to, so a mirrored film is measured as well.

    Raises
    ------
    ValueError
        If a lung is empty.
    """
    if not (right.any() and left.any()):
        raise ValueError("a lung is empty; say 'not assessed' instead of measuring it")
    at_left = _middle(right) < _middle(left)
    found: list[EdgeGap] = []
    for name, lung, faces_left in (("right", right, at_left), ("left", left, not at_left)):
        inside = np.zeros_like(lung)
        inside[field.slices] = lung[field.slices]
        if not inside.any():
            raise ValueError(f"the {name} lung lies outside the field; check field and masks")
        found.append(_gap(f"{name} apex", inside, field, pixel, "top"))
        side = "left" if faces_left else "right"
        found.append(_gap(f"{name} wall", inside, field, pixel, side))
        found.append(_gap(f"{name} base", inside, field, pixel, "bottom"))
    return tuple(found)


def _middle(mask: NDArray[np.bool_]) -> float:
    return float(np.flatnonzero(mask.any(axis=0)).mean())


def _gap(
    name: str,
    lung: NDArray[np.bool_],
    field: OpenField,
    pixel: tuple[float, float],
    side: str,
) -> EdgeGap:
    """Turn the picture so that the edge is at the top, and measure from there."""
    inner = lung[field.slices]
    turned = inner if side in ("top", "bottom") else inner.T
    turned = turned[::-1] if side in ("bottom", "right") else turned
    depth, along = pixel if side in ("top", "bottom") else pixel[::-1]
    first = int(np.flatnonzero(turned.any(axis=1))[0])
    near = np.flatnonzero(turned[: first + NEAR].any(axis=0))
    touching = int(turned[: int(TOUCHING) + 1].any(axis=0).sum()) if first <= TOUCHING else 0
    begin, end = int(near[0]), int(near[-1]) + 1
    reach = max(first, NEAR)
    offset_row, offset_column = field.top, field.left
    rows, columns = {
        "top": (slice(0, reach), slice(begin, end)),
        "bottom": (slice(inner.shape[0] - reach, inner.shape[0]), slice(begin, end)),
        "left": (slice(begin, end), slice(0, reach)),
        "right": (slice(begin, end), slice(inner.shape[1] - reach, inner.shape[1])),
    }[side]
    place = box_of(
        slice(rows.start + offset_row, rows.stop + offset_row),
        slice(columns.start + offset_column, columns.stop + offset_column),
        lung.shape,
    )
    return EdgeGap(name, first * depth, touching * along, place)
