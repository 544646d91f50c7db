"""Ask for work in the same transaction as the fact it follows from.

Calls the job engine's own SQL function on our connection: rolled back with us, seen by a worker
only after our commit.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from psycopg.errors import UniqueViolation

_ONE_WAITS = "procrastinate_jobs_queueing_lock_idx_v1"
_DEFER = sa.text(
    """
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, :priority, :lock, :queueing_lock, CAST(:args AS jsonb),
        CAST(:at AS timestamptz)
    )]::procrastinate_job_to_defer_v1[]))
    """
)
_WAITING = sa.text(
    """
    SELECT id, queue_name, scheduled_at FROM procrastinate_jobs
    WHERE queueing_lock = :queueing_lock AND status = 'todo' FOR UPDATE
    """
)
_SOONER = sa.text("UPDATE procrastinate_jobs SET scheduled_at = :at WHERE id = :id")
_WAKE = sa.text(
    """
    SELECT pg_notify(channel, json_build_object('type', 'job_inserted', 'job_id', :id)::text)
    FROM unnest(CAST(:channels AS text[])) AS channel
    """
)
_LAST = sa.text(
    """
    SELECT status, attempts FROM procrastinate_jobs
    WHERE task_name = :task AND args @> CAST(:args AS jsonb) ORDER BY id DESC LIMIT 1
    """
)
_COUNT = sa.text(
    """
    SELECT count(*) FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
    """
)
_OLDEST = sa.text(
    """
    SELECT min(coalesce(job.scheduled_at, told.at)) FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_events AS told ON told.job_id = job.id AND told.type = 'deferred'
    WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
    """
)


def defer(  # noqa: PLR0913 - the job engine's own parameters, by name
    conn: sa.Connection,
    task: str,
    args: Mapping[str, Any],
    *,
    queue: str = "default",
    lock: str | None = None,
    queueing_lock: str | None = None,
    at: datetime | None = None,
    priority: int = 0,
    first: bool = False,
) -> int | None:
    """Ask for a task; None if one with this queueing lock waits already.

    The one that waits is then held back until we commit, so it sees what we wrote, and brought
    forward if we want it sooner. `first` promises that nobody can know this lock yet, because it
    names a row of our own transaction: then there is nothing to look for.
    """
    values = {
        "queue": queue,
        "task": task,
        "priority": priority,
        "lock": lock,
        "queueing_lock": queueing_lock,
        "args": json.dumps(dict(args), ensure_ascii=False, allow_nan=False),
        "at": at,
    }
    if queueing_lock is None or first:
        return int(conn.execute(_DEFER, values).scalar_one())
    while True:
        waits = conn.execute(_WAITING, {"queueing_lock": queueing_lock}).one_or_none()
        if waits is not None:
            _bring_forward(conn, waits, at)
            return None
        try:
            with conn.begin_nested():  # a refusal must not end the caller's transaction
                return int(conn.execute(_DEFER, values).scalar_one())
        except sa.exc.IntegrityError as error:
            broken = error.orig
            if not isinstance(broken, UniqueViolation):
                raise
            if broken.diag.constraint_name != _ONE_WAITS:
                raise
            # another transaction was first: look at its job


@dataclass(frozen=True, slots=True)
class Asked:
    """How a task that was asked for stands."""

    waits: bool  # it will be tried, or is being done now
    failed: bool  # it was given up
    attempts: int


def last_asked(conn: sa.Connection, task: str, args: Mapping[str, Any]) -> Asked | None:
    """The last time a task was asked for with these arguments; None if never, or forgotten."""
    row = conn.execute(_LAST, {"task": task, "args": json.dumps(dict(args))}).one_or_none()
    if row is None:
        return None
    return Asked(row.status in {"todo", "doing"}, row.status == "failed", row.attempts)


def waiting(conn: sa.Connection) -> int:
    """How many jobs are due and not taken."""
    return int(conn.execute(_COUNT).scalar_one())


def oldest_waiting(conn: sa.Connection) -> datetime | None:
    """Since when the longest waiting job has been due; None if nothing waits."""
    since: datetime | None = conn.execute(_OLDEST).scalar_one()
    return since


def _bring_forward(conn: sa.Connection, waits: sa.Row[Any], at: datetime | None) -> None:
    if waits.scheduled_at is not None and (at is None or at < waits.scheduled_at):
        conn.execute(_SOONER, {"id": waits.id, "at": at})
    # a worker that looked while we held the row went on without it: call again when we commit
    channels = ["procrastinate_any_queue_v1", f"procrastinate_queue_v1#{waits.queue_name}"]
    conn.execute(_WAKE, {"id": waits.id, "channels": channels})
