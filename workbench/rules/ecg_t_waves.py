"""T, U and small ST changes without a name of their own, and those that follow from QRS."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import (
    AT_LEAST,
    BELOW,
    against,
    depth,
    finding,
    height,
    net,
    printed,
    seen,
    size,
    waves_of,
)
from workbench.rules.ecg_st import CHEST, FRONT, FRONTAL, is_depressed, neighbours, st_leads
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide
from workbench.rules.ecg_voltage import left_voltage

UPRIGHT = ("I", "II", "aVL", "aVF", "III", "V2", "V3", "V4", "V5", "V6")
LATERAL = ("I", "aVL", "V4", "V5", "V6")
ROWS = (("aVL", "I"), ("II", "aVF", "III"), CHEST)
SEPTAL = frozenset({"V1", "V2", "V3"})
_BECAUSE = {
    Excitation.PACED: "follows from pacing",
    Excitation.PREEXCITED: "follows from pre-excitation",
    Excitation.LEFT_BLOCK: "follows from the left bundle branch block",
    Excitation.SLOW: "follows from the slow conduction",
    Excitation.RIGHT_BLOCK: "follows from the right bundle branch block",
}


def judge_t_waves(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say what T, U and ST show that no other rule names.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    context : PatientContext
        Sex chooses the voltage under which changes are secondary.
    book : RuleBook
        Must hold ``t.*``, ``u.*``, ``std.contiguous``, ``lvh.*`` and ``qrs.*``.

    Returns
    -------
    tuple of Finding
        EC224, EC225, EC228, EC234.
    """
    how = excitation(facts, book)
    secondary = _secondary(facts, context, how, book)
    inverted = _inverted(facts, how, book)
    flat = _flat(facts, book)
    lowered = _lowered(facts, context, book)
    prominent = _u(facts, book)
    if is_wide(facts, book):
        return secondary
    if secondary:
        own = [one for one in inverted if not set(_leads(one)) <= {*LATERAL, *SEPTAL}]
        return (*secondary, *own, *prominent)
    return (*(inverted or flat), *lowered, *prominent)


def inverted_leads(facts: EcgFacts, book: RuleBook, *names: str) -> tuple[str, ...]:
    """List the leads whose T is negative to the limit.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    book : RuleBook
        Must hold ``t.inverted``.
    *names : str
        Leads to look at.

    Returns
    -------
    tuple of str
        Those of them in which T points mainly down.
    """
    limit = book["t.inverted"].value
    return tuple(
        w.lead for w in waves_of(facts, *names)
        if printed(-size(w.t_min_mv), "mV") >= limit and -size(w.t_min_mv) > size(w.t_max_mv)
    )  # fmt: skip


def _leads(one: Finding) -> list[str]:
    return str(one.place.get("leads", "")).split(", ")


def _inverted(facts: EcgFacts, how: Excitation, book: RuleBook) -> tuple[Finding, ...]:
    limit = book["t.inverted"]
    off = SEPTAL if how in {Excitation.RIGHT_BLOCK, Excitation.RIGHT_INCOMPLETE} else frozenset()
    down = [
        name
        for name in inverted_leads(facts, book, *UPRIGHT)
        if name not in off and _counts(facts.leads[name])
    ]
    kept = neighbours(down, ROWS)
    if not kept:
        return ()
    clauses = [
        against(f"negative T wave in lead {w.lead}", -size(w.t_min_mv), AT_LEAST, limit, book)
        for w in waves_of(facts, *kept)
    ]
    return (finding("EC225", Severity.ABNORMAL, clauses, limit.id, leads=kept, mark="t"),)


def _counts(wave: LeadWaves) -> bool:
    """T is expected to follow R where R is higher than S; V2 to V4 have S and yet an upright T."""
    return height(wave) > depth(wave) or wave.lead in {"V3", "V4"}


def _flat(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    share, least = book["t.flat_share"], book["t.flat_r"].value
    low = [
        w for w in waves_of(facts, *(x for x in UPRIGHT if x != "III"))
        if w.t_max_mv is not None and height(w) >= least and height(w) > depth(w)
        and max(size(w.t_max_mv), -size(w.t_min_mv)) < share.value * height(w)
    ]  # fmt: skip
    kept = neighbours([w.lead for w in low], ROWS)
    if not kept:
        return ()
    clauses = [
        against(f"T over R in lead {w.lead}", size(w.t_max_mv) / height(w), BELOW, share, book)
        for w in low
        if w.lead in kept
    ]
    return (finding("EC225", Severity.ABNORMAL, clauses, share.id, leads=kept, mark="t"),)


def _lowered(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Depression too small, or without the pain, to be called ischaemia."""
    del context
    limit = book["std.contiguous"]
    all_st = st_leads(facts)
    low = [
        name
        for name, st in all_st.items()
        if name not in {"aVR", "V1"} and is_depressed(st, limit, book)
    ]
    kept = neighbours(low, (FRONTAL, CHEST))
    if not kept:
        return ()
    clauses = [
        against(f"ST depression at J in lead {name}", -all_st[name].j, AT_LEAST, limit, book)
        for name in kept
    ]
    clauses.append("with chest pain this is suspected ischaemia (EC007)")
    shown = tuple(name.removeprefix("-") for name in kept)
    return (finding("EC224", Severity.ABNORMAL, clauses, limit.id, leads=shown, mark="j"),)


def _u(facts: EcgFacts, book: RuleBook) -> tuple[Finding, ...]:
    tall = prominent_u(facts, book)
    if not tall:
        return ()
    limit = book["u.prominent"]
    clauses = [
        against(f"U wave in lead {w.lead}", size(w.u_mv), AT_LEAST, limit, book) for w in tall
    ]
    leads = tuple(w.lead for w in tall)
    return (finding("EC228", Severity.ABNORMAL, clauses, limit.id, leads=leads, mark="t"),)


def prominent_u(facts: EcgFacts, book: RuleBook) -> tuple[LeadWaves, ...]:
    """List the leads with a prominent U wave.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    book : RuleBook
        Must hold ``u.*``.

    Returns
    -------
    tuple of LeadWaves
        Leads II and V2 to V6 in which U is high and no small share of T.
    """
    limit, share = book["u.prominent"], book["u.share"].value
    return tuple(
        w for w in waves_of(facts, "II", *FRONT[1:])
        if printed(size(w.u_mv), "mV") >= limit.value
        and size(w.u_mv) >= share * max(size(w.t_max_mv), -size(w.t_min_mv))
    )  # fmt: skip


def _secondary(
    facts: EcgFacts, context: PatientContext, how: Excitation, book: RuleBook
) -> tuple[Finding, ...]:
    """ST and T against QRS, where QRS is the reason."""
    wide = is_wide(facts, book)
    opposed = [
        w.lead
        for w in facts.leads.values()
        if w.lead not in {"aVR", "III"} and _opposed(w, book, wide=wide)
    ]
    because = _BECAUSE.get(how, "") if wide or how is Excitation.RIGHT_BLOCK else ""
    if because and not wide:
        opposed = [name for name in opposed if name in SEPTAL]
    elif not because:
        opposed = [name for name in opposed if name in LATERAL]
        if not left_voltage(facts, context, book):
            return ()
        because = "follows from the left ventricular voltage"
    if len(opposed) < 2:
        return ()
    least = seen(book["t.inverted"].value, "mV")
    clauses = [f"T against QRS by {least} or more in {', '.join(opposed)}", because]
    return (finding("EC234", Severity.ABNORMAL, clauses, "t.inverted", leads=opposed, mark="t"),)


def _opposed(wave: LeadWaves, book: RuleBook, *, wide: bool) -> bool:
    limit = book["t.inverted"].value
    up, down = size(wave.t_max_mv), -size(wave.t_min_mv)
    return (net(wave) > 0 and down >= limit and down > up) or (
        wide and net(wave) < 0 and up >= limit and up > down and wave.lead in SEPTAL
    )
