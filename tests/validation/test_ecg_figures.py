"""The figures of the validation report: exact intervals, verdicts, and what counts as worse."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ecg_figures import MISSED, Figure, kept, share_of, table, worse


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # all or none of n: 0.025 ** (1 / n); 5 of 10: Clopper CJ, Pearson ES. Biometrika 1934;26:404
    [(0, 19, 0.0, 0.1765), (10, 10, 0.6915, 1.0), (5, 10, 0.1871, 0.8129)],
)
def test_intervals_are_exact(hits, n, low, high):
    found = Figure(id="x", what="x", hits=hits, n=n).interval()
    assert found == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "n", "high", "verdict"),
    [(19, 20, True, "met"), (18, 20, True, MISSED), (1, 20, False, MISSED), (0, 20, False, "met"),
     (19, 19, True, "not enough records: 19"), (0, 0, True, "not enough records: 0")],
)  # fmt: skip
def test_a_target_is_judged_only_on_enough_records(hits, n, high, verdict):
    target = 0.95 if high else 0.0
    one = Figure(id="x", what="x", hits=hits, n=n, target=target, high=high)
    assert one.verdict() == verdict


def before(**rows):
    return {key: {"value": value, "n": n} for key, (value, n) in rows.items()}


@pytest.mark.parametrize(
    ("now", "then", "says"),
    [
        (share_of("a", "a", {"1": True, "2": False}, target=None), (0.5, 2), []),
        (share_of("a", "a", {"1": True, "2": True}, target=None), (0.5, 2), []),
        (share_of("a", "a", {"1": False, "2": False}, target=None), (0.5, 2), ["a: 0.0000, was"]),
        (share_of("a", "a", {"1": True}, target=None), (0.5, 2), ["a: counted on 1, was 2"]),
        (share_of("a", "a", {"1": True, "2": True}, target=0, high=False), (0.5, 2),
         ["a: 1.0000, was 0.5"]),
        (Figure(id="a", what="a", n=2, value=120, high=False, slack=0.3), (100.0, 2), []),
        (Figure(id="a", what="a", n=2, value=140, high=False, slack=0.3), (100.0, 2),
         ["a: 140.0000, was 100"]),
        (share_of("b", "b", {"1": True}, target=None), (0.5, 2), ["a: is not measured any more"]),
    ],
)  # fmt: skip
def test_what_fell_behind_or_vanished_is_named(now, then, says):
    found = worse([now], before(a=then))
    assert len(found) == len(says)
    assert all(want in got for want, got in zip(says, found, strict=True))


def test_the_table_names_who_is_outside_and_the_golden_file_what_was_counted():
    outcomes = {f"r{k}": k > 7 for k in range(30)}
    one = share_of("a", "found", outcomes, target=0.5)
    assert "r0, r1, r2, r3, r4, r5 and 2 more" in table([one])
    assert kept([one, Figure(id="b", what="b")]) == {"a": {"value": 0.733333, "n": 30}}
