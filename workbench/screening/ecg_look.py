"""Everything seen in one recording before any rule is asked: leads, beats, rate, the usual beat."""

from dataclasses import dataclass

import numpy as np

from workbench.domain.rulebook import RuleBook
from workbench.domain.trace import Trace
from workbench.ecg.atrial import p_locking
from workbench.ecg.beats import Beats, find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.facts import AtrialFacts, AtrialRhythm, Beat, PacingFacts, VentricularFacts
from workbench.ecg.filters import Bands, calm_leads, independent_leads_of
from workbench.ecg.lead_reversal import ReversalSeen, look_for_reversal
from workbench.ecg.quality import Fault, LeadFault
from workbench.ecg.quality_look import QualityLook, look_at_leads, look_with_beats
from workbench.ecg.rhythm import Rhythm, measure_rhythm, recording_gaps
from workbench.ecg.rhythm_facts import rhythm_facts
from workbench.ecg.second_beats import SecondLook, second_look
from workbench.ecg.ventricles import ventricular_facts
from workbench.rules.ecg_origin import RUNS, WITHOUT_BEATS
from workbench.rules.ecg_quality import quality_limits
from workbench.screening.ecg_beat import BeatLook, look_at_beat, no_beat

WITHOUT_P = frozenset({AtrialRhythm.FLUTTER, AtrialRhythm.DISSOCIATED_P, AtrialRhythm.NO_P})
NO_BEATS = "not measurable, because no QRS complex can be told from another"
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
    ventricles: VentricularFacts
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
    quality, leads, beats, bands = _leads_and_beats(trace, book)
    trace = quality.trace
    ventricles = ventricular_facts(bands, beats.clarity, beats.times_s)
    beats = _told(beats, ventricles, book)
    rows = [trace.leads.index(name) for name in leads]
    recorded = np.asarray(np.isfinite(trace.millivolts[rows]).any(axis=0))
    gaps = recording_gaps(recorded, trace.rate)
    rhythm = measure_rhythm(beats.times_s, trace.seconds, gaps)
    second = second_look(trace, leads, bands)
    stop = _stop(trace, leads, beats, book)
    if stop and _speaks(trace, leads, ventricles, book):
        stop = ""
    doubt = "" if stop else _doubt(rhythm, second, book)
    locking = p_locking(trace, beats.times_s, leads, bands)
    none = stop or (NO_BEATS if beats.times_s.size < 2 else "")
    usual = None if none else dominant_beat(trace, beats.times_s, leads)
    kinds, atria, pacing = rhythm_facts(trace, beats.times_s, usual, leads, bands)
    if ventricles.kind in RUNS and _alike(kinds, ventricles, trace.seconds, book):
        ventricles = VentricularFacts()
    told = (atria.rhythm, atria.evidence) if atria.rhythm in WITHOUT_P else ()
    why = "; ".join(part for part in told if part)
    beat = no_beat(none) if none else look_at_beat(trace, usual, rhythm, quality.usable, why)
    seen = NOT_LOOKED
    if beat.beat is not None and beat.waves is not None:
        seen = look_for_reversal(beat.beat, beat.waves.marks_ms, _places(quality))
    return EcgLook(
        quality, leads, beats, rhythm, second, locking, stop, doubt, beat,
        kinds, atria, pacing, ventricles, seen,
    )  # fmt: skip


def _told(beats: Beats, seen: VentricularFacts, book: RuleBook) -> Beats:
    """No beats where the ventricles make none; those of a part are kept when they stand out."""
    clear = beats.clarity >= book["gate.least_clarity"].value
    if seen.kind not in WITHOUT_BEATS or (seen.kind in RUNS and clear):
        return beats
    return Beats(np.empty(0), float("nan"), beats.leads)


def _alike(kinds: tuple[Beat, ...], seen: VentricularFacts, seconds: float, book: RuleBook) -> bool:
    """Whether beats of one shape were found where the ventricles seemed to make none."""
    first, last = seen.from_s or 0.0, seconds if seen.to_s is None else seen.to_s
    inside = [beat.shape == 0 for beat in kinds if first <= beat.at_s <= last]
    many = len(inside) >= book["shapes.beats"].value
    return many and float(np.mean(inside)) >= book["shapes.whole"].value


def _speaks(trace: Trace, leads: tuple[str, ...], seen: VentricularFacts, book: RuleBook) -> bool:
    """Whether the ventricles say something although no beat can be told."""
    long = trace.seconds >= book["gate.least_seconds"].value
    return bool(leads) and long and seen.kind in WITHOUT_BEATS


def _leads_and_beats(
    trace: Trace, book: RuleBook
) -> tuple[QualityLook, tuple[str, ...], Beats, Bands]:
    """Leads that may be measured, the beats of all of them together, and the leads made calm."""
    limits = quality_limits(book)
    first = look_at_leads(trace, limits)
    leads = _independent(first.trace, first.usable)
    bands = Bands(calm_leads(first.trace, leads))
    beats = find_beats(first.trace, leads, bands=bands)
    quality = look_with_beats(first, beats.times_s, limits)
    if quality is first:
        return quality, leads, beats, bands
    again = _independent(quality.trace, quality.usable)
    if again != leads:
        bands = Bands(calm_leads(quality.trace, again))
        beats = find_beats(quality.trace, again, bands=bands)
    return quality, again, beats, bands


def _places(quality: QualityLook) -> tuple[str, ...]:
    """Leads that may speak of exchanged electrodes: an electrode on a leg makes a flat one."""
    flat = {fault.lead for fault in quality.faults if fault.fault is Fault.FLAT}
    return tuple(n for n in quality.trace.leads if n in quality.usable or n in flat)


def _independent(trace: Trace, usable: tuple[str, ...]) -> tuple[str, ...]:
    """Independent leads among the usable: when I or II fails, another limb lead takes its place."""
    if not usable:
        return ()
    return independent_leads_of(usable, trace.derived) or usable


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
