"""A recording keeps what the machine gave: copied, frozen, gaps as gaps, or refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.errors import BadTrace
from workbench.domain.trace import HIGHEST_RATE, LEADS, LOWEST_RATE, Trace


def make_trace(**changes):
    values = np.zeros((12, 5000), dtype=np.float64)
    return Trace(**{"millivolts": values, "rate": 500.0, **changes})


def test_the_caller_keeps_its_own_samples():
    own = np.zeros((12, 100))
    trace = Trace(millivolts=own, rate=500.0)
    own[0, 0] = 7.0
    assert trace.millivolts[0, 0] == 0.0


def test_samples_cannot_be_changed_after_reading():
    with pytest.raises(ValueError, match="read-only"):
        make_trace().millivolts[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        make_trace().lead("II")[0] = 1.0


def test_a_gap_stays_a_gap():
    values = np.zeros((12, 10))
    values[3, 4:6] = np.nan
    assert np.isnan(make_trace(millivolts=values).lead("aVR")).tolist() == [False] * 4 + [
        True, True,
    ] + [False] * 4  # fmt: skip


def test_seconds_follow_from_samples_and_rate():
    assert make_trace().seconds == 10.0


@pytest.mark.parametrize("rate", [LOWEST_RATE, 250.0, HIGHEST_RATE])
def test_a_possible_sampling_rate_is_taken(rate):
    assert make_trace(rate=rate).rate == rate


@pytest.mark.parametrize("rate", [0.0, 0.5, 99.9, 4000.1, -500.0, float("nan"), float("inf")])
def test_an_impossible_sampling_rate_is_refused(rate):
    with pytest.raises(BadTrace, match="is it in kHz or ms"):
        make_trace(rate=rate)


@pytest.mark.parametrize("shape", [(5000, 12), (11, 5000), (12,), (12, 5000, 1)])
def test_a_wrong_shape_says_what_to_try(shape):
    with pytest.raises(BadTrace, match=r"expected 12 leads as rows.*pass the transpose"):
        make_trace(millivolts=np.zeros(shape))


def test_an_empty_recording_is_refused():
    with pytest.raises(BadTrace, match="no sample"):
        make_trace(millivolts=np.zeros((12, 0)))


def test_a_lead_named_twice_is_refused():
    with pytest.raises(BadTrace, match="lead names repeat"):
        make_trace(leads=(*LEADS[:11], "V5"))


def test_a_lead_that_was_not_recorded_is_not_invented():
    with pytest.raises(BadTrace, match="lead V4R is not in this recording; it holds I, II"):
        make_trace().lead("V4R")


@given(st.permutations(LEADS), st.integers(1, 12))
def test_a_lead_is_found_by_its_name_wherever_it_stands(order, count):
    leads = tuple(order[:count])
    values = np.arange(count, dtype=float)[:, None] * np.ones((count, 3))
    trace = Trace(millivolts=values, rate=500.0, leads=leads)
    for row, name in enumerate(leads):
        assert trace.lead(name).tolist() == [row] * 3
