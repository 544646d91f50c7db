"""The times an image brings along, stamped on its exam; nothing here reads a file."""

from datetime import datetime

from workbench.domain.event import Clock, Event, EventKind
from workbench.domain.exam import Exam, ExamState
from workbench.store import events
from workbench.store.database import Connection


def stamp(
    conn: Connection,
    exam: Exam,
    taken: tuple[datetime | None, datetime | None],
    source: str,
    received: datetime | None,
) -> None:
    """Stamp start and end by the device's clock, and the arrival by ours; None is not stamped."""
    start, end = taken
    # An image that comes after the release does not move the end of what was reported.
    times = (
        (EventKind.EXAM_START, start, Clock.DEVICE),
        (EventKind.EXAM_END, None if exam.state is ExamState.RELEASED else end, Clock.DEVICE),
        (EventKind.RECEIVED, received, Clock.SERVER),
    )
    events.stamp_all(
        conn,
        [
            Event(
                exam_id=exam.id, kind=kind, at=at, actor=source,
                site_code=exam.site_code, clock=clock,
            )
            for kind, at, clock in times
            if at is not None
        ],
    )  # fmt: skip
