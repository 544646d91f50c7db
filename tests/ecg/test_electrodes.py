import numpy as np
import pytest

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.electrodes import recompute_limb, suspects
from workbench.phantoms.ecg import EcgCase, make_ecg

CLEAN = make_ecg(EcgCase(), 10.0, 500.0, np.random.default_rng(3)).trace
CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")


@pytest.mark.parametrize(
    ("bad", "electrode"),
    [
        (("I", "II", "aVR"), "RA"),
        (("I", "III", "aVL"), "LA"),
        (("II", "III", "aVF"), "LL"),
        (("V3",), "V3"),
        (("II",), ""),
        (("aVR",), ""),
        (("I", "II", "III"), "RA, LA, LL"),
        (LEADS, "RL"),
        (("I", "II", "aVR", "aVL", "aVF", *CHEST), "RA"),
    ],
)
def test_the_electrode_that_explains_the_faulty_leads_is_named(bad, electrode):
    assert [one.electrode for one in suspects(bad, LEADS)] == [electrode]


def test_every_loose_chest_electrode_is_named_by_itself():
    assert [one.electrode for one in suspects(("V1", "V4"), LEADS)] == ["V1", "V4"]


def test_of_a_single_lead_both_electrodes_are_named():
    assert [one.electrode for one in suspects(("II",), ("II",))] == ["RA, LL"]


@pytest.mark.parametrize("lead", LEADS[:6])
def test_a_limb_lead_is_recomputed_exactly_from_the_good_ones(lead):
    rows = np.array(CLEAN.millivolts)
    rows[LEADS.index(lead)] = 0.7
    repaired, recomputed = recompute_limb(Trace(rows, 500.0), {lead})
    assert recomputed == (lead,)
    assert lead in repaired.derived
    np.testing.assert_allclose(repaired.lead(lead), CLEAN.lead(lead), atol=1e-5)


def test_one_good_limb_lead_gives_no_other():
    fewer = Trace(CLEAN.millivolts[[0, 1, 6]], 500.0, ("I", "II", "V1"))
    assert recompute_limb(fewer, {"II"}) == (fewer, ())


def test_limb_leads_that_contradict_each_other_give_no_other():
    rows = np.array(CLEAN.millivolts)
    rows[LEADS.index("III")] += np.sin(np.arange(5000) / 40)
    broken = Trace(rows, 500.0)
    assert recompute_limb(broken, {"II"}) == (broken, ())


def test_chest_leads_are_never_recomputed():
    assert recompute_limb(CLEAN, {"V2"}) == (CLEAN, ())
