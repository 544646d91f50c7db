import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.actor import Act
from workbench.domain.errors import NotFound, StorageFull
from workbench.domain.exam import ExamState
from workbench.domain.kinds import ExamKind
from workbench.domain.order import Urgency
from workbench.store import (
    audit,
    conflicts,
    events,
    exams,
    instances,
    jobs,
    patients,
    quarantine,
    sites,
)
from workbench.store.blobs import Blobs
from workbench.workflow import orders
from workbench.workflow.arrivals import Filing, Sender, file_recording
from workbench.workflow.station import Station

MUSE = (
    b"<RestingECG><PatientDemographics><PatientID>%s</PatientID></PatientDemographics></RestingECG>"
)


def exam_of(station, outcome):
    with station.store.look() as conn:
        return exams.get(conn, outcome.exam_id, None)


def test_a_film_is_filed_with_patient_times_audit_and_a_job_for_the_worker(county, arrive):
    outcome = arrive(make.make_film())
    assert outcome.filing is Filing.FILED
    exam = exam_of(county, outcome)
    assert (exam.kind, exam.state, exam.site_code) == (ExamKind.DR, ExamState.RECEIVED, "T01")
    with county.store.look() as conn:
        patient = patients.get(conn, exam.patient_id)
        assert (patient.local_id, patient.name, patient.sex) == ("P1", "王秀兰", "F")
        kinds = [e.kind for e in events.of_exam(conn, exam.id)]
        assert kinds[-1] == "received"
        assert jobs.waiting(conn) == 1
        assert audit.verify(conn) == []


def test_the_same_file_again_changes_nothing(county, arrive):
    first, again = arrive(make.make_film()), arrive(make.make_film())
    assert (again.filing, again.exam_id) == (Filing.DUPLICATE, first.exam_id)
    assert exam_of(county, first).images == 1


def test_the_same_uid_with_other_bytes_is_a_conflict_for_a_person_and_the_first_is_kept(
    county, arrive
):
    first = arrive(make.make_film())
    second = arrive(make.make_film(shade=50))
    assert second.filing is Filing.CONFLICT
    with county.store.look() as conn:
        kept = instances.of_exam(conn, first.exam_id)
        assert len(kept) == 1
        [seen] = conflicts.waiting(conn, None)
    assert county.blobs.read(seen.sha256) != county.blobs.read(kept[0].sha256)
    assert "uid_conflict" in exam_of(county, first).flags


def test_another_wrapping_of_the_same_object_is_no_conflict(county, arrive):
    film = make.make_film()
    rewrapped = b"\x01" * 128 + film[128:]
    assert arrive(film).filing is Filing.FILED
    assert arrive(rewrapped).filing is Filing.DUPLICATE


def test_the_same_uid_from_another_institution_is_another_exam(county, arrive):
    one, two = arrive(make.make_film()), arrive(make.make_film(), site_code="T02")
    assert one.exam_id != two.exam_id
    assert two.filing is Filing.FILED


def test_two_images_of_one_study_are_one_exam_on_one_job(county, arrive):
    one = arrive(make.make_film(uid="1.2.3.1"))
    two = arrive(make.make_film(uid="1.2.3.2", shade=5))
    assert one.exam_id == two.exam_id
    assert exam_of(county, one).images == 2
    with county.store.look() as conn:
        assert jobs.waiting(conn) == 1


def test_an_ecg_is_screened_before_the_films_that_came_first(county, arrive):
    for number in range(3):
        arrive(make.make_film(study=f"1.{number}", uid=f"1.{number}.1"))
    ecg = arrive(make.make_ecg_file())
    take = sa.text("SELECT args FROM procrastinate_fetch_job_v2(NULL, NULL)")
    with county.store.change() as conn:
        assert conn.execute(take).scalar_one() == {"exam_id": ecg.exam_id}


def test_an_unknown_sender_is_held_and_appears_on_no_list(county, arrive):
    outcome = arrive(make.make_film(), site_code=None)
    assert (outcome.filing, outcome.exam_id) == (Filing.HELD, None)
    with county.store.look() as conn:
        [held] = quarantine.waiting(conn)
    assert held.reason == "unknown"
    assert county.blobs.read(held.sha256) == make.make_film()


@pytest.mark.parametrize(
    "junk", [b"", b"not a film", make.make_film()[:200], b"\0" * 128 + b"DICM"]
)
def test_what_no_reader_can_read_is_held_with_the_reason_and_nothing_is_lost(county, arrive, junk):
    outcome = arrive(junk)
    assert outcome.filing is Filing.HELD
    assert outcome.reason
    with county.store.look() as conn:
        [held] = quarantine.waiting(conn)
    assert county.blobs.read(held.parts[0].sha256) == junk


def test_a_film_without_a_patient_number_never_joins_another_patient(county, arrive):
    one = arrive(make.make_film(local_id="", study="1.2.5", uid="1.2.5.1"))
    two = arrive(make.make_film(local_id="", study="1.2.6", uid="1.2.6.1"))
    assert exam_of(county, one).patient_id != exam_of(county, two).patient_id
    assert "missing_patient_id" in exam_of(county, one).flags


def test_another_name_under_the_same_number_is_flagged_and_overwrites_nothing(county, arrive):
    arrive(make.make_film())
    other = arrive(make.make_film(name="李^四", study="1.2.7", uid="1.2.7.1"))
    exam = exam_of(county, other)
    assert "patient_mismatch" in exam.flags
    with county.store.look() as conn:
        assert patients.get(conn, exam.patient_id).name == "王秀兰"


def test_an_order_with_the_same_accession_joins_by_itself_and_sets_the_urgency(county, arrive):
    order = orders.place(
        county, make.CLINIC, make.make_order(accession="A1", urgency=Urgency.EMERGENCY)
    )
    outcome = arrive(make.make_film(accession="A1"))
    exam = exam_of(county, outcome)
    assert (exam.order_id, exam.urgency) == (order.id, Urgency.EMERGENCY)


def test_an_order_of_another_clinic_cannot_be_attached(county, arrive):
    outcome = arrive(make.make_film())
    order = orders.place(county, make.OTHER_CLINIC, make.make_order())
    with pytest.raises(NotFound):
        orders.attach(county, make.OTHER_CLINIC, order.id, outcome.exam_id)
    assert exam_of(county, outcome).order_id is None


def test_a_full_disk_refuses_and_leaves_nothing_behind(county):
    full = Station(
        store=county.store, blobs=Blobs(county.settings.blobs, 10**9), settings=county.settings
    )
    files = make.laid(county.settings.home / "in", **{"a.dcm": make.make_film()})
    with pytest.raises(StorageFull, match="free"):
        file_recording(full, Sender(site_code="T01", source="t"), files)
    with county.store.look() as conn:
        assert jobs.waiting(conn) == 0
        assert audit.verify(conn) == []


def test_a_sender_is_known_by_title_and_address_and_the_narrower_address_wins(county):
    with county.store.change() as conn:
        sites.add_address(conn, make.make_address("T02", "T01_DR", "127.0.0.0/8"))
    with county.store.look() as conn:
        assert sites.of_sender(conn, "T01_DR ", "127.0.0.1") == "T01"
        assert sites.of_sender(conn, "T01_DR", "127.0.0.2") == "T02"
        assert sites.of_sender(conn, "T01_DR", "10.0.0.1") is None
        assert sites.of_sender(conn, "OTHER", "127.0.0.1") is None


def test_two_institutions_with_the_same_sender_are_nobodys_guess(county):
    with county.store.change() as conn:
        sites.add_address(conn, make.make_address("T02", "BOTH", "127.0.0.1/32"))
        sites.add_address(conn, make.make_address("T03", "BOTH", "127.0.0.1"))
    with county.store.look() as conn:
        assert sites.of_sender(conn, "BOTH", "127.0.0.1") is None


def test_only_clinics_write_orders(county):
    with pytest.raises(Exception, match=Act.ORDER_WRITE):
        orders.place(county, make.READER, make.make_order())


def test_the_end_of_a_film_exam_is_the_moment_of_its_exposure(county, arrive):
    exam = exam_of(county, arrive(make.make_film()))
    assert exam.exam_end == exam.exam_start == make.NOW - timedelta(minutes=2)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rec.hea", b"rec 1 500 10\nrec.dat 16 200 16 0 0 0 0 I\n# note: a\0b\n"),
        ("muse.xml", MUSE % random.Random(1).randbytes(5000).hex().encode()),
        ("\udcb9\udca2.dcm", make.make_film()),
    ],
    ids=["NUL in a comment", "a patient number of 10,000 characters", "a name that is no text"],
)  # fmt: skip
def test_values_that_cannot_be_stored_are_held_for_a_person_and_stop_nothing(county, name, data):
    beside = {"rec.dat": bytes(20)} if name == "rec.hea" else {}
    files = make.laid(county.blobs.temporary_folder, **{name: data, **beside})
    outcome = file_recording(county, Sender(site_code="T01", source="folder:T01"), files)
    assert outcome.filing is Filing.HELD
    with county.store.look() as conn:
        assert [h.source for h in quarantine.waiting(conn)] == ["folder:T01 (T01)"]


def test_a_recording_whose_header_no_reader_takes_is_held_not_refused_for_ever(county):
    header = b"rec/3 12 500 10\nrec_1 5\nrec_2 3\nrec_3 2\n"
    files = make.laid(county.blobs.temporary_folder, **{"rec.hea": header})
    outcome = file_recording(county, Sender(site_code="T01", source="folder:T01"), files)
    assert outcome.filing is Filing.HELD
