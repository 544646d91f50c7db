"""A reader at an ECG: paper, calipers, the median beat, an earlier ECG, print; nothing leaves."""

import re
from datetime import timedelta

import psycopg
import pytest

from tests.journeys.arriving import brought
from tests.journeys.browser import log_in, outside
from tests.make import NOW, make_ecg_file, make_trace
from workbench.settings import Settings
from workbench.store.embedded import address_of

pytestmark = pytest.mark.browser
NAME = "周对照"
KEPT = """select m.number, standing, marks, values, by from beat_measurement m
  join exam e on e.id = m.exam_id join patient p on p.id = e.patient_id
  where p.name = %s order by m.number"""
SAID = """select code, verdict, by from statement_verdict m
  join exam e on e.id = m.exam_id join patient p on p.id = e.patient_id
  where p.name = %s order by m.number"""
CALM = 10  # looks of 100 ms at which the last word stays the same


@pytest.fixture(scope="module")
def two(home, tmp_path_factory):
    """Two ECGs of one patient, ninety days apart, screened; the newer one is the case."""
    folder = tmp_path_factory.mktemp("ecgs")
    paths = []
    for number, (rate, days) in enumerate(((68.0, 90), (92.0, 0)), start=1):
        path = folder / f"{number}.dcm"
        path.write_bytes(
            make_ecg_file(
                make_trace(rate), study=f"1.2.81{number}", patient_name="周^对照",
                patient_id="J81", acquired_at=NOW - timedelta(days=days),
            )
        )  # fmt: skip
        paths.append(path)
    brought(home, *paths)
    return home


def told(page):
    """What the browser told Python: every frame of its sockets."""
    frames = []
    page.on(
        "websocket",
        lambda ws: ws.on(
            "framesent",
            lambda data: frames.append(
                data if isinstance(data, str) else bytes(data).decode("utf-8", "replace")
            ),
        ),
    )
    return frames


def open_newest(page):
    """The ECG that has an earlier one, by its age: the patient had a birthday in between."""
    row = page.locator(".wl-row", has_text=NAME).filter(has_text="71")
    row.first.click()
    page.locator("aside.case", has_text=NAME).wait_for()
    page.wait_for_function("() => window.__wb?.ecg?.stage === 'full'", timeout=60_000)


def stored(home):
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn) as conn:
        return conn.execute(KEPT, (NAME,)).fetchall()


def left(home, page):
    """Requests that left the machine; the browser shows the print with pages of its own."""
    own = ("chrome-extension://", "chrome://")
    return [url for url in outside(page, home.port) if not url.startswith(own)]


def beat(page):
    return page.evaluate("() => structuredClone(window.__wb.beat)")


def with_caliper(page, seen, frames):
    """Stretch a caliper over QT of the second beat; gives the ms that Python was told, and a px."""
    box = page.locator(".wb-ecg .wb-sheet").bounding_box()
    mm = box["width"] / 265
    on, end = (seen["marks"][name] - seen["r_ms"] for name in ("qrs_on", "t_end"))
    x, y = box["x"] + (10 + 25 * (seen["beats_s"][1] + on / 1000)) * mm, box["y"] + 25 * mm
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (end - on) / 1000 * 25 * mm, y, steps=4)
    page.mouse.up()
    last, calm = None, 0
    for _ in range(200):
        found = [m for f in frames if '"caliper"' in f for m in re.findall(r'"ms":\s*([0-9.]+)', f)]
        # it is told while it is drawn, too: what counts is where the mouse was let go
        calm = calm + 1 if found and found[-1] == last else 0
        last = found[-1] if found else None
        if calm >= CALM:
            return float(last), 1000 / (25 * mm)
        page.wait_for_timeout(100)  # lets the frames of the socket be heard
    raise AssertionError("Python was never told of the caliper")


def drag_t_end(page):
    """Four large steps by key, then eight pixels by mouse."""
    page.locator("[data-mark=t_end]").focus()
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    box = page.locator("[data-mark=t_end] .wb-tag").bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 16, box["y"] + 8, steps=3)
    page.mouse.up()


def check_stored(home, shown):
    """One row, with the marks and the numbers that stood on the screen."""
    ((number, standing, marks, values, by),) = stored(home)
    assert (number, standing, by) == (1, 1, "reader")
    assert marks == pytest.approx(shown["marks"])
    for name in ("heart_rate_bpm", "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qrs_axis_deg"):
        assert values[name] == pytest.approx(shown["values"][name], abs=1e-6), name
    assert values["st_j60_mv"] == pytest.approx(shown["values"]["st_j60_mv"], abs=1e-6)


def check_report(page, values):
    """The report form names whose numbers it carries, and a text is filled with them."""
    page.locator("[data-sources] summary").click()
    assert "医师 陈阅片" in page.locator("[data-gap=qt]").inner_text()
    page.locator(".tpl").select_option("ecg-normal")
    text = page.locator("[data-field=findings]").input_value()
    assert f"QT/QTc {values['qt_ms']:.0f}/{values['qtc_fridericia_ms']:.0f} ms" in text


def check_comparison(page):
    """Which is which, and what changed."""
    page.locator(".wb-ecg").press("v")
    page.wait_for_function("() => window.__wb.compare?.shown", timeout=30_000)
    heads = page.locator(".wb-half figcaption").all_inner_texts()
    assert "本次心电图" in heads[0]
    assert "既往心电图" in heads[1]
    assert all(NAME in head for head in heads)
    page.locator(".wb-compare [data-name=table]").click()
    rate = page.locator("[data-table=changes] [data-row=heart_rate_bpm] td").all_inner_texts()
    assert rate == ["92 次/分", "68 次/分", "+24 次/分"]
    page.locator(".wb-ecg").press("v")


def check_statements(home, page):
    """Chosen by an arrow, shown on the paper, rejected, taken back, accepted: one key each."""
    page.locator(".wb-ecg").press("ArrowDown")
    chosen = page.locator("[data-statements] li[aria-selected=true]")
    chosen.wait_for()
    page.wait_for_function("() => window.__wb.ecg.pointed?.key")
    code = chosen.get_attribute("data-code")
    said = page.locator(f"[data-statements] li[data-code={code}]").first
    name = said.locator(".name").inner_text()
    assert "ecg-adult-2026.1" in said.inner_text()
    for key, verdict in (("e", "rejected"), ("t", ""), ("a", "accepted")):
        page.locator(".wb-ecg").press(key)
        page.wait_for_function(
            "([code, verdict]) => document.querySelector(`[data-statements] [data-code=${code}]`)"
            "?.dataset.verdict === verdict",
            arg=[code, verdict],
        )
    page.locator(".rep .coded li", has_text=name).wait_for()  # the words come with the code
    assert name in page.locator("[data-field=impression]").input_value()
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn) as conn:
        kept = conn.execute(SAID, (NAME,)).fetchall()
    assert kept == [(code, v, "reader") for v in ("rejected", "withdrawn", "accepted")]


def test_an_ecg_is_measured_kept_compared_and_printed(two, chromium):
    home = two
    page = log_in(chromium, home.port, "reader", home.passwords["reader"])
    frames = told(page)
    page.reload()  # so that its socket is heard from the beginning
    page.locator(".wl-row").first.wait_for(timeout=120_000)
    open_newest(page)
    viewer = page.locator(".wb-ecg")
    viewer.press("4")
    viewer.press("g")
    for name, value in (("layout", "12x1"), ("gain", "20")):  # painted with the next frame
        page.locator(f".wb-ecg [data-name={name}]:has(option[value='{value}']:checked)").wait_for()

    viewer.press("q")
    page.wait_for_function("() => window.__wb.beat?.shown")
    seen = beat(page)
    viewer.press("q")
    ms, pixel = with_caliper(page, seen, frames)
    assert ms == pytest.approx(seen["marks"]["t_end"] - seen["marks"]["qrs_on"], abs=pixel + 1)

    viewer.press("q")
    drag_t_end(page)
    shown = beat(page)
    assert shown["marks"]["t_end"] > seen["marks"]["t_end"] + 30
    cell = page.locator("[data-table=beat] [data-row=qt_ms] td[data-column=reader]")
    assert cell.inner_text() == f"{shown['values']['qt_ms']:.0f} ms"
    page.locator(".wb-beat [data-name=keep]").click()
    page.wait_for_function("() => window.__wb.beat.kept === true", timeout=30_000)
    assert "陈阅片" in page.locator(".wb-beat caption").inner_text()
    check_stored(home, shown)
    check_report(page, shown["values"])
    check_comparison(page)
    check_statements(home, page)

    page.locator(".wb-ecg [data-name=print]").click()
    link = page.locator("[data-name=print-state] a")
    link.wait_for(timeout=60_000)
    address = f"http://127.0.0.1:{home.port}" + link.get_attribute("href")
    assert page.request.get(address).body().startswith(b"%PDF")
    assert left(home, page) == []
    page.context.close()

    # another browser finds what was kept
    again = log_in(chromium, home.port, "reader", home.passwords["reader"])
    again.locator(".wl-row").first.wait_for(timeout=120_000)
    open_newest(again)
    again.locator(".wb-ecg").press("q")
    again.wait_for_function("() => window.__wb.beat?.kept === true", timeout=30_000)
    assert beat(again)["marks"] == pytest.approx(shown["marks"])
    assert left(home, again) == []
    again.context.close()
