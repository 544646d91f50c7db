"""All statements of one ECG: every rule is asked, conflicts are settled, the whole is summed up."""

from collections.abc import Callable, Mapping

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_axis import judge_axis
from workbench.rules.ecg_conduction import judge_conduction
from workbench.rules.ecg_conflicts import settled
from workbench.rules.ecg_summary import summarise

Rule = Callable[[EcgFacts, PatientContext, RuleBook], tuple[Finding, ...]]
Prior = EcgFacts | Mapping[str, float | None]

ECG_RULES: tuple[Rule, ...] = (judge_conduction, judge_axis)
_ORDER = list(Severity)


def judge_ecg(
    facts: EcgFacts,
    context: PatientContext,
    book: RuleBook,
    prior: Prior | None = None,
) -> tuple[Finding, ...]:
    """Say everything the facts support, the gravest first.

    Parameters
    ----------
    facts : EcgFacts
        What was measured.
    context : PatientContext
        Age, sex, symptoms and potassium; what is not known makes rules choose with care, and they
        say so.
    book : RuleBook
        Adult book with the profile of the examining institution laid over it.
    prior : EcgFacts or mapping of str to float or None, optional
        The patient's tracing before this one; without it everything counts as first found.

    Returns
    -------
    tuple of Finding
        Empty under the adult age: no paediatric rulebook exists, and the screening says so.

    Raises
    ------
    BadRuleBook
        If the book lacks a limit.
    """
    del prior  # serial rules come with ecg_serial
    if context.age_years is not None and context.age_years < book["age.adult_from"].value:
        return ()
    found = [one for rule in ECG_RULES for one in rule(facts, context, book)]
    kept = settled(found, facts.technical)
    whole = (*kept, *summarise(kept, facts))
    return tuple(sorted(whole, key=lambda one: _ORDER.index(one.severity)))
