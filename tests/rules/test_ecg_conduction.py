"""PR, blocks, fascicles, pre-excitation, axis: both sides of each limit."""

import pytest

from tests.rules.ecg_made import (
    BOOK,
    MAN,
    NOBODY,
    WOMAN,
    codes,
    healthy,
    left_block,
    paced,
    without_p,
)
from workbench.rules.ecg_statements import judge_ecg
from workbench.rules.ecg_ventricles import Excitation, excitation, is_wide

RIGHT = {
    "V1": {"r2_mv": 0.5, "r_peak_ms": 90.0}, "I": {"s_ms": 55.0}, "V6": {"s_ms": 55.0},
}  # fmt: skip
SLURRED = {
    name: {"initial_slope": 0.2}
    for name in ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
}
QR = {"q_mv": 0.1, "r_mv": 0.9, "r_peak_ms": 50.0, "qrs_area_mvms": 15.0}
DOWN = {name: {"qrs_area_mvms": -12.0} for name in ("II", "III", "aVF")}


@pytest.mark.parametrize(
    ("numbers", "code", "there"),
    [
        ({"pr_ms": 200.4}, "EC207", False),
        ({"pr_ms": 200.5}, "EC207", False),  # printed as 200
        ({"pr_ms": 201.0}, "EC207", True),
        ({"pr_ms": 120.0}, "EC216", False),
        ({"pr_ms": 119.0}, "EC216", True),
        ({"pr_ms": None}, "EC216", False),
        ({"qrs_ms": 118.0}, "EC214", False),
        ({"qrs_ms": 119.0}, "EC214", True),
        ({"qrs_axis_deg": -29.0}, "EC217", False),
        ({"qrs_axis_deg": -30.0}, "EC217", True),
        ({"qrs_axis_deg": -90.0}, "EC217", True),
        ({"qrs_axis_deg": -91.0}, "EC218", True),
        ({"qrs_axis_deg": 90.0}, "EC218", False),
        ({"qrs_axis_deg": 91.0}, "EC218", True),
        ({"qrs_axis_deg": None}, "EC217", False),
        ({"qtc_fridericia_ms": 449.0}, "EC226", False),
        ({"qtc_fridericia_ms": 450.0}, "EC226", True),
        ({"qtc_fridericia_ms": 499.0}, "EC110", False),
        ({"qtc_fridericia_ms": 500.0}, "EC110", True),
        ({"qtc_fridericia_ms": 361.0}, "EC227", False),
        ({"qtc_fridericia_ms": 360.0}, "EC227", True),
        ({"p_ms": 139.0}, "EC222", False),
        ({"p_ms": 140.0}, "EC222", True),
    ],
)
def test_each_interval_has_the_code_of_its_range(numbers, code, there):
    assert (code in codes(judge_ecg(healthy(numbers), MAN, BOOK))) is there


@pytest.mark.parametrize(
    ("qrs", "code"), [(110, None), (111, "EC210"), (119, "EC210"), (120, "EC209")]
)
def test_a_right_block_is_incomplete_until_120_ms(qrs, code):
    found = codes(judge_ecg(healthy({"qrs_ms": float(qrs)}, **RIGHT), MAN, BOOK))
    assert found & {"EC209", "EC210"} == ({code} if code else set())


def test_a_left_block_needs_its_form_and_hides_no_wide_qrs():
    assert "EC211" in codes(judge_ecg(left_block(), MAN, BOOK))
    with_q = left_block(V5={"q_mv": 0.2}, V6={"q_mv": 0.2}, I={"q_mv": 0.2})
    assert "EC211" not in codes(judge_ecg(with_q, MAN, BOOK))
    assert "EC214" in codes(judge_ecg(with_q, MAN, BOOK))
    assert is_wide(with_q, BOOK)


def test_pacing_is_asked_before_every_block():
    assert excitation(paced(left_block()), BOOK) is Excitation.PACED
    assert "EC211" not in codes(judge_ecg(paced(left_block()), MAN, BOOK))


@pytest.mark.parametrize(
    ("pr", "slope", "qrs", "there"),
    [
        (119, 0.2, 120, True),
        (120, 0.2, 120, False),
        (119, 0.45, 120, False),
        (119, 0.2, 99, False),
    ],
)
def test_pre_excitation_needs_a_short_pr_a_slur_and_a_wide_qrs(pr, slope, qrs, there):
    slurred = {name: {"initial_slope": slope} for name in SLURRED}
    facts = healthy({"pr_ms": float(pr), "qrs_ms": float(qrs)}, **slurred)
    found = codes(judge_ecg(facts, MAN, BOOK))
    assert ("EC215" in found) is there
    if there:
        assert not found & {"EC216", "EC209", "EC211", "EC214", "EC001", "EC229"}


def test_no_pr_is_judged_without_p():
    assert "EC207" not in codes(judge_ecg(without_p(healthy({"pr_ms": 260.0})), MAN, BOOK))


def test_the_anterior_fascicle_needs_axis_qr_and_a_late_r():
    facts = healthy({"qrs_axis_deg": -45.0}, aVL=QR, **DOWN)
    assert "EC212" in codes(judge_ecg(facts, MAN, BOOK))
    less = healthy({"qrs_axis_deg": -44.0}, aVL=QR, **DOWN)
    assert "EC212" not in codes(judge_ecg(less, MAN, BOOK))
    early = healthy({"qrs_axis_deg": -45.0}, aVL={**QR, "r_peak_ms": 44.0}, **DOWN)
    assert "EC212" not in codes(judge_ecg(early, MAN, BOOK))


def test_bazett_is_not_used_outside_60_to_90():
    usual = healthy({"qtc_bazett_ms": 560.0}, rate=80.0)
    assert "EC026" in codes(judge_ecg(usual, MAN, BOOK))
    fast = healthy({"qtc_bazett_ms": 560.0, "qt_ms": 380.0}, rate=112.0)
    assert "EC026" not in codes(judge_ecg(fast, MAN, BOOK))


def test_a_t_that_runs_into_the_next_beat_has_no_qtc():
    merged = healthy({"qtc_fridericia_ms": 600.0, "qt_ms": 460.0}, rate=115.0)
    assert not codes(judge_ecg(merged, MAN, BOOK)) & {"EC026", "EC110", "EC226"}


def test_half_of_the_excess_of_a_wide_qrs_is_taken_off_below_the_critical_grade():
    wide = {**RIGHT}
    numbers = {"qrs_ms": 160.0, "qtc_fridericia_ms": 520.0}
    assert "EC226" in codes(judge_ecg(healthy(numbers, **wide), MAN, BOOK))
    numbers["qtc_fridericia_ms"] = 550.0  # stays critical: the corrected number is 520
    assert "EC026" in codes(judge_ecg(healthy(numbers, **wide), MAN, BOOK))


def test_women_have_longer_limits_and_an_unknown_sex_the_most_sensitive():
    facts = healthy({"qtc_fridericia_ms": 455.0})
    assert "EC226" not in codes(judge_ecg(facts, WOMAN, BOOK))
    assert "EC226" in codes(judge_ecg(facts, NOBODY, BOOK))
