import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.context import PatientContext
from workbench.domain.errors import Invalid
from workbench.domain.finding import Severity
from workbench.domain.order import Known
from workbench.domain.rulebook import BadRuleBook, RuleBook, Threshold
from workbench.ecg.rhythm import Silence, measure_rhythm
from workbench.rules.ecg_book import joined, laid_over
from workbench.rules.ecg_pause import judge_pause
from workbench.rules.ecg_rate import RateSeen, judge_rate
from workbench.rules.ecg_rhythm import suspect_fibrillation
from workbench.screening.screen import ecg_books

PROFILES = ("national", "zhejiang", "shanxi")
BOOKS = ecg_books()
NATIONAL, ZHEJIANG, SHANXI = (BOOKS.for_profile(p) for p in PROFILES)


def code(bpm, book=NATIONAL, **more):
    found = judge_rate(RateSeen(bpm, 9, **more), book)
    return found and found.code


@pytest.mark.parametrize(
    ("bpm", "expected"),
    [
        (20, "EC021"),
        (34, "EC021"),
        (35, "EC021"),
        (35.4, "EC021"),  # printed as 35
        (35.5, "EC114"),  # printed as 36
        (40, "EC114"),
        (40.5, "EC201"),
        (59, "EC201"),
        (59.5, None),
        (60, None),
        (100, None),
        (100.4, None),
        (101, "EC202"),
        (149, "EC202"),
        (150, "EC115"),
        (199, "EC115"),
        (199.5, "EC017"),
        (200, "EC017"),
        (260, "EC017"),
    ],
)
def test_each_rate_has_the_code_of_its_range(bpm, expected):
    assert code(bpm) == expected


@pytest.mark.parametrize(
    ("bpm", "expected"),
    [
        (35, "EC021"),
        (36, "EC119"),
        (40, "EC119"),
        (41, None),
        (100, None),
        (101, "EC101"),
        (129, "EC101"),
        (130, "EC101"),
        (199, "EC101"),
        (200, "EC019"),
    ],
)
def test_suspected_fibrillation_never_gets_a_sinus_name(bpm, expected):
    assert code(bpm, fibrillation=True) == expected


def test_fast_fibrillation_is_urgent_from_130():
    slow, fast = (judge_rate(RateSeen(b, 9, fibrillation=True), NATIONAL) for b in (129, 130))
    assert (slow.severity, fast.severity) == (Severity.ABNORMAL, Severity.URGENT)


@pytest.mark.parametrize(
    ("book", "bpm", "expected"),
    [
        (NATIONAL, 185, "EC115"),
        (ZHEJIANG, 185, "EC115"),
        (SHANXI, 179, "EC115"),
        (SHANXI, 180, "EC017"),
        (ZHEJIANG, 200, "EC017"),
        (SHANXI, 35, "EC021"),
        (ZHEJIANG, 35, "EC021"),
    ],
)
def test_the_profile_decides_the_limit(book, bpm, expected):
    assert code(bpm, book) == expected


def test_the_adult_book_is_all_its_topic_books_and_every_limit_stands_in_one_of_them():
    limit = Threshold("rate.slow", 60.0, "bpm", "s", "K", "2026-11-25")
    one, two = RuleBook("a", {"rate.slow": limit}), RuleBook("b", {"rate.fast": limit})
    assert list(joined("both", [one, two])) == ["rate.slow", "rate.fast"]
    with pytest.raises(BadRuleBook, match=r"rate\.slow stands in a and in c; keep one"):
        joined("both", [one, two, RuleBook("c", {"rate.slow": limit})])


def test_evidence_names_number_limit_profile_and_edition():
    found = judge_rate(RateSeen(185, 30, place={"from_s": 0.0, "to_s": 10.0}), SHANXI)
    edition = "ecg-adult-2026.1+ecg-profile-shanxi-2026.1"
    for part in ("185/min", "30 RR", "180 bpm", "rate.very_fast", "certainty T", edition):
        assert part in found.evidence
    assert found.rule == "rate.very_fast"
    assert found.place == {"from_s": 0.0, "to_s": 10.0}


def test_doubt_about_the_rate_stands_in_the_evidence():
    assert "count by hand" in judge_rate(RateSeen(30, 4, doubt="count by hand"), NATIONAL).evidence


@pytest.mark.parametrize("bpm", [float("nan"), 0.0, -3.0])
def test_an_unmeasured_rate_is_never_judged(bpm):
    with pytest.raises(ValueError, match="not measurable"):
        judge_rate(RateSeen(bpm, 0), NATIONAL)


@given(st.floats(1, 400), st.floats(1, 400), st.booleans())
def test_a_faster_rate_never_turns_from_fast_to_slow(a, b, fibrillation):
    order = {"EC021": 0, "EC114": 1, "EC119": 1, "EC201": 2, None: 3,
             "EC202": 4, "EC101": 4, "EC115": 5, "EC017": 6, "EC019": 6}  # fmt: skip
    low, high = sorted((a, b))
    one, two = (code(bpm, fibrillation=fibrillation) for bpm in (low, high))
    assert order[one] <= order[two]


def pause(seconds, syncope=Known.UNKNOWN, book=NATIONAL, usual=0.8, **more):
    silence = Silence(2.0, 2.0 + seconds, more.pop("at_least", False))
    found = judge_pause(silence, usual, PatientContext(syncope=syncope), book, **more)
    return found and (found.code, found.severity)


CRITICAL, URGENT = ("EC024", Severity.CRITICAL), ("EC108", Severity.URGENT)


@pytest.mark.parametrize(
    ("seconds", "syncope", "expected"),
    [
        (1.98, Known.UNKNOWN, None),
        (2.0, Known.UNKNOWN, URGENT),
        (2.98, Known.YES, URGENT),
        (3.0, Known.YES, CRITICAL),
        (3.0, Known.UNKNOWN, CRITICAL),
        (2.98, Known.NO, URGENT),
        (3.0, Known.NO, URGENT),
        (4.98, Known.NO, URGENT),
        (5.0, Known.NO, CRITICAL),
        (5.02, Known.NO, CRITICAL),
    ],
)
def test_a_pause_is_graded_by_length_and_symptoms(seconds, syncope, expected):
    assert pause(seconds, syncope) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(2.98, URGENT), (3.0, CRITICAL)])
def test_zhejiang_counts_pauses_from_three_seconds_whatever_the_symptoms(seconds, expected):
    assert pause(seconds, Known.NO, ZHEJIANG) == expected


def test_a_slow_regular_rhythm_is_not_a_row_of_pauses_but_three_seconds_always_count():
    assert pause(2.4, usual=2.4) is None
    assert pause(3.1, usual=3.1) == CRITICAL


def test_a_pause_under_suspected_fibrillation_has_its_own_code():
    assert pause(2.2, fibrillation=True) == ("EC119", Severity.URGENT)


def test_a_pause_that_runs_over_the_end_of_the_strip_says_at_least():
    found = judge_pause(Silence(6.0, 10.0, at_least=True), 0.8, PatientContext(), NATIONAL)
    assert "at least 4.00 s" in found.evidence
    assert "syncope unknown" in found.evidence
    assert found.place == {"from_s": 6.0, "to_s": 10.0}


@given(st.floats(0.3, 9.0), st.floats(0.0, 3.0), st.sampled_from(Known))
def test_a_longer_pause_is_never_graded_lower(seconds, more, syncope):
    grade = {None: 0, Severity.URGENT: 1, Severity.CRITICAL: 2}
    one, two = pause(seconds, syncope), pause(seconds + more, syncope)
    assert grade[one and one[1]] <= grade[two and two[1]]


def irregular(step):
    return measure_rhythm(np.cumsum([0.2, *([1.0, 1.0 + step] * 4)]), 12.0)


@pytest.mark.parametrize(
    ("step", "locking", "suspected"),
    [
        (0.30, 0.20, True),
        (0.30, 0.749, True),
        (0.30, 0.75, False),
        (0.30, float("nan"), True),
        (0.08, 0.20, False),
    ],
)
def test_fibrillation_needs_irregularity_and_no_locked_p(step, locking, suspected):
    found = suspect_fibrillation(irregular(step), locking, NATIONAL)
    assert (found is not None) is suspected


def test_unseen_atria_are_said_to_be_unseen():
    found = suspect_fibrillation(irregular(0.3), float("nan"), NATIONAL)
    assert "P waves not assessable" in found.evidence
    assert found.evidence.startswith("candidate")


def test_an_unknown_profile_is_refused_with_those_that_exist():
    with pytest.raises(Invalid, match="national, shanxi, zhejiang"):
        BOOKS.for_profile("atlantis")


def one(name, limit, unit):
    held = Threshold(limit, 1.0, unit, "test", "D", "2026-01-01")
    return RuleBook(name=name, thresholds={limit: held})


def test_a_profile_may_not_invent_a_limit_nor_change_its_unit():
    with pytest.raises(BadRuleBook, match=r"rate\.odd is not in"):
        laid_over(BOOKS.adult, one("p", "rate.odd", "bpm"))
    with pytest.raises(BadRuleBook, match="is in s, but"):
        laid_over(BOOKS.adult, one("p", "rate.slow", "s"))


def test_every_limit_has_a_letter_of_certainty_and_a_source():
    for book in (NATIONAL, ZHEJIANG, SHANXI):
        for limit in book.values():
            assert limit.certainty in {"S", "T", "T2", "K", "k", "D", "M"}, limit.id
            assert limit.source, limit.id
