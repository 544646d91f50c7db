"""Standard errors against what repeated recordings of the same heart really scatter by."""

import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beat_marks import measure
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.global_waves import global_waves
from workbench.ecg.wave_errors import METHOD_MS, wave_errors
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_noise import EcgNoise

CALM = EcgNoise(muscle_mv=0.0, mains_mv=0.0, wander_mv=0.0)


def heart(rhythm=Rhythm.SINUS, seed=3):
    case = EcgCase(rhythm=rhythm, rate_bpm=70.0, noise=CALM)
    return make_ecg(case, 10.0, 500.0, np.random.default_rng(seed)).trace


def noisy(trace, sd_mv, seed):
    shake = np.random.default_rng(seed).normal(0.0, sd_mv, trace.millivolts.shape)
    return Trace(trace.millivolts + shake, trace.rate, trace.leads)


def measured(trace):
    times = find_beats(trace).times_s
    beat, rr_s = dominant_beat(trace, times), float(np.diff(times).mean())
    waves = global_waves(beat, rr_s)
    rows = dict(zip(beat.leads, beat.millivolts.tolist(), strict=True))
    numbers = measure(rows, beat.rate, waves.marks_ms, 1000 * rr_s)
    return beat, waves, numbers, wave_errors(beat, waves, rr_s)


def test_errors_of_st_levels_and_axes_are_what_noise_does_to_them():
    trace, sd = heart(), 0.06
    seen = [measured(noisy(trace, sd, seed))[2:] for seed in range(14)]
    for lead in ("I", "V1", "V5"):
        name = f"st_j_mv.{lead}"
        scatter = np.std([numbers["st_j_mv"][lead] for numbers, _ in seen], ddof=1)
        said = np.median([errors[name] for _, errors in seen])
        assert 0.5 < said / scatter < 3.0, lead  # it also holds where J may be set elsewhere
    for name in ("qrs_axis_deg", "t_axis_deg"):
        scatter = np.std([numbers[name] for numbers, _ in seen], ddof=1)
        said = np.median([errors[name] for _, errors in seen])
        assert 0.4 < said / scatter < 2.5, name


def test_more_noise_is_more_error():
    trace = heart()
    calm, loud = measured(noisy(trace, 0.01, 1))[3], measured(noisy(trace, 0.12, 1))[3]
    for name in ("st_j_mv.II", "st_j60_mv.V4", "qrs_axis_deg"):
        assert loud[name] > 1.5 * calm[name], name
    for name, least in METHOD_MS.items():
        assert calm[name] >= least
        assert loud[name] >= calm[name] - 2.0


def test_every_number_that_is_given_has_an_error_and_no_other():
    _, waves, numbers, errors = measured(noisy(heart(), 0.02, 2))
    given = {k for k, v in numbers.items() if isinstance(v, float)} - {"heart_rate_bpm"}
    levels = {f"{k}.{lead}" for k in ("st_j_mv", "st_j60_mv", "st_j80_mv") for lead in LEADS}
    assert waves.marks_ms["p_on"] is not None
    assert set(errors) == given | levels
    assert all(np.isfinite(v) and v >= 0 for v in errors.values())


def test_where_there_is_no_p_its_numbers_have_no_error():
    *_, errors = measured(heart(Rhythm.AF))
    assert not {"p_ms", "pr_ms", "p_axis_deg"} & set(errors)
    assert errors["qrs_ms"] >= METHOD_MS["qrs_ms"]


def test_one_beat_cannot_say_how_sure_it_is():
    trace = heart()
    beat = dominant_beat(trace, find_beats(trace).times_s[3:4])
    assert wave_errors(beat, global_waves(beat, 0.86), 0.86) == {}


def test_without_a_rate_the_corrected_qt_has_no_error():
    beat, waves, *_ = measured(heart())
    errors = wave_errors(beat, waves)
    assert "qt_ms" in errors
    assert not [name for name in errors if name.startswith("qtc")]


@pytest.mark.parametrize("hz", [128.0, 250.0, 1000.0])
def test_other_rates_have_errors_of_the_same_size(hz):
    case = EcgCase(rate_bpm=70.0)
    usual = measured(make_ecg(case, 10.0, 500.0, np.random.default_rng(4)).trace)[3]
    other = measured(make_ecg(case, 10.0, hz, np.random.default_rng(4)).trace)[3]
    for name in ("pr_ms", "qrs_ms", "qt_ms"):
        assert other[name] == pytest.approx(usual[name], abs=8)
