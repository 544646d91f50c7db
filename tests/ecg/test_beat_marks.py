"""Numbers between marks: against scipy's splines, and what they may not depend on."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ecg.beat_marks import (
    MARKS,
    NO_FRONTAL,
    NO_RATE,
    NO_VECTOR,
    NOT_CALIBRATED,
    OUT_OF_ORDER,
    OUTSIDE,
    leads_of_copy,
    measure,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "ecg_marks.json").read_text("utf-8"))
TIMES = ("heart_rate_bpm", "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms")
LEVELS = ("st_j_mv", "st_j60_mv", "st_j80_mv")


def read(case):
    return {k: [math.nan if x is None else x for x in v] for k, v in case["leads"].items()}


def measured(case, **given):
    at = {"rate": case["rate"], "marks": case["marks"], "rr_ms": case["rr_ms"], **given}
    return measure(at.pop("leads", read(case)), calibrated=case["calibrated"], **at)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda c: c["says"])
def test_numbers_between_marks_are_those_of_another_program(case):
    got = measured(case)
    for name, expected in case["expected"].items():
        if name in LEVELS:
            assert got[name] == {
                k: v if v is None else pytest.approx(v, abs=1e-9) for k, v in expected.items()
            }, name
        elif expected is None:
            assert got[name] is None, name
        else:
            assert got[name] == pytest.approx(expected, rel=1e-9, abs=1e-9), name


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda c: c["says"])
def test_whatever_is_missing_has_a_reason_and_nothing_else_has(case):
    got = measured(case)
    missing = {name for name in case["expected"] if name not in LEVELS and got[name] is None}
    missing |= {f"{name}.{k}" for name in LEVELS for k, v in got[name].items() if v is None}
    assert set(got["reasons"]) == missing


def test_each_reason_is_given_for_what_it_says():
    case = {c["says"]: measured(c)["reasons"] for c in GOLDEN["cases"]}
    assert case["J before QRS begins"]["qrs_ms"] == OUT_OF_ORDER
    assert case["amplitudes unknown"]["st_j_mv.V2"] == NOT_CALIBRATED
    assert case["one beat only"]["qtc_bazett_ms"] == NO_RATE
    assert case["lead aVF missing"]["qrs_axis_deg"] == NO_FRONTAL
    assert case["cut before the end of T"]["t_axis_deg"] == OUTSIDE
    assert case["QRS at the very beginning"]["qrs_axis_deg"] == OUTSIDE
    assert case["no P wave"]["pr_ms"] == "the beginning of P is not marked"
    flat = measure({"I": [0.0] * 400, "aVF": [0.0] * 400}, 500.0, {"qrs_on": 200, "j": 300}, 800)
    assert flat["reasons"]["qrs_axis_deg"] == NO_VECTOR


@given(
    st.sampled_from(GOLDEN["cases"]),
    st.permutations(["I", "II", "aVF", "V2"]),
    st.floats(0.05, 20.0),
    st.floats(-5.0, 5.0),
)
def test_order_of_leads_gain_and_offset_change_no_interval(case, order, gain, offset):
    leads = read(case)
    plain = measured(case)
    changed = measured(
        case,
        leads={k: [gain * x + offset for x in leads[k]] for k in order if k in leads},
    )
    for name in (*TIMES, "qtc_bazett_ms", "qtc_framingham_ms", "qtc_hodges_ms"):
        assert changed[name] == plain[name]
    for name in ("p_axis_deg", "qrs_axis_deg", "t_axis_deg"):
        if plain[name] is not None:
            turned = (changed[name] - plain[name] + 180) % 360 - 180
            assert abs(turned) < 1e-3, name
    for name in LEVELS:
        for lead, value in plain[name].items():
            if value is not None:
                assert changed[name][lead] == pytest.approx(gain * value, abs=1e-6)
    assert set(changed["reasons"]) == set(plain["reasons"])


@given(st.dictionaries(st.sampled_from(MARKS), st.none() | st.floats(allow_nan=True)))
def test_no_marks_whatever_make_it_fail_or_invent_an_interval(marks):
    got = measure({"I": [0.1] * 300, "aVF": [0.2] * 300}, 500.0, marks, 800.0)
    for name, first, last in (
        ("pr_ms", "p_on", "qrs_on"),
        ("qrs_ms", "qrs_on", "j"),
        ("qt_ms", "qrs_on", "t_end"),
    ):
        given_both = all(
            marks.get(m) is not None and math.isfinite(marks[m]) for m in (first, last)
        )
        right = given_both and marks[last] > marks[first]
        assert (got[name] is not None) == right


def test_a_copy_of_another_size_is_refused():
    meta = {"leads": ["I"], "samples": 3, "lsb_uv": 1.0, "gap": -32768}
    assert leads_of_copy(b"\x01\x00\xff\xff\x00\x80", meta)["I"][:2] == [0.001, -0.001]
    with pytest.raises(ValueError, match="expected 6 for 1 leads"):
        leads_of_copy(b"\x01\x00", meta)
