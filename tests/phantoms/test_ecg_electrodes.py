import numpy as np
import pytest

from workbench.domain.trace import LEADS
from workbench.phantoms.ecg_cases import case
from workbench.phantoms.ecg_electrodes import FAULTS, SWAPS, failed, leads_of, swapped


@pytest.fixture(scope="module")
def right():
    return case("sinus", seed=1, noise_mv=0.03).trace.millivolts.astype(float)


def row(leads, name):
    return leads[LEADS.index(name)]


@pytest.mark.parametrize("swap", [s for s in SWAPS if "RL" not in s])
def test_the_same_exchange_twice_is_no_exchange(right, swap):
    once = swapped(right, swap)
    assert np.abs(once - right).max() > 0.05
    np.testing.assert_allclose(swapped(once, swap), right, atol=1e-6)


@pytest.mark.parametrize("swap", SWAPS)
def test_an_exchange_keeps_the_definitions_of_the_leads(right, swap):
    seen = swapped(right, swap)
    np.testing.assert_allclose(row(seen, "III"), row(seen, "II") - row(seen, "I"), atol=1e-9)
    np.testing.assert_allclose(seen[3:6].sum(axis=0), 0, atol=1e-9)


def test_arms_exchanged_turn_i_around_and_exchange_ii_with_iii(right):
    seen = swapped(right, "LA-RA")
    for now, before, sign in (
        ("I", "I", -1), ("II", "III", 1), ("III", "II", 1), ("aVR", "aVL", 1), ("aVF", "aVF", 1),
        ("V3", "V3", 1),
    ):  # fmt: skip
        np.testing.assert_allclose(row(seen, now), sign * row(right, before), atol=1e-6)


def test_right_arm_and_left_leg_exchanged_turn_ii_around(right):
    seen = swapped(right, "RA-LL")
    np.testing.assert_allclose(row(seen, "II"), -row(right, "II"), atol=1e-6)
    np.testing.assert_allclose(row(seen, "I"), -row(right, "III"), atol=1e-6)


def test_right_arm_and_right_leg_exchanged_leave_ii_flat_and_move_wilson(right):
    seen = swapped(right, "RA-RL")
    assert np.ptp(row(seen, "II")) < 1e-9
    assert np.abs(row(seen, "V3") - row(right, "V3")).max() > 0.05


def test_legs_exchanged_change_nothing(right):
    np.testing.assert_allclose(swapped(right, "LL-RL"), right, atol=1e-6)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("electrode", ["V3", "LA"])
def test_a_fault_stays_in_the_leads_of_its_electrode(right, fault, electrode):
    seen = failed(right, 500.0, fault, electrode, np.random.default_rng(3))
    own = [LEADS.index(name) for name in leads_of(electrode)]
    changed = [n for n in range(12) if not np.allclose(seen[n], right[n], atol=1e-9)]
    assert set(own) <= set(changed)
    if electrode == "V3":
        assert changed == own
    elif fault in ("flat", "half_flat", "missing", "saturated", "clipped"):
        assert set(changed) == set(own)
    else:  # what an arm adds, Wilson's terminal carries to the chest by a third
        assert LEADS.index("II") not in changed
        np.testing.assert_allclose((seen - right)[7], -(seen - right)[0] / 3, atol=1e-9)


def test_each_fault_looks_like_its_name(right):
    def seen(fault):
        return failed(right, 500.0, fault, "V2", np.random.default_rng(1))[7]

    assert np.isnan(seen("missing")).all()
    assert np.ptp(seen("flat")) == 0
    assert np.ptp(seen("half_flat")[2800:]) == 0
    assert np.ptp(seen("half_flat")[:1900]) > 0.5
    assert (seen("saturated") == 5.0).mean() == pytest.approx(0.4, abs=0.01)
    top = np.abs(seen("clipped")).max()
    assert (np.abs(seen("clipped")) == top).sum() > 20
    assert np.abs(np.diff(seen("step"))).max() > 0.2
    assert np.ptp(seen("wander")) > 2.0
    assert np.std(np.diff(seen("muscle"))) > 5 * np.std(np.diff(right[7, 250:300]))


def test_a_case_with_a_fault_says_which_leads_are_hit():
    told = case("stemi_anterior", seed=1, fault="flat", electrode="RA").truth
    assert told["fault_leads"] == ["I", "II", "aVR", "aVL", "aVF"]
    assert "EC903" in told["codes"]
    assert "EC906" in case("sinus", seed=1, fault="clipped").truth["codes"]
    assert "EC901" in case("sinus", seed=1, swap="LA-RA").truth["codes"]


def test_unknown_exchanges_and_faults_are_refused(right):
    with pytest.raises(ValueError, match="LA-RA"):
        swapped(right, "V1-LA")
    with pytest.raises(ValueError, match="half_flat"):
        failed(right, 500.0, "burnt", "V1", np.random.default_rng(0))
