"""Strain of the right ventricle as in pulmonary embolism, and the J waves of cold."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts, LeadWaves
from workbench.rules.ecg_evidence import (
    ABOVE,
    AT_LEAST,
    BELOW,
    against,
    finding,
    printed,
    size,
    waves_of,
)
from workbench.rules.ecg_t_waves import inverted_leads
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

J_LEADS = ("II", "III", "aVF", "V3", "V4", "V5", "V6")
NEEDS_CLINIC = "think of it with dyspnoea, syncope or a swollen leg; a normal tracing excludes none"


def judge_embolism(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether S1Q3T3 stands beside another sign of a loaded right ventricle.

    Parameters
    ----------
    facts : EcgFacts
        Waves and rate; nothing is said under a left block, pacing or pre-excitation.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``embolism.*`` and ``t.inverted``.

    Returns
    -------
    tuple of Finding
        EC031 or nothing: S1Q3T3 alone is seen in healthy people.

    References
    ----------
    .. [1] Daniel KR, Courtney DM, Kline JA. Assessment of cardiac stress from massive pulmonary
       embolism with 12-lead ECG. Chest 2001;120:474-481.
    """
    del context
    one, three = facts.leads.get("I"), facts.leads.get("III")
    if is_wide(facts, book) or one is None or three is None:
        return ()
    s, q, t = book["embolism.s"], book["embolism.q"], book["embolism.t"]
    depths = (size(one.s_mv), size(three.q_mv), -size(three.t_min_mv))
    met = zip(depths, (s, q, t), strict=True)
    if not all(printed(value, "mV") >= limit.value for value, limit in met):
        return ()
    # at fast rates the next P stands in the window of T: then the beginning of T decides
    if size(three.t_max_mv) > depths[-1] and size(three.st_j80_mv) > 0:
        return ()
    support = _support(facts, book)
    if not support:
        return ()
    clauses = [
        against("S wave in lead I", depths[0], AT_LEAST, s, book),
        against("Q wave in lead III", depths[1], AT_LEAST, q, book),
        against("negative T in lead III", depths[-1], AT_LEAST, t, book),
        *support,
        NEEDS_CLINIC,
    ]
    leads = ("I", "III", "V1", "V2", "V3")
    return (finding("EC031", Severity.CRITICAL, clauses, s.id, leads=leads, mark="qrs"),)


def judge_cold(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether several leads end QRS with a J wave while the heart is slow.

    Parameters
    ----------
    facts : EcgFacts
        Waves, rate and QTc; nothing is said where QRS is blocked or paced.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``osborn.*`` and ``qtc.long_men``.

    Returns
    -------
    tuple of Finding
        EC120 or nothing.
    """
    del context
    limit, rate, count = book["osborn.j"], book["osborn.rate"], book["osborn.leads"]
    blocked = {Excitation.RIGHT_BLOCK, Excitation.LEFT_BLOCK, Excitation.PACED}
    bpm, qtc = facts.rhythm.rate_bpm, facts.number("qtc_fridericia_ms")
    if excitation(facts, book) in blocked or not bpm < rate.value:
        return ()
    if qtc is None or printed(qtc, "ms") < book["qtc.long_men"].value:
        return ()
    with_j = [w for w in waves_of(facts, *J_LEADS) if _j_wave(w, book) >= limit.value]
    if len(with_j) < count.value:
        return ()
    clauses = [
        *(against(f"J wave in lead {w.lead}", _j_wave(w, book), AT_LEAST, limit, book)
          for w in with_j),
        against("ventricular rate", bpm, BELOW, rate, book),
        "take the core temperature",
    ]  # fmt: skip
    leads = tuple(w.lead for w in with_j)
    return (finding("EC120", Severity.URGENT, clauses, limit.id, leads=leads, mark="j"),)


def _j_wave(wave: LeadWaves, book: RuleBook) -> float:
    """Height of what stands at the end of QRS and falls again (mV)."""
    if wave.st_j60_mv is None or wave.st_j_mv is None:
        return 0.0
    falls = wave.st_j60_mv <= book["osborn.fall"].value * wave.st_j_mv
    second = size(wave.r2_mv) if size(wave.r_mv) > 0 else 0.0
    return printed(max(wave.st_j_mv if falls else 0.0, second), "mV")


def _support(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    rate, count = book["embolism.rate"], book["embolism.leads"]
    said: list[str] = []
    bpm = facts.rhythm.rate_bpm
    if bpm > rate.value:
        said.append(against("ventricular rate", bpm, ABOVE, rate, book))
    if excitation(facts, book) in {Excitation.RIGHT_BLOCK, Excitation.RIGHT_INCOMPLETE}:
        said.append("right bundle branch block; whether it is new needs a prior tracing")
    down = inverted_leads(facts, book, "V2", "V3", "V4")
    if len(down) >= count.value:
        said.append(
            against("chest leads V2 to V4 with negative T", len(down), AT_LEAST, count, book)
        )
    return tuple(said)
