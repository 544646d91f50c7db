"""The worst finding decides, in the order of gravity."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.finding import Finding, FindingTerm, Gate, Screening, Severity

ORDER = [Severity.CRITICAL, Severity.URGENT, Severity.ABNORMAL, Severity.NORMAL, Severity.TECHNICAL]


def make_screening(severities):
    return Screening(
        screener="s", version="1", rulebook="b", digest="d", modality="ECG", assessed=True,
        reason="", gate=Gate(accepted=True),
        findings=tuple(Finding("EC301", s, "") for s in severities),
    )  # fmt: skip


def test_severities_stand_in_the_order_of_gravity():
    assert list(Severity) == ORDER


@given(st.lists(st.sampled_from(Severity), min_size=1))
def test_the_worst_finding_does_not_depend_on_the_order_found(severities):
    worst = make_screening(severities).worst
    assert worst is make_screening(severities[::-1]).worst
    assert worst is min(severities, key=ORDER.index)


def test_nothing_found_is_not_normal():
    assert make_screening([]).worst is None


def test_a_term_asks_for_a_side_only_when_its_notes_say_so():
    term = FindingTerm("DR001", "DR", "气胸", "pneumothorax", Severity.CRITICAL)
    assert not term.needs_side
    asked = FindingTerm(
        "DR001", "DR", "气胸", "pneumothorax", Severity.CRITICAL, {"side": "required"}
    )
    assert asked.needs_side
