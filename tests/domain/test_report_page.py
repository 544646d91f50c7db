"""A printed report computes only times its stamps allow."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.report_page import PageTimes

T0 = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def at(minutes):
    return T0 + timedelta(minutes=minutes)


def test_minutes_run_from_exam_end_and_from_arrival_to_release():
    times = PageTimes(exam_end=at(0), received=at(1.5), released=at(6))
    assert (times.whole_minutes, times.reading_minutes) == (6.0, 4.5)


def test_an_exam_that_ends_after_it_arrived_has_no_turnaround():
    times = PageTimes(exam_end=at(2), received=at(1), released=at(6))
    assert (times.whole_minutes, times.reading_minutes) == (None, 5.0)


def test_a_suspect_device_clock_is_not_mixed_with_the_server_clock():
    times = PageTimes(exam_end=at(0), received=at(1), released=at(6), clock_suspect=True)
    assert (times.whole_minutes, times.reading_minutes) == (None, 5.0)


def test_missing_stamps_give_no_minutes():
    assert PageTimes().whole_minutes is None
    assert PageTimes(received=at(0)).reading_minutes is None


@given(st.integers(-500, 500), st.integers(-500, 500), st.integers(-500, 500))
def test_no_duration_is_ever_negative(end, received, released):
    times = PageTimes(exam_end=at(end), received=at(received), released=at(released))
    assert (times.whole_minutes or 0) >= 0
    assert (times.reading_minutes or 0) >= 0
