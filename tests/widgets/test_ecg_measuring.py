"""Calipers in a real browser: kept, moved, taken back, snapped; by mouse and by finger."""

from typing import Any

import pytest
from browser_page import Page
from ecg_traces import LEADS, PHONE, drag, ink, mounted, paper, trace


@pytest.fixture
def ecg(page: Page) -> Page:
    for n, name in enumerate(("a", "b")):
        page.server.blobs[f"/trace/{name}"] = trace(n)
    return page


def caliper(page: Page, viewer: str = "ecg") -> dict[str, Any]:
    return dict(page.trait(viewer, "caliper"))


def test_several_calipers_are_kept_and_the_last_is_removed_first(ecg: Page) -> None:
    mounted(ecg, "a", lead_layout="12x1")
    box, mm = paper(ecg)
    x, y = box["x"] + 40 * mm, box["y"] + 30 * mm
    drag(ecg, (x, y), (x + 20 * mm, y - 3 * mm))
    one = ink(ecg, layer="over")
    drag(ecg, (x + 60 * mm, y), (x + 70 * mm, y - 3 * mm))
    assert ink(ecg, layer="over") > 1.2 * one
    assert caliper(ecg)["ms"] == pytest.approx(400, abs=10)
    ecg.tab.keyboard.press("Delete")
    assert caliper(ecg)["ms"] == pytest.approx(800, abs=10)
    ecg.tab.keyboard.press("Delete")
    assert caliper(ecg) == {}
    ecg.tab.keyboard.press("u")
    ecg.tab.keyboard.press("Control+z")
    assert ink(ecg, layer="over") > 1.2 * one


def test_an_end_is_moved_and_undo_takes_the_whole_move_back(ecg: Page) -> None:
    mounted(ecg, "a", lead_layout="12x1")
    box, mm = paper(ecg)
    x, y = box["x"] + 40 * mm, box["y"] + 30 * mm
    drag(ecg, (x, y), (x + 20 * mm, y))
    drag(ecg, (x + 20 * mm, y), (x + 30 * mm, y), key="Shift")
    assert caliper(ecg)["ms"] == pytest.approx(1200, abs=10)
    assert caliper(ecg)["mv"] == pytest.approx(0, abs=1e-6)
    ecg.tab.keyboard.press("u")
    assert caliper(ecg)["ms"] == pytest.approx(800, abs=10)


def test_a_caliper_stays_on_its_beat_when_layout_speed_and_gain_change(ecg: Page) -> None:
    mounted(ecg, "a", lead_layout="12x1")
    box, mm = paper(ecg)
    row = 10 + 11 * 0.5  # mm: lead I
    drag(ecg, (box["x"] + 35 * mm, box["y"] + row * mm), (box["x"] + 45 * mm, box["y"] + row * mm))
    before = caliper(ecg)
    for key in "1", "s", "g", "o":
        ecg.tab.keyboard.press(key)
    ecg.wait("window.__wb.ecg.draw_ms !== undefined")
    assert ink(ecg, layer="over") > 50
    ecg.tab.keyboard.press("m")  # anything that makes the viewer say the reading again
    assert caliper(ecg) == before
    assert before["from_s"] == pytest.approx(1.0, abs=0.02)
    assert before["lead"] == "I"


def test_with_the_modifier_an_end_sits_on_the_peak(ecg: Page) -> None:
    mounted(ecg, "a", lead_layout="12x1")
    box, mm = paper(ecg)
    y = box["y"] + 15 * mm
    # the beats are 40 ms wide at each whole second; the pointer is 35 ms off
    begin, end = (box["x"] + (10 + 25 * s) * mm for s in (2.055, 4.055))
    drag(ecg, (begin, y), (end, y), key="Alt")
    read = caliper(ecg)
    assert 2.0 <= read["from_s"] <= 2.04
    assert 4.0 <= read["to_s"] <= 4.04
    free = {"from_s": 2.055, "to_s": 4.055}
    ecg.tab.keyboard.press("Escape")
    drag(ecg, (begin, y), (end, y))
    assert caliper(ecg)["from_s"] == pytest.approx(free["from_s"], abs=0.012)
    ecg.tab.keyboard.press("Escape")
    ecg.tab.keyboard.press("p")
    drag(ecg, (begin, y), (end, y))
    assert 2.0 <= caliper(ecg)["from_s"] <= 2.04


def test_nothing_measured_on_one_patient_is_left_on_the_next(ecg: Page) -> None:
    mounted(ecg, "a")
    box, mm = paper(ecg)
    drag(ecg, (box["x"] + 40 * mm, box["y"] + 25 * mm), (box["x"] + 60 * mm, box["y"] + 25 * mm))
    assert caliper(ecg) != {}
    source = dict(ecg.trait("ecg", "src"))
    ecg.set("ecg", "src", {**source, "id": "b", "url": "/trace/b"})
    ecg.wait("models.ecg.get('shown').id === 'b'")
    assert caliper(ecg) == {}
    assert ink(ecg, layer="over") == 0
    ecg.tab.keyboard.press("u")
    assert ink(ecg, layer="over") == 0


class Fingers:
    """Fingers on a touch screen, as the screen itself would report them."""

    def __init__(self, page: Page) -> None:
        self.session = page.tab.context.new_cdp_session(page.tab)

    def __call__(self, kind: str, *points: tuple[float, float]) -> None:
        """One event with all fingers that are down."""
        fingers = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_phone_shows_a_usable_strip(page: Page) -> None:
    page.server.blobs["/trace/a"] = trace()
    mounted(page, "a", height=800)
    facts = page.tab.evaluate(
        """(() => {
          const sizes = [...document.querySelectorAll(".wb-bar button, .wb-bar select, .wb-scrub")]
            .map((one) => one.getBoundingClientRect()).filter((box) => box.width);
          return {
            small: sizes.filter((box) => box.width < 44 || box.height < 44).length,
            sideways: document.documentElement.scrollWidth - innerWidth,
            sheet: document.querySelector(".wb-sheet").getBoundingClientRect().width,
          };
        })()"""
    )
    assert facts["small"] == 0
    assert facts["sideways"] == 0
    assert 360 < facts["sheet"] <= 390
    where = page.tab.locator("[data-name=time]").text_content()
    assert where.endswith("/ 10 s")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_moves_two_enlarge_and_one_held_still_measures(page: Page) -> None:
    page.server.blobs["/trace/a"] = trace()
    mounted(page, "a", height=800)
    touch = Fingers(page)
    box = page.tab.locator(".wb-sheet").bounding_box()
    x, y = box["x"] + 250, box["y"] + 120
    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x - 30 * step, y))
    touch("touchEnd")
    page.wait("!document.querySelector('[data-name=time]').textContent.startsWith('0–')")
    assert caliper(page) == {}

    touch("touchStart", (x - 100, y))
    page.wait(
        """(() => {
          const canvas = document.querySelector("canvas[data-layer=over]");
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value) => value > 0);
        })()"""
    )
    touch("touchMove", (x - 12, y - 20))
    touch("touchEnd")
    assert caliper(page)["ms"] == pytest.approx(800, abs=40)

    before = page.tab.locator("[data-name=time]").text_content()
    touch("touchStart", (150, y), (200, y))
    for step in range(1, 6):
        touch("touchMove", (150 - 10 * step, y), (200 + 10 * step, y))
    touch("touchEnd")
    page.wait(f"document.querySelector('[data-name=time]').textContent !== {before!r}")


def test_reasons_of_the_gate_stand_over_the_paper_in_words(ecg: Page) -> None:
    reason = {"code": "x", "label": "II ≠ I + III", "text": "最大相差 0.32 mV", "leads": LEADS[:3]}
    mounted(ecg, "a", meta={"gate": [reason]})
    assert ecg.tab.locator("#ecg .wb-gate").text_content() == "II ≠ I + III: 最大相差 0.32 mV"
    source = dict(ecg.trait("ecg", "src"))
    source["meta"] = {k: v for k, v in source["meta"].items() if k != "gate"}
    ecg.set("ecg", "src", {**source, "id": "b", "url": "/trace/b"})
    ecg.wait("models.ecg.get('shown').id === 'b'")
    assert ecg.tab.locator("#ecg .wb-gate").is_hidden()
