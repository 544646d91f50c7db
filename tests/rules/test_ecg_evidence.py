"""Every clause a rule of form can say is read in Chinese, numbers and limits included."""

import re
from dataclasses import replace

import pytest

from tests.rules.ecg_made import (
    BOOK,
    MAN,
    NOBODY,
    YOUNG_MAN,
    healthy,
    left_block,
    paced,
    st,
    without_p,
)
from tests.rules.test_ecg_statements import LIMITS, PAIN
from workbench.domain.context import PatientContext, PriorTracing
from workbench.domain.order import Known
from workbench.language import translator
from workbench.panels.words import evidence
from workbench.rules.ecg_evidence import AT_LEAST, against
from workbench.rules.ecg_statements import judge_ecg

ZH = translator("zh_CN")
HAN = re.compile(r"[\u3400-\u9fff]")
# Words a Chinese report keeps: leads, waves, units, names of criteria and limits.
KEPT = re.compile(
    r"［[^］]*］|(?<![A-Za-z])(?:Fridericia|Bazett|Sgarbossa|Barcelona|Cornell|mmol)(?![a-z])"
)
LOW = {"r_mv": 0.3, "s_mv": 0.0, "qrs_area_mvms": 10.0}
Q = {"q_mv": 0.5, "q_ms": 45.0}
BLOCK = {"r2_mv": 0.5, "r_peak_ms": 90.0}
COVED = {**st(0.3, 0.1, -1.5), "t_min_mv": -0.3, "t_max_mv": 0.0}
BENIGN = {**st(0.26, 0.28, 0.6), "t_max_mv": 1.2, "r_mv": 2.4}
SMALL = {name: {"qrs_pp_mv": 0.3} for name in ("I", "II", "III", "aVR", "aVL", "aVF")}
FREE = PatientContext(age_years=58, sex="M", chest_pain=Known.NO, potassium=6.8)
OTHERS = [
    (healthy({"pr_ms": 240.0, "p_ms": 150.0, "qrs_axis_deg": -120.0}), MAN),
    (healthy({"pr_ms": 90.0, "qrs_axis_deg": 130.0}, V1={"r_mv": 0.6, "s_mv": 0.1}), MAN),
    (healthy({"qrs_ms": 150.0}, V1=BLOCK, I={"s_ms": 60.0}, V6={"s_ms": 60.0}), MAN),
    (healthy({"qrs_ms": 116.0}, V1=BLOCK, I={"s_ms": 60.0}), MAN),
    (healthy({"qrs_ms": 140.0}, V5=st(0.2)), MAN),
    (
        healthy(
            {"pr_ms": 100.0, "qrs_ms": 130.0},
            **{
                n: {"initial_slope": 0.2}
                for n in ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
            },
        ),
        MAN,
    ),
    (left_block(aVL={**LOW, **st(-0.12)}), MAN),
    (
        left_block(V6={"t_min_mv": -0.3, "t_max_mv": 0.0}, I={"t_min_mv": -0.3, "t_max_mv": 0.0}),
        MAN,
    ),
    (paced(left_block(V5=st(0.2))), MAN),
    (healthy(V2=Q, V3=Q), MAN),
    (healthy(II=Q, aVF=Q, III=Q), MAN),
    (
        healthy(
            V2={"r_mv": 0.0, "s_mv": 0.0, "q_mv": 1.0}, V3={"r_mv": 0.0, "s_mv": 0.0, "q_mv": 1.0}
        ),
        MAN,
    ),
    (
        healthy(
            V1={"r_mv": 1.2, "s_mv": 0.2, "r_ms": 50.0}, V2={"r_mv": 1.2, "s_mv": 0.2, "r_ms": 50.0}
        ),
        MAN,
    ),
    (healthy(V2={"r_mv": 0.1}, V3={"r_mv": 0.2}), MAN),
    (healthy(V1=COVED), MAN),
    (healthy({"qtc_bazett_ms": 380.0}, V2=BENIGN, V3=BENIGN, V4=BENIGN), YOUNG_MAN),
    (healthy(V4=BENIGN, V5=BENIGN), WOMAN := PatientContext(age_years=30, sex="F")),
    (
        healthy(
            **{
                n: {**st(0.09), "t_max_mv": 0.3}
                for n in ("I", "II", "III", "aVF", "V3", "V4", "V5", "V6")
            }
        ),
        MAN,
    ),
    (
        healthy(
            {"qtc_fridericia_ms": 450.0},
            rate=44.0,
            **{n: st(0.3, 0.05) for n in ("II", "V4", "V5", "V6")},
        ),
        MAN,
    ),
    (healthy(V4={"t_min_mv": -0.3, "t_max_mv": 0.0}, V5={"t_min_mv": -0.3, "t_max_mv": 0.0}), MAN),
    (healthy(V4={"t_max_mv": 0.02}, V5={"t_max_mv": 0.02}), MAN),
    (healthy(V4=st(-0.06, slope=-0.1), V5=st(-0.06, slope=-0.1), V3={"u_mv": 0.2}), MAN),
    (healthy(V2={"t_min_mv": -0.5, "t_max_mv": 0.0}, V3={"t_min_mv": -0.5, "t_max_mv": 0.0}), MAN),
    (healthy(V2={"t_min_mv": -0.2}, V3={"t_min_mv": -0.2}), MAN),
    (healthy({"qtc_fridericia_ms": 330.0}), MAN),
    (healthy({"qtc_fridericia_ms": 470.0, "qrs_ms": 150.0}, V1=BLOCK, V6={"s_ms": 60.0}), NOBODY),
    (healthy({"qtc_fridericia_ms": 510.0}), MAN),
    (healthy(II={"p_max_mv": 0.3}, V1={"p_terminal_mvms": 7.0}), MAN),
    (healthy(V1={"s_mv": 2.6}, V5={"r_mv": 2.7}, aVL={"r_mv": 1.5}, V3={"s_mv": 2.4}), NOBODY),
    (healthy({"qrs_ms": 150.0}, V1={"s_mv": 2.6}, V5={"r_mv": 2.7}), NOBODY),
    (healthy(V1={"r_mv": 1.2, "s_mv": 0.2}), MAN),
    (healthy(**SMALL), MAN),
    (
        healthy(
            {"qrs_axis_deg": -60.0},
            aVL={**Q, "q_ms": 20.0, "r_peak_ms": 60.0, "qrs_area_mvms": 9.0},
            **{n: {"qrs_area_mvms": -9.0} for n in ("II", "III", "aVF")},
        ),
        MAN,
    ),
    (
        healthy(
            {"qrs_axis_deg": 110.0},
            I={"s_mv": 0.9},
            aVL={"s_mv": 0.9},
            III={"q_mv": 0.1},
            aVF={"q_mv": 0.1},
        ),
        MAN,
    ),
    (healthy(II=st(0.3), III=st(0.4), aVF=st(0.35), V1=st(0.12), aVL=st(-0.2)), NOBODY),
    (healthy(V1=st(0.2), V2=st(0.5), V3=st(0.5), V5=st(0.3), V6=st(0.3), I={"noise_mv": 0.2}), MAN),
    (healthy(V4=st(-0.2, slope=-0.4), V5=st(-0.2, slope=-0.4)), FREE),
    (
        healthy(V3={"t_max_mv": 1.2, "t_width_ms": 90.0}, V4={"t_max_mv": 1.2, "t_width_ms": 90.0}),
        FREE,
    ),
    (without_p(healthy({"qtc_fridericia_ms": 560.0})), NOBODY),
    (
        replace(
            healthy(II=st(0.3), III=st(0.3), aVF=st(0.3)), technical=frozenset({"EC901", "EC902"})
        ),
        MAN,
    ),
]
PRIORS = [
    None,
    PriorTracing({"V2": 0.0, "V3": 0.0}),
    PriorTracing({"V2": 0.3, "V3": 0.3}, frozenset({"EC229"})),
    PriorTracing({"V2": 0.0, "V3": 0.0}, frozenset({"EC229"})),
    PriorTracing({}),
]


def unread(text: str) -> list[str]:
    """Clauses that a Chinese reader would meet in English."""
    said = [(clause, ZH(clause)) for clause in text.split("; ")]
    return [
        clause
        for clause, zh in said
        if not HAN.search(zh) or re.search(r"[a-z]{4,}", KEPT.sub("", zh))
    ]


@pytest.mark.parametrize("case", range(len(OTHERS)))
def test_no_clause_of_a_statement_is_left_in_english(case: int):
    facts, who = OTHERS[case]
    found = judge_ecg(facts, who, BOOK)
    assert found
    faults = {f.code: unread(f.evidence) for f in found}
    assert not {code: left for code, left in faults.items() if left}


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: f"{row[0]} {row[1]}")
def test_no_clause_of_a_critical_statement_is_left_in_english(row: tuple):
    _, _, draw, who, at, _ = row
    for context in (who, PAIN):
        for one in judge_ecg(draw(at), context, BOOK):
            assert not unread(one.evidence)


@pytest.mark.parametrize("prior", PRIORS)
def test_no_clause_about_a_prior_tracing_is_left_in_english(prior: PriorTracing | None):
    for facts in (healthy(V2=st(0.3), V3=st(0.3)), healthy(V2=st(0.18), V3=st(0.18)), left_block()):
        for who in (MAN, PAIN):
            for one in judge_ecg(facts, who, BOOK, prior):
                assert not unread(one.evidence)


def test_a_clause_reads_as_a_doctor_would_write_it():
    clause = against("ST at J in lead V2", 0.254, AT_LEAST, BOOK["ste.v2_v3_men"], BOOK)
    assert evidence(clause, ZH) == (
        "V2导联J点ST抬高 0.25 mV，不低于界值 0.2 mV［ste.v2_v3_men，来源等级 T，ecg-adult-2026.1］"
    )
