"""PR, bundle branches, fascicles and pre-excitation of the usual beat."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, EcgFacts
from workbench.rules.ecg_evidence import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    against,
    depth,
    finding,
    height,
    net,
    printed,
    size,
    waves_of,
)
from workbench.rules.ecg_ventricles import Excitation, excitation

WITHOUT_P = frozenset({AtrialRhythm.NO_P, AtrialRhythm.FLUTTER, AtrialRhythm.DISSOCIATED_P})
_BLOCKS = {
    Excitation.RIGHT_BLOCK: ("EC209", "qrs.wide", AT_LEAST, ("V1", "V2", "I", "V6")),
    Excitation.RIGHT_INCOMPLETE: ("EC210", "qrs.beyond", ABOVE, ("V1", "V2", "I", "V6")),
    Excitation.LEFT_BLOCK: ("EC211", "qrs.wide", AT_LEAST, ("V1", "I", "aVL", "V5", "V6")),
    Excitation.SLOW: ("EC214", "qrs.beyond", ABOVE, ()),
}
_FORMS = {
    Excitation.RIGHT_BLOCK: "second R or late R in V1 or V2, long S on the left",
    Excitation.RIGHT_INCOMPLETE: "second R or late R in V1 or V2, long S on the left",
    Excitation.LEFT_BLOCK: "V1 points down, no q on the left, late or notched R on the left",
    Excitation.SLOW: "without the form of a bundle branch block",
}
DELTA = "QRS begins with a slur (delta wave)"


def judge_conduction(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Say what is slow or short between atria and ventricles and inside them.

    Parameters
    ----------
    facts : EcgFacts
        PR, QRS, axis and the waves.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``pr.*``, ``qrs.*``, ``delta.*`` and ``axis.*``.

    Returns
    -------
    tuple of Finding
        EC207, EC209 to EC216.

    References
    ----------
    .. [1] Surawicz B et al. AHA/ACCF/HRS recommendations, part III. Circulation 2009;119:e235.
    """
    del context
    how = excitation(facts, book)
    found = [*_branches(facts, how, book), *_pr(facts, how, book)]
    blocked = {Excitation.RIGHT_BLOCK, Excitation.RIGHT_INCOMPLETE}
    narrow = printed(facts.number("qrs_ms") or 0.0, "ms") < book["qrs.wide"].value
    if how in blocked or (narrow and how in {Excitation.USUAL, Excitation.SLOW}):
        found += _fascicles(facts, book)
    return tuple(found)


def _branches(facts: EcgFacts, how: Excitation, book: RuleBook) -> list[Finding]:
    qrs = facts.number("qrs_ms")
    if qrs is None or how not in _BLOCKS:
        return []
    code, key, relation, leads = _BLOCKS[how]
    limit = book[key]
    # a width within its own error of the limit is no statement of its own
    doubt = max(facts.errors.get("qrs_ms", 0.0), book["qrs.doubt"].value)
    if how is Excitation.SLOW and qrs - doubt <= limit.value:
        return []
    said = [against("QRS duration", printed(qrs, "ms"), relation, limit, book), _FORMS[how]]
    return [finding(code, Severity.ABNORMAL, said, limit.id, leads=leads, mark="qrs")]


def _pr(facts: EcgFacts, how: Excitation, book: RuleBook) -> list[Finding]:
    pr = facts.number("pr_ms")
    if pr is None or facts.atria.rhythm in WITHOUT_P:
        return []
    pr = printed(pr, "ms")
    long, short, least = book["pr.long"], book["pr.short"], book["delta.qrs"]
    if how is Excitation.PREEXCITED:
        qrs = facts.number("qrs_ms") or 0.0
        said = [
            against("PR interval", pr, BELOW, short, book),
            DELTA,
            "ST and Q not assessed under pre-excitation",
            against("QRS duration", qrs, AT_LEAST, least, book),
        ]
        return [finding("EC215", Severity.ABNORMAL, said, short.id, mark="qrs")]
    if pr > long.value:
        said = [against("PR interval", pr, ABOVE, long, book)]
        return [finding("EC207", Severity.ABNORMAL, said, long.id, mark="p")]
    if pr < short.value:
        said = [against("PR interval", pr, BELOW, short, book)]
        return [finding("EC216", Severity.ABNORMAL, said, short.id, mark="p")]
    return []


def _fascicles(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    axis = facts.number("qrs_axis_deg")
    if axis is None:
        return []
    axis = printed(axis, "deg")
    marked, end, right = book["axis.left_marked"], book["axis.left_end"], book["axis.right"]
    least_q = book["qrs.small_q"].value
    avl = facts.leads.get("aVL")
    down = [w for w in waves_of(facts, "II", "III", "aVF") if height(w) > 0 and net(w) < 0]
    if end.value <= axis <= marked.value and avl is not None:
        late = book["qrs.late_avl"]
        peak = size(avl.r_peak_ms)
        if size(avl.q_mv) >= least_q and net(avl) > 0 and peak >= late.value and len(down) > 1:
            said = [
                against("QRS axis", axis, AT_MOST, marked, book),
                "qR in aVL, rS in the inferior leads",
                against("R-peak time in aVL", peak, AT_LEAST, late, book),
            ]
            place = ("aVL", "II", "III", "aVF")
            return [finding("EC212", Severity.ABNORMAL, said, marked.id, leads=place, mark="qrs")]
    if axis > right.value:
        up = [w for w in waves_of(facts, "III", "aVF") if size(w.q_mv) >= least_q and net(w) > 0]
        side = [w for w in waves_of(facts, "I", "aVL") if size(w.r_mv) > 0 and depth(w) > height(w)]
        if len(up) > 1 and len(side) > 1:
            said = [
                against("QRS axis", axis, ABOVE, right, book),
                "rS in I and aVL, qR in III and aVF; right ventricular load must be excluded",
            ]
            place = ("I", "aVL", "III", "aVF")
            return [finding("EC213", Severity.ABNORMAL, said, right.id, leads=place, mark="qrs")]
    return []
