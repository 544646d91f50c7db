"""Two ECGs of one patient beside each other in a real browser; never those of two patients."""

from typing import Any

import pytest
from browser_page import Page
from ecg_traces import PHONE
from test_ecg_beat import MARKS, measured, python_says, serve, src

from workbench.widgets import incoming
from workbench.widgets.ecg_viewer import EcgViewer

PRIORS = [{"id": "exam-b", "label": "2026-08-24 · 心电图"}]


def earlier(of: str = "a", **given: Any) -> dict[str, Any]:
    """What Python lays beside a tracing."""
    laid = {**src("b", "既往那份"), "of": of, "exam": "exam-b", "measured": measured("b")}
    return {**laid, **given}


def show(page: Page, **traits: Any) -> None:
    serve(page)
    now = src("a", "本次这份")
    known = {"measured": measured("a"), "priors": PRIORS, **traits}
    page.mount("ecg", EcgViewer(src=now, height=900, **known))
    page.wait("models.ecg.get('shown').id === 'a'")


def compare(page: Page) -> None:
    """Open by its key; Python answers."""
    page.tab.locator("#ecg .wb-viewer").press("v")
    [said] = [incoming.message(m) for m in page.sent("ecg")]
    assert said == {"kind": "compare", "id": "exam-b"}
    page.set("ecg", "compare", earlier())
    page.wait("window.__wb.compare?.shown === 'b'")


def row(page: Page, name: str) -> list[str]:
    place = f"#ecg [data-table=changes] [data-row='{name}'] td"
    return [str(text) for text in page.tab.locator(place).all_inner_texts()]


def test_both_papers_stand_at_one_scale_and_say_which_is_the_earlier(page: Page) -> None:
    show(page, speed=50, gain=5)
    compare(page)
    halves = page.tab.locator("#ecg .wb-half")
    assert halves.count() == 2
    boxes = [halves.nth(n).locator("canvas").bounding_box() for n in (0, 1)]
    assert boxes[0]["width"] == boxes[1]["width"]
    assert boxes[0]["height"] == boxes[1]["height"]
    heads = halves.locator("figcaption").all_inner_texts()
    assert "本次心电图" in heads[0]
    assert "本次这份" in heads[0]
    assert "既往心电图" in heads[1]
    assert "既往那份" in heads[1]
    assert all("50 mm/s · 5 mm/mV" in head for head in heads)
    page.tab.locator("#ecg .wb-viewer").press("g")
    page.wait("document.querySelector('.wb-half figcaption').textContent.includes('10 mm/mV')")


def test_the_table_holds_both_values_and_their_difference(page: Page) -> None:
    kept = {**MARKS, "t_end": 660.0}
    reader = {"marks": kept, "values": python_says(kept), "by": "甲", "at": "", "number": 1}
    show(page, measured=measured("a", reader=reader))
    compare(page)
    page.tab.locator("#ecg .wb-viewer").press("x")
    page.tab.locator("#ecg .wb-viewer").press("x")
    assert row(page, "qt_ms") == ["400 ms", "380 ms", "+20 ms"]
    assert all(text.endswith(" 次/分") for text in row(page, "heart_rate_bpm")[:2])
    assert row(page, "pr_ms") == ["160 ms", "160 ms", "0 ms"]
    assert len(row(page, "st_j_mv.−aVR")) == 3
    head = page.tab.locator("#ecg [data-table=changes] thead").first.inner_text()
    assert "医师" in head  # whose numbers of this ECG
    assert "软件" in head  # and of the earlier one


def test_beats_are_laid_over_each_other_and_one_lead_is_enlarged_by_a_click(page: Page) -> None:
    show(page)
    compare(page)
    page.tab.locator("#ecg .wb-compare [data-name=beats]").click()
    canvas = page.tab.locator("#ecg .wb-compare-body canvas")
    small = canvas.bounding_box()
    canvas.click(position={"x": 60, "y": 60})
    assert page.tab.locator("#ecg [data-name=compare-all]").is_visible()
    assert canvas.bounding_box()["width"] == pytest.approx(small["width"], abs=1)
    page.tab.locator("#ecg .wb-viewer").press("w")
    assert page.tab.locator("#ecg [data-name=front]").get_attribute("aria-pressed") == "true"


def test_an_earlier_ecg_that_was_meant_for_another_tracing_is_never_drawn(page: Page) -> None:
    show(page)
    page.tab.locator("#ecg .wb-viewer").press("v")
    page.set("ecg", "compare", earlier(of="somebody-else"))
    page.tab.wait_for_load_state("networkidle")
    assert "/trace/b" not in page.server.asked
    assert page.tab.locator("#ecg .wb-half").count() == 0


def test_the_comparison_closes_with_the_case_and_nothing_of_it_stays(page: Page) -> None:
    show(page)
    compare(page)
    page.set("ecg", "src", src("c"))
    page.wait("models.ecg.get('shown').id === 'c'")
    assert page.tab.locator("#ecg .wb-compare").is_hidden()
    assert page.tab.locator("#ecg .wb-half").count() == 0
    page.tab.locator("#ecg .wb-viewer").press("v")
    assert page.tab.locator("#ecg .wb-half").count() == 0  # the trait still holds the old one


def test_without_an_earlier_ecg_there_is_nothing_to_compare(page: Page) -> None:
    show(page, priors=[])
    assert page.tab.locator("#ecg [data-name=compare]").is_disabled()
    page.tab.locator("#ecg .wb-viewer").press("v")
    assert page.sent("ecg") == []


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_the_papers_stand_above_each_other_and_nothing_hangs_out(page: Page) -> None:
    show(page)
    compare(page)
    first, second = (page.tab.locator("#ecg .wb-half").nth(n).bounding_box() for n in (0, 1))
    assert second["y"] >= first["y"] + first["height"]
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("wide", [800, 1400])
def test_both_papers_stay_in_sight_at_the_largest_gain_and_are_moved_together(
    page: Page, wide: int
) -> None:
    page.tab.set_viewport_size({"width": wide, "height": 900})
    show(page, gain=20)
    compare(page)
    viewer = page.tab.locator("#ecg .wb-viewer").bounding_box()
    halves = page.tab.locator("#ecg .wb-half")
    for n in (0, 1):
        box = halves.nth(n).bounding_box()
        assert box["height"] > 150
        assert box["y"] >= viewer["y"]
        assert box["y"] + box["height"] <= viewer["y"] + viewer["height"]
    if wide < 1040:  # one above the other; beside each other both sheets are seen whole
        earlier_one = page.tab.locator("#ecg .wb-half.earlier .wb-scroll")
        earlier_one.evaluate("(one) => one.scrollTo(0, 60)")
        page.wait("document.querySelector('.wb-half.present .wb-scroll').scrollTop === 60")
