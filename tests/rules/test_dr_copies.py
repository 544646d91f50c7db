"""The same picture: under another patient a wrong patient is suspected, else it was sent twice."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from workbench.domain.film_print import KeptPrint, Twin
from workbench.domain.finding import Severity
from workbench.language import translator
from workbench.rules.dr_copies import judge_copies

ZONE = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # the next day in Shanghai


def twin(person="p2", exam="e2", site="T01", likeness=0.97):
    return Twin(KeptPrint("i", exam, person, site, LATE, 1, b""), likeness)


def judge(*twins):
    return judge_copies(twins, "e1", "p1", "T01", ZONE)


def test_nothing_found_says_nothing():
    assert judge() == ()


@pytest.mark.parametrize(
    ("one", "code", "words"),
    [
        (twin(), "DR908", "under another patient of this institution"),
        (twin(site="T02"), "DR908", "under another patient of another institution"),
        (twin(person="p1"), "DR907", "in another exam of this patient"),
        (twin(person="p1", exam="e1"), "DR907", "in this exam"),
    ],
)
def test_person_exam_and_institution_decide_what_is_said(one, code, words):
    (found,) = judge(one)
    assert (found.code, found.severity) == (code, Severity.TECHNICAL)
    assert words in found.evidence
    assert "it arrived on 2026-11-26" in found.evidence
    assert found.place == {"exam": one.film.exam_id, "instance": "i"}


def test_both_kinds_are_said_once_with_the_likest():
    found = judge(twin(likeness=0.99), twin(exam="e3"), twin(person="p1"), twin(person="p1"))
    assert [one.code for one in found] == ["DR908", "DR907"]
    assert "likeness of the detail 0.99" in found[0].evidence
    assert "exams concerned: 2" in found[0].evidence


def test_every_clause_is_said_in_chinese_and_names_nobody():
    translate = translator("zh_CN")
    for found in (
        *judge(twin(), twin(person="p1")),
        *judge(twin(site="T02")),
        *judge(twin("p1", "e1")),
    ):
        for clause in found.evidence.split("; "):
            assert not re.search("[A-Za-z]", translate(clause)), clause
        assert "p2" not in found.evidence
