"""The times of a county on exams whose stamps are known: exactly these figures, and no flattery."""

from datetime import timedelta

import pytest

from tests import make
from workbench.domain.errors import NotPermitted
from workbench.domain.event import Clock, Event, EventKind
from workbench.domain.kinds import ExamKind
from workbench.store import events
from workbench.store.turnaround import Period
from workbench.workflow import quality

DAY = Period(since=make.NOW - timedelta(hours=1), until=make.NOW + timedelta(hours=1))


def stamp(station, exam_id, kind, at, clock=Clock.SERVER):
    event = Event(exam_id=exam_id, kind=kind, at=at, actor="t", site_code="T01", clock=clock)
    with station.store.change() as conn:
        events.stamp(conn, event)


def film(arrive, number):
    # no time of its own in the file: the stamps below are the only ones
    data = make.make_film(study=f"1.2.50.{number}", uid=f"1.2.50.{number}.1", local_id=f"P{number}")
    return arrive(data).exam_id


@pytest.fixture
def timed(county, arrive):
    """Ten films taken two minutes before arrival, released 1 to 10 minutes after their end."""
    made = [film(arrive, n) for n in range(1, 11)]
    for minutes, exam_id in enumerate(made, 1):
        end = make.NOW - timedelta(minutes=2)
        stamp(county, exam_id, EventKind.RELEASED, end + timedelta(minutes=minutes))
    return made


def whole(times, kind=ExamKind.DR):
    return next(r for r in times.rows if r.site_code is None and r.kind is kind)


def test_median_p90_and_share_are_exactly_those_of_the_known_stamps(county, timed):
    row = whole(quality.times(county, make.QA, DAY))
    assert (row.exams, row.released, row.timed) == (10, 10, 10)
    assert row.median_s == pytest.approx(5.5 * 60)
    assert row.p90_s == pytest.approx(9.1 * 60)
    assert row.in_goal == 3  # 1, 2 and 3 minutes; 4 minutes is not under 4 minutes
    assert row.share_in_goal == pytest.approx(0.3)


def test_a_clock_that_is_ahead_or_days_behind_is_counted_and_left_out(county, timed):
    for exam_id, shift in ((timed[0], timedelta(minutes=30)), (timed[1], timedelta(days=-8))):
        with county.store.change() as conn:
            ended = events.first(conn, exam_id, EventKind.EXAM_END)
        if shift > timedelta(0):
            stamp(county, exam_id, EventKind.EXAM_END, ended + shift, Clock.DEVICE)
    row = whole(quality.times(county, make.QA, DAY))
    assert (row.timed, row.skewed) == (9, 1)
    assert row.median_s == pytest.approx(6 * 60)


def test_the_exam_ends_with_its_last_image(county, arrive):
    exam_id = arrive(make.make_film(study="1.2.51", uid="1.2.51.1")).exam_id
    later = make.NOW - timedelta(minutes=1)
    arrive(make.make_film(study="1.2.51", uid="1.2.51.2", shade=9, taken_at=later))
    stamp(county, exam_id, EventKind.RELEASED, make.NOW + timedelta(minutes=2))
    assert whole(quality.times(county, make.QA, DAY)).median_s == pytest.approx(180)


def test_a_film_from_a_machine_that_stands_in_another_year_is_left_out(county, arrive):
    old = make.NOW.replace(year=1992)
    exam_id = arrive(make.make_film(study="1.2.52", uid="1.2.52.1", taken_at=old)).exam_id
    stamp(county, exam_id, EventKind.RELEASED, make.NOW + timedelta(minutes=2))
    row = whole(quality.times(county, make.QA, DAY))
    assert (row.timed, row.skewed, row.median_s) == (0, 1, None)


def test_a_clinic_may_not_see_the_times(county):
    with pytest.raises(NotPermitted):
        quality.times(county, make.CLINIC, DAY)
