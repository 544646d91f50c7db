import pytest

from workbench.language import translator
from workbench.panels.words import evidence
from workbench.rules.ecg_opinion import check_fibrillation, check_numbers
from workbench.screening.screen import ecg_books

BOOK = ecg_books().for_profile("national")
OURS = {"pr_ms": 160.0, "qrs_ms": 96.0, "qt_ms": 400.0}


@pytest.mark.parametrize(
    ("name", "apart", "named"),
    [("pr_ms", 40, False), ("pr_ms", 41, True), ("qrs_ms", 40, False), ("qrs_ms", -41, True),
     ("qt_ms", -60, False), ("qt_ms", 61, True)],
)  # fmt: skip
def test_intervals_too_far_apart_are_named_with_both_numbers(name, apart, named):
    said = check_numbers(OURS, {name: OURS[name] + apart}, "other 1.0 in II", BOOK)
    assert bool(said) is named
    if named:
        assert f"{OURS[name]:.0f} ms here, {OURS[name] + apart:.0f} ms by other 1.0" in said[0]


def test_a_pr_of_theirs_where_we_see_no_p_is_named_and_their_silence_is_not():
    assert check_numbers({**OURS, "pr_ms": None}, {"pr_ms": 150}, "x 1", BOOK) == (
        "check this: PR not measured here, 150 ms by x 1",
    )
    assert check_numbers(OURS, {}, "x 1", BOOK) == ()


@pytest.mark.parametrize(
    ("ours", "share", "named"),
    [(False, 0.7, True), (False, 0.69, False), (True, 0.3, True), (True, 0.31, False),
     (True, 1.0, False), (False, 0.0, False), (True, None, False)],
)  # fmt: skip
def test_fibrillation_that_only_one_of_both_sees_is_named(ours, share, named):
    assert bool(check_fibrillation(ours=ours, share=share, who="x 1", book=BOOK)) is named


@pytest.mark.parametrize(
    "said",
    [
        *check_numbers(OURS, {"pr_ms": 210.0}, "x 1", BOOK),
        *check_numbers({}, {"qt_ms": 210.0}, "x 1", BOOK),
        *check_fibrillation(ours=True, share=0.1, who="x 1", book=BOOK),
        *check_fibrillation(ours=False, share=0.9, who="x 1", book=BOOK),
        "x 1 gave no answer (ValueError)",
    ],
)
def test_every_remark_is_read_in_chinese(said):
    assert any("\u4e00" <= letter <= "\u9fff" for letter in evidence(said, translator("zh_CN")))
