"""A pacemaker: that it works, for which chamber, and when its stimuli fail."""

from itertools import pairwise

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, BeatClass, EcgFacts
from workbench.rules.ecg_evidence import AT_LEAST, BELOW, against, printed
from workbench.rules.ecg_origin import stretch, whole

CHAMBERS = {
    "": "chamber of the stimuli not known",
    "atrial": "stimuli of the atria",
    "ventricular": "stimuli of the ventricles",
    "both": "stimuli of atria and ventricles",
}
UNDERLYING = "rhythm under pacing not assessed"


def judge_pacing(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say that the heart is paced, and whether stimuli go unanswered or do not come.

    Parameters
    ----------
    facts : EcgFacts
        Spikes, which of them were answered, beats.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``pacing.slow`` and ``pacing.gap``.

    Returns
    -------
    tuple of Finding
        EC231, and EC032 when pacing fails in a slow heart.
    """
    del context
    spikes = facts.pacing.spikes_s
    if not spikes:
        return ()
    clauses = [f"pacing spikes: {len(spikes)}", CHAMBERS[facts.pacing.chambers]]
    if facts.pacing.chambers != "atrial":
        clauses.append(_under(facts))
    paced = Finding("EC231", Severity.ABNORMAL, "; ".join(clauses), "pacing", whole(facts))
    return (paced, *_fails(facts, book))


def _under(facts: EcgFacts) -> str:
    atria = facts.atria
    if atria.rhythm is AtrialRhythm.LOCKED_P:
        return "P locked to paced QRS"
    if atria.rhythm is AtrialRhythm.DISSOCIATED_P and atria.rate_bpm is not None:
        return f"P {atria.rate_bpm:.0f}/min without relation to paced QRS"
    if atria.rhythm is AtrialRhythm.FLUTTER and atria.rate_bpm is not None:
        return f"atrial waves {atria.rate_bpm:.0f}/min under pacing"
    return UNDERLYING


def _fails(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    slow, gap = book["pacing.slow"], book["pacing.gap"]
    rate, longest = facts.rhythm.rate_bpm, facts.rhythm.longest
    clauses = []
    if not np.isnan(rate) and printed(rate, slow.unit) < slow.value:
        clauses.append(against("ventricular rate", rate, BELOW, slow, book))
    if longest is not None and longest.seconds >= gap.value:
        clauses.append(against("longest stretch without QRS", longest.seconds, AT_LEAST, gap, book))
    if not clauses:
        return ()
    unanswered, missing = _unanswered(facts, book), _missing(facts, book)
    if unanswered:
        clauses.insert(0, f"stimuli without QRS: {len(unanswered)} of {len(facts.pacing.spikes_s)}")
        at = unanswered
    elif missing is not None:
        clauses.insert(0, f"no stimulus for {missing[1] - missing[0]:.1f} s")
        at = missing
    else:
        return ()
    place = stretch(at[0], at[-1], facts, book)
    return (Finding("EC032", Severity.CRITICAL, "; ".join(clauses), slow.id, place),)


def _unanswered(facts: EcgFacts, book: RuleBook) -> tuple[float, ...]:
    """Stimuli that no QRS follows although the ventricles could have answered."""
    at = np.array([b.at_s for b in facts.beats])
    wait, out = book["pacing.answer"].value, []
    for spike, captured in zip(facts.pacing.spikes_s, facts.pacing.captured, strict=True):
        before = at[at < spike]
        ready = before.size == 0 or spike - before[-1] > book["pacing.refractory"].value
        if not captured and ready and spike < facts.seconds - wait:
            out.append(spike)
    return tuple(out)


def _missing(facts: EcgFacts, book: RuleBook) -> tuple[float, ...] | None:
    """A stretch without stimulus or QRS longer than the pacemaker waits."""
    paced = [b.at_s for b in facts.beats if b.kind is BeatClass.PACED]
    intervals = np.diff(paced)
    if intervals.size == 0:
        return None
    due = book["pacing.late"].value * float(np.min(intervals))
    events = sorted([*(b.at_s for b in facts.beats), *facts.pacing.spikes_s])
    longest = max(pairwise(events), key=lambda p: p[1] - p[0], default=None)
    if longest is None or longest[1] - longest[0] < due:
        return None
    return longest
