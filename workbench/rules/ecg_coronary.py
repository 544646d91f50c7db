"""T waves of a closed or narrow left anterior descending artery: de Winter and Wellens."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import AT_LEAST, against, finding, height, printed, size, waves_of
from workbench.rules.ecg_st import CHEST, FRONT, neighbours
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

BLOCKED = frozenset({Excitation.RIGHT_BLOCK, Excitation.UNKNOWN})
NEEDS_REST = "a pattern of the pain-free state: no stress test, ask for pain in the last days"
_PAIN = {
    Known.YES: "chest pain reported",
    Known.NO: "no chest pain reported",
    Known.UNKNOWN: "chest pain unknown",
}


def judge_coronary(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether T of the chest leads has the form of de Winter or Wellens.

    Parameters
    ----------
    facts : EcgFacts
        QRS, ST and T of the leads; nothing is said under a wide QRS or a right block.
    context : PatientContext
        Chest pain is told.
    book : RuleBook
        Must hold ``dewinter.*`` and ``wellens.*``.

    Returns
    -------
    tuple of Finding
        EC010, or EC116.

    References
    ----------
    .. [1] de Winter RJ et al. A new ECG sign of proximal LAD occlusion. N Engl J Med
       2008;359:2071-2073.
    .. [2] de Zwaan C, Bar FW, Wellens HJJ. Characteristic electrocardiographic pattern indicating a
       critical stenosis high in left anterior descending coronary artery. Am Heart J
       1982;103:730-736.
    """
    if is_wide(facts, book) or excitation(facts, book) in BLOCKED:
        return ()
    return _de_winter(facts, book) or _wellens(facts, context, book)


def _de_winter(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    low, tall, count = book["dewinter.depth"], book["dewinter.t"], book["dewinter.leads"]
    beside = book["dewinter.t_beside"]
    with_it = [
        w.lead for w in waves_of(facts, *FRONT)
        if w.st_j_mv is not None and printed(-w.st_j_mv, "mV") >= low.value
        and w.st_slope_mv_s is not None and w.st_slope_mv_s > 0
        and printed(size(w.t_max_mv), "mV") >= beside.value
    ]  # fmt: skip
    kept = neighbours(with_it, (CHEST,))
    highest = max((printed(size(facts.leads[name].t_max_mv), "mV") for name in kept), default=0.0)
    if len(kept) < count.value or highest < tall.value:
        return ()
    clauses = []
    for name in kept:
        wave = facts.leads[name]
        depth_said = f"up-sloping ST depression at J in lead {name}"
        clauses.append(against(depth_said, -size(wave.st_j_mv), AT_LEAST, low, book))
        height = size(wave.t_max_mv)
        reached = tall if printed(height, "mV") >= tall.value else beside
        clauses.append(against(f"T wave in lead {name}", height, AT_LEAST, reached, book))
    up, avr = book["dewinter.avr"], facts.leads.get("aVR")
    if avr is not None and size(avr.st_j_mv) >= up.value:
        clauses.append(against("ST at J in lead aVR", size(avr.st_j_mv), AT_LEAST, up, book))
    return (finding("EC010", Severity.CRITICAL, clauses, low.id, leads=kept, mark="j"),)


def _wellens(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    pair = waves_of(facts, "V2", "V3")
    kept_r = all(_calm(w, book) for w in pair)
    kinds = [_kind(w, book) for w in pair]
    if len(pair) < 2 or not kept_r or not all(kinds):
        return ()
    deep, both = book["wellens.deep"], book["wellens.biphasic"]
    clauses = [
        against(
            f"{'biphasic' if kind == both.id else 'deep negative'} T wave in lead {w.lead}",
            -size(w.t_min_mv), AT_LEAST, both if kind == both.id else deep, book,
        )
        for w, kind in zip(pair, kinds, strict=True)
    ]  # fmt: skip
    clauses += ["ST not raised, R kept, no Q in V2 and V3", NEEDS_REST, _PAIN[context.chest_pain]]
    leads = ("V2", "V3")
    return (finding("EC116", Severity.URGENT, clauses, kinds[0], leads=leads, mark="t"),)


def _kind(wave: LeadWaves, book: RuleBook) -> str:
    """Which of the two forms: a T that starts up and ends down, or a deep one."""
    deep, both = book["wellens.deep"], book["wellens.biphasic"]
    low, top = -size(wave.t_min_mv), size(wave.t_max_mv)
    if printed(low, "mV") >= deep.value and top < both.value:
        return deep.id
    # the segment leads into T: where it is not lowered, the positive part of T comes first
    first_up = size(wave.st_j80_mv) >= 0
    if printed(low, "mV") >= both.value and printed(top, "mV") >= both.value and first_up:
        return both.id
    return ""


def _calm(wave: LeadWaves, book: RuleBook) -> bool:
    st, r = book["wellens.st"].value, book["wellens.r"].value
    no_q = size(wave.q_ms) < book["mi.q_ms_v2_v3"].value
    return size(wave.st_j_mv) < st and height(wave) >= r and no_q
