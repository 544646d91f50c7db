"""The averaged beat on records that cardiologists marked: no figure may fall under its bar."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import score_ecg_beats as score
from ecg_data import shared
from ludb_waves import waves_of


@pytest.fixture(scope="module")
def scored():
    truth = waves_of(shared())
    beats = [score.formed(one.record.trace) for one in truth]
    return truth, beats, score.ludb_errors(truth, beats)


@pytest.mark.parametrize(("name", "least"), [("PR", 0.92), ("QRS", 0.92), ("QT", 0.90)])
def test_intervals_lie_as_near_to_the_cardiologists_as_asked(scored, name, least):
    errors = scored[2][name]
    known = errors[~np.isnan(errors)]
    assert known.size >= 24, "the folder holds fewer records than this bar was set on"
    assert (np.abs(known) <= score.TOLERANCE[name]).mean() >= least


def test_no_pr_is_given_where_the_cardiologists_marked_no_p(scored):
    truth, beats, _ = scored
    without = [b for w, b in zip(truth, beats, strict=True) if not w.has_p]
    assert len(without) >= 6
    assert sum(not np.isnan(score.intervals(b)["PR"]) for b in without) <= 0.10 * len(without)
