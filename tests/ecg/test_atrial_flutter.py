"""Many lags at once as one by one."""

import numpy as np

from workbench.ecg.atrial_flutter import _all_repeats, _repeats


def test_a_lead_repeats_itself_by_its_spectrum_as_by_its_samples():
    draw = np.random.default_rng(3)
    rest, hidden, lags = draw.normal(size=(3, 700)), draw.random(700) < 0.2, np.arange(20, 600)
    quick, slow = _all_repeats(rest, hidden, lags), _repeats(rest, hidden, lags)
    assert np.array_equal(np.isnan(quick), np.isnan(slow))
    assert np.isnan(slow).any()
    assert np.allclose(quick, slow, rtol=0, atol=1e-12, equal_nan=True)
