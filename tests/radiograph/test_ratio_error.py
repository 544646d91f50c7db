"""The standard error of a ratio: never below any of its parts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.radiograph.ratio_error import standard_error, sunken_heart
from workbench.radiograph.thorax import HEART, LEFT_LUNG, RIGHT_LUNG, Span

few = settings(deadline=None, max_examples=60)  # the machine is shared


@given(st.floats(0, 0.1), st.floats(0, 0.1), st.floats(0, 0.05))
@few
def test_more_spread_never_makes_a_ratio_surer(spread, floor, more):
    wide = Span(20, 180, 0, 0)
    least = standard_error(spread, floor, wide)
    assert standard_error(spread + more, floor, wide) >= least >= max(spread, floor)


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="0 or more"):
        standard_error(-0.1, 0, Span(0, 10, 0, 0))


@pytest.mark.parametrize("below", [0, 5, 20])
def test_the_part_of_a_heart_below_both_lungs_is_measured(below):
    masks = np.zeros((100, 100), np.uint8)
    masks[10:60, 10:40] = RIGHT_LUNG
    masks[10:70, 60:90] = LEFT_LUNG
    masks[50 : 70 + below, 40:60] = HEART
    assert sunken_heart(masks) == pytest.approx(below / (20 + below))


@pytest.mark.parametrize("missing", [HEART, LEFT_LUNG | RIGHT_LUNG])
def test_without_heart_or_lungs_nothing_is_said_of_where_the_heart_lies(missing):
    masks = np.full((20, 20), HEART | LEFT_LUNG | RIGHT_LUNG, np.uint8) & ~np.uint8(missing)
    assert sunken_heart(masks) is None
