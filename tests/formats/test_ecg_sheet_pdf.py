"""A printed ECG: measured on the page as a doctor would with a ruler, and read as text."""

import io
import re
import shutil
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PIL import Image

from tests import make
from workbench.domain.ecg_sheet import EcgLook, EcgSheet, MeasuredBy, SheetNumbers, SheetReading
from workbench.domain.report_page import PageMark, PagePatient
from workbench.domain.trace import EXTRA_LEADS, LEADS, DeviceSays, Trace
from workbench.ecg.paper import Scale
from workbench.ecg.paper_pages import pages_of
from workbench.ecg.paper_rows import LAYOUTS, Wish
from workbench.formats.display_copy import trace_meta, trace_samples
from workbench.formats.ecg_sheet_pdf import content_of, render_ecg
from workbench.formats.report_glyphs import Glyphs
from workbench.formats.trace_copy import read_trace
from workbench.language import translator

ZH, EN = translator("zh_CN"), translator("en")
T0 = datetime(2026, 11, 22, 2, 31, 5, tzinfo=UTC)
DPI = 300
PX = DPI / 25.4
TOP_MM = 44.0  # of the paper on the page

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftoppm") is None, reason="pdftoppm is not installed (poppler-utils)"
)


def steps(rate=500.0, seconds=10.0, leads=LEADS):
    """0 and 1 mV in turn, changing at every whole second: marks of known time and height."""
    t = np.arange(round(seconds * rate)) / rate
    return Trace(np.tile(np.floor(t + 1e-9) % 2, (len(leads), 1)), rate=rate, leads=leads)


def make_sheet(look=None, **changes):
    sheet = EcgSheet(
        trace=steps(),
        look=look or EcgLook(),
        examining="龙泉乡卫生院",
        reading="清河县人民医院",
        patient=PagePatient(name="李秀英", local_id="LQ017", sex="F", age_years=56.4),
        accession="ECG2611220017",
        exam_at=T0,
        received_at=T0 + timedelta(seconds=72),
    )
    return replace(sheet, **changes)


def picture(pdf, page=1):
    """The page in colours at 300 dpi, shape (rows, columns, 3)."""
    options = ["-r", str(DPI), "-png", "-f", str(page), "-l", str(page), "-singlefile"]
    run = subprocess.run(["pdftoppm", *options, "-"], input=pdf, capture_output=True, check=True)
    return np.asarray(Image.open(io.BytesIO(run.stdout)).convert("RGB")).astype(float)


def words_of(sheets, translate=ZH):
    data = render_ecg(sheets, translate).data
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return re.sub(r"\s", "", run.stdout.decode())


def lines_in(profile, darker_than):
    """Centres (mm) of what is darker along one line of pixels, weighted by darkness."""
    dark = np.where(profile < darker_than, 255 - profile, 0.0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], dark > 0, [0])).astype(int)))
    found = []
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        at = np.arange(a, b) + 0.5
        found.append(float((at * dark[a:b]).sum() / dark[a:b].sum()) / PX)
    return np.array(found)


@needs_poppler
@pytest.mark.parametrize(
    ("speed", "gain", "leads", "number"),
    [
        (25.0, 10.0, LEADS, 1),
        (50.0, 5.0, LEADS, 1),
        (25.0, 20.0, LEADS, 1),
        (25.0, 10.0, (*LEADS, *EXTRA_LEADS), 1),
        (25.0, 10.0, (*LEADS, *EXTRA_LEADS), 2),
    ],
)
def test_on_a_300_dpi_print_paper_pulse_and_second_have_their_true_size(speed, gain, leads, number):
    look = EcgLook(layout="3x4+1", speed=speed, gain=gain)
    page = picture(render_ecg([make_sheet(look, trace=steps(leads=leads))], ZH).data, number)
    (rows, columns) = page.shape[:2]
    assert (columns / PX, rows / PX) == pytest.approx((297, 210), abs=0.1)
    parts = pages_of(Wish(layout="3x4+1", leads=leads, seconds=10.0), Scale(speed, gain))
    sheet = parts[number - 1]
    left = (297 - sheet.width) / 2
    green = page[:, :, 1]

    # every 5 mm a thick line, in a free strip at the upper and at the left edge of the paper
    across = lines_in(green[round((TOP_MM + 1.5) * PX)], 185)
    down = lines_in(green[:, round((left + 1.5) * PX)], 185)
    down = down[down > TOP_MM - 1][: int(sheet.height // 5) + 1]  # below the paper stands text
    assert len(across) == int(sheet.width // 5) + 1
    assert across[0] == pytest.approx(left, abs=0.1)
    for found in (across[1:-1], down[1:-1]):  # at the paper's edge half a line is cut away
        assert np.diff(found).mean() == pytest.approx(5.0, abs=0.02)
        assert np.abs(found - found[0] - 5.0 * np.arange(len(found))).max() < 0.1

    # the pulse: foot to plateau, 1 mV; plateau from edge to edge, 0.2 s
    x, y = sheet.pulses[0]
    foot = column_of(green, left + x + 0.4, TOP_MM + y)
    plateau = column_of(green, left + x + 1 + 0.1 * speed, TOP_MM + y - gain)
    assert (foot - plateau) * 10 / gain == pytest.approx(10.0, abs=0.1)
    edges = row_of(green, TOP_MM + y - gain / 2, left + x, left + x + 2 + 0.2 * speed)
    assert np.diff(edges) == pytest.approx([0.2 * speed], abs=0.1)

    # the strip: its signal changes at every whole second by 1 mV
    strip = sheet.cells[-1]
    assert strip.rhythm
    marks = row_of(
        green, TOP_MM + strip.baseline - 0.3 * gain, left + strip.x0 + 1, left + strip.x1
    )
    seconds = np.diff(marks)
    assert len(marks) == strip.end - 1
    assert seconds * 25 / speed == pytest.approx([25.0] * len(seconds), abs=0.1)
    zero = column_of(green, marks[1] + 0.4 * speed, TOP_MM + strip.baseline)
    one = column_of(green, marks[0] + 0.4 * speed, TOP_MM + strip.baseline - gain)
    assert (zero - one) * 10 / gain == pytest.approx(10.0, abs=0.1)
    assert zero == pytest.approx(TOP_MM + strip.baseline, abs=0.1)


def column_of(green, x, near):
    """Height (mm) of the black line that a column of pixels meets within 2 mm of a place."""
    first = round((near - 2) * PX)
    found = lines_in(green[first : round((near + 2) * PX), round(x * PX)], 100)
    assert len(found) == 1, found
    return found[0] + first / PX


def row_of(green, y, left, right):
    """Places (mm) of the black lines that a row of pixels crosses."""
    first = round(left * PX)
    return lines_in(green[round(y * PX), first : round(right * PX)], 100) + first / PX


@needs_poppler
def test_a_page_says_all_that_belongs_to_the_paper():
    sheet = make_sheet(
        EcgLook(high_pass=0.5, low_pass=40, notch=True),
        demo=True,
        numbers=(
            SheetNumbers(
                by=MeasuredBy.READER,
                values={"heart_rate_bpm": 71.4, "qt_ms": 402, "qtc_fridericia_ms": 426},
                person="王建国",
                at=T0 + timedelta(minutes=3),
            ),
            SheetNumbers(by=MeasuredBy.ENGINE, values={"qt_ms": 396}),
            SheetNumbers(by=MeasuredBy.DEVICE, values={"qt_ms": 411, "qtc_ms": 433}),
        ),
        statements=("窦性心律",),
        messages=("V3导联基线漂移",),
        report=SheetReading(
            mark=PageMark.PRELIMINARY, impression="窦性心律，QT间期延长。", doctor="王建国",
            signed_at=T0 + timedelta(minutes=4), addenda=1,
        ),
        printed_at=T0 + timedelta(minutes=9),
        printed_by="赵敏",
    )  # fmt: skip
    words = words_of([sheet])
    for said in (
        "检查机构：龙泉乡卫生院", "诊断机构：清河县人民医院", "李秀英女56岁", "LQ017",
        "ECG2611220017",
        "检查时间（设备时钟）：2026-11-2210:31:05", "接收时间（服务器时钟）：2026-11-2210:32:17",
        "医师测量王建国2026-11-2210:34", "算法测量，未经医师确认", "设备测量", "426", "396", "433",
        "设备提示：窦性心律", "V3导联基线漂移", "窦性心律，QT间期延长。",
        "待审核", "另有补充报告1份", "打印2026-11-2210:40:05（服务器时钟）赵敏",
        "25mm/s", "10mm/mV", "滤波：高通0.5Hz、低通40Hz、陷波50Hz（零相位）", "采样率500Hz",
        "ST段和切迹可能失真", "第0–10秒", "算法提示未经医疗器械注册", "演示不得用于诊疗",
    ):  # fmt: skip
        assert said in words, (said, words)


@needs_poppler
def test_a_recording_without_a_scale_is_printed_without_pulse_and_without_millivolts():
    known = make_sheet()
    unknown = replace(known, trace=replace(known.trace, calibrated=False))
    words = words_of([unknown])
    assert "未校准：文件未给出电压标尺，不得测量幅度" in words
    assert "mm/mV" not in words
    counts = [paths(content_of(s, Glyphs(), ZH), 0) for s in (known, unknown)]
    assert len(counts[0]) - len(counts[1]) == 4  # one pulse for each row


def paths(content, page):
    return re.findall(r'<path d="([^"]*)"', content["pages"][page]["svg"])


def test_the_print_goes_through_the_filter_that_it_names():
    level = make_sheet(EcgLook(layout="12x1", high_pass=0.5))
    level = replace(level, trace=Trace(np.ones((12, 5000)), rate=500.0))
    first = next(p for p in paths(content_of(level, Glyphs(), ZH), 0) if p.count(" ") > 1000)
    heights = np.array(first[1:].split()[1::2], dtype=float)
    baseline = (
        pages_of(Wish(layout="12x1", leads=LEADS, seconds=10.0), Scale())[0].cells[0].baseline
    )
    assert np.abs(heights / 100 - baseline).max() < 0.02  # a constant is nothing to a high pass


def test_gaps_are_hatched_missing_leads_named_and_extra_leads_have_a_row_of_their_own():
    mv = np.zeros((3, 5000))
    mv[1, 2000:3000] = np.nan
    trace = Trace(mv, rate=500.0, leads=("I", "II", "V7"), derived=("II",))
    content = content_of(make_sheet(trace=trace), Glyphs(), ZH)
    page = content["pages"][0]
    names = {n["text"]: n["warn"] for n in page["names"]}
    assert names["II*"] is False
    assert names["V1 未记录"] is True
    assert names["V7"] is False
    assert [part["text"] for part in page["below"] if part["warn"]] == []
    strip = [p for p in paths(content, 0) if p.count("M") == 2]
    assert len(strip) == 1  # the strip of II is interrupted once; its short cell ends before
    hatch = page["svg"].rpartition("<g ")[2].count("<path")
    assert hatch == pytest.approx(2 * 25 / 1.5, abs=3)


def test_a_sheet_of_a_long_recording_begins_where_the_screen_does():
    trace = steps(rate=250.0, seconds=60.0)
    sheet = make_sheet(EcgLook(from_s=41.0, low_pass=150), trace=trace)
    page = content_of(sheet, Glyphs(), EN)["pages"][0]
    texts = [part["text"] for part in page["below"]]
    assert "41 to 51 s of 60 s" in texts
    assert "not possible at this sampling rate: 150 Hz" in texts
    strip = paths({"pages": [page]}, 0)[-1]
    first = float(strip[1:].split()[1])
    baseline = (
        pages_of(Wish(layout="3x4+1", leads=LEADS, seconds=60.0), Scale())[0].cells[-1].baseline
    )
    assert baseline - first / 100 == 10  # in second 41 the signal is 1 mV


def test_minus_avr_is_drawn_upside_down():
    trace = Trace(np.full((12, 5000), -1.0), rate=500.0)
    content = content_of(
        make_sheet(EcgLook(layout="12x1", order="cabrera"), trace=trace), Glyphs(), EN
    )
    rows = [p for p in paths(content, 0) if p.count(" ") > 1000]
    cells = pages_of(Wish(layout="12x1", order="cabrera", leads=LEADS, seconds=10.0), Scale())[
        0
    ].cells
    assert [cells[i].baseline - float(rows[i].split()[1]) / 100 for i in (0, 2)] == [-10, 10]
    assert content["pages"][0]["names"][2]["text"] == "\u2212aVR"


def test_every_layout_is_on_paper_within_a_second_and_a_half_and_twice_the_same():
    trace = make.make_trace()
    render_ecg([make_sheet(trace=trace)], ZH)  # fonts are read once
    for layout in LAYOUTS:
        sheet = make_sheet(EcgLook(layout=layout, speed=50.0, notch=True), trace=trace)
        began = time.perf_counter()
        first = render_ecg([sheet], ZH)
        assert (time.perf_counter() - began) / 2 < 1.5
        assert first.warnings == ()
        assert first.data == render_ecg([sheet], ZH).data


@needs_poppler
def test_the_page_is_vector_with_its_fonts_inside():
    data = render_ecg([make_sheet(trace=make.make_trace())], ZH).data
    fonts = subprocess.run(["pdffonts", "-"], input=data, capture_output=True, check=True).stdout
    rows = fonts.decode().splitlines()[2:]
    assert rows
    assert all(row.split()[-5] == "yes" for row in rows)  # emb
    images = subprocess.run(
        ["pdfimages", "-list", "-"], input=data, capture_output=True, check=True
    )
    assert len(images.stdout.decode().splitlines()) == 2  # its head only


def test_a_strange_name_is_printed_as_its_code_and_never_as_markup():
    patient = PagePatient(name='#panic("x") \U0001f600', local_id="*1*")
    made = render_ecg([make_sheet(patient=patient)], ZH)
    assert any("U+1F600" in warning for warning in made.warnings)


def test_the_stored_copy_is_read_back_as_it_was():
    said = DeviceSays(measurements={"qt_ms": 400.0}, statements=("SR",), maker="GE", model="M")
    trace = make.make_trace()
    trace = replace(trace, device=said, derived=("III",), notes=("x",))
    mv = trace.millivolts.copy()
    mv[2, 10:20] = np.nan
    trace = replace(trace, millivolts=mv)
    again = read_trace(trace_samples(trace), trace_meta(trace))
    assert np.nanmax(np.abs(again.millivolts - trace.millivolts)) <= 0.0005 + 1e-6
    assert (np.isnan(again.millivolts) == np.isnan(trace.millivolts)).all()
    assert (again.leads, again.rate, again.derived) == (trace.leads, trace.rate, trace.derived)
    assert again.device.measurements == {"qt_ms": 400.0}
    assert again.device.statements == ("SR",)


def test_a_beat_that_leaves_the_paper_is_named_with_what_helps():
    tall = steps().millivolts.copy()
    tall[LEADS.index("V4"), 4000] = 9.0
    for gain, said in ((10, "V4 超出纸面，请减小增益"), (5, "V4 超出纸面")):
        sheet = make_sheet(EcgLook(gain=gain), trace=Trace(tall, rate=500.0))
        [page] = content_of(sheet, Glyphs(), ZH)["pages"]
        assert {"text": said, "warn": True} in page["below"]
    [page] = content_of(make_sheet(), Glyphs(), ZH)["pages"]
    assert not any("超出纸面" in one["text"] for one in page["below"])


@pytest.mark.parametrize("signed", [False, True])
def test_what_is_cut_says_where_the_whole_stands(signed):
    report = SheetReading(
        mark=PageMark.FINAL, impression="窦性心律。" * 80, doctor="王医生", signed_at=T0, addenda=0
    )
    sheet = make_sheet(
        statements=("Sinus rhythm",) * 40, messages=("m" * 200,), report=report if signed else None
    )
    content = content_of(sheet, Glyphs(), ZH)
    assert content["statements"].endswith("……（有删节，全文见阅片页）")
    assert content["warnings"][0].endswith("……（有删节，全文见阅片页）")
    assert content["report"]["text"].endswith("……（有删节，全文见报告）") is signed
