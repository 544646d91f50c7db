import numpy as np
import pytest

from workbench.domain.context import PatientContext
from workbench.domain.finding import Severity
from workbench.domain.order import Known
from workbench.domain.trace import LEADS, Trace
from workbench.editions import finding_terms
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_cases import case
from workbench.phantoms.ecg_leads import leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books

ADULT = PatientContext(age_years=58, sex="M")


BOOKS = ecg_books()


def drawn(rate=72, rhythm=None, seed=0, seconds=10.0):
    if rhythm is None:
        rhythm = Rhythm.BRADY if rate < 60 else Rhythm.SINUS if rate <= 110 else Rhythm.TACHY
    case = EcgCase(rhythm=rhythm, rate_bpm=rate)
    return make_ecg(case, seconds, 500.0, np.random.default_rng(seed)).trace


def screened(trace, context=ADULT):
    return screen_trace(trace, context, BOOKS, "d1")


def codes(screening):
    """What is not normal; that a rhythm is sinus is said beside it."""
    return [f.code for f in screening.findings if f.severity is not Severity.NORMAL]


def number(screening, name):
    return next(m for m in screening.measurements if m.name == name)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (28, ["EC021"]),
        (33, ["EC021"]),
        (38, ["EC114"]),
        (50, ["EC201"]),
        (72, []),
        (120, ["EC202"]),
        (165, ["EC103"]),
        (195, ["EC103"]),
        (205, ["EC017"]),
        (245, ["EC017"]),
    ],
)
def test_a_drawn_rate_gets_its_code(rate, expected):
    said = screened(drawn(rate, seed=rate))
    assert set(expected) <= set(codes(said))
    critical = {f.code for f in said.findings if f.severity is Severity.CRITICAL}
    assert critical <= set(expected)
    if not expected:
        assert codes(said) == []


def test_drawn_fibrillation_is_suspected():
    said = screened(drawn(90, Rhythm.AF))
    assert codes(said) == ["EC206"]
    assert number(said, "rhythm_irregular").value == 1.0


def test_shanxi_calls_185_critical_and_the_others_do_not():
    trace = drawn(186, seed=3)
    for profile, worst in (("shanxi", "critical"), ("national", "urgent"), ("zhejiang", "urgent")):
        context = PatientContext(age_years=40, profile=profile)
        said = screened(trace, context)
        assert said.grade == worst
        assert f"ecg-profile-{profile}-2026.1" in said.rulebook
        assert profile in said.findings[0].evidence


def paused(seconds):
    """A sinus rhythm in which a stretch without a heart was put after the fourth second."""
    trace = drawn(75, seed=1, seconds=11.0)
    made = np.array(trace.millivolts)
    cut = round(4.0 * 500)
    length = round(seconds * 500)
    quiet = made[:, cut : cut + 1] + np.zeros((12, length), np.float32)
    quiet += np.random.default_rng(5).normal(0, 0.004, quiet.shape).astype(np.float32)
    return Trace(np.concatenate([made[:, :cut], quiet, made[:, cut:]], axis=1), 500.0)


def test_a_long_pause_is_critical_unless_symptoms_are_known_to_be_absent():
    trace = paused(3.0)
    assert screened(trace).findings[0].code == "EC024"
    calm = screened(trace, PatientContext(age_years=58, syncope=Known.NO))
    assert ("EC108", Severity.URGENT) in [(f.code, f.severity) for f in calm.findings]
    place = calm.findings[0].place
    assert 3.0 < place["from_s"] < 4.1
    assert 6.9 < place["to_s"] < 8.5


def test_five_seconds_are_critical_even_without_symptoms():
    calm = PatientContext(age_years=58, syncope=Known.NO)
    assert codes(screened(paused(5.2), calm))[0] == "EC024"


@pytest.mark.parametrize(("age", "assessed"), [(15.99, False), (16.0, True), (None, True)])
def test_adult_rules_are_off_under_16(age, assessed):
    said = screened(drawn(33), PatientContext(age_years=age))
    assert said.assessed is assessed
    assert bool(said.findings) is assessed
    assert number(said, "heart_rate_bpm").value == pytest.approx(33, abs=1)
    if not assessed:
        assert "no paediatric rulebook" in said.reason
    if age is None:
        assert "age unknown: adult limits applied" in said.gate.notes


def silent():
    return Trace(np.zeros((12, 5000)), 500.0)


def noise_only():
    chance = np.random.default_rng(3)
    loud = EcgNoise(muscle_mv=0.08, wander_mv=0.2)
    return Trace(
        leads_of_electrodes(electrode_noise(loud, np.arange(5000) / 500, 0.25, chance)), 500.0
    )


def unrecorded():
    return Trace(np.full((12, 5000), np.nan), 500.0)


def short():
    return drawn(72, seconds=4.0)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (silent, "no lead can be measured"),
        (unrecorded, "no lead can be measured"),
        (noise_only, "stand out"),
        (short, "4.0 s recorded"),
    ],
)
def test_what_cannot_be_judged_is_not_judged_and_says_why(make, reason):
    said = screened(make())
    assert not said.assessed
    assert not said.gate.accepted
    assert reason in said.reason
    assert "EC905" in said.gate.codes
    assert reason in said.quality[-1].evidence
    assert (said.findings, said.beats_s, said.grade) == ((), (), None)
    assert all(m.value is None and m.reason for m in said.measurements)


def test_ventricular_fibrillation_is_never_given_a_rate():
    times = np.arange(5000) / 500
    chance = np.random.default_rng(2)
    wave = np.zeros((12, 5000))
    for hz in chance.uniform(4.0, 7.5, 6):
        wave += 0.25 * chance.normal(0, 1, (12, 1)) * np.sin(
            2 * np.pi * hz * times + chance.uniform(0, 6, (12, 1))
        )  # fmt: skip
    said = screened(Trace(wave, 500.0))
    assert not said.assessed
    assert "look at once" in said.reason


def test_loose_electrodes_are_named_and_the_rest_still_measured():
    own = np.array(drawn(72).millivolts)
    own[LEADS.index("I")] = 0.0
    own[LEADS.index("V4")] = np.nan
    said = screened(Trace(own, 500.0))
    assert said.assessed
    assert said.gate.codes == ("EC903",)
    assert said.quality[0].place == {"leads": "I, V4"}
    assert number(said, "heart_rate_bpm").value == pytest.approx(72, abs=2)


@pytest.mark.parametrize("fault", ["saturated", "clipped"])
def test_a_signal_beyond_the_range_of_the_cart_is_not_called_a_missing_lead(fault):
    drawn_case = case("sinus", seed=1, fault=fault, electrode="V4")
    assert "EC906" in drawn_case.truth["codes"]
    said = screened(drawn_case.trace)
    assert said.gate.codes == ("EC906",)
    assert said.quality[0].place == {"leads": "V4"}
    assert f"V4 {fault}" in said.quality[0].evidence
    assert finding_terms()["EC906"].zh == "信号饱和/削顶"


def test_one_lead_is_enough_for_the_rate_and_the_missing_ones_are_named():
    trace = drawn(72)
    said = screened(Trace(trace.lead("II")[None], 500.0, ("II",)))
    assert said.assessed
    assert "V6 is missing" in said.quality[0].evidence
    assert number(said, "heart_rate_bpm").value == pytest.approx(72, abs=2)


def test_two_detectors_that_disagree_make_the_rate_uncertain_and_the_graver_answer_is_shown():
    # half of the leads carry another heart: together they give about 190, each alone 60 or 210
    slow, fast = drawn(60, seed=1), drawn(210, seed=2)
    mixed = np.array(slow.millivolts)
    for lead in ("V2", "V3", "V4", "V5"):
        row = LEADS.index(lead)
        mixed[row] = fast.millivolts[row]
    said = screened(Trace(mixed, 500.0))
    rate = number(said, "heart_rate_bpm")
    assert "rate uncertain" in rate.reason
    assert rate.error is not None
    assert any("rate uncertain" in note for note in said.gate.notes)
    assert number(said, "heart_rate_second_bpm").value < 150 < rate.value
    doubted = [f for f in said.findings if "count by hand" in f.evidence]
    assert {f.severity for f in doubted} <= {Severity.CRITICAL, Severity.URGENT}
    assert doubted


@pytest.mark.parametrize("rate", [33, 38, 205])
def test_neither_offset_nor_lead_order_nor_a_gain_of_the_file_flips_a_finding(rate):
    trace = drawn(rate, seed=rate)
    plain = codes(screened(trace))
    turned = Trace(trace.millivolts[::-1] + 1.5, 500.0, LEADS[::-1])
    coarse = Trace(np.round(trace.millivolts / 0.005) * 0.005, 500.0)
    assert codes(screened(turned)) == plain
    assert codes(screened(coarse)) == plain


def test_the_screening_carries_digest_versions_and_its_own_time():
    said = screened(drawn())
    assert (said.digest, said.screener, said.modality) == ("d1", "ecg", "ECG")
    assert said.elapsed_ms > 0
    assert len(said.beats_s) in {11, 12, 13}
    assert said.beats_s == tuple(sorted(said.beats_s))
