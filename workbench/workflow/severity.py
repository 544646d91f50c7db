"""How pressing an exam is: by the flag that still stands, else by what was found."""

from workbench.domain.alert import AlertState
from workbench.domain.exam import Exam
from workbench.domain.finding import Severity
from workbench.store import alerts, screenings
from workbench.store.database import Connection


def worst_open(conn: Connection, exam: Exam) -> Severity | None:
    """The severity an exam is sorted by: critical while a flag stands, else the worst found."""
    states = {a.state for a in alerts.of_exam(conn, exam.id)}
    if states - {AlertState.DISMISSED, AlertState.ACKNOWLEDGED}:
        return Severity.CRITICAL
    order = [Severity.URGENT, Severity.ABNORMAL, Severity.NORMAL]
    found = {f.severity for s in screenings.of_exam(conn, exam.id) for f in s.findings}
    return next((s for s in order if s in found), None)
