"""QTc against the limits, with what a wide QRS, a fast rate or fibrillation does to it."""

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook, Threshold
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_evidence import AT_LEAST, AT_MOST, against, finding, printed
from workbench.rules.ecg_origin import fibrillates
from workbench.rules.ecg_st import SEX_UNKNOWN
from workbench.rules.ecg_ventricles import is_wide


def judge_qt(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether QTc is long, very long or short.

    Fridericia decides; Bazett too, but only between 60 and 90/min. Where QRS is wide, half of its
    excess is taken off for all grades but the critical one, which stays with the uncorrected number
    as long as the corrected one is still markedly long.

    Parameters
    ----------
    facts : EcgFacts
        QTc by both formulas, QRS, QT, rate and atria.
    context : PatientContext
        Sex chooses the limit; unknown takes the most sensitive one.
    book : RuleBook
        Must hold ``qtc.*`` and ``rhythm.*``.

    Returns
    -------
    tuple of Finding
        One of EC026, EC110, EC226 and EC227, or nothing.

    References
    ----------
    .. [1] Rautaharju PM et al. AHA/ACCF/HRS recommendations, part IV. Circulation 2009;119:e241.
    """
    qtc, formula = _judged(facts, book)
    if qtc is None or runs_into_next(facts, book):
        return _hidden_end(facts, book) if qtc is not None else ()
    less, remarks = _excess(facts, book)
    remarks = (*remarks, *_fibrillation(facts, book))
    raw, corrected = printed(qtc, "ms"), printed(qtc - less, "ms")
    critical, marked = book["qtc.critical"], book["qtc.marked"]
    women = context.sex == "F"
    long = book["qtc.long_women" if women else "qtc.long_men"]
    what = f"QTc by {formula}"
    if raw >= critical.value and corrected >= marked.value:
        return (_said("EC026", Severity.CRITICAL, (what, raw, critical), remarks, book),)
    what = f"QTc by {formula}, less half of the excess of QRS" if less else what
    if corrected >= marked.value:
        remarks = (*remarks, "ask for drugs and electrolytes")
        return (_said("EC110", Severity.URGENT, (what, corrected, marked), remarks, book),)
    if corrected >= long.value:
        sex = () if context.sex in {"M", "F"} else (SEX_UNKNOWN,)
        return (_said("EC226", Severity.ABNORMAL, (what, corrected, long), (*remarks, *sex), book),)
    return _short((what, raw), remarks, book)


def _short(
    seen: tuple[str, float], remarks: tuple[str, ...], book: RuleBook
) -> tuple[Finding, ...]:
    what, raw = seen
    short, very = book["qtc.short"], book["qtc.very_short"]
    if raw > short.value:
        return ()
    if raw <= very.value:
        remarks = (*remarks, against("short-QT syndrome possible", raw, AT_MOST, very, book))
    clause = against(what, raw, AT_MOST, short, book)
    found = finding(
        "EC227", Severity.ABNORMAL, [clause, *remarks], short.id, leads=("II", "V5"), mark="t"
    )
    return (found,)


def _hidden_end(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """The next P hides the end of T: what the peaks of T alone prove of a long QT."""
    least, after, qrs = book["qtc.peak_mv"], book["qtc.after_peak"], facts.number("qrs_ms")
    peaks = [
        wave.t_peak_ms for wave in facts.leads.values()
        if wave.t_peak_ms is not None
        and max(abs(wave.t_max_mv or 0.0), abs(wave.t_min_mv or 0.0)) >= least.value
    ]  # fmt: skip
    rate = facts.rhythm.rate_bpm
    narrow = qrs is not None and qrs < book["qrs.wide"].value
    if len(peaks) < book["qtc.peaks"].value or not narrow or not rate > 0:
        return ()
    peak = float(np.median(peaks))
    bound = (peak + after.value) / float(np.cbrt(60 / rate))
    critical, marked = book["qtc.critical"], book["qtc.marked"]
    reached = critical if printed(bound, "ms") >= critical.value else marked
    if printed(bound, "ms") < marked.value:
        return ()
    code, grade = (
        ("EC026", Severity.CRITICAL) if reached is critical else ("EC110", Severity.URGENT)
    )
    what = "QTc by Fridericia, lower bound"
    remarks = (f"the next P hides the end of T; T peaks {peak:.0f} ms after QRS begins",)
    return (_said(code, grade, (what, bound, reached), remarks, book),)


def runs_into_next(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether T seems to last until the next beat, so that its end is not known.

    Parameters
    ----------
    facts : EcgFacts
        QT and the rate.
    book : RuleBook
        Must hold ``qtc.of_rr`` and ``qtc.of_rr_no_p``.

    Returns
    -------
    bool
        True when QT takes a larger share of RR than any T wave does.
    """
    qt, rate = facts.number("qt_ms"), facts.rhythm.rate_bpm
    if qt is None or not rate > 0:
        return False
    most = book["qtc.of_rr" if facts.number("pr_ms") is not None else "qtc.of_rr_no_p"]
    return qt > most.value * 60 * 1000 / rate


def _judged(facts: EcgFacts, book: RuleBook) -> tuple[float | None, str]:
    """The longer of both formulas where Bazett may be used."""
    fridericia, bazett = facts.number("qtc_fridericia_ms"), facts.number("qtc_bazett_ms")
    rate = facts.rhythm.rate_bpm
    usual = book["qtc.bazett_from"].value <= rate <= book["qtc.bazett_to"].value
    if bazett is not None and usual and (fridericia is None or _critical(bazett, book)):
        return bazett, "Bazett"
    return fridericia, "Fridericia"


def _critical(qtc: float, book: RuleBook) -> bool:
    return printed(qtc, "ms") >= book["qtc.critical"].value


def _excess(facts: EcgFacts, book: RuleBook) -> tuple[float, tuple[str, ...]]:
    qrs, usual = facts.number("qrs_ms"), book["qtc.usual_qrs"]
    wide = qrs is not None and (is_wide(facts, book) or qrs >= book["qrs.wide"].value)
    if not wide or qrs is None or qrs <= usual.value:
        return 0.0, ()
    less = book["qtc.qrs_share"].value * (qrs - usual.value)
    return less, (f"QRS {qrs:.0f} ms lengthens QT by about {less:.0f} ms",)


def _fibrillation(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    few = len(facts.beats) < book["qtc.af_beats"].value
    if few and fibrillates(facts, book):
        return (f"fibrillation with {len(facts.beats)} beats: QTc uncertain, measure more beats",)
    return ()


def _said(
    code: str,
    severity: Severity,
    number: tuple[str, float, Threshold],
    remarks: tuple[str, ...],
    book: RuleBook,
) -> Finding:
    what, value, limit = number
    clause = against(what, value, AT_LEAST, limit, book)
    return finding(code, severity, [clause, *remarks], limit.id, leads=("II", "V5"), mark="t")
