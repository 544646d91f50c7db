"""The ECG viewer in a real browser, and the checks of what comes back from it."""

import threading

import pytest
from browser_page import Page
from ecg_traces import ink, opened, paper, src, trace
from traitlets import TraitError

from workbench.widgets import incoming
from workbench.widgets.ecg_viewer import EcgViewer


@pytest.fixture
def ecg(page: Page) -> Page:
    for n, name in enumerate(("a", "b", "c", "d")):
        page.server.blobs[f"/trace/{name}"] = trace(n)
    return page


def notice(page: Page, viewer: str = "ecg") -> str:
    return str(page.tab.locator(f"#{viewer} .wb-notice").text_content())


def test_a_tracing_is_drawn_and_reported_to_python(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    assert ink(ecg) > 5000
    assert ecg.facts()["stage"] == "full"
    assert ecg.trait("ecg", "shown")["ms"] > 0
    assert ecg.tab.locator("#ecg .wb-notice").is_hidden()


@pytest.mark.parametrize("layout", ["3x4+1", "3x4+3", "6x2", "12x1"])
def test_one_sheet_is_as_wide_as_its_room_allows(ecg: Page, layout: str) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a"), lead_layout=layout, height=700))
    opened(ecg, "a")
    sheet = ecg.tab.locator("#ecg .wb-sheet").bounding_box()
    room = ecg.tab.locator("#ecg .wb-paper").bounding_box()
    assert 0.75 * room["width"] < sheet["width"] <= room["width"]
    assert not ecg.tab.evaluate(
        """(() => {
          const paper = document.querySelector(".wb-paper");
          return paper.scrollWidth > paper.clientWidth;
        })()"""
    )


def test_the_keyboard_changes_every_setting_without_python(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    for key in "4", "o", "y", "s", "g", "f", "f", "j", "h":
        ecg.tab.keyboard.press(key)
    names = ("lead_layout", "lead_order", "rhythm_lead", "speed", "gain")
    assert [ecg.trait("ecg", t) for t in names] == ["12x1", "cabrera", "III", 50, 20]
    assert [ecg.trait("ecg", t) for t in ("high_pass", "low_pass", "notch")] == [0.5, 150, True]
    ecg.wait("document.querySelector('#ecg .wb-chip').textContent === 'ST段和切迹可能失真'")


def test_the_toolbar_says_and_changes_what_the_keyboard_changes(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    for name, value in (("layout", "3x4+3"), ("low_pass", "40"), ("gain", "20")):
        ecg.tab.locator(f"#ecg select[data-name={name}]").select_option(value)
    traits = ("lead_layout", "low_pass", "gain")
    assert [ecg.trait("ecg", t) for t in traits] == ["3x4+3", 40, 20]
    ecg.tab.keyboard.press("1")  # the list just used does not keep the keys to itself
    assert ecg.trait("ecg", "lead_layout") == "3x4+1"


def test_keys_typed_into_a_field_are_left_alone(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    ecg.tab.evaluate(
        """document.querySelector("#ecg .wb-viewer")
          .append(Object.assign(document.createElement("input"), { id: "field" }))"""
    )
    ecg.tab.locator("#field").press("4")
    assert ecg.trait("ecg", "lead_layout") == "3x4+1"


def test_a_drag_measures_time_rate_and_voltage(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a"), lead_layout="12x1"))
    opened(ecg, "a")
    box, mm = paper(ecg)
    x, y = box["x"] + 60 * mm, box["y"] + 25 * mm
    ecg.tab.mouse.move(x, y)
    ecg.tab.mouse.down()
    ecg.tab.mouse.move(x + 20 * mm, y - 5 * mm, steps=4)
    ecg.tab.mouse.up()
    read = EcgViewer(caliper=ecg.trait("ecg", "caliper")).caliper
    assert read["ms"] == pytest.approx(800, abs=10)
    assert read["per_min"] == pytest.approx(75, abs=1)
    assert read["mv"] == pytest.approx(0.5, abs=0.03)
    assert read["to_s"] - read["from_s"] == pytest.approx(0.8, abs=0.01)
    assert ink(ecg, layer="over") > 100
    ecg.tab.keyboard.press("Escape")
    assert ecg.trait("ecg", "caliper") == {}
    assert ink(ecg, layer="over") == 0


def test_the_next_tracing_comes_from_memory_and_old_ones_leave_it(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a"), prefetch=[src("b"), src("c")]))
    opened(ecg, "a")
    ecg.wait(
        """performance.getEntriesByType("resource")
          .filter((e) => e.name.includes("/trace/")).length === 3"""
    )
    ecg.set("ecg", "prefetch", [src("c"), src("d")])
    ecg.set("ecg", "src", src("b"))
    opened(ecg, "b")
    assert ecg.server.asked.count("/trace/b") == 1
    ecg.set("ecg", "src", src("a"))
    opened(ecg, "a")
    assert ecg.server.asked.count("/trace/a") == 2


def test_nothing_of_the_last_patient_stays_while_the_next_one_loads(ecg: Page) -> None:
    gate = ecg.server.gates["/trace/b"] = threading.Event()
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    ecg.set("ecg", "src", src("b"))
    assert ink(ecg) == 0
    assert notice(ecg) == "正在载入心电图…"
    gate.set()
    opened(ecg, "b")
    assert ink(ecg) > 5000


def test_a_slow_tracing_never_replaces_the_one_chosen_after_it(ecg: Page) -> None:
    gate = ecg.server.gates["/trace/a"] = threading.Event()
    ecg.mount("ecg", EcgViewer(src=src("a")))
    ecg.set("ecg", "src", src("b"))
    opened(ecg, "b")
    drawn = ecg.facts()["ecg"]["count"]
    gate.set()
    ecg.tab.wait_for_load_state("networkidle")
    assert ecg.trait("ecg", "shown")["id"] == "b"
    assert ecg.facts()["ecg"]["count"] == drawn


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "服务器返回 404"),
        (b"abc", "3 bytes are not whole samples of 12 leads"),
        (b"", "0 bytes"),
    ],
)
def test_an_error_is_said_inside_the_viewer_in_the_language_of_the_page(
    page: Page, body: bytes | None, says: str
) -> None:
    if body is not None:
        page.server.blobs["/trace/x"] = body
    page.mount("ecg", EcgViewer(src=src("x")))
    page.wait("window.__wb?.stage === 'error'")
    assert notice(page).startswith("心电图无法显示。")
    assert says in notice(page)


def test_data_of_another_host_is_never_fetched(page: Page) -> None:
    page.mount("ecg", EcgViewer(src={**src("x"), "url": "http://example.org/trace"}))
    page.wait("window.__wb?.stage === 'error'")
    assert "数据只能来自本服务器" in notice(page)


def test_two_viewers_share_nothing(ecg: Page) -> None:
    ecg.mount("one", EcgViewer(src=src("a"), height=420))
    opened(ecg, "a", "one")
    ecg.mount("two", EcgViewer(src=src("b"), height=420))
    opened(ecg, "b", "two")
    before = ink(ecg, "two")
    ecg.tab.locator("#one select[data-name=layout]").select_option("12x1")
    ecg.tab.locator("#one [data-name='march']").click()
    ecg.tab.evaluate("closers.one()")
    assert ecg.trait("two", "lead_layout") == "3x4+1"
    assert ecg.tab.locator("#two [data-name=march]").get_attribute("aria-pressed") == "false"
    assert ink(ecg, "two") == before
    assert ecg.tab.locator("#one canvas").count() == 0
    assert ecg.tab.evaluate("models.one.listeners()") == 0
    ecg.set("two", "src", src("c"))
    opened(ecg, "c", "two")


def test_an_unmeasured_screen_is_said_to_be_not_to_scale_and_has_no_real_size(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    assert ecg.tab.locator("#ecg [data-name=real]").is_disabled()
    assert "wb-wanted" in ecg.tab.locator("#ecg [data-name=calibrate]").get_attribute("class")


@pytest.mark.parametrize(("by", "width", "mm"), [("card", "428", 85.6), ("ruler", "400", 100)])
def test_the_ruler_step_is_sent_to_python_and_holds_at_once(
    ecg: Page, by: str, width: str, mm: float
) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    ecg.tab.keyboard.press("c")
    ecg.tab.locator(f"#ecg .wb-dialog [data-name={by}]").click()
    ecg.tab.locator("#ecg input[type=range]").fill(width)
    box = ecg.tab.locator("#ecg .wb-card").bounding_box()
    assert box["width"] == pytest.approx(float(width), abs=0.01)
    ecg.tab.locator("#ecg [data-name=save]").click()
    [said] = [incoming.message(m) for m in ecg.sent("ecg")]
    assert said["kind"] == "calibrated"
    assert said["px_per_mm"] == pytest.approx(float(width) / mm)
    ecg.tab.locator("#ecg [data-name=real]").click()
    ecg.wait(
        f"""Math.abs(document.querySelector("#ecg .wb-sheet")
          .getBoundingClientRect().width - 265 * {float(width) / mm}) < 1"""
    )


def test_what_was_measured_once_holds_for_this_screen_only(ecg: Page) -> None:
    ecg.mount("ecg", EcgViewer(src=src("a")))
    opened(ecg, "a")
    ecg.tab.keyboard.press("c")
    ecg.tab.locator("#ecg [data-name=save]").click()
    [said] = ecg.sent("ecg")
    other = {said["display"] + "0": 5.0}
    ecg.mount("again", EcgViewer(src=src("b"), calibrations={said["display"]: 5.0}))
    opened(ecg, "b", "again")
    ecg.mount("other", EcgViewer(src=src("c"), calibrations=other))
    opened(ecg, "c", "other")
    assert ecg.tab.locator("#again [data-name=real]").is_enabled()
    assert ecg.tab.locator("#other [data-name=real]").is_disabled()


@pytest.mark.parametrize(("key", "start"), [("]", 10), ("End", 50), ("ArrowRight", 1)])
def test_a_long_recording_moves_by_key_and_never_leaves_its_end(
    ecg: Page, key: str, start: float
) -> None:
    ecg.server.blobs["/trace/long"] = trace(seconds=60)
    ecg.mount("ecg", EcgViewer(src=src("long")))
    opened(ecg, "long")
    ecg.tab.keyboard.press(key)
    said = f"{start}–{start + 10} / 60 s"
    ecg.wait(f"document.querySelector('#ecg [data-name=time]').textContent === '{said}'")


def test_a_long_recording_scrolls_by_wheel_and_by_its_bar_and_draws_only_what_is_seen(
    ecg: Page,
) -> None:
    ecg.server.blobs["/trace/day"] = trace(seconds=1800, rate=250, leads=2)
    ecg.mount("ecg", EcgViewer(src=src("day", rate=250, leads=["MLII", "V5"])))
    opened(ecg, "day")
    sheet = ecg.tab.locator("#ecg .wb-sheet").bounding_box()
    canvas = ecg.tab.locator("#ecg canvas[data-layer=traces]").bounding_box()
    assert canvas["width"] <= 1600
    ecg.tab.mouse.move(sheet["x"] + 200, sheet["y"] + 60)
    ecg.tab.mouse.wheel(240, 0)
    ecg.wait("!document.querySelector('#ecg [data-name=time]').textContent.startsWith('0–')")
    bar = ecg.tab.locator("#ecg .wb-scrub").bounding_box()
    ecg.tab.mouse.click(bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2)
    ecg.wait("document.querySelector('#ecg [data-name=time]').textContent.startsWith('895–905')")
    drawn = ecg.tab.evaluate(
        """async () => {
          const pen = CanvasRenderingContext2D.prototype;
          const plain = pen.lineTo;
          let n = 0;
          pen.lineTo = function (...at) { n += 1; return plain.apply(this, at); };
          const done = new Promise((d) => requestAnimationFrame(() => requestAnimationFrame(d)));
          const press = new KeyboardEvent("keydown", { key: "d" });
          document.querySelector("#ecg .wb-ecg").dispatchEvent(press);
          await done;
          pen.lineTo = plain;
          return n;
        }"""
    )
    assert 2 * 10 * 250 - 10 < drawn < 2 * 10 * 250 + 300


@pytest.mark.parametrize(
    ("size", "lines"), [((1600, 1000), 1), ((1280, 720), 2), ((900, 700), 3), ((630, 700), 5)]
)
def test_the_toolbar_is_never_cut_off(ecg: Page, size: tuple[int, int], lines: int) -> None:
    ecg.tab.set_viewport_size({"width": size[0], "height": size[1]})
    ecg.mount("ecg", EcgViewer(src=src("a"), high_pass=0.5, low_pass=40))
    opened(ecg, "a")
    bar = ecg.tab.locator("#ecg .wb-bar[role=toolbar]").bounding_box()
    assert bar["height"] <= 36 * lines
    for box in [
        b.bounding_box()
        for b in ecg.tab.locator("#ecg .wb-bar[role=toolbar] :is(button, select):visible").all()
    ]:
        assert bar["x"] <= box["x"]
        assert box["x"] + box["width"] <= bar["x"] + bar["width"]


@pytest.mark.parametrize(
    "value",
    [
        {"ms": "800", "mv": 0.1},
        {"ms": float("nan"), "mv": 0.1},
        {"ms": 800, "mv": 0.1, "lead": "x" * 500},
        {"ms": 800, "mv": True},
        {"ms": 800, "mv": 0.1, "from_s": []},
    ],
)
def test_a_forged_caliper_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(TraitError, match="caliper"):
        EcgViewer().caliper = value


def test_unknown_parts_of_a_message_are_dropped() -> None:
    viewer = EcgViewer(shown={"id": "a", "ms": 3, "role": "admin"})
    assert viewer.shown == {"id": "a", "ms": 3.0}
