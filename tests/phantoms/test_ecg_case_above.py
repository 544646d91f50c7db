import numpy as np
import pytest

from workbench.phantoms.ecg_cases import case


def made(name, seed=1, **given):
    return case(name, seed=seed, noise_mv=0.0, **given)


@pytest.mark.parametrize("least", [200, 250, 300])
def test_preexcited_fibrillation_has_exactly_the_shortest_interval_asked_for(least):
    told = made("af_preexcited", shortest_rr_ms=least).truth
    assert told["shortest_rr_ms"] == pytest.approx(least, abs=0.1)
    rr = np.array(told["rr_s"])
    assert rr.std() / rr.mean() > 0.12
    widths = {b["qrs_ms"] for b in told["beats"]}
    assert max(widths) - min(widths) > 12


def test_fibrillation_has_no_p_and_no_two_intervals_alike():
    told = made("af", rate_bpm=110, seconds=60.0).truth
    assert (told["p_present"], told["pr_ms"]) == (False, None)
    assert np.std(told["rr_s"]) / np.mean(told["rr_s"]) > 0.12
    assert told["rate_bpm"] == pytest.approx(110, rel=0.05)


@pytest.mark.parametrize(("conduction", "ratio"), [("2:1", 2), ("3:1", 3), ("4:1", 4)])
def test_flutter_is_conducted_in_a_fixed_share(conduction, ratio):
    told = made("flutter", conduction=conduction, atrial_bpm=300, seconds=20.0).truth
    assert told["rate_bpm"] == pytest.approx(300 / ratio, rel=0.01)


def test_flutter_waves_point_down_in_the_inferior_leads_and_up_in_v1():
    one = made("flutter", atrial_bpm=300, f_mv=0.3)
    quiet = np.ones(5000, dtype=bool)
    for beat in one.truth["beats"]:
        begin = max(0, round(500 * (beat["qrs_on_s"] - 0.01)))
        quiet[begin : round(500 * (beat["t_end_s"] + 0.05))] = False
    two, first = (one.trace.lead(n).astype(float)[quiet] for n in ("II", "V1"))
    assert np.corrcoef(two, first)[0, 1] < -0.8
    assert -two.min() > two.max()
    assert np.ptp(two) == pytest.approx(0.3, rel=0.2)


def test_a_retrograde_p_follows_qrs_and_points_up_in_avr():
    one, hidden = made("svt", p="retrograde", rp_ms=100, rate_bpm=160), made("svt", rate_bpm=160)
    p = np.array(one.truth["p_onsets_s"])
    on = np.array([b["qrs_on_s"] for b in one.truth["beats"]])
    after = [t - on[on <= t].max() for t in p if (on <= t).any()]
    np.testing.assert_allclose(after, 0.100, atol=1e-3)
    assert hidden.truth["p_present"] is False


@pytest.mark.parametrize(("side", "sign"), [("left", 1), ("right", -1)])
def test_a_pathway_begins_qrs_slowly_with_its_own_direction_in_v1(side, sign):
    one = made("wpw", side=side, share=0.5)
    row = one.trace.lead("V1").astype(float)
    beats = [b for b in one.truth["beats"] if 0.3 < b["qrs_on_s"] < 9]
    for beat in beats:
        begin = round(500 * beat["qrs_on_s"])
        assert sign * (row[begin + 17] - row[begin]) > 0.02
        assert beat["pr_ms"] < 120 <= beat["qrs_ms"]
