from itertools import pairwise

import numpy as np
import pytest

from workbench.phantoms.ecg_cases import case


def made(name, seed=1, **given):
    return case(name, seed=seed, noise_mv=0.0, **given)


def lead(one, name):
    return one.trace.lead(name).astype(float)


@pytest.mark.parametrize("mv", [0.15, 1.0])
def test_fibrillation_of_ventricles_is_as_high_as_asked_for_and_has_no_beat(mv):
    one = made("vf", amplitude_mv=mv)
    parts = np.array_split(one.trace.millivolts, 10, axis=1)
    assert np.median([np.ptp(part, axis=1) for part in parts]) == pytest.approx(mv, rel=0.01)
    assert one.truth["r_times_s"] == []
    power = np.abs(np.fft.rfft(lead(one, "II") * np.hanning(5000))) ** 2
    hertz = np.fft.rfftfreq(5000, 1 / 500)
    assert 2.5 < hertz[power.argmax()] < 8.5


def test_torsades_turns_its_axis_around_the_line():
    one = made("torsades", start_s=0, turn_s=4.0)
    r = [b["r_s"] for b in one.truth["beats"] if 0.2 < b["r_s"] < 9.8]
    for name in ("II", "V3"):
        row = lead(one, name)
        peak = np.array([row[round(500 * t) - 15 : round(500 * t) + 16] for t in r])
        tops = np.take_along_axis(peak, np.abs(peak).argmax(axis=1)[:, None], 1)[:, 0]
        assert (tops > 0.4).sum() >= 5
        assert (tops < -0.4).sum() >= 5
        same = np.sign(tops[1:]) == np.sign(tops[:-1])
        assert same.mean() > 0.65, "it turns over several beats, not from beat to beat"


def test_torsades_begins_with_an_early_beat_after_long_qt():
    told = made("torsades", start_s=3.4).truth
    first = told["torsades_from_s"]
    usual = [b for b in told["beats"] if b["origin"] == "sinus"]
    assert usual[-1]["qrs_on_s"] < first < usual[-1]["t_end_s"]
    assert told["qt_ms"] >= 520


def test_bidirectional_tachycardia_changes_its_axis_with_every_beat():
    one = made("vt_bidirectional")
    foot = lead(one, "aVF")
    signs = [np.sign(foot[round(500 * b["r_s"])]) for b in one.truth["beats"][1:-1]]
    assert all(a == -b for a, b in pairwise(signs))


def test_ventricular_tachycardia_has_wide_alike_beats_and_a_sinus_node_of_its_own():
    told = made("vt", rate_bpm=180, atrial_bpm=80, seconds=30.0).truth
    assert told["qrs_ms"] >= 120
    p = np.array(told["p_onsets_s"])
    assert 60 / np.diff(p).mean() == pytest.approx(80, rel=0.02)
    assert np.std(told["rr_s"]) < 0.02 * np.mean(told["rr_s"])
