"""One point of QRS for all beats of a shape: intervals must not jump between two of its peaks."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from workbench.ecg.filters import WORK_RATE

REACH_S = 0.08  # of the stretch compared, on both sides
SHIFT_S = 0.06
ALIKE = 0.80  # correlation with the usual beat from which a beat is moved
ROUNDS = 3
LEAST_BEATS = 4
MOST = 80  # beats compared; with more of them a strip is long and its noise small


def settled_times(wave: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.intp]:
    """Move beats until their QRS lie on each other.

    Parameters
    ----------
    wave : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV without baseline, at `WORK_RATE`.
    at : ndarray of intp, shape (n_beats,)
        Samples of the beats.

    Returns
    -------
    ndarray of intp, shape (n_beats,)
        The same beats; those of the usual shape at one point of it, the others where they were.
    """
    reach, shift = round(REACH_S * WORK_RATE), round(SHIFT_S * WORK_RATE)
    room = np.flatnonzero((at >= reach + 2 * shift) & (at < wave.shape[1] - reach - 2 * shift))
    if room.size < LEAST_BEATS or room.size > MOST:
        return at
    span = np.arange(-reach - 2 * shift, reach + 2 * shift + 1)
    wide = np.moveaxis(wave[:, at[room][:, None] + span], 0, 1)
    moved = np.zeros(room.size, dtype=np.intp)
    like = np.zeros(room.size, dtype=bool)
    length = 2 * reach + 1
    usual = _pivot(wide, length, shift)
    for _ in range(ROUNDS):
        step, alike = _best(usual, wide, shift)
        like = alike >= ALIKE
        new = np.where(like, step, 0)
        if like.sum() < LEAST_BEATS or np.array_equal(new, moved):
            break
        moved = new
        laid = [wide[k, :, 2 * shift + m : 2 * shift + m + length] for k, m in enumerate(moved)]
        usual = np.median(np.array(laid)[like], axis=0)
    if like.sum() < LEAST_BEATS:
        return at
    # the common point is where it was for most of them
    moved = np.where(like, moved - int(np.median(moved[like])), 0)
    out = at.copy()
    out[room] += np.clip(moved, -shift, shift)
    return out if np.all(np.diff(out) > 0) else at


def _pivot(wide: NDArray[np.float64], length: int, shift: int) -> NDArray[np.float64]:
    """The beat that is most like all others: a mean of shifted beats would be like none."""
    inner = wide[:, :, 2 * shift : 2 * shift + length].reshape(wide.shape[0], -1)
    size = np.linalg.norm(inner, axis=1)
    alike = inner @ inner.T / np.maximum(size[:, None] * size[None], 1e-12)
    best = int(np.median(alike, axis=1).argmax())
    return np.asarray(wide[best, :, 2 * shift : 2 * shift + length])


def _best(
    usual: NDArray[np.float64], wide: NDArray[np.float64], shift: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    length, own = usual.shape[1], float(np.linalg.norm(usual))
    best = np.full(wide.shape[0], -1.0)
    step = np.zeros(wide.shape[0], dtype=np.intp)
    parts = sliding_window_view(wide[:, :, shift : 3 * shift + length], length, axis=2)
    size = np.sqrt(np.einsum("blsk,blsk->sb", parts, parts))
    likeness = np.einsum("blsk,lk->sb", parts, usual) / np.maximum(own * size, 1e-12)
    for k in sorted(range(-shift, shift + 1), key=abs):
        alike = likeness[k + shift]
        better = alike > best + 1e-6
        best[better], step[better] = alike[better], k
    return step, best
