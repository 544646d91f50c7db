"""An image that came after the release: somebody looks at it, and says what follows.

Three answers end it: an addendum, a retraction (`workflow.reports`), or this statement that the
report stands. Until then the exam is on the worklist again, above what waits.
"""

from dataclasses import replace

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Stale
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam, ExamMove
from workbench.store import audit, events, exams, reports, sites
from workbench.workflow.reports import check_seen
from workbench.workflow.station import Station

NO_CHANGE = "report.no_change"


def no_change(station: Station, actor: Actor, exam_id: str, images: int) -> Exam:
    """The reader has seen all `images` and the released report stands as it is."""
    actor.check(Act.REPORT_SIGN)
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        actor.check_licence(Act.REPORT_SIGN, exam.kind, station.today())
        if sites.get(conn, actor.site_code).signatures == 2:
            actor.check(Act.REPORT_COUNTERSIGN)  # as an addendum would be: a second reader's
        exam.moved(ExamMove.AMEND)  # refuses with the allowed moves when nothing is released
        if exam.recheck_since is None:
            raise Stale("exam", exam_id)  # a colleague answered it meanwhile
        check_seen(exam, images)
        settled = replace(exam, recheck_since=None)
        exams.move(conn, exam, settled)
        stamp = Event(
            exam_id=exam.id, kind=EventKind.RECHECKED, at=now, actor=actor.username,
            site_code=actor.site_code,
        )  # fmt: skip
        events.stamp(conn, stamp)
        last = reports.versions(conn, exam_id)[-1]
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=NO_CHANGE,
            object=f"report/{last.id}",
            detail={"exam": exam.id, "images": images, "since": exam.recheck_since.isoformat()},
        )  # fmt: skip
    return settled
