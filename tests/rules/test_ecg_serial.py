"""A tracing beside the patient's one before."""

from dataclasses import replace

import pytest

from tests.rules.ecg_made import BOOK, MAN, codes, healthy, left_block, said, st
from workbench.domain.context import PatientContext, PriorTracing
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.rules.ecg_serial import compared, prior_of
from workbench.rules.ecg_statements import judge_ecg

PAIN = PatientContext(age_years=58, sex="M", chest_pain=Known.YES)
OLD = frozenset({"EC229"})
RAISED = healthy(V2=st(0.3), V3=st(0.3))


def test_without_a_prior_tracing_grave_statements_count_as_first_found():
    assert "counts as first found" in said(judge_ecg(RAISED, MAN, BOOK), "EC001").evidence
    with_one = judge_ecg(RAISED, MAN, BOOK, healthy())
    assert "first found" not in said(with_one, "EC001").evidence


@pytest.mark.parametrize(("before", "again"), [(0.25, True), (0.26, False)])
def test_elevation_that_came_back_over_an_old_infarction_is_a_recurrence(before, again):
    prior = PriorTracing({"V2": before, "V3": before}, OLD)
    found = judge_ecg(RAISED, MAN, BOOK, prior)
    assert ("EC008" in codes(found, Severity.CRITICAL)) is again


NO_PAIN = PatientContext(age_years=58, sex="M", chest_pain=Known.NO)


@pytest.mark.parametrize(
    ("who", "signed", "hours", "codes_before", "lowered"),
    [
        (NO_PAIN, True, 72.0, OLD, True),
        (NO_PAIN, True, 71.0, OLD, False),
        (NO_PAIN, False, 500.0, OLD, False),  # only a machine said so
        (NO_PAIN, True, 500.0, frozenset({"EC001"}), False),  # an acute one is no scar
        (MAN, True, 500.0, OLD, False),  # pain unknown: the more careful grade
        (PAIN, True, 500.0, OLD, False),
    ],
)
def test_only_a_signed_old_scar_without_pain_makes_raised_st_an_aneurysm(
    who, signed, hours, codes_before, lowered
):
    prior = PriorTracing({"V2": 0.29, "V3": 0.31}, codes_before, "", signed, hours)
    one = said(judge_ecg(RAISED, who, BOOK, prior), "EC001")
    assert (one.severity is Severity.URGENT) is lowered
    assert ("aneurysm" in one.evidence) is lowered


def test_a_prior_tracing_without_infarction_never_lowers_the_grade():
    prior = PriorTracing({"V2": 0.3, "V3": 0.3})
    assert said(judge_ecg(RAISED, MAN, BOOK, prior), "EC001").severity is Severity.CRITICAL
    assert (
        said(judge_ecg(RAISED, MAN, BOOK, PriorTracing({})), "EC001").severity is Severity.CRITICAL
    )


def test_a_left_block_is_new_when_the_prior_tracing_had_none():
    assert "EC112" in codes(judge_ecg(left_block(), MAN, BOOK, healthy()), Severity.URGENT)
    assert "EC112" not in codes(judge_ecg(left_block(), MAN, BOOK, left_block()))
    assert "EC112" not in codes(judge_ecg(left_block(), MAN, BOOK))
    hurting = judge_ecg(left_block(), PAIN, BOOK, healthy())
    assert "treat as infarction" in said(hurting, "EC112").evidence


@pytest.mark.parametrize(("mv", "told"), [(-0.09, False), (-0.10, True)])
def test_a_change_of_st_in_two_neighbours_is_told(mv: float, told: bool):
    low = healthy(V4=st(mv, slope=2.0), V5=st(mv, slope=2.0))
    assert ("EC117" in codes(judge_ecg(low, MAN, BOOK, healthy()), Severity.URGENT)) is told
    alone = healthy(V4=st(mv, slope=2.0))
    assert "EC117" not in codes(judge_ecg(alone, MAN, BOOK, healthy()))


@pytest.mark.parametrize(("rate", "code"), [(35.0, "EC022"), (36.0, "EC107")])
def test_a_known_complete_block_is_critical_only_when_very_slow(rate: float, code: str):
    block = Finding("EC022", Severity.CRITICAL, "seen", "x")
    facts = healthy(rate=rate)
    signed = PriorTracing({}, frozenset({"EC022"}), "", signed=True)
    [one] = compared([block], facts, signed, MAN, BOOK)
    assert one.code == code
    unread = PriorTracing({}, frozenset({"EC022"}))
    assert compared([block], facts, unread, MAN, BOOK)[0].severity is Severity.CRITICAL
    [first] = compared([block], facts, PriorTracing({}), MAN, BOOK)
    assert first.severity is Severity.CRITICAL


def test_stored_measurements_make_a_prior_tracing():
    prior = prior_of({"st_j_mv.V2": 0.1, "st_j_mv.V3": None, "pr_ms": 160.0}, ["EC229"])
    assert prior == PriorTracing({"V2": 0.1}, OLD)
    assert prior_of(healthy(V2=st(0.1))).st_j_mv["V2"] == 0.1
    found = judge_ecg(RAISED, MAN, BOOK, {"st_j_mv.V2": 0.1, "st_j_mv.V3": 0.1})
    assert "0.20 mV" in said(found, "EC001").evidence


def test_a_lead_without_a_prior_value_is_not_compared():
    facts = replace(RAISED, leads={n: w for n, w in RAISED.leads.items() if n != "V2"})
    assert "EC117" not in codes(judge_ecg(facts, MAN, BOOK, PriorTracing({"V2": 0.9})))
