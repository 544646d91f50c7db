"""What must not flip a critical statement: noise, the file's gain and offset, the order of leads.

Every critical case is drawn beyond its limits, with 0.05 mV of noise where nothing else is said.
"""

from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.domain.context import PatientContext
from workbench.domain.finding import Severity
from workbench.domain.trace import LEADS, Trace
from workbench.phantoms.ecg_cases import case
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books

CASES = {
    "sinus": {"rate_bpm": 33.0},
    "svt": {"rate_bpm": 210.0},
    "stemi_anterior": {"st_mv": 0.4},
    "stemi_inferior": {"st_mv": 0.35},
    "pause": {"pause_s": 4.5},
    "qt": {"qtc_ms": 580.0},
    "af": {"rate_bpm": 80.0},
}
FEW = settings(
    max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def critical(trace, truth):
    age, sex = truth["parameters"]["age"], truth["parameters"]["sex"] or None
    said = screen_trace(trace, PatientContext(age_years=age, sex=sex), ecg_books(), "d")
    return {f.code for f in said.findings if f.severity is Severity.CRITICAL}


@cache
def drawn(name, noise_mv=0.05, seed=3):
    made = case(name, seed=seed, noise_mv=noise_mv, **CASES[name])
    return made.trace, made.truth


@cache
def as_drawn(name, noise_mv=0.05, seed=3):
    return critical(*drawn(name, noise_mv, seed))


@pytest.mark.parametrize("name", CASES)
@FEW
@given(order=st.permutations(range(12)))
def test_the_order_of_leads_changes_no_critical_statement(name, order):
    trace, truth = drawn(name)
    turned = Trace(
        np.asarray(trace.millivolts)[order], trace.rate, tuple(LEADS[k] for k in order)
    )  # fmt: skip
    assert critical(turned, truth) == as_drawn(name)


@pytest.mark.parametrize("name", CASES)
@FEW
@given(step_uv=st.sampled_from([0.5, 1.0, 2.44, 4.88, 5.0]), offset_mv=st.floats(-4, 4))
def test_gain_and_offset_of_the_converter_change_no_critical_statement(name, step_uv, offset_mv):
    trace, truth = drawn(name)
    step = step_uv / 1000
    counts = np.round((np.asarray(trace.millivolts, dtype=np.float64) + offset_mv) / step)
    read = Trace(counts * step, trace.rate, trace.leads)
    assert critical(read, truth) == as_drawn(name)


@pytest.mark.parametrize("name", CASES)
@FEW
@given(noise_mv=st.floats(0.0, 0.05), seed=st.integers(1, 4))
def test_noise_below_the_stated_level_changes_no_critical_statement(name, noise_mv, seed):
    assert as_drawn(name, noise_mv, seed) == as_drawn(name, 0.0, seed)


@pytest.mark.parametrize("seconds", [3.3, 4.5, 6.0])
def test_a_pause_in_a_recording_without_any_noise_is_a_pause_and_no_loose_electrode(seconds):
    made = case("pause", seed=1, noise_mv=0.0, pause_s=seconds)
    said = screen_trace(made.trace, PatientContext(age_years=58, sex="M"), ecg_books(), "d")
    assert "EC024" in {f.code for f in said.findings}
    assert "EC903" not in said.gate.codes


def test_leads_that_all_go_flat_and_stay_so_are_loose_and_no_pause():
    made = case("sinus", seed=1, noise_mv=0.0, rate_bpm=72.0)
    values = np.array(made.trace.millivolts)
    values[:, 2500:] = values[:, 2500:2501]
    trace = Trace(values, made.trace.rate, made.trace.leads)
    said = screen_trace(trace, PatientContext(age_years=58, sex="M"), ecg_books(), "d")
    assert "EC903" in said.gate.codes
