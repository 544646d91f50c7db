import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ecg.atrial import p_locking
from workbench.ecg.beats import find_beats
from workbench.ecg.rhythm import is_irregular, measure_rhythm, recording_gaps
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg


def test_the_rate_is_60_over_mean_rr_and_not_over_median_rr():
    beats = np.array([0.0, 1.0, 2.0, 3.0, 3.6])
    assert measure_rhythm(beats, 10.0).rate_bpm == pytest.approx(60 / 0.9)


def test_a_regular_rhythm_has_no_variation():
    rhythm = measure_rhythm(np.arange(0.3, 10, 0.8), 10.0)
    assert rhythm.variation == pytest.approx(0, abs=1e-9)
    assert is_irregular(rhythm, 0.10) is False


def test_one_early_beat_does_not_make_a_rhythm_irregular():
    beats = np.delete(np.arange(0.3, 10, 0.8), 5)
    rhythm = measure_rhythm(np.sort(np.append(beats, 3.9)), 10.0)
    assert is_irregular(rhythm, 0.10) is False
    assert rhythm.spread > 0.10


@pytest.mark.parametrize(
    ("beats", "reason"), [([], "0 QRS complexes"), ([4.0], "1 QRS complex in")]
)
def test_too_few_beats_give_no_rate_but_a_reason(beats, reason):
    rhythm = measure_rhythm(np.array(beats), 10.0)
    assert np.isnan(rhythm.rate_bpm)
    assert reason in rhythm.rate_reason
    assert rhythm.rate_reason.startswith("not measurable, because")


def test_four_beats_have_a_rate_but_no_regularity():
    rhythm = measure_rhythm(np.array([1.0, 3.0, 5.0, 7.0]), 10.0)
    assert rhythm.rate_bpm == pytest.approx(30)
    assert is_irregular(rhythm, 0.10) is None
    assert "fewer than 5" in rhythm.variation_reason


def test_the_longest_silence_may_lie_at_the_end_and_is_then_at_least_so_long():
    rhythm = measure_rhythm(np.arange(0.5, 6.0, 1.0), 10.0)
    assert rhythm.longest.at_least
    assert rhythm.longest.seconds == pytest.approx(4.5)


def test_no_interval_is_measured_across_a_gap():
    beats = np.array([0.5, 1.5, 2.5, 6.5, 7.5, 8.5, 9.5])
    rhythm = measure_rhythm(beats, 10.0, ((3.0, 6.0),))
    assert rhythm.rr_s.max() == pytest.approx(1.0)
    assert rhythm.longest.seconds == pytest.approx(1.0)


def test_without_beats_there_is_no_pause_to_measure():
    rhythm = measure_rhythm(np.empty(0), 10.0)
    assert rhythm.longest is None
    assert "no QRS complex" in rhythm.longest_reason


@pytest.mark.parametrize("beats", [[2.0, 1.0], [-0.1, 1.0], [1.0, 11.0]])
def test_impossible_times_are_refused(beats):
    with pytest.raises(ValueError, match="ascending"):
        measure_rhythm(np.array(beats), 10.0)


def test_gaps_are_given_in_seconds():
    recorded = np.ones(1000, dtype=bool)
    recorded[100:200] = False
    recorded[900:] = False
    assert recording_gaps(recorded, 100.0) == ((1.0, 2.0), (9.0, 10.0))


@given(st.floats(0.25, 2.4), st.floats(0.0, 0.2))
def test_the_rate_of_an_even_rhythm_is_exact_and_its_pause_is_no_shorter_than_its_rr(rr, start):
    beats = np.arange(start, 10.0, rr)
    rhythm = measure_rhythm(beats, 10.0)
    assert rhythm.rate_bpm == pytest.approx(60 / rr)
    assert rhythm.longest.seconds >= rr - 1e-9


@given(st.lists(st.floats(0.25, 3.0), min_size=4, max_size=30), st.floats(0.5, 2.0))
def test_variation_does_not_depend_on_the_unit_of_time(rr, factor):
    beats = np.concatenate([[0.0], np.cumsum(rr)])
    one = measure_rhythm(beats, beats[-1] + 1)
    two = measure_rhythm(beats * factor, beats[-1] * factor + 1)
    assert one.variation == pytest.approx(two.variation, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("rhythm", "rate"), [(Rhythm.SINUS, 70), (Rhythm.BRADY, 45)])
def test_p_waves_of_sinus_rhythm_are_locked(rhythm, rate, seed):
    case = EcgCase(rhythm=rhythm, rate_bpm=rate)
    made = make_ecg(case, 10.0, 500.0, np.random.default_rng(seed))
    assert p_locking(made.trace, find_beats(made.trace).times_s) > 0.9


@pytest.mark.parametrize("seed", range(8))
def test_fibrillation_is_irregular_and_nothing_is_locked(seed):
    case = EcgCase(rhythm=Rhythm.AF, rate_bpm=90)
    made = make_ecg(case, 10.0, 500.0, np.random.default_rng(seed))
    beats = find_beats(made.trace).times_s
    assert is_irregular(measure_rhythm(beats, 10.0), 0.10)
    assert p_locking(made.trace, beats) < 0.75


def test_locking_is_not_measurable_when_no_beat_has_room_before_it():
    case = EcgCase(rhythm=Rhythm.TACHY, rate_bpm=170)
    made = make_ecg(case, 10.0, 500.0, np.random.default_rng(0))
    assert np.isnan(p_locking(made.trace, find_beats(made.trace).times_s))
