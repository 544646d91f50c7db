"""A film made small and square for a net, and outlines brought back to the film's own pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Grey = NDArray[np.float32]
PREVIEW = 512  # pixels of the longer side of what is looked at first
FLAT = 0.02  # of the grey range: a row or column without more difference is frame
MOST_FRAME = 0.4  # of a side; what looks like more frame is film
LONGEST = 1.2  # of the shorter side: longer films are padded, not squeezed further


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a film a net looked at.

    Attributes
    ----------
    top, left, bottom, right : float
        Edges as share of rows and columns of the film; beyond 0 to 1 where it was padded.
    """

    top: float
    left: float
    bottom: float
    right: float


def preview(grey: Grey) -> Grey:
    """Average whole pixels together until the longer side is below about 1000.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        The film, 0 to 1.

    Returns
    -------
    ndarray of float32, shape (rows // k, columns // k)
        Means of k x k pixels; what does not fill a cell at the end is left out.
    """
    step = max(1, max(grey.shape) // PREVIEW)
    if step == 1:
        return np.asarray(grey, np.float32)
    rows, columns = (side // step for side in grey.shape)
    down = grey[: rows * step : step].astype(np.float32)
    for k in range(1, step):
        down += grey[k : rows * step : step]
    across = down[:, : columns * step : step].copy()
    for k in range(1, step):
        across += down[:, k : columns * step : step]
    return across / np.float32(step * step)


def window_of(small: Grey) -> Window:
    """Find the picture inside blades and padding, and make its sides not too unequal.

    Parameters
    ----------
    small : ndarray of float32, shape (rows, columns)
        A preview of the film.

    Returns
    -------
    Window
        What a net should look at.
    """
    low, high = np.percentile(small, [1, 99])
    flat = FLAT * max(float(high - low), 1e-6)
    edges = []
    for axis in (1, 0):
        middle = np.percentile(small, [10, 90], axis=axis)
        busy = np.flatnonzero(middle[1] - middle[0] > flat)
        count = small.shape[1 - axis]
        first, last = (int(busy[0]), int(busy[-1]) + 1) if len(busy) else (0, count)
        if first > MOST_FRAME * count or count - last > MOST_FRAME * count:
            first, last = 0, count
        edges.append((first, last))
    (top, bottom), (left, right) = edges
    high_px, wide_px = bottom - top, right - left
    more_rows = max(0.0, wide_px / LONGEST - high_px) / 2
    more_columns = max(0.0, high_px / LONGEST - wide_px) / 2
    rows, columns = small.shape
    return Window(
        (top - more_rows) / rows,
        (left - more_columns) / columns,
        (bottom + more_rows) / rows,
        (right + more_columns) / columns,
    )


def squared(small: Grey, window: Window, side: int, zoom: float = 1.0) -> Grey:
    """Lay a window of a film on a square grid and set its greys to -0.5 to 0.5.

    Parameters
    ----------
    small : ndarray of float32, shape (rows, columns)
        A preview of the film.
    window : Window
        The part to look at.
    side : int
        Pixels a side of the square.
    zoom : float
        Above 1 the window is looked at from further away, with its edges repeated around it.

    Returns
    -------
    ndarray of float32, shape (side, side)
        First to 99th percentile laid on -0.5 to 0.5, the rest cut.
    """
    down = _weights(small.shape[0], side, window.top, window.bottom, zoom)
    across = _weights(small.shape[1], side, window.left, window.right, zoom)
    square = _resampled(small, down, across)
    low, high = np.quantile(square, [0.01, 0.99])
    return np.asarray(np.clip((square - low) / (high - low + 1e-4), 0, 1) - 0.5, np.float32)


def unzoomed(square: NDArray[np.float32], side: int, zoom: float) -> NDArray[np.float32]:
    """Take a square looked at from further away back to the window's own grid.

    Parameters
    ----------
    square : ndarray of float32, shape (n, any, any)
        Maps on a grid of `zoom` times the window.
    side : int
        Pixels a side wanted.
    zoom : float
        As given to `squared`.

    Returns
    -------
    ndarray of float32, shape (n, side, side)
        Maps on the window.
    """
    edge = (1 - 1 / zoom) / 2
    weights = _weights(square.shape[-1], side, edge, 1 - edge, 1.0)
    return np.stack([_resampled(one, weights, weights) for one in square])


def _resampled(grey: Grey, down: csr_array, across: csr_array) -> Grey:
    """Rows and columns interpolated; sparse: dense products of this size occupy all cores."""
    return np.asarray((across @ (down @ grey).T).T, np.float32)


def _weights(count: int, side: int, first: float, last: float, zoom: float) -> csr_array:
    """Linear interpolation from `count` pixels to `side`, averaging where it shrinks."""
    middle, half = (first + last) / 2, (last - first) / 2 * zoom
    step = 2 * half * count / side
    at = (middle - half) * count + (np.arange(side) + 0.5) * step - 0.5
    reach = max(1.0, step)
    near = np.clip(np.arange(count), 0, count - 1)
    weight = np.clip(1 - np.abs(np.clip(at, 0, count - 1)[:, None] - near[None]) / reach, 0, None)
    return csr_array(np.asarray(weight / weight.sum(1, keepdims=True), np.float32))


def on_film(
    chances: NDArray[np.float32], window: Window, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Draw one outline at the film's own size.

    Parameters
    ----------
    chances : ndarray of float32, shape (side, side)
        How likely each place of the window belongs to the organ.
    window : Window
        Where the square lies on the film.
    shape : tuple of int
        Rows and columns of the film.

    Returns
    -------
    ndarray of bool, shape `shape`
        Where the interpolated chance is one half or more; never beyond the film.
    """
    found = np.zeros(shape, np.bool_)
    inside = chances >= 0.25
    if not inside.any():
        return found
    rows = _places(shape[0], chances.shape[0], window.top, window.bottom, np.asarray(inside.any(1)))
    columns = _places(
        shape[1], chances.shape[1], window.left, window.right, np.asarray(inside.any(0))
    )
    (r, r0, wr), (c, c0, wc) = rows, columns
    if not len(r) or not len(c):
        return found
    down = chances[r0] * (1 - wr)[:, None] + chances[r0 + 1] * wr[:, None]
    drawn = down[:, c0]
    drawn += (down[:, c0 + 1] - drawn) * wc[None]
    found[r[0] : r[-1] + 1, c[0] : c[-1] + 1] = drawn >= 0.5
    return found


def _places(
    count: int, side: int, first: float, last: float, used: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Grey]:
    """Pixels of the film near the used part of the square, and where they fall on the square."""
    at = ((np.arange(count) + 0.5) / count - first) / (last - first) * side - 0.5
    busy = np.flatnonzero(used)
    near = np.flatnonzero((at > busy[0] - 1.5) & (at < busy[-1] + 1.5))
    place = np.clip(at[near], 0, side - 1 - 1e-6)
    low = np.minimum(place.astype(np.intp), side - 2)
    return near, low, np.asarray(place - low, np.float32)
