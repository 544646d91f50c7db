"""Beats out of time or shape: premature, in pairs and patterns, on T; alternans."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, Beat, BeatClass, EcgFacts
from workbench.rules.ecg_evidence import AT_LEAST, AT_MOST, BELOW, against
from workbench.rules.ecg_origin import fibrillates, has_beats, is_paced, stretch, whole

WIDE, NARROW = BeatClass.EARLY_WIDE, BeatClass.EARLY_NARROW


def judge_ectopy(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Count premature beats, name their patterns, and see T or QRS alternate.

    Parameters
    ----------
    facts : EcgFacts
        Beats with kind, shape and sizes.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``ectopy.*`` and ``alternans.*``.

    Returns
    -------
    tuple of Finding
        Any of EC027, EC028, EC113, EC118, EC203, EC204 and EC235.
    """
    del context
    if not has_beats(facts) or is_paced(facts):
        return ()
    found = [*_wide(facts, book), *_on_t(facts, book)]
    steady = not fibrillates(facts, book) and facts.atria.rhythm is AtrialRhythm.LOCKED_P
    if steady:
        found += _narrow(facts, book)
    found += _patterns(facts, book, steady=steady)
    if not fibrillates(facts, book):
        found += _alternans(facts, book)
    return tuple(found)


def _place(beats: Sequence[Beat], facts: EcgFacts, book: RuleBook) -> dict[str, float | str]:
    return stretch(beats[0].at_s, beats[-1].at_s, facts, book)


def _wide(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    early = [b for b in facts.beats if b.kind is WIDE]
    if not early:
        return ()
    pairs = sum(a.kind is WIDE and b.kind is WIDE for a, b in pairwise(facts.beats))
    shapes = len({b.shape for b in early})
    limit = book["ectopy.frequent"]
    rate = 60 * len(early) / facts.seconds
    clauses = [f"wide premature beats: {len(early)} in {facts.seconds:.1f} s"]
    if pairs:
        clauses.append(f"two or more in a row: {pairs} times")
    if shapes > 1:
        clauses.append(f"their shapes: {shapes}")
    frequent = rate >= limit.value
    clauses.append(
        against(
            "wide premature beats per minute", rate, AT_LEAST if frequent else BELOW, limit, book
        )
    )
    place = _place(early, facts, book)
    if pairs or shapes > 1 or frequent:
        return (Finding("EC113", Severity.URGENT, "; ".join(clauses), limit.id, place),)
    return (Finding("EC204", Severity.ABNORMAL, "; ".join(clauses), limit.id, place),)


def _on_t(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    qt, limit = facts.number("qt_ms"), book["ectopy.on_t"]
    wide, narrow = book["ectopy.wide_qrs"], book["ectopy.usual_qrs"]
    if not qt:
        return ()
    for before, beat in pairwise(facts.beats):
        if beat.kind is not WIDE or before.kind is WIDE:
            continue
        # from onset to onset: the largest deflection of a wide beat comes later after its onset
        own = ((beat.qrs_ms or wide.value) - narrow.value) / 2 / 1000
        share = 1000 * (beat.at_s - before.at_s - own) / qt
        if share <= limit.value:
            clauses = [
                (
                    f"premature beat {1000 * (beat.at_s - before.at_s - own):.0f} ms after the QRS"
                    f" before it, QT {qt:.0f} ms"
                ),
                against("coupling over QT", share, AT_MOST, limit, book),
            ]
            place = _place([before, beat], facts, book)
            return (Finding("EC027", Severity.CRITICAL, "; ".join(clauses), limit.id, place),)
    return ()


def _narrow(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    early = [
        b for b, last in zip(facts.beats, (None, *facts.beats), strict=False)
        if b.kind is NARROW and not (last is not None and last.kind is WIDE)
    ]  # fmt: skip
    if not early:
        return ()
    said = (
        f"narrow premature beats: {len(early)} in {facts.seconds:.1f} s; atrial or junctional:"
        " a P on the T wave before them cannot be told"
    )
    return (Finding("EC203", Severity.ABNORMAL, said, "ectopy", _place(early, facts, book)),)


def _patterns(facts: EcgFacts, book: RuleBook, *, steady: bool) -> tuple[Finding, ...]:
    """Every second or every third beat is premature, often enough to be a pattern."""
    kinds = (WIDE, NARROW) if steady else (WIDE,)
    early = [b.kind in kinds for b in facts.beats]
    for every, name in enumerate(("second", "third"), start=2):
        best = _longest(early, every, book["ectopy.cycles"].value)
        if best is not None:
            beats = facts.beats[best[0] : best[1] + 1]
            said = f"every {name} beat premature, {1 + (best[1] - best[0]) // every} times"
            place = _place(beats, facts, book)
            return (Finding("EC235", Severity.ABNORMAL, said, "ectopy", place),)
    return ()


def _longest(early: Sequence[bool], every: int, cycles: float) -> tuple[int, int] | None:
    at = [k for k, is_early in enumerate(early) if is_early]
    best: tuple[int, int] | None = None
    start = 0
    for k in range(1, len(at) + 1):
        if k < len(at) and at[k] - at[k - 1] == every:
            continue
        if k - start >= cycles and (best is None or at[k - 1] - at[start] > best[1] - best[0]):
            best = (at[start], at[k - 1])
        start = k
    return best


def _alternans(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    found = []
    tall = [max(abs(w.t_max_mv or 0.0), abs(w.t_min_mv or 0.0)) for w in facts.leads.values()]
    limit, least = book["alternans.t"], book["alternans.t_size"]
    t = _by_turns([b.t_size if b.shape == 0 else None for b in facts.beats], book)
    if t is not None and tall and t >= limit.value and t * max(tall) >= least.value:
        clauses = [
            against("T large and small by turns, difference over size", t, AT_LEAST, limit, book),
            against("in the largest T", t * max(tall), AT_LEAST, least, book),
        ]
        place = {**whole(facts), "mark": "t"}
        found.append(Finding("EC028", Severity.CRITICAL, "; ".join(clauses), limit.id, place))
    limit = book["alternans.qrs"]
    qrs = _by_turns([b.size if b.shape >= 0 else None for b in facts.beats], book)
    if qrs is not None and qrs >= limit.value:
        said = against("QRS large and small by turns, difference over size", qrs, AT_LEAST, limit,
                       book)  # fmt: skip
        place = {**whole(facts), "mark": "qrs"}
        found.append(Finding("EC118", Severity.URGENT, said, limit.id, place))
    return tuple(found)


def _by_turns(sizes: Sequence[float | None], book: RuleBook) -> float | None:
    """Difference of neighbours over their mean, when it changes its sign nearly every time."""
    seen = np.array([np.nan if s is None else s for s in sizes], dtype=np.float64)
    steps = np.diff(seen)
    known = np.isfinite(steps)
    if known.sum() < book["alternans.beats"].value:
        return None
    turns = steps[1:] * steps[:-1] < 0
    both = known[1:] & known[:-1]
    if not both.any() or turns[both].mean() < book["alternans.by_turns"].value:
        return None
    return float(np.median(np.abs(steps[known])) / np.nanmean(seen))
