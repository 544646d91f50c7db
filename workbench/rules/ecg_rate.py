"""Ventricular rate against the limits of a rule book.

The rate is judged as it is printed, in whole beats per minute: what the reader sees and what the
rule saw are one number. Origin of the rhythm and QRS width are not assessed in this edition, and
the evidence says so.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook

NOWHERE: Mapping[str, float | str] = MappingProxyType({})
ORIGIN = "origin of the rhythm not assessed"
WIDTH_MARKED = "QRS width not assessed: a ventricular tachycardia would be critical"
WIDTH_AF = "QRS width and pre-excitation not assessed"
WIDTH = (
    "QRS width not assessed: supraventricular, ventricular and wide-QRS tachycardia are all"
    " critical at this rate, the reader decides which it is"
)
WIDTHS = (WIDTH, WIDTH_MARKED, WIDTH_AF)


@dataclass(frozen=True, slots=True)
class RateSeen:
    """A rate as measured, and what else bears on its name."""

    bpm: float
    intervals: int
    fibrillation: bool = False  # irregular without locked P: sinus names would be wrong
    doubt: str = ""  # why the rate is uncertain, in plain words
    place: Mapping[str, float | str] = field(default_factory=lambda: NOWHERE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    code: str
    severity: Severity
    limit: str  # id in the book
    relation: str
    remark: str


def judge_rate(seen: RateSeen, book: RuleBook) -> Finding | None:
    """Say whether a ventricular rate is outside the limits.

    Parameters
    ----------
    seen : RateSeen
        Mean ventricular rate over the recording in beats per minute, number of RR intervals behind
        it, whether atrial fibrillation is suspected, and what makes the rate doubtful.
    book : RuleBook
        Must hold ``rate.very_slow``, ``rate.slow_marked``, ``rate.slow``, ``rate.fast``,
        ``rate.fast_marked``, ``rate.very_fast``, ``rate.af_very_fast`` and ``rate.af_urgent``, all
        in bpm.

    Returns
    -------
    Finding or None
        The gravest statement that fits; None between the limits.

    Raises
    ------
    ValueError
        If the rate is NaN or not positive: what was not measured is not judged.
    BadRuleBook
        If the book lacks one of the limits.
    """
    if math.isnan(seen.bpm) or seen.bpm <= 0:
        raise ValueError(f"rate is {seen.bpm}; report 'not measurable' instead of judging it")
    printed = math.floor(seen.bpm + 0.5)
    verdict = _slow(printed, book, fibrillation=seen.fibrillation)
    if verdict is None:
        verdict = _fast_af(printed, book) if seen.fibrillation else _fast(printed, book)
    if verdict is None:
        return None
    limit = book[verdict.limit]
    against = f"{verdict.relation} {limit.value:g} {limit.unit}"
    source = f"[{limit.id}, certainty {limit.certainty}, {book.name}]"
    measured = f"ventricular rate {printed}/min (mean of {seen.intervals} RR intervals)"
    parts = [f"{measured} {against} {source}", verdict.remark]
    if seen.doubt:
        parts.append(seen.doubt)
    return Finding(verdict.code, verdict.severity, "; ".join(parts), limit.id, seen.place)


def _slow(printed: int, book: RuleBook, *, fibrillation: bool) -> _Verdict | None:
    below = "at or below"
    if printed <= book["rate.very_slow"].value:
        return _Verdict("EC021", Severity.CRITICAL, "rate.very_slow", below, ORIGIN)
    if printed <= book["rate.slow_marked"].value:
        if fibrillation:
            remark = "irregular without locked P waves: suspected fibrillation with slow response"
            return _Verdict("EC119", Severity.URGENT, "rate.slow_marked", below, remark)
        return _Verdict("EC114", Severity.URGENT, "rate.slow_marked", below, ORIGIN)
    if printed < book["rate.slow"].value and not fibrillation:
        return _Verdict("EC201", Severity.ABNORMAL, "rate.slow", "below", ORIGIN)
    return None


def _fast(printed: int, book: RuleBook) -> _Verdict | None:
    above = "at or above"
    if printed >= book["rate.very_fast"].value:
        return _Verdict("EC017", Severity.CRITICAL, "rate.very_fast", above, WIDTH)
    if printed >= book["rate.fast_marked"].value:
        remark = f"{ORIGIN}; {WIDTH_MARKED}"
        return _Verdict("EC115", Severity.URGENT, "rate.fast_marked", above, remark)
    if printed > book["rate.fast"].value:
        return _Verdict("EC202", Severity.ABNORMAL, "rate.fast", "above", ORIGIN)
    return None


def _fast_af(printed: int, book: RuleBook) -> _Verdict | None:
    remark = f"irregular without locked P waves: suspected atrial fibrillation; {WIDTH_AF}"
    above = "at or above"
    if printed >= book["rate.af_very_fast"].value:
        return _Verdict("EC019", Severity.CRITICAL, "rate.af_very_fast", above, remark)
    if printed >= book["rate.af_urgent"].value:
        return _Verdict("EC101", Severity.URGENT, "rate.af_urgent", above, remark)
    if printed > book["rate.fast"].value:
        return _Verdict("EC101", Severity.ABNORMAL, "rate.fast", "above", remark)
    return None
