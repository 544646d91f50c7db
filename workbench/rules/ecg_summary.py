"""What the statements come to: normal, nearly normal, and the risk grade of four levels."""

from collections.abc import Sequence

from workbench.domain.finding import Finding, Severity
from workbench.domain.trace import LEADS
from workbench.ecg.facts import AtrialRhythm, BeatClass, EcgFacts

GRADES = (Severity.CRITICAL, Severity.URGENT, Severity.ABNORMAL, Severity.NORMAL)
SINUS, ARRHYTHMIA, NORMAL, NEARLY = "EC303", "EC304", "EC301", "EC302"
UNREADABLE = "EC905"
# Rhythms beside which nothing is called sinus.
OTHER_RHYTHMS = frozenset({
    "EC011", "EC012", "EC013", "EC014", "EC015", "EC016", "EC017", "EC018", "EC019", "EC020",
    "EC022", "EC025", "EC101", "EC102", "EC103", "EC107", "EC119", "EC206", "EC231", "EC232",
    "EC233",
})  # fmt: skip
# Statements that alone, or together, still make a tracing nearly normal.
SLIGHT = frozenset({
    "EC201", "EC203", "EC205", "EC210", "EC216", "EC217", "EC218", "EC227", "EC228", "EC230",
    "EC304", "EC305",
})  # fmt: skip


def summarise(found: Sequence[Finding], facts: EcgFacts) -> tuple[Finding, ...]:
    """Add sinus rhythm, normal or nearly normal where statements and recording allow it.

    Parameters
    ----------
    found : sequence of Finding
        All other statements.
    facts : EcgFacts
        The recording: normal is said only when sinus P waves were seen, all twelve leads were
        measured, intervals are known, and nothing speaks against the recording.

    Returns
    -------
    tuple of Finding
        EC303 where P is locked to QRS and no other rhythm is named, and one of EC301 and EC302, or
        nothing.
    """
    return (*_sinus(found, facts), *_normal(found, facts))


def _sinus(found: Sequence[Finding], facts: EcgFacts) -> tuple[Finding, ...]:
    named = {f.code for f in found} & {*OTHER_RHYTHMS, SINUS}
    if named or facts.atria.rhythm is not AtrialRhythm.LOCKED_P:
        return ()
    upright = facts.leads["II"].p_max_mv if "II" in facts.leads else None
    under = facts.leads["II"].p_min_mv if "II" in facts.leads else None
    if upright is None or under is None or upright <= -under:
        return ()
    said = "P upright in II and locked to QRS"
    return (Finding(SINUS, Severity.NORMAL, said, "summary", {"leads": "II", "mark": "p"}),)


def _normal(found: Sequence[Finding], facts: EcgFacts) -> tuple[Finding, ...]:
    if {f.code for f in found} & {NORMAL, NEARLY} or facts.technical or facts.rate_doubt:
        return ()
    usual = all(beat.kind is BeatClass.USUAL for beat in facts.beats)
    sinus = facts.atria.rhythm is AtrialRhythm.LOCKED_P
    if not (sinus and usual and facts.calibrated):
        return ()
    whole = all(lead in facts.leads for lead in LEADS)
    measured = all(facts.number(n) is not None for n in ("pr_ms", "qrs_ms", "qtc_fridericia_ms"))
    if not whole or not measured:
        return ()
    beyond = {f.code for f in found if f.severity is not Severity.NORMAL or f.code in SLIGHT}
    if not beyond:
        said = "sinus P waves, intervals, axis, amplitudes, ST and T within the limits"
        return (Finding(NORMAL, Severity.NORMAL, said, "summary"),)
    if beyond <= SLIGHT:
        said = f"only slight deviations: {', '.join(sorted(beyond))}"
        return (Finding(NEARLY, Severity.NORMAL, said, "summary"),)
    return ()


def risk_grade(found: Sequence[Finding]) -> Severity | None:
    """Grade a tracing by its gravest statement.

    Parameters
    ----------
    found : sequence of Finding
        Statements of `judge_ecg`.

    Returns
    -------
    Severity or None
        One of `GRADES`: critical, urgent, abnormal, normal. None when nothing was said of the
        patient, or when the tracing is called unreadable and nothing grave was seen in it.
    """
    there = {f.severity for f in found}
    worst = next((grade for grade in GRADES if grade in there), None)
    unreadable = any(f.code == UNREADABLE for f in found)
    return None if unreadable and worst not in GRADES[:2] else worst
