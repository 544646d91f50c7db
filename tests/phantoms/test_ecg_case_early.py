import numpy as np
import pytest

from workbench.phantoms.ecg_cases import case


def truth(name, seed=1, **given):
    return case(name, seed=seed, noise_mv=0.0, **given).truth


def kinds(told):
    return "".join("V" if b["class"] == "early, wide" else "n" for b in told["beats"])


@pytest.mark.parametrize(("pattern", "row"), [
    ("bigeminy", "nVnVnV"), ("trigeminy", "nnVnnV"), ("pairs", "nVVn"), ("run", "nVVVVn"),
])  # fmt: skip
def test_a_pattern_is_drawn_as_its_name_says(pattern, row):
    assert row in kinds(truth("pvc", pattern=pattern, seconds=20.0, per_10_s=1))


def test_an_early_wide_beat_comes_early_and_is_followed_by_a_pause():
    told = truth("pvc", pattern="single", coupling_ms=450, seconds=20.0)
    rr, row = np.array(told["rr_s"]), kinds(told)
    usual = np.median(rr)
    for n in range(1, len(row) - 1):
        if row[n] == "V":
            assert rr[n - 1] < 0.72 * usual
            assert rr[n] > 1.1 * usual


def test_r_on_t_falls_on_the_top_of_t():
    told = truth("pvc", pattern="r_on_t")
    on = [b["qrs_on_s"] for b in told["beats"]]
    early = [n for n, b in enumerate(told["beats"]) if b["class"] == "early, wide" and n]
    assert early
    for n in early:
        after = 1000 * (on[n] - on[n - 1])
        assert abs(after - told["t_peak_ms"]) < 45
        assert on[n] < told["beats"][n - 1]["t_end_s"]


@pytest.mark.parametrize("seed", range(3))
def test_frequent_early_beats_are_told_from_single_ones(seed):
    few, many = (truth("pvc", seed, per_10_s=n) for n in (1, 3))
    assert many["early_wide"] > few["early_wide"]
    assert ("EC113" in many["codes"]) == (many["early_wide"] >= 1)


def test_an_early_p_is_answered_by_a_narrow_beat_or_not_at_all():
    yes, no = truth("pac", seconds=20.0), truth("pac", conducted="no", seconds=20.0)
    assert "early, narrow" in {b["class"] for b in yes["beats"]}
    assert {b["class"] for b in no["beats"]} == {"usual"}
    assert no["early_p"] >= 2
    assert max(no["rr_s"]) > 1.4 * np.median(no["rr_s"])
