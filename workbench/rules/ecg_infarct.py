"""Q waves of an old infarction, and R waves that do not grow from V1 to V4."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import (
    AT_LEAST,
    AT_MOST,
    against,
    depth,
    finding,
    height,
    printed,
    size,
    waves_of,
)
from workbench.rules.ecg_st import neighbours
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

GROUPS = (("aVL", "I"), ("II", "aVF", "III"), ("V4", "V5", "V6"))
EVOLVING = (
    "raised ST over Q waves, below the limits of infarction: evolving infarction or aneurysm,"
    " compare with an earlier tracing and troponin"
)
OFF = frozenset({Excitation.UNKNOWN})


def judge_infarct(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether Q waves or lost R waves speak for an infarction, old or still evolving.

    Parameters
    ----------
    facts : EcgFacts
        QRS of the leads; nothing is said under a wide QRS other than a right block.
    context : PatientContext
        Chest pain makes an evolving infarction critical.
    book : RuleBook
        Must hold ``mi.*``, ``evolving.*`` and ``progression.r``.

    Returns
    -------
    tuple of Finding
        EC229 or EC230, and EC001 where ST and T over the Q waves are not those of a scar.

    References
    ----------
    .. [1] Thygesen K et al. Fourth Universal Definition of Myocardial Infarction. Circulation
       2018;138:e618-e651.
    .. [2] Zema MJ et al. Electrocardiographic poor R-wave progression. Chest 1979;76:647-651.
    """
    how = excitation(facts, book)
    if is_wide(facts, book) or how in OFF:
        return ()
    old = _front(facts, book) or _groups(facts, book)
    if not old and how is Excitation.USUAL:
        old = _back(facts, book)
    return (*old, *_evolving(facts, old, context, book)) or _progression(facts, how, book)


def has_q(facts: EcgFacts, book: RuleBook) -> bool:
    """Say whether the tracing holds Q waves of an infarction.

    Parameters
    ----------
    facts : EcgFacts
        QRS of the leads.
    book : RuleBook
        Must hold ``mi.*``.

    Returns
    -------
    bool
        True when `judge_infarct` would say EC229 for Q waves.
    """
    return bool(_front(facts, book) or _groups(facts, book))


def _front(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    """QS in V2 and V3, or a Q of 20 ms there; a QS in V2 alone is often the place of the lead."""
    long = book["mi.q_ms_v2_v3"]
    pair = waves_of(facts, "V2", "V3")
    if len(pair) < 2 or not all(_qs(w) or size(w.q_ms) >= long.value for w in pair):
        return ()
    clauses = [
        f"QS complex in lead {w.lead}" if _qs(w)
        else against(f"Q duration in lead {w.lead}", size(w.q_ms), AT_LEAST, long, book)
        for w in pair
    ]  # fmt: skip
    clauses.append("age of the infarction unknown")
    leads = ("V2", "V3")
    return (finding("EC229", Severity.ABNORMAL, clauses, long.id, leads=leads, mark="qrs"),)


def _groups(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    long, deep = book["mi.q_ms"], book["mi.q_mv"]
    share, axis = book["mi.q_share"].value, facts.number("qrs_axis_deg")
    vertical = axis is not None and axis > book["mi.vertical"].value
    with_q = [
        w.lead for w in facts.leads.values()
        if w.lead in {x for row in GROUPS for x in row} and not (vertical and w.lead == "aVL")
        and size(w.q_ms) >= long.value and printed(size(w.q_mv), "mV") >= deep.value
        and size(w.q_mv) >= share * height(w)
    ]  # fmt: skip
    kept = neighbours(with_q, GROUPS)
    if not kept:
        return ()
    clauses = []
    for name in kept:
        wave = facts.leads[name]
        clauses.append(against(f"Q duration in lead {name}", size(wave.q_ms), AT_LEAST, long, book))
        clauses.append(against(f"Q depth in lead {name}", size(wave.q_mv), AT_LEAST, deep, book))
    clauses.append("age of the infarction unknown")
    return (finding("EC229", Severity.ABNORMAL, clauses, long.id, leads=kept, mark="qrs"),)


def _evolving(
    facts: EcgFacts, old: tuple[Finding, ...], context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """ST that stays up over Q waves and ends in a negative T, below the limit of the list."""
    up, down, count = book["evolving.st"], book["evolving.t"], book["evolving.leads"]
    named = str(old[0].place.get("leads", "")).split(", ") if old else []
    over_q = waves_of(facts, *(name for name in named if name in facts.leads))
    raised = [w for w in over_q if printed(size(w.st_j80_mv), "mV") >= up.value]
    turned = [w for w in raised if printed(-size(w.t_min_mv), "mV") >= down.value]
    if len(raised) < count.value or not turned:
        return ()
    clauses = [
        against(f"ST 80 ms after J in lead {w.lead}", size(w.st_j80_mv), AT_LEAST, up, book)
        for w in raised
    ]
    clauses += [
        against(f"negative T wave in lead {w.lead}", -size(w.t_min_mv), AT_LEAST, down, book)
        for w in turned
    ]
    clauses.append(EVOLVING)
    pain = context.chest_pain is Known.YES
    grade = Severity.CRITICAL if pain else Severity.URGENT
    leads = tuple(w.lead for w in raised)
    return (finding("EC001", grade, clauses, up.id, leads=leads, mark="j"),)


def _back(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    long = book["mi.r_ms"]
    pair = waves_of(facts, "V1", "V2")
    tall = [
        w for w in pair
        if size(w.r_ms) >= long.value and height(w) > depth(w)
        and size(w.t_max_mv) > -size(w.t_min_mv)
    ]  # fmt: skip
    if len(pair) < 2 or len(tall) < 2:
        return ()
    clauses = [
        against(f"R duration in lead {w.lead}", size(w.r_ms), AT_LEAST, long, book) for w in tall
    ]
    clauses += ["R higher than S and T upright: posterior wall", "age of the infarction unknown"]
    leads = ("V1", "V2")
    return (finding("EC229", Severity.ABNORMAL, clauses, long.id, leads=leads, mark="qrs"),)


def _progression(facts: EcgFacts, how: Excitation, book: RuleBook) -> tuple[Finding, ...]:
    pair = waves_of(facts, "V2", "V3")
    limit = book["progression.r"]
    if len(pair) < 2 or how is not Excitation.USUAL:
        return ()
    v2, v3 = pair
    grows = size(v2.r_mv) <= size(v3.r_mv)
    if printed(size(v3.r_mv), "mV") > limit.value or not grows or depth(v3) <= height(v3):
        return ()
    clauses = [
        against("R wave in lead V3", size(v3.r_mv), AT_MOST, limit, book),
        "check the places of the chest electrodes first",
    ]
    leads = ("V2", "V3")
    return (finding("EC230", Severity.ABNORMAL, clauses, limit.id, leads=leads, mark="qrs"),)


def _qs(wave: LeadWaves) -> bool:
    return height(wave) <= 0 < depth(wave)
