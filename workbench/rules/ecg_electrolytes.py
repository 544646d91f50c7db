"""Patterns of high and low potassium, with the laboratory's number from the order or without it."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    against,
    finding,
    printed,
    size,
    waves_of,
)
from workbench.rules.ecg_qt import runs_into_next
from workbench.rules.ecg_st import is_depressed, st_leads
from workbench.rules.ecg_t_waves import prominent_u
from workbench.rules.ecg_ventricles import is_paced

CHEST_T, LIMB_T = ("V2", "V3", "V4", "V5"), ("II", "III", "aVF")
UNKNOWN = "potassium unknown, so the more careful grade is taken: confirm with the laboratory"
NO_P = "no P wave: sino-ventricular conduction possible"


def judge_electrolytes(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Say whether T, U and QRS look like severe hyper- or hypokalaemia.

    Parameters
    ----------
    facts : EcgFacts
        Waves, QRS, P and rate.
    context : PatientContext
        Potassium (mmol/L) from the order; a known number that contradicts the pattern silences it,
        one that proves it needs less of the pattern, none takes the more careful grade.
    book : RuleBook
        Must hold ``hyper.*`` and ``hypo.*``.

    Returns
    -------
    tuple of Finding
        EC029 or EC030.
    """
    if is_paced(facts):
        return ()
    return _hyper(facts, context, book) or _hypo(facts, context, book)


def tall_narrow(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    """List the leads whose T is tall and narrow.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    book : RuleBook
        Must hold ``hyper.t_*``.

    Returns
    -------
    tuple of str
        By lead; chest and limb leads have limits of their own.
    """
    narrow = book["hyper.t_width"].value
    found: list[str] = []
    for names, key in ((CHEST_T, "hyper.t_chest"), (LIMB_T, "hyper.t_limb")):
        tall = book[key].value
        found += [
            w.lead for w in waves_of(facts, *names)
            # in the limb leads a tall T beside a QRS that points down only answers to it
            if (names is CHEST_T or size(w.qrs_area_mvms) >= 0)
            and printed(size(w.t_max_mv), "mV") >= tall
            and w.t_width_ms is not None and w.t_width_ms <= narrow
        ]  # fmt: skip
    return tuple(found)


def _hyper(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    excluded, severe, count = book["hyper.excluded"], book["hyper.severe"], book["hyper.leads"]
    potassium = context.potassium
    if potassium is not None and potassium < excluded.value:
        return ()
    tall = tall_narrow(facts, book)
    qrs = printed(facts.number("qrs_ms") or 0.0, "ms")
    wide, sine = book["hyper.qrs"], book["hyper.sine_qrs"]
    no_p = facts.atria.rhythm is AtrialRhythm.NO_P
    proven = potassium is not None and potassium >= severe.value
    broad = qrs >= wide.value and facts.atria.rhythm is not AtrialRhythm.LOCKED_P
    if broad and not proven and facts.rhythm.rate_bpm >= book["wide.rate"].value:
        return ()  # a tachycardia with wide QRS; without the laboratory nothing tells them apart
    shown = len(tall) >= count.value and (qrs >= wide.value or no_p or proven)
    unknown = book["hyper.sine_unknown"]
    kind, reached = "tall narrow T", wide
    if not shown:
        tall, kind = _as_tall(facts, book), "tall T"
        reached = sine if proven else unknown
        waves = proven and facts.atria.rhythm is not AtrialRhythm.LOCKED_P
        unproven = potassium is None and no_p and len(tall) >= count.value
        if qrs < reached.value or not (waves or unproven):
            return ()
    clauses = [
        against(
            f"{kind} in lead {x}", size(facts.leads[x].t_max_mv), AT_LEAST,
            book["hyper.t_chest" if x in CHEST_T else "hyper.t_limb"], book,
        )
        for x in tall
    ]  # fmt: skip
    if qrs >= reached.value:
        clauses.append(against("QRS duration", qrs, AT_LEAST, reached, book))
    clauses += [NO_P] if no_p else []
    if potassium is None:
        clauses.append(UNKNOWN)
    else:
        limit = severe if proven else excluded
        clauses.append(against("potassium of the order", potassium, AT_LEAST, limit, book))
    rule = "hyper.qrs" if qrs >= wide.value else "hyper.t_chest"
    leads = tall or ("V2", "V3")
    return (finding("EC029", Severity.CRITICAL, clauses, rule, leads=leads, mark="t"),)


def _as_tall(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    """Leads of the chest whose T is as tall, whatever its width: a sine wave has no narrow T."""
    limit = book["hyper.t_chest"].value
    return tuple(
        w.lead for w in waves_of(facts, *CHEST_T) if printed(size(w.t_max_mv), "mV") >= limit
    )


def _hypo(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    excluded, severe = book["hypo.excluded"], book["hypo.severe"]
    potassium = context.potassium
    tall = prominent_u(facts, book) or _merged_u(facts, book)
    if not tall or (potassium is not None and potassium >= excluded.value):
        return ()
    limit, fast = book["hypo.qtc"], book["hypo.fast"]
    qtc, rate = facts.number("qtc_fridericia_ms"), facts.rhythm.rate_bpm
    long = qtc is not None and printed(qtc, "ms") >= limit.value and not runs_into_next(facts, book)
    proven = potassium is not None and potassium <= severe.value
    lowered = any(
        is_depressed(st, book["std.contiguous"], book)
        for name, st in st_leads(facts).items()
        if name not in {"aVR", "V1"}
    )
    if not proven and not long and not (lowered and rate > fast.value):
        return ()
    u = book["u.prominent"]
    clauses = [against(f"U wave in lead {w.lead}", _u_height(w), AT_LEAST, u, book) for w in tall]
    if long and qtc is not None:
        clauses.append(against("QTc by Fridericia", qtc, AT_LEAST, limit, book))
    if lowered:
        clauses.append("ST lowered")
    if rate > fast.value:
        clauses.append(against("ventricular rate", rate, ABOVE, fast, book))
    if potassium is None:
        clauses.append(UNKNOWN)
    else:
        relation, bound = (AT_MOST, severe) if proven else ("below", excluded)
        clauses.append(against("potassium of the order", potassium, relation, bound, book))
    leads = tuple(w.lead for w in tall)
    return (finding("EC030", Severity.CRITICAL, clauses, "hypo.qtc", leads=leads, mark="t"),)


def _merged_u(facts: EcgFacts, book: RuleBook) -> tuple[LeadWaves, ...]:
    """Leads whose T begins down, from a lowered ST, and ends high: U grown together with T."""
    low, high, count = book["t.inverted"].value, book["u.prominent"].value, book["hyper.leads"]
    found = tuple(
        w for w in waves_of(facts, *CHEST_T)
        if -size(w.st_j80_mv) > 0 and -size(w.t_min_mv) >= low and size(w.t_max_mv) >= high
    )  # fmt: skip
    return found if len(found) >= count.value else ()


def _u_height(wave: LeadWaves) -> float:
    return size(wave.t_max_mv) if wave.u_mv is None else wave.u_mv
