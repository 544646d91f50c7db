"""The median beat in a real browser: marks by mouse, touch and keys; what is told to Python."""

from typing import Any

import numpy as np
import pytest
from browser_page import Page
from ecg_traces import LEADS, PHONE, trace
from traitlets import TraitError

from workbench.ecg.beat_marks import leads_of_copy, measure
from workbench.widgets import incoming
from workbench.widgets.ecg_viewer import EcgViewer

RATE, SAMPLES = 500, 450
MARKS = {"p_on": 100.0, "p_off": 200.0, "qrs_on": 260.0, "j": 350.0, "t_end": 640.0}
SHORT = {"p_on": "P起", "p_off": "P终", "qrs_on": "QRS起", "j": "J", "t_end": "T终"}


def beat(scale: float = 1.0) -> bytes:
    """P, QRS and T as bells; every lead a share of them, so that all differ."""
    ms = np.arange(SAMPLES) * 1000 / RATE

    def bell(at: float, wide: float) -> np.ndarray:
        return np.exp(-(((ms - at) / wide) ** 2))

    wave = 120 * bell(150, 22) + 1100 * bell(305, 16) - 250 * bell(335, 9) + 280 * bell(540, 45)
    shares = np.linspace(1.0, -0.6, len(LEADS))[:, None] * scale
    return np.rint(wave * shares).astype("<i2").tobytes()


def beat_meta(**given: object) -> dict[str, Any]:
    return {
        "rate": RATE, "samples": SAMPLES, "leads": LEADS, "derived": ["III"], "lsb_uv": 1.0,
        "gap": -32768, "calibrated": True, "r_ms": 305.0, "beats": 9, "of": 11, "beats_s": [1.0],
        "rr_ms": 800.0, "marks": MARKS, "reasons": {}, "noise_uv": {},
        "engine": {"name": "ecg-beat", "version": "1.0.0"}, **given,
    }  # fmt: skip


def src(name: str, caption: str = "", **meta: object) -> dict[str, Any]:
    facts = {"rate": 500, "leads": LEADS, "lsb_uv": 1.0, "caption": [caption, "", ""]}
    return {
        "id": name,
        "url": f"/trace/{name}",
        "meta": facts,
        "beat": {"url": f"/beat/{name}", "meta": beat_meta(**meta)},
    }


def measured(name: str, **given: object) -> dict[str, Any]:
    return {"id": name, "device": {"qt_ms": 402.0}, "reader": None, "history": "", "reasons": {},
            "may": True, "why": "", **given}  # fmt: skip


def serve(page: Page) -> None:
    for n, name in enumerate(("a", "b", "c")):
        page.server.blobs[f"/trace/{name}"] = trace(n)
        page.server.blobs[f"/beat/{name}"] = beat(1 + 0.3 * n)


def show(page: Page, name: str = "a", meta: Any = None, **traits: Any) -> None:
    """Mount the viewer and open the panel by its key."""
    serve(page)
    traits = {"measured": measured(name), **traits}
    page.mount("ecg", EcgViewer(src=src(name, **(meta or {})), height=900, **traits))
    page.wait(f"models.ecg.get('shown').id === '{name}'")
    page.tab.locator("#ecg .wb-viewer").press("q")
    page.wait(f"window.__wb.beat?.shown === '{name}'")


def mark(page: Page, name: str) -> Any:
    return page.tab.locator(f"#ecg [data-mark={name}]")


def at(page: Page, name: str) -> float:
    return float(mark(page, name).get_attribute("data-ms"))


def number(page: Page, row: str, column: str = "reader") -> str:
    place = f"#ecg [data-table=beat] [data-row={row}] td[data-column={column}]"
    return str(page.tab.locator(place).inner_text())


def drag(page: Page, name: str, ms: float) -> None:
    """Drag a mark by its tag; 100 mm/s on the panel."""
    box = mark(page, name).locator(".wb-tag").bounding_box()
    wide = page.tab.locator("#ecg .wb-beat-paper").bounding_box()["width"]
    shown = page.tab.evaluate("document.querySelector('[data-mark=j]').ariaValueMax")
    x, y = box["x"] + 8, box["y"] + 8
    page.tab.mouse.move(x, y)
    page.tab.mouse.down()
    page.tab.mouse.move(x + ms * wide / float(shown), y, steps=5)
    page.tab.mouse.up()


def python_says(marks: dict[str, Any]) -> dict[str, Any]:
    """What the server will store for these marks."""
    return dict(measure(leads_of_copy(beat(), beat_meta()), RATE, marks, 800.0))


def test_the_panel_shows_marks_numbers_and_who_measured_what(page: Page) -> None:
    show(page)
    for name, short in SHORT.items():
        assert mark(page, name).inner_text() == short
        assert at(page, name) == MARKS[name]
    assert number(page, "heart_rate_bpm") == "未测：标线未移动"  # said once for the whole column
    assert number(page, "qt_ms", "engine") == "380 ms"
    assert number(page, "qt_ms", "device") == "402 ms"
    assert number(page, "pr_ms", "device") == "未测：设备未提供"
    head = page.tab.locator("#ecg [data-table=beat] thead th").all_inner_texts()
    assert head == ["", "医师", "软件", "设备"]
    assert page.tab.locator("#ecg .wb-about").inner_text() == "11 个心搏中 9 个平均"


def test_a_dragged_mark_measures_everything_again_at_once_as_python_will(page: Page) -> None:
    show(page)
    drag(page, "t_end", 40)
    moved = at(page, "t_end")
    assert 660 <= moved <= 700
    assert moved % 2 == 0  # on a sample
    said = python_says({**MARKS, "t_end": moved})
    for row in ("qt_ms", "qtc_fridericia_ms", "qtc_bazett_ms", "qtc_hodges_ms", "t_axis_deg"):
        unit = "°" if row.endswith("deg") else "ms"
        shown = number(page, row).replace("−", "-")
        assert shown == f"{said[row]:.0f} {unit}", row
    assert number(page, "qt_ms", "engine") == "380 ms"
    values = page.facts()["beat"]["values"]
    assert values["st_j_mv"]["V1"] == pytest.approx(said["st_j_mv"]["V1"], abs=1e-9)
    assert page.facts()["beat"]["kept"] is False


def test_arrows_move_by_one_sample_and_shift_by_five_and_tab_goes_to_the_next(page: Page) -> None:
    show(page)
    mark(page, "qrs_on").focus()
    page.tab.keyboard.press("ArrowRight")
    assert at(page, "qrs_on") == 262
    page.tab.keyboard.press("Shift+ArrowLeft")
    assert at(page, "qrs_on") == 252
    page.tab.keyboard.press("Tab")
    page.tab.keyboard.press("ArrowLeft")
    assert at(page, "j") == 348
    assert number(page, "qrs_ms") == "96 ms"
    page.tab.keyboard.press("Control+z")
    page.tab.keyboard.press("Control+z")
    assert (at(page, "qrs_on"), at(page, "j")) == (262, 350)
    page.tab.keyboard.press("Control+y")
    assert at(page, "qrs_on") == 252
    page.tab.locator("#ecg [data-name=reset]").click()
    assert at(page, "qrs_on") == MARKS["qrs_on"]


def test_marks_that_contradict_each_other_are_refused_in_words(page: Page) -> None:
    show(page)
    drag(page, "qrs_on", 150)
    assert at(page, "qrs_on") < MARKS["j"]
    assert page.tab.locator("#ecg .wb-beat .wb-said").inner_text() == (
        "J 点不能早于QRS 起点，标线保持原位。"
    )


def test_a_mark_is_taken_away_and_put_back_and_its_numbers_say_why(page: Page) -> None:
    show(page)
    mark(page, "p_on").focus()
    page.tab.keyboard.press("Delete")
    assert mark(page, "p_on").is_hidden()
    assert number(page, "pr_ms") == "未测：未标P波起点"
    page.tab.locator("#ecg [data-name=add-p_on]").click()
    assert 0 < at(page, "p_on") < MARKS["p_off"]
    page.tab.keyboard.press("ArrowLeft")  # the new mark has the focus
    assert number(page, "pr_ms").endswith(" ms")


def test_only_marks_are_sent_to_be_kept_and_the_check_takes_them(page: Page) -> None:
    show(page)
    drag(page, "t_end", 20)
    page.tab.locator("#ecg .wb-beat [data-name=keep]").click()
    [said] = [incoming.message(m) for m in page.sent("ecg")]
    assert said == {"kind": "keep_marks", "id": "a", "marks": {**MARKS, "t_end": at(page, "t_end")}}


def test_a_kept_measurement_is_shown_with_its_reader_and_can_be_withdrawn(page: Page) -> None:
    kept = {**MARKS, "t_end": 660.0}
    said = {"by": "陈医生", "at": "2026-11-25 21:00:00", "number": 1}
    reader = {"marks": kept, "values": python_says(kept), **said}
    show(page, measured=measured("a", reader=reader))
    assert at(page, "t_end") == 660
    assert number(page, "qt_ms") == "400 ms"
    assert "陈医生 于 2026-11-25 21:00:00 保存" in page.tab.locator("#ecg caption").inner_text()
    assert page.tab.locator("#ecg .wb-beat [data-name=keep]").is_disabled()
    page.tab.locator("#ecg .wb-beat [data-name=withdraw]").click()
    assert page.sent("ecg") == [{"kind": "withdraw_marks", "id": "a"}]
    page.set("ecg", "measured", measured("a"))
    assert at(page, "t_end") == 640
    assert number(page, "heart_rate_bpm") == "未测：标线未移动"


def test_a_measurement_of_before_a_naming_says_so_and_one_click_measures_again(page: Page) -> None:
    old = python_says(MARKS)
    old["st_j_mv"] = {**old["st_j_mv"], "V1": 9.0}
    reader = {"marks": MARKS, "values": old, "by": "陈医生", "at": "", "number": 1,
              "outdated": "导联命名更改前的测量：请重新测量。"}  # fmt: skip
    show(page, measured=measured("a", reader=reader))
    caption = page.tab.locator("#ecg [data-table=beat] caption [role=alert]")
    assert caption.inner_text() == "导联命名更改前的测量：请重新测量。"
    assert "尚未保存" in page.tab.locator("#ecg [data-table=beat] caption").inner_text()
    values = page.facts()["beat"]["values"]
    assert values["st_j_mv"]["V1"] == pytest.approx(python_says(MARKS)["st_j_mv"]["V1"], abs=1e-9)
    keep = page.tab.locator("#ecg .wb-beat [data-name=keep]")
    assert keep.inner_text() == "用这组标线重新测量"
    keep.click()
    [said] = [incoming.message(m) for m in page.sent("ecg")]
    assert said == {"kind": "keep_marks", "id": "a", "marks": MARKS}
    now = {**reader, "values": python_says(MARKS), "number": 2, "outdated": ""}
    page.set("ecg", "measured", measured("a", reader=now))
    assert caption.count() == 0
    assert "尚未保存" not in page.tab.locator("#ecg [data-table=beat] caption").inner_text()
    assert keep.is_disabled()
    assert keep.inner_text() == "保存测量"


def test_a_tracing_that_never_had_a_beat_offers_to_make_one(page: Page) -> None:
    serve(page)
    none = src("a")
    del none["beat"]
    page.mount("ecg", EcgViewer(src=none, height=900, measured=measured("a", ask=True)))
    page.wait("models.ecg.get('shown').id === 'a'")
    page.tab.locator("#ecg .wb-viewer").press("q")
    about = page.tab.locator("#ecg .wb-beat .wb-about")
    assert about.inner_text() == "无平均心搏：该心电图筛查时尚无平均心搏功能"
    page.tab.locator("#ecg .wb-beat [data-name=make-beat]").click()
    [said] = [incoming.message(m) for m in page.sent("ecg")]
    assert said == {"kind": "make_beat", "id": "a"}
    page.set("ecg", "measured", measured("a", ask=False))
    page.set("ecg", "src", src("a"))
    page.wait("window.__wb.beat?.shown === 'a'")
    assert page.tab.locator("#ecg .wb-beat [data-name=make-beat]").is_hidden()


def test_what_somebody_else_keeps_meanwhile_never_moves_marks_that_were_moved_here(
    page: Page,
) -> None:
    show(page)
    drag(page, "t_end", 30)
    own = at(page, "t_end")
    theirs = {**MARKS, "t_end": 600.0}
    reader = {"marks": theirs, "values": python_says(theirs), "by": "乙", "at": "", "number": 1}
    page.set("ecg", "measured", measured("a", reader=reader))
    assert at(page, "t_end") == own
    assert "刚刚有变化" in page.tab.locator("#ecg .wb-beat .wb-said").inner_text()


def test_a_measurement_of_another_tracing_is_never_shown_beside_this_one(page: Page) -> None:
    kept = {**MARKS, "t_end": 660.0}
    reader = {"marks": kept, "values": python_says(kept), "by": "甲", "at": "", "number": 1}
    show(page, measured=measured("b", reader=reader))
    assert at(page, "t_end") == 640
    assert number(page, "heart_rate_bpm") == "未测：标线未移动"
    assert page.tab.locator("#ecg .wb-beat [data-name=keep]").is_disabled()


def test_without_the_right_to_write_marks_can_be_tried_but_not_kept(page: Page) -> None:
    show(page, measured=measured("a", may=False, why="他人正在报告该检查"))
    drag(page, "t_end", 20)
    keep = page.tab.locator("#ecg .wb-beat [data-name=keep]")
    assert number(page, "qt_ms").endswith("ms")
    assert keep.is_disabled()
    assert keep.get_attribute("title") == "他人正在报告该检查"


def test_an_uncalibrated_file_gives_times_and_axes_but_no_millivolts(page: Page) -> None:
    show(page, meta={"calibrated": False})
    drag(page, "t_end", 20)
    assert number(page, "qrs_axis_deg").endswith("°")
    cells = page.tab.locator("#ecg [data-table=st] [data-st]").all_inner_texts()
    assert set(cells) == {"—"}
    assert "记录未说明定标" in page.tab.locator("#ecg .wb-st").inner_text()


def test_the_st_map_stands_in_cabrera_order_with_its_numbers_and_shows_a_lead(page: Page) -> None:
    show(page)
    names = page.tab.locator("#ecg [data-table=st] thead button").all_inner_texts()
    assert names == ["aVL", "I", "−aVR", "II", "aVF", "III", *LEADS[6:]]
    said = python_says(MARKS)["st_j60_mv"]
    shown = page.tab.locator("#ecg [data-st='aVR.1']").inner_text()
    assert float(shown.replace("−", "-")) == pytest.approx(-said["aVR"], abs=0.005)
    for wide in (1600, 780, 480):  # none of the twelve leads may hide beside the panel
        page.tab.set_viewport_size({"width": wide, "height": 900})
        hidden = (
            "() => ((e) => e.scrollWidth - e.clientWidth)(document.querySelector('#ecg .wb-st'))"
        )
        assert page.tab.evaluate(hidden) <= 0, wide
    page.tab.locator("#ecg [data-name=st-V3]").click()
    assert page.tab.locator("#ecg [data-name=lead-V3]").get_attribute("aria-pressed") == "true"
    page.tab.locator("#ecg [data-name=all-leads]").click()
    assert page.tab.locator("#ecg [data-name=lead-V3]").get_attribute("aria-pressed") == "false"


def test_the_pointer_names_the_lead_under_it(page: Page) -> None:
    show(page)
    box = page.tab.locator("#ecg .wb-beat-paper").bounding_box()
    zero = page.tab.evaluate(
        """(() => {
          const canvas = document.querySelector("#ecg .wb-beat-paper canvas");
          const pen = canvas.getContext("2d");
          const x = Math.round(canvas.width * 0.34);
          const { data } = pen.getImageData(x, 0, 1, canvas.height);
          for (let y = 0; y < canvas.height; y++) if (data[y * 4] < 60) return y / canvas.height;
          return -1;
        })()"""
    )
    page.tab.mouse.move(box["x"] + box["width"] * 0.34, box["y"] + box["height"] * zero + 1)
    page.wait("document.querySelector('#ecg .wb-marks').dataset.lead === 'I'")  # the tallest


def test_the_beat_of_the_last_patient_leaves_with_its_tracing(page: Page) -> None:
    show(page)
    drag(page, "t_end", 20)
    del page.server.blobs["/beat/b"]
    page.set("ecg", "src", src("b"))
    page.wait("models.ecg.get('shown').id === 'b'")
    page.wait("document.querySelector('#ecg .wb-about').textContent.includes('404')")
    assert page.tab.locator("#ecg .wb-beat-paper").is_hidden()
    assert page.tab.locator("#ecg [data-table=beat]").is_hidden()
    none = {**src("c"), "meta": {**src("c")["meta"], "no_beat": "QRS 波群不完整"}}
    del none["beat"]
    page.set("ecg", "src", none)
    page.wait("document.querySelector('#ecg .wb-about').textContent.includes('QRS 波群不完整')")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_a_finger_moves_a_mark_on_a_phone(page: Page) -> None:
    show(page)
    box = mark(page, "t_end").locator(".wb-tag").bounding_box()
    assert min(box["width"], box["height"]) >= 30
    touch = page.tab.context.new_cdp_session(page.tab)
    x, y = box["x"] + 10, box["y"] + 15
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": x + 12, "y": y}]),
        ("touchMove", [{"x": x + 24, "y": y}]),
        ("touchEnd", []),
    ):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait("Number(document.querySelector('[data-mark=t_end]').dataset.ms) > 660")
    wide = page.tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "keep_marks", "id": "a", "marks": {"p_on": "1"}},
        {"kind": "keep_marks", "id": "a", "marks": {"p_on": float("nan")}},
        {"kind": "keep_marks", "id": "a", "marks": {"evil": 1.0}},
        {"kind": "keep_marks", "id": "a", "marks": [1, 2]},
        {"kind": "keep_marks", "marks": MARKS},
        {"kind": "withdraw_marks", "id": 5},
        {"kind": "compare", "id": "x" * 300},
        {"kind": "compare"},
        {"kind": "sign"},
    ],
)
def test_a_message_of_another_shape_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(TraitError):
        incoming.message(said)
