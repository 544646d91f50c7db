"""The usual stretch after beats of which some end sooner."""

import numpy as np

from workbench.ecg.usual_stretch import take_off, usual_stretch


def test_the_usual_stretch_is_the_median_of_the_beats_that_reach_so_far():
    wave = np.random.default_rng(1).normal(size=(3, 400))
    places = np.array([-5, 60, 150, 230, 380])[:, None] + np.arange(80)
    inside = (places >= 0) & (places < 400) & (places < np.array([60, 150, 200, 380, 999])[:, None])
    usual, enough = usual_stretch(wave, places, inside, 3)
    taken = np.where(inside, wave[:, np.clip(places, 0, 399)], np.nan)
    assert np.array_equal(enough, inside.sum(axis=0) >= 3)
    assert np.array_equal(usual[:, enough], np.nanmedian(taken[:, :, enough], axis=1))
    assert not usual[:, ~enough].any()
    left, slow = wave.copy(), wave.copy()
    take_off(left, places, inside, usual)
    for row, mine in zip(places, inside, strict=True):
        slow[:, row[mine]] -= usual[:, mine]
    assert np.array_equal(left, slow)
