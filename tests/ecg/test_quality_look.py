import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ecg.test_quality import LIMITS, clean
from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.quality import Fault
from workbench.ecg.quality_look import look_at_leads, look_with_beats

CLEAN = clean(4)


def looked(trace):
    first = look_at_leads(trace, LIMITS)
    return look_with_beats(first, find_beats(first.trace).times_s, LIMITS)


def with_row(lead, row):
    rows = np.array(CLEAN.millivolts)
    rows[LEADS.index(lead)] = row
    return Trace(rows, CLEAN.rate)


@pytest.mark.parametrize("lead", LEADS)
def test_a_lead_of_noise_alone_is_named_and_not_used(lead):
    noise = np.random.default_rng(1).normal(0, 0.2, CLEAN.millivolts.shape[1])
    look = looked(with_row(lead, noise))
    assert (lead, Fault.NOISE_ONLY) in {(f.lead, f.fault) for f in look.faults}
    assert lead not in look.usable or lead in look.recomputed


def test_a_loose_lead_with_a_little_hum_is_no_quiet_lead():
    hum = 0.02 * np.sin(np.arange(CLEAN.millivolts.shape[1]) / 500 * 100 * np.pi)
    look = looked(with_row("V2", hum + np.random.default_rng(1).normal(0, 0.003, hum.size)))
    assert ("V2", Fault.NOISE_ONLY) in {(f.lead, f.fault) for f in look.faults}


def test_a_lead_with_a_heart_under_noise_is_still_used():
    noise = np.random.default_rng(1).normal(0, 0.2, CLEAN.millivolts.shape[1])
    look = looked(with_row("V3", CLEAN.lead("V3") + noise))
    assert "V3" in look.usable
    assert {f.fault for f in look.faults} == {Fault.MUSCLE}


def test_a_flat_second_lead_is_replaced_by_the_sum_of_first_and_third():
    look = looked(with_row("II", 0.0))
    assert look.recomputed == ("II",)
    assert "II" in look.usable
    np.testing.assert_allclose(look.trace.lead("II"), CLEAN.lead("II"), atol=1e-5)
    assert look.limb_voltages == 2


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_wrong_units_take_away_the_millivolts_and_keep_the_leads(factor):
    look = looked(Trace(CLEAN.millivolts * factor, CLEAN.rate))
    assert not look.trace.calibrated
    assert look.amplitude_mv is not None
    assert set(look.usable) == set(LEADS)


def test_plausible_millivolts_stay():
    assert looked(CLEAN).trace is CLEAN


def test_an_uncalibrated_recording_is_judged_by_its_own_size():
    same = Trace(CLEAN.millivolts * 37.0, CLEAN.rate, calibrated=False)
    assert not looked(same).faults


@settings(max_examples=40, deadline=None)
@given(
    seconds=st.sampled_from([0.02, 0.3, 1.0, 2.5, 4.9, 8.0]),
    rate=st.sampled_from([100.0, 128.0, 250.0, 500.0, 1000.0]),
    leads=st.sampled_from([("II",), ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6"), LEADS]),
    kind=st.sampled_from(
        ["zero", "constant", "noise", "gaps", "all gaps", "huge", "tiny", "heart"]
    ),
    seed=st.integers(0, 5),
)
def test_no_recording_is_too_bad_to_be_looked_at(seconds, rate, leads, kind, seed):
    chance = np.random.default_rng(seed)
    size = max(1, round(seconds * rate))
    rows = chance.normal(0, 0.3, (len(leads), size))
    if kind == "heart" and seconds >= 1:
        drawn = clean(seed)
        rows = np.array(drawn.millivolts[: len(leads), :size], dtype=float)
        rate = drawn.rate
    rows = {
        "zero": 0.0 * rows, "constant": 0.0 * rows + 1.2, "huge": 1e6 * rows, "tiny": 1e-9 * rows,
        "all gaps": np.nan * rows, "gaps": np.where(rows > 0.2, np.nan, rows),
    }.get(kind, rows)  # fmt: skip
    look = looked(Trace(rows, rate, leads))
    missing = {f.lead for f in look.faults if f.fault is Fault.MISSING}
    assert missing == set(LEADS) - set(leads)
    assert all(np.isfinite([f.value, f.limit, f.from_s, f.to_s]).all() for f in look.faults)
    if kind in {"zero", "constant", "all gaps"}:
        assert not look.usable or seconds < 1


@settings(max_examples=25, deadline=None)
@given(gain=st.floats(0.8, 1.25), offset=st.floats(-1.0, 1.0), seed=st.integers(0, 20))
def test_gain_and_offset_make_no_fault_of_a_clean_recording(gain, offset, seed):
    drawn = clean(seed)
    assert not looked(Trace(gain * drawn.millivolts + offset, drawn.rate)).faults
