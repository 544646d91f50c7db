"""Bands shared by several askers."""

import numpy as np
import pytest

from workbench.ecg.filters import Bands, band


def test_a_band_asked_for_twice_is_filtered_once_and_cannot_be_written_into():
    leads = np.random.default_rng(4).normal(size=(2, 900))
    bands = Bands(leads)
    assert np.array_equal(bands.of(1.0, 40.0), band(leads, 1.0, 40.0))
    assert bands.of(1.0, 40.0) is bands.of(1.0, 40.0)
    with pytest.raises(ValueError, match="read-only"):
        bands.of(1.0, 40.0)[0, 0] = 0.0
