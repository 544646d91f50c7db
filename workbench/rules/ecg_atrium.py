"""Left and right atrial abnormality, from P of the averaged beat."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_conduction import WITHOUT_P
from workbench.rules.ecg_evidence import AT_LEAST, against, finding, printed, size, waves_of


def judge_atria(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether P is too long, too high or ends too deep.

    Parameters
    ----------
    facts : EcgFacts
        P of the averaged beat; nothing is said where there is none.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``atrium.*``.

    Returns
    -------
    tuple of Finding
        EC222, EC223.

    References
    ----------
    .. [1] Hancock EW et al. AHA/ACCF/HRS recommendations, part V. Circulation 2009;119:e251.
    """
    del context
    if facts.atria.rhythm in WITHOUT_P:
        return ()
    found: list[Finding] = []
    long, force, tall = book["atrium.left_ms"], book["atrium.left_force"], book["atrium.right"]
    said: list[str] = []
    p, v1 = facts.number("p_ms"), facts.leads.get("V1")
    if p is not None and printed(p, "ms") >= long.value:
        said.append(against("P duration", p, AT_LEAST, long, book))
    if v1 is not None and printed(size(v1.p_terminal_mvms), force.unit) >= force.value:
        terminal = size(v1.p_terminal_mvms)
        said.append(against("terminal force of P in V1", terminal, AT_LEAST, force, book))
    if said:
        rule = long.id if long.id in said[0] else force.id
        found.append(finding("EC222", Severity.ABNORMAL, said, rule, leads=("II", "V1"), mark="p"))
    high = [
        w for w in waves_of(facts, "II", "III", "aVF")
        if printed(size(w.p_max_mv), "mV") >= tall.value
    ]  # fmt: skip
    if high:
        said = [
            against(f"P wave in lead {w.lead}", size(w.p_max_mv), AT_LEAST, tall, book)
            for w in high
        ]
        leads = tuple(w.lead for w in high)
        found.append(finding("EC223", Severity.ABNORMAL, said, tall.id, leads=leads, mark="p"))
    return tuple(found)
