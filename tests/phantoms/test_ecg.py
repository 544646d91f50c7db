import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_fronts import fibrillation
from workbench.phantoms.ecg_leads import leads_of_electrodes
from workbench.phantoms.ecg_loops import QRS, trace_loop
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise

SILENT = EcgNoise(wander_mv=0, muscle_mv=0, mains_mv=0)


def drawn(seed=0, seconds=10.0, rate_hz=500.0, **case):
    return make_ecg(EcgCase(**case), seconds, rate_hz, np.random.default_rng(seed))


def lead(made, name):
    return made.trace.lead(name).astype(float)


@given(st.integers(0, 10_000), st.sampled_from(Rhythm))
@settings(max_examples=25, deadline=None)
def test_einthoven_and_goldberger_hold_in_every_recording(seed, rhythm):
    rate = {"sinus": 75, "atrial fibrillation": 95, "bradycardia": 40, "tachycardia": 150}[rhythm]
    made = drawn(seed, rhythm=rhythm, rate_bpm=rate, seconds=3.0)
    one, two = lead(made, "I"), lead(made, "II")
    for name, value in (
        ("III", two - one),
        ("aVR", -(one + two) / 2),
        ("aVL", one - two / 2),
        ("aVF", two - one / 2),
    ):
        np.testing.assert_allclose(lead(made, name), value, atol=1e-6)


def test_the_same_generator_draws_the_same_recording():
    assert np.array_equal(drawn(3).trace.millivolts, drawn(3).trace.millivolts)
    assert not np.array_equal(drawn(3).trace.millivolts, drawn(4).trace.millivolts)


@pytest.mark.parametrize(("rhythm", "rate"), [
    (Rhythm.SINUS, 70), (Rhythm.BRADY, 25), (Rhythm.TACHY, 250), (Rhythm.AF, 110),
])  # fmt: skip
def test_the_truth_holds_the_rate_of_the_beats_inside(rhythm, rate):
    truth = drawn(rhythm=rhythm, rate_bpm=rate, seconds=60.0).truth
    assert truth["rate_bpm"] == pytest.approx(rate, rel=0.04)
    assert truth["rate_bpm"] == pytest.approx(60 / np.diff(truth["r_times_s"]).mean(), rel=1e-3)


def test_fibrillation_has_no_p_and_no_two_intervals_alike():
    truth = drawn(rhythm=Rhythm.AF, rate_bpm=90, seconds=60.0).truth
    assert truth["p_present"] is False
    assert (truth["pr_ms"], truth["p_onsets_s"]) == (None, [])
    rr = np.array(truth["rr_s"])
    assert rr.std() / rr.mean() > 0.12
    assert abs(np.corrcoef(rr[1:], rr[:-1])[0, 1]) < 0.35


def test_fibrillation_shows_f_waves_largest_in_v1_of_the_chest_leads():
    case = EcgCase(rhythm=Rhythm.AF, rate_bpm=40, noise=SILENT)
    made = make_ecg(case, 20.0, 500.0, np.random.default_rng(1))
    quiet = np.ones(10_000, dtype=bool)
    for r in made.truth["r_times_s"]:
        quiet[max(0, int((r - 0.1) * 500)) : int((r + 0.7) * 500)] = False
    size = {n: lead(made, n)[quiet].std() for n in ("V1", "V2", "V4", "V6")}
    assert max(size, key=size.get) == "V1"
    assert 0.02 < size["V1"] < 0.2


@pytest.mark.parametrize("axis", [-25.0, 0.0, 30.0, 60.0, 85.0])
def test_the_axis_is_the_one_asked_for(axis):
    for seed in range(5):
        assert drawn(seed, axis_deg=axis).truth["axis_deg"] == pytest.approx(axis, abs=2)


@pytest.mark.parametrize("seed", range(12))
def test_a_normal_recording_has_the_shape_a_cardiologist_expects(seed):
    made = drawn(seed, noise=SILENT, rate_bpm=70, seconds=8.0)
    onset = made.truth["r_times_s"][3] - 0.046
    part = slice(round((onset - 0.01) * 500), round((onset + 0.10) * 500))
    base = round((onset - 0.02) * 500)
    r, s = {}, {}
    for name in made.trace.leads:
        qrs = lead(made, name)[part] - lead(made, name)[base]
        r[name], s[name] = qrs.max(), -qrs.min()
    assert r["V1"] < s["V1"], "rS in V1"
    assert r["V5"] > s["V5"], "R dominates in V5"
    assert r["V6"] > s["V6"], "R dominates in V6"
    assert r["V1"] < r["V2"] < r["V4"], "R grows from V1 to V4"
    assert s["V1"] + r["V5"] < 4.5
    assert s["aVR"] > r["aVR"]
    assert 0.02 < s["V6"] < 0.5, "small q or s in V6"
    assert 0.4 < r["II"] < 2.5
    after = slice(round((onset + 0.15) * 500), round((onset + 0.42) * 500))
    for name in ("I", "II", "V3", "V4", "V5", "V6"):
        t = (lead(made, name)[after] - lead(made, name)[base]).max()
        assert 0.05 < t < 1.2, f"T upright in {name}"
    assert (lead(made, "aVR")[after] - lead(made, "aVR")[base]).min() < -0.05


def test_p_precedes_qrs_by_the_pr_asked_for():
    made = drawn(noise=SILENT, pr_ms=180.0)
    onsets, truth = np.array(made.truth["p_onsets_s"]), made.truth
    two = lead(made, "II")
    start = round(onsets[2] * 500)
    assert np.ptp(two[start + 10 : start + 55]) > 0.06
    r = np.array(truth["r_times_s"])
    qrs_after = r[r > onsets[2]][0]
    assert 0.180 < qrs_after - onsets[2] < 0.180 + truth["qrs_ms"] / 1000


def test_a_loop_is_zero_outside_its_span_and_begins_smoothly():
    times = np.arange(0, 0.3, 0.001)
    vectors, _ = trace_loop(QRS, 0.1, 0.09, times)
    assert np.all(vectors[:, (times < 0.1) | (times > 0.1901)] == 0)
    assert np.linalg.norm(vectors[:, times <= 0.103], axis=0).max() < 0.02


def test_the_noise_of_electrodes_obeys_the_definitions_of_the_leads():
    chance = np.random.default_rng(0)
    leads = leads_of_electrodes(electrode_noise(EcgNoise(), np.arange(1000) / 500, 0.2, chance))
    np.testing.assert_allclose(leads[1], leads[0] + leads[2], atol=1e-12)
    np.testing.assert_allclose(leads[3] + leads[4] + leads[5], 0, atol=1e-12)


def test_no_two_beats_of_a_recording_are_alike():
    made = drawn(5, noise=SILENT, rate_bpm=60)
    two, p_onsets = lead(made, "II"), made.truth["p_onsets_s"]
    heights = np.array([two[round(500 * t) : round(500 * t) + 60].max() for t in p_onsets[1:-1]])
    assert heights.size >= 7
    assert heights.std() / heights.mean() > 0.03


def test_f_waves_run_at_five_to_nine_per_second_and_never_evenly():
    times = np.arange(5000) / 500
    for seed in range(20):
        front = fibrillation(times, np.random.default_rng(seed))[2]
        power = np.abs(np.fft.rfft(front * np.hanning(front.size))) ** 2
        hertz = np.fft.rfftfreq(front.size, 1 / 500)
        assert 4.8 < hertz[power.argmax()] < 9.2
        near = np.abs(hertz - hertz[power.argmax()]) < 0.15
        assert power[near].sum() / power.sum() < 0.85  # an even wave has all of it there


def test_a_normal_recording_does_not_pass_for_a_large_left_ventricle():
    sums = []
    for seed in range(20):
        made = drawn(seed, noise=SILENT)
        sums.append(-lead(made, "V1").min() + max(lead(made, "V5").max(), lead(made, "V6").max()))
    assert np.median(sums) < 3.2
    assert np.mean(np.array(sums) > 3.5) <= 0.15  # Sokolow and Lyon 1949


def test_mains_above_half_the_sampling_rate_are_left_out():
    chance = np.random.default_rng(0)
    sizes = EcgNoise(wander_mv=0, muscle_mv=0, mains_mv=1.0, mains_hz=60.0)
    assert not electrode_noise(sizes, np.arange(500) / 100, 0.2, chance).any()


@pytest.mark.parametrize(
    "case",
    [
        {"rate_bpm": 200},
        {"rhythm": Rhythm.BRADY, "rate_bpm": 10},
        {"pr_ms": 20},
        {"qrs_ms": 500},
        {"qt_ms": 150},
    ],
)
def test_a_case_out_of_range_is_refused_with_the_range(case):
    with pytest.raises(ValueError, match="drawn"):
        EcgCase(**case)


def test_a_recording_too_short_for_a_beat_is_refused():
    with pytest.raises(ValueError, match="at least 1 s"):
        drawn(seconds=0.5)
