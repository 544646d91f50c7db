"""The longest stretch without a beat against the limits, with what is known of symptoms."""

import math

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.rhythm import Silence


def judge_pause(
    longest: Silence,
    usual_rr_s: float,
    context: PatientContext,
    book: RuleBook,
    *,
    fibrillation: bool = False,
) -> Finding | None:
    """Say whether the longest RR interval, or the silence at an end of the strip, is a long pause.

    Parameters
    ----------
    longest : Silence
        Longest recorded stretch without a beat.
    usual_rr_s : float
        Median RR (s); NaN when there is none.
    context : PatientContext
        Syncope decides: known absent is symptom-free, unknown is treated as present.
    book : RuleBook
        Must hold ``pause.critical``, ``pause.critical_always``, ``pause.urgent`` (s) and
        ``pause.over_usual`` (no unit).
    fibrillation : bool, optional
        Whether atrial fibrillation is suspected, which changes the name of an urgent pause.

    Returns
    -------
    Finding or None
        EC024 when critical, EC108 or EC119 when urgent.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.
    """
    seconds = longest.seconds + book["pause.rounding"].value
    always, symptomatic = book["pause.critical_always"], book["pause.critical"]
    urgent, ratio = book["pause.urgent"], book["pause.over_usual"]
    symptom_free = context.syncope is Known.NO
    symptoms = {
        Known.YES: "syncope reported",
        Known.NO: "no syncope reported",
        Known.UNKNOWN: "syncope unknown, so the more careful grade is taken",
    }[context.syncope]
    if seconds >= always.value:
        code, severity, limit = "EC024", Severity.CRITICAL, always
    elif seconds >= symptomatic.value and not symptom_free:
        code, severity, limit = "EC024", Severity.CRITICAL, symptomatic
    elif seconds >= symptomatic.value:
        code, severity, limit = (
            _urgent_code(fibrillation=fibrillation),
            Severity.URGENT,
            symptomatic,
        )
    elif seconds >= urgent.value and _stands_out(seconds, usual_rr_s, ratio.value):
        code, severity, limit = _urgent_code(fibrillation=fibrillation), Severity.URGENT, urgent
    else:
        return None
    size = f"{'at least ' if longest.at_least else ''}{longest.seconds:.2f} s"
    cut = " (the strip begins or ends inside it)" if longest.at_least else ""
    evidence = (
        f"no QRS for {size}{cut}, at or above {limit.value:g} {limit.unit}"
        f" [{limit.id}, certainty {limit.certainty}, {book.name}]; {symptoms};"
        " P waves inside the pause not assessed"
    )
    place = {"from_s": round(longest.from_s, 3), "to_s": round(longest.to_s, 3)}
    return Finding(code, severity, evidence, limit.id, place)


def _urgent_code(*, fibrillation: bool) -> str:
    return "EC119" if fibrillation else "EC108"


def _stands_out(seconds: float, usual_rr_s: float, ratio: float) -> bool:
    return math.isnan(usual_rr_s) or seconds >= ratio * usual_rr_s
