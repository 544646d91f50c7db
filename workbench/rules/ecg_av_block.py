"""AV conduction: slow, dropped by turns or without order, or none at all."""

from itertools import pairwise

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, EcgFacts
from workbench.rules.ecg_evidence import ABOVE, AT_LEAST, AT_MOST, BELOW, against, printed
from workbench.rules.ecg_origin import fibrillates, has_beats, stretch, whole

FIRST_FOUND = "counts as first found unless a prior tracing shows it"


def judge_av_block(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say which degree of AV block there is, if any.

    Parameters
    ----------
    facts : EcgFacts
        Atria, beats, PR.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``av.*`` and ``rate.very_slow``.

    Returns
    -------
    tuple of Finding
        One of EC022, EC023, EC105, EC106, EC107, EC207 and EC208, or nothing.
    """
    del context
    if not has_beats(facts) or fibrillates(facts, book):
        return ()
    atria = facts.atria.rhythm
    if atria is AtrialRhythm.DISSOCIATED_P:
        return _third(facts, book)
    if atria is AtrialRhythm.DROPPED_P and facts.atria.blocked_s and not facts.pacing.spikes_s:
        return _second(facts, book)
    return _first(facts, book) if atria is AtrialRhythm.LOCKED_P else ()


def _first(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    pr, limit = facts.number("pr_ms"), book["av.first_degree"]
    if pr is None or printed(pr, limit.unit) <= limit.value:
        return ()
    said = against("PR interval", pr, ABOVE, limit, book)
    return (Finding("EC207", Severity.ABNORMAL, said, limit.id, {"mark": "p"}),)


def _third(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    limit = book["av.more_p"]
    atrial, ventricular = facts.atria.rate_bpm, facts.rhythm.rate_bpm
    if atrial is None or atrial / ventricular < limit.value:
        return ()
    ratio = against("atrial over ventricular rate", atrial / ventricular, AT_LEAST, limit, book)
    clauses = [
        f"P {atrial:.0f}/min and QRS {ventricular:.0f}/min without relation to each other",
        ratio,
    ]
    if facts.pacing.chambers in {"ventricular", "both"}:
        clauses.append("ventricles paced")
        return (Finding("EC107", Severity.URGENT, "; ".join(clauses), limit.id, whole(facts)),)
    clauses.append(FIRST_FOUND)
    return (Finding("EC022", Severity.CRITICAL, "; ".join(clauses), limit.id, whole(facts)),)


def _second(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    blocked = facts.atria.blocked_s
    at = np.array([beat.at_s for beat in facts.beats])
    between = np.array([sum(a < t < b for t in blocked) for a, b in pairwise(at)], dtype=int)
    place = stretch(blocked[0], blocked[-1], facts, book)
    high, rate = book["av.high_grade"], facts.rhythm.rate_bpm
    counted = f"P without QRS: {len(blocked)}"
    clauses = [counted]
    if facts.atria.rate_bpm:
        clauses.append(f"P {facts.atria.rate_bpm:.0f}/min and QRS {rate:.0f}/min")
    most = int(between.max()) if between.size else 0
    if most >= high.value:
        clauses.append(against("P without QRS in a row", most, AT_LEAST, high, book))
        slow = book["rate.very_slow"]
        if printed(rate, slow.unit) <= slow.value:
            clauses.append(against("ventricular rate", rate, AT_MOST, slow, book))
            return (Finding("EC023", Severity.CRITICAL, "; ".join(clauses), high.id, place),)
        return (Finding("EC105", Severity.URGENT, "; ".join(clauses), high.id, place),)
    grows = book["av.grows"]
    if between.size >= 2 and (between == 1).mean() >= book["av.two_to_one_share"].value:
        clauses.append("every second P without QRS")
        return (Finding("EC106", Severity.URGENT, "; ".join(clauses), grows.id, place),)
    shorter = _shorter_after(facts, at)
    if shorter is None:
        clauses.append("PR around the dropped beats not measurable")
        return (Finding("EC105", Severity.URGENT, "; ".join(clauses), grows.id, place),)
    name = "PR before a dropped beat less PR after it"
    if shorter >= grows.value:
        clauses.append(against(name, shorter, AT_LEAST, grows, book))
        return (Finding("EC208", Severity.ABNORMAL, "; ".join(clauses), grows.id, place),)
    clauses.append(against(name, shorter, BELOW, grows, book))
    return (Finding("EC105", Severity.URGENT, "; ".join(clauses), grows.id, place),)


def _shorter_after(facts: EcgFacts, at: np.ndarray) -> float | None:
    """How much shorter PR is after a dropped beat than before it (ms)."""
    steps = []
    for t in facts.atria.blocked_s:
        before, after = np.flatnonzero(at < t), np.flatnonzero(at > t)
        if not (before.size and after.size):
            continue
        one, other = facts.atria.pr_s[before[-1]], facts.atria.pr_s[after[0]]
        if one is not None and other is not None:
            steps.append(1000 * (one - other))
    return float(np.median(steps)) if steps else None
