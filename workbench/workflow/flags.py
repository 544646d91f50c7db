"""Critical findings of a screening become critical values that a doctor must judge.

A flag that a doctor dismissed comes back only when a later screening, made because more was known
of the patient, grades the finding higher than the one before; the register then says why.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from workbench import editions
from workbench.domain.alert import AlertMove, AlertState, CriticalAlert
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam
from workbench.domain.finding import Finding, Severity
from workbench.store import alerts, audit, events
from workbench.store.alerts import AlertStep
from workbench.store.database import Connection
from workbench.workflow.station import Station

WORKER = "worker"


def raised(
    conn: Connection,
    station: Station,
    exam: Exam,
    found: Sequence[Finding],
    earlier: Sequence[Finding],
) -> None:
    """Raise what is critical now; `earlier` is what the same recording was found to hold before."""
    known = {a.code: a for a in alerts.of_exam(conn, exam.id)}
    for finding in found:
        if finding.severity is not Severity.CRITICAL:
            continue
        before = known.get(finding.code)
        if before is None:
            _raise(conn, station, exam, finding)
        elif before.state is AlertState.DISMISSED and earlier:
            # an urgent pause and a critical one have different codes: the worst of all is compared
            was = min((f.severity for f in earlier), key=list(Severity).index)
            if was is not Severity.CRITICAL:
                _reopen(conn, station, before, finding, was)


def _raise(conn: Connection, station: Station, exam: Exam, finding: Finding) -> None:
    now = station.now()
    new = CriticalAlert(
        id=station.fresh(), exam_id=exam.id, site_code=exam.site_code, code=finding.code,
        state=AlertState.DETECTED, evidence=finding.evidence, source="screening", detected_at=now,
        due_at=now + timedelta(minutes=_confirm_within()),
    )  # fmt: skip
    if alerts.add(conn, new):
        _stamp(conn, station, new, EventKind.ALERT_DETECTED)


def _reopen(
    conn: Connection, station: Station, before: CriticalAlert, finding: Finding, was: Severity
) -> None:
    now = station.now()
    due = now + timedelta(minutes=_confirm_within())
    alerts.move(conn, before, replace(before.moved(AlertMove.REOPEN), due_at=due))
    why = {"grade_before": was.value, "grade_now": finding.severity.value,
           "evidence": finding.evidence}  # fmt: skip
    step = AlertStep(alert_id=before.id, move=AlertMove.REOPEN, actor=WORKER, at=now, detail=why)
    alerts.note_step(conn, step)
    _stamp(conn, station, before, EventKind.ALERT_REOPENED)
    audit.note(
        conn, now, chain=before.site_code, actor=WORKER, act=f"alert.{AlertMove.REOPEN}",
        object=f"alert/{before.id}", detail={"exam": before.exam_id, "code": before.code, **why},
    )  # fmt: skip


def _confirm_within() -> float:
    return editions.rule_book("loop-2026.1")["alert.confirm_within"].value


def _stamp(conn: Connection, station: Station, one: CriticalAlert, kind: EventKind) -> None:
    new = Event(
        exam_id=one.exam_id, kind=kind, at=station.now(), actor=WORKER, site_code=one.site_code
    )
    events.stamp(conn, new)
