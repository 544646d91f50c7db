"""What a reader measures on the averaged beat: recomputed, kept for ever, taken back openly."""

import array
import math

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import Invalid, Leased, MoveRefused, NotFound, NotPermitted
from workbench.domain.report import ReportBody
from workbench.ecg.beat_marks import MARKS, leads_of_copy, measure
from workbench.store import audit
from workbench.store.schema import audit as audit_table
from workbench.store.schema import beat_measurement
from workbench.workflow import beats
from workbench.workflow import exams as reading
from workbench.workflow import reports as acts


@pytest.fixture
def tracing(county, screened):
    """An ECG on the list: exam, recording and its averaged beat."""
    exam_id = screened(make.make_ecg_file())
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    copies = {c.form: c for c in case.copies}
    return exam_id, case.files[0].id, copies["beat"]


def count(station):
    with station.store.look() as conn:
        rows = conn.scalar(sa.select(sa.func.count()).select_from(beat_measurement))
        notes = conn.scalar(
            sa.select(sa.func.count())
            .select_from(audit_table)
            .where(audit_table.c.act.in_(["beat.keep", "beat.withdraw"]))
        )
    return rows, notes


def moved(copy, **by):
    return {name: copy.meta["marks"][name] + by.get(name, 0.0) for name in MARKS}


def test_the_beat_lies_beside_the_trace_with_marks_and_its_own_samples(county, tracing):
    _, instance_id, copy = tracing
    data = county.blobs.read(copy.sha256)
    assert len(data) == 2 * copy.meta["samples"] * len(copy.meta["leads"])
    assert copy.meta["beats"] == len(copy.meta["beats_s"]) <= copy.meta["of"]
    assert 60000 / copy.meta["rr_ms"] == pytest.approx(72, abs=3)
    placed = [copy.meta["marks"][name] for name in MARKS]
    assert placed == sorted(placed)
    lead = leads_of_copy(data, copy.meta)["II"]
    top = max(range(len(lead)), key=lambda i: lead[i] if lead[i] == lead[i] else -9)
    assert 1000 * top / copy.meta["rate"] == pytest.approx(copy.meta["r_ms"], abs=40)
    assert reading.display_copy(county, make.READER, instance_id, "beat").sha256 == copy.sha256


def test_a_tracing_without_a_beat_says_why_beside_the_trace(county, screened):
    exam_id = screened(make.make_ecg_file(make.flat_trace()))
    case = reading.open_case(county, make.READER, exam_id, hold=True)
    assert [c.form for c in case.copies] == ["trace"]
    assert "no lead can be measured" in case.copies[0].meta["no_beat"]


def test_what_is_kept_is_measured_again_from_the_stored_beat(county, tracing):
    exam_id, instance_id, copy = tracing
    kept = beats.keep(county, make.READER, exam_id, instance_id, moved(copy, t_end=12.0), " U波 ")
    leads = leads_of_copy(county.blobs.read(copy.sha256), copy.meta)
    expected = measure(leads, copy.meta["rate"], moved(copy, t_end=12.0), copy.meta["rr_ms"])
    assert kept.values == expected
    assert (kept.number, kept.standing, kept.note, kept.by) == (1, 1, "U波", "reader")
    assert kept.beat_sha256 == copy.sha256
    assert beats.of_exam(county, make.READER, exam_id) == {instance_id: kept}
    with county.store.look() as conn:
        assert audit.verify(conn) == []
    assert count(county) == (1, 1)


def test_a_withdrawal_brings_back_what_stood_before_and_deletes_nothing(county, tracing):
    exam_id, instance_id, copy = tracing
    place = (county, make.READER, exam_id, instance_id)
    first = beats.keep(*place, moved(copy))
    beats.keep(*place, moved(copy, t_end=8.0))
    back = beats.withdraw(*place, "看错")
    assert (back.standing, back.marks, back.values) == (1, first.marks, first.values)
    beats.keep(*place, moved(copy, t_end=-8.0))
    beats.withdraw(*place)
    assert beats.of_exam(county, make.READER, exam_id)[instance_id].marks == first.marks
    beats.withdraw(*place)
    assert beats.of_exam(county, make.READER, exam_id) == {}
    with pytest.raises(NotFound):
        beats.withdraw(*place)
    rows = beats.history(county, make.READER, exam_id)
    assert [(r.number, r.standing) for r in rows] == [
        (1, 1),
        (2, 2),
        (3, 1),
        (4, 4),
        (5, 1),
        (6, 0),
    ]
    assert [r.withdraws for r in rows] == [False, False, True, False, True, True]


@pytest.mark.parametrize(
    ("marks", "says"),
    [
        ({"j": 1e6}, "inside the averaged beat"),
        ({"j": float("nan")}, "inside the averaged beat"),
        ({"qrs_on": 500.0, "j": 400.0}, "later than 500"),
        ({"qrs_on": 500.0, "j": 500.0}, "later than 500"),
        ({"r": 500.0}, "only p_on"),
        ({}, "at least one mark"),
        ({"p_on": None}, "at least one mark"),
    ],
)
def test_marks_that_cannot_be_are_refused_with_what_would_do(county, tracing, marks, says):
    exam_id, instance_id, _ = tracing
    with pytest.raises(Invalid, match=says):
        beats.keep(county, make.READER, exam_id, instance_id, marks)
    assert count(county) == (0, 0)


def test_a_single_mark_is_kept_and_what_it_does_not_give_says_why(county, tracing):
    exam_id, instance_id, _ = tracing
    kept = beats.keep(county, make.READER, exam_id, instance_id, {"qrs_on": 440.0, "j": 540.0})
    assert kept.values["qrs_ms"] == 100.0
    assert kept.values["pr_ms"] is None
    assert kept.values["reasons"]["pr_ms"] == "the beginning of P is not marked"


@pytest.mark.parametrize("actor", [make.QA, make.CLINIC, make.TRAINEE, make.ADMIN])
def test_a_role_that_writes_no_report_leaves_no_trace(county, tracing, actor):
    exam_id, instance_id, copy = tracing
    for act in (
        lambda: beats.keep(county, actor, exam_id, instance_id, moved(copy)),
        lambda: beats.withdraw(county, actor, exam_id, instance_id),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert count(county) == (0, 0)


def test_an_exam_another_reader_holds_is_not_measured_by_a_second(county, tracing):
    exam_id, instance_id, copy = tracing
    with pytest.raises(Leased):
        beats.keep(county, make.OTHER_READER, exam_id, instance_id, moved(copy))
    assert count(county) == (0, 0)


def test_a_signed_exam_is_measured_no_more(county, tracing):
    exam_id, instance_id, copy = tracing
    body = ReportBody(findings="窦性心律。", impression="正常心电图。")
    draft = acts.save_draft(county, make.READER, exam_id, body, 0)
    acts.sign(county, make.READER, exam_id, draft.revision)
    with pytest.raises(MoveRefused):
        beats.keep(county, make.READER, exam_id, instance_id, moved(copy))
    assert count(county) == (0, 0)


def test_a_recording_of_another_exam_or_out_of_scope_is_not_found(county, tracing, screened):
    _, instance_id, copy = tracing
    other = screened(make.make_ecg_file(study="1.2.5"))
    with pytest.raises(NotFound):
        beats.keep(county, make.READER, other, instance_id, moved(copy))
    outside = screened(make.make_ecg_file(study="1.2.6"), "T03")
    with pytest.raises(NotFound):
        beats.keep(county, make.READER, outside, instance_id, moved(copy))
    with pytest.raises(NotFound):
        beats.of_exam(county, make.READER, outside)
    assert count(county) == (0, 0)


def test_a_beat_copy_is_the_same_bytes_wherever_it_is_read(tracing, county):
    _, _, copy = tracing
    data = county.blobs.read(copy.sha256)
    values = array.array("h", data)
    leads = leads_of_copy(data, copy.meta)
    flat = [v for lead in copy.meta["leads"] for v in leads[lead]]
    assert all(
        math.isnan(v) if w == copy.meta["gap"] else v == pytest.approx(w / 1000)
        for v, w in zip(flat, values, strict=True)
    )
