import json
from pathlib import Path

import numpy as np
import pytest

from workbench.domain.errors import Invalid
from workbench.domain.trace import LEADS
from workbench.ecg.paper import (
    Scale,
    lay_out,
    left_margin,
    pulse_outline,
    read_caliper,
    sheet_width,
    sheets_of,
    to_paper,
)
from workbench.ecg.paper_edge import leads_over_edge
from workbench.ecg.paper_rows import Wish

TABLE = json.loads(Path("tests/golden/ecg_paper.json").read_text(encoding="utf-8"))


def laid(table=None, **more):
    table = {"layout": "3x4+1", "order": "standard", "speed": 25, "gain": 10} | (table or {}) | more
    wish = Wish(
        layout=table["layout"],
        order=table["order"],
        leads=table.get("leads", LEADS),
        seconds=table.get("seconds", 10.0),
        height_mm=table.get("heightMm", 0),
        rhythm=table.get("rhythm", "II"),
        start=table.get("start", 0.0),
    )
    return lay_out(wish, Scale(table["speed"], table["gain"]))


def cell_of(sheet, lead):
    return next(c for c in sheet.cells if c.lead == lead and not c.rhythm)


def test_margins_and_widths_are_those_of_the_table():
    for row in TABLE["sheets"]:
        assert (left_margin(row["speed"]), sheet_width(row["speed"])) == (row["left"], row["width"])


def test_each_lead_stands_where_the_table_of_all_layouts_says():
    assert len(TABLE["full_sheets"]) == 4 * 2 * 3 * 3
    for row in (*TABLE["full_sheets"], *TABLE["extra_sheets"]):
        sheet = laid(row)
        cells = [
            [c.lead, c.inverted, c.row, c.column, c.x0, c.x1, c.baseline, c.begin, c.end, c.rhythm]
            for c in sheet.cells
        ]
        for seen, expected in zip(cells, row["cells"], strict=True):
            assert seen == pytest.approx(expected), row
        assert [list(p) for p in sheet.pulses] == row["pulses"]
        assert (sheet.width, sheet.height, sheet.left, sheet.row_height) == (
            row["width"],
            row["height"],
            row["left"],
            row["rowHeight"],
        )


def test_a_sample_lies_where_the_table_says_and_an_inverted_lead_is_upside_down():
    rows = [{"layout": "3x4+1", "order": "standard", **r} for r in TABLE["points"]]
    for row in [*rows, *TABLE["more_points"]]:
        own = cell_of(laid(row), row["lead"])
        x, y = to_paper(own, row["seconds"], row["mv"], Scale(row["speed"], row["gain"]))
        assert (x - own.x0, own.baseline - y) == pytest.approx((row["dx"], row["up"]))


def test_a_caliper_reads_what_the_table_says():
    for row in TABLE["calipers"]:
        scale = Scale(row["speed"], row["gain"])
        read = read_caliper(scale, (30, 50), (30 + row["dx"], 50 - row["up"]))
        assert read == pytest.approx((row["ms"], row["per_min"], row["mv"]))
    assert read_caliper(Scale(), (30, 50), (30, 40))[1] is None


def test_the_strips_are_those_of_the_table():
    for row in TABLE["rhythm_rows"]:
        assert [c.lead for c in laid(row).cells if c.rhythm] == row["strips"], row


def test_the_number_of_sheets_follows_the_table():
    for seconds, count in TABLE["sheets_of"]:
        assert sheets_of(seconds) == count


def test_the_pulse_is_one_millivolt_high_and_a_fifth_of_a_second_wide():
    for scale in (Scale(), Scale(50, 5), Scale(25, 20)):
        corners = pulse_outline(2, 40, scale)
        assert 40 - corners[2][1] == scale.gain
        assert corners[3][0] - corners[2][0] == pytest.approx(0.2 * scale.speed)
        assert corners[-1][0] <= left_margin(scale.speed) + 2.5


def test_a_short_recording_ends_where_its_samples_end_and_a_later_sheet_begins_where_it_should():
    short = laid(seconds=6.0)
    assert cell_of(short, "V1").x1 - cell_of(short, "V1").x0 == 25
    assert cell_of(short, "V4").x1 == cell_of(short, "V4").x0
    later = laid(seconds=25.0, start=10.0)
    assert (cell_of(later, "I").begin, cell_of(later, "V4").end) == (10, 20)


def test_leads_that_were_not_recorded_keep_their_place_and_extra_ones_have_rows_of_their_own():
    sheet = laid(leads=["V7", "I", "II", "III"])
    assert set(sheet.missing) == set(LEADS[3:])
    seven = cell_of(sheet, "V7")
    assert (seven.row, seven.column, seven.index, seven.x1 - seven.x0) == (3, 0, 0, 62.5)
    assert [c.lead for c in laid(layout="12x1", leads=["V7", *LEADS]).cells] == [*LEADS, "V7"]


def test_minus_avr_has_its_own_name_but_a_strip_of_avr_stays_upright():
    sheet = laid(order="cabrera", rhythm="aVR")
    assert cell_of(sheet, "aVR").name == "\u2212aVR"
    strip = sheet.cells[-1]
    assert (strip.name, strip.inverted, strip.rhythm) == ("aVR", False, True)


@pytest.mark.parametrize("wrong", [{"layout": "4x3"}, {"order": "clockwise"}])
def test_an_unknown_layout_or_order_is_refused_by_name(wrong):
    with pytest.raises(Invalid, match=next(iter(wrong.values()))):
        laid(**wrong)


@pytest.mark.parametrize("start", [0.0, -1.0])
def test_a_lead_whose_beat_leaves_the_sheet_is_named_whichever_edge_it_leaves_by(start):
    for row in TABLE["edge"]:
        shown = np.zeros((12, round((10 - start) * 500)))
        for lead, seconds, mv in row["spikes"]:
            shown[LEADS.index(lead), round((seconds - start) * 500)] = mv
        shown[11, 600] = np.nan
        scale = Scale(row["speed"], row["gain"])
        assert leads_over_edge(laid(row), shown, 500.0, scale, start) == tuple(row["over"]), row
