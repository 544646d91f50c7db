import numpy as np
import pytest

from workbench.phantoms.ecg_cases import case


def made(name, seed=1, **given):
    return case(name, seed=seed, noise_mv=0.0, **given)


@pytest.mark.parametrize(("mode", "chambers"), [
    ("atrial", {"atrium"}), ("ventricular", {"ventricle"}), ("dual", {"atrium", "ventricle"}),
])  # fmt: skip
def test_every_stimulus_of_a_working_pacemaker_is_answered(mode, chambers):
    one = made("paced", mode=mode, spike_mv=2.0)
    told = one.truth
    assert {s["chamber"] for s in told["spikes"]} == chambers
    on = np.array([b["qrs_on_s"] for b in told["beats"]])
    for spike in told["spikes"]:
        if spike["chamber"] == "ventricle" and spike["at_s"] < 9:
            assert np.abs(on - spike["at_s"] - 0.012).min() < 1e-3
    foot = one.trace.lead("aVF").astype(float)
    jumps = np.abs(np.diff(foot)).max()
    assert jumps > 0.5, "a stimulus is as steep as nothing of the heart"


@pytest.mark.parametrize("failure", ["capture", "output"])
@pytest.mark.parametrize("seed", range(3))
def test_a_failing_pacemaker_leaves_the_heart_to_its_escape(failure, seed):
    told = made("paced_failure", seed, failure=failure, escape_bpm=30).truth
    on = np.array([b["qrs_on_s"] for b in told["beats"]])
    lost = [s for s in told["spikes"] if not s["captured"]]
    for spike in told["spikes"]:
        near = np.abs(on - spike["at_s"] - 0.012).min() < 1e-3
        assert near == spike["captured"] or spike["at_s"] > 9.9
    if failure == "capture":
        assert len(lost) >= 3
    else:
        assert told["stops_s"] < 3.3
        assert not [s for s in told["spikes"] if s["at_s"] > told["stops_s"]]
    assert told["rr_longest_s"] <= 2.01
    assert "late" in {b["class"] for b in told["beats"]}


def test_a_stimulated_beat_is_wide_and_points_up_and_left():
    told = made("paced").truth
    assert told["qrs_ms"] >= 130
    assert -90 < told["qrs_axis_deg"] < -40
    assert {b["class"] for b in told["beats"]} == {"paced"}
