"""Critical values: judged by a reader, told by a call, acknowledged with a read-back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.alert import AlertMove, AlertState, CriticalAlert
from workbench.domain.errors import Invalid, NotFound
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam
from workbench.domain.finding import Severity
from workbench.store import alerts, audit, events, exams, sites
from workbench.store.alerts import AlertStep
from workbench.store.database import Connection
from workbench.workflow.severity import worst_open
from workbench.workflow.station import Station

METHODS = ("phone", "in-app", "face to face")
_STAMPS = {
    AlertMove.CONFIRM: EventKind.ALERT_CONFIRMED,
    AlertMove.DISMISS: EventKind.ALERT_DISMISSED,
    AlertMove.NOTIFY: EventKind.ALERT_NOTIFIED,
    AlertMove.ACKNOWLEDGE: EventKind.ALERT_ACKNOWLEDGED,
}
_LIMITS = {
    AlertState.CONFIRMED: "alert.notify_within",
    AlertState.NOTIFIED: "alert.acknowledge_within",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to the clinic: who was reached, how, when, and what they read back."""

    receiver: str
    receiver_role: str
    method: str
    phone: str
    read_back: str
    called_at: datetime

    def check(self, now: datetime) -> None:
        """Raise Invalid when the call cannot stand in the register."""
        if not self.receiver.strip():
            raise Invalid("receiver", self.receiver, "the name of the person who took the call")
        if self.method not in METHODS:
            raise Invalid("method", self.method, ", ".join(METHODS))
        if not self.read_back.strip():
            raise Invalid("read-back", self.read_back, "what the receiver repeated, in their words")
        if self.called_at > now + timedelta(minutes=1):
            raise Invalid("time of call", self.called_at.isoformat(), "a time not in the future")


def confirm(station: Station, actor: Actor, alert_id: str) -> CriticalAlert:
    """A reader agrees with the flag; from now the time to tell the clinic runs."""
    return _step(station, actor, Act.ALERT_JUDGE, alert_id, AlertMove.CONFIRM, {})


def dismiss(station: Station, actor: Actor, alert_id: str, reason: str) -> CriticalAlert:
    """A reader finds the flag wrong and says why."""
    if not reason.strip():
        raise Invalid("reason", reason, "why this is not a critical value")
    detail = {"reason": reason.strip()}
    return _step(station, actor, Act.ALERT_JUDGE, alert_id, AlertMove.DISMISS, detail)


def notify(station: Station, actor: Actor, alert_id: str, call: Call) -> CriticalAlert:
    """Record a call to the clinic with its read-back."""
    call.check(station.now())
    detail = {
        "receiver": call.receiver.strip(),
        "receiver_role": call.receiver_role.strip(),
        "method": call.method,
        "phone": call.phone.strip(),
        "read_back": call.read_back.strip(),
        "called_at": call.called_at.isoformat(),
    }
    return _step(station, actor, Act.ALERT_NOTIFY, alert_id, AlertMove.NOTIFY, detail)


def acknowledge(station: Station, actor: Actor, alert_id: str, read_back: str) -> CriticalAlert:
    """The clinic confirms receipt in its own words."""
    if not read_back.strip():
        raise Invalid(
            "read-back", read_back, "the patient and the critical value in your own words"
        )
    detail = {"read_back": read_back.strip(), "receiver": actor.name}
    return _step(station, actor, Act.ALERT_ACKNOWLEDGE, alert_id, AlertMove.ACKNOWLEDGE, detail)


def raise_by_reader(
    station: Station, actor: Actor, exam_id: str, code: str, evidence: str
) -> CriticalAlert:
    """A reader finds a critical value that no screener flagged: it stands confirmed at once."""
    actor.check(Act.ALERT_JUDGE)
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        exam = exams.get(conn, exam_id, scope, lock=True)
        actor.check_licence(Act.ALERT_JUDGE, exam.kind, station.today())
        made = ensure_confirmed(conn, station, actor, (exam, code, evidence))
        _resort(conn, exam)
        return made


def ensure_confirmed(
    conn: Connection, station: Station, actor: Actor, found: tuple[Exam, str, str]
) -> CriticalAlert:
    """Inside a transaction: a critical code the reader stands by has a confirmed alert."""
    exam, code, evidence = found
    terms, now = editions.finding_terms(), station.now()
    if code not in terms or terms[code].severity is not Severity.CRITICAL:
        raise Invalid("code", code, "a code of the critical-value list")
    known = next((a for a in alerts.of_exam(conn, exam.id) if a.code == code), None)
    if known is not None:
        return _stated(conn, actor, known, now)
    new = CriticalAlert(
        id=station.fresh(), exam_id=exam.id, site_code=exam.site_code, code=code,
        state=AlertState.CONFIRMED, evidence=evidence, source="reader", detected_at=now,
        due_at=_due(AlertState.CONFIRMED, now),
    )  # fmt: skip
    alerts.add(conn, new)
    _note(conn, actor, new, AlertMove.CONFIRM, now, {"raised_by": "reader"})
    for kind in (EventKind.ALERT_DETECTED, EventKind.ALERT_CONFIRMED):
        _stamp(conn, actor, new, kind, now)
    return new


def _stated(conn: Connection, actor: Actor, known: CriticalAlert, now: datetime) -> CriticalAlert:
    """A flag nobody judged, or one that was dismissed, is confirmed by a reader who states it."""
    if known.state not in (AlertState.DETECTED, AlertState.DISMISSED):
        return known
    moved = known.moved(AlertMove.CONFIRM)
    after = replace(moved, due_at=_due(moved.state, now))
    alerts.move(conn, known, after)
    _note(conn, actor, after, AlertMove.CONFIRM, now, {"was": known.state.value})
    _stamp(conn, actor, after, EventKind.ALERT_CONFIRMED, now)
    return after


def open_alerts(station: Station, actor: Actor) -> list[CriticalAlert]:
    """Critical values of the actor's scope that still need a step."""
    actor.check(Act.EXAM_LIST)
    with station.store.look() as conn:
        return alerts.open_ones(conn, sites.scope_of(conn, actor, station.today()))


def register(station: Station, actor: Actor, alert_id: str) -> list[AlertStep]:
    """The steps taken so far."""
    actor.check(Act.EXAM_LIST)
    with station.store.look() as conn:
        found = alerts.get(conn, alert_id, lock=False)
        exams.get(conn, found.exam_id, sites.scope_of(conn, actor, station.today()))
        return alerts.steps(conn, alert_id)


def of_own_site(station: Station, actor: Actor, since: datetime) -> list[CriticalAlert]:
    """What the clinic sees: its own confirmed critical values, never a flag nobody has judged."""
    actor.check(Act.ALERT_ACKNOWLEDGE)
    with station.store.look() as conn:
        return alerts.recent(conn, actor.site_code, since)


def _step(
    station: Station,
    actor: Actor,
    act: Act,
    alert_id: str,
    move: AlertMove,
    detail: Mapping[str, Any],
) -> CriticalAlert:
    actor.check(act)
    now = station.now()
    with station.store.change() as conn:
        found = alerts.get(conn, alert_id, lock=False)
        scope = sites.scope_of(conn, actor, station.today())
        elsewhere = move is AlertMove.ACKNOWLEDGE and found.site_code != actor.site_code
        if found.site_code not in scope.sites or elsewhere:
            # other institutions' rows do not exist here, and only the clinic itself acknowledges
            raise NotFound("critical alert", alert_id)
        exam = exams.get(conn, found.exam_id, scope, lock=True)  # first, as every act on an exam
        before = alerts.get(conn, alert_id)
        actor.check_licence(act, exam.kind, station.today())
        after = replace(before.moved(move), due_at=_due(before.moved(move).state, now))
        alerts.move(conn, before, after)
        _note(conn, actor, after, move, now, detail)
        _stamp(conn, actor, after, _STAMPS[move], now)
        _resort(conn, exam)
    return after


def _due(state: AlertState, now: datetime) -> datetime | None:
    if state not in _LIMITS:
        return None
    return now + timedelta(minutes=editions.rule_book("loop-2026.1")[_LIMITS[state]].value)


def _note(
    conn: Connection,
    actor: Actor,
    alert: CriticalAlert,
    move: AlertMove,
    now: datetime,
    detail: Mapping[str, Any],
) -> None:
    step = AlertStep(alert_id=alert.id, move=move, actor=actor.username, at=now, detail=detail)
    alerts.note_step(conn, step)
    audit.note(
        conn, now, chain=alert.site_code, actor=actor.username, act=f"alert.{move}",
        object=f"alert/{alert.id}", detail={"exam": alert.exam_id, "code": alert.code, **detail},
    )  # fmt: skip


def _stamp(
    conn: Connection, actor: Actor, alert: CriticalAlert, kind: EventKind, now: datetime
) -> None:
    events.stamp(
        conn,
        Event(
            exam_id=alert.exam_id, kind=kind, at=now, actor=actor.username,
            site_code=actor.site_code,
        ),
    )  # fmt: skip


def _resort(conn: Connection, exam: Exam) -> None:
    """An exam whose flag was answered is sorted anew."""
    severity = worst_open(conn, exam)
    if severity is not exam.severity:
        exams.move(conn, exam, replace(exam, severity=severity))
