"""Where a net's score comes from: cover a part of the film, look how far the score falls.

Works for every net and needs nothing of its inside. The same film gives the same map; what does
not change the score has no place in it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.screening.models.runner import Batch, Net

GRID: Final = 14  # places along a side
WIDTH: Final = 2.0  # a cover is so many steps wide: neighbours overlap by half
TOGETHER: Final = 16  # covered films asked about at once
RIM: Final = 4  # pixels around a cover whose mean it takes
HOT: Final = 0.5  # share of the peak from which a place belongs to the box

Map = NDArray[np.float32]


def heat_map(net: Net, film: Batch, output: int, grid: int = GRID) -> Map:
    """How far one score falls when each place is covered; shape (grid, grid), 0 where it does not.

    `film` has shape (1, channels, rows, columns). A cover holds the mean of what lies around it, so
    that its own edge says as little as possible.
    """
    rows, columns = film.shape[2:]
    whole = float(net.scores(film)[0, output])
    places = [(r, c) for r in range(grid) for c in range(grid)]
    falls = np.zeros((grid, grid), np.float32)
    for start in range(0, len(places), TOGETHER):
        some = places[start : start + TOGETHER]
        covered = np.repeat(film, len(some), axis=0)
        for one, (r, c) in zip(covered, some, strict=True):
            _cover(one, _span(r, grid, rows), _span(c, grid, columns))
        for (r, c), score in zip(some, net.scores(covered)[:, output], strict=True):
            falls[r, c] = max(0.0, whole - float(score))
    return falls


def hottest(falls: Map) -> tuple[float, float, float, float] | None:
    """Box around the places that matter, as shares of the frame; None for a flat map."""
    peak = float(falls.max())
    if peak <= 0.0:
        return None
    rows, columns = np.nonzero(falls >= HOT * peak)
    grid = falls.shape[0]
    return (
        float(columns.min()) / grid, float(rows.min()) / grid,
        float(columns.max() + 1) / grid, float(rows.max() + 1) / grid,
    )  # fmt: skip


def _span(place: int, grid: int, side: int) -> tuple[int, int]:
    middle, half = (place + 0.5) * side / grid, WIDTH * side / grid / 2
    return max(0, round(middle - half)), min(side, round(middle + half))


def _cover(film: Batch, rows: tuple[int, int], columns: tuple[int, int]) -> None:
    top, bottom = max(0, rows[0] - RIM), rows[1] + RIM
    left, right = max(0, columns[0] - RIM), columns[1] + RIM
    around = film[:, top:bottom, left:right]
    inside = film[:, rows[0] : rows[1], columns[0] : columns[1]]
    count = around[0].size - inside[0].size
    total = around.sum(axis=(1, 2), dtype=np.float64) - inside.sum(axis=(1, 2), dtype=np.float64)
    mean = total / count if count else inside.mean(axis=(1, 2), dtype=np.float64)
    film[:, rows[0] : rows[1], columns[0] : columns[1]] = mean[:, None, None]
