"""The averaged beat: which beats go in, what stays out, and that nothing is filtered away."""

import time

import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_noise import EcgNoise

QUIET = EcgNoise(muscle_mv=0.0, mains_mv=0.0, wander_mv=0.0)


def drawn(rate=72.0, rhythm=Rhythm.SINUS, seconds=10.0, hz=500.0, seed=3, **given):
    case = EcgCase(rhythm=rhythm, rate_bpm=rate, **given)
    return make_ecg(case, seconds, hz, np.random.default_rng(seed))


def averaged(trace):
    return dominant_beat(trace, find_beats(trace).times_s)


def with_ectopics(recording, which, early_s=0.25):
    """Add wide beats of another shape; their truth is where they were put."""
    trace = recording.trace
    t = np.arange(trace.millivolts.shape[1]) / trace.rate
    mv = trace.millivolts.astype(float)
    times = [recording.truth["r_times_s"][k] + early_s + 0.15 for k in which]
    shape = np.array([0.9, -1.6, -2.5, 0.3, 1.7, -2.0, -1.5, 2.2, 2.4, 1.8, -0.8, -1.2])
    for at in times:
        x = (t - at) / 0.022
        mv += shape[:, None] * (np.exp(-0.5 * x**2) - 0.7 * np.exp(-0.5 * (x - 2.5) ** 2))
        mv -= 0.3 * shape[:, None] * np.exp(-0.5 * ((t - at - 0.22) / 0.05) ** 2)
    return Trace(mv, trace.rate, trace.leads), times


def test_all_beats_of_a_regular_rhythm_go_in_and_lie_on_each_other():
    made = drawn()
    beat = averaged(made.trace)
    assert beat.left_out <= 2  # cut by an end of the strip
    apart = np.diff(beat.times_s) - np.diff(
        [min(made.truth["r_times_s"], key=lambda r: abs(r - t)) for t in beat.times_s]
    )
    assert np.abs(apart).max() < 0.004


def test_ectopic_beats_are_left_out_and_counted():
    made = drawn(rate=60.0)
    trace, times = with_ectopics(made, (3, 6), early_s=0.30)
    beat = averaged(trace)
    clean = averaged(made.trace)
    assert not [t for t in beat.times_s for e in times if abs(t - e) < 0.1]
    assert beat.left_out >= clean.left_out + 2
    around = slice(round((beat.at_s - 0.08) * 500), round((beat.at_s + 0.35) * 500))
    lead = LEADS.index("V4")
    gap = beat.millivolts[lead, around] - clean.millivolts[lead, around]
    assert np.nanmax(np.abs(gap - np.nanmedian(gap))) < 0.06


def test_in_bigeminy_the_beat_that_comes_late_is_the_patients_own():
    made = drawn(rate=50.0)
    trace, times = with_ectopics(made, range(1, 8), early_s=0.30)
    beat = averaged(trace)
    found = find_beats(trace).times_s
    assert sum(np.abs(found - e).min() < 0.1 for e in times) >= 6, "the detector must see them"
    assert not [t for t in beat.times_s for e in times if abs(t - e) < 0.1]


def test_st_is_kept_as_recorded_under_a_wandering_baseline():
    made = drawn(noise=QUIET)
    t = np.arange(5000) / 500.0
    wandering = made.trace.millivolts + 0.3 * np.sin(2 * np.pi * 0.15 * t)
    still, moved = averaged(made.trace), averaged(Trace(wandering, 500.0, LEADS))
    j = round((still.at_s + 0.06) * 500)
    level = slice(round((still.at_s - 0.07) * 500), round((still.at_s - 0.055) * 500))
    for beat in (still, moved):
        assert beat.millivolts.shape == still.millivolts.shape
    st_still = still.millivolts[:, j : j + 40] - still.millivolts[:, level].mean(1)[:, None]
    st_moved = moved.millivolts[:, j : j + 40] - moved.millivolts[:, level].mean(1)[:, None]
    assert np.abs(st_still - st_moved).max() < 0.03


@pytest.mark.parametrize("rate", [72.0, 105.0])
def test_nothing_of_the_next_qrs_enters_and_the_rest_is_a_gap(rate):
    made = drawn(rate=rate, noise=QUIET)
    beat = averaged(made.trace)
    rr = 60.0 / rate
    end = round((beat.at_s + rr - 0.05) * 500)
    if end < beat.millivolts.shape[1]:
        assert np.isnan(beat.millivolts[:, end:]).all()
    tail = beat.millivolts[:, round((beat.at_s + 0.5 * rr) * 500) : end]
    assert np.nanmax(np.abs(np.diff(tail, axis=1))) < 0.03  # no flank of a QRS


def test_a_gap_of_one_lead_stays_a_gap_and_the_others_are_averaged():
    made = drawn()
    mv = made.trace.millivolts.copy()
    mv[LEADS.index("V3")] = np.nan
    mv[LEADS.index("V1"), 1200:1800] = np.nan
    beat = averaged(Trace(mv, 500.0, LEADS))
    assert np.isnan(beat.millivolts[LEADS.index("V3")]).all()
    centre = slice(round((beat.at_s - 0.2) * 500), round((beat.at_s + 0.4) * 500))
    assert np.isfinite(beat.millivolts[LEADS.index("V1"), centre]).all()
    assert np.isfinite(beat.millivolts[LEADS.index("II"), centre]).all()
    assert np.isnan(beat.noise_mv[LEADS.index("V3")])


def test_noise_between_beats_is_told_per_lead():
    made = drawn(noise=QUIET)
    noisy = made.trace.millivolts.copy()
    noisy[LEADS.index("V5")] += np.random.default_rng(0).normal(0, 0.08, 5000)
    quiet, loud = averaged(made.trace), averaged(Trace(noisy, 500.0, LEADS))
    k = LEADS.index("V5")
    assert loud.noise_mv[k] == pytest.approx(np.hypot(quiet.noise_mv[k], 0.08), abs=0.015)
    assert loud.noise_mv[LEADS.index("II")] == pytest.approx(
        quiet.noise_mv[LEADS.index("II")], abs=0.005
    )


def test_a_strip_without_room_for_a_beat_gives_none():
    made = drawn()
    assert dominant_beat(made.trace, np.array([0.05])) is None
    assert dominant_beat(made.trace, np.empty(0)) is None


@pytest.mark.parametrize("hz", [128.0, 250.0, 1000.0])
def test_the_rate_of_sampling_is_kept(hz):
    beat = averaged(drawn(hz=hz).trace)
    assert beat.rate == hz
    assert beat.at_s * hz == pytest.approx(round(beat.at_s * hz))


def test_a_long_recording_is_averaged_without_end_of_patience():
    made = drawn(seconds=300.0, hz=250.0)
    times = find_beats(made.trace).times_s
    start = time.process_time()
    beat = dominant_beat(made.trace, times)
    assert beat.times_s.size > 100
    assert time.process_time() - start < 3.0
