"""What is left of a recording when QRS and T are taken off: the atria, and noise."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from workbench.ecg.atrial_train import BAND_HZ, STEP_HZ
from workbench.ecg.beat_shapes import Shapes
from workbench.ecg.filters import WORK_RATE, band
from workbench.ecg.usual_stretch import take_off, usual_stretch

LEAST_BEATS = 4  # that share a shape: their mean holds a quarter of what is not theirs
BEFORE_S, AFTER_S = 0.03, 0.04  # around QRS: filters smear it
SMOOTH_S = 0.008
T_ROOT, T_MORE_S = 0.42, 0.06  # times the root of RR (s): what is taken off after QRS onset
T_LEAST_S, T_MOST_S = 0.46, 0.62
LEVEL_SAMPLES = 4  # before QRS: beats with a baseline are compared from there
USUAL_LIMITS_S = (-0.05, 0.07)


@dataclass(frozen=True, slots=True, eq=False)
class AtrialRest:
    """The recording without QRS and T, and with them.

    Attributes
    ----------
    without_t, with_t : ndarray of float64, shape (n_leads, n_samples)
        In mV at `STEP_HZ`, `BAND_HZ`.
    plain : ndarray of float64, shape (n_leads, n_samples)
        Everything, at `STEP_HZ` and smoothed only: a high-pass would smear QRS into what precedes.
    hidden, in_qrs : ndarray of bool, shape (n_samples,)
        Where nothing of the atria can be seen: in the first, in the second.
    onsets_s : ndarray of float64, shape (n_beats,)
        QRS onset of every beat (s).
    group : ndarray of intp, shape (n_beats,)
        Shape of every beat.
    """

    without_t: NDArray[np.float64]
    with_t: NDArray[np.float64]
    plain: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    in_qrs: NDArray[np.bool_]
    onsets_s: NDArray[np.float64]
    group: NDArray[np.intp]


def atrial_rest(
    leads: NDArray[np.float64], beats_s: NDArray[np.float64], shapes: Shapes
) -> AtrialRest:
    """Take off the usual QRS and T of every shape.

    Parameters
    ----------
    leads : ndarray of float64, shape (n_leads, n_samples)
        In mV without pacing spikes, at `WORK_RATE`.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s).
    shapes : Shapes
        Their groups.

    Returns
    -------
    AtrialRest
        Both forms.
    """
    wave = band(leads, *BAND_HZ)[:, :: round(WORK_RATE / STEP_HZ)]
    limits = np.array([_limits(shapes, k) for k in range(beats_s.size)]).reshape(-1, 2)
    onsets, offsets = beats_s + limits[:, 0], beats_s + limits[:, 1]
    samples = wave.shape[1]
    in_qrs = np.zeros(samples, dtype=bool)
    for on, off in zip(onsets, offsets, strict=True):
        in_qrs[_clip(on - BEFORE_S, samples) : _clip(off + AFTER_S, samples)] = True
    step = round(WORK_RATE / STEP_HZ)
    plain = gaussian_filter1d(leads, SMOOTH_S * WORK_RATE, axis=1)[:, ::step]
    without_t, hidden = _without(wave, onsets, shapes.group, level=False)
    return AtrialRest(without_t, wave, plain, hidden | in_qrs, in_qrs, onsets, shapes.group)


def other_leads(rest: AtrialRest, mix: NDArray[np.float64]) -> AtrialRest:
    """The same recording in leads that are sums of its leads.

    Parameters
    ----------
    rest : AtrialRest
        Independent leads.
    mix : ndarray of float64, shape (n_new, n_leads)
        How much of each lead every new one holds.

    Returns
    -------
    AtrialRest
        The new leads: what filters leave of a sum is the sum of what they leave.
    """
    with_t, without_t = mix @ rest.with_t, mix @ rest.without_t
    # the median of a sum is not the sum of the medians
    made = (mix != 0).sum(axis=1) > 1
    if made.any():
        without_t[made] = _without(with_t[made], rest.onsets_s, rest.group, level=False)[0]
    return replace(rest, without_t=without_t, with_t=with_t, plain=mix @ rest.plain)


def plain_without_t(rest: AtrialRest) -> NDArray[np.float64]:
    """The leads without a high-pass, and without the usual QRS and T.

    Parameters
    ----------
    rest : AtrialRest
        The recording.

    Returns
    -------
    ndarray of float64, shape (n_leads, n_samples)
        In mV at `STEP_HZ`.
    """
    return _without(rest.plain, rest.onsets_s, rest.group, level=True)[0]


def _without(
    wave: NDArray[np.float64],
    onsets_s: NDArray[np.float64],
    group: NDArray[np.intp],
    *,
    level: bool,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Take the usual beat of each shape off, and say where that could not be done."""
    samples = wave.shape[1]
    starts = np.round((onsets_s - BEFORE_S) * STEP_HZ).astype(int)
    stops = np.append(starts[1:], samples + 1)
    length = round((_t_s(starts) + BEFORE_S) * STEP_HZ)
    left, hidden = wave.copy(), np.zeros(wave.shape[1], dtype=bool)
    reach = np.arange(length)
    for shape in np.unique(group):
        own = np.flatnonzero(group == shape)
        places = starts[own][:, None] + reach
        inside = (places >= 0) & (places < samples) & (places < stops[own][:, None])
        if shape < 0 or own.size < LEAST_BEATS:
            hidden[places[inside]] = True
            continue
        taken = wave[:, np.clip(places.T, 0, samples - 1)]
        if level:
            taken = taken - taken[:, :LEVEL_SAMPLES].mean(axis=1, keepdims=True)
        usual, enough = usual_stretch(taken, places, inside, LEAST_BEATS)
        take_off(left, places, inside, usual)
        hidden[places[inside & ~enough]] = True
    return left, hidden


def _t_s(starts: NDArray[np.intp]) -> float:
    """How long QRS and T are: longer in a slow heart (s)."""
    rr = float(np.median(np.diff(starts))) / STEP_HZ if starts.size > 1 else 1.0
    return float(np.clip(T_ROOT * np.sqrt(rr) + T_MORE_S, T_LEAST_S, T_MOST_S))


def _limits(shapes: Shapes, beat: int) -> NDArray[np.float64]:
    group = int(shapes.group[beat])
    if 0 <= group < shapes.limits_s.shape[0] and np.isfinite(shapes.limits_s[group]).all():
        return np.asarray(shapes.limits_s[group])
    if shapes.limits_s.shape[0] and np.isfinite(shapes.limits_s[0]).all():
        return np.asarray(shapes.limits_s[0])
    return np.array(USUAL_LIMITS_S)


def _clip(at_s: float, samples: int) -> int:
    return min(max(round(at_s * STEP_HZ), 0), samples)
