"""Irregular without P waves locked to QRS: a candidate for atrial fibrillation."""

import math

from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.rhythm import Rhythm, is_irregular


def suspect_fibrillation(rhythm: Rhythm, p_locking: float, book: RuleBook) -> Finding | None:
    """Say whether the rhythm is irregular and nothing repeats before the QRS complexes.

    Parameters
    ----------
    rhythm : Rhythm
        Measured rhythm.
    p_locking : float
        Likeness of the stretches before QRS (1, see `workbench.ecg.atrial.p_locking`); NaN when
        beats follow too fast on each other to see atria between them.
    book : RuleBook
        Must hold ``rhythm.irregular`` and ``rhythm.p_locked``, both without unit.

    Returns
    -------
    Finding or None
        A candidate, severity abnormal; None when regular, when P waves are locked, or when
        regularity was not measurable.

    Raises
    ------
    BadRuleBook
        If the book lacks one of the limits.
    """
    irregular, locked = book["rhythm.irregular"], book["rhythm.p_locked"]
    if not is_irregular(rhythm, irregular.value):
        return None
    if p_locking >= locked.value:
        return None
    atria = (
        "P waves not assessable at this rate"
        if math.isnan(p_locking)
        else f"likeness before QRS {p_locking:.2f} under {locked.value:g} [{locked.id}]"
    )
    evidence = (
        f"candidate: RR irregular, variation {rhythm.variation:.2f} above {irregular.value:g}"
        f" [{irregular.id}, certainty {irregular.certainty}, {book.name}]; {atria};"
        " frequent premature beats, pacing and multifocal rhythms are not told apart"
    )
    return Finding("EC206", Severity.ABNORMAL, evidence, irregular.id)
