"""Which beats of a recording have one shape, whatever their number: groups, the usual one first."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.ecg.filters import WORK_RATE
from workbench.ecg.qrs_limits import qrs_limits
from workbench.ecg.wave_speed import RATE

REACH_S = 0.10  # of the stretch compared, on both sides of a beat
SHIFT_S = 0.06
SMOOTH_S = 0.008
LIKE = 0.86  # correlation over all leads of beats of one shape
SIZE = 1.8
MOST_SHAPES = 8  # groups whose width is measured
WINDOW_S = (-0.24, 0.36)  # around a beat, to measure its width in
NOWHERE = np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Shape of every beat.

    Attributes
    ----------
    group : ndarray of intp, shape (n_beats,)
        0 is the usual shape, then by frequency; -1: cut by an end of the strip.
    likeness : ndarray of float64, shape (n_beats,)
        Correlation with the usual beat, all leads together; NaN where cut.
    size : ndarray of float64, shape (n_beats,)
        Size of QRS over that of the usual beat; NaN where cut.
    limits_s : ndarray of float64, shape (n_groups, 2)
        Onset and offset of QRS of each group from its beats' times (s); NaN when not measured.
    """

    group: NDArray[np.intp]
    likeness: NDArray[np.float64]
    size: NDArray[np.float64]
    limits_s: NDArray[np.float64]

    def qrs_ms(self, beat: int) -> float | None:
        """Width of one beat (ms): that of its group."""
        group = int(self.group[beat])
        if group < 0 or group >= self.limits_s.shape[0]:
            return None
        width = float(np.diff(self.limits_s[group])[0]) * 1000
        return round(width, 1) if np.isfinite(width) else None


def beat_shapes(
    calm: NDArray[np.float64],
    wave: NDArray[np.float64],
    beats_s: NDArray[np.float64],
    usual_s: NDArray[np.float64],
) -> Shapes:
    """Sort beats by shape.

    Parameters
    ----------
    calm : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV without pacing spikes, at `WORK_RATE`; not filtered.
    wave : ndarray of float64, shape (n_leads, n_samples)
        The same leads without baseline, at `WORK_RATE`.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s).
    usual_s : ndarray of float64, shape (n_averaged,)
        Times of the beats that were averaged as the usual one (s); empty when there is none.

    Returns
    -------
    Shapes
        Groups of beats.
    """
    reach, shift = round(REACH_S * WORK_RATE), round(SHIFT_S * WORK_RATE)
    centre = np.round(beats_s * WORK_RATE).astype(int)
    room = (centre >= reach + shift) & (centre + reach + shift < wave.shape[1])
    group = np.full(beats_s.size, -1, dtype=np.intp)
    likeness, size = np.full(beats_s.size, np.nan), np.full(beats_s.size, np.nan)
    at = np.flatnonzero(room)
    if at.size == 0:
        return Shapes(group, likeness, size, np.empty((0, 2)))
    soft = gaussian_filter1d(wave, SMOOTH_S * WORK_RATE, axis=1)
    places = centre[at][:, None] + np.arange(-reach - shift, reach + shift + 1)
    pieces = np.moveaxis(soft[:, places], 0, 1)
    pattern = _usual(pieces, centre[at], usual_s, shift)
    left = np.arange(at.size)
    moved = np.zeros(at.size, dtype=np.intp)
    members: list[NDArray[np.intp]] = []
    while left.size:
        alike, step, ratio = _compare(pattern, pieces[left], shift)
        if not members:
            likeness[at], size[at] = alike, ratio
        mine = (alike >= LIKE) & (ratio < SIZE) & (ratio > 1 / SIZE)
        if not mine.any():
            if not members:  # the averaged beat is like none of those with room
                members.append(np.empty(0, dtype=np.intp))
            mine[0] = True
        group[at[left[mine]]] = len(members)
        moved[left[mine]] = step[mine]
        members.append(left[mine])
        left = left[~mine]
        if left.size:
            pattern = pieces[left[0]][:, shift:-shift]
    order = _by_count(members)
    renamed = np.empty(len(members), dtype=np.intp)
    renamed[order] = np.arange(len(members))
    group[group >= 0] = renamed[group[group >= 0]]
    limits = np.full((min(len(members), MOST_SHAPES), 2), np.nan)
    for k in range(limits.shape[0]):
        own = members[order[k]]
        if own.size:
            limits[k] = _limits(calm, centre[at[own]] + moved[own])
            limits[k] += np.median(moved[own]) / WORK_RATE
    return Shapes(group, likeness, size, limits)


def _usual(
    pieces: NDArray[np.float64],
    centre: NDArray[np.intp],
    usual_s: NDArray[np.float64],
    shift: int,
) -> NDArray[np.float64]:
    """Mean of the beats that were averaged, laid on each other; else the first beat."""
    inner = pieces[:, :, shift:-shift]
    if usual_s.size == 0:
        return np.asarray(inner[0])
    near = np.abs(centre[:, None] / WORK_RATE - usual_s[None]).min(axis=1) <= SHIFT_S
    own = np.flatnonzero(near)
    if own.size == 0:
        return np.asarray(inner[0])
    length = inner.shape[2]
    own_at = np.array([usual_s[np.abs(c / WORK_RATE - usual_s).argmin()] for c in centre[own]])
    off = np.clip(np.round(own_at * WORK_RATE).astype(int) - centre[own] + shift, 0, 2 * shift)
    laid = [pieces[k, :, o : o + length] for k, o in zip(own, off, strict=True)]
    return np.asarray(np.median(laid, axis=0))


def _compare(
    pattern: NDArray[np.float64], pieces: NDArray[np.float64], shift: int
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.float64]]:
    """Best correlation of each piece with a pattern, at which shift, and their ratio of size."""
    length = pattern.shape[1]
    own = float(np.linalg.norm(pattern))
    parts = sliding_window_view(pieces, length, axis=2)
    theirs = np.sqrt(np.einsum("blsk,blsk->bs", parts, parts))
    alike = np.einsum("blsk,lk->bs", parts, pattern) / np.maximum(own * theirs, 1e-12)
    step, each = alike.argmax(axis=1), np.arange(pieces.shape[0])
    return alike[each, step], step - shift, theirs[each, step] / max(own, 1e-12)


def _by_count(members: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    count = np.array([m.size for m in members])
    count[0] = count.max() + 1  # the usual shape is the first whatever its number
    return np.asarray(np.lexsort((np.arange(count.size), -count)))


def _limits(calm: NDArray[np.float64], centre: NDArray[np.intp]) -> NDArray[np.float64]:
    first, last = (round(s * WORK_RATE) for s in WINDOW_S)
    whole = centre[(centre + first >= 0) & (centre + last < calm.shape[1])]
    if whole.size == 0:
        return np.full(2, np.nan)
    mean = np.median(calm[:, whole[:, None] + np.arange(first, last)], axis=1)
    old = np.arange(mean.shape[1])
    fine = np.arange(0, mean.shape[1] - 1, WORK_RATE / RATE)
    leads = np.stack([np.interp(fine, old, row) for row in mean])
    at = round(-WINDOW_S[0] * RATE)
    onset, offset = qrs_limits(leads, at, NOWHERE)
    return np.array([onset - at, offset - at]) / RATE
