"""The same heart gives the same numbers however it is written down; poor recordings give fewer."""

import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beat_marks import measure
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.global_waves import global_waves
from workbench.ecg.lead_waves import lead_waves
from workbench.ecg.wave_errors import wave_errors
from workbench.phantoms.ecg import EcgCase, make_ecg

SOME = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")


def drawn(hz=500.0, seconds=10.0, seed=8, **case):
    made = make_ecg(EcgCase(rate_bpm=72.0, **case), seconds, hz, np.random.default_rng(seed))
    return made.trace


def numbers(trace):
    times = find_beats(trace).times_s
    beat, rr_s = dominant_beat(trace, times), float(np.diff(times).mean())
    waves = global_waves(beat, rr_s)
    rows = dict(zip(beat.leads, beat.millivolts.tolist(), strict=True))
    said = measure(rows, beat.rate, waves.marks_ms, 1000 * rr_s)
    return said, lead_waves(beat, waves.marks_ms), wave_errors(beat, waves, rr_s)


def only(trace, names):
    return Trace(trace.millivolts[[trace.leads.index(n) for n in names]], trace.rate, names)


@pytest.mark.parametrize(("step_uv", "zero"), [(1.0, 0), (2.44, 2048), (5.0, -700), (4.88, 1)])
def test_gain_and_offset_of_the_file_change_nothing(step_uv, zero):
    trace = drawn()
    stored = np.round(trace.millivolts.astype(float) * 1000 / step_uv).astype(np.int64) + zero
    read = Trace((stored - zero) * step_uv / 1000, 500.0, LEADS)
    plain, waves, _ = numbers(trace)
    again, waves_again, _ = numbers(read)
    for name in ("pr_ms", "qrs_ms", "qt_ms", "heart_rate_bpm"):
        assert again[name] == pytest.approx(plain[name], abs=4.0), name
    for name in ("p_axis_deg", "qrs_axis_deg", "t_axis_deg"):
        assert again[name] == pytest.approx(plain[name], abs=2.0), name
    for lead in LEADS:
        assert again["st_j_mv"][lead] == pytest.approx(plain["st_j_mv"][lead], abs=0.02)
        for field in ("q_mv", "r_mv", "s_mv", "t_max_mv", "p_max_mv"):
            one, other = getattr(waves[lead], field), getattr(waves_again[lead], field)
            assert other == pytest.approx(one, abs=0.035), (lead, field)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_leads_changes_nothing(seed):
    trace = drawn()
    order = tuple(np.random.default_rng(seed).permutation(LEADS).tolist())
    plain, waves, errors = numbers(trace)
    again, waves_again, errors_again = numbers(only(trace, order))
    assert again["pr_ms"] == plain["pr_ms"]
    assert again["qrs_ms"] == plain["qrs_ms"]
    assert again["qt_ms"] == pytest.approx(plain["qt_ms"])
    for lead in LEADS:
        for field in ("q_mv", "r_mv", "s_mv", "st_j_mv", "t_max_mv", "p_max_mv", "notches"):
            one, other = getattr(waves[lead], field), getattr(waves_again[lead], field)
            assert other == pytest.approx(one, abs=1e-6), (lead, field)
    assert set(errors) == set(errors_again)


@pytest.mark.parametrize("hz", [128.0, 250.0, 257.0, 1000.0])
def test_other_sampling_rates_measure_the_same_heart(hz):
    said, waves, errors = numbers(drawn(hz, qrs_ms=100, pr_ms=170))
    assert said["pr_ms"] == pytest.approx(170, abs=20)
    assert said["qrs_ms"] == pytest.approx(100, abs=20)
    usual, usual_waves, _ = numbers(drawn(500.0, qrs_ms=100, pr_ms=170))
    assert said["qt_ms"] == pytest.approx(usual["qt_ms"], abs=25)
    assert said["qrs_axis_deg"] == pytest.approx(usual["qrs_axis_deg"], abs=15)
    assert waves["V5"].r_mv == pytest.approx(usual_waves["V5"].r_mv, rel=0.25)
    assert errors["qrs_ms"] > 0


@pytest.mark.parametrize("names", [SOME, ("II",), ("V1", "V2", "V3", "V4", "V5", "V6")])
def test_fewer_leads_are_measured_and_what_they_lack_is_none(names):
    trace = drawn(qrs_ms=100, pr_ms=170)
    said, waves, errors = numbers(only(trace, names))
    assert said["pr_ms"] == pytest.approx(170, abs=25)
    assert said["qrs_ms"] == pytest.approx(100, abs=30)
    assert set(waves) == set(names)
    assert said["qrs_axis_deg"] is None
    assert said["reasons"]["qrs_axis_deg"]
    assert "qrs_axis_deg" not in errors


def test_a_short_strip_is_measured_with_a_larger_error_or_says_why_not():
    said, waves, errors = numbers(drawn(seconds=3.0))
    assert said["qrs_ms"] == pytest.approx(92, abs=25)
    assert set(waves) == set(LEADS)
    assert said["pr_ms"] is None or errors["pr_ms"] > 0
    assert (said["pr_ms"] is None) == ("pr_ms" in said["reasons"])


def test_gaps_leave_the_other_leads_as_they_were():
    trace = drawn()
    mv = trace.millivolts.astype(float)
    mv[LEADS.index("V3"), 1500:] = np.nan
    mv[:, 2200:2300] = np.nan
    plain, waves, _ = numbers(trace)
    said, found, _ = numbers(Trace(mv, 500.0, LEADS))
    assert said["qrs_ms"] == pytest.approx(plain["qrs_ms"], abs=10)
    assert found["V5"].r_mv == pytest.approx(waves["V5"].r_mv, rel=0.1)


def test_a_dead_lead_has_no_waves_and_moves_no_mark():
    trace = drawn()
    mv = trace.millivolts.astype(float)
    mv[LEADS.index("V2")] = 0.0
    plain, *_ = numbers(trace)
    said, waves, _ = numbers(Trace(mv, 500.0, LEADS))
    assert said["qrs_ms"] == pytest.approx(plain["qrs_ms"], abs=8)
    assert (waves["V2"].q_mv, waves["V2"].r_mv, waves["V2"].qrs_pp_mv) == (0.0, 0.0, 0.0)
