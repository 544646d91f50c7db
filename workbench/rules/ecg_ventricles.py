"""How the ventricles of the usual beat are excited: decides which rules of ST may be asked at all.

Form is judged without a width here; `excitation` puts width and form together.
"""

from enum import StrEnum
from statistics import median

from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, BeatClass, EcgFacts
from workbench.rules.ecg_evidence import depth, height, net, printed, size, waves_of


class Excitation(StrEnum):
    """Conduction of the usual beat."""

    USUAL = "usual"
    RIGHT_BLOCK = "right bundle branch block"
    RIGHT_INCOMPLETE = "incomplete right bundle branch block"
    LEFT_BLOCK = "left bundle branch block"
    SLOW = "slow without the form of a block"
    PREEXCITED = "pre-excited"
    PACED = "paced"
    UNKNOWN = "not measurable"


def excitation(facts: EcgFacts, book: RuleBook) -> Excitation:
    """Say how the ventricles are excited.

    Parameters
    ----------
    facts : EcgFacts
        QRS duration, PR, waves of the leads and stimuli.
    book : RuleBook
        Must hold ``qrs.*``, ``pr.short`` and ``delta.*``.

    Returns
    -------
    Excitation
        `PACED` before everything else; then pre-excitation, then the blocks.

    References
    ----------
    .. [1] Surawicz B et al. AHA/ACCF/HRS recommendations, part III. Circulation 2009;119:e235.
    """
    if is_paced(facts):
        return Excitation.PACED
    qrs = facts.number("qrs_ms")
    if qrs is None:
        return Excitation.UNKNOWN
    qrs = printed(qrs, "ms")
    slurred = qrs >= book["delta.qrs"].value and has_delta(facts, book)
    if slurred and _short_pr(facts, book):
        return Excitation.PREEXCITED
    if qrs <= book["qrs.beyond"].value:
        return Excitation.USUAL
    return _slow(facts, book, wide=qrs >= book["qrs.wide"].value)


def _slow(facts: EcgFacts, book: RuleBook, *, wide: bool) -> Excitation:
    if wide and right_form(facts, book):
        return Excitation.RIGHT_BLOCK
    if right_form(facts, book, pure=False):  # a tall R alone is more often a loaded ventricle
        return Excitation.RIGHT_INCOMPLETE
    if wide and left_form(facts, book):
        return Excitation.LEFT_BLOCK
    return Excitation.SLOW


def is_wide(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether the wide-QRS branch of the ST rules holds.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``qrs.sure``.

    Returns
    -------
    bool
        True when ventricles are paced or left block, pre-excitation or slow conduction makes QRS
        wide; a right block leaves the plain ST rule in force.
    """
    how = excitation(facts, book)
    if how in {Excitation.PACED, Excitation.LEFT_BLOCK, Excitation.PREEXCITED}:
        return True
    qrs = facts.number("qrs_ms")
    return how is Excitation.SLOW and printed(qrs or 0.0, "ms") >= book["qrs.sure"].value


def is_paced(facts: EcgFacts) -> bool:
    """Say whether stimuli make the usual beat.

    Parameters
    ----------
    facts : EcgFacts
        Stimuli and classes of the beats.

    Returns
    -------
    bool
        True when half of the beats, or more, are paced in the ventricle.
    """
    paced = sum(beat.kind is BeatClass.PACED for beat in facts.beats)
    if facts.beats and paced:
        return 2 * paced >= len(facts.beats)
    return facts.pacing.chambers in {"ventricular", "both"} and any(facts.pacing.captured)


def has_delta(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether QRS begins with a slur.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``delta.slope`` and ``delta.leads``.

    Returns
    -------
    bool
        True when the median lead begins slower than the limit.
    """
    slopes = [w.initial_slope for w in facts.leads.values() if w.initial_slope is not None]
    if len(slopes) < book["delta.leads"].value:
        return False
    return median(slopes) < book["delta.slope"].value


def right_form(facts: EcgFacts, book: RuleBook, *, pure: bool = True) -> bool:
    """Say whether QRS has the form of a right bundle branch block, of whatever width.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``qrs.second_r``, ``qrs.late_r`` and ``qrs.long_s``.
    pure : bool, optional
        Whether a late R without a second one counts.

    Returns
    -------
    bool
        R' in V1 or V2, or a late pure R there, and a long S in I, V5 or V6.
    """
    second, late, long = book["qrs.second_r"], book["qrs.late_r"], book["qrs.long_s"]
    right = any(
        size(w.r2_mv) >= second.value
        or (pure and size(w.r_peak_ms) > late.value and height(w) > depth(w) and net(w) > 0)
        for w in waves_of(facts, "V1", "V2")
    )
    left = any(
        size(w.s_ms) > long.value or (size(w.s_ms) > size(w.r_ms) > 0)
        for w in waves_of(facts, "I", "V6", "V5")
    )
    return right and left


def left_form(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether QRS has the form of a left bundle branch block.

    Parameters
    ----------
    facts : EcgFacts
        The recording.
    book : RuleBook
        Must hold ``qrs.no_q``, ``qrs.late_left`` and ``qrs.sure``.

    Returns
    -------
    bool
        V1 points down, I or V6 up; no q in those of I, V5, V6 that point up; R late or notched
        on the left, and both where QRS is hardly wide.
    """
    v1 = facts.leads.get("V1")
    upward = [w for w in waves_of(facts, "I", "V5", "V6") if net(w) > 0]
    if v1 is None or net(v1) >= 0 or not upward:
        return False
    without_q = sum(size(w.q_mv) < book["qrs.no_q"].value for w in upward)
    if without_q < len(upward) - (len(upward) > 2):
        return False
    late = any(size(w.r_peak_ms) > book["qrs.late_left"].value for w in upward if w.lead != "I")
    notched = any((w.notches or 0) > 0 for w in (*upward, *waves_of(facts, "aVL")))
    qrs = facts.number("qrs_ms") or 0.0
    sure = printed(qrs, "ms") >= book["qrs.sure"].value
    return (late or notched) if sure else (late and notched)


def _short_pr(facts: EcgFacts, book: RuleBook) -> bool:
    if facts.atria.rhythm in {AtrialRhythm.NO_P, AtrialRhythm.FLUTTER}:
        return False
    pr = facts.number("pr_ms")
    return pr is not None and printed(pr, "ms") < book["pr.short"].value
