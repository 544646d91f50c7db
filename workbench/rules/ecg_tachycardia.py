"""Fast hearts and hearts without beats: what comes from the ventricles, and what may."""

from itertools import groupby, pairwise

import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, Beat, BeatClass, EcgFacts, Ventricles
from workbench.rules.ecg_evidence import ABOVE, AT_LEAST, against, printed
from workbench.rules.ecg_origin import (
    fibrillates,
    has_beats,
    is_paced,
    is_regular,
    stretch,
    usual_qrs_ms,
    whole,
)

LEADS_FIRST = "check the electrodes and the patient at once"
KINDS = {
    Ventricles.FIBRILLATION: "EC011",
    Ventricles.FLUTTER: "EC012",
    Ventricles.TORSADES: "EC014",
    Ventricles.POLYMORPHIC: "EC015",
    Ventricles.SILENT: "EC025",
}


def judge_tachycardia(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Name ventricular and wide-QRS rhythms, and the silence of the ventricles.

    Parameters
    ----------
    facts : EcgFacts
        Ventricles, beats, atria, QRS width.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``vt.*``, ``wide.*``, ``svt.rate``, ``aivr.*`` and ``rate.very_fast``.

    Returns
    -------
    tuple of Finding
        EC011 to EC017, EC020, EC025, EC103, EC104 or EC233.
    """
    del context
    without = _without_beats(facts, book)
    if without or not has_beats(facts):
        return without
    for rule in (_bidirectional, _many_shapes, _wide, _narrow):
        found = rule(facts, book)
        if found:
            return found
    return _runs(facts, book)


def _without_beats(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    seen = facts.ventricles
    place: dict[str, float | str] = {
        "from_s": seen.from_s or 0.0,
        "to_s": facts.seconds if seen.to_s is None else seen.to_s,
    }
    if seen.kind is Ventricles.TACHYCARDIA and seen.rate_bpm is not None:
        limit = book["vt.rate"]
        if printed(seen.rate_bpm, limit.unit) < limit.value:
            return ()
        said = f"{against('ventricular rate', seen.rate_bpm, AT_LEAST, limit, book)}"
        text = f"{said}; {seen.evidence}"
        return (Finding("EC013", Severity.CRITICAL, text, limit.id, place),)
    code = KINDS.get(seen.kind)
    if code is None:
        return ()
    text = f"{seen.evidence}; {LEADS_FIRST}"
    return (Finding(code, Severity.CRITICAL, text, "ventricles", place),)


def _bidirectional(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """Two shapes by turns at even intervals, as fast as a tachycardia."""
    kinds = [b.shape for b in facts.beats if b.shape >= 0]
    limit, rate = book["vt.run_rate"], facts.rhythm.rate_bpm
    if len(kinds) < book["shapes.beats"].value or rate <= limit.value or is_paced(facts):
        return ()
    turns = np.mean([a != b for a, b in pairwise(kinds)])
    again = np.mean([a == b for a, b in zip(kinds, kinds[2:], strict=False)])
    others = [b.likeness for b in facts.beats if b.shape > 0 and b.likeness is not None]
    spread = facts.rhythm.spread
    even = bool(np.isfinite(spread)) and spread < 2 * book["rhythm.uneven"].value
    least = book["shapes.by_turns"].value
    if min(turns, again) < least or not others or not even:
        return ()
    if float(np.median(others)) > book["shapes.unlike"].value:
        return ()
    said = against("ventricular rate", rate, ABOVE, limit, book)
    text = f"two shapes of QRS by turns, likeness {np.median(others):.2f}; {said}"
    return (Finding("EC016", Severity.CRITICAL, text, limit.id, whole(facts)),)


def _many_shapes(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """Hardly two beats alike, fast and wide."""
    shapes = [b.shape for b in facts.beats if b.shape >= 0]
    rate, limit = facts.rhythm.rate_bpm, book["wide.rate"]
    if len(shapes) < book["shapes.beats"].value or rate < limit.value or is_paced(facts):
        return ()
    largest = max(shapes.count(s) for s in set(shapes)) / len(shapes)
    widths = [b.qrs_ms for b in facts.beats if b.qrs_ms is not None]
    wide = widths and float(np.median(widths)) >= book["wide.qrs"].value
    many = len(set(shapes)) >= book["shapes.many"].value
    if largest > book["shapes.largest"].value or not many or not wide:
        return ()
    said = against("ventricular rate", rate, AT_LEAST, limit, book)
    text = f"shapes of QRS: {len(set(shapes))} in {len(shapes)} beats; {said}"
    return (Finding("EC015", Severity.CRITICAL, text, limit.id, whole(facts)),)


def _wide(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """Wide QRS from end to end without a P that leads it."""
    width, limit = usual_qrs_ms(facts), book["wide.qrs"]
    if width is None or printed(width, limit.unit) < limit.value or is_paced(facts):
        return ()
    if facts.atria.rhythm in {AtrialRhythm.LOCKED_P, AtrialRhythm.DROPPED_P, AtrialRhythm.FLUTTER}:
        return ()
    usual = sum(b.shape == 0 for b in facts.beats) / max(len(facts.beats), 1)
    if (
        usual < book["shapes.whole"].value
        or fibrillates(facts, book)
        or not is_regular(facts, book)
    ):
        return ()
    rate = facts.rhythm.rate_bpm
    clauses = [against("QRS duration", width, AT_LEAST, limit, book)]
    if facts.atria.rhythm is AtrialRhythm.DISSOCIATED_P:
        clauses.append("P without relation to QRS")
    else:
        clauses.append("no P that leads QRS")
    return _named_wide(facts, book, clauses, width, rate)


def _named_wide(
    facts: EcgFacts, book: RuleBook, clauses: list[str], width: float, rate: float
) -> tuple[Finding, ...]:
    vt, broad, fast = book["vt.rate"], book["vt.qrs"], book["wide.rate"]
    ventricular = (
        printed(width, "ms") >= broad.value or facts.atria.rhythm is AtrialRhythm.DISSOCIATED_P
    )
    if printed(rate, "bpm") >= vt.value and ventricular:
        clauses += (
            [against("QRS duration", width, AT_LEAST, broad, book)] if width >= broad.value else []
        )
        clauses.append(against("ventricular rate", rate, AT_LEAST, vt, book))
        clauses.append(f"the whole recorded part, {facts.seconds:.1f} s")
        return (Finding("EC013", Severity.CRITICAL, "; ".join(clauses), vt.id, whole(facts)),)
    if printed(rate, "bpm") >= fast.value:
        clauses.append(against("ventricular rate", rate, AT_LEAST, fast, book))
        return (Finding("EC020", Severity.CRITICAL, "; ".join(clauses), fast.id, whole(facts)),)
    slow, most = book["aivr.slow"], book["aivr.fast"]
    if printed(rate, "bpm") > most.value:
        clauses.append(against("ventricular rate", rate, ABOVE, most, book))
        return (Finding("EC104", Severity.URGENT, "; ".join(clauses), most.id, whole(facts)),)
    slower = facts.atria.rate_bpm is None or facts.atria.rate_bpm <= book["aivr.atria"].value * rate
    if printed(rate, "bpm") >= slow.value and slower:
        clauses.append(against("ventricular rate", rate, AT_LEAST, slow, book))
        return (Finding("EC233", Severity.ABNORMAL, "; ".join(clauses), slow.id, whole(facts)),)
    return ()


def _narrow(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """A regular fast rhythm without a P that leads it."""
    width, rate = usual_qrs_ms(facts), facts.rhythm.rate_bpm
    limit, very = book["svt.rate"], book["rate.very_fast"]
    atria = facts.atria.rhythm
    leads = atria in {AtrialRhythm.LOCKED_P, AtrialRhythm.FLUTTER, AtrialRhythm.DROPPED_P}
    if printed(rate, "bpm") >= very.value and not fibrillates(facts, book):
        said = against("ventricular rate", rate, AT_LEAST, very, book)
        return (Finding("EC017", Severity.CRITICAL, said, very.id, whole(facts)),)
    narrow = width is not None and width < book["wide.qrs"].value
    if leads or not narrow or not is_regular(facts, book) or fibrillates(facts, book):
        return ()
    if printed(rate, "bpm") < limit.value:
        return ()
    said = against("ventricular rate", rate, AT_LEAST, limit, book)
    text = f"{said}; regular; no P that leads QRS"
    return (Finding("EC103", Severity.URGENT, text, limit.id, whole(facts)),)


def _runs(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """Three or more wide beats of another shape in a row."""
    least, limit = book["vt.run_beats"], book["vt.run_rate"]
    strange = {BeatClass.EARLY_WIDE, BeatClass.OTHER}
    longest: list[Beat] = []
    for other, group in groupby(facts.beats, key=lambda b: b.kind in strange and _broad(b, book)):
        beats = list(group)
        if other and len(beats) > len(longest):
            longest = beats
    if len(longest) < least.value:
        return ()
    first, last = longest[0].at_s, longest[-1].at_s
    rate = 60 * (len(longest) - 1) / (last - first)
    if rate <= limit.value:
        return ()
    clauses = [
        against("wide beats in a row", len(longest), AT_LEAST, least, book),
        against("their rate", rate, ABOVE, limit, book),
    ]
    place = stretch(first, last, facts, book)
    return (Finding("EC104", Severity.URGENT, "; ".join(clauses), limit.id, place),)


def _broad(beat: Beat, book: RuleBook) -> bool:
    return beat.qrs_ms is None or beat.qrs_ms >= book["wide.qrs"].value
