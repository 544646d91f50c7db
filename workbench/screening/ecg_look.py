"""Everything seen in one recording before any rule is asked: leads, beats, rate, the usual beat."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.rulebook import RuleBook
from workbench.domain.trace import Trace
from workbench.ecg.atrial import p_locking
from workbench.ecg.beats import Beats, find_beats
from workbench.ecg.facts import AtrialFacts, Beat, PacingFacts
from workbench.ecg.filters import calm_leads, independent_leads
from workbench.ecg.lead_reversal import ReversalSeen, look_for_reversal
from workbench.ecg.quality import Fault, LeadFault
from workbench.ecg.quality_look import QualityLook, look_at_leads, look_with_beats
from workbench.ecg.rhythm import Rhythm, measure_rhythm, recording_gaps
from workbench.ecg.rhythm_facts import rhythm_facts
from workbench.ecg.second_beats import SecondLook, second_look
from workbench.rules.ecg_quality import quality_limits
from workbench.screening.ecg_beat import BeatLook, look_at_beat, no_beat

NOT_LOOKED = ReversalSeen(margins={}, reason="no averaged beat")


@dataclass(frozen=True, slots=True, eq=False)
class EcgLook:
    """All numbers of one recording."""

    quality: QualityLook
    leads: tuple[str, ...]  # the independent ones of them
    beats: Beats
    rhythm: Rhythm
    second: SecondLook
    locking: float
    stop: str  # why nothing may be judged; empty when it may
    doubt: str  # why the rate is uncertain
    beat: BeatLook
    kinds: tuple[Beat, ...]
    atria: AtrialFacts
    pacing: PacingFacts
    reversal: ReversalSeen = NOT_LOOKED

    @property
    def trace(self) -> Trace:
        """What was measured: faulty limb leads recomputed where algebra allows."""
        return self.quality.trace

    @property
    def faults(self) -> tuple[LeadFault, ...]:
        """What is wrong with single leads."""
        return self.quality.faults

    @property
    def usable(self) -> tuple[str, ...]:
        """Leads that no disabling fault forbids."""
        return self.quality.usable


def look_at(trace: Trace, book: RuleBook) -> EcgLook:
    """Measure one recording; what is wrong with it ends in `stop`, never in an exception."""
    quality, leads, beats, calm = _leads_and_beats(trace, book)
    trace = quality.trace
    rows = [trace.leads.index(name) for name in leads]
    recorded = np.asarray(np.isfinite(trace.millivolts[rows]).any(axis=0))
    gaps = recording_gaps(recorded, trace.rate)
    rhythm = measure_rhythm(beats.times_s, trace.seconds, gaps)
    second = second_look(trace, leads, calm)
    stop = _stop(trace, leads, beats, book)
    doubt = "" if stop else _doubt(rhythm, second, book)
    locking = p_locking(trace, beats.times_s, leads, calm)
    beat = (
        no_beat(stop) if stop else look_at_beat(trace, beats.times_s, leads, rhythm, quality.usable)
    )
    kinds, atria, pacing = rhythm_facts(trace, beats.times_s, beat.beat, leads, calm)
    seen = NOT_LOOKED
    if beat.beat is not None and beat.waves is not None:
        seen = look_for_reversal(beat.beat, beat.waves.marks_ms, _places(quality))
    return EcgLook(
        quality, leads, beats, rhythm, second, locking, stop, doubt, beat,
        kinds, atria, pacing, seen,
    )  # fmt: skip


def _leads_and_beats(
    trace: Trace, book: RuleBook
) -> tuple[QualityLook, tuple[str, ...], Beats, NDArray[np.float64]]:
    """Leads that may be measured, the beats of all of them together, and the leads made calm."""
    limits = quality_limits(book)
    first = look_at_leads(trace, limits)
    leads = _independent(first.trace, first.usable)
    calm = calm_leads(first.trace, leads)
    beats = find_beats(first.trace, leads, calm=calm)
    quality = look_with_beats(first, beats.times_s, limits)
    if quality is first:
        return quality, leads, beats, calm
    again = _independent(quality.trace, quality.usable)
    if again != leads:
        calm = calm_leads(quality.trace, again)
        beats = find_beats(quality.trace, again, calm=calm)
    return quality, again, beats, calm


def _places(quality: QualityLook) -> tuple[str, ...]:
    """Leads that may speak of exchanged electrodes: an electrode on a leg makes a flat one."""
    flat = {fault.lead for fault in quality.faults if fault.fault is Fault.FLAT}
    return tuple(n for n in quality.trace.leads if n in quality.usable or n in flat)


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
