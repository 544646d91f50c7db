"""All statements together: both sides of every critical limit, what silences what, the sum."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st_

from tests.rules.ecg_made import (
    BOOK,
    MAN,
    NOBODY,
    WOMAN,
    YOUNG_MAN,
    codes,
    healthy,
    left_block,
    paced,
    said,
    st,
    without_p,
)
from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.order import Known
from workbench.ecg.facts import AtrialFacts, AtrialRhythm, Beat, BeatClass, EcgFacts
from workbench.rules.ecg_conflicts import settled
from workbench.rules.ecg_statements import judge_ecg
from workbench.rules.ecg_summary import risk_grade

PAIN = PatientContext(age_years=58, sex="M", chest_pain=Known.YES)
Draw = Callable[[float], EcgFacts]


def raised(*names: str) -> Draw:
    return lambda mv: healthy(**{name: st(mv) for name in names})


def lowered(*names: str) -> Draw:
    return lambda mv: healthy(**{name: st(-mv, slope=-0.3) for name in names})


def posterior(mv: float) -> EcgFacts:
    tall = {"r_mv": 1.4, "s_mv": 0.6, "r_ms": 50.0, "t_max_mv": 0.4}
    return healthy(V1=st(-mv), V2={**st(-mv), **tall}, V3=st(-mv))


def left_main(mv: float) -> EcgFacts:
    low = {name: st(-mv, slope=-0.3) for name in ("I", "II", "V3", "V4", "V5", "V6")}
    return healthy(**low, aVR=st(0.15))


def de_winter(mv: float) -> EcgFacts:
    up = {**st(-mv, 0.02, slope=1.5), "t_max_mv": 0.8}
    return healthy(V2=up, V3=up, V4=up)


def tall_t(mv: float) -> EcgFacts:
    t = {"t_max_mv": mv, "t_width_ms": 90.0}
    return without_p(healthy({"qrs_ms": 126.0}, V3=t, V4=t))


def high_u(mv: float) -> EcgFacts:
    u = {"u_mv": mv, "t_max_mv": 0.1}
    return healthy({"qtc_fridericia_ms": 520.0, "qtc_bazett_ms": 525.0}, V2=u, V3=u, V4=u)


def embolism(mv: float) -> EcgFacts:
    three = {"q_mv": 0.2, "t_min_mv": -0.2, "t_max_mv": 0.0, "st_j80_mv": -0.05}
    return healthy(rate=116.0, I={"s_mv": mv}, III=three)


def qtc(ms: float) -> EcgFacts:
    return healthy({"qtc_fridericia_ms": ms, "qt_ms": 400.0})


LIMITS = [
    ("EC001", "ste.v2_v3_men", raised("V2", "V3"), MAN, 0.20, 0.19),
    ("EC001", "ste.v2_v3_young_men", raised("V2", "V3"), YOUNG_MAN, 0.25, 0.24),
    ("EC001", "ste.v2_v3_women", raised("V2", "V3"), WOMAN, 0.15, 0.14),
    ("EC001", "ste.v2_v3_women", raised("V2", "V3"), NOBODY, 0.15, 0.14),
    ("EC001", "ste.other", raised("II", "III", "aVF"), MAN, 0.10, 0.09),
    ("EC001", "ste.other", raised("V4", "V5"), MAN, 0.10, 0.09),
    ("EC005", "ste.back", raised("V7", "V8"), MAN, 0.05, 0.04),
    ("EC005", "ste.back_young_men", raised("V8", "V9"), YOUNG_MAN, 0.10, 0.09),
    ("EC006", "ste.right", raised("V3R", "V4R"), MAN, 0.05, 0.04),
    ("EC006", "ste.right_young_men", raised("V3R", "V4R"), YOUNG_MAN, 0.10, 0.09),
    ("EC005", "posterior.depth", posterior, MAN, 0.05, 0.04),
    ("EC007", "std.contiguous", lowered("V5", "V6"), PAIN, 0.05, 0.04),
    ("EC007", "std.unasked", lowered("V5", "V6"), MAN, 0.10, 0.09),
    ("EC007", "main.depth", left_main, MAN, 0.10, 0.09),
    ("EC010", "dewinter.depth", de_winter, MAN, 0.10, 0.09),
    ("EC009", "wide.ratio", lambda mv: left_block(V2=st(mv)), MAN, 0.55, 0.53),
    ("EC009", "wide.concordant", lambda mv: left_block(V5=st(mv)), MAN, 0.10, 0.09),
    ("EC009", "wide.concordant", lambda mv: left_block(V3=st(-mv)), MAN, 0.10, 0.09),
    ("EC009", "wide.concordant", lambda mv: paced(left_block(V5=st(mv))), MAN, 0.10, 0.09),
    ("EC026", "qtc.critical", qtc, MAN, 550, 549),
    ("EC029", "hyper.t_chest", tall_t, MAN, 1.00, 0.99),
    ("EC030", "u.prominent", high_u, MAN, 0.15, 0.14),
    ("EC031", "embolism.s", embolism, MAN, 0.15, 0.14),
]


@pytest.mark.parametrize(("code", "limit", "draw", "who", "at", "under"), LIMITS)
def test_a_critical_statement_begins_at_its_limit_and_says_all_about_it(
    code: str, limit: str, draw: Draw, who: PatientContext, at: float, under: float
):
    found = judge_ecg(draw(at), who, BOOK)
    one = said(found, code)
    assert one.severity is Severity.CRITICAL
    known = BOOK[limit]
    assert f"[{limit}, certainty {known.certainty}, {BOOK.name}]" in one.evidence
    assert one.place["leads"]
    assert one.place["mark"] in {"j", "qrs", "t", "p"}
    assert risk_grade(found) is Severity.CRITICAL
    assert code not in codes(judge_ecg(draw(under), who, BOOK), Severity.CRITICAL)


def test_a_healthy_tracing_is_normal_and_nothing_else():
    for who in (MAN, YOUNG_MAN, WOMAN, NOBODY):
        found = judge_ecg(healthy(), who, BOOK)
        assert codes(found) == {"EC301", "EC303"}
        assert risk_grade(found) is Severity.NORMAL


def test_slight_deviations_alone_make_it_nearly_normal():
    found = judge_ecg(healthy({"qrs_axis_deg": -35.0}), MAN, BOOK)
    assert codes(found) == {"EC217", "EC302", "EC303"}
    assert codes(judge_ecg(healthy({"pr_ms": 230.0}), MAN, BOOK)) == {"EC207", "EC303"}


@pytest.mark.parametrize("gone", ["V4", "aVL"])
def test_a_tracing_that_was_not_measured_whole_is_never_called_normal(gone: str):
    facts = healthy()
    left = {name: wave for name, wave in facts.leads.items() if name != gone}
    assert codes(judge_ecg(replace(facts, leads=left), MAN, BOOK)) == {"EC303"}
    unseen = replace(facts, atria=AtrialFacts(AtrialRhythm.UNKNOWN))
    assert "EC301" not in codes(judge_ecg(unseen, MAN, BOOK))
    noisy = replace(facts, technical=frozenset({"EC904"}))
    assert "EC301" not in codes(judge_ecg(noisy, MAN, BOOK))


def test_under_sixteen_no_adult_rule_is_asked():
    child = PatientContext(age_years=15.9, sex="M")
    grave = healthy(V2=st(0.6), V3=st(0.6))
    assert judge_ecg(grave, child, BOOK) == ()
    assert "EC001" in codes(judge_ecg(grave, PatientContext(age_years=16, sex="M"), BOOK))


def test_a_single_raised_lead_is_no_infarction_and_contiguity_goes_over_minus_avr():
    assert "EC001" not in codes(judge_ecg(healthy(II=st(0.3)), MAN, BOOK))
    pair = healthy(I=st(0.12), aVR=st(-0.11))
    assert "EC001" in codes(judge_ecg(pair, MAN, BOOK))
    apart = healthy(I=st(0.12), III=st(0.12), aVR=st(0.0))
    assert "EC001" not in codes(judge_ecg(apart, MAN, BOOK))


def test_the_place_of_an_infarction_is_named():
    found = judge_ecg(healthy(II=st(0.2), III=st(0.3), aVF=st(0.25), V1=st(0.12)), MAN, BOOK)
    assert {"EC001", "EC003", "EC006"} <= codes(found)
    assert codes(found, Severity.CRITICAL) == {"EC001"}  # one alert, its place beside it
    assert "wall of the heart: inferior" in said(found, "EC001").evidence
    assert "record V3R to V5R" in said(found, "EC003").evidence


def test_without_age_or_sex_the_most_sensitive_limit_is_taken_and_told():
    facts = healthy(V2=st(0.16), V3=st(0.16))
    assert "sex unknown" in said(judge_ecg(facts, NOBODY, BOOK), "EC001").evidence
    ageless = PatientContext(sex="M")
    assert "EC001" not in codes(judge_ecg(facts, ageless, BOOK))
    higher = healthy(V2=st(0.21), V3=st(0.21))
    assert "age unknown" in said(judge_ecg(higher, ageless, BOOK), "EC001").evidence


def test_a_point_that_falls_at_once_is_no_segment():
    late = healthy(V2=st(0.3, 0.05), V3=st(0.3, 0.05))
    assert "EC001" not in codes(judge_ecg(late, MAN, BOOK))
    wave = {**st(0.3, 0.16), "st_j80_mv": 0.02}  # a flutter wave, or the end of QRS
    falling = healthy(II=wave, III=wave, aVF=wave)
    assert "EC001" not in codes(judge_ecg(falling, MAN, BOOK))
    stays = {**wave, "st_j80_mv": 0.05}
    assert "EC001" in codes(judge_ecg(healthy(II=stays, III=stays, aVF=stays), MAN, BOOK))


def test_a_noisy_lead_is_told_and_not_guessed():
    noisy = {**st(0.12), "noise_mv": 0.08}
    assert "EC001" not in codes(judge_ecg(healthy(II=noisy, aVF=noisy, III=noisy), MAN, BOOK))
    sure = {**st(0.30), "noise_mv": 0.08}
    found = judge_ecg(healthy(II=sure, aVF=sure, III=sure), MAN, BOOK)
    assert "ST not assessed for noise in II, III, aVF" in said(found, "EC001").evidence


def test_elevation_over_a_deep_s_of_a_large_ventricle_is_not_counted():
    large = {"V1": {"s_mv": 2.6}, "V5": {"r_mv": 2.4}}
    low = healthy(**large, V2={**st(0.25), "s_mv": 2.4}, V3={**st(0.25), "s_mv": 2.0})
    assert "EC001" not in codes(judge_ecg(low, MAN, BOOK))
    high = healthy(**large, V2={**st(0.7), "s_mv": 2.4}, V3={**st(0.6), "s_mv": 2.0})
    assert "EC001" in codes(judge_ecg(high, MAN, BOOK))


@pytest.mark.parametrize("make", [left_block, lambda **k: paced(left_block(**k))])
def test_discordant_st_under_a_wide_qrs_is_never_called_infarction(make: Draw):
    found = judge_ecg(make(V1=st(0.3), V2=st(0.5), V3=st(0.45), V6=st(-0.2)), MAN, BOOK)
    assert not codes(found, Severity.CRITICAL)


def test_barcelona_alone_is_urgent_and_critical_with_pain():
    low = left_block(aVL={"r_mv": 0.3, "s_mv": 0.0, "qrs_area_mvms": 10.0, **st(-0.12)})
    assert said(judge_ecg(low, MAN, BOOK), "EC009").severity is Severity.URGENT
    assert said(judge_ecg(low, PAIN, BOOK), "EC009").severity is Severity.CRITICAL


def test_a_right_block_leaves_the_plain_rule_in_force():
    block = {"r2_mv": 0.5, "r_peak_ms": 90.0}
    side = {"s_ms": 60.0}
    facts = healthy({"qrs_ms": 140.0}, V1=block, I=side, V6=side, V3=st(0.3), V4=st(0.3))
    assert {"EC209", "EC001"} <= codes(judge_ecg(facts, MAN, BOOK))


def test_early_repolarisation_of_a_young_man_is_urgent_and_not_critical():
    benign = {"t_max_mv": 1.2, "st_slope_mv_s": 0.6, "r_mv": 2.4}
    leads = {name: {**st(0.26, 0.28, 0.6), **benign} for name in ("V2", "V3", "V4")}
    facts = healthy({"qtc_bazett_ms": 380.0}, **leads)
    found = judge_ecg(facts, YOUNG_MAN, BOOK)
    assert said(found, "EC305").severity is Severity.URGENT
    assert "EC001" not in codes(found)
    hurting = replace(YOUNG_MAN, chest_pain=Known.YES)
    assert "EC001" in codes(judge_ecg(facts, hurting, BOOK))
    assert "EC001" in codes(judge_ecg(facts, MAN, BOOK))  # too old for it


def test_without_known_pain_depression_is_graded_with_care_and_says_so():
    free = PatientContext(age_years=58, sex="M", chest_pain=Known.NO)
    facts = healthy(V4=st(-0.15, slope=-0.4), V5=st(-0.12, slope=-0.4))
    assert said(judge_ecg(facts, MAN, BOOK), "EC007").severity is Severity.CRITICAL
    assert "chest pain unknown" in said(judge_ecg(facts, MAN, BOOK), "EC007").evidence
    assert said(judge_ecg(facts, free, BOOK), "EC007").severity is Severity.URGENT
    climbing = healthy(V4=st(-0.15, slope=2.0), V5=st(-0.12, slope=2.0))
    assert "EC007" not in codes(judge_ecg(climbing, MAN, BOOK))


@pytest.mark.parametrize(
    ("potassium", "flagged"), [(None, True), (5.4, False), (5.5, True), (7.0, True)]
)
def test_a_known_potassium_silences_or_bears_out_the_pattern(potassium, flagged):
    who = PatientContext(age_years=58, sex="M", potassium=potassium)
    found = judge_ecg(tall_t(1.2), who, BOOK)
    assert ("EC029" in codes(found)) is flagged
    if potassium is None:
        assert "potassium unknown" in said(found, "EC029").evidence


def test_a_tall_t_of_a_limb_lead_that_points_down_answers_to_its_qrs():
    up = {"t_max_mv": 0.6, "t_width_ms": 90.0}
    wide = {"qrs_ms": 150.0}
    assert "EC029" in codes(judge_ecg(healthy(wide, II=up, III=up, aVF=up), MAN, BOOK))
    down = {**up, "qrs_area_mvms": -30.0}
    assert "EC029" not in codes(judge_ecg(healthy(wide, II=down, III=down, aVF=down), MAN, BOOK))


@pytest.mark.parametrize(("peak", "beside", "named"), [
    (0.55, 0.45, True), (0.54, 0.45, False), (0.55, 0.44, False), (0.54, 0.54, False),
])  # fmt: skip
def test_one_lead_of_de_winter_is_tall_and_its_neighbour_nearly_so(peak, beside, named):
    low = {"st_j_mv": -0.15, "st_slope_mv_s": 2.0}
    facts = healthy(V3={**low, "t_max_mv": peak}, V4={**low, "t_max_mv": beside})
    assert ("EC010" in codes(judge_ecg(facts, MAN, BOOK))) is named


@pytest.mark.parametrize(("rate", "named"), [(150.0, True), (149.0, False)])
def test_what_stands_before_qrs_is_no_p_where_no_sinus_is_so_fast_and_uneven(rate, named):
    fast = healthy({"qrs_ms": 90.0}, rate=rate)
    uneven = replace(fast, rhythm=replace(fast.rhythm, variation=0.2, spread=0.2))
    assert ("EC206" in codes(judge_ecg(uneven, MAN, BOOK))) is named


@pytest.mark.parametrize(
    ("atria", "variation", "named"),
    [
        (AtrialRhythm.UNKNOWN, 0.12, True), (AtrialRhythm.UNKNOWN, 0.09, False),
        (AtrialRhythm.LOCKED_P, 0.30, False), (AtrialRhythm.NO_P, 0.12, True),
    ],
)  # fmt: skip
def test_p_before_some_beats_of_an_irregular_rhythm_does_not_rule_out_fibrillation(
    atria, variation, named
):
    usual = healthy(rate=80.0)
    rhythm = replace(usual.rhythm, variation=variation, spread=variation)
    facts = replace(usual, rhythm=rhythm, atria=AtrialFacts(atria))
    assert ("EC206" in codes(judge_ecg(facts, MAN, BOOK))) is named


@pytest.mark.parametrize(
    ("j80", "t", "said_urgent"),
    [(0.10, -0.05, True), (0.09, -0.30, False), (0.15, -0.04, False), (0.19, -0.9, True)],
)
def test_st_that_stays_up_over_q_waves_is_an_infarction_still_evolving(j80, t, said_urgent):
    scar = {
        "r_mv": 0.0, "s_mv": 0.0, "q_mv": 1.2, "q_ms": 60.0, "qrs_area_mvms": -30.0,
        **st(0.06, 0.08), "st_j80_mv": j80, "t_max_mv": 0.1, "t_min_mv": t,
    }  # fmt: skip
    facts = healthy(V2=scar, V3=scar)
    found = judge_ecg(facts, MAN, BOOK)
    assert "EC229" in codes(found)
    assert ("EC001" in codes(found, Severity.URGENT)) is said_urgent
    assert "EC001" not in codes(found, Severity.CRITICAL)
    if said_urgent:
        assert said(judge_ecg(facts, PAIN, BOOK), "EC001").severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("peak", "qrs", "code"),
    [(390.0, 90.0, None), (410.0, 90.0, "EC110"), (460.0, 90.0, "EC026"), (460.0, 130.0, None)],
)
def test_where_p_hides_the_end_of_t_its_peak_proves_a_long_qt(peak, qrs, code):
    late = {n: {"t_peak_ms": peak} for n in ("II", "V3", "V4", "V5", "V6")}
    others = {n: {"t_peak_ms": peak} for n in ("I", "III", "aVR", "aVL", "aVF", "V1", "V2")}
    facts = healthy({"qt_ms": 700.0, "qtc_fridericia_ms": 760.0, "qrs_ms": qrs}, rate=80.0,
                    **late, **others)  # fmt: skip
    found = codes(judge_ecg(facts, MAN, BOOK)) & {"EC026", "EC110", "EC226"}
    assert found == ({code} if code else set())


@pytest.mark.parametrize(
    ("qrs", "potassium", "named"),
    [(170.0, None, True), (169.0, None, False), (140.0, 7.0, True), (139.0, 7.0, False)],
)
def test_a_sine_wave_without_p_has_a_tall_t_of_any_width(qrs, potassium, named):
    tall = {"t_max_mv": 1.2, "t_width_ms": 220.0}
    facts = without_p(healthy({"qrs_ms": qrs}, rate=50.0, V2=tall, V3=tall, V4=tall))
    who = PatientContext(age_years=58, sex="M", potassium=potassium)
    found = judge_ecg(facts, who, BOOK)
    assert ("EC029" in codes(found)) is named
    if named:
        evidence = said(found, "EC029").evidence
        assert "narrow" not in evidence
        assert f"QRS duration: {qrs:.0f} ms" in evidence


def test_a_block_is_not_called_sinus_bradycardia_as_well():
    both = [Finding(c, Severity.ABNORMAL, "x", "y") for c in ("EC022", "EC201", "EC303", "EC211")]
    assert [f.code for f in settled(both, frozenset())] == ["EC022", "EC211"]


def test_tall_t_alone_needs_the_laboratory():
    t = {"t_max_mv": 1.2, "t_width_ms": 90.0}
    facts = healthy(V3=t, V4=t)
    assert "EC029" not in codes(judge_ecg(facts, MAN, BOOK))
    known = PatientContext(age_years=58, sex="M", potassium=6.5)
    assert "EC029" in codes(judge_ecg(facts, known, BOOK))


def test_doubt_about_the_electrodes_is_added_and_hides_nothing():
    facts = replace(healthy(II=st(0.3), III=st(0.3), aVF=st(0.3)), technical=frozenset({"EC901"}))
    one = said(judge_ecg(facts, MAN, BOOK), "EC001")
    assert one.severity is Severity.CRITICAL
    assert "limb leads may be exchanged" in one.evidence


@given(
    st_.floats(-0.02, 0.09), st_.sampled_from(["I", "II", "III", "aVL", "aVF", "V1", "V4", "V6"])
)
def test_no_small_st_of_a_single_lead_makes_a_healthy_tracing_critical(mv: float, name: str):
    found = judge_ecg(healthy(**{name: st(mv)}), NOBODY, BOOK)
    assert not codes(found, Severity.CRITICAL)


@given(
    st_.permutations(["V1", "V2", "V3", "V4", "V5", "V6", "I", "II", "III", "aVR", "aVL", "aVF"])
)
def test_the_order_of_the_leads_changes_no_statement(order: list[str]):
    facts = healthy(V2=st(0.3), V3=st(0.3), II=st(-0.1), III=st(-0.1))
    other = replace(facts, leads={name: facts.leads[name] for name in order})
    assert codes(judge_ecg(other, MAN, BOOK)) == codes(judge_ecg(facts, MAN, BOOK))


@given(st_.floats(0, 1.5), st_.floats(0, 1.5))
def test_more_elevation_never_makes_a_tracing_less_grave(a: float, b: float):
    low, high = sorted((a, b))
    order = list(Severity)

    def grade(mv: float) -> int:
        found = judge_ecg(healthy(II=st(mv), III=st(mv), aVF=st(mv)), MAN, BOOK)
        return order.index(risk_grade(found) or Severity.NORMAL)

    assert grade(high) <= grade(low)


def test_a_tracing_with_an_early_beat_is_not_called_normal():
    early = replace(healthy(), beats=(Beat(1.0, BeatClass.USUAL), Beat(1.5, BeatClass.EARLY_WIDE)))
    assert not codes(judge_ecg(early, MAN, BOOK)) & {"EC301", "EC302"}


def test_raised_st_under_flutter_waves_is_urgent_and_says_why():
    wavy = healthy(II=st(0.2), III=st(0.2), aVF=st(0.2))
    wavy = replace(wavy, atria=AtrialFacts(AtrialRhythm.FLUTTER))
    one = said(judge_ecg(wavy, MAN, BOOK), "EC001")
    assert one.severity is Severity.URGENT
    assert "flutter waves" in one.evidence
