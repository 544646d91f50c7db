"""The patient's ECG before: the rules ask it what is new, whichever of both comes first."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.report import CodedFinding, ReportBody
from workbench.phantoms.ecg_cases import case
from workbench.store import jobs, patients, screenings
from workbench.workflow import exams as reading
from workbench.workflow import patients as persons
from workbench.workflow import reports
from workbench.workflow.screenings import screen_exam

BLOCK, NEW_BLOCK = "EC211", "EC112"


def ecg(name, day, patient="P2"):
    at = make.NOW - timedelta(days=30 - day, minutes=5)
    trace = case(name, seed=2, noise_mv=0.02).trace
    return make.make_ecg_file(trace, study=f"1.2.8.{day}", patient_id=patient, acquired_at=at)


@pytest.fixture
def said(county):
    def said(exam_id):
        with county.store.look() as conn:
            return screenings.of_exam(conn, exam_id)[-1]

    return said


def codes(screening):
    return {f.code for f in screening.findings}


def waiting(county):
    with county.store.look() as conn:
        return jobs.waiting(conn)


def done(county):
    """The jobs so far are over; in these tests no worker takes them."""
    with county.store.change() as conn:
        conn.execute(sa.text("UPDATE procrastinate_jobs SET status = 'succeeded'"))


def sign(county, exam_id, *signed):
    body = ReportBody(
        findings="如图", impression="见上", coded=tuple(CodedFinding(code=c) for c in signed)
    )
    reading.open_case(county, make.READER, exam_id, hold=True)
    seen = reports.save_draft(county, make.READER, exam_id, body, 0).revision
    reports.sign(county, make.READER, exam_id, seen)


def test_without_a_prior_tracing_a_block_counts_as_first_found(screened, said):
    now = said(screened(ecg("lbbb", 30)))
    assert BLOCK in codes(now)
    assert "first found" in next(f.evidence for f in now.findings if f.code == BLOCK)
    assert not any("prior tracing of" in note for note in now.gate.notes)


def test_a_block_that_the_prior_tracing_does_not_show_is_new(screened, said):
    screened(ecg("sinus", 10))
    now = said(screened(ecg("lbbb", 30)))
    assert NEW_BLOCK in codes(now)
    assert "compared with the prior tracing of" in " ".join(now.gate.notes)


def test_a_block_that_was_there_before_is_not_new(screened, said):
    screened(ecg("sinus", 5))
    screened(ecg("lbbb", 10))
    assert NEW_BLOCK not in codes(said(screened(ecg("lbbb", 30))))


def test_another_person_and_a_later_tracing_are_no_prior(screened, said):
    screened(ecg("sinus", 10, patient="P9"))
    screened(ecg("sinus", 31))
    now = said(screened(ecg("lbbb", 30)))
    assert BLOCK in codes(now)


def test_a_prior_tracing_brought_later_has_the_later_one_judged_again(county, screened, said):
    exam_id = screened(ecg("lbbb", 30))
    assert NEW_BLOCK not in codes(said(exam_id))
    done(county)
    screened(ecg("sinus", 10))
    assert waiting(county) == 2  # the arrival's own job and that of the later tracing
    screen_exam(county, exam_id)
    assert NEW_BLOCK in codes(said(exam_id))
    screen_exam(county, exam_id)  # once is enough: nothing changed since
    with county.store.look() as conn:
        assert len(screenings.history(conn, exam_id)) == 2


def test_what_a_doctor_signed_of_the_prior_tracing_outweighs_its_screening(county, screened, said):
    first = screened(ecg("lbbb", 10))
    assert BLOCK in codes(said(first))
    sign(county, first, "EC231")  # the reader called it paced
    assert NEW_BLOCK in codes(said(screened(ecg("lbbb", 30))))


def test_a_signed_report_is_not_asked_for_again(county, screened):
    sign(county, screened(ecg("lbbb", 30)), BLOCK)
    done(county)
    screened(ecg("sinus", 10))
    assert waiting(county) == 1  # the arrival's own


def test_a_signature_and_its_retraction_have_the_later_tracing_judged_again(county, screened, said):
    first = screened(ecg("lbbb", 10))
    later = screened(ecg("lbbb", 30))
    assert NEW_BLOCK not in codes(said(later))
    done(county)
    sign(county, first, "EC231")  # the reader called it paced
    screen_exam(county, later)
    assert NEW_BLOCK in codes(said(later))
    done(county)
    reports.retract(county, make.READER, first, "Wrong patient.")
    assert waiting(county) >= 1
    screen_exam(county, later)
    assert NEW_BLOCK not in codes(said(later))


def test_records_that_are_joined_or_parted_are_judged_again(county, screened, said):
    screened(ecg("sinus", 10, patient="P8"))
    later = screened(ecg("lbbb", 30))
    assert NEW_BLOCK not in codes(said(later))
    with county.store.look() as conn:
        pair = [patients.by_local_id(conn, "T01", key).id for key in ("P2", "P8")]
    done(county)
    persons.merge(county, make.READER, tuple(pair), "Same identity card.")
    assert waiting(county) == 2
    screen_exam(county, later)
    assert NEW_BLOCK in codes(said(later))
    done(county)
    persons.split(county, make.READER, pair[1], "Two people after all.")
    assert waiting(county) == 2
    screen_exam(county, later)
    assert NEW_BLOCK not in codes(said(later))


def test_an_addendum_leaves_the_signed_codes_as_they_are(county, screened, said):
    first = screened(ecg("lbbb", 10))
    sign(county, first, BLOCK)
    reports.add(county, make.READER, first, "Compared with the film.")
    assert NEW_BLOCK not in codes(said(screened(ecg("lbbb", 30))))
