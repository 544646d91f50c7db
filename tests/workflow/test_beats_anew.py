"""Averaged beats made anew: leads got other names, or the tracing never had a beat."""

import re
import shutil
import subprocess

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.beat import OF_MARKS, Outdated, outdated
from workbench.domain.ecg_sheet import MeasuredBy
from workbench.domain.errors import NotFound, NotPermitted, Stale
from workbench.domain.report import ReportBody
from workbench.ecg.beat_marks import MARKS, leads_of_copy, measure
from workbench.store import audit, exams, instances, screenings
from workbench.store import reports as report_rows
from workbench.store.instances import DisplayCopy
from workbench.workflow import beats, deliveries, ecg_sheets, leads, reports
from workbench.workflow import exams as reading
from workbench.workflow.ecg_prints import look_of, print_tracing
from workbench.workflow.screenings import screen_exam

WHY = "written on the print"
NAMINGS = [
    {"V3": "V3R", "V4": "V4R"},
    {"V6": "V9"},  # stays the last row: the bytes of the beat are the same
    {"V1": "V2", "V2": "V1"},  # the set of names is the same
]
JOBS = sa.text("SELECT args FROM procrastinate_jobs WHERE task_name = 'screen_exam'")


@pytest.fixture
def tracing(county, screened):
    """An ECG in a reader's hands: exam and recording."""
    exam_id = screened(make.make_ecg_file())
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    return exam_id, case.files[0].id


def case_of(county, exam_id):
    return reading.open_case(county, make.READER, exam_id, hold=True)


def beat_of(county, exam_id):
    return {c.form: c for c in case_of(county, exam_id).copies}.get("beat")


def rows_of(county, copy):
    return leads_of_copy(county.blobs.read(copy.sha256), copy.meta)


def name(county, tracing, names):
    county.clock.go_on(minutes=1)
    leads.relabel(county, make.READER, *tracing, names, WHY)
    screen_exam(county, tracing[0])


def why_of(county, tracing):
    """What the page and the paper say of the measurement that stands."""
    case, now = case_of(county, tracing[0]), beat_of(county, tracing[0])
    beat = None if now is None else (now.sha256, now.meta["leads"])
    return outdated(beats.of_exam(county, make.READER, tracing[0])[tracing[1]], case.beats, beat,
                    case.namings)  # fmt: skip


def keep(county, tracing):
    marks = dict(beat_of(county, tracing[0]).meta["marks"])
    return beats.keep(county, make.READER, *tracing, marks)


@pytest.mark.parametrize("names", NAMINGS)
def test_the_averaged_beat_carries_the_names_and_its_samples_stay_where_they_were(
    county, tracing, names
):
    before = beat_of(county, tracing[0])
    was = rows_of(county, before)
    name(county, tracing, names)
    after = beat_of(county, tracing[0])
    now = rows_of(county, after)
    assert set(after.meta["leads"]) == {names.get(lead, lead) for lead in before.meta["leads"]}
    for lead, samples in was.items():
        assert now[names.get(lead, lead)] == pytest.approx(samples, abs=1e-9, nan_ok=True)
    assert after.meta["r_ms"] == before.meta["r_ms"]
    assert after.meta["beats_s"] == before.meta["beats_s"]


@pytest.mark.parametrize("names", NAMINGS)
def test_what_was_measured_before_a_naming_keeps_its_times_and_loses_what_names_decide(
    county, tracing, names
):
    kept = keep(county, tracing)
    assert why_of(county, tracing) is None
    name(county, tracing, names)
    assert why_of(county, tracing) is Outdated.NAMES
    left = kept.standing_values(Outdated.NAMES)
    assert set(left) == OF_MARKS & set(kept.values)
    assert left["qt_ms"] == kept.values["qt_ms"]
    assert not {"qrs_axis_deg", "st_j_mv"} & set(left)


def test_the_same_marks_measured_again_stand_and_give_st_under_the_new_names(county, tracing):
    kept = keep(county, tracing)
    name(county, tracing, NAMINGS[1])
    again = beats.keep(county, make.READER, *tracing, kept.marks)
    assert why_of(county, tracing) is None
    assert again.values["st_j_mv"]["V9"] == kept.values["st_j_mv"]["V6"]
    assert "V6" not in again.values["st_j_mv"]
    now = beat_of(county, tracing[0])
    expected = measure(rows_of(county, now), now.meta["rate"], kept.marks, now.meta["rr_ms"])
    assert again.values == expected
    beats.withdraw(county, make.READER, *tracing)  # back to that of before the naming
    assert why_of(county, tracing) is Outdated.NAMES
    with county.store.look() as conn:
        assert list(audit.verify(conn)) == []


def test_a_naming_that_is_undone_lets_the_measurement_stand_again(county, tracing):
    keep(county, tracing)
    for names in (NAMINGS[0], {}):
        name(county, tracing, names)
    assert why_of(county, tracing) is None


def test_what_was_measured_on_another_averaged_beat_no_longer_stands_at_all(county, tracing):
    kept = keep(county, tracing)
    now = beat_of(county, tracing[0])
    other = county.blobs.put(b"\0" * now.size)
    with county.store.change() as conn:
        instances.set_copy(
            conn, DisplayCopy(instance_id=tracing[1], form="beat", sha256=other.sha256,
                              size=now.size, meta=now.meta)
        )  # fmt: skip
    assert why_of(county, tracing) is Outdated.BEAT
    assert kept.standing_values(Outdated.BEAT) == {}


def test_the_paper_says_that_the_measurement_is_older_than_the_names(county, tracing):
    keep(county, tracing)
    name(county, tracing, NAMINGS[0])
    draft = reports.save_draft(
        county, make.READER, tracing[0], ReportBody(findings="窦性。", impression="窦性心律。"), 0
    )
    reports.sign(county, make.READER, tracing[0], draft.revision)
    with county.store.look() as conn:
        signed = report_rows.versions(conn, tracing[0])[-1]
        page = deliveries.page_of(conn, county, signed, "zh_CN")
        exam = exams.get(conn, tracing[0], None)
        (sheet,) = ecg_sheets.of_report(conn, county, exam, page, "zh_CN")
    one = next(n for n in sheet.numbers if n.by is MeasuredBy.READER)
    assert one.outdated is Outdated.NAMES
    assert "qt_ms" in one.values
    assert "qrs_axis_deg" not in one.values


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_a_print_names_the_older_measurement_twice_in_chinese(county, tracing):
    keep(county, tracing)
    name(county, tracing, NAMINGS[0])
    pdf = print_tracing(county, make.READER, tracing[1], look_of({}))
    run = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    words = re.sub(r"\s", "", run.stdout.decode())
    assert words.count("导联命名更改前的测量") >= 2  # beside the numbers, and as a warning
    assert "导联命名更改前的测量：不再有效的数值未列出" in words


def without_its_beat(county, instance_id):
    with county.store.change() as conn:
        instances.drop_copy(conn, instance_id, "beat")
        conn.execute(sa.text("DELETE FROM procrastinate_jobs"))


def jobs(county):
    with county.store.look() as conn:
        return conn.execute(JOBS).scalars().all()


def asked(county):
    with county.store.look() as conn:
        return conn.scalar(sa.text("SELECT count(*) FROM audit WHERE act = 'beat.ask'"))


def test_a_tracing_of_before_averaged_beats_gets_one_when_a_reader_asks(county, tracing):
    without_its_beat(county, tracing[1])
    with county.store.look() as conn:
        before = len(screenings.history(conn, tracing[0]))
    beats.ask(county, make.READER, *tracing)
    assert jobs(county) == [{"exam_id": tracing[0]}]
    screen_exam(county, tracing[0])
    assert beat_of(county, tracing[0]).meta["beats"] > 1
    with county.store.look() as conn:
        assert len(screenings.history(conn, tracing[0])) == before  # nothing is said twice
        assert list(audit.verify(conn)) == []
    assert asked(county) == 1
    with pytest.raises(Stale):
        beats.ask(county, make.READER, *tracing)
    assert asked(county) == 1


def test_a_released_exam_gets_its_beat_too_and_stays_as_it_was_signed(county, tracing, owner):
    without_its_beat(county, tracing[1])
    with owner.begin() as conn:
        conn.execute(sa.text("UPDATE exam SET state = 'released', released_at = now()"))
    beats.ask(county, make.OTHER_READER, *tracing)  # nobody needs to hold it
    screen_exam(county, tracing[0])
    with county.store.look() as conn:
        assert exams.get(conn, tracing[0], None).state.value == "released"
        assert {c.form for c in instances.copies(conn, tracing[0])} == {"beat", "trace"}


def test_where_there_is_a_reason_for_no_beat_asking_again_is_refused(county, screened):
    exam_id = screened(make.make_ecg_file(make.flat_trace()))
    key = case_of(county, exam_id).files[0].id
    with pytest.raises(Stale):
        beats.ask(county, make.READER, exam_id, key)


def test_only_who_writes_reports_may_ask_and_only_inside_the_scope(county, tracing, screened):
    without_its_beat(county, tracing[1])
    for actor in (make.QA, make.CLINIC, make.TRAINEE, make.ADMIN):
        with pytest.raises(NotPermitted):
            beats.ask(county, actor, *tracing)
    other = screened(make.make_ecg_file(study="1.2.5"))
    with pytest.raises(NotFound):
        beats.ask(county, make.READER, other, tracing[1])
    outside = screened(make.make_ecg_file(study="1.2.6"), "T03")
    with pytest.raises(NotFound):
        beats.ask(county, make.READER, outside, tracing[1])
    assert asked(county) == 0


def test_a_beat_that_cannot_be_made_any_more_leaves_with_the_old_names(county, screened):
    exam_id = screened(make.make_ecg_file(make.flat_trace()))
    key = case_of(county, exam_id).files[0].id
    blob = county.blobs.put(b"\0\0")
    with county.store.change() as conn:
        instances.set_copy(
            conn, DisplayCopy(instance_id=key, form="beat", sha256=blob.sha256, size=2,
                              meta={"leads": ["V3"], "marks": dict.fromkeys(MARKS)})
        )  # fmt: skip
    name(county, (exam_id, key), NAMINGS[0])
    assert beat_of(county, exam_id) is None
    trace = next(c for c in case_of(county, exam_id).copies if c.form == "trace")
    assert trace.meta["no_beat"]
