"""Names of the basic rhythm and of its rate: sinus, fibrillation, flutter, escape."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, BeatClass, EcgFacts
from workbench.rules.ecg_av_block import FIRST_FOUND
from workbench.rules.ecg_evidence import ABOVE, AT_LEAST, AT_MOST, against, printed
from workbench.rules.ecg_origin import (
    fibrillates,
    has_beats,
    is_paced,
    is_regular,
    stretch,
    usual_qrs_ms,
    whole,
)
from workbench.rules.ecg_pause import judge_pause
from workbench.rules.ecg_rate import ORIGIN, WIDTHS, RateSeen, judge_rate

INSIDE = " P waves inside the pause not assessed"
_GRAVITY = list(Severity)


def judge_rhythm(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Name the basic rhythm.

    Parameters
    ----------
    facts : EcgFacts
        Atria, beats, rate.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``rhythm.*``, ``preexcited.*``, ``wide.qrs`` and ``aivr.*``.

    Returns
    -------
    tuple of Finding
        Any of EC018, EC102, EC206, EC232 and EC304.
    """
    del context
    if not has_beats(facts):
        return ()
    if facts.atria.rhythm is AtrialRhythm.FLUTTER:
        said = f"{facts.atria.evidence}; {FIRST_FOUND}"
        return (Finding("EC102", Severity.URGENT, said, "atria", whole(facts)),)
    if fibrillates(facts, book):
        return (*_preexcited(facts, book), _fibrillation(facts, book))
    return (*_escape(facts, book), *_sinus_arrhythmia(facts, book))


def judge_rates(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Hold the ventricular rate against the limits, with the name the rhythm allows.

    Parameters
    ----------
    facts : EcgFacts
        Rate, doubt, atria.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``rate.*``.

    Returns
    -------
    tuple of Finding
        One statement, or nothing.
    """
    del context
    rhythm = facts.rhythm
    if not has_beats(facts) or rhythm.rate_bpm <= 0:
        return ()
    chaos = fibrillates(facts, book) or facts.atria.rhythm is AtrialRhythm.FLUTTER
    rates = [rhythm.rate_bpm]
    if facts.rate_doubt and facts.second_rate_bpm:
        rates.append(facts.second_rate_bpm)
    count, doubt, place = rhythm.rr_s.size, facts.rate_doubt, whole(facts)
    judged = [judge_rate(RateSeen(rate, count, chaos, doubt, place), book) for rate in rates]
    # while two detectors disagree the graver of both answers is shown, with the doubt
    said = min(
        (one for one in judged if one), key=lambda f: _GRAVITY.index(f.severity), default=None
    )
    if said is None:
        return ()
    if facts.atria.rhythm is AtrialRhythm.FLUTTER:
        other = said.evidence.replace("irregular without locked P waves: suspected atrial"
                                      " fibrillation", facts.atria.evidence)  # fmt: skip
        said = replace(said, evidence=other)
    return (replace(said, evidence=_of_today(said.evidence, facts)),)


def _of_today(evidence: str, facts: EcgFacts) -> str:
    """The rate alone knows neither P nor QRS; what other rules measured is not "not assessed"."""
    measured = [ORIGIN] if facts.atria.rhythm is AtrialRhythm.LOCKED_P else []
    measured += WIDTHS if usual_qrs_ms(facts) is not None else []
    kept = [clause for clause in evidence.split("; ") if clause not in measured]
    return "; ".join(kept)


def judge_pauses(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Judge the longest stretch without a beat, with what the atria do inside it.

    Parameters
    ----------
    facts : EcgFacts
        Rhythm and atria.
    context : PatientContext
        Syncope decides.
    book : RuleBook
        Must hold ``pause.*``.

    Returns
    -------
    tuple of Finding
        EC024, EC108 or EC119, or nothing.
    """
    longest, rr = facts.rhythm.longest, facts.rhythm.rr_s
    if longest is None or not has_beats(facts):
        return ()
    usual = float(np.median(rr)) if rr.size else float("nan")
    chaos = fibrillates(facts, book)
    said = judge_pause(longest, usual, context, book, fibrillation=chaos)
    if said is None:
        return ()
    blocked = [t for t in facts.atria.blocked_s if longest.from_s < t < longest.to_s]
    if blocked:
        inside = f" P without QRS inside the pause: {len(blocked)}"
        if said.code == "EC108":
            return ()  # a dropped beat, said by the rule of AV block
    elif chaos:
        inside = " fibrillation, no P to look for"
    elif facts.atria.rhythm is AtrialRhythm.LOCKED_P:
        inside = " no P without QRS found inside the pause"
    else:
        inside = INSIDE
    return (replace(said, evidence=said.evidence.replace(INSIDE, inside)),)


def _fibrillation(facts: EcgFacts, book: RuleBook) -> Finding:
    rhythm = facts.rhythm
    limit = book["rhythm.irregular"]
    if rhythm.variation <= limit.value:
        limit = book["rhythm.uneven"]
    clauses = [against("RR variation", rhythm.variation, ABOVE, limit, book)]
    clauses += [facts.atria.evidence] if facts.atria.evidence else []
    return Finding("EC206", Severity.ABNORMAL, "; ".join(clauses), limit.id, whole(facts))


def _preexcited(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """Wide QRS nearer to each other than an AV node lets through."""
    limit, least = book["preexcited.shortest_rr"], book["preexcited.least_qrs"]
    widths = [b.qrs_ms for b in facts.beats if b.qrs_ms is not None]
    if not widths or not facts.rhythm.rr_s.size:
        return ()
    width = float(np.median(widths))
    shortest = 1000 * float(facts.rhythm.rr_s.min())
    if printed(width, "ms") < least.value:
        return ()
    if printed(shortest, "ms") > limit.value:
        return ()
    clauses = [
        against("shortest RR", shortest, AT_MOST, limit, book),
        against("QRS duration", width, AT_LEAST, least, book),
        *([facts.atria.evidence] if facts.atria.evidence else []),
    ]
    return (Finding("EC018", Severity.CRITICAL, "; ".join(clauses), limit.id, whole(facts)),)


def _escape(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    late = [b for b in facts.beats if b.kind is BeatClass.LATE]
    if is_paced(facts):
        return ()
    rate = facts.rhythm.rate_bpm
    slow = printed(rate, "bpm") <= book["rate.fast"].value
    if facts.atria.rhythm is AtrialRhythm.NO_P and slow and is_regular(facts, book):
        width = usual_qrs_ms(facts)
        wide = width is not None and width >= book["wide.qrs"].value
        if not wide or printed(rate, "bpm") < book["aivr.slow"].value:
            clauses = [f"regular QRS at {rate:.0f}/min"]
            clauses += [facts.atria.evidence] if facts.atria.evidence else []
            said = "; ".join(clauses)
            return (Finding("EC232", Severity.ABNORMAL, said, "atria", whole(facts)),)
    if late and facts.atria.rhythm is not AtrialRhythm.FLUTTER:
        said = f"late beats without P of their own: {len(late)}"
        return (
            Finding(
                "EC232",
                Severity.ABNORMAL,
                said,
                "beats",
                stretch(late[0].at_s, late[-1].at_s, facts, book),
            ),
        )
    return ()


def _sinus_arrhythmia(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    if facts.atria.rhythm is not AtrialRhythm.LOCKED_P or is_paced(facts):
        return ()
    if any(b.kind is not BeatClass.USUAL for b in facts.beats):
        return ()
    gaps = [1000 * (b.at_s - a.at_s) for a, b in pairwise(facts.beats)]
    limit, least = book["rhythm.sinus_difference"], book["rhythm.sinus_least"]
    if len(gaps) < least.value or max(gaps) > book["rhythm.sinus_longest"].value:
        return ()
    if max(gaps) - min(gaps) < limit.value:
        return ()
    said = against("longest less shortest RR", max(gaps) - min(gaps), AT_LEAST, limit, book)
    return (Finding("EC304", Severity.NORMAL, said, limit.id, whole(facts)),)
