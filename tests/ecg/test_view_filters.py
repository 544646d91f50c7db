import json
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.errors import Invalid
from workbench.ecg.view_filters import ViewFilter, design, filter_lead

TABLE = json.loads(Path("tests/golden/ecg_filters.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "case", TABLE["cases"], ids=lambda c: f"{c['high_pass']}-{c['low_pass']}-{c['mains']}"
)
def test_a_filter_gives_the_values_that_the_viewer_is_held_to(case):
    wanted = ViewFilter(case["high_pass"], case["low_pass"], notch=case["mains"] == 50)
    sections, left_out = design(wanted, TABLE["rate"])
    got = filter_lead(np.array(TABLE["x"]), TABLE["rate"], sections)[:: TABLE["every"]]
    assert not left_out
    assert np.abs(got - case["y"]).max() < 2e-5


def test_a_gap_stays_a_gap_and_nothing_crosses_it():
    x = np.sin(np.arange(3000) / 40)
    x[1000:1200] = np.nan
    sections, _ = design(ViewFilter(0.05, 150, notch=True), 500)
    y = filter_lead(x, 500, sections)
    assert (np.isnan(y) == np.isnan(x)).all()
    other = np.where(np.arange(3000) >= 1200, 5.0, x)
    assert (filter_lead(other, 500, sections)[:1000] == y[:1000]).all()


def test_an_edge_that_the_rate_does_not_allow_is_left_out_and_named():
    sections, left_out = design(ViewFilter(0.5, 150, notch=True), 250)
    assert left_out == (150,)
    assert len(sections) == 2


def test_no_filter_returns_the_very_samples():
    x = np.array([1.0, 2.0, np.nan, 4.0])
    assert np.array_equal(filter_lead(x, 500, design(ViewFilter(), 500)[0]), x, equal_nan=True)


def test_an_edge_nobody_offers_is_refused():
    with pytest.raises(Invalid, match="0, 40, 100, 150"):
        design(ViewFilter(low_pass=35), 500)


def test_only_half_a_hertz_and_forty_hertz_bend_st():
    bend = [
        (h, low) for h in (0, 0.05, 0.5) for low in (0, 40, 100, 150) if ViewFilter(h, low).bends_st
    ]
    assert bend == [(0, 40), (0.05, 40), *((0.5, low) for low in (0, 40, 100, 150))]
