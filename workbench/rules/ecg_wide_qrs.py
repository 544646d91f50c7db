"""Infarction under a left block, slow conduction or pacing: these rules replace those of ST alone.

A wide QRS pulls ST the other way, so height alone says nothing. What counts is ST in the direction
of QRS, or more ST against it than its depth accounts for.
"""

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
    net,
    printed,
)
from workbench.rules.ecg_st import (
    TWELVE,
    StLead,
    elevation_limit,
    noisy_leads,
    st_leads,
)
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

_NAMES = {
    Excitation.PACED: "paced ventricles: modified Sgarbossa criteria",
    Excitation.LEFT_BLOCK: "left bundle branch block: modified Sgarbossa criteria",
    Excitation.SLOW: "wide QRS: modified Sgarbossa criteria",
}


def judge_wide_qrs(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether ST speaks for infarction where QRS is wide.

    Parameters
    ----------
    facts : EcgFacts
        ST and QRS of the leads; nothing is said where QRS is narrow, blocked on the right or
        pre-excited.
    context : PatientContext
        Chest pain decides the grade of what only the Barcelona criteria find.
    book : RuleBook
        Must hold ``wide.*`` and ``st.*``.

    Returns
    -------
    tuple of Finding
        EC009 under a left block or pacing, EC001 under another slow QRS, or nothing. The Barcelona
        criteria alone are urgent, and critical with chest pain.

    References
    ----------
    .. [1] Smith SW et al. Diagnosis of ST-elevation myocardial infarction in the presence of left
       bundle branch block with the ST-elevation to S-wave ratio in a modified Sgarbossa rule. Ann
       Emerg Med 2012;60:766-776.
    .. [2] Di Marco A et al. New electrocardiographic algorithm for the diagnosis of acute
       myocardial infarction in patients with left bundle branch block. J Am Heart Assoc
       2020;9:e015573.
    """
    how = excitation(facts, book)
    if not is_wide(facts, book) or how not in _NAMES:
        return ()
    code = "EC001" if how is Excitation.SLOW else "EC009"
    noisy = set(noisy_leads(facts, book))
    pairs = [
        (facts.leads[name], st)
        for name, st in st_leads(facts).items()
        if name in TWELVE and name not in noisy
    ]
    if how is Excitation.SLOW:  # V2 and V3 are raised in health, and QRS may point up there
        pairs = [(w, st) for w, st in pairs if _beyond_health(w, st, context, book)]
    said, leads = _modified(pairs, book)
    grade = Severity.CRITICAL
    rule = "wide.concordant" if said and "concordant" in said[0] else "wide.ratio"
    title = _NAMES[how]
    if not said:
        said, leads = _barcelona(pairs, book)
        grade = Severity.CRITICAL if context.chest_pain is Known.YES else Severity.URGENT
        rule = "wide.low"
        title = "Barcelona criteria alone: less specific"
    if not said:
        return ()
    unsure = (f"ST not assessed for noise in {', '.join(sorted(noisy))}",) if noisy else ()
    return (finding(code, grade, [*said, title, *unsure], rule, leads=leads, mark="j"),)


def _modified(
    pairs: list[tuple[LeadWaves, StLead]], book: RuleBook
) -> tuple[list[str], tuple[str, ...]]:
    """Concordant elevation, concordant depression in V1 to V3, or too much against a deep S."""
    with_it, against_it, ratio = (
        book["wide.concordant"], book["wide.discordant"], book["wide.ratio"],
    )  # fmt: skip
    said: list[str] = []
    leads: list[str] = []
    for wave, st in pairs:
        if st.name == "aVR":
            continue
        where = f"ST in lead {st.name}"
        if net(wave) > 0 and _lasts(st, with_it.value):
            said.append(against(f"concordant {where}", st.j, AT_LEAST, with_it, book))
        elif net(wave) < 0 and st.name in {"V1", "V2", "V3"} and _lasts(st, -with_it.value):
            what = f"concordant depression of {where}"
            said.append(against(what, -st.j, AT_LEAST, with_it, book))
        elif net(wave) < 0 and _lasts(st, against_it.value) and depth(wave) > 0:
            share = _least(st) / depth(wave)
            if printed(share, ratio.unit) < ratio.value:
                continue
            said.append(against(f"{where} over the depth of S", share, AT_LEAST, ratio, book))
        else:
            continue
        leads.append(st.name)
    return said, tuple(leads)


def _barcelona(
    pairs: list[tuple[LeadWaves, StLead]], book: RuleBook
) -> tuple[list[str], tuple[str, ...]]:
    """Any concordant deviation, or a discordant one where QRS is low."""
    with_it, low = book["wide.concordant"], book["wide.low"]
    said: list[str] = []
    leads: list[str] = []
    for wave, st in pairs:
        if st.name == "aVR":
            continue
        side = -1 if net(wave) < 0 else 1
        largest = max(height(wave), depth(wave))
        if _lasts(st, side * with_it.value):
            said.append(against(f"concordant ST in lead {st.name}", st.j, AT_LEAST, with_it, book))
        elif _lasts(st, -side * with_it.value) and largest <= low.value:
            what = f"discordant ST of {st.j:.2f} mV in lead {st.name} with low QRS"
            said.append(against(what, largest, AT_MOST, low, book))
        else:
            continue
        leads.append(st.name)
    return said, tuple(leads)


def _beyond_health(wave: LeadWaves, st: StLead, context: PatientContext, book: RuleBook) -> bool:
    return (
        not net(wave) > 0 or st.j <= 0 or st.j >= elevation_limit(st.name, context, book)[0].value
    )


def _lasts(st: StLead, limit: float) -> bool:
    """Deviation to a signed limit at J and 60 ms later: the tail of a wide QRS does not last."""
    side = -1 if limit < 0 else 1
    later = st.j if st.j60 is None else st.j60
    return min(round(side * st.j, 2), round(side * later, 2)) >= abs(limit)


def _least(st: StLead) -> float:
    return st.j if st.j60 is None else min(st.j, st.j60)
