"""What is said of leads and electrodes, and that all of it is read in Chinese."""

import numpy as np
import pytest

from tests.ecg.test_lead_reversal import exchanged
from tests.rules.ecg_made import BOOK
from tests.rules.test_ecg_evidence import unread
from workbench.domain.finding import Severity
from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.facts import LeadWaves
from workbench.ecg.lead_reversal import ReversalSeen
from workbench.ecg.quality_look import look_at_leads, look_with_beats
from workbench.language import translator
from workbench.panels.words import evidence
from workbench.phantoms.ecg import EcgCase, make_ecg
from workbench.rules.ecg_quality import judge_quality, quality_limits
from workbench.rules.ecg_reversal import judge_reversal
from workbench.screening.ecg_look import look_at

CLEAN = make_ecg(EcgCase(), 10.0, 500.0, np.random.default_rng(8)).trace
LIMITS = quality_limits(BOOK)
TIMES = np.arange(5000) / 500.0
NOISE = np.random.default_rng(2).normal(0, 0.2, 5000)


def told(changes, leads=LEADS):
    rows = np.array(CLEAN.millivolts)
    for lead, row in changes.items():
        rows[LEADS.index(lead)] = row
    trace = Trace(rows[[LEADS.index(n) for n in leads]], 500.0, leads)
    first = look_at_leads(trace, LIMITS)
    look = look_with_beats(first, find_beats(first.trace).times_s, LIMITS)
    return {f.code: f for f in judge_quality(look, "", BOOK)}


def row(lead):
    return CLEAN.lead(lead).astype(float)


CASES = {
    "flat": {"V2": 0.0},
    "half flat": {"V2": np.where(TIMES > 5, 0.0, row("V2"))},
    "clipped": {"V2": np.clip(row("V2"), -0.2, 0.2)},
    "saturated": {"V2": np.where((TIMES > 3) & (TIMES < 5), 5.0, row("V2"))},
    "step": {"V2": row("V2") + 1.5 * (TIMES > 5)},
    "wander": {"V2": row("V2") + 2 * np.sin(2 * TIMES)},
    "mains": {"V2": row("V2") + 0.5 * np.sin(100 * np.pi * TIMES)},
    "mains 60": {"V2": row("V2") + 0.5 * np.sin(120 * np.pi * TIMES)},
    "muscle": {"V2": row("V2") + NOISE},
    "noise only": {"V2": NOISE},
    "gaps": {"V2": np.where(TIMES < 3, np.nan, row("V2"))},
    "spikes": {"V2": row("V2") + 2.0 * (np.arange(5000) % 900 == 300)},
    "right arm": {"I": NOISE, "II": NOISE, "aVR": NOISE},
    "no limb": dict.fromkeys(LEADS[:6], 0.0),
    "cable": {"aVL": 0.0},
    "chest": dict.fromkeys(LEADS[6:10], 0.0),
    "unit": {lead: row(lead) / 1000 for lead in LEADS},
    "all flat": dict.fromkeys(LEADS, 0.0),
}


@pytest.mark.parametrize("name", CASES)
def test_every_clause_about_leads_is_read_in_chinese(name):
    found = told(CASES[name])
    assert found
    assert all(one.severity is Severity.TECHNICAL for one in found.values())
    assert not {c: left for c, f in found.items() if (left := unread(f.evidence))}


def test_a_clean_recording_is_praised_with_silence():
    assert not told({})


def test_the_electrode_and_the_next_step_are_named():
    said = told(CASES["right arm"])["EC903"].evidence
    assert "limb electrode right arm (RA) explains I, II, aVR: stick it on again" in said
    chinese = evidence(said, translator("zh_CN"))
    assert "I, II, aVR 的问题可由右上肢（RA，红）电极解释：请重新贴牢该电极后再采集" in chinese


def test_a_lead_computed_from_others_is_said_to_be():
    assert "computed from the other limb leads: aVL" in told(CASES["cable"])["EC903"].evidence


@pytest.mark.parametrize(("count", "whole"), [(3, False), (4, True)])
def test_more_than_three_dead_chest_leads_make_it_unreadable(count, whole):
    assert ("EC905" in told(dict.fromkeys(LEADS[6 : 6 + count], 0.0))) is whole


def test_wrong_units_are_told_with_the_number_seen():
    said = told(CASES["unit"])["EC905"].evidence
    assert "mV within a second, 0.05 to 20 mV is expected" in said


def test_a_single_lead_is_no_twelve_lead_ecg():
    assert set(told({}, ("II",))) == {"EC903", "EC905"}


@pytest.mark.parametrize(
    ("pair", "named"),
    [(("LA", "RA"), "LA/RA"), (("RA", "LL"), "RA/LL"), (("RA", "RL"), "RA/RL"),
     (("LA", "RL"), "LA/RL")],
)  # fmt: skip
def test_exchanged_limb_electrodes_are_named_in_chinese(pair, named):
    seen = look_at(exchanged(CLEAN, pair), BOOK)
    (found,) = judge_reversal(seen.reversal, {}, BOOK)
    assert found.code == "EC901"
    assert f"suspected exchange of {named}:" in found.evidence
    assert not unread(found.evidence)


MARGINS = {"LA/RA": -3.0, "RA/LL": -3.0, "LA/LL": -1.0, "RA/LA/LL": -3.0, "RA/LL/LA": -3.0}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"margins": {**MARGINS, "LA/RA": 1.5}}, None),
        ({"margins": {**MARGINS, "LA/RA": 1.51}}, "EC901"),
        ({"margins": {**MARGINS, "LA/LL": 2.5}}, None),
        ({"margins": {**MARGINS, "LA/LL": 2.51}}, "EC901"),
        ({"flat_share": 0.10}, None),
        ({"flat_share": 0.099}, "EC901"),
        ({"flat_to_chest": 0.05}, None),
        ({"flat_to_chest": 0.049}, "EC901"),
        ({"chest_gain": 0.20}, None),
        ({"chest_gain": 0.201}, "EC902"),
    ],
)
def test_both_sides_of_every_limit_of_an_exchange(changes, code):
    usual = {"margins": MARGINS, "flat_lead": "II", "flat_share": 0.5, "flat_to_chest": 0.4,
             "chest_pair": ("V2", "V3"), "chest_gain": 0.0, "towards_right": True}  # fmt: skip
    found = judge_reversal(ReversalSeen(**{**usual, **changes}), {}, BOOK)
    assert [f.code for f in found] == ([code] if code else [])
    assert not [left for f in found for left in unread(f.evidence)]
    assert all("dextrocardia" in f.evidence for f in found if f.code == "EC901")


def test_one_exchange_is_named_before_a_turn_of_three():
    near = ReversalSeen(margins={**MARGINS, "LA/RA": 2.0, "RA/LA/LL": 2.9}, flat_share=0.5)
    far = ReversalSeen(margins={**MARGINS, "LA/RA": 2.0, "RA/LA/LL": 3.1}, flat_share=0.5)
    assert "exchange of LA/RA:" in judge_reversal(near, {}, BOOK)[0].evidence
    assert "exchange of RA/LA/LL:" in judge_reversal(far, {}, BOOK)[0].evidence


@pytest.mark.parametrize(
    ("p_min", "r2", "said"), [(-0.05, 0.05, True), (-0.049, 0.2, False), (-0.2, 0.049, False)]
)
def test_high_v1_and_v2_are_a_question_of_place(p_min, r2, said):
    waves = {"V2": LeadWaves(lead="V2", p_min_mv=p_min, p_max_mv=0.01, r2_mv=r2)}
    found = judge_reversal(ReversalSeen(margins=MARGINS), waves, BOOK)
    assert [f.code for f in found] == (["EC902"] if said else [])
    assert not [left for f in found for left in unread(f.evidence)]
