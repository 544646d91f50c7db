"""A tracing on paper: who may print it, what the paper keeps apart, what the audit remembers."""

import re
import shutil
import subprocess

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.actor import Role
from workbench.domain.ecg_sheet import EcgLook, MeasuredBy
from workbench.domain.errors import Invalid, NotFound, NotPermitted
from workbench.domain.report import ReportBody
from workbench.store import exams, instances
from workbench.store import reports as report_rows
from workbench.store.schema import audit
from workbench.workflow import beats, deliveries, ecg_sheets, reports
from workbench.workflow.ecg_prints import look_of, print_tracing

BODY = ReportBody(findings="窦性P波，频率72次/分。", impression="窦性心律。")
MARKS = {"p_on": 100.0, "p_off": 190.0, "qrs_on": 260.0, "j": 350.0, "t_end": 640.0}

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed (poppler-utils)"
)


@pytest.fixture
def tracing(county, screened):
    """An exam with one tracing: (exam id, instance id)."""
    exam_id = screened(make.make_ecg_file())
    with county.store.look() as conn:
        return exam_id, instances.of_exam(conn, exam_id)[0].id


def text_of(pdf, *pages):
    options = ["-f", str(pages[0]), "-l", str(pages[-1])] if pages else []
    run = subprocess.run(
        ["pdftotext", *options, "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"\s", "", run.stdout.decode())


def prints_of(station):
    with station.store.look() as conn:
        where = audit.c.act == "ecg.print"
        return list(conn.execute(sa.select(audit).where(where)).mappings())


@needs_poppler
def test_a_print_shows_both_institutions_and_stands_in_the_audit_with_its_look(county, tracing):
    exam_id, key = tracing
    look = look_of({"layout": "6x2", "order": "cabrera", "gain": "20", "low_pass": "40"})
    words = text_of(print_tracing(county, make.READER, key, look))
    for said in ("检查机构", "诊断机构", "尚无已签署的报告", "算法测量，未经医师确认", "20mm/mV",
                 "低通40Hz", "\u2212aVR", "演示不得用于诊疗", make.READER.name):  # fmt: skip
        assert said in words, said
    (row,) = prints_of(county)
    assert (row["actor"], row["object"]) == (make.READER.username, f"exam/{exam_id}")
    assert row["detail"]["instance"] == key
    assert (row["detail"]["layout"], row["detail"]["gain"]) == ("6x2", 20)


def test_who_may_not_open_the_exam_prints_nothing_and_leaves_no_trace(county, tracing):
    _, key = tracing
    elsewhere = make.make_actor("far", Role.READER, site_code="T03")
    with pytest.raises(NotFound):
        print_tracing(county, elsewhere, key, EcgLook())
    with pytest.raises(NotPermitted):
        print_tracing(county, make.CLINIC, key, EcgLook())
    assert prints_of(county) == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"layout": "4x3"}, "3x4"),
        ({"order": "mine"}, "cabrera"),
        ({"speed": "12.5"}, "25, 50"),
        ({"gain": "nan"}, "a number"),
        ({"low_pass": "35"}, "40, 100, 150"),
        ({"high_pass": "x"}, "a number"),
        ({"from_s": "-1"}, "0 or more"),
    ],
)
def test_a_look_that_no_viewer_offers_is_refused_with_what_would_do(asked, said):
    with pytest.raises(Invalid, match=re.escape(said)):
        look_of(asked)


def test_what_the_address_does_not_say_is_the_usual_look():
    assert look_of({}) == EcgLook()
    assert look_of({"notch": "1", "rhythm": "V1", "from_s": "20"}) == EcgLook(
        notch=True, rhythm="V1", from_s=20.0
    )


def sheet_of(station, exam_id, key):
    with station.store.look() as conn:
        exam = exams.get(conn, exam_id, None)
        signed = report_rows.versions(conn, exam_id)[-1]
        page = deliveries.page_of(conn, station, signed, "zh_CN")
        (sheet,) = ecg_sheets.of_report(conn, station, exam, page, "zh_CN")
    assert key
    return sheet


def test_reader_engine_and_device_are_three_rows_and_later_marks_are_not_in_the_signed_paper(
    county, tracing, clock
):
    exam_id, key = tracing
    kept = beats.keep(county, make.READER, exam_id, key, MARKS)
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    clock.go_on(minutes=1)
    reports.sign(county, make.READER, exam_id, draft.revision)
    sheet = sheet_of(county, exam_id, key)
    by = {one.by: one for one in sheet.numbers}
    assert by[MeasuredBy.READER].values["qt_ms"] == pytest.approx(380)
    assert by[MeasuredBy.READER].person == make.READER.name
    assert by[MeasuredBy.READER].at == kept.at
    assert by[MeasuredBy.ENGINE].values["heart_rate_bpm"] == pytest.approx(72, abs=2)
    assert sheet.report.impression == BODY.impression
    assert sheet.look == EcgLook()

    reports.retract(county, make.READER, exam_id, "QT重新测量")
    clock.go_on(minutes=1)
    beats.keep(county, make.READER, exam_id, key, {**MARKS, "t_end": 700.0})
    again = {one.by: one for one in sheet_of(county, exam_id, key).numbers}
    assert again[MeasuredBy.READER].values["qt_ms"] == pytest.approx(380)


@needs_poppler
def test_report_and_addendum_carry_the_tracing_on_a_landscape_page_of_their_own(county, tracing):
    exam_id, _ = tracing
    draft = reports.save_draft(county, make.READER, exam_id, BODY, 0)
    first = reports.sign(county, make.READER, exam_id, draft.revision)
    deliveries.deliver(county, first.id, "released")
    added = reports.add(county, make.READER, exam_id, "补充:与前次心电图比较无变化。")
    deliveries.deliver(county, added.id, "released")
    papers = sorted((county.settings.outbox / "T01").glob("*.pdf"))
    assert len(papers) == 2
    for number, path in enumerate(sorted(papers, key=lambda p: "v2" in p.name)):
        data = path.read_bytes()
        info = subprocess.run(
            ["pdfinfo", "-f", "1", "-l", "9", "-"], input=data, capture_output=True, check=True
        ).stdout.decode()
        sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
        wide = [float(a) > float(b) for a, b in sizes]
        assert wide == [False, True]
        words = text_of(data, 2)
        assert "原尺寸（1:1）" in words
        assert "25mm/s" in words
        assert BODY.impression in words
        assert ("另有补充报告1份" in words) is (number == 1)


def test_a_film_has_no_tracing_to_print(county, screened):
    exam_id = screened(make.make_film())
    with county.store.look() as conn:
        key = instances.of_exam(conn, exam_id)[0].id
    with pytest.raises(NotFound):
        print_tracing(county, make.READER, key, EcgLook())
