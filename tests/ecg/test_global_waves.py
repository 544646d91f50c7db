"""Marks on drawn beats against their truth, and what must not be marked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.global_waves import global_waves
from workbench.ecg.p_wave import NOT_LOCKED, TOO_FEW
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg


def marked(trace):
    times = find_beats(trace).times_s
    beat = dominant_beat(trace, times)
    return global_waves(beat, float(np.diff(times).mean())), beat


def drawn(rate=72.0, rhythm=Rhythm.SINUS, seed=5, hz=500.0, **given):
    case = EcgCase(rhythm=rhythm, rate_bpm=rate, **given)
    return make_ecg(case, 10.0, hz, np.random.default_rng(seed)).trace


@pytest.mark.parametrize("hz", [250.0, 500.0, 1000.0])
@pytest.mark.parametrize(
    ("rate", "qrs", "pr"), [(60, 90, 160), (75, 140, 180), (90, 84, 130), (55, 100, 240)]
)
def test_intervals_of_drawn_beats_are_measured(rate, qrs, pr, hz):
    rhythm = Rhythm.BRADY if rate < 60 else Rhythm.SINUS
    waves, _ = marked(drawn(rate, rhythm, hz=hz, qrs_ms=qrs, pr_ms=pr))
    at = waves.marks_ms
    assert at["j"] - at["qrs_on"] == pytest.approx(qrs, abs=20)
    assert at["qrs_on"] - at["p_on"] == pytest.approx(pr, abs=20)
    assert at["p_on"] < at["p_off"] <= at["qrs_on"] < at["j"] < at["t_end"]
    assert not waves.reasons


@pytest.mark.parametrize("seed", range(8))
def test_fibrillation_has_no_p_and_says_so(seed):
    waves, _ = marked(drawn(60 + 8 * seed, Rhythm.AF, seed=seed))
    assert waves.marks_ms["p_on"] is None
    assert waves.reasons["p_on"] in (NOT_LOCKED, TOO_FEW)
    assert waves.marks_ms["t_end"] is not None


def test_p_waves_that_march_on_their_own_are_no_pr():
    made = make_ecg(EcgCase(rhythm=Rhythm.AF, rate_bpm=45.0), 10.0, 500.0, np.random.default_rng(2))
    t = np.arange(5000) / 500.0
    size = np.array([0.09, 0.14, 0.05, -0.11, 0.02, 0.10, 0.05, 0.05, 0.06, 0.07, 0.07, 0.07])
    mv = made.trace.millivolts.astype(float)
    for at in np.arange(0.2, 10.0, 0.71):
        mv += size[:, None] * np.exp(-0.5 * ((t - at) / 0.022) ** 2)
    waves, _ = marked(Trace(mv, 500.0, LEADS))
    assert waves.marks_ms["p_on"] is None


def test_two_beats_are_too_few_to_say_that_p_is_locked():
    trace = drawn()
    beat = dominant_beat(trace, find_beats(trace).times_s[2:4])
    waves = global_waves(beat, 0.83)
    assert waves.marks_ms["p_on"] is None
    assert waves.reasons["p_on"] == TOO_FEW
    assert waves.marks_ms["qrs_on"] is not None


def test_a_pacing_spike_is_not_the_beginning_of_qrs():
    trace = drawn(70.0, Rhythm.AF, qrs_ms=150, seed=4)
    plain, beat = marked(trace)
    mv = trace.millivolts.astype(float)
    onset = plain.marks_ms["qrs_on"] / 1000 - beat.at_s
    for at in beat.times_s:
        k = round((at + onset - 0.014) * 500)
        mv[:, k : k + 2] += np.linspace(-3, 3, 12)[:, None]
    waves, paced = marked(Trace(mv, 500.0, LEADS))
    moved = (waves.marks_ms["qrs_on"] / 1000 - paced.at_s) - onset
    assert -0.012 <= moved <= 0.012
    assert np.nanmax(np.abs(paced.millivolts[:, round((paced.at_s + onset - 0.014) * 500)])) > 1.0


@settings(max_examples=12, deadline=None)
@given(st.permutations(LEADS), st.floats(0.5, 2.0), st.floats(-3.0, 3.0))
def test_order_of_leads_size_and_offset_move_no_mark(order, gain, offset):
    trace = drawn(seed=9)
    plain, _ = marked(trace)
    rows = [LEADS.index(name) for name in order]
    changed, _ = marked(Trace(gain * trace.millivolts[rows] + offset, 500.0, tuple(order)))
    for name, at in plain.marks_ms.items():
        # amplitude bars (visible T, spikes) may let one lead in or out; nothing jumps
        assert changed.marks_ms[name] == pytest.approx(at, abs=8.0), name


def test_one_lead_alone_is_measured():
    trace = drawn()
    row = trace.millivolts[[LEADS.index("II")]]
    waves, _ = marked(Trace(row, 500.0, ("II",)))
    assert waves.marks_ms["j"] - waves.marks_ms["qrs_on"] == pytest.approx(92, abs=30)
    assert waves.marks_ms["t_end"] is not None
