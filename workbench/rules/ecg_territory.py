"""Which wall raised leads look at; the back and the right ventricle."""

from collections.abc import Iterable, Mapping

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_evidence import (
    ABOVE,
    AT_LEAST,
    against,
    depth,
    finding,
    height,
    printed,
    size,
)
from workbench.rules.ecg_st import (
    BACK,
    CHEST,
    RIGHT,
    StLead,
    elevated_leads,
    is_depressed,
    neighbours,
    st_leads,
)
from workbench.rules.ecg_ventricles import Excitation, excitation

WALLS: Mapping[str, tuple[str, ...]] = {
    "EC002": ("V1", "V2", "V3", "V4"),
    "EC003": ("II", "III", "aVF"),
    "EC004": ("I", "aVL", "V5", "V6"),
}
NAMES = {"EC002": "anterior", "EC003": "inferior", "EC004": "lateral"}


def territories(raised: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Name the walls that two or more raised leads look at.

    Parameters
    ----------
    raised : iterable of str
        Leads with ST elevation.

    Returns
    -------
    dict of str to tuple of str
        EC002, EC003, EC004 with their leads.
    """
    there = set(raised)
    found = {code: tuple(lead for lead in leads if lead in there) for code, leads in WALLS.items()}
    return {code: leads for code, leads in found.items() if len(leads) > 1}


def place_names(walls: Iterable[str]) -> str:
    """Write walls in words.

    Parameters
    ----------
    walls : iterable of str
        Codes of `territories`.

    Returns
    -------
    str
        As in a clause of evidence.
    """
    return " and ".join(NAMES[code] for code in walls) or "between two walls"


def posterior(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether the posterior wall is infarcted, from V7 to V9 or from V1 to V3.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    context : PatientContext
        Age and sex choose the limit of V7 to V9.
    book : RuleBook
        Must hold ``ste.back``, ``ste.back_young_men`` and ``posterior.*``.

    Returns
    -------
    tuple of Finding
        EC005 or nothing.
    """
    raised, said = elevated_leads(facts, context, book)
    back = tuple(name for name in raised if name in BACK)
    if len(back) > 1:
        clauses = [clause for clause in said if any(f"lead {x}:" in clause for x in back)]
        clauses += [clause for clause in said if "unknown" in clause]
        return (finding("EC005", Severity.CRITICAL, clauses, "ste.back", leads=back, mark="j"),)
    off = {Excitation.RIGHT_BLOCK, Excitation.RIGHT_INCOMPLETE, Excitation.UNKNOWN}
    v2 = facts.leads.get("V2")
    if v2 is None or set(BACK) & set(facts.leads) or excitation(facts, book) in off:
        return ()
    limit, long, upright = book["posterior.depth"], book["posterior.r_ms"], book["posterior.t"]
    all_st = st_leads(facts)
    low = [
        name for name in ("V1", "V2", "V3")
        if name in all_st and is_depressed(all_st[name], limit, book)
    ]  # fmt: skip
    kept = neighbours(low, (CHEST,))
    front = [w for w in (v2, facts.leads.get("V3")) if w is not None]
    tall = any(height(w) > depth(w) for w in front) and size(v2.r_ms) > long.value
    if not kept or not tall or printed(size(v2.t_max_mv), "mV") < upright.value:
        return ()
    clauses = [
        *(against(f"ST depression at J in lead {x}", -all_st[x].j, AT_LEAST, limit, book)
          for x in kept),
        against("R duration in V2", size(v2.r_ms), ABOVE, long, book),
        "R higher than S in V2 or V3, T upright in V2",
        "record V7 to V9",
    ]  # fmt: skip
    return (finding("EC005", Severity.CRITICAL, clauses, limit.id, leads=kept, mark="j"),)


def right_ventricle(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Say whether V3R and V4R are raised or, without them, V1 beside III above II.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    context : PatientContext
        Age and sex choose the limit.
    book : RuleBook
        Must hold ``ste.right``, ``ste.right_young_men`` and ``ste.other``.

    Returns
    -------
    tuple of Finding
        EC006 or nothing.
    """
    raised, said = elevated_leads(facts, context, book)
    right = tuple(name for name in raised if name in RIGHT)
    if not set(RIGHT) & set(facts.leads):
        return _right_from_front(facts, raised, book)
    if len(right) < 2:
        return ()
    clauses = [clause for clause in said if any(f"lead {x}:" in clause for x in right)]
    clauses += [clause for clause in said if "unknown" in clause]
    return (finding("EC006", Severity.CRITICAL, clauses, "ste.right", leads=right, mark="j"),)


def _right_from_front(
    facts: EcgFacts, raised: Mapping[str, StLead], book: RuleBook
) -> tuple[Finding, ...]:
    """An inferior infarction of the right coronary artery that also raises V1."""
    limit = book["ste.other"]
    two, three, v1 = (st_leads(facts).get(name) for name in ("II", "III", "V1"))
    if two is None or three is None or v1 is None or not {"III", "aVF"} <= set(raised):
        return ()
    if three.j <= two.j or printed(v1.j, limit.unit) < limit.value:
        return ()
    clauses = [
        against("ST at J in lead V1", v1.j, AT_LEAST, limit, book),
        "ST in III above II in an inferior infarction",
        "record V3R to V5R",
    ]
    leads = ("V1", "III", "II")
    return (finding("EC006", Severity.CRITICAL, clauses, limit.id, leads=leads, mark="j"),)
