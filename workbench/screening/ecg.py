"""Screens one ECG; says what it could not judge."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Gate, Measurement, Screening, Severity
from workbench.domain.rulebook import RuleBook
from workbench.domain.trace import LEADS, Trace
from workbench.ecg.atrial import p_locking
from workbench.ecg.beats import Beats, find_beats
from workbench.ecg.filters import independent_leads
from workbench.ecg.quality import (
    Fault,
    LeadFault,
    QualityLimits,
    check_leads,
    usable_leads,
)
from workbench.ecg.rhythm import Rhythm, is_irregular, measure_rhythm, recording_gaps
from workbench.ecg.second_beats import SecondLook, second_look
from workbench.rules.ecg_book import EcgBooks
from workbench.rules.ecg_pause import judge_pause
from workbench.rules.ecg_rate import RateSeen, judge_rate
from workbench.rules.ecg_rhythm import suspect_fibrillation
from workbench.screening.ecg_beat import BeatLook, beat_measurements, look_at_beat, no_beat

NAME, VERSION = "ecg", "2.0.0"
GRAVITY = list(Severity)
MISSING_LEAD, NOISE, UNINTERPRETABLE = "EC903", "EC904", "EC905"


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """All numbers of one recording."""

    faults: tuple[LeadFault, ...]
    leads: tuple[str, ...]
    beats: Beats
    rhythm: Rhythm
    second: SecondLook
    locking: float
    stop: str  # why nothing may be judged; empty when it may
    doubt: str  # why the rate is uncertain
    beat: BeatLook


def screen_trace(trace: Trace, context: PatientContext, books: EcgBooks, digest: str) -> Screening:
    """Screen one recording; never raises for what is wrong with the recording itself."""
    return screen_and_average(trace, context, books, digest)[0]


def screen_and_average(
    trace: Trace, context: PatientContext, books: EcgBooks, digest: str
) -> tuple[Screening, BeatLook]:
    """Screen one recording, and hand on the averaged beat that was measured."""
    started = perf_counter()
    book = books.for_profile(context.profile)
    seen = _look(trace, book)
    child = context.age_years is not None and context.age_years < book["age.adult_from"].value
    reason = seen.stop
    if child and not reason:
        reason = (
            f"not assessed: no paediatric rulebook (age {context.age_years:g} is under"
            f" {book['age.adult_from'].value:g})"
        )
    findings = () if reason else _judge(seen, trace, context, book)
    worst = min((f.severity for f in findings), key=GRAVITY.index, default=None)
    said = Screening(
        screener=NAME,
        version=VERSION,
        rulebook=book.name,
        digest=digest,
        modality="ECG",
        assessed=not reason,
        reason=reason,
        gate=_gate(seen, context),
        grade=None if worst is None else str(worst),
        quality=_quality(seen),
        measurements=(*_measurements(seen, book), *beat_measurements(seen.beat, trace.leads)),
        beats_s=() if seen.stop else tuple(round(float(t), 3) for t in seen.beats.times_s),
        findings=findings,
        elapsed_ms=round(1000 * (perf_counter() - started), 1),
    )
    return said, seen.beat


def _limits(book: RuleBook) -> QualityLimits:
    return QualityLimits(
        flat_range_mv=book["quality.flat_range"].value,
        flat_s=book["quality.flat_seconds"].value,
        rail_share=book["quality.rail_share"].value / 100,
        gap_share=book["quality.gap_share"].value / 100,
        wander_mv=book["quality.wander"].value,
        muscle_mv=book["quality.muscle"].value,
        mains_mv=book["quality.mains"].value,
    )


def _look(trace: Trace, book: RuleBook) -> _Seen:
    faults = check_leads(trace, LEADS, _limits(book))
    usable = usable_leads(trace, faults)
    leads = _independent(trace, usable)
    beats = find_beats(trace, leads)
    rows = [trace.leads.index(name) for name in leads]
    recorded = np.asarray(np.isfinite(trace.millivolts[rows]).any(axis=0))
    gaps = recording_gaps(recorded, trace.rate)
    rhythm = measure_rhythm(beats.times_s, trace.seconds, gaps)
    second = second_look(trace, leads)
    stop = _stop(trace, leads, beats, book)
    doubt = "" if stop else _doubt(rhythm, second, book)
    locking = p_locking(trace, beats.times_s, leads)
    beat = no_beat(stop) if stop else look_at_beat(trace, beats.times_s, leads, rhythm)
    return _Seen(faults, leads, beats, rhythm, second, locking, stop, doubt, beat)


def _independent(trace: Trace, usable: tuple[str, ...]) -> tuple[str, ...]:
    """Independent leads among the usable: when I or II fails, another limb lead takes its place."""
    if not usable:
        return ()
    rows = [trace.leads.index(name) for name in usable]
    kept = Trace(trace.millivolts[rows], trace.rate, usable, trace.derived)
    return independent_leads(kept) or usable


def _stop(trace: Trace, leads: tuple[str, ...], beats: Beats, book: RuleBook) -> str:
    least = book["gate.least_seconds"]
    if trace.seconds < least.value:
        return (
            f"not assessed: {trace.seconds:.1f} s recorded, at least {least.value:g} s are needed"
            f" [{least.id}]; record again"
        )
    if not leads:
        return "not assessed: no lead can be measured; check the electrodes and record again"
    if beats.times_s.size < 2:
        return (
            f"not assessed: {beats.times_s.size} QRS complexes found in {trace.seconds:.1f} s;"
            " asystole, very slow rhythm and loose electrodes are not told apart: look at once"
        )
    clear = book["gate.least_clarity"]
    if not beats.clarity >= clear.value:
        return (
            f"not assessed: QRS stand out {beats.clarity:.2f} times over what lies between them,"
            f" at least {clear.value:g} is needed [{clear.id}]; ventricular fibrillation and noise"
            " are not told apart: look at once"
        )
    return ""


def _doubt(rhythm: Rhythm, second: SecondLook, book: RuleBook) -> str:
    limit = book["rate.disagreement"]
    if np.isnan(rhythm.rate_bpm):
        return ""
    if np.isnan(second.rate_bpm):
        return "rate uncertain: the second detector found no rate; count by hand"
    apart = 100 * abs(second.rate_bpm - rhythm.rate_bpm) / rhythm.rate_bpm
    if apart <= limit.value:
        return ""
    return (
        f"rate uncertain: {rhythm.rate_bpm:.0f}/min from all leads together,"
        f" {second.rate_bpm:.0f}/min from single leads, {apart:.0f} % apart, more than"
        f" {limit.value:g} % [{limit.id}]; count by hand"
    )


def _judge(
    seen: _Seen, trace: Trace, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    suspect = suspect_fibrillation(seen.rhythm, seen.locking, book)
    place = {"from_s": 0.0, "to_s": round(trace.seconds, 3)}
    if not np.isnan(seen.rhythm.rate_bpm):
        count = seen.rhythm.rr_s.size
        rates = [seen.rhythm.rate_bpm, *([seen.second.rate_bpm] if seen.doubt else [])]
        judged = [
            judge_rate(RateSeen(rate, count, suspect is not None, seen.doubt, place), book)
            for rate in rates
            if rate > 0
        ]
        # while two detectors disagree the graver of both answers is shown, with the doubt
        graver = sorted((f for f in judged if f), key=lambda f: GRAVITY.index(f.severity))
        found += graver[:1]
    if seen.rhythm.longest is not None:
        usual = float(np.median(seen.rhythm.rr_s)) if seen.rhythm.rr_s.size else float("nan")
        pause = judge_pause(
            seen.rhythm.longest, usual, context, book, fibrillation=suspect is not None
        )
        found += [pause] if pause else []
    found += [suspect] if suspect else []
    return tuple(sorted(found, key=lambda f: GRAVITY.index(f.severity)))


def _gate(seen: _Seen, context: PatientContext) -> Gate:
    codes = [f.code for f in _quality(seen)]
    notes = [n for n in (seen.stop, seen.doubt) if n]
    if context.age_years is None:
        notes.append("age unknown: adult limits applied")
    return Gate(not seen.stop, tuple(dict.fromkeys(codes)), tuple(notes))


def _quality(seen: _Seen) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for code, kinds in (
        (MISSING_LEAD, {Fault.MISSING, Fault.FLAT, Fault.GAPS, Fault.SATURATED}),
        (NOISE, {Fault.WANDER, Fault.MUSCLE, Fault.MAINS}),
    ):
        faults = [fault for fault in seen.faults if fault.fault in kinds]
        if faults:
            says = "; ".join(fault.says() for fault in faults)
            leads = ", ".join(dict.fromkeys(fault.lead for fault in faults))
            found.append(Finding(code, Severity.TECHNICAL, says, place={"leads": leads}))
    if seen.stop:
        found.append(Finding(UNINTERPRETABLE, Severity.TECHNICAL, seen.stop))
    return tuple(found)


def _measurements(seen: _Seen, book: RuleBook) -> tuple[Measurement, ...]:
    rhythm, lead_list = seen.rhythm, ", ".join(seen.leads)
    by_all = f"60 over mean RR, summed slope of {lead_list or 'no lead'}"
    irregular = is_irregular(rhythm, book["rhythm.irregular"].value)
    longest = rhythm.longest
    where = "" if longest is None else f"{longest.from_s:.2f} to {longest.to_s:.2f} s"
    cut = "at least: the strip begins or ends inside it" if longest and longest.at_least else ""
    mean_ms = 1000 * float(rhythm.rr_s.mean()) if rhythm.rr_s.size else float("nan")
    fast = "not measurable, because fewer than 4 beats have room for a P wave before them"
    half = abs(seen.second.rate_bpm - rhythm.rate_bpm) / 2 if seen.doubt else None
    rows = [
        _number("heart_rate_bpm", rhythm.rate_bpm, "bpm", by_all, rhythm.rate_reason),
        _number(
            "heart_rate_second_bpm", seen.second.rate_bpm, "bpm",
            "median of single leads, energy of the slope",
            "not measurable, because no single lead gave a rate",
        ),
        _number("rr_mean_ms", mean_ms, "ms", by_all, rhythm.rate_reason),
        _number(
            "rr_variation", rhythm.variation, "1",
            "median difference of neighbouring RR over mean RR", rhythm.variation_reason,
        ),
        _number("rr_spread", rhythm.spread, "1", "standard deviation of RR over mean RR",
                rhythm.variation_reason),
        _number(
            "rhythm_irregular", float("nan") if irregular is None else float(irregular), "1",
            f"1 when rr_variation exceeds {book['rhythm.irregular'].value:g}",
            rhythm.variation_reason,
        ),
        _number("p_locking", seen.locking, "1", "likeness of the stretch before each QRS", fast),
        Measurement(
            "longest_rr_s", None if longest is None else round(longest.seconds, 3), "s",
            "longest recorded stretch without QRS", where, rhythm.longest_reason or cut,
        ),
    ]  # fmt: skip
    if seen.stop:
        return tuple(Measurement(m.name, None, m.unit, m.method, "", seen.stop) for m in rows)
    if seen.doubt:
        first = rows[0]
        rows[0] = Measurement(
            first.name, first.value, first.unit, first.method, first.place, seen.doubt, half
        )
    return tuple(rows)


def _number(name: str, value: float, unit: str, method: str, reason: str) -> Measurement:
    if np.isnan(value):
        return Measurement(name, None, unit, method, "", reason)
    return Measurement(name, round(value, 3), unit, method)
