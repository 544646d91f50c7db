"""How the patient stood: turned about the long axis, shoulders level, lungs filled.

Rotation moves the clavicles, which lie in front, against the spine, which lies behind. The spine is
not outlined, so the middle between the inner borders of the lungs near their tops stands for it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.domain.quality_item import Box
from workbench.radiograph.film_box import box_around

TIP: Final = 2.0  # percent of a clavicle beyond its end: a stray pixel is no joint
HIGH: Final = (0.04, 0.22)  # of the lungs' height below their tops: above the arch of the aorta
FEWEST_ROWS: Final = 4

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ClavicleLook:
    """What the two clavicles tell.

    Attributes
    ----------
    asymmetry : float
        Difference of the distances of their inner ends from the middle, over their sum: 0 straight,
        1 when one end lies on the middle. Above 1 when both lie on one side.
    tilt : float
        Angle of the line through both, in degrees; 0 is level.
    apex_above : float
        Height of lung above the clavicles (the lesser side) over the height of the lungs.
    place : Box
        Around both clavicles.
    """

    asymmetry: float
    tilt: float
    apex_above: float
    place: Box


def look_at_clavicles(
    lungs: tuple[Mask, Mask], clavicles: tuple[Mask, Mask], pixel: tuple[float, float]
) -> ClavicleLook | None:
    """Compare both clavicles with the middle of the upper chest.

    Parameters
    ----------
    lungs, clavicles : tuple of ndarray of bool, shape (rows, columns)
        Of the patient's right and left side, on one grid.
    pixel : tuple of float
        Height and width of a pixel, in any one unit.

    Returns
    -------
    ClavicleLook or None
        None where a mask is empty or the lungs' upper parts do not lie beside each other.

    Notes
    -----
    The clavicles of the net are its weakest outlines (Dice about 0.7), so small asymmetries are
    errors of the outline as often as rotation; the limits of the rule book allow for that.
    """
    if not all(mask.any() for mask in (*lungs, *clavicles)):
        return None
    middle = _middle(lungs)
    if middle is None:
        return None
    toward = 1.0 if _centre(lungs[0])[1] < _centre(lungs[1])[1] else -1.0
    ends = [
        _end(clavicles[0], toward, middle[0]) * pixel[1],
        _end(clavicles[1], -toward, middle[0]) * pixel[1],
    ]
    total = abs(ends[0] + ends[1])
    asymmetry = abs(ends[0] - ends[1]) / total if total > 0 else float("inf")
    centres = [_centre(mask) for mask in clavicles]
    across = abs(centres[1][1] - centres[0][1]) * pixel[1]
    if across == 0:
        return None
    drop = (centres[1][0] - centres[0][0]) * pixel[0]
    above = min(
        (_top(clavicle) - _top(lung)) / middle[1]
        for lung, clavicle in zip(lungs, clavicles, strict=True)
    )
    return ClavicleLook(
        asymmetry=asymmetry,
        tilt=float(np.degrees(np.arctan2(abs(drop), across))),
        apex_above=float(above),
        place=box_around(clavicles[0] | clavicles[1]),
    )


def lung_height_ratio(lungs: tuple[Mask, Mask], pixel: tuple[float, float]) -> float | None:
    """Height of the right lung over the width of both: how far the domes went down.

    Parameters
    ----------
    lungs : tuple of ndarray of bool, shape (rows, columns)
        Right and left.
    pixel : tuple of float
        Height and width of a pixel, in any one unit.

    Returns
    -------
    float or None
        Without unit; None where a lung is empty. This is no count of ribs.

    Notes
    -----
    The height is taken down the middle third of the right lung, from its top to the dome; the
    deep angle at the wall would hide a high dome.
    """
    if not (lungs[0].any() and lungs[1].any()):
        return None
    both = np.flatnonzero((lungs[0] | lungs[1]).any(axis=0))
    columns = np.flatnonzero(lungs[0].any(axis=0))
    third = columns[columns.size // 3 : max(columns.size * 2 // 3, columns.size // 3 + 1)]
    lowest = [int(np.flatnonzero(lungs[0][:, c])[-1]) for c in third if lungs[0][:, c].any()]
    if not lowest:
        return None
    height = (float(np.median(lowest)) + 1 - _top(lungs[0])) * pixel[0]
    return height / (float(both[-1] - both[0] + 1) * pixel[1])


def _top(mask: Mask) -> int:
    return int(np.flatnonzero(mask.any(axis=1))[0])


def _centre(mask: Mask) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(rows.mean()), float(columns.mean())


def _end(clavicle: Mask, toward: float, middle: float) -> float:
    """Distance of the inner end from the middle in pixels; negative when it lies beyond."""
    columns = np.nonzero(clavicle)[1]
    end = float(np.percentile(columns, 100.0 - TIP if toward > 0 else TIP))
    return (middle - end) * toward


def _middle(lungs: tuple[Mask, Mask]) -> tuple[float, float] | None:
    """Column between the inner borders near the tops, and the height of the lungs in rows."""
    top = max(_top(mask) for mask in lungs)
    rows = np.flatnonzero((lungs[0] | lungs[1]).any(axis=1))
    height = float(rows[-1] - rows[0] + 1)
    first = lungs[0] if _centre(lungs[0])[1] < _centre(lungs[1])[1] else lungs[1]
    second = lungs[1] if first is lungs[0] else lungs[0]
    found: list[float] = []
    for row in range(top + int(HIGH[0] * height), top + int(HIGH[1] * height) + 1):
        if row < first.shape[0] and first[row].any() and second[row].any():
            inner = np.flatnonzero(first[row])[-1], np.flatnonzero(second[row])[0]
            found.append(float(inner[0] + inner[1]) / 2)
    if len(found) < FEWEST_ROWS:
        return None
    return float(np.median(found)), height
