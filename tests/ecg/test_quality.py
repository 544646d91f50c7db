import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.quality import Fault, QualityLimits, check_leads, usable_leads
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg

LIMITS = QualityLimits(
    flat_range_mv=0.02,
    flat_s=2.5,
    rail_share=0.01,
    gap_share=0.20,
    wander_mv=1.4,
    muscle_mv=0.05,
    mains_mv=0.10,
    step_mv=0.5,
    spike_mv=0.5,
    least_repeat=0.6,
    least_mv=0.05,
    most_mv=20.0,
)


def clean(seed=0, **case):
    return make_ecg(EcgCase(**case), 10.0, 500.0, np.random.default_rng(seed)).trace


def with_fault(change, lead="V2"):
    own = np.array(clean().millivolts)
    change(own[LEADS.index(lead)])
    return Trace(own, 500.0)


def kinds(trace):
    return {(f.lead, f.fault) for f in check_leads(trace, LEADS, LIMITS)}


def flat(row):
    row[:] = 0.3


def half_flat(row):
    row[2500:] = 0.3


def gone(row):
    row[:1500] = np.nan


def clipped(row):
    np.clip(row, -0.2, 0.2, out=row)


def blocked(row):
    row[1000:2000] = 5.0


def jumping(row):
    row[2500:] += 1.5


def crackling(row):
    row[300::900] += 2.0


def drifting(row):
    row += 2.0 * np.sin(np.arange(row.size) / 500)


def humming(row):
    row += 0.3 * np.sin(2 * np.pi * 50 * np.arange(row.size) / 500)


def trembling(row):
    row += np.random.default_rng(1).normal(0, 0.2, row.size)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (flat, Fault.FLAT),
        (half_flat, Fault.PARTLY_FLAT),
        (gone, Fault.GAPS),
        (clipped, Fault.CLIPPED),
        (blocked, Fault.SATURATED),
        (jumping, Fault.STEP),
        (crackling, Fault.SPIKES),
        (drifting, Fault.WANDER),
        (humming, Fault.MAINS),
        (trembling, Fault.MUSCLE),
    ],
)
def test_each_fault_is_named_with_its_lead(change, fault):
    assert kinds(with_fault(change)) == {("V2", fault)}


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_recording_has_no_fault(seed):
    assert not kinds(clean(seed))


def test_a_slow_heart_is_not_flat():
    assert not kinds(clean(rhythm=Rhythm.BRADY, rate_bpm=25))


def test_a_missing_lead_is_named_and_the_rest_judged():
    own = clean()
    fewer = Trace(own.millivolts[:-1], 500.0, LEADS[:-1])
    assert kinds(fewer) == {("V6", Fault.MISSING)}


def test_disabling_faults_take_a_lead_out_and_noise_does_not():
    silent, shaky = with_fault(flat), with_fault(trembling)
    assert "V2" not in usable_leads(silent, check_leads(silent, LEADS, LIMITS))
    assert "V2" in usable_leads(shaky, check_leads(shaky, LEADS, LIMITS))


def test_the_words_hold_value_and_limit():
    (fault,) = check_leads(with_fault(gone), LEADS, LIMITS)
    assert fault.says() == "V2 gaps: 30 % against 20 %"


def test_a_gap_just_under_the_limit_is_no_fault():
    def short(row):
        row[:999] = np.nan

    assert not kinds(with_fault(short))


def test_a_spike_that_many_leads_see_is_the_pacemakers():
    own = np.array(clean().millivolts)
    own[6:, 300::900] += 2.0
    assert not kinds(Trace(own, 500.0))
