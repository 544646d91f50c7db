import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.global_waves import global_waves
from workbench.ecg.lead_reversal import SWAPS, look_for_reversal
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg

ELECTRODES = ("RA", "LA", "LL", "RL")


def exchanged(trace, *moves):
    """Potentials against the right arm, moved; the right leg is as the left."""
    own = {n: trace.lead(n).astype(float) for n in LEADS}
    at = {"RA": 0 * own["I"], "LA": own["I"], "LL": own["II"], "RL": own["II"]}
    wilson = (at["LA"] + at["LL"]) / 3
    for a, b in moves:
        at[a], at[b] = at[b], at[a]
    ra, la, ll = at["RA"], at["LA"], at["LL"]
    new = (ra + la + ll) / 3
    limb = [la - ra, ll - ra, ll - la, ra - (la + ll) / 2, la - (ra + ll) / 2, ll - (ra + la) / 2]
    chest = [own[n] + wilson - new for n in LEADS[6:]]
    return Trace(np.stack([*limb, *chest]), trace.rate)


def looked(trace, usable=LEADS):
    times = find_beats(trace).times_s
    beat = dominant_beat(trace, times)
    return look_for_reversal(
        beat, global_waves(beat, float(np.diff(times).mean())).marks_ms, usable
    )


def drawn(rhythm=Rhythm.SINUS, rate=72, axis=55, seed=1):
    case = EcgCase(rhythm=rhythm, rate_bpm=rate, axis_deg=axis)
    return make_ecg(case, 10.0, 500.0, np.random.default_rng(seed)).trace


@pytest.mark.parametrize("moves", [(("LA", "RA"),), (("RA", "LL"),), (("RA", "LA"), ("LA", "LL"))])
@pytest.mark.parametrize("rhythm", [Rhythm.SINUS, Rhythm.AF])
def test_exchanges_of_arms_and_leg_are_found_with_and_without_p(moves, rhythm):
    right = looked(drawn(rhythm))
    wrong = looked(exchanged(drawn(rhythm), *moves))
    assert max(right.margins.values()) < 0 < max(wrong.margins.values())


@pytest.mark.parametrize(("pair", "lead"), [(("RA", "RL"), "II"), (("LA", "RL"), "III")])
def test_an_arm_electrode_on_the_leg_flattens_one_lead(pair, lead):
    seen = looked(exchanged(drawn(), pair))
    assert seen.flat_lead == lead
    assert seen.flat_share < 0.02
    assert looked(drawn()).flat_share > 0.15


def test_margins_name_every_exchange_but_none():
    assert set(looked(drawn()).margins) == {name for name in SWAPS if name}


def test_undoing_an_exchange_gives_the_margin_of_the_recording_as_it_was():
    """The permutations are a group: what undoes the exchange scores as the true recording."""
    right, wrong = looked(drawn()), looked(exchanged(drawn(), ("LA", "RA")))
    assert wrong.margins["LA/RA"] == pytest.approx(-right.margins["LA/RA"], abs=0.3)


@pytest.mark.parametrize("pair", [("V1", "V3"), ("V2", "V5"), ("V1", "V6"), ("V3", "V6")])
def test_exchanged_chest_electrodes_are_named(pair):
    rows = np.array(drawn().millivolts)
    a, b = (LEADS.index(lead) for lead in pair)
    rows[[a, b]] = rows[[b, a]]
    seen = looked(Trace(rows, 500.0))
    assert seen.chest_pair == pair
    assert seen.chest_gain > 0.2
    assert looked(drawn()).chest_gain < 0.1


def test_without_a_chest_lead_the_limb_leads_still_speak():
    usable = tuple(lead for lead in LEADS if lead != "V4")
    seen = looked(exchanged(drawn(), ("LA", "RA")), usable)
    assert seen.margins["LA/RA"] > 0
    assert seen.chest_pair == ()


def test_a_strip_of_one_lead_says_why_nothing_can_be_said():
    one = Trace(drawn().millivolts[1:2], 500.0, ("II",))
    seen = looked(one, ("II",))
    assert not seen.margins
    assert "cannot be measured" in seen.reason
