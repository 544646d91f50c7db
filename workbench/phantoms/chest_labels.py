"""Truth of a film: silhouettes, widths and the cardiothoracic ratio, and a heart that fits them."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.chest_heart import Heart, first_heart, heart_field
from workbench.phantoms.chest_lungs import LEFT, RIGHT, cage
from workbench.phantoms.chest_organs import Paths, crossed
from workbench.phantoms.chest_person import Person
from workbench.phantoms.chest_rays import View

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
SEEN_CM = 0.6  # a silhouette begins where a ray crosses this much
AIR_CM = 0.8  # lung is called lung where a ray crosses this much of it
BELOW_CM = 0.5  # and where less than this of the cage is under the dome
FIT_PITCH_CM = 0.25
FIT_DEPTHS = 24
FIT_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Widths:
    """Horizontal measures on the film, in pixels of the grid they were taken on.

    Attributes
    ----------
    heart_right, heart_left : float
        Columns of the outermost heart borders (image left, image right).
    thorax_right, thorax_left : float
        Columns of the inner borders of the cage at its widest row.
    thorax_row : int
        That row.
    """

    heart_right: float
    heart_left: float
    thorax_right: float
    thorax_left: float
    thorax_row: int

    @property
    def ctr(self) -> float:
        """Greatest heart width over greatest inner width of the thorax."""
        return (self.heart_left - self.heart_right) / (self.thorax_left - self.thorax_right)


def _edges(path: Array, limit: float) -> tuple[float, float]:
    """First and last place where a row of lengths passes the limit, between pixels."""
    over = np.flatnonzero(path > limit)
    first, last = int(over[0]), int(over[-1])
    low, high = float(first), float(last)
    if first > 0:
        low -= float((path[first] - limit) / (path[first] - path[first - 1]))
    if last < len(path) - 1:
        high += float((path[last] - limit) / (path[last] - path[last + 1]))
    return low, high


def measure(heart: Array, cages: Array) -> Widths:
    """Measure the widths a reader would draw.

    Parameters
    ----------
    heart : ndarray of float32, shape (rows, columns)
        Crossed length of the heart in cm.
    cages : ndarray of float32, shape (rows, columns)
        Crossed length of the space inside the ribs in cm.

    Returns
    -------
    Widths
        Columns on this grid.

    Raises
    ------
    ValueError
        If heart or cage cannot be seen on this grid.
    """
    if heart.max() <= SEEN_CM or cages.max() <= SEEN_CM:
        raise ValueError("heart or cage is not on the film; check the place of the film")
    widest, best, row = (0.0, 0.0), -1.0, 0
    for index in np.flatnonzero((cages > SEEN_CM).any(1)):
        low, high = _edges(cages[index], SEEN_CM)
        if high - low > best:
            widest, best, row = (low, high), high - low, int(index)
    low, high = _edges(heart.max(0), SEEN_CM)
    return Widths(low, high, widest[0], widest[1], row)


def fit_heart(person: Person, view: View) -> Heart:
    """Scale and place the heart until the film shows the wanted ratio.

    Parameters
    ----------
    person : Person
        Sizes of the chest, the ratio and the right share wanted.
    view : View
        The film.

    Returns
    -------
    Heart
        A heart whose ratio on the film is within about 0.005 of the wanted one.
    """
    heart = first_heart(person)
    coarse = view.coarser(FIT_PITCH_CM)
    reach = person["half_depth"] + 1
    depths = np.linspace(-reach, reach, FIT_DEPTHS, dtype=np.float32)
    step = float(depths[1] - depths[0])
    x, y, z = coarse.rays(slice(None), depths)
    spaces = [cage(person, side, x, y, z) for side in (RIGHT, LEFT)]
    cages = crossed(np.minimum(spaces[0], spaces[1]), step)
    middle = (coarse.shape[1] - 1) / 2 - person["off_centre_x"] / coarse.pitch
    for _ in range(FIT_ROUNDS):
        seen = measure(crossed(heart_field(heart, x, y, z), step), cages)
        wide = (seen.heart_left - seen.heart_right) * coarse.pitch
        right = (middle - seen.heart_right) * coarse.pitch
        factor = person.ctr / seen.ctr
        heart = replace(
            heart,
            width=heart.width * factor,
            shift=heart.shift + (right - person["right_share"] * wide) * 0.9,
        )
    return heart


def run_lengths(mask: Mask) -> list[int]:
    """Code a mask as lengths of runs, row by row, beginning with the pixels outside.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
        The mask.

    Returns
    -------
    list of int
        Lengths of alternating runs; their sum is rows x columns.
    """
    flat = np.concatenate([[False], mask.ravel()])
    changes = np.flatnonzero(np.diff(flat))
    return [int(n) for n in np.diff(np.concatenate([[0], changes, [mask.size]]))]


def mask_of(runs: list[int], shape: tuple[int, int]) -> Mask:
    """Rebuild a mask from its runs.

    Parameters
    ----------
    runs : list of int
        Lengths of alternating runs, beginning with the pixels outside.
    shape : tuple of int
        Rows and columns.

    Returns
    -------
    ndarray of bool, shape `shape`
        The mask.

    Raises
    ------
    ValueError
        If the runs do not fill the shape.
    """
    if sum(runs) != shape[0] * shape[1]:
        raise ValueError(
            f"runs cover {sum(runs)} pixels, the shape {shape} has {shape[0] * shape[1]}"
        )
    inside = np.arange(len(runs)) % 2 == 1
    return np.repeat(inside, runs).reshape(shape)


def silhouettes(paths: Paths) -> dict[str, Mask]:
    """What a reader would outline.

    Parameters
    ----------
    paths : Paths
        Crossed lengths on the coarse grid.

    Returns
    -------
    dict of str to ndarray of bool
        `lung_right`, `lung_left` (visible fields, without heart, mediastinum and what lies below
        the dome's edge) and `heart`.
    """
    heart = paths.heart > SEEN_CM
    covered = heart | (paths.trunk > 1.2)
    found: dict[str, Mask] = {}
    for name, lung, space in zip(("right", "left"), paths.lungs, paths.cages, strict=True):
        below = (space - lung > BELOW_CM) & ~covered
        edge = np.maximum.accumulate(below & (space > 2), axis=0)
        found[f"lung_{name}"] = (lung > AIR_CM) & ~covered & ~edge
    found["heart"] = heart
    return found


def truth_of(paths: Paths, shape: tuple[int, int]) -> dict[str, object]:
    """Truth in pixels of the film, ready for JSON.

    Parameters
    ----------
    paths : Paths
        Crossed lengths on the coarse grid.
    shape : tuple of int
        Rows and columns of the film.

    Returns
    -------
    dict
        `ctr`, widths and borders in pixels of the film, and run-length masks on the coarse grid.
    """
    coarse = paths.heart.shape
    seen = measure(paths.heart, np.maximum(paths.cages[0], paths.cages[1]))
    step = shape[1] / coarse[1]

    def column(place: float) -> float:
        return round(float((place + 0.5) * step - 0.5), 1)

    borders = {
        "heart_right_px": column(seen.heart_right),
        "heart_left_px": column(seen.heart_left),
        "thorax_right_px": column(seen.thorax_right),
        "thorax_left_px": column(seen.thorax_left),
        "thorax_row_px": round((seen.thorax_row + 0.5) * shape[0] / coarse[0] - 0.5, 1),
    }
    fields = silhouettes(paths)
    lungs = fields["lung_right"] | fields["lung_left"]
    across = np.flatnonzero(lungs.any(0))
    return {
        "ctr": round(seen.ctr, 4),
        "heart_width_px": round(borders["heart_left_px"] - borders["heart_right_px"], 1),
        "thorax_width_px": round(borders["thorax_left_px"] - borders["thorax_right_px"], 1),
        "lung_width_px": round(float(across[-1] - across[0] + 1) * step, 1),
        "borders": borders,
        "masks": {
            "rows": int(coarse[0]),
            "columns": int(coarse[1]),
            "coding": "run lengths row by row, first run outside",
            **{name: run_lengths(field) for name, field in fields.items()},
        },
    }
