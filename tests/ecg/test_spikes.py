"""Spikes of all leads at once as of each by itself."""

import numpy as np
from scipy.ndimage import median_filter

from workbench.ecg.spikes import spikes_apart


def test_spikes_stand_over_the_running_median_of_their_own_lead_up_to_its_ends():
    rows = np.cumsum(np.random.default_rng(2).normal(size=(4, 300)), axis=1) / 50
    rows[1, [0, 120, 299]] += 2.0
    without, heights = spikes_apart(rows, 500.0)
    assert np.array_equal(heights, [np.abs(row - median_filter(row, size=7)) for row in rows])
    assert np.flatnonzero((without != rows).any(axis=0)).tolist() == [0, 120, 299]
