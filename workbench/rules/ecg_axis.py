"""QRS axis in the frontal plane."""

from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import EcgFacts
from workbench.rules.ecg_evidence import ABOVE, AT_MOST, BELOW, against, finding, printed

LIMBS = ("I", "aVF")
NORTH_WEST = "axis in the upper right quadrant: extreme deviation or exchanged limb electrodes"


def judge_axis(facts: EcgFacts, context: PatientContext, book: RuleBook) -> tuple[Finding, ...]:
    """Say whether the axis deviates.

    Parameters
    ----------
    facts : EcgFacts
        Axis in degrees, -180 to 180.
    context : PatientContext
        Not used; every rule has the same shape.
    book : RuleBook
        Must hold ``axis.*``.

    Returns
    -------
    tuple of Finding
        EC217, EC218 or nothing; nothing when the axis could not be measured.
    """
    del context
    axis = facts.number("qrs_axis_deg")
    if axis is None:
        return ()
    axis = printed(axis, "deg")
    left, end, right = book["axis.left"], book["axis.left_end"], book["axis.right"]
    if axis < end.value:
        said = [against("QRS axis", axis, BELOW, end, book), NORTH_WEST]
        return (finding("EC218", Severity.ABNORMAL, said, end.id, leads=LIMBS, mark="qrs"),)
    if axis <= left.value:
        said = [against("QRS axis", axis, AT_MOST, left, book)]
        return (finding("EC217", Severity.ABNORMAL, said, left.id, leads=LIMBS, mark="qrs"),)
    if axis > right.value:
        said = [against("QRS axis", axis, ABOVE, right, book)]
        return (finding("EC218", Severity.ABNORMAL, said, right.id, leads=LIMBS, mark="qrs"),)
    return ()
