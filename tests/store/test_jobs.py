import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from workbench.store import jobs

ALL = sa.text("SELECT * FROM procrastinate_jobs ORDER BY id")


def rows(store):
    with store.look() as conn:
        return conn.execute(ALL).all()


def fetch(store):
    """Take the next job as a worker does; commit."""
    take = sa.text("SELECT id, task_name FROM procrastinate_fetch_job_v2(NULL, NULL)")
    with store.change() as conn:
        return conn.execute(take).one()


def test_a_job_carries_what_it_was_given(store, now):
    with store.change() as conn:
        number = jobs.defer(
            conn,
            "screen_exam",
            {"exam_id": "e1", "原因": "首次"},
            queue="slow",
            lock="e1",
            at=now,
            priority=5,
        )
    (job,) = rows(store)
    assert (job.id, job.task_name, job.queue_name, job.lock) == (
        number,
        "screen_exam",
        "slow",
        "e1",
    )
    assert job.args == {"exam_id": "e1", "原因": "首次"}
    assert (job.scheduled_at, job.priority, job.status) == (now, 5, "todo")


def test_a_transaction_that_fails_takes_its_job_back(store):
    with store.engine.connect() as conn:
        assert jobs.defer(conn, "screen_exam", {"exam_id": "e1"}) is not None
        conn.rollback()
    assert rows(store) == []


def test_a_worker_sees_a_job_only_after_the_commit(store):
    with store.change() as conn:
        jobs.defer(conn, "screen_exam", {})
        assert fetch(store).id is None
    assert fetch(store).task_name == "screen_exam"


def test_a_job_that_waits_already_is_not_asked_for_twice_and_the_transaction_goes_on(store):
    with store.change() as conn:
        assert jobs.defer(conn, "sweep", {}, queueing_lock="sweep") is not None
    with store.change() as conn:
        assert jobs.defer(conn, "sweep", {}, queueing_lock="sweep") is None
        assert jobs.defer(conn, "other", {}) is not None
    assert [job.task_name for job in rows(store)] == ["sweep", "other"]


def test_a_job_that_is_being_done_does_not_stop_the_next_one(store):
    with store.change() as conn:
        jobs.defer(conn, "sweep", {}, queueing_lock="sweep")
    fetch(store)
    with store.change() as conn:
        assert jobs.defer(conn, "sweep", {}, queueing_lock="sweep") is not None


def test_a_waiting_job_is_held_back_until_the_fact_it_stands_for_is_committed(store):
    with store.change() as conn:
        jobs.defer(conn, "screen", {}, queueing_lock="e1")
    with store.change() as conn:
        jobs.defer(conn, "screen", {}, queueing_lock="e1")
        assert fetch(store).id is None  # it would not see what we are about to commit
    assert fetch(store).task_name == "screen"


def test_asking_sooner_brings_a_waiting_job_forward_and_later_does_not_put_it_off(store, now):
    for at, expected in [
        (now + timedelta(hours=2), now + timedelta(hours=2)),
        (now + timedelta(hours=3), now + timedelta(hours=2)),
        (now + timedelta(hours=1), now + timedelta(hours=1)),
        (None, None),
        (now, None),
    ]:
        with store.change() as conn:
            jobs.defer(conn, "escalate", {}, queueing_lock="a1", at=at)
        (job,) = rows(store)
        assert job.scheduled_at == expected


def test_two_transactions_at_once_ask_for_one_job(store):
    together = threading.Barrier(4)
    results, problems = [], []

    def ask():
        try:
            with store.change() as conn:
                conn.execute(sa.text("SELECT 1"))
                together.wait()
                results.append(jobs.defer(conn, "screen", {}, queueing_lock="e1"))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert sorted(result is None for result in results) == [False, True, True, True]
    assert len(rows(store)) == 1


def test_another_broken_promise_is_not_taken_for_a_waiting_job(store):
    with store.engine.connect() as conn, pytest.raises(sa.exc.IntegrityError):
        jobs.defer(conn, None, {}, queueing_lock="e1")


def test_only_due_jobs_wait_and_the_oldest_says_since_when(store):
    begun = datetime.now(UTC)
    with store.change() as conn:
        assert (jobs.waiting(conn), jobs.oldest_waiting(conn)) == (0, None)
        jobs.defer(conn, "later", {}, at=begun + timedelta(hours=1))
        assert (jobs.waiting(conn), jobs.oldest_waiting(conn)) == (0, None)
        jobs.defer(conn, "now", {})
        assert jobs.waiting(conn) == 1
        assert (
            begun - timedelta(seconds=1) < jobs.oldest_waiting(conn) < begun + timedelta(minutes=1)
        )
        jobs.defer(conn, "overdue", {}, at=begun - timedelta(hours=1))
        assert jobs.waiting(conn) == 2
        assert jobs.oldest_waiting(conn) == begun - timedelta(hours=1)
