"""Recordings that a cart should not have sent: a verdict with a reason, and no invented number."""

import json

import numpy as np
import pytest

from workbench.domain.context import PatientContext
from workbench.domain.finding import Severity
from workbench.domain.trace import LEADS, Trace
from workbench.phantoms.ecg_cases import case
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books
from workbench.store.screenings import as_json

ADULT = PatientContext(age_years=58, sex="M")
INDEPENDENT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")


def drawn(**parameters):
    return case("sinus", seed=4, rate_bpm=72, **parameters).trace


def with_rows(leads, make=lambda rows: rows, rate=None):
    whole = drawn() if rate is None else drawn(rate_hz=rate)
    rows = np.array([whole.lead(name) for name in leads], dtype=np.float64)
    return Trace(make(rows), whole.rate, tuple(leads))


def gappy(rows):
    chance = np.random.default_rng(2)
    for row in rows:
        for at in chance.integers(0, row.size - 250, 4):
            row[at : at + 250] = np.nan
    return rows


def noise(rows):
    return np.random.default_rng(1).normal(0, 0.15, rows.shape)


NOT_JUDGED = {
    "short": lambda: drawn(seconds=4.0),
    "one sample": lambda: Trace(np.zeros((12, 1)), 500.0),
    "two samples": lambda: Trace(np.ones((12, 2)), 500.0),
    "all flat": lambda: with_rows(LEADS, np.zeros_like),
    "never recorded": lambda: with_rows(LEADS, lambda rows: rows * np.nan),
    "pure noise": lambda: with_rows(LEADS, noise),
    "a square wave": lambda: with_rows(LEADS, lambda r: np.where(np.arange(r.shape[1]) % 50 < 25,
                                                                 1.0, -1.0) + 0 * r),
}  # fmt: skip
JUDGED = {
    "gappy": lambda: with_rows(LEADS, gappy),
    "one lead": lambda: with_rows(("II",)),
    "one chest lead": lambda: with_rows(("V5",)),
    "8 independent leads": lambda: with_rows(INDEPENDENT),
    "1,000 Hz": lambda: with_rows(LEADS, rate=1000.0),
    "128 Hz": lambda: with_rows(LEADS, rate=128.0),
    "microvolts called millivolts": lambda: with_rows(LEADS, lambda rows: rows * 1000),
    "volts called millivolts": lambda: with_rows(LEADS, lambda rows: rows / 1000),
    "an offset of 300 mV": lambda: with_rows(LEADS, lambda rows: rows + 300),
    "a minute": lambda: drawn(seconds=60.0),
}


def screened(trace, context=ADULT):
    said = screen_trace(trace, context, ecg_books(), "d")
    json.dumps(as_json(said), allow_nan=False)  # a number that is none would break every reader
    for one in said.measurements:
        assert (one.value is None) <= bool(one.reason), f"{one.name} is missing without a reason"
    return said


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_what_holds_no_ecg_is_not_judged_and_says_why(name):
    said = screened(NOT_JUDGED[name]())
    assert not said.assessed
    assert said.reason
    assert "EC905" in said.gate.codes
    assert not said.gate.accepted
    assert said.beats_s == ()
    assert all(one.value is None for one in said.measurements)
    assert not said.findings


@pytest.mark.parametrize("name", JUDGED)
def test_an_odd_but_usable_recording_keeps_its_rate_and_raises_no_alarm(name):
    said = screened(JUDGED[name]())
    assert said.assessed, said.reason
    rate = next(m for m in said.measurements if m.name == "heart_rate_bpm")
    assert rate.value == pytest.approx(72, abs=2)
    assert not [f for f in said.findings if f.severity is Severity.CRITICAL]


@pytest.mark.parametrize("name", ["microvolts called millivolts", "volts called millivolts"])
def test_wrong_units_are_told_and_no_amplitude_is_judged(name):
    said = screened(JUDGED[name]())
    assert "EC905" in said.gate.codes
    assert all(m.value is None for m in said.measurements if m.name.startswith("st_j_mv"))


def test_a_lead_that_is_not_there_is_named_and_its_st_is_not_given():
    said = screened(JUDGED["one lead"]())
    assert "V6 is missing" in " ".join(q.evidence for q in said.quality)
    assert {m.name for m in said.measurements if m.name.startswith("st_j_mv")} == {"st_j_mv.II"}
    axis = next(m for m in said.measurements if m.name == "qrs_axis_deg")
    assert axis.value is None


def test_without_age_and_sex_the_careful_limits_hold_and_the_screening_says_so():
    said = screened(drawn(), PatientContext())
    assert any("age unknown" in note for note in said.gate.notes)
    assert any("sex unknown" in note for note in said.gate.notes)
    assert not any("unknown" in note for note in screened(drawn()).gate.notes)
