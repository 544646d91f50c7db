"""What raises ST without infarction: early repolarisation, Brugada pattern, pericarditis."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import (
    AT_LEAST,
    BELOW,
    against,
    depth,
    finding,
    printed,
    size,
)
from workbench.rules.ecg_st import StLead, neighbours, st_leads
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

MM = 10  # per mV
CONCAVE = ("I", "II", "III", "aVL", "aVF", "V3", "V4", "V5", "V6")
DIFFUSE = ("I", "II", "III", "aVL", "aVF", "V2", "V3", "V4", "V5", "V6")
MET = "the limit of infarction is met: a doctor has to look"


def judge_variants(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether ST has the form of a variant, of Brugada type 1 or of pericarditis.

    Parameters
    ----------
    facts : EcgFacts
        ST and T of the leads.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``er.*``, ``brugada.*``, ``pericarditis.*`` and ``reciprocal.depth``.

    Returns
    -------
    tuple of Finding
        EC109, EC111 or EC305.
    """
    del context
    if is_wide(facts, book):
        return ()
    found = [*_brugada(facts, book), *_pericarditis(facts, book)]
    if not found:
        found += _early(facts, book)
    return tuple(found)


def like_brugada(facts: EcgFacts, raised: Mapping[str, StLead], book: RuleBook) -> Finding | None:
    """Say whether the raised leads are only those of a Brugada pattern.

    Parameters
    ----------
    facts : EcgFacts
        ST and T of the leads.
    raised : mapping of str to StLead
        Leads with ST elevation.
    book : RuleBook
        Must hold ``brugada.*`` and ``reciprocal.depth``.

    Returns
    -------
    Finding or None
        EC109 in place of an infarction.
    """
    if not set(raised) <= {"V1", "V2"} or _lowered(facts, book):
        return None
    found = _brugada(facts, book)
    return replace(found[0], evidence=f"{found[0].evidence}; {MET}") if found else None


def like_early_repolarisation(
    facts: EcgFacts, context: PatientContext, raised: Mapping[str, StLead], book: RuleBook
) -> Finding | None:
    """Say whether early repolarisation explains leads that are raised to a limit.

    Parameters
    ----------
    facts : EcgFacts
        ST, T and QTc.
    context : PatientContext
        Only a known age under the limit, and no reported chest pain, allow it.
    raised : mapping of str to StLead
        Leads with ST elevation.
    book : RuleBook
        Must hold ``er.*`` and ``reciprocal.depth``.

    Returns
    -------
    Finding or None
        EC305, graded urgent: the limit is met, and a doctor has to look.

    References
    ----------
    .. [1] Driver BE, Khalil A, Henry T et al. A new 4-variable formula to differentiate normal
       variant ST segment elevation in V2-V4 from subtle left anterior descending coronary
       occlusion. J Electrocardiol 2017;50:561-569.
    """
    age = context.age_years
    if context.chest_pain is Known.YES or age is None or age >= book["er.age"].value:
        return None
    if _lowered(facts, book) or any(st.j > book["er.most"].value for st in raised.values()):
        return None
    waves = [facts.leads[name] for name in raised if name in facts.leads]
    if not waves or not all(_benign(w, book) for w in waves):
        return None
    score, limit = occlusion_score(facts, book), book["er.score"]
    if score is None or score >= limit.value:
        return None
    clauses = [
        "raised J, concave ST and tall T, no reciprocal depression",
        against("score of LAD occlusion", score, BELOW, limit, book),
        MET,
    ]
    return finding("EC305", Severity.URGENT, clauses, limit.id, leads=tuple(raised), mark="j")


def occlusion_score(facts: EcgFacts, book: RuleBook) -> float | None:
    """Weigh QTc, QRS in V2, R in V4 and ST in V3 for an occlusion of the LAD.

    Parameters
    ----------
    facts : EcgFacts
        Numbers and waves.
    book : RuleBook
        Must hold ``er.score_*``.

    Returns
    -------
    float or None
        Score of Driver and Smith; None when one of the four is not measurable.
    """
    qtc = facts.number("qtc_bazett_ms")
    v2, v3, v4 = (facts.leads.get(name) for name in ("V2", "V3", "V4"))
    if qtc is None or v2 is None or v3 is None or v4 is None:
        return None
    if v2.qrs_pp_mv is None or v3.st_j60_mv is None or v4.r_mv is None:
        return None
    return (
        book["er.score_qtc"].value * qtc
        - book["er.score_qrs"].value * v2.qrs_pp_mv * MM
        - book["er.score_r"].value * v4.r_mv * MM
        + book["er.score_st"].value * v3.st_j60_mv * MM
    )


def _benign(wave: LeadWaves, book: RuleBook) -> bool:
    st, t = size(wave.st_j_mv), size(wave.t_max_mv)
    climbs = wave.st_slope_mv_s is not None and wave.st_slope_mv_s > 0
    no_q = size(wave.q_ms) < book["mi.q_ms"].value
    return climbs and no_q and t >= book["er.t_times"].value * st


def _lowered(facts: EcgFacts, book: RuleBook) -> bool:
    least = book["reciprocal.depth"].value
    return any(
        -st.j >= least for name, st in st_leads(facts).items() if name not in {"aVR", "-aVR", "V1"}
    )


def _brugada(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    limit, negative = book["brugada.st"], book["brugada.t"]
    if excitation(facts, book) is Excitation.RIGHT_BLOCK:
        return []
    coved = [
        w for name, w in facts.leads.items()
        if name in {"V1", "V2"} and w.st_j_mv is not None
        and printed(w.st_j_mv, "mV") >= limit.value
        and w.st_slope_mv_s is not None and w.st_slope_mv_s < 0
        and -size(w.t_min_mv) >= negative.value and size(w.t_max_mv) < -size(w.t_min_mv)
    ]  # fmt: skip
    if not coved:
        return []
    clauses = [
        against(f"ST at J in lead {w.lead}", size(w.st_j_mv), AT_LEAST, limit, book) for w in coved
    ]
    clauses += ["ST falls into a negative T: coved"]
    leads = tuple(w.lead for w in coved)
    return [finding("EC109", Severity.URGENT, clauses, limit.id, leads=leads, mark="j")]


def _pericarditis(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    limit, count, ratio = (
        book["pericarditis.st"], book["pericarditis.leads"], book["pericarditis.ratio"],
    )  # fmt: skip
    if _lowered(facts, book):
        return []
    all_st = st_leads(facts)
    raised = [n for n in DIFFUSE if n in all_st and printed(all_st[n].j, "mV") >= limit.value]
    v6 = facts.leads.get("V6")
    if len(raised) < count.value or v6 is None or "V6" not in raised or "II" not in raised:
        return []
    t = size(v6.t_max_mv)
    share = size(v6.st_j_mv) / t if t > 0 else 0.0
    upright = all(size(facts.leads[n].t_max_mv) > 0 for n in raised)
    if share < ratio.value or not upright:
        return []
    clauses = [
        against("leads with raised ST", len(raised), AT_LEAST, count, book),
        against("ST over T in V6", share, AT_LEAST, ratio, book),
        "no depression but in aVR and V1",
    ]
    return [finding("EC111", Severity.URGENT, clauses, count.id, leads=tuple(raised), mark="j")]


def _early(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    limit = book["er.least"]
    if excitation(facts, book) in {Excitation.RIGHT_BLOCK, Excitation.RIGHT_INCOMPLETE}:
        return []
    raised = [
        w.lead for w in facts.leads.values()
        if w.lead in CONCAVE and printed(_j_point(w), "mV") >= limit.value
        and _benign(w, book) and depth(w) < size(w.r_mv)
    ]  # fmt: skip
    kept = neighbours(raised)
    if not kept or _lowered(facts, book):
        return []
    clauses = [
        against(f"J point in lead {x}", _j_point(facts.leads[x]), AT_LEAST, limit, book)
        for x in kept
    ]
    clauses += ["concave ST and tall T, no reciprocal depression"]
    return [finding("EC305", Severity.NORMAL, clauses, limit.id, leads=kept, mark="j")]


def _j_point(wave: LeadWaves) -> float:
    """Height of J, or of the notch at the end of QRS where the marks put J behind it (mV)."""
    notch = size(wave.r2_mv) if size(wave.r2_mv) < size(wave.r_mv) else 0.0
    return max(size(wave.st_j_mv), notch)
