"""Signs that a picture is no plain film: written lines, drawn panels, colour, small size.

Nothing is judged here; limits stand in the rule book of the gate.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Grey = NDArray[np.float32]
Boxes = list[tuple[int, int, int, int]]

STROKE: Final = 9  # pixels on the grid of LOOK: strokes of letters are thinner
LOOK: Final = 1024  # pixels of the longer side after shrinking
CONTRAST: Final = 0.25  # of full scale, of a letter against what lies around it
TALL: Final = (5, 44)  # pixels, height of a letter on that grid
WIDE: Final = 1.8  # times its height a letter is at most wide; longer ones are lines and cables
FILL: Final = (0.12, 0.92)  # share of its box a letter fills
EVEN: Final = 1.45  # times its neighbour a letter of the same line is at most tall
GAP: Final = 1.6  # times its height between letters of one line
LINE: Final = 5  # letters that make a line; side markers and initials are shorter
EXTREME: Final = 3  # greys at either end of 8 bits: padding, shutter and frame are no panels
COLOURED: Final = 28  # of 255 between the channels of one pixel


def step_of(shape: tuple[int, ...], longest: int = LOOK) -> int:
    """Pixels of a film that become one in its small copy.

    Parameters
    ----------
    shape : tuple of int
        Rows and columns.
    longest : int, optional
        Pixels of the longer side of the copy at most.

    Returns
    -------
    int
        1 for a film that is small already.
    """
    return max(1, -(-max(shape) // longest))


def shrink(grey: Grey | NDArray[np.uint8], longest: int = LOOK) -> Grey:
    """Average whole blocks of pixels until the longer side fits.

    Parameters
    ----------
    grey : ndarray of float32 or uint8, shape (rows, columns)
        A film.
    longest : int, optional
        Pixels of the longer side at most.

    Returns
    -------
    ndarray of float32, shape (rows / step, columns / step)
        The same array type and scale; what is left over at the lower and right edge is dropped.
    """
    step = step_of(grey.shape, longest)
    if step == 1:
        return np.asarray(grey, np.float32)
    rows, columns = (n // step for n in grey.shape)
    sums = np.zeros((rows, columns), np.float32)
    for down in range(step):  # step * step sums of thinned films: five times faster than blocks
        for across in range(step):
            sums += grey[down : rows * step : step, across : columns * step : step]
    sums /= np.float32(step * step)
    return sums


def letters(grey: Grey) -> int:
    """Count letters that stand in written lines.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        Film as it is shown, 0 to 1; the longer side at most `LOOK` pixels.

    Returns
    -------
    int
        Letters in lines of at least `LINE`; a side marker and a name of the room count nothing.
    """
    bright = grey - ndimage.grey_opening(grey, size=STROKE)
    dark = ndimage.grey_closing(grey, size=STROKE) - grey
    return max(_in_lines(_boxes(one > CONTRAST)) for one in (bright, dark))


def panel(grey: NDArray[np.uint8]) -> float:
    """Find the largest area of exactly one grey that is neither black nor white.

    Parameters
    ----------
    grey : ndarray of uint8, shape (rows, columns)
        Picture as it is shown, not averaged.

    Returns
    -------
    float
        Its share of the picture. A film has grain; the panels of a program have none.
    """
    step = max(1, max(grey.shape) // LOOK)
    thin = grey[::step, ::step]
    same = np.zeros(thin.shape, dtype=bool)
    same[:-1, :-1] = (thin[:-1, :-1] == thin[1:, :-1]) & (thin[:-1, :-1] == thin[:-1, 1:])
    same &= (thin > EXTREME) & (thin < 255 - EXTREME)
    labels, count = ndimage.label(same)
    if not count:
        return 0.0
    return float(np.bincount(labels.ravel())[1:].max()) / same.size


def coloured(colours: NDArray[np.uint8]) -> float:
    """Say how much of a picture is not grey.

    Parameters
    ----------
    colours : ndarray of uint8, shape (rows, columns, 3)
        Red, green and blue.

    Returns
    -------
    float
        Share of pixels whose channels differ.
    """
    step = max(1, max(colours.shape[:2]) // LOOK)
    thin = colours[::step, ::step].astype(np.int16)
    return float((thin.max(axis=2) - thin.min(axis=2) > COLOURED).mean())


def _boxes(marks: NDArray[np.bool_]) -> Boxes:
    """Upper, lower, left and right edge of what has the size and the fullness of a letter."""
    labels, _count = ndimage.label(marks, structure=np.ones((3, 3), dtype=int))
    found: Boxes = []
    sizes = np.bincount(labels.ravel())
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        down, across = place
        tall, wide = down.stop - down.start, across.stop - across.start
        full = sizes[number] / (tall * wide)
        if TALL[0] <= tall <= TALL[1] and wide <= WIDE * tall and FILL[0] <= full <= FILL[1]:
            found.append((down.start, down.stop, across.start, across.stop))
    return found


def _in_lines(boxes: Boxes) -> int:
    """Letters that stand with others of their height on one line, one behind the other."""
    left = sorted(boxes, key=lambda box: box[2])
    total = 0
    while left:
        line = [left.pop(0)]
        for box in list(left):
            if _follows(line[-1], box):
                line.append(box)
                left.remove(box)
        total += len(line) if len(line) >= LINE else 0
    return total


def _follows(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    first, second = one[1] - one[0], other[1] - other[0]
    tall = max(first, second)
    level = abs((one[0] + one[1]) - (other[0] + other[1])) / 2.0 <= tall / 3.0
    near = -tall / 4.0 <= other[2] - one[3] <= GAP * tall
    return level and near and tall <= EVEN * min(first, second)
