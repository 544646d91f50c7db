"""ST elevation and depression where QRS is narrow, or blocked on the right only."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import AtrialRhythm, EcgFacts
from workbench.rules.ecg_evidence import AT_LEAST, against, depth, finding, printed
from workbench.rules.ecg_st import (
    BACK,
    CHEST,
    FRONT,
    FRONTAL,
    RIGHT,
    StLead,
    elevated_leads,
    is_depressed,
    neighbours,
    noisy_leads,
    st_leads,
)
from workbench.rules.ecg_territory import place_names, posterior, right_ventricle, territories
from workbench.rules.ecg_variants import like_brugada, like_early_repolarisation
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide
from workbench.rules.ecg_voltage import left_voltage

PAIN = {
    Known.YES: "chest pain reported",
    Known.NO: "no chest pain reported",
    Known.UNKNOWN: "chest pain unknown, so the more careful grade is taken",
}
UNDER_LVH = "left ventricular voltage: elevation in V1 to V3 counted from a quarter of S"
IN_FLUTTER = "flutter waves lift and lower ST: look at the segments between them"
STRAIN = frozenset({"I", "aVL", "V4", "V5", "V6"})


def judge_ischaemia(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Say whether ST is raised or lowered as the Universal Definition has it.

    Parameters
    ----------
    facts : EcgFacts
        ST of the leads; nothing is said where QRS is wide (see `workbench.rules.ecg_wide_qrs`).
    context : PatientContext
        Age and sex choose limits, chest pain the grade of depression.
    book : RuleBook
        Must hold ``ste.*``, ``std.*``, ``st.*``, ``main.*``, ``reciprocal.*``,
        ``posterior.*`` and ``lvh.*``.

    Returns
    -------
    tuple of Finding
        EC001 with EC002 to EC006 as names of its place, EC005, EC006 or EC007.

    References
    ----------
    .. [1] Thygesen K et al. Fourth Universal Definition of Myocardial Infarction. Circulation
       2018;138:e618-e651.
    .. [2] Armstrong EJ et al. Electrocardiographic criteria for ST-elevation myocardial infarction
       in patients with left ventricular hypertrophy. Am J Cardiol 2012;110:977-983.
    """
    if is_wide(facts, book):
        return ()
    raised = judge_elevation(facts, context, book)
    if any(one.code == "EC001" for one in raised):
        return raised
    behind = any(one.code == "EC005" for one in raised)
    low = [one for one in _depression(facts, context, book) if not (behind and _front_only(one))]
    if any(one.rule == book["main.leads"].id for one in low):  # V1 to V3 are low among many
        raised = tuple(one for one in raised if one.rule != book["posterior.depth"].id)
    return (*raised, *low)


def judge_elevation(
    facts: EcgFacts, context: PatientContext, book: RuleBook
) -> tuple[Finding, ...]:
    """Say whether two neighbouring leads are raised to their limits.

    Parameters
    ----------
    facts : EcgFacts
        ST of the leads.
    context : PatientContext
        Age, sex and chest pain.
    book : RuleBook
        Must hold ``ste.*``, ``st.*``, ``reciprocal.*``, ``posterior.*`` and ``lvh.*``.

    Returns
    -------
    tuple of Finding
        EC001 and the names of its place; EC005 or EC006 alone when only those leads are raised, or
        when V1 to V3 look at the posterior wall; EC305 or EC109 where a variant explains all.
    """
    large = left_voltage(facts, context, book)

    def counts(st: StLead) -> bool:
        if not large or st.name not in {"V1", "V2", "V3"}:
            return True
        s = depth(facts.leads[st.name])
        return s <= 0 or st.j / s >= book["lvh.st_share"].value

    raised, said = elevated_leads(facts, context, book, counts)
    main = {name: st for name, st in raised.items() if name not in {*BACK, *RIGHT}}
    behind = (*posterior(facts, context, book), *right_ventricle(facts, context, book))
    if not main:
        return behind
    variant = like_brugada(facts, main, book) or like_early_repolarisation(
        facts, context, main, book
    )
    if variant is not None:
        return (variant, *behind)
    where = territories(main)
    shown = tuple(name.removeprefix("-") for name in main)
    clauses = [
        *said,
        *_list_limits(main, book),
        *_reciprocal(facts, main, book),
        *((UNDER_LVH,) if large else ()),
        *_unsure(facts, book),
        f"wall of the heart: {place_names(where)}",
    ]
    rule, grade = _rule(said), Severity.CRITICAL
    if facts.atria.rhythm is AtrialRhythm.FLUTTER:
        clauses.append(IN_FLUTTER)
        highest = max(st.j for st in main.values())
        pain = context.chest_pain is Known.YES
        if not pain and printed(highest, "mV") < book["ste.over_flutter"].value:
            grade = Severity.URGENT
    first = finding("EC001", grade, clauses, rule, leads=shown, mark="j")
    named = tuple(
        finding(
            code, Severity.URGENT,
            ["names the place of EC001", f"ST raised in {', '.join(leads)}", *_ask(code, facts)],
            rule, leads=leads, mark="j",
        )
        for code, leads in where.items()
    )  # fmt: skip
    return (first, *named, *(replace(one, severity=Severity.URGENT) for one in behind))


def _rule(said: tuple[str, ...]) -> str:
    return said[0].rpartition("[")[2].partition(",")[0]


def _list_limits(main: Mapping[str, StLead], book: RuleBook) -> tuple[str, ...]:
    """Whether the Chinese lists, which know no age and no sex, would call it too."""
    v1_v3, other = book["ste.list_v1_v3"], book["ste.list_other"]
    for name, st in main.items():
        limit = v1_v3 if name in {"V1", "V2", "V3"} else other
        if printed(st.j, limit.unit) >= limit.value:
            return (against(f"limit of the list met in lead {name}", st.j, AT_LEAST, limit, book),)
    return ("limits of the critical-value list not met: those of the Universal Definition are",)


def _reciprocal(facts: EcgFacts, main: Mapping[str, StLead], book: RuleBook) -> tuple[str, ...]:
    limit = book["reciprocal.depth"]
    low = [
        st
        for name, st in st_leads(facts).items()
        if name not in main and name not in {"aVR", "-aVR"} and -st.j >= limit.value
    ]
    if not low:
        return ("no reciprocal depression; it is not required",)
    return (f"reciprocal depression in {', '.join(st.name for st in low)}",)


def _unsure(facts: EcgFacts, book: RuleBook) -> tuple[str, ...]:
    noisy = noisy_leads(facts, book)
    return (f"ST not assessed for noise in {', '.join(noisy)}",) if noisy else ()


def _ask(code: str, facts: EcgFacts) -> tuple[str, ...]:
    if code != "EC003" or {"V4R", "V7"} & set(facts.leads):
        return ()
    return ("record V3R to V5R and V7 to V9",)


def _depression(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    if excitation(facts, book) is Excitation.UNKNOWN:
        return ()
    all_st = st_leads(facts)
    main = _left_main(all_st, book)
    if main is not None:
        return (main,)
    asked = book["std.contiguous" if context.chest_pain is Known.YES else "std.unasked"]
    right_block = excitation(facts, book) is Excitation.RIGHT_BLOCK
    off = {"V1", "V2", "V3"} if right_block else set()
    low = [
        name
        for name, st in all_st.items()
        if name not in {"aVR", "V1", *off, *RIGHT, *BACK} and is_depressed(st, asked, book)
    ]
    kept = neighbours(low, (FRONTAL, CHEST))
    if not kept or _strain(facts, context, kept, book):
        return ()
    clauses = [
        against(f"ST depression at J in lead {name}", -all_st[name].j, AT_LEAST, asked, book)
        for name in kept
    ]
    grade = Severity.URGENT if context.chest_pain is Known.NO else Severity.CRITICAL
    clauses += ["horizontal or down-sloping", PAIN[context.chest_pain], *_unsure(facts, book)]
    shown = tuple(name.removeprefix("-") for name in kept)
    return (finding("EC007", grade, clauses, asked.id, leads=shown, mark="j"),)


def _front_only(one: Finding) -> bool:
    """Depression that is the mirror of the posterior wall."""
    return set(str(one.place["leads"]).split(", ")) <= {"V1", "V2", "V3", "V4"}


def _strain(facts: EcgFacts, context: PatientContext, low: tuple[str, ...], book: RuleBook) -> bool:
    """Lateral depression under left ventricular voltage, without pain: secondary."""
    if context.chest_pain is Known.YES or not left_voltage(facts, context, book):
        return False
    return set(low) <= STRAIN


def _left_main(all_st: Mapping[str, StLead], book: RuleBook) -> Finding | None:
    limit, count, up = book["main.depth"], book["main.leads"], book["main.avr"]
    low = [
        st for name, st in all_st.items()
        if name in {*FRONTAL, *FRONT} - {"-aVR"} and printed(-st.j, limit.unit) >= limit.value
    ]  # fmt: skip
    high = [
        all_st[name]
        for name in ("aVR", "V1")
        if name in all_st and printed(all_st[name].j, up.unit) >= up.value
    ]
    if len(low) < count.value or not high:
        return None
    clauses = [
        against("leads with ST depression of 1 mm", len(low), AT_LEAST, count, book),
        *(against(f"ST depression at J in lead {s.name}", -s.j, AT_LEAST, limit, book)
          for s in low),
        *(against(f"ST at J in lead {s.name}", s.j, AT_LEAST, up, book) for s in high),
        "left main or several vessels",
    ]  # fmt: skip
    shown = tuple(s.name for s in (*high, *low))
    return finding("EC007", Severity.CRITICAL, clauses, count.id, leads=shown, mark="j")
