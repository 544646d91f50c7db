"""The quick median and quantile give the numbers of numpy."""

import numpy as np
import pytest

from workbench.ecg.quantiles import median_of, quantile_of


@pytest.mark.parametrize("count", [1, 2, 3, 8, 11, 12])
@pytest.mark.parametrize("share", [0.0, 0.15, 0.2, 0.5, 0.75, 0.85, 1.0])
def test_a_quantile_of_a_few_numbers_is_that_of_numpy_to_the_last_bit(count, share):
    values = np.random.default_rng(count).normal(size=count)
    assert quantile_of(values, share) == np.quantile(values, share)
    assert median_of(values) == np.median(values)
