"""What the atria do: locked to QRS, dropped in part, dissociated, fluttering, or without waves."""

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.atrial_flutter import REPEATS_WITH_T, constant_flutter_bpm, flutter_bpm
from workbench.ecg.atrial_lock import FAR_S, NEAR_S, Lock, lock, usual_qt_s
from workbench.ecg.atrial_relation import HALF_P_S, STEADY_S, Relation, filled, grows, relation
from workbench.ecg.atrial_rest import AtrialRest, plain_without_t
from workbench.ecg.atrial_train import STEP_HZ, Train, find_train, matching, worth
from workbench.ecg.beat_shapes import Shapes
from workbench.ecg.facts import AtrialFacts, AtrialRhythm

RATIO_NEAR, RATIO_FAR, LIKENESS = 8.0, 15.0, 0.60
SHARE_WIDE = 0.85
SHARE_UNEVEN = 0.65  # of the beats, where RR is as uneven as in fibrillation
SHARE, SHARE_LIKENESS = 0.75, 0.70  # many of the beats are alike, one is disturbed
LEAST_RATIO, UNLOCKED = 3.0, 4.0
IRREGULAR, REGULAR = 0.10, 0.05  # median difference of neighbouring RR over mean RR
SLOW_RR_S = 0.85  # slower: a second P may hide behind T
TWO_P_RR_S = 1.2  # two P have room between two T
AS_FAST, ONE_PHASE = 0.04, 0.95
USUAL_QRS_S, WIDE_MORE_S = 0.11, 0.02
LEAST_RATIO_WAVES = 1.6  # for each QRS
TOGETHER = 0.80
P_SEARCH_S = (-0.34, -0.07)
LATE = 1.35  # times the usual RR: a beat may have been dropped
WHOLE = 0.12  # of PP: a blocked P lies at its place
SHORT, LONG = 1.25, 1.6  # times the shortest RR: conducted one to one; with a dropped beat
ENOUGH = 0.7  # of the places must hold a P
NONE, FEW = "no P wave at a constant distance before QRS", "too few beats to tell"


def atrial_facts(rest: AtrialRest, limb: AtrialRest, shapes: Shapes, seconds: float) -> AtrialFacts:
    """Say what the atria do.

    Parameters
    ----------
    rest : AtrialRest
        Independent leads without QRS and T.
    limb : AtrialRest
        The leads in which flutter is looked for, one by one.
    shapes : Shapes
        Which beats have the usual shape.
    seconds : float
        Length of the recording (s).

    Returns
    -------
    AtrialFacts
        Rhythm, rate, and for every beat its PR where a P belongs to it.
    """
    onsets = rest.onsets_s
    count = onsets.size
    if count < 4:
        return _few(rest, seconds)
    rr = np.diff(onsets)
    usual_rr = float(np.median(rr))
    uneven = float(np.median(np.abs(np.diff(rr)))) / usual_rr if rr.size > 2 else 0.0
    held, near = _locked(rest, shapes, usual_rr, uneven)
    waves = _flutter(limb, usual_rr, uneven, narrow=_longer_by(shapes) <= 0)
    # as many waves as QRS are the QRS themselves, not taken off
    if waves is not None and waves * usual_rr / 60 >= LEAST_RATIO_WAVES:
        ratio = waves * usual_rr / 60
        says = f"regular atrial waves {waves:.0f}/min, {ratio:.1f} for each QRS"
        return AtrialFacts(AtrialRhythm.FLUTTER, round(waves, 1), (), (None,) * count, says)
    if held:
        slow = usual_rr > SLOW_RR_S or rr.max() > LATE * usual_rr
        dropped = _dropped(rest, shapes) if slow else None
        return dropped or _conducted(rest, shapes, near)
    train = _train(rest, onsets, usual_rr)
    if train is not None:
        return _train_facts(train, onsets, seconds, uneven)
    return _no_waves(near, count, uneven)


def _train(rest: AtrialRest, onsets: NDArray[np.float64], usual_rr: float) -> Train | None:
    """The train that explains most; one as fast as QRS, at one phase of it, is made of QRS."""
    found = [find_train(rest.without_t, rest.hidden)]
    if usual_rr > TWO_P_RR_S:
        # a P that comes nearly at the same place in every beat is taken off with T
        found.append(find_train(rest.with_t, rest.in_qrs))
    apart = [t for t in found if t is not None and not _of_qrs(t, onsets, usual_rr)]
    return max(apart, key=worth, default=None)


def _of_qrs(train: Train, onsets: NDArray[np.float64], usual_rr: float) -> bool:
    if abs(train.period_s - usual_rr) > AS_FAST * usual_rr:
        return False
    return relation(train.times_s, train.period_s, onsets).together > ONE_PHASE


def _flutter(limb: AtrialRest, rr_s: float, uneven: float, *, narrow: bool) -> float | None:
    waves = flutter_bpm(limb.without_t, limb.hidden)
    if waves is None and uneven < REGULAR:
        return constant_flutter_bpm(limb.with_t, limb.in_qrs, rr_s, narrow=narrow)
    if waves is None:
        return flutter_bpm(limb.with_t, limb.in_qrs, REPEATS_WITH_T)
    return waves


def _no_waves(near: Lock | None, count: int, uneven: float) -> AtrialFacts:
    """Neither locked P nor a train of them: none, or not assessable."""
    none = (None,) * count
    if near is None and uneven < REGULAR:
        return AtrialFacts(AtrialRhythm.UNKNOWN, None, (), none, FEW)
    if near is not None and near.ratio > UNLOCKED and near.share > 0.5:
        says = f"P locked to QRS in {100 * near.share:.0f} % of the beats only"
        return AtrialFacts(AtrialRhythm.UNKNOWN, None, (), none, says)
    says = NONE if near is None else f"{NONE} (shared to unshared energy {near.ratio:.1f})"
    return AtrialFacts(AtrialRhythm.NO_P, None, (), none, says)


def _few(rest: AtrialRest, seconds: float) -> AtrialFacts:
    """With three beats or fewer only a train of P can be told."""
    count = rest.onsets_s.size
    train = find_train(rest.with_t, rest.in_qrs)
    if train is None:
        return AtrialFacts(AtrialRhythm.UNKNOWN, None, (), (None,) * count, FEW)
    return _train_facts(train, rest.onsets_s, seconds, 0.0)


def _locked(
    rest: AtrialRest, shapes: Shapes, usual_rr: float, uneven: float
) -> tuple[bool, Lock | None]:
    usual = shapes.group == 0
    free = usual_qt_s(usual_rr) + _longer_by(shapes)
    must = SHARE_UNEVEN if uneven > IRREGULAR else 0.0
    if must and _longer_by(shapes) > 0:
        must = SHARE_WIDE  # what precedes wide QRS of an uneven rhythm may be their own beginning
    near = lock(rest.plain, rest.onsets_s, usual, NEAR_S, free)
    for found, least in ((near, RATIO_NEAR), (_far(rest, usual, free), RATIO_FAR)):
        if found is None:
            continue
        if found.ratio >= least and found.likeness >= LIKENESS and found.share >= must:
            return True, found
        if (
            found.share >= SHARE
            and found.likeness >= SHARE_LIKENESS
            and found.ratio >= UNLOCKED - 1
        ):
            return True, found
    if near is None and uneven >= REGULAR:
        # at such a rate T lies before QRS: take it off, which only an uneven rhythm allows
        calm = lock(plain_without_t(rest), rest.onsets_s, usual, NEAR_S, 0.14)
        if calm is not None and calm.ratio >= RATIO_NEAR and calm.likeness >= LIKENESS:
            return True, calm
        return False, calm
    return False, near


def _longer_by(shapes: Shapes) -> float:
    """How much later T ends because QRS is wide (s)."""
    if not shapes.limits_s.size or not np.isfinite(shapes.limits_s[0]).all():
        return 0.0
    wider = float(np.diff(shapes.limits_s[0])[0]) - USUAL_QRS_S
    return wider + WIDE_MORE_S if wider > 0.01 else 0.0


def _far(rest: AtrialRest, usual: NDArray[np.bool_], free: float) -> Lock | None:
    return lock(rest.plain, rest.onsets_s, usual, FAR_S, free)


def _p_middle(rest: AtrialRest, shapes: Shapes) -> float | None:
    """Where P lies before QRS onset (s), from the mean of the usual beats."""
    own = rest.onsets_s[shapes.group == 0]
    first, last = (round(s * STEP_HZ) for s in P_SEARCH_S)
    at = np.round(own * STEP_HZ).astype(int)
    at = at[at + first - 8 >= 0]
    if at.size < 3:
        return None
    places = at[:, None] + np.arange(first - 8, last + 1)
    mean = np.median(rest.without_t[:, places], axis=1)
    energy = np.convolve((mean**2).sum(axis=0), np.ones(9) / 9, "same")[8:]
    return float(first + int(np.argmax(energy))) / STEP_HZ


def _conducted(rest: AtrialRest, shapes: Shapes, found: Lock | None) -> AtrialFacts:
    middle = _p_middle(rest, shapes)
    onsets = rest.onsets_s
    says = "" if found is None else f"shared to unshared energy {found.ratio:.1f}"
    rate = 60.0 / float(np.diff(onsets).mean())
    if middle is None:
        none = (None,) * onsets.size
        return AtrialFacts(AtrialRhythm.LOCKED_P, round(rate, 1), (), none, says)
    pr = round(HALF_P_S - middle, 3)
    times = tuple(round(float(o + middle), 3) for o in onsets if o + middle > 0)
    prs = tuple(pr if g == 0 else None for g in shapes.group)
    return AtrialFacts(AtrialRhythm.LOCKED_P, round(rate, 1), times, prs, says)


def _dropped(rest: AtrialRest, shapes: Shapes) -> AtrialFacts | None:
    """P waves of the conducted shape at whole or half intervals that no QRS follows."""
    middle = _p_middle(rest, shapes)
    if middle is None:
        return None
    onsets = rest.onsets_s
    own = onsets[shapes.group == 0] + middle
    looks = [matching(rest.with_t, rest.in_qrs, own), matching(rest.without_t, rest.hidden, own)]
    rr = np.diff(onsets)
    base = float(np.median(rr[rr < SHORT * rr.min()]))
    ways = (
        [np.round(rr / base)]
        if rr.max() > LONG * base
        else [np.full(rr.size, n) for n in (2, 3, 4)]
    )
    best: tuple[float, ...] = ()
    period = base
    for p_s in looks:
        for pieces in ways:
            placed = _placed(p_s, onsets + middle, pieces)
            if len(placed) > len(best) and len(placed) >= ENOUGH * (pieces - 1).sum():
                best = placed
                period = float(np.median(rr / pieces))
    if not best:
        return None
    times = np.sort(np.concatenate([onsets + middle, best]))
    times = times[times > 0]
    pr = round(HALF_P_S - middle, 3)
    says = f"{len(best)} P without QRS, PR of the conducted {1000 * pr:.0f} ms"
    return AtrialFacts(
        AtrialRhythm.DROPPED_P,
        round(60 / period, 1),
        tuple(round(float(t), 3) for t in times),
        tuple(pr if g == 0 else None for g in shapes.group),
        says,
        best,
    )


def _placed(
    p_s: NDArray[np.float64], conducted: NDArray[np.float64], pieces: NDArray[np.float64]
) -> tuple[float, ...]:
    """Waves that lie where a whole share of the way to the next conducted P is over."""
    out = []
    for start, end, parts in zip(conducted, conducted[1:], pieces, strict=False):
        step = (end - start) / max(parts, 1)
        for n in range(1, int(parts)):
            off = np.abs(p_s - start - n * step)
            if off.size and off.min() <= WHOLE * step:
                out.append(round(float(p_s[off.argmin()]), 3))
    return tuple(out)


def _train_facts(
    train: Train, onsets: NDArray[np.float64], seconds: float, uneven: float
) -> AtrialFacts:
    p_s = filled(train.times_s, train.period_s, seconds)
    seen = relation(p_s, train.period_s, onsets)
    rate = 60.0 / train.period_s
    rr = np.diff(onsets)
    ventricular = 60.0 / float(rr.mean()) if rr.size else float("nan")
    pr = tuple(None if np.isnan(v) else round(float(v) + HALF_P_S, 3) for v in seen.pr_s)
    times = tuple(round(float(t), 3) for t in p_s)
    says = (
        f"{train.times_s.size} P at {rate:.0f}/min beside {onsets.size} QRS"
        f" at {ventricular:.0f}/min"
        if rr.size
        else f"{train.times_s.size} P at {rate:.0f}/min"
    )
    if _conducts(seen, onsets, uneven):
        return AtrialFacts(AtrialRhythm.DROPPED_P, round(rate, 1), times, pr, says, seen.blocked_s)
    none = (None,) * onsets.size
    return AtrialFacts(
        AtrialRhythm.DISSOCIATED_P, round(rate, 1), times, none, says, seen.blocked_s
    )


def _conducts(seen: Relation, onsets: NDArray[np.float64], uneven: float) -> bool:
    """P conduct when QRS come at one phase, or PR grows up to dropped beats."""
    if onsets.size < 3 or not seen.blocked_s:
        return False
    pr = seen.pr_s[np.isfinite(seen.pr_s)]
    if pr.size < 0.7 * onsets.size:
        return False
    if float(np.median(np.abs(pr - np.median(pr)))) < STEADY_S / 2 and seen.together > TOGETHER:
        return True
    return grows(seen.pr_s, seen.blocked_s, onsets) and uneven > REGULAR
