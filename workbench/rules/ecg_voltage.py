"""Left and right ventricular hypertrophy by voltage, and low voltage."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_evidence import (
    ABOVE,
    AT_LEAST,
    BELOW,
    against,
    depth,
    finding,
    height,
    printed,
)
from workbench.rules.ecg_st import SEX_UNKNOWN
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

LIMBS = ("I", "II", "III", "aVR", "aVL", "aVF")
CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
LEFT_MASS = ("V1", "V3", "V5", "V6", "aVL")
OFF = frozenset({Excitation.PACED, Excitation.PREEXCITED, Excitation.LEFT_BLOCK})
OFF_RIGHT = OFF | {Excitation.RIGHT_BLOCK}


def judge_voltage(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether QRS is too high or too low.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    context : PatientContext
        Sex chooses limits; unknown takes the most sensitive one.
    book : RuleBook
        Must hold ``lvh.*``, ``rvh.*`` and ``low.*``.

    Returns
    -------
    tuple of Finding
        EC219, EC220, EC221.

    References
    ----------
    .. [1] Hancock EW et al. AHA/ACCF/HRS recommendations, part V. Circulation 2009;119:e251.
    """
    how = excitation(facts, book)
    found: list[Finding] = []
    left = left_voltage(facts, context, book)
    if left and how not in OFF:
        rule = left[0].partition("[")[2].partition(",")[0]
        said = [*left, *((SEX_UNKNOWN,) if context.sex not in {"M", "F"} else ())]
        found.append(finding("EC220", Severity.ABNORMAL, said, rule, leads=LEFT_MASS, mark="qrs"))
    if how not in OFF_RIGHT and not is_wide(facts, book):
        found += _right(facts, book)
    found += _low(facts, book)
    return tuple(found)


def left_voltage(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[str, ...]:
    """List the criteria of left ventricular hypertrophy that are met.

    Parameters
    ----------
    facts : EcgFacts
        Waves of the leads.
    context : PatientContext
        Sex chooses limits.
    book : RuleBook
        Must hold ``lvh.*``.

    Returns
    -------
    tuple of str
        One clause for each; leads that are missing take part in none.
    """
    men = context.sex == "M"
    said: list[str] = []
    r = {lead: height(facts.leads[lead]) for lead in ("V5", "V6", "aVL") if lead in facts.leads}
    s = {lead: depth(facts.leads[lead]) for lead in ("V1", "V3") if lead in facts.leads}
    side = max((r[lead] for lead in ("V5", "V6") if lead in r), default=None)
    if side is not None:
        _add(said, "R in V5 or V6", side, "lvh.cn_r", book)
    if side is not None and "V1" in s:
        _add(said, "S in V1 plus R in V5 or V6", s["V1"] + side, "lvh.aha_sokolow", book)
    if "V5" in r and "V1" in s:
        key = "lvh.cn_sum_men" if men else "lvh.cn_sum_women"
        _add(said, "R in V5 plus S in V1", r["V5"] + s["V1"], key, book)
    if "aVL" in r and "V3" in s:
        cornell = r["aVL"] + s["V3"]
        key = "lvh.aha_cornell_men" if men else "lvh.aha_cornell_women"
        _add(said, "R in aVL plus S in V3", cornell, key, book)
        qrs = facts.number("qrs_ms")
        if qrs is not None:
            _add(said, "Cornell product", cornell * qrs, "lvh.aha_product", book)
    return tuple(said)


def _add(said: list[str], what: str, value: float, key: str, book: RuleBook) -> None:
    limit = book[key]
    equal = key in {"lvh.aha_sokolow", "lvh.aha_product"}
    value = printed(value, limit.unit)
    if value > limit.value or (equal and value == limit.value):
        said.append(against(what, value, AT_LEAST if equal else ABOVE, limit, book))


def _right(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    v1, axis = facts.leads.get("V1"), facts.number("qrs_axis_deg")
    if v1 is None:
        return []
    up, down = height(v1), depth(v1)
    limit, ratio, right = book["rvh.r"], book["rvh.ratio"], book["axis.right"]
    if printed(up, "mV") >= limit.value and up > down:
        said = [against("R wave in lead V1", up, AT_LEAST, limit, book), "R higher than S in V1"]
        return [finding("EC221", Severity.ABNORMAL, said, limit.id, leads=("V1",), mark="qrs")]
    over = up / down if down else up * 100
    if axis is not None and axis > right.value and up > 0 and over > ratio.value:
        said = [
            against("R over S in V1", over, ABOVE, ratio, book),
            against("QRS axis", axis, ABOVE, right, book),
        ]
        return [finding("EC221", Severity.ABNORMAL, said, ratio.id, leads=("V1",), mark="qrs")]
    return []


def _low(facts: EcgFacts, book: RuleBook) -> list[Finding]:
    for leads, key, where in ((LIMBS, "low.limb", "limb"), (CHEST, "low.chest", "chest")):
        spans = [facts.leads[x].qrs_pp_mv for x in leads if x in facts.leads]
        known = [span for span in spans if span is not None]
        limit = book[key]
        if len(known) == len(leads) and max(known) < limit.value:
            said = [against(f"largest QRS of the {where} leads", max(known), BELOW, limit, book)]
            return [finding("EC219", Severity.ABNORMAL, said, limit.id, leads=leads, mark="qrs")]
    return []
