"""Kinds of beats, what the atria do, stimuli: on drawn cases whose truth is known."""

import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.facts import AtrialRhythm, BeatClass, Ventricles
from workbench.ecg.filters import calm_leads, independent_leads
from workbench.ecg.pacing import pacing_facts
from workbench.ecg.rhythm_facts import rhythm_facts
from workbench.ecg.ventricles import ventricular_facts
from workbench.phantoms.ecg_cases import case, names
from workbench.phantoms.ecg_leads import leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise


def facts(name, seed=1, **how):
    trace = case(name, seed=seed, **how).trace
    leads = independent_leads(trace)
    beats = find_beats(trace).times_s
    return rhythm_facts(trace, beats, dominant_beat(trace, beats, leads), leads)


def ventricles(trace):
    leads = independent_leads(trace)
    beats = find_beats(trace)
    return ventricular_facts(calm_leads(trace, leads), beats.clarity, beats.times_s)


@pytest.mark.parametrize(
    ("name", "how", "rhythm"),
    [
        ("sinus", {}, AtrialRhythm.LOCKED_P),
        ("sinus", {"rate_bpm": 25.0}, AtrialRhythm.LOCKED_P),
        ("sinus", {"pr_ms": 320.0}, AtrialRhythm.LOCKED_P),
        ("af", {}, AtrialRhythm.NO_P),
        ("af", {"rate_bpm": 150.0}, AtrialRhythm.NO_P),
        ("flutter", {}, AtrialRhythm.FLUTTER),
        ("flutter", {"conduction": "3:1"}, AtrialRhythm.FLUTTER),
        ("flutter", {"conduction": "varying"}, AtrialRhythm.FLUTTER),
        ("av_block_3", {}, AtrialRhythm.DISSOCIATED_P),
        ("av_block_3", {"rate_bpm": 45.0, "escape": "narrow"}, AtrialRhythm.DISSOCIATED_P),
        ("av_block_2", {}, AtrialRhythm.DROPPED_P),
        ("av_block_2", {"type": "II"}, AtrialRhythm.DROPPED_P),
        ("av_block_2", {"type": "2:1"}, AtrialRhythm.DROPPED_P),
    ],
)
@pytest.mark.parametrize("seed", [1, 3])
def test_the_atria_are_seen(name, how, rhythm, seed):
    _, atria, _ = facts(name, seed, **how)
    assert atria.rhythm is rhythm, atria


@pytest.mark.parametrize(("conduction", "each"), [("4:1", 4), ("3:1", 3)])
def test_the_rate_of_flutter_waves_is_right(conduction, each):
    _, atria, _ = facts("flutter", conduction=conduction)
    assert atria.rate_bpm == pytest.approx(300, abs=4)
    assert f"{each}.0 for each QRS" in atria.evidence
    assert set(atria.pr_s) == {None}


def test_p_waves_of_complete_block_are_counted_and_have_no_pr():
    _, atria, _ = facts("av_block_3")
    assert atria.rate_bpm == pytest.approx(82, abs=2)
    assert set(atria.pr_s) == {None}


def test_pr_grows_before_a_dropped_beat_of_type_one():
    beats, atria, _ = facts("av_block_2")
    at = np.array([b.at_s for b in beats])
    for blocked in atria.blocked_s[:2]:
        before, after = np.flatnonzero(at < blocked), np.flatnonzero(at > blocked)
        if before.size and after.size:
            assert atria.pr_s[before[-1]] > atria.pr_s[after[0]] + 0.03


def kinds(name, **how):
    return "".join(
        {BeatClass.EARLY_WIDE: "V", BeatClass.EARLY_NARROW: "a"}.get(b.kind, ".")
        for b in facts(name, **how)[0]
    )


def test_wide_premature_beats_are_told_from_usual_ones():
    assert kinds("pvc").strip(".") in {"V", "V......V"}
    assert "VV" in kinds("pvc", pattern="pairs")
    assert "V.V.V.V" in kinds("pvc", pattern="bigeminy")
    assert "V..V..V" in kinds("pvc", pattern="trigeminy")
    assert "VVV" in kinds("pvc", pattern="run")


def test_narrow_premature_beats_are_told_from_usual_ones():
    said = kinds("pac")
    assert said.count("a") == 2
    assert "V" not in said


@pytest.mark.parametrize("name", ["sinus", "lbbb", "rbbb", "af", "stemi_anterior"])
def test_nothing_is_premature_where_nothing_is(name):
    assert set(kinds(name)) == {"."}


@pytest.mark.parametrize(
    ("how", "chambers"),
    [({}, "ventricular"), ({"mode": "atrial"}, "atrial"), ({"mode": "dual"}, "both")],
)
def test_stimuli_are_found_with_their_chamber(how, chambers):
    _, _, pacing = facts("paced", **how)
    assert pacing.chambers == chambers
    assert all(pacing.captured)


def test_stimuli_without_answer_are_told():
    _, _, pacing = facts("paced_failure", seed=2)
    assert 0 < sum(pacing.captured) < len(pacing.captured)


@pytest.mark.parametrize("name", ["sinus", "lvh", "stemi_anterior", "vt"])
def test_no_stimulus_is_seen_where_there_is_none(name):
    assert facts(name)[2].spikes_s == ()


def test_a_slow_sampling_rate_says_that_it_cannot_show_stimuli():
    trace = case("sinus", seed=1, rate_hz=250.0).trace
    beats = find_beats(trace).times_s
    seen = pacing_facts(trace, independent_leads(trace), beats, -0.05)
    assert "250 samples/s are too few" in seen.reason


@pytest.mark.parametrize(
    ("name", "how", "kind"),
    [
        ("vf", {}, Ventricles.FIBRILLATION),
        ("vf", {"amplitude_mv": 0.3}, Ventricles.FIBRILLATION),
        ("ventricular_flutter", {}, Ventricles.FLUTTER),
        ("vt", {"rate_bpm": 240.0}, Ventricles.TACHYCARDIA),
        ("torsades", {}, Ventricles.TORSADES),
        ("vt_polymorphic", {}, Ventricles.POLYMORPHIC),
        ("asystole", {}, Ventricles.SILENT),
        ("asystole", {"atria": "none"}, Ventricles.SILENT),
        ("sinus", {}, Ventricles.ORGANISED),
        ("svt", {"rate_bpm": 235.0}, Ventricles.ORGANISED),
        ("af", {"rate_bpm": 210.0}, Ventricles.ORGANISED),
        ("lbbb", {}, Ventricles.ORGANISED),
        ("hyperkalaemia", {}, Ventricles.ORGANISED),
        ("low_voltage", {"limb_mv": 0.2}, Ventricles.ORGANISED),
    ],
)
def test_what_the_ventricles_do_is_told(name, how, kind):
    assert ventricles(case(name, seed=1, **how).trace).kind is kind


def test_loud_noise_of_electrodes_is_neither_fibrillation_nor_silence():
    chance = np.random.default_rng(0)
    loud = electrode_noise(EcgNoise(muscle_mv=0.2), np.arange(5000) / 500, 0.25, chance)
    assert ventricles(Trace(leads_of_electrodes(loud), 500.0, LEADS)).kind is Ventricles.UNCLEAR


def test_leads_without_any_noise_are_not_called_silent():
    flat = Trace(np.zeros((12, 5000)) + 0.1, 500.0, LEADS)
    seen = ventricular_facts(calm_leads(flat, LEADS), float("nan"), np.empty(0))
    assert seen.kind is Ventricles.UNCLEAR


def test_wide_qrs_have_one_time_each():
    trace = case("vt", seed=1).trace
    rr = np.diff(find_beats(trace).times_s)[1:-2]  # the ends of a strip cut beats
    assert rr.std() < 0.01


def test_p_waves_beside_a_smooth_escape_are_no_beats():
    made = case("av_block_3", seed=3)
    found, true = find_beats(made.trace).times_s, np.array(made.truth["r_times_s"])
    assert all(np.abs(true - t).min() < 0.15 for t in found)


@pytest.mark.parametrize("rate_bpm", [109.5, 118.5, 121.5, 150.0])
@pytest.mark.parametrize("seed", [1, 12])
def test_p_waves_that_ride_on_a_tachycardia_of_the_ventricles_are_no_beats(rate_bpm, seed):
    made = case("vt", seed=seed, rate_bpm=rate_bpm)
    true = np.array(made.truth["r_times_s"])
    found = find_beats(made.trace).times_s
    assert abs(found.size - true.size) <= 1  # one may be cut by an end of the strip
    near = np.abs(found[:, None] - true[None]).min(axis=1)
    assert near[:-1].max() <= 0.06


def test_a_fast_wide_rhythm_without_rest_stands_out_by_its_likeness():
    beats = find_beats(case("vt", seed=1, origin="high").trace)
    assert beats.clarity > 3


@pytest.mark.parametrize("seed", [1, 3, 11, 12])
def test_a_beat_early_after_a_large_one_is_not_taken_for_its_t(seed):
    made = case("af_preexcited", seed=seed)
    rr = 1000 * np.diff(find_beats(made.trace).times_s)
    assert rr.min() == pytest.approx(1000 * made.truth["rr_shortest_s"], abs=25)


def test_two_tall_stimuli_are_believed_beside_small_sharp_points():
    _, _, pacing = facts("paced_failure", failure="output")
    assert len(pacing.spikes_s) == 2
    assert all(pacing.captured)


def test_qrs_that_come_at_one_phase_make_no_train_of_p():
    _, atria, _ = facts("av_block_3", 1, rate_bpm=41.5)
    assert atria.rhythm is not AtrialRhythm.DISSOCIATED_P or atria.rate_bpm > 60


@pytest.mark.parametrize("rate_bpm", [90.0, 110.0, 125.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_small_qrs_between_large_ones_are_beats(rate_bpm, seed):
    made = case("electrical_alternans", seed=seed, rate_bpm=rate_bpm)
    found = find_beats(made.trace).times_s
    assert abs(found.size - len(made.truth["r_times_s"])) <= 1


@pytest.mark.parametrize("pattern", ["single", "bigeminy", "trigeminy", "multifocal"])
@pytest.mark.parametrize("seed", [1, 2])
def test_premature_beats_cost_no_usual_beat(pattern, seed):
    made = case("pvc", seed=seed, pattern=pattern)
    found = find_beats(made.trace).times_s
    assert abs(found.size - len(made.truth["r_times_s"])) <= 1


@pytest.mark.parametrize("atrial_bpm", [242.0, 250.0, 257.0])
@pytest.mark.parametrize("seed", [50, 51, 53])
def test_flutter_of_which_every_second_wave_is_conducted_is_seen(atrial_bpm, seed):
    _, atria, _ = facts("flutter", seed, conduction="2:1", atrial_bpm=atrial_bpm)
    assert atria.rhythm is AtrialRhythm.FLUTTER
    assert atria.rate_bpm == pytest.approx(atrial_bpm, abs=6)


FAST = [(name, rate) for name in ("sinus", "stemi_inferior", "stemi_anterior", "rbbb")
        for rate in (112.0, 118.0, 124.0, 130.0)
        if rate <= names()[name].asks["rate_bpm"].most]  # fmt: skip


@pytest.mark.parametrize(("name", "rate_bpm"), FAST)
def test_a_fast_sinus_rhythm_is_no_flutter(name, rate_bpm):
    assert len(FAST) >= 12
    _, atria, _ = facts(name, 51, rate_bpm=rate_bpm)
    assert atria.rhythm is not AtrialRhythm.FLUTTER
