import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.filters import independent_leads
from workbench.ecg.second_beats import second_look, single_lead_beats
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_leads import leads_of_dipole, leads_of_electrodes
from workbench.phantoms.ecg_loops import QRS, T, trace_loop, turned
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise

HEAVY = EcgNoise(muscle_mv=0.05, mains_mv=0.05, wander_mv=0.2)


def drawn(rate, noise=None, rate_hz=500.0, seed=0, **case):
    rhythm = Rhythm.BRADY if rate < 60 else Rhythm.SINUS if rate <= 110 else Rhythm.TACHY
    noise = EcgNoise() if noise is None else noise
    chosen = EcgCase(**{"rhythm": rhythm, "rate_bpm": rate, "noise": noise, **case})
    return make_ecg(chosen, 10.0, rate_hz, np.random.default_rng(seed))


def rate_of(times):
    return 60 * (times.size - 1) / (times[-1] - times[0])


@pytest.mark.parametrize("noise", [EcgNoise(), HEAVY], ids=["usual", "heavy"])
@pytest.mark.parametrize("rate", [25, 34, 36, 45, 60, 90, 130, 160, 185, 199, 201, 230, 250])
def test_the_rate_is_right_from_25_to_250(rate, noise):
    made = drawn(rate, noise, seed=rate)
    assert rate_of(find_beats(made.trace).times_s) == pytest.approx(made.truth["rate_bpm"], abs=1)


@pytest.mark.parametrize("rate", [25, 60, 150, 200, 250])
def test_the_second_detector_agrees_with_the_truth_within_ten_per_cent(rate):
    made = drawn(rate, seed=rate)
    assert second_look(made.trace).rate_bpm == pytest.approx(made.truth["rate_bpm"], rel=0.05)


def test_beats_lie_within_20_ms_of_the_true_r():
    made = drawn(72)
    true = np.array(made.truth["r_times_s"])
    found = find_beats(made.trace).times_s
    assert found.size == true[(true > 0.03) & (true < 9.97)].size
    assert max(np.abs(true - t).min() for t in found) <= 0.020


@pytest.mark.parametrize("rate_hz", [128.0, 250.0, 360.0, 1000.0])
def test_the_sampling_rate_does_not_change_the_beats(rate_hz):
    made = drawn(88, rate_hz=rate_hz)
    true = made.truth["rate_bpm"]
    assert rate_of(find_beats(made.trace).times_s) == pytest.approx(true, abs=1)


def test_neither_scale_nor_offset_nor_lead_order_changes_the_beats():
    made = drawn(95)
    plain = find_beats(made.trace).times_s
    moved = Trace(made.trace.millivolts[::-1] * 0.5 + 2.0, 500.0, LEADS[::-1])
    assert np.array_equal(find_beats(moved).times_s, plain)


def test_one_electrode_full_of_noise_costs_no_beat():
    made = drawn(80)
    loud = np.array(made.trace.millivolts)
    loud[LEADS.index("V3")] += np.random.default_rng(1).normal(0, 3, loud.shape[1])
    true = made.truth["rate_bpm"]
    assert rate_of(find_beats(Trace(loud, 500.0)).times_s) == pytest.approx(true, abs=1)


def test_pacing_spikes_are_not_beats_and_hide_none():
    made = drawn(62, seed=4)
    plain = find_beats(made.trace).times_s
    spiked = np.array(made.trace.millivolts)
    for at in made.truth["r_times_s"]:
        for before in (0.20, 0.05):  # atrial and ventricular
            k = round((at - before) * 500)
            if k >= 0:
                spiked[:, k : k + 2] += 2.5
    found = find_beats(Trace(spiked, 500.0)).times_s
    assert found.size == plain.size
    assert np.abs(found - plain).max() <= 0.05


@pytest.mark.parametrize("coupling_s", [0.45, 0.55])
def test_a_wide_early_beat_of_another_shape_is_found(coupling_s):
    made = drawn(60, seed=2)
    early = made.truth["r_times_s"][4] + coupling_s
    times = np.arange(5000) / 500
    ectopic = turned(QRS, 150.0, 40.0, 1.6)
    repolarisation = turned(T, -30.0, 40.0, 1.8)
    beat = trace_loop(ectopic, early - 0.07, 0.15, times)[0]
    beat = beat + trace_loop(repolarisation, early + 0.08, 0.26, times)[0]
    leads = leads_of_dipole(beat, np.zeros_like(beat))
    found = find_beats(Trace(made.trace.millivolts + leads, 500.0)).times_s
    assert np.abs(found - early).min() <= 0.08
    assert found.size == find_beats(made.trace).times_s.size + 1


def test_no_beat_is_reported_inside_a_gap_of_all_leads():
    made = drawn(75)
    holed = np.array(made.trace.millivolts)
    holed[:, 2000:3000] = np.nan
    found = find_beats(Trace(holed, 500.0)).times_s
    assert not np.any((found > 4.0) & (found < 6.0))
    assert found.size >= 8


@pytest.mark.parametrize("level", [0.0, 0.7])
def test_leads_that_stay_level_give_no_beats(level):
    flat = Trace(np.full((12, 5000), level), 500.0)
    assert find_beats(flat).times_s.size == 0
    assert np.isnan(second_look(flat).rate_bpm)


def test_nothing_recorded_gives_no_beats():
    empty = Trace(np.full((12, 5000), np.nan), 500.0)
    assert find_beats(empty).times_s.size == 0
    assert single_lead_beats(empty, "II").size == 0


def test_noise_without_a_heart_is_far_less_clear_than_any_heart():
    chance = np.random.default_rng(7)
    noise = electrode_noise(HEAVY, np.arange(5000) / 500, 0.25, chance)
    empty = find_beats(Trace(leads_of_electrodes(noise), 500.0)).clarity
    assert empty < 1.6
    assert find_beats(drawn(75, HEAVY).trace).clarity > 2 * empty


def test_six_limb_leads_count_as_two():
    trace = drawn(70).trace
    assert independent_leads(trace) == ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
    limb = Trace(trace.millivolts[2:6], 500.0, LEADS[2:6])
    assert independent_leads(limb) == ("III", "aVR")


@pytest.mark.parametrize("seed", range(6))
def test_fibrillation_keeps_every_beat(seed):
    case = EcgCase(rhythm=Rhythm.AF, rate_bpm=120)
    made = make_ecg(case, 10.0, 500.0, np.random.default_rng(seed))
    true = np.array(made.truth["r_times_s"])
    true = true[(true > 0.03) & (true < 9.97)]
    found = find_beats(made.trace).times_s
    assert found.size == true.size
    assert np.abs(found - true).max() <= 0.03
