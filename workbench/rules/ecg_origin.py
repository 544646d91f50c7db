"""Where a rhythm comes from, as far as the facts tell: what the rules of rhythm share."""

import numpy as np

from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, BeatClass, EcgFacts, Ventricles

WITHOUT_BEATS = frozenset({
    Ventricles.FIBRILLATION, Ventricles.FLUTTER, Ventricles.TORSADES, Ventricles.POLYMORPHIC,
    Ventricles.TACHYCARDIA, Ventricles.SILENT,
})  # fmt: skip

RUNS = frozenset({Ventricles.TORSADES, Ventricles.POLYMORPHIC})  # may be a part of the recording


def stretch(first: float, last: float, facts: EcgFacts, book: RuleBook) -> dict[str, float | str]:
    """Give the part of the recording to look at, with some room on both sides.

    Parameters
    ----------
    first, last : float
        Where what is meant begins and ends (s).
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``place.margin`` in s.

    Returns
    -------
    dict of str to float or str
        ``from_s`` and ``to_s`` inside the recording.
    """
    margin = book["place.margin"].value
    return {
        "from_s": round(max(0.0, first - margin), 3),
        "to_s": round(min(facts.seconds, last + margin), 3),
    }


def is_paced(facts: EcgFacts) -> bool:
    """Say whether stimuli drive the ventricles in half of the beats or more.

    Parameters
    ----------
    facts : EcgFacts
        The recording.

    Returns
    -------
    bool
        Atrial pacing with conducted beats is no reason to leave a rule out.
    """
    paced = sum(beat.kind is BeatClass.PACED for beat in facts.beats)
    return paced > 0 and 2 * paced >= len(facts.beats)


def has_beats(facts: EcgFacts) -> bool:
    """Say whether there are QRS complexes to judge.

    Parameters
    ----------
    facts : EcgFacts
        The recording.

    Returns
    -------
    bool
        False in fibrillation, flutter of the ventricles, torsades and silence.
    """
    return facts.ventricles.kind not in WITHOUT_BEATS and not np.isnan(facts.rhythm.rate_bpm)


def fibrillates(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether no two intervals are alike and nothing precedes QRS.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``rhythm.irregular``, ``rhythm.uneven``, ``rhythm.spread`` and
        ``rhythm.beyond_sinus``.

    Returns
    -------
    bool
        False while the ventricles are paced: what the atria do is then another question.
    """
    rhythm = facts.rhythm
    if is_paced(facts) or not has_beats(facts) or np.isnan(rhythm.variation):
        return False
    irregular = rhythm.variation > book["rhythm.irregular"].value
    if facts.atria.rhythm is AtrialRhythm.UNKNOWN:  # P before some of the beats only
        return irregular
    if facts.atria.rhythm is not AtrialRhythm.NO_P:
        # so fast, the end of T or the beginning of QRS itself stands where a P would be
        fast = rhythm.rate_bpm >= book["rhythm.beyond_sinus"].value
        return irregular and fast and facts.atria.rhythm is not AtrialRhythm.FLUTTER
    if irregular:
        return True
    uneven = rhythm.variation > book["rhythm.uneven"].value
    return uneven and rhythm.spread > book["rhythm.spread"].value


def usual_qrs_ms(facts: EcgFacts) -> float | None:
    """Give the width of the usual QRS.

    Parameters
    ----------
    facts : EcgFacts
        The recording.

    Returns
    -------
    float or None
        In ms: of the averaged beat, else of the usual beats one by one.
    """
    whole = facts.number("qrs_ms")
    if whole is not None:
        return whole
    widths = [b.qrs_ms for b in facts.beats if b.shape == 0 and b.qrs_ms is not None]
    return float(np.median(widths)) if widths else None


def is_regular(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether neighbouring intervals are alike.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``rhythm.uneven``.

    Returns
    -------
    bool
        Also True with so few beats that nothing can be said against it.
    """
    variation = facts.rhythm.variation
    return bool(np.isnan(variation) or variation <= book["rhythm.uneven"].value)


def whole(facts: EcgFacts) -> dict[str, float | str]:
    """Give the whole recording as the place to look at.

    Parameters
    ----------
    facts : EcgFacts
        The recording.

    Returns
    -------
    dict
        ``from_s`` and ``to_s``.
    """
    return {"from_s": 0.0, "to_s": round(facts.seconds, 3)}
