"""Which pixels of a film lie inside its display shutter.

The same lines stand in ``frontend/film/shutter.mjs``; both are tested on ``film_shutters.json``.
"""

import math
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.domain.image import Shutter

Span: TypeAlias = tuple[int, int]
"""First and last column that is shown, 1-based."""
ROUNDING: Final = 1e-9  # columns: an edge that meets a pixel's centre is not lost to arithmetic


def visible(shape: tuple[int, ...], shutter: Shutter | None) -> NDArray[np.bool_]:
    """Tell the pixels that are shown; every form of the shutter must leave them open [1]_.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns of the film.
    shutter : Shutter or None
        None hides nothing.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True where the film is shown.

    Notes
    -----
    The standard gives an edge as the number of a column or row and does not say whether that line
    itself is covered. Here it is shown: to hide picture is the worse error, and edges 1 and
    "number of columns", as machines write for an open shutter, must hide nothing. The same holds
    for pixels on the rim of a circle or a polygon.

    References
    ----------
    .. [1] DICOM PS3.3 C.7.6.11, Display Shutter Module.
    """
    if shutter is None:
        return np.ones(shape, dtype=bool)
    rows, columns = shape
    shown = np.zeros(shape, dtype=bool)
    for row in range(1, rows + 1):
        for first, last in spans(shutter, row, columns):
            shown[row - 1, first - 1 : last] = True
    return shown


def spans(shutter: Shutter, row: int, columns: int) -> list[Span]:
    """Find the stretches of one row that are shown.

    Parameters
    ----------
    shutter : Shutter
        At least one form.
    row : int
        1-based.
    columns : int
        Columns of the film.

    Returns
    -------
    list of tuple of int
        First and last column of each stretch, 1-based, from left to right.
    """
    found: list[Span] = [(1, columns)]
    if shutter.rectangle is not None:
        left, right, upper, lower = shutter.rectangle
        found = _both(found, [(left, right)] if upper <= row <= lower else [])
    if shutter.circle is not None:
        found = _both(found, _circle(shutter.circle, row))
    if shutter.polygon:
        found = _both(found, _polygon(shutter.polygon, row))
    return found


def _circle(circle: tuple[float, float, float, float], row: int) -> list[Span]:
    middle, column, radius, aspect = circle
    off = (row - middle) * aspect
    left_over = radius * radius - off * off
    if left_over < -ROUNDING:
        return []
    half = math.sqrt(max(left_over, 0.0))
    return [(math.ceil(column - half - ROUNDING), math.floor(column + half + ROUNDING))]


def _polygon(corners: tuple[tuple[float, float], ...], row: int) -> list[Span]:
    """Even-odd rule along the row, with all that lies on the rim."""
    crossings: list[float] = []
    rim: list[Span] = []
    for at, (row_a, column_a) in enumerate(corners):
        row_b, column_b = corners[(at + 1) % len(corners)]
        if row_a == row:
            rim.append((math.ceil(column_a - ROUNDING), math.floor(column_a + ROUNDING)))
            if row_b == row:
                ends = min(column_a, column_b), max(column_a, column_b)
                rim.append((math.ceil(ends[0] - ROUNDING), math.floor(ends[1] + ROUNDING)))
        if (row_a <= row) != (row_b <= row):
            share = (row - row_a) / (row_b - row_a)
            crossings.append(column_a + share * (column_b - column_a))
    crossings.sort()
    pairs = zip(crossings[::2], crossings[1::2], strict=True)
    inside = [(math.ceil(a - ROUNDING), math.floor(b + ROUNDING)) for a, b in pairs]
    return _joined([*inside, *rim])


def _both(some: list[Span], others: list[Span]) -> list[Span]:
    pairs = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(first, last) for first, last in pairs if first <= last]


def _joined(found: list[Span]) -> list[Span]:
    """Stretches that overlap or touch as one, from left to right."""
    whole: list[Span] = []
    for first, last in sorted(span for span in found if span[0] <= span[1]):
        if whole and first <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return whole
