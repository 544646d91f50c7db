"""The standard error of a ratio: never below any of its parts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.radiograph.ratio_error import standard_error
from workbench.radiograph.thorax import Span

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
