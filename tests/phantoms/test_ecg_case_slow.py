import numpy as np
import pytest

from workbench.phantoms.ecg_cases import case


def truth(name, seed=1, **given):
    return case(name, seed=seed, noise_mv=0.0, **given).truth


@pytest.mark.parametrize("pause", [2.9, 3.0, 3.1, 5.0])
@pytest.mark.parametrize("seed", range(4))
def test_a_pause_is_as_long_as_asked_for_and_stands_whole_in_the_strip(pause, seed):
    told = truth("pause", seed, pause_s=pause)
    assert told["rr_longest_s"] == pytest.approx(pause, abs=1e-6)
    assert 60 / np.median(told["rr_s"]) == pytest.approx(68, rel=0.03)


def test_a_pause_longer_than_the_strip_is_refused():
    with pytest.raises(ValueError, match=r"need 7\.0 s"):
        truth("pause", pause_s=5.0, seconds=6.0)


def test_in_third_degree_block_p_and_qrs_do_not_know_of_each_other():
    told = truth("av_block_3", seconds=60.0, rate_bpm=36, atrial_bpm=88)
    p, r = np.array(told["p_onsets_s"]), np.array(told["r_times_s"])
    assert 60 / np.diff(p).mean() == pytest.approx(88, rel=0.02)
    before = np.array([t - p[p < t].max() for t in r if (p < t).any()])
    assert before.std() > 0.15
    assert all(b["pr_ms"] is None for b in told["beats"])
    assert told["pr_ms"] is None


def test_wenckebach_lengthens_pr_by_less_and_less_until_a_p_is_lost():
    told = truth("av_block_2", type="I", cycle=4, seconds=30.0)
    pr = [b["pr_ms"] for b in told["beats"]]
    rows = [pr[n : n + 3] for n in range(len(pr) - 2) if pr[n] == min(pr)]
    assert len(rows) >= 5
    for first, second, third in rows:
        assert second - first > third - second > 0
    assert len(told["p_onsets_s"]) == pytest.approx(len(pr) * 4 / 3, abs=2)


def test_mobitz_drops_a_p_with_pr_unchanged():
    told = truth("av_block_2", type="II", cycle=3, pr_ms=200, seconds=30.0)
    assert {b["pr_ms"] for b in told["beats"]} == {200.0}
    assert len(told["p_onsets_s"]) == pytest.approx(len(told["beats"]) * 3 / 2, abs=2)


@pytest.mark.parametrize(("kind", "share", "missed"), [("2:1", 2, 1), ("high", 4, 3)])
def test_two_to_one_and_high_grade_answer_a_fixed_share(kind, share, missed):
    told = truth("av_block_2", type=kind, cycle=4, seconds=30.0)
    assert len(told["p_onsets_s"]) == pytest.approx(share * len(told["beats"]), abs=share)
    assert told["missed"] == missed


def test_standstill_has_p_waves_or_nothing_at_all():
    with_p, without = truth("asystole"), truth("asystole", atria="none")
    assert (with_p["r_times_s"], without["r_times_s"]) == ([], [])
    assert len(with_p["p_onsets_s"]) > 8
    assert without["p_onsets_s"] == []
    assert with_p["rate_bpm"] is None
