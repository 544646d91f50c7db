"""Arrivals that meet in the database: the first is held in its transaction until the next waits."""

import threading
from collections import Counter
from functools import partial

import pytest
import sqlalchemy as sa

from tests import make
from tests.processes import until
from workbench.domain.order import Known, Urgency
from workbench.domain.report import ReportBody
from workbench.store import audit, conflicts, events, instances, jobs
from workbench.store.schema import audit_head, exam, patient
from workbench.workflow import orders, reports
from workbench.workflow.arrivals import Filing

_WAITING = sa.text(
    "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


@pytest.fixture
def at_once(county, arrive):
    """Do acts so that each begins before the one before it has committed."""
    arrive(make.make_film(local_id="P0", study="1.9", uid="1.9.1"))  # the chain has begun

    def waiting(number):
        with county.store.look() as conn:
            return conn.execute(_WAITING).scalar_one() >= number

    def at_once(*acts):
        outcomes, problems, threads = {}, [], []

        def do(number, act):
            try:
                outcomes[number] = act()
            except Exception as error:  # noqa: BLE001 - shown by the assertion
                problems.append(error)

        with county.store.change() as held:
            head = sa.select(audit_head.c.seq).where(audit_head.c.chain == "T01")
            held.execute(head.with_for_update())  # every act needs it for its last statements
            for number, act in enumerate(acts):
                threads.append(threading.Thread(target=do, args=(number, act)))
                threads[-1].start()
                until(lambda: waiting(len(threads)) or problems, "an act that waits")
        for thread in threads:
            thread.join(60)
        assert problems == []
        return [outcomes[number] for number in range(len(acts))]

    return at_once


@pytest.fixture
def film(arrive):
    """The act of filing a film."""
    return lambda **given: partial(arrive, make.make_film(**given))


def exams_but_the_first(county):
    with county.store.look() as conn:
        query = sa.select(exam).where(exam.c.key != "1.9").order_by(exam.c.received_at)
        return conn.execute(query).all()


def test_images_of_one_new_study_at_once_are_one_exam_with_all_of_them_and_one_job(
    county, at_once, film
):
    films = [film(study="1.5", uid=f"1.5.{n}", shade=n) for n in range(3)]
    outcomes = at_once(*films)
    assert [one.filing for one in outcomes] == [Filing.FILED] * 3
    (found,) = exams_but_the_first(county)
    assert {one.exam_id for one in outcomes} == {found.id}
    assert (found.images, found.flags) == (3, [])
    with county.store.look() as conn:
        assert len(instances.of_exam(conn, found.id)) == 3
        kinds = Counter(each.kind.value for each in events.of_exam(conn, found.id))
        assert (kinds["exam_start"], kinds["received"]) == (1, 3)
        assert jobs.waiting(conn) == 2  # one for this exam, one for the first
        assert audit.verify(conn) == []


def test_studies_of_one_new_patient_at_once_are_two_exams_of_one_person(county, at_once, film):
    at_once(*(film(study=f"1.{n}", uid=f"1.{n}.1", local_id="PX") for n in (5, 6)))
    first, second = exams_but_the_first(county)
    assert first.patient_id == second.patient_id
    with county.store.look() as conn:
        count = sa.select(sa.func.count()).select_from(patient)
        assert conn.execute(count.where(patient.c.local_id == "PX")).scalar_one() == 1


def test_the_same_film_twice_at_once_is_filed_once(county, at_once, film):
    one = film(study="1.5", uid="1.5.1")
    assert [one.filing for one in at_once(one, one)] == [Filing.FILED, Filing.DUPLICATE]
    (found,) = exams_but_the_first(county)
    assert found.images == 1
    with county.store.look() as conn:
        kinds = Counter(each.kind.value for each in events.of_exam(conn, found.id))
        assert (kinds["exam_end"], kinds["received"]) == (1, 1)


@pytest.mark.parametrize("study", ["1.5", "1.6"])
def test_one_uid_with_other_bytes_at_once_is_a_conflict_and_leaves_no_empty_exam(
    county, at_once, film, study
):
    outcomes = at_once(
        film(study="1.5", uid="1.5.1"),
        film(study=study, uid="1.5.1", shade=9, local_id="P2"),
    )
    assert [one.filing for one in outcomes] == [Filing.FILED, Filing.CONFLICT]
    (found,) = exams_but_the_first(county)
    assert (found.images, found.flags) == (1, ["uid_conflict"])
    with county.store.look() as conn:
        (kept,) = instances.of_exam(conn, found.id)
        assert len(conflicts.waiting(conn, None)) == 1
        assert kept.uid == "1.5.1"


def test_an_order_that_waits_joins_the_one_exam_of_images_that_come_at_once(county, at_once, film):
    order = orders.place(
        county, make.CLINIC, make.make_order(accession="A1", urgency=Urgency.EMERGENCY)
    )
    at_once(*(film(study="1.5", uid=f"1.5.{n}", shade=n, accession="A1") for n in range(2)))
    (found,) = exams_but_the_first(county)
    assert (found.order_id, found.urgency, found.images) == (order.id, "emergency", 2)


def test_two_studies_under_the_accession_of_one_order_at_once_are_both_filed(county, at_once, film):
    order = orders.place(county, make.CLINIC, make.make_order(accession="A1"))
    outcomes = at_once(
        *(film(study=f"1.{n}", uid=f"1.{n}.1", accession="A1") for n in (5, 6)),
        film(study="1.7", uid="1.7.1", accession="A1", local_id="P7"),
    )
    assert [one.filing for one in outcomes] == [Filing.FILED] * 3
    assert [one.order_id for one in exams_but_the_first(county)].count(order.id) == 1


def test_a_request_written_for_an_exam_that_still_gets_images_stops_neither(
    county, at_once, film, arrive
):
    first = arrive(make.make_film(study="1.5", uid="1.5.1"))
    written = make.make_order(exam_id=first.exam_id, urgency=Urgency.URGENT)
    order, late = at_once(
        partial(orders.place, county, make.CLINIC, written), film(study="1.5", uid="1.5.2", shade=1)
    )
    assert late.filing is Filing.FILED
    (found,) = exams_but_the_first(county)
    assert (found.order_id, found.urgency, found.images) == (order.id, "urgent", 2)


@pytest.mark.parametrize("first", ["request", "film", "neither"])
def test_a_request_written_in_the_instant_its_film_arrives_is_joined_with_it(
    county, at_once, film, first
):
    """Whoever commits first, the other sees it; also when one had ended before the other began."""
    written = make.make_order(accession="A1", urgency=Urgency.EMERGENCY)
    acts = [partial(orders.place, county, make.CLINIC, written)]
    acts.insert(first == "request", film(study="1.5", uid="1.5.1", accession="A1"))
    if first == "neither":
        film(study="1.5", uid="1.5.1", accession="A1")()
        acts = acts[1:]
    at_once(*acts)
    (found,) = exams_but_the_first(county)
    [order] = orders.own(county, make.CLINIC)
    assert (found.order_id, found.urgency) == (order.id, "emergency")
    assert order.exam_id == found.id
    with county.store.look() as conn:
        kinds = Counter(each.kind.value for each in events.of_exam(conn, found.id))
        assert kinds["ordered"] == 1
        assert audit.verify(conn) == []


def test_a_request_its_film_and_a_later_image_at_once_end_in_one_joined_exam(county, at_once, film):
    request = partial(orders.place, county, make.CLINIC, make.make_order(accession="A1"))
    images = [film(study="1.5", uid=f"1.5.{n}", shade=n, accession="A1") for n in range(2)]
    at_once(images[0], request, images[1])
    (found,) = exams_but_the_first(county)
    [order] = orders.own(county, make.CLINIC)
    assert (found.order_id, found.images) == (order.id, 2)


@pytest.mark.parametrize(
    "others",
    [
        [{"accession": "A2"}],
        [{"accession": "A1"}, {"accession": "A1", "study": "1.6", "uid": "1.6.1"}],
    ],
    ids=["another number", "two exams of one number"],
)
def test_a_request_that_fits_no_exam_or_more_than_one_waits_for_a_person(county, arrive, others):
    for each in others:
        arrive(make.make_film(**{"study": "1.5", "uid": "1.5.1", **each}))
    assert orders.place(county, make.CLINIC, make.make_order(accession="A1")).exam_id is None


def test_a_request_never_joins_an_exam_that_is_signed_or_has_its_request(county, screened):
    exam_id = screened(make.make_film(study="1.5", uid="1.5.1", accession="A1"))
    body = ReportBody(findings="双肺野清晰。", impression="胸部正位片未见明显异常。")
    draft = reports.save_draft(county, make.READER, exam_id, body, 0)
    reports.sign(county, make.READER, exam_id, draft.revision)
    assert orders.place(county, make.CLINIC, make.make_order(accession="A1")).exam_id is None
    held = screened(make.make_film(study="1.6", uid="1.6.1", accession="A6"))
    wanted = make.make_order(accession="A6")
    assert orders.place(county, make.CLINIC, wanted).exam_id == held
    assert orders.place(county, make.CLINIC, wanted).exam_id is None


def facts(urgency):
    return orders.Facts(
        chest_pain=Known.YES, syncope=Known.UNKNOWN, potassium=None, urgency=urgency
    )


def test_a_request_corrected_while_its_exam_arrives_gives_it_the_corrected_urgency(
    county, at_once, film
):
    order = orders.place(county, make.CLINIC, make.make_order(accession="A1"))
    correct = partial(orders.correct, county, make.CLINIC, order.id, facts(Urgency.EMERGENCY))
    at_once(correct, film(study="1.5", uid="1.5.1", accession="A1"))
    (found,) = exams_but_the_first(county)
    assert (found.order_id, found.urgency) == (order.id, "emergency")


def test_a_request_corrected_while_it_is_joined_gives_the_exam_the_corrected_urgency(
    county, at_once, arrive
):
    first = arrive(make.make_film(study="1.5", uid="1.5.1"))
    order = orders.place(county, make.CLINIC, make.make_order())
    at_once(
        partial(orders.correct, county, make.CLINIC, order.id, facts(Urgency.EMERGENCY)),
        partial(orders.attach, county, make.CLINIC, order.id, first.exam_id),
    )
    (found,) = exams_but_the_first(county)
    assert (found.order_id, found.urgency) == (order.id, "emergency")


def test_a_correction_that_its_exam_overtook_reaches_the_exam_too(county, at_once, film):
    order = orders.place(county, make.CLINIC, make.make_order(accession="A1"))
    correct = partial(orders.correct, county, make.CLINIC, order.id, facts(Urgency.EMERGENCY))
    at_once(film(study="1.5", uid="1.5.1", accession="A1"), correct)
    (found,) = exams_but_the_first(county)
    assert (found.order_id, found.urgency) == (order.id, "emergency")
