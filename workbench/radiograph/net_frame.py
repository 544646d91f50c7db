"""A film brought to the shape a net wants, and places of the net brought back to the film."""

import numpy as np
from numpy.typing import NDArray
from skimage.transform import resize

Grey = NDArray[np.float32]
Share = tuple[float, float, float, float]


def covered(shape: tuple[int, int], frame: tuple[int, int], fit: str) -> Share:
    """Say which part of a film lies in the frame.

    Parameters
    ----------
    shape, frame : tuple of int
        Rows and columns of the film and of the frame.
    fit : str
        "crop" (the middle of the film, as wide as the frame's sides ask), "pad" (the whole film
        with black beside it) or "stretch".

    Returns
    -------
    tuple of float, shape (4,)
        Left, upper, right and lower edge of the frame as shares of the film's width and height;
        below 0 or above 1 where black was added.

    Raises
    ------
    ValueError
        If `fit` is another word.
    """
    rows, columns = shape
    if fit == "stretch":
        return 0.0, 0.0, 1.0, 1.0
    wanted = frame[1] / frame[0]
    wide = columns / rows > wanted
    if fit == "crop":
        across, down = (rows * wanted / columns, 1.0) if wide else (1.0, columns / wanted / rows)
    elif fit == "pad":
        across, down = (1.0, columns / wanted / rows) if wide else (rows * wanted / columns, 1.0)
    else:
        raise ValueError(f"fit is {fit!r}; give crop, pad or stretch")
    return (1 - across) / 2, (1 - down) / 2, (1 + across) / 2, (1 + down) / 2


def framed(grey: Grey, frame: tuple[int, int], fit: str) -> Grey:
    """Bring a film to the shape a net wants, averaging what is shrunk.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as the film is shown.
    frame : tuple of int
        Rows and columns wanted.
    fit : str
        "crop", "pad" or "stretch".

    Returns
    -------
    ndarray of float32, shape frame
        0 to 1; black where the film has nothing.
    """
    rows, columns = grey.shape
    left, upper, right, lower = covered(grey.shape, frame, fit)
    top, bottom = round(max(upper, 0.0) * rows), round(min(lower, 1.0) * rows)
    first, last = round(max(left, 0.0) * columns), round(min(right, 1.0) * columns)
    part = grey[top : max(bottom, top + 1), first : max(last, first + 1)]
    if fit == "pad":
        high = max(1, round(frame[0] / (lower - upper)))
        wide = max(1, round(frame[1] / (right - left)))
        inner = _shrunk(part, (min(high, frame[0]), min(wide, frame[1])))
        whole = np.zeros(frame, np.float32)
        at = (frame[0] - inner.shape[0]) // 2, (frame[1] - inner.shape[1]) // 2
        whole[at[0] : at[0] + inner.shape[0], at[1] : at[1] + inner.shape[1]] = inner
        return whole
    return _shrunk(part, frame)


def _shrunk(part: Grey, frame: tuple[int, int]) -> Grey:
    """Blocks are averaged first: a film has millions of pixels, a net some ten thousand."""
    step = tuple(max(1, side // wanted) for side, wanted in zip(part.shape, frame, strict=True))
    rows, columns = (side // one * one for side, one in zip(part.shape, step, strict=True))
    blocks = part[:rows, :columns].reshape(rows // step[0], step[0], columns // step[1], step[1])
    small = blocks.mean(axis=(1, 3), dtype=np.float32)
    fine = resize(small, frame, order=1, mode="edge", anti_aliasing=True)  # type: ignore[no-untyped-call]  # skimage carries no types
    return np.asarray(fine, np.float32)
