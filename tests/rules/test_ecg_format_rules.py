"""The format gate: both sides of each limit, and nothing to say about a clean tracing."""

import numpy as np
import pytest

from tests import make
from workbench import editions
from workbench.domain.trace import LEADS, Trace
from workbench.rules.ecg_format import check_format

BOOK = editions.rule_book("ecg-format-2026.1")
CLEAN = make.make_trace()


def changed(rate=None, leads=LEADS, calibrated=True, **rows) -> Trace:
    values = {lead: CLEAN.lead(lead).copy() for lead in leads}
    values |= {lead: np.asarray(row, np.float32) for lead, row in rows.items()}
    return Trace(
        millivolts=np.stack([values[lead] for lead in leads]),
        rate=rate or CLEAN.rate,
        leads=tuple(leads),
        calibrated=calibrated,
    )


def codes(trace):
    return [fault.code for fault in check_format(trace, BOOK)]


def test_a_clean_tracing_has_nothing_against_it():
    assert codes(CLEAN) == []


@pytest.mark.parametrize(("rate", "said"), [(249.9, ["rate_low"]), (250.0, []), (1000.0, [])])
def test_a_rate_under_the_limit_is_named(rate, said):
    assert codes(changed(rate)) == said


def test_a_missing_lead_is_named_and_a_computed_one_is_not_missing():
    [fault] = check_format(changed(leads=[n for n in LEADS if n != "V4"]), BOOK)
    assert (fault.code, fault.leads) == ("leads_missing", ("V4",))
    assert fault.text == "11 of 12 standard leads, missing: V4"
    derived = Trace(
        millivolts=CLEAN.millivolts, rate=CLEAN.rate, derived=("III", "aVR", "aVL", "aVF")
    )
    assert codes(derived) == []


def test_two_leads_with_the_same_samples_are_named_together():
    [fault] = check_format(changed(V5=CLEAN.lead("V4"), V6=CLEAN.lead("V4")), BOOK)
    assert (fault.code, fault.leads) == ("leads_repeated", ("V4", "V5", "V6"))
    nearly = CLEAN.lead("V4").copy()
    nearly[7] += 0.005
    assert codes(changed(V5=nearly)) == []


def test_two_dead_leads_are_flat_and_not_repeated():
    still = np.zeros(CLEAN.millivolts.shape[1])
    [fault] = check_format(changed(V1=still, V2=still), BOOK)
    assert (fault.code, fault.leads) == ("lead_flat", ("V1", "V2"))
    assert "V1 flat: 10 s against 2.5 s" in fault.text


def test_a_lead_at_its_rail_is_saturated():
    assert codes(changed(V2=np.clip(CLEAN.lead("V2") * 3, -0.2, 0.2))) == ["lead_saturated"]


@pytest.mark.parametrize(("share", "said"), [(0.19, []), (0.21, ["lead_gaps"])])
def test_a_lead_that_was_hardly_recorded_is_named(share, said):
    row = CLEAN.lead("V3").copy()
    row[: round(share * row.size)] = np.nan
    assert codes(changed(V3=row)) == said


@pytest.mark.parametrize(("off", "said"), [(0.049, []), (0.051, ["limb_leads_disagree"])])
def test_limb_leads_that_contradict_each_other_are_named(off, said):
    exact = CLEAN.lead("I").astype(float) + CLEAN.lead("III")
    assert codes(changed(II=exact + off)) == said


def test_what_is_not_calibrated_says_so_and_its_amplitude_is_not_judged():
    assert codes(changed(calibrated=False, V2=CLEAN.lead("V2") * 1000)) == ["not_calibrated"]


@pytest.mark.parametrize(
    ("factor", "said"),
    [(1000.0, ["amplitude_implausible"]), (1.0, [])],
)
def test_a_lead_in_a_wrong_unit_has_an_implausible_amplitude(factor, said):
    assert codes(changed(V2=CLEAN.lead("V2") * factor)) == said


@pytest.mark.parametrize(("most", "said"), [(14.9, []), (15.1, ["amplitude_implausible"])])
def test_the_largest_plausible_amplitude(most, said):
    row = CLEAN.lead("V2").astype(float)
    each = round(CLEAN.rate)
    largest = max(np.ptp(row[at : at + each]) for at in range(0, row.size, each))
    assert codes(changed(V2=row * most / largest)) == said


def test_drift_is_no_amplitude():
    slow = np.linspace(0, 60, CLEAN.millivolts.shape[1])
    assert "amplitude_implausible" not in codes(changed(V2=CLEAN.lead("V2") + slow))


def test_all_leads_far_too_small_is_a_wrong_unit():
    tiny = {lead: CLEAN.lead(lead) / 100 for lead in LEADS}
    said = codes(changed(**tiny))
    assert "amplitude_implausible" in said
