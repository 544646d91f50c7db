"""Is a film the same picture as another one: a short hash to look it up, then its greys compared.

A copy may be re-encoded, shown through another window, scaled and cropped a little; turned,
mirrored, inverted or framed it is not found. Another film of the same patient is no copy, however
alike it looks.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

SIDE: Final = 64  # pixels a side of the thumbnail
HASHED: Final = 32  # pixels a side the hash is made from
LOW: Final = 8  # frequencies a side; without the mean 63 bits
DETAIL: Final = 1.0  # pixels, standard deviation of what is taken off: only detail is compared
RIM: Final = 6  # pixels left off on each side: what a crop brought in
BURNT: Final = 0.3  # of the usual strength of detail: less is none
LEAST_SHOWN: Final = 0.4  # of the picture must have detail in both
RIDGE: Final = 1e-6  # keeps the sums solvable for a picture without slopes
STEPS: Final = ((3.0, 12), (1.5, 8), (0.7, 6))  # smoothing in pixels, and rounds, coarse to fine

Grey = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What is kept of a film to know it again.

    Attributes
    ----------
    bits : int
        63 bits: signs of the lowest frequencies about their median.
    thumbnail : ndarray of uint8, shape (64, 64)
        The whole picture, greys spread evenly.
    """

    bits: int
    thumbnail: NDArray[np.uint8]


def fingerprint(grey: Grey) -> Fingerprint | None:
    """Make the fingerprint of a film.

    Parameters
    ----------
    grey : ndarray of float32, shape (rows, columns)
        0 to 1 as shown, whole film or a small copy of it.

    Returns
    -------
    Fingerprint or None
        None where there is no picture (one grey, or less than 64 pixels a side).

    References
    ----------
    .. [1] C. Zauner, Implementation and benchmarking of perceptual image hash functions, 2010: the
       hash by the discrete cosine transform.
    """
    if min(grey.shape) < SIDE or float(np.ptp(grey)) <= 0:
        return None
    small = _resized(grey, SIDE)
    even = _evened(small)
    block = _resized(even, HASHED)
    low = fft.dctn(block, norm="ortho")[:LOW, :LOW].ravel()[1:]
    signs = low > np.median(low)
    bits = int("".join("1" if s else "0" for s in signs), 2)
    return Fingerprint(bits, np.rint(even * 255).astype(np.uint8))


def distance(one: int, other: int) -> int:
    """Count the bits in which two hashes differ.

    Parameters
    ----------
    one, other : int
        63 bits each.

    Returns
    -------
    int
        0 to 63.
    """
    return (one ^ other).bit_count()


def shortlist(one: NDArray[np.uint8], others: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Tell which thumbnails may be the same picture, all in one sum; to be confirmed by `likeness`.

    Parameters
    ----------
    one : ndarray of uint8, shape (64, 64)
        The thumbnail looked for.
    others : ndarray of uint8, shape (n, 64, 64)
        Those it is compared with.

    Returns
    -------
    ndarray of float64, shape (n,)
        Share of each one's variance (smoothed) that the first explains when shifted and stretched
        a little: 1 for copies.
    """
    smooth = ndimage.gaussian_filter(one.astype(np.float64) / 255.0, STEPS[0][0])
    down, across = _grid()
    slope_down, slope_across = np.gradient(smooth)
    inner = np.s_[RIM:-RIM:2, RIM:-RIM:2]
    columns = [slope_down * down, slope_down, slope_across * across, slope_across, smooth]
    system = np.stack([c[inner].ravel() for c in columns], 1)
    system -= system.mean(axis=0)
    blurred = ndimage.gaussian_filter(
        others.astype(np.float64) / 255.0, (0.0, STEPS[0][0], STEPS[0][0])
    )
    wanted = blurred[(slice(None), *inner)].reshape(len(others), -1).T
    wanted = wanted - wanted.mean(axis=0)
    basis = np.linalg.qr(system)[0]
    explained = ((basis.T @ wanted) ** 2).sum(axis=0)
    total = (wanted**2).sum(axis=0)
    return np.asarray(explained / np.maximum(total, 1e-12), np.float64)


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Correlate the detail of two thumbnails after laying one over the other.

    Parameters
    ----------
    one, other : ndarray of uint8, shape (64, 64)
        Of two fingerprints.

    Returns
    -------
    float
        -1 to 1; near 1 for copies. Shifted and stretched by up to a few pixels is found, turned and
        mirrored is not.
    """
    fixed, moved = (t.astype(np.float64) / 255.0 for t in (one, other))
    place = np.zeros(4)  # stretch and shift down, stretch and shift across
    for smooth, rounds in STEPS:
        place = _laid_over(fixed, moved, place, smooth, rounds)
    laid = _sampled(moved, place, order=3)  # straight lines between pixels would blur the detail
    inner = np.s_[RIM:-RIM, RIM:-RIM]
    (one_fine, one_spread), (other_fine, other_spread) = (
        tuple(part[inner] for part in _detail(grey)) for grey in (fixed, laid)
    )
    # where a window has burnt the detail of one of them out there is nothing to compare
    lively = np.minimum(
        one_spread / max(float(np.median(one_spread)), 1e-6),
        other_spread / max(float(np.median(other_spread)), 1e-6),
    )
    shown = lively > BURNT
    if shown.mean() < LEAST_SHOWN:
        return 0.0
    return _correlation(one_fine[shown], other_fine[shown])


def _resized(grey: NDArray[np.floating], side: int) -> Grey:
    """Area averages on a square grid."""
    rows, columns = (_weights(n, side) for n in grey.shape)
    return np.asarray(rows @ grey @ columns.T, np.float32)


def _weights(count: int, side: int) -> NDArray[np.float32]:
    """Rows of weights: how much of each pixel falls into each cell; shape (side, count)."""
    edges = np.linspace(0, count, side + 1)
    pixels = np.arange(count)
    over = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.asarray(np.maximum(over, 0.0) / (count / side), np.float32)


def _evened(grey: Grey) -> Grey:
    """Every grey as often as any other: a window or curve then changes next to nothing."""
    order = np.argsort(grey, axis=None, kind="stable")
    ranks = np.empty(grey.size, np.float32)
    ranks[order] = np.arange(grey.size, dtype=np.float32)
    values, places, counts = np.unique(grey, return_inverse=True, return_counts=True)
    if values.size < grey.size:  # equal greys stay equal
        shared = np.asarray(np.cumsum(counts) - (counts + 1) / 2, np.float32)
        ranks = shared[places.ravel()]
    return np.asarray(ranks.reshape(grey.shape) / (grey.size - 1), np.float32)


def _detail(grey: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Detail evened to the same strength everywhere, and how strong it was."""
    fine = grey - ndimage.gaussian_filter(grey, DETAIL)
    spread = np.sqrt(ndimage.gaussian_filter(fine * fine, 2 * DETAIL))
    return np.asarray(fine / (spread + 0.01), np.float64), np.asarray(spread, np.float64)


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 0 else 0.0


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    line = np.arange(SIDE) - (SIDE - 1) / 2
    down, across = np.meshgrid(line, line, indexing="ij")
    return down, across


def _sampled(
    moved: NDArray[np.float64], place: NDArray[np.float64], order: int = 1
) -> NDArray[np.float64]:
    down, across = _grid()
    middle = (SIDE - 1) / 2
    at = (
        down * (1 + place[0]) + place[1] + middle,
        across * (1 + place[2]) + place[3] + middle,
    )
    return np.asarray(ndimage.map_coordinates(moved, at, order=order, mode="nearest"))


def _laid_over(
    fixed: NDArray[np.float64],
    moved: NDArray[np.float64],
    place: NDArray[np.float64],
    smooth: float,
    rounds: int,
) -> NDArray[np.float64]:
    """Gauss-Newton steps for stretch and shift on smoothed pictures, with gain and offset free."""
    target, source = (
        np.asarray(ndimage.gaussian_filter(p, smooth), np.float64) for p in (fixed, moved)
    )
    down, across = _grid()
    inner = np.s_[RIM:-RIM, RIM:-RIM]
    for _ in range(rounds):
        laid = _sampled(source, place)
        slope_down, slope_across = (np.asarray(s, np.float64) for s in np.gradient(laid))
        columns = [slope_down * down, slope_down, slope_across * across, slope_across, laid]
        system = np.stack([*(c[inner].ravel() for c in columns), np.ones(target[inner].size)], 1)
        normal = system.T @ system + RIDGE * np.eye(system.shape[1])
        solution = np.asarray(np.linalg.solve(normal, system.T @ target[inner].ravel()))
        gain = float(solution[4])
        if abs(gain) < 1e-3:
            return place
        step = np.clip(solution[:4] / gain, (-0.05, -2, -0.05, -2), (0.05, 2, 0.05, 2))
        place = np.clip(place + step, (-0.2, -8, -0.2, -8), (0.2, 8, 0.2, 8))
        if float(np.abs(step * (SIDE / 2, 1, SIDE / 2, 1)).max()) < 0.01:
            break
    return place
