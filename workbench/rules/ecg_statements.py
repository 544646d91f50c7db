"""All statements of one ECG: every rule is asked, conflicts are settled, the whole is summed up."""

from collections.abc import Callable, Mapping

from workbench.domain.context import PatientContext, PriorTracing
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_atrium import judge_atria
from workbench.rules.ecg_av_block import judge_av_block
from workbench.rules.ecg_axis import judge_axis
from workbench.rules.ecg_conduction import judge_conduction
from workbench.rules.ecg_conflicts import settled
from workbench.rules.ecg_coronary import judge_coronary
from workbench.rules.ecg_ectopy import judge_ectopy
from workbench.rules.ecg_electrolytes import judge_electrolytes
from workbench.rules.ecg_embolism import judge_cold, judge_embolism
from workbench.rules.ecg_infarct import judge_infarct
from workbench.rules.ecg_ischaemia import judge_ischaemia
from workbench.rules.ecg_pacing import judge_pacing
from workbench.rules.ecg_qt import judge_qt
from workbench.rules.ecg_rhythm_names import judge_pauses, judge_rates, judge_rhythm
from workbench.rules.ecg_serial import compared, prior_of
from workbench.rules.ecg_summary import summarise
from workbench.rules.ecg_t_waves import judge_t_waves
from workbench.rules.ecg_tachycardia import judge_tachycardia
from workbench.rules.ecg_variants import judge_variants
from workbench.rules.ecg_voltage import judge_voltage
from workbench.rules.ecg_wide_qrs import judge_wide_qrs

Rule = Callable[[EcgFacts, PatientContext, RuleBook], tuple[Finding, ...]]

ECG_RULES: tuple[Rule, ...] = (
    judge_tachycardia,
    judge_rates,
    judge_pauses,
    judge_av_block,
    judge_rhythm,
    judge_pacing,
    judge_ectopy,
    judge_ischaemia,
    judge_wide_qrs,
    judge_coronary,
    judge_qt,
    judge_electrolytes,
    judge_embolism,
    judge_variants,
    judge_cold,
    judge_conduction,
    judge_axis,
    judge_voltage,
    judge_atria,
    judge_infarct,
    judge_t_waves,
)
_ORDER = list(Severity)


def judge_ecg(
    facts: EcgFacts,
    context: PatientContext,
    book: RuleBook,
    prior: EcgFacts | Mapping[str, float | None] | PriorTracing | None = None,
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
    prior : EcgFacts, PriorTracing or mapping of str to float or None, optional
        The patient's tracing before this one: its facts, its measurements by name, or both numbers
        and codes (`prior_of`); by default what the context knows of it. Without one everything
        counts as first found.

    Returns
    -------
    tuple of Finding
        Empty under the adult age: no paediatric rulebook exists, and the screening says so.

    Raises
    ------
    BadRuleBook
        If the book lacks a limit.
    """
    if context.age_years is not None and context.age_years < book["age.adult_from"].value:
        return ()
    found = [one for rule in ECG_RULES for one in rule(facts, context, book)]
    before = _before(context.prior if prior is None else prior, context, book)
    found = list(compared(found, facts, before, context, book))
    kept = settled(found, facts.technical)
    whole = (*kept, *summarise(kept, facts))
    return tuple(sorted(whole, key=lambda one: _ORDER.index(one.severity)))


def _before(
    prior: EcgFacts | Mapping[str, float | None] | PriorTracing | None,
    context: PatientContext,
    book: RuleBook,
) -> PriorTracing | None:
    """What the prior tracing says by itself, judged by the same book."""
    if prior is None or isinstance(prior, PriorTracing):
        return prior
    if isinstance(prior, EcgFacts):
        return prior_of(prior, [one.code for one in judge_ecg(prior, context, book)])
    return prior_of(prior)
