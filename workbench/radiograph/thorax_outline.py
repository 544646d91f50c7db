"""What a net says about lungs, heart and clavicles made into one outline each, and compared."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Chances = NDArray[np.float32]
ORGANS = ("lung_right", "lung_left", "heart", "clavicle_right", "clavicle_left")
BITS = (1, 2, 4, 8, 16)
LARGE = slice(0, 3)  # lungs and heart: what views are compared by
HEART = ORGANS.index("heart")
TAIL = 0.07  # of the heart's width: half as thick as what is left out as a tail into the abdomen
MARGIN = 3  # pixels about an organ
LEAST_PART = 0.6  # of the largest piece of a clavicle: a smaller one is a stray


def tidied(chances: Chances) -> Chances:
    """Keep one piece of each lung and of the heart, fill its holes, drop strays and tails.

    Parameters
    ----------
    chances : ndarray of float32, shape (5, rows, columns)
        How likely each place belongs to each of `ORGANS`.

    Returns
    -------
    ndarray of float32, shape (5, rows, columns)
        The same where the organ is, and 0 in other pieces; holes are 1.
    """
    found = np.zeros_like(chances)
    for number, chance in enumerate(chances):
        seen = chance >= 0.5
        down, across = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        if not down.size:
            continue
        # nothing beyond two pixels around the organ is kept: work there only
        box = (
            slice(max(0, down[0] - MARGIN), down[-1] + 1 + MARGIN),
            slice(max(0, across[0] - MARGIN), across[-1] + 1 + MARGIN),
        )
        found[number][box] = _one_organ(ORGANS[number], chance[box], seen[box])
    return found


def _one_organ(name: str, chance: Chances, seen: NDArray[np.bool_]) -> Chances:
    pieces, _ = ndimage.label(seen)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    whole = name in ORGANS[LARGE]
    kept = (sizes >= (1.0 if whole else LEAST_PART) * sizes.max())[pieces]
    if name == ORGANS[HEART]:
        kept = _without_tail(kept)
    near = ndimage.binary_dilation(kept, iterations=2)
    found = np.where(near, chance, np.float32(0))
    if whole:
        outside, _ = ndimage.label(np.pad(~kept, 1, constant_values=True))
        found[(outside != outside[0, 0])[1:-1, 1:-1] & ~kept] = 1
    return found


def _without_tail(heart: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Open an outline by a disc: a heart is round, and what is thin runs along a dome or a gut."""
    across = int(heart.any(0).sum())
    core = ndimage.distance_transform_edt(np.pad(heart, 1))[1:-1, 1:-1] > TAIL * across
    if not core.any():
        return heart
    round_about = ndimage.distance_transform_edt(~core) <= TAIL * across + 1
    return np.asarray(heart & round_about)


def overlap(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Dice of two outlines.

    Parameters
    ----------
    one, other : ndarray of bool, shape (rows, columns)
        The outlines.

    Returns
    -------
    float
        0 (apart) to 1 (equal); 1 when both are empty.
    """
    total = int(one.sum()) + int(other.sum())
    return 2 * int((one & other).sum()) / total if total else 1.0


def agreement(views: list[Chances], mean: Chances) -> float:
    """How far the views of one film agree on lungs and heart.

    Parameters
    ----------
    views : list of ndarray of float32, shape (5, rows, columns)
        What each view says.
    mean : ndarray of float32, shape (5, rows, columns)
        What they say together.

    Returns
    -------
    float
        Mean Dice of lungs and heart of each view with the mean, 0 to 1; 0 when there is no lung or
        no heart to compare.
    """
    wanted = mean[LARGE] >= 0.5
    if not wanted.any((1, 2)).all():
        return 0.0
    found = [overlap(view[number] >= 0.5, wanted[number]) for view in views for number in range(3)]
    return float(np.mean(found))


def width_ratio(chances: Chances) -> float | None:
    """Greatest width of the heart over the greatest width of the lungs together.

    Parameters
    ----------
    chances : ndarray of float32, shape (5, rows, columns)
        How likely each place belongs to each of `ORGANS`.

    Returns
    -------
    float or None
        The ratio with edges between pixels; None when heart or a lung is missing.

    Notes
    -----
    Good for comparing views of one film; the ratio of a report is measured on the outlines at the
    film's own size.
    """
    right, left, heart = chances[LARGE]
    if any(part.max(initial=0) < 0.5 for part in (right, left, heart)):
        return None
    lungs = _extent(np.maximum(right, left).max(0))
    own = _extent(heart.max(0))
    return (own[1] - own[0]) / max(lungs[1] - lungs[0], 1e-6)


def heart_leans(chances: Chances) -> float:
    """How far the heart lies to the patient's left (the film's right) of the middle of the lungs.

    Parameters
    ----------
    chances : ndarray of float32, shape (5, rows, columns)
        How likely each place belongs to each of `ORGANS`.

    Returns
    -------
    float
        Centre of the heart less middle of the lungs, as share of the width of the lungs; 0 when
        heart or lungs are missing.
    """
    lungs, heart = np.maximum(chances[0], chances[1]).max(0), chances[2].sum(0)
    inside = np.flatnonzero(lungs >= 0.5)
    total = float(heart.sum())
    if not len(inside) or total <= 0:
        return 0.0
    middle, width = (inside[0] + inside[-1]) / 2, inside[-1] - inside[0] + 1
    return float((heart * (np.arange(len(heart)) - middle)).sum() / total / width)


def _extent(line: NDArray[np.float32]) -> tuple[float, float]:
    """First and last place where a line of chances passes one half, between pixels."""
    inside = np.flatnonzero(line >= 0.5)
    first, last = int(inside[0]), int(inside[-1])
    start, end = float(first), float(last)
    if first > 0:
        start = first - float((line[first] - 0.5) / max(line[first] - line[first - 1], 1e-6))
    if last + 1 < len(line):
        end = last + float((line[last] - 0.5) / max(line[last] - line[last + 1], 1e-6))
    return start, end
