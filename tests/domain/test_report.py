"""A report is complete before it is signed; what was signed can be recognised for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.finding import FindingTerm, Severity
from workbench.domain.report import (
    Certainty,
    CodedFinding,
    ReportBody,
    Side,
    body_from,
    digest_of,
    problems,
)

TERMS = {
    "DR001": FindingTerm(
        "DR001", "DR", "气胸", "pneumothorax", Severity.CRITICAL, {"side": "required"}
    ),
    "DR301": FindingTerm("DR301", "DR", "未见异常", "no abnormality", Severity.NORMAL),
    "EC301": FindingTerm("EC301", "ECG", "窦性心律", "sinus rhythm", Severity.NORMAL),
}
CODED = st.builds(
    CodedFinding,
    code=st.sampled_from(["DR001", "DR301", "EC301", "ZZ999"]),
    side=st.sampled_from(Side),
    certainty=st.sampled_from(Certainty),
)
BODIES = st.builds(
    ReportBody,
    findings=st.text(max_size=40),
    impression=st.text(max_size=40),
    coded=st.lists(CODED, max_size=4).map(tuple),
)


def make_body(**changes):
    return ReportBody(**{"findings": "两肺清晰。", "impression": "未见异常。", **changes})


def test_a_filled_report_can_be_signed():
    body = make_body(coded=(CodedFinding("DR301"), CodedFinding("DR001", Side.LEFT)))
    assert list(problems(body, TERMS, "DR")) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"findings": " \n"}, "findings are empty"),
        ({"impression": ""}, "impression is empty"),
        ({"findings": "心率 ____ 次/分"}, "a template placeholder is still open (____)"),
        ({"impression": "心胸比 {ctr}"}, "a template placeholder is still open (____)"),
        ({"coded": (CodedFinding("ZZ999"),)}, "ZZ999 is not in the vocabulary"),
        ({"coded": (CodedFinding("EC301"),)}, "EC301 belongs to ECG, this exam is DR"),
        ({"coded": (CodedFinding("DR001"),)}, "DR001 needs a side"),
    ],
)
def test_each_gap_keeps_a_report_from_being_signed(changes, problem):
    assert list(problems(make_body(**changes), TERMS, "DR")) == [problem]


def test_all_gaps_are_told_at_once():
    body = ReportBody(coded=(CodedFinding("ZZ999"), CodedFinding("DR001")))
    assert len(problems(body, TERMS, "DR")) == 4


@given(BODIES, st.sampled_from(["DR", "ECG"]))
def test_a_report_without_problems_really_has_everything(body, modality):
    if problems(body, TERMS, modality):
        return
    assert body.findings.strip()
    assert body.impression.strip()
    assert "____" not in body.findings + body.impression
    for coded in body.coded:
        assert TERMS[coded.code].modality == modality
        assert coded.side is not Side.NONE or not TERMS[coded.code].needs_side


@given(BODIES)
def test_a_stored_draft_comes_back_as_it_was(body):
    assert body_from(body.as_dict()) == body


def test_an_unknown_side_is_refused_and_not_dropped():
    with pytest.raises(ValueError, match="middle"):
        body_from({"coded": [{"code": "DR001", "side": "middle"}]})


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(), min_size=2))
def test_the_digest_does_not_depend_on_the_order_of_writing(content):
    backwards = dict(reversed(list(content.items())))
    assert digest_of(content) == digest_of(backwards)


@given(BODIES, BODIES)
def test_two_reports_share_a_digest_only_when_they_say_the_same(one, other):
    same = digest_of(one.as_dict()) == digest_of(other.as_dict())
    assert same == (one == other)


def test_the_digest_is_that_of_an_independent_program():
    # printf '{"a":1,"b":"危急值"}' | sha256sum   (GNU coreutils)
    golden = "3630db599978bd1a157316d28d3685e6cb4d5d5bb6bd58911a840864b8237fd7"
    assert digest_of({"b": "危急值", "a": 1}) == golden
