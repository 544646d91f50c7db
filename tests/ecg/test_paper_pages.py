import json
from itertools import pairwise
from pathlib import Path

import pytest

from workbench.domain.trace import LEADS
from workbench.ecg.paper import FOOTER, Scale, to_paper
from workbench.ecg.paper_pages import PAGE_WIDTH, ROOM, pages_of
from workbench.ecg.paper_rows import LAYOUTS, ORDERS, Wish

TABLE = json.loads(Path("tests/golden/ecg_paper.json").read_text(encoding="utf-8"))


def pages(layout="3x4+1", speed=25.0, gain=10.0, **more):
    wish = Wish(layout=layout, **{"leads": LEADS, "seconds": 10.0, **more})
    return pages_of(wish, Scale(speed, gain))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("speed", [25.0, 50.0])
@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
def test_every_second_of_the_paper_is_printed_once_at_its_true_size(layout, order, speed, gain):
    found = pages(layout, speed, gain, order=order)
    assert len(found) == (1 if speed == 25 else 2)
    for sheet in found:
        assert sheet.width <= PAGE_WIDTH - 20
        assert sheet.height <= ROOM
        assert all(y - gain >= 2 and y <= sheet.height - FOOTER for _, y in sheet.pulses)
        for cell in sheet.cells:
            assert cell.x1 - cell.x0 == pytest.approx((cell.end - cell.begin) * speed)
            assert sheet.left <= cell.x0 <= cell.x1 <= sheet.width - 5
            assert cell.baseline <= sheet.height - FOOTER
    seconds = dict.fromkeys(LEADS, 0.0)
    for sheet in found:
        for cell in sheet.cells:
            if not cell.rhythm:
                seconds[cell.lead] += cell.end - cell.begin
    assert set(seconds.values()) == {{"6x2": 5.0, "12x1": 10.0}.get(layout, 2.5)}


def test_at_50_mm_per_s_the_chest_leads_and_the_second_half_of_the_strip_are_on_the_second_page():
    first, second = pages(speed=50.0)
    assert {c.lead for c in first.cells} == {"I", "II", "III", "aVR", "aVL", "aVF"}
    assert {c.lead for c in second.cells} == {"V1", "V2", "V3", "V4", "V5", "V6", "II"}
    strip = second.cells[-1]
    assert (strip.lead, strip.begin, strip.end, strip.x0) == ("II", 5, 10, 15)
    assert to_paper(strip, 6.0, 1.0, Scale(50, 10)) == (65, strip.baseline - 10)


def test_more_rows_than_a_page_holds_go_on_the_next_one_each_with_a_pulse():
    leads = (*LEADS, "V3R", "V4R", "V5R", "V7", "V8", "V9")
    found = pages("12x1", leads=leads)
    assert [[c.lead for c in s.cells] for s in found] == [list(leads[:9]), list(leads[9:])]
    for sheet in found:
        assert sheet.pulses
        assert sheet.height <= ROOM
        rows = [c.baseline for c in sheet.cells]
        assert all(b - a >= 10 for a, b in pairwise(rows))


def rows_on(sheet):
    rows = {}
    for cell in sheet.cells:
        rows.setdefault(cell.baseline, []).append(cell.lead)
    return list(rows.values())


@pytest.mark.parametrize(
    "row", TABLE["extra_pages"], ids=lambda r: f"{r['layout']}-{len(r['leads'])}"
)
@pytest.mark.parametrize("gain", [5.0, 10.0, 20.0])
def test_leads_beside_the_twelve_stand_under_them_or_on_the_next_page(row, gain):
    found = pages(row["layout"], gain=gain, leads=row["leads"])
    drawn = [[" ".join(names) for names in rows_on(sheet)] for sheet in found]
    assert drawn == [[line.replace(" .", "") for line in page] for page in row["pages"]]
    for sheet in found:
        assert sheet.height <= ROOM
        assert all(y - gain >= 2 for _, y in sheet.pulses)
        assert sheet.pulses[0][1] == sheet.cells[0].baseline
        assert (sheet.begin, sheet.end) == (0, 10)
        assert all(c.x1 - c.x0 == pytest.approx((c.end - c.begin) * 25) for c in sheet.cells)
    assert len({sheet.row_height for sheet in found}) == 1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("speed", [25.0, 50.0])
@pytest.mark.parametrize("gain", [10.0, 20.0])
@pytest.mark.parametrize("many", [1, 3, 6, 30])
def test_no_lead_of_a_recording_is_left_out_of_its_print(layout, speed, gain, many):
    leads = (*LEADS, *(f"X{n}" for n in range(many)))
    seconds = dict.fromkeys(leads, 0.0)
    for sheet in pages(layout, speed, gain, leads=leads):
        assert sheet.height <= ROOM
        assert all(y - gain >= 2 for _, y in sheet.pulses)
        for cell in sheet.cells:
            seconds[cell.lead] += 0.0 if cell.rhythm else cell.end - cell.begin
    assert set(seconds.values()) == {{"6x2": 5.0, "12x1": 10.0}.get(layout, 2.5)}


def test_a_short_recording_keeps_the_places_of_its_leads():
    first, second = pages(speed=50.0, seconds=4.0)
    assert [c.x1 - c.x0 for c in first.cells if c.lead == "aVR"] == [75]
    assert {c.end - c.begin for c in second.cells} == {0}
    assert {c.lead for c in second.cells} == {"V1", "V2", "V3", "V4", "V5", "V6"}
    assert len(pages("12x1", speed=50.0, seconds=4.0)) == 1
