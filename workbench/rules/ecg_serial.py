"""A tracing against the patient's one before: what is new, what came back, what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from workbench.domain.context import PatientContext, PriorTracing
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_evidence import ABOVE, AT_LEAST, against, finding
from workbench.rules.ecg_st import CHEST, FRONTAL, neighbours, st_leads

FIRST = "no prior tracing: counts as first found"
ASKS_PRIOR = frozenset({"EC001", "EC009", "EC022", "EC102", "EC206", "EC211"})
INFARCTS = frozenset({"EC001", "EC002", "EC003", "EC004", "EC008", "EC009", "EC229"})
SCAR = "EC229"
LEFT, LEFT_NEW, COMPLETE, COMPLETE_KNOWN = "EC211", "EC112", "EC022", "EC107"
ST = "st_j_mv."


def prior_of(
    numbers: EcgFacts | Mapping[str, float | None], codes: Sequence[str] = ()
) -> PriorTracing:
    """Make a prior tracing comparable.

    Parameters
    ----------
    numbers : EcgFacts or mapping of str to float or None
        Its facts, or its measurements by name as a screening keeps them (``st_j_mv.V2`` ...).
    codes : sequence of str, optional
        Codes of its screening or, better, of its signed report.

    Returns
    -------
    PriorTracing
        What the serial rules need.
    """
    if isinstance(numbers, EcgFacts):
        st = {name: one.j for name, one in st_leads(numbers).items() if name != "-aVR"}
    else:
        st = {
            name.removeprefix(ST): value
            for name, value in numbers.items()
            if name.startswith(ST) and value is not None
        }
    return PriorTracing(st, frozenset(codes))


def compared(
    found: Sequence[Finding],
    facts: EcgFacts,
    prior: PriorTracing | None,
    context: PatientContext,
    book: RuleBook,
) -> tuple[Finding, ...]:
    """Let the prior tracing speak.

    Parameters
    ----------
    found : sequence of Finding
        Statements of this tracing alone.
    facts : EcgFacts
        This tracing.
    prior : PriorTracing or None
        The one before; None says so and counts everything as first found.
    context : PatientContext
        Chest pain.
    book : RuleBook
        Must hold ``serial.*`` and ``rate.very_slow``.

    Returns
    -------
    tuple of Finding
        The statements, with EC008, EC107, EC112 and EC117 added or put in place of others.
    """
    if prior is None:
        return tuple(
            replace(f, evidence=f"{f.evidence}; {FIRST}") if f.code in ASKS_PRIOR else f
            for f in found
        )
    seen: list[Finding] = []
    for one in found:
        if one.code == "EC001":
            seen += _again(one, facts, prior, context, book)
        elif one.code == LEFT and LEFT not in prior.codes and LEFT_NEW not in prior.codes:
            seen += [one, *_new_left(one, context)]
        elif one.code == COMPLETE and prior.signed and {COMPLETE, COMPLETE_KNOWN} & prior.codes:
            seen.append(_known_block(one, facts, book))
        else:
            seen.append(one)
    named = {f.code for f in seen}
    if not named & {"EC001", "EC007", "EC008", "EC009", "EC010"}:
        seen += _changed(facts, prior, book)
    return tuple(seen)


def _rise(facts: EcgFacts, prior: PriorTracing) -> dict[str, float]:
    """Change of ST by lead, for leads of both tracings."""
    return {
        name: round(round(st.j, 2) - round(prior.st_j_mv[name], 2), 2)
        for name, st in st_leads(facts).items()
        if name in prior.st_j_mv
    }


def _again(
    one: Finding, facts: EcgFacts, prior: PriorTracing, context: PatientContext, book: RuleBook
) -> list[Finding]:
    """Elevation over an old infarction: unchanged (aneurysm) or back again (EC008)."""
    same = book["serial.same"]
    rise = _rise(facts, prior)
    raised = [name for name in str(one.place.get("leads", "")).split(", ") if name in rise]
    if not raised:
        return [replace(one, evidence=f"{one.evidence}; ST of the prior tracing not known")]
    most = max(abs(rise[name]) for name in raised)
    old = bool(prior.codes & INFARCTS)
    # only a scar that a doctor signed, days ago, makes raised ST an old matter: a tracing that is
    # repeated after a quarter of an hour is as raised as the first
    scar = prior.signed and SCAR in prior.codes and prior.hours >= book["serial.scar"].value
    if most < same.value and scar and context.chest_pain is Known.NO:
        said = f"ST unchanged against the prior tracing (at most {most:.2f} mV): aneurysm possible"
        return [replace(one, severity=Severity.URGENT, evidence=f"{one.evidence}; {said}")]
    if most < same.value or not old:
        said = f"against the prior tracing ST differs by up to {most:.2f} mV"
        return [replace(one, evidence=f"{one.evidence}; {said}")]
    clauses = [
        against("rise of ST against the prior tracing", most, AT_LEAST, same, book),
        "infarction in the prior tracing",
    ]
    again = finding("EC008", Severity.CRITICAL, clauses, same.id, leads=tuple(raised), mark="j")
    return [again, one]


def _new_left(one: Finding, context: PatientContext) -> list[Finding]:
    said = f"{one.evidence}; not on the prior tracing"
    if context.chest_pain is Known.YES:
        said += "; chest pain reported: treat as infarction"
    return [replace(one, code=LEFT_NEW, severity=Severity.URGENT, evidence=said)]


def _known_block(one: Finding, facts: EcgFacts, book: RuleBook) -> Finding:
    """A known complete block is critical only at the rate of severe bradycardia."""
    limit, rate = book["rate.very_slow"], facts.rhythm.rate_bpm
    if not round(rate) > limit.value:
        return one
    said = against("known from the prior tracing, ventricular rate", rate, ABOVE, limit, book)
    return replace(
        one, code=COMPLETE_KNOWN, severity=Severity.URGENT, evidence=f"{one.evidence}; {said}"
    )


def _changed(facts: EcgFacts, prior: PriorTracing, book: RuleBook) -> list[Finding]:
    limit = book["serial.st"]
    rise = _rise(facts, prior)
    found: list[str] = []
    for side in (1, -1):
        moved = [n for n, change in rise.items() if side * round(change, 2) >= limit.value]
        found += [n for n in neighbours(moved, (FRONTAL, CHEST)) if n not in found]
    if not found:
        return []
    clauses = [
        against(f"change of ST in lead {n}", abs(rise[n]), AT_LEAST, limit, book) for n in found
    ]
    clauses.append("repeat the tracing in 15 to 30 minutes")
    return [finding("EC117", Severity.URGENT, clauses, limit.id, leads=tuple(found), mark="j")]
