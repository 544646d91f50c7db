"""An ECG is dated by its cart, and its numbers read the same on paper and on the screen."""

from dataclasses import replace
from datetime import date

from tests import make
from workbench.domain.beat import whole
from workbench.domain.exam import Exam, ExamState
from workbench.domain.kinds import ExamKind
from workbench.formats.writers.ecg_aecg import to_aecg
from workbench.formats.writers.ecg_dicom import EcgHeader
from workbench.formats.writers.ecg_muse import to_muse
from workbench.formats.writers.ecg_scp import to_scp
from workbench.formats.writers.ecg_sierra import to_sierra
from workbench.panels import viewers


def test_an_old_ecg_is_dated_by_its_cart_in_every_format_not_by_its_arrival(
    browse, screened, clock
):
    """XML and SCP headers tell when the recording began only; where none tells, it is said so."""
    taken = clock().replace(year=2002)
    header = EcgHeader(
        patient_name="周^老", patient_id="P70", study_uid="", series_uid="", instance_uid="",
        acquired_at=taken, sex="M", birth_date=date(1953, 5, 8),
    )  # fmt: skip
    trace = make.make_trace(70.0)
    older = [screened(write(trace, header)) for write in (to_aecg, to_scp, to_sierra, to_muse)]
    newer = screened(make.make_ecg_file(study="1.2.77", patient_id="P70", acquired_at=clock()))
    browser = browse("reader", "reading")
    browser.ask("open", key=newer)
    shown = {p["id"]: p["label"] for p in browser.page.ecg.priors}
    assert set(shown) == set(older)
    assert browser.page.case["taken"].startswith("2026-11-22 ")
    for key in older:
        assert shown[key].startswith("2002-"), shown[key]
        browser.ask("compare", id=key)
        who, _, at = browser.page.ecg.compare["meta"]["caption"]
        assert "49岁" in who
        assert at.startswith("2002-")


def test_an_ecg_without_a_clock_is_dated_by_its_arrival_and_says_so():
    exam = Exam(
        id="1", site_code="T01", kind=ExamKind.ECG, key="k", patient_id="p",
        state=ExamState.WAITING, received_at=make.NOW,
    )  # fmt: skip
    assert viewers.prior_label(exam, "zh_CN").startswith("接收于 2026-11-22")
    assert viewers.prior_label(replace(exam, exam_start=make.NOW), "zh_CN").startswith("2026-")


def test_what_speaks_against_a_tracing_is_said_once_and_with_the_marks_of_the_language():
    """The viewer wrote "幅值不合常理: 幅值不合常理：…" with two kinds of colon."""
    faults = [
        {"code": "lead_flat", "text": "V3 flat: 10 s against 2.5 s", "leads": ["V3"]},
        {"code": "amplitude_implausible", "leads": ["I"], "text": "implausible amplitude: "
         "the largest lead has 0.039 mV, at least 0.1 mV is expected"},
    ]  # fmt: skip
    flat, small = viewers.gate_of({"gate": faults}, "zh_CN")
    assert flat["mark"] == "："
    assert small["text"].startswith(small["label"])


def test_units_of_the_engine_are_the_ones_of_the_beat_panel(browse, screened):
    browser = browse("reader", "reading")
    browser.ask("open", key=screened(make.make_ecg_file()))
    (prompt,) = browser.page.case["prompts"]
    said = {m["name"]: m["value"] for m in prompt["measurements"]}
    assert said["心室率"].endswith(" 次/分")
    assert said["QRS电轴"].endswith(" °")


def test_paper_and_report_round_halves_as_the_screen_does():
    """486.5 ms was 487 on the screen (Math.round) and 486 on paper (half to even)."""
    assert [whole(v) for v in (486.5, 487.5, 41.2, -20.5, -0.3)] == ["487", "488", "41", "-20", "0"]
