"""Screens one ECG; says what it could not judge."""

from collections.abc import Iterable
from time import perf_counter

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Gate, Screening
from workbench.domain.trace import Trace
from workbench.rules.ecg_book import EcgBooks
from workbench.rules.ecg_origin import WITHOUT_BEATS
from workbench.rules.ecg_qt import runs_into_next
from workbench.rules.ecg_quality import judge_quality
from workbench.rules.ecg_reversal import judge_reversal
from workbench.rules.ecg_st import SEX_UNKNOWN
from workbench.rules.ecg_statements import judge_ecg
from workbench.rules.ecg_summary import risk_grade
from workbench.rules.ecg_tachycardia import LEADS_FIRST
from workbench.screening.ecg_beat import BeatLook, beat_measurements, without_qt
from workbench.screening.ecg_facts import facts_of, waves_of
from workbench.screening.ecg_look import EcgLook, look_at
from workbench.screening.ecg_numbers import rhythm_measurements
from workbench.screening.second_opinions import OpinionStatus, ask

NAME, VERSION = "ecg", "2.0.0"
AGE_STATED = "age as stated by the device: no birth date is known"


def screen_trace(trace: Trace, context: PatientContext, books: EcgBooks, digest: str) -> Screening:
    """Screen one recording; never raises for what is wrong with the recording itself."""
    return screen_and_average(trace, context, books, digest)[0]


def screen_and_average(
    trace: Trace,
    context: PatientContext,
    books: EcgBooks,
    digest: str,
    opinions: Iterable[OpinionStatus] = (),
) -> tuple[Screening, BeatLook]:
    """Screen one recording, and hand on the averaged beat that was measured."""
    started = perf_counter()
    book = books.for_profile(context.profile)
    seen = look_at(trace, book)
    child = context.age_years is not None and context.age_years < book["age.adult_from"].value
    reason = seen.stop
    if child and not reason:
        reason = (
            f"not assessed: no paediatric rulebook (age {context.age_years:g} is under"
            f" {book['age.adult_from'].value:g})"
        )
        if seen.ventricles.kind in WITHOUT_BEATS:  # no rule of adults: it has no age
            reason += f"; {seen.ventricles.evidence}; {LEADS_FIRST}"
    waves = waves_of(seen)
    quality = (
        *judge_quality(seen.quality, seen.stop, book),
        *judge_reversal(seen.reversal, waves, book),
    )
    findings: tuple[Finding, ...] = ()
    facts = facts_of(seen, waves, frozenset(f.code for f in quality))
    if not reason:
        findings = judge_ecg(facts, context, book)
    numbers = beat_measurements(seen.beat, trace.leads)
    if runs_into_next(facts, book):
        numbers = without_qt(numbers)
    checks: tuple[str, ...] = ()
    if not seen.stop:
        known = {m.name: m.value for m in numbers}
        checks = ask(trace, (seen.leads, seen.beats.times_s, known), findings, book, opinions)
    worst = risk_grade((*findings, *quality))
    said = Screening(
        screener=NAME,
        version=VERSION,
        rulebook=book.name,
        digest=digest,
        modality="ECG",
        assessed=not reason,
        reason=reason,
        gate=_gate(seen, quality, context, checks),
        grade=None if worst is None else str(worst),
        quality=quality,
        measurements=(*rhythm_measurements(seen, book), *numbers),
        beats_s=() if seen.stop else tuple(round(float(t), 3) for t in seen.beats.times_s),
        findings=findings,
        elapsed_ms=round(1000 * (perf_counter() - started), 1),
    )
    return said, seen.beat


def _gate(
    seen: EcgLook, quality: tuple[Finding, ...], context: PatientContext, checks: tuple[str, ...]
) -> Gate:
    codes = [f.code for f in quality]
    notes = [n for n in (seen.stop, seen.doubt, *checks) if n]
    if context.age_years is None:
        notes.append("age unknown: adult limits applied")
    elif context.age_by_device:
        notes.append(AGE_STATED)
    if context.sex not in {"M", "F"}:
        notes.append(SEX_UNKNOWN)
    if context.prior is not None:
        notes.append(f"compared with the prior tracing of {context.prior.told}")
    return Gate(not seen.stop, tuple(dict.fromkeys(codes)), tuple(notes))
