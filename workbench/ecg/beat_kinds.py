"""Kinds of beats, by shape and timing: usual, early, late, of another shape, paced."""

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.beat_shapes import Shapes
from workbench.ecg.facts import AtrialFacts, AtrialRhythm, Beat, BeatClass, PacingFacts
from workbench.ecg.filters import WORK_RATE

EARLY = 0.85  # of the interval before it, and of the usual one
EARLY_SAME = 0.82  # the same for a beat of the usual shape: sinus arrhythmia is no ectopy
LATE = 1.35  # of the usual interval
WIDE_MS, WIDER_MS = 120.0, 20.0  # wide; and so much wider than the usual beat
UNLIKE = 0.80  # correlation with the usual beat: surely another shape
PACED_S = (-0.14, 0.02)  # spike before the largest deflection
T_S = (0.10, 0.38)  # after a beat, where T lies; shortened at fast rates


def beat_kinds(
    wave: NDArray[np.float64],
    beats_s: NDArray[np.float64],
    shapes: Shapes,
    atria: AtrialFacts,
    pacing: PacingFacts,
) -> tuple[Beat, ...]:
    """Name every beat.

    Parameters
    ----------
    wave : ndarray of float64, shape (n_leads, n_samples)
        Leads in mV without baseline, at `WORK_RATE`.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats (s).
    shapes : Shapes
        Their groups.
    atria : AtrialFacts
        What the atria do: a late beat with its own P is conducted.
    pacing : PacingFacts
        Stimuli.

    Returns
    -------
    tuple of Beat
        One for every beat.
    """
    rr = np.diff(beats_s, prepend=np.nan)
    usual_rr = _usual_rr(rr, shapes)
    early = _early(rr, usual_rr, shapes)
    spikes = np.array([s for s, c in zip(pacing.spikes_s, pacing.captured, strict=True) if c])
    sizes = _t_sizes(wave, beats_s, shapes, usual_rr)
    chaotic = atria.rhythm in {AtrialRhythm.NO_P, AtrialRhythm.FLUTTER}
    out = []
    for k, at in enumerate(beats_s):
        off = spikes - at
        paced = pacing.chambers in {"ventricular", "both"} and bool(
            ((off > PACED_S[0]) & (off < PACED_S[1])).any()
        )
        late = bool(rr[k] > LATE * usual_rr)
        kind = BeatClass.PACED if paced else _kind(k, shapes, early=bool(early[k]), late=late)
        if chaotic and shapes.group[k] == 0 and kind is not BeatClass.PACED:
            kind = BeatClass.USUAL  # where no two intervals are alike none is early or late
        if kind is BeatClass.LATE and shapes.group[k] == 0 and _has_p(atria, k):
            kind = BeatClass.USUAL
        likeness, size = float(shapes.likeness[k]), float(shapes.size[k])
        out.append(
            Beat(
                at_s=round(float(at), 3),
                kind=kind,
                qrs_ms=shapes.qrs_ms(k),
                likeness=None if np.isnan(likeness) else round(likeness, 3),
                shape=int(shapes.group[k]),
                size=None if np.isnan(size) else round(size, 3),
                t_size=None if np.isnan(sizes[k]) else round(float(sizes[k]), 3),
            )
        )
    return tuple(out)


def _usual_rr(rr: NDArray[np.float64], shapes: Shapes) -> float:
    """Median interval between beats of the usual shape, else of all."""
    seen = rr[np.isfinite(rr)]
    # between two usual beats: after a premature one the heart waits
    both = (shapes.group == 0) & (np.roll(shapes.group, 1) == 0)
    plain = rr[np.isfinite(rr) & both]
    if plain.size >= 3:
        return float(np.median(plain))
    own = rr[np.isfinite(rr) & (shapes.group == 0)]
    if own.size >= 3:
        return float(np.median(own))
    return float(np.median(seen)) if seen.size else float("nan")


def _early(rr: NDArray[np.float64], usual_rr: float, shapes: Shapes) -> NDArray[np.bool_]:
    """Beats that come before their time, pairs of them included."""
    count = rr.size
    early = np.zeros(count, dtype=bool)
    for k in range(1, count):
        same = shapes.group[k] == 0
        share = EARLY_SAME if same else EARLY
        last = usual_rr if k == 1 else rr[k - 1]
        jumps = rr[k] < share * last or bool(early[k - 1])
        following = rr[k + 1] if k + 1 < count else usual_rr
        short = rr[k] < share * usual_rr or (rr[k] < share * following and rr[k] < share * last)
        early[k] = jumps and short
    return early


def _kind(k: int, shapes: Shapes, *, early: bool, late: bool) -> BeatClass:
    group, width = int(shapes.group[k]), shapes.qrs_ms(k)
    if group == 0:
        if early:
            return BeatClass.EARLY_NARROW
        return BeatClass.LATE if late else BeatClass.USUAL
    if group < 0:
        return BeatClass.USUAL
    usual = _width(shapes, 0)
    wide = width is not None and width >= WIDE_MS and width >= usual + WIDER_MS
    unlike = bool(shapes.likeness[k] < UNLIKE)
    if early:
        return BeatClass.EARLY_WIDE if wide and unlike else BeatClass.EARLY_NARROW
    if late:
        return BeatClass.LATE
    return BeatClass.OTHER if unlike else BeatClass.USUAL


def _width(shapes: Shapes, group: int) -> float:
    if group >= shapes.limits_s.shape[0]:
        return 100.0
    width = float(np.diff(shapes.limits_s[group])[0]) * 1000
    return width if np.isfinite(width) else 100.0


def _has_p(atria: AtrialFacts, k: int) -> bool:
    conducts = atria.rhythm in {AtrialRhythm.LOCKED_P, AtrialRhythm.DROPPED_P}
    return conducts and k < len(atria.pr_s) and atria.pr_s[k] is not None


def _t_sizes(
    wave: NDArray[np.float64], beats_s: NDArray[np.float64], shapes: Shapes, usual_rr: float
) -> NDArray[np.float64]:
    """Size of each T along the usual T, all leads together."""
    sizes = np.full(beats_s.size, np.nan)
    if np.isnan(usual_rr):
        return sizes
    end = min(T_S[1], 0.62 * usual_rr)
    first, last = round(T_S[0] * WORK_RATE), round(end * WORK_RATE)
    if last - first < round(0.06 * WORK_RATE):
        return sizes
    at = np.round(beats_s * WORK_RATE).astype(int)
    own = np.flatnonzero((shapes.group == 0) & (at + last < wave.shape[1]))
    nexts = np.append(beats_s[1:], np.inf) - beats_s
    own = own[nexts[own] > end + 0.06]
    if own.size < 4:
        return sizes
    part = np.moveaxis(wave[:, at[own][:, None] + np.arange(first, last)], 0, 1)
    part = part - part.mean(axis=2, keepdims=True)
    usual = np.median(part, axis=0)
    sizes[own] = (part * usual).sum(axis=(1, 2)) / max(float((usual**2).sum()), 1e-9)
    return sizes
