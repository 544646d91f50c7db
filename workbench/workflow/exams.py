"""Reading acts: see the list, open a case, hold it, take the next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from workbench.domain.actor import Act, Actor
from workbench.domain.alert import CriticalAlert
from workbench.domain.beat import BeatMeasurement
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import OPEN_STATES, Exam
from workbench.domain.finding import Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.lead_names import LeadNames
from workbench.domain.order import Order
from workbench.domain.patient import Patient
from workbench.domain.report import Draft, SignedReport
from workbench.domain.site import Site
from workbench.domain.statement import StatementVerdict
from workbench.store import (
    alerts,
    audit,
    beats,
    events,
    exams,
    instances,
    lead_names,
    orders,
    patients,
    reports,
    screenings,
    sites,
    statements,
    worklist,
)
from workbench.store.alerts import AlertStep
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy, Instance
from workbench.store.reports import Retraction
from workbench.store.sites import Scope
from workbench.store.worklist import Filter, Row
from workbench.workflow import retakes
from workbench.workflow.mark_sharing import Sharing, of_versions
from workbench.workflow.retakes import TrackedRetake
from workbench.workflow.station import Station


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a reader needs beside the picture."""

    exam: Exam
    site: Site
    patient: Patient
    order: Order | None
    files: Sequence[Instance]
    copies: Sequence[DisplayCopy]
    screenings: Sequence[Screening]
    alerts: Sequence[CriticalAlert]
    alert_steps: Mapping[str, Sequence[AlertStep]]
    draft: Draft | None
    versions: Sequence[SignedReport]
    retractions: dict[str, Retraction]
    priors: Sequence[Exam]
    events: Sequence[Event]
    beats: Sequence[BeatMeasurement] = ()  # kept and withdrawn, of each recording oldest first
    namings: Sequence[LeadNames] = ()  # decisions on names of leads
    verdicts: Sequence[StatementVerdict] = ()  # on statements of the screening, oldest first
    sharing: Mapping[str, Sharing] = field(default_factory=dict)  # marks signed, by version
    retakes: Sequence[TrackedRetake] = ()  # of its films, and those that a film of it answers


def worklist_page(
    station: Station, actor: Actor, wanted: Filter, limit: int = 50, skip: int = 0
) -> list[Row]:
    """One page of the list, inside what the actor may see."""
    actor.check(Act.EXAM_LIST)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        return worklist.page(conn, scope, wanted, limit, skip)


def waiting(station: Station, actor: Actor) -> tuple[int, datetime | None]:
    """How many exams wait in the actor's scope, and since when the oldest does."""
    actor.check(Act.EXAM_LIST)
    with station.store.look() as conn:
        return worklist.waiting(conn, sites.scope_of(conn, actor, station.today()))


def open_case(
    station: Station, actor: Actor, exam_id: str, *, hold: bool, leaving: str | None = None
) -> Case:
    """Open an exam; with `hold` it is leased to this reader while it is still to be reported.

    The exam that is left for it is free for others in the same transaction; its draft stays.
    """
    actor.check(Act.EXAM_OPEN)
    with station.store.change() as conn:
        if leaving:
            exams.drop_lease(conn, leaving, actor.username)
        scope = sites.scope_of(conn, actor, station.today())
        return _opened(station, conn, actor, scope, exams.get(conn, exam_id, scope), hold=hold)


def _opened(
    station: Station, conn: Connection, actor: Actor, scope: Scope, exam: Exam, *, hold: bool
) -> Case:
    now, exam_id = station.now(), exam.id
    if hold and exam.state in OPEN_STATES and actor.may(Act.DRAFT_WRITE):
        until = now + timedelta(minutes=station.settings.lease_minutes)
        exams.take_lease(conn, exam_id, actor.username, now, until)
        # the exam is this reader's from here on; the same reader opening it again is no new hand
        kinds = [EventKind.ASSIGNED] if exam.holder(now) != actor.username else []
        exam = replace(exam, lease_by=actor.username, lease_until=until)
        for kind in (*kinds, EventKind.FIRST_OPEN):
            stamp = Event(
                exam_id=exam_id, kind=kind, at=now, actor=actor.username, site_code=actor.site_code
            )
            events.stamp(conn, stamp)
    audit.note(
        conn, now, chain=exam.site_code, actor=actor.username, act=Act.EXAM_OPEN,
        object=f"exam/{exam_id}",
    )  # fmt: skip
    versions, flagged = reports.versions(conn, exam_id), alerts.of_exam(conn, exam_id)
    return Case(
        exam=exam,
        site=sites.get(conn, exam.site_code),
        patient=patients.get(conn, exam.patient_id),
        order=orders.get(conn, exam.order_id) if exam.order_id else None,
        files=instances.of_exam(conn, exam_id),
        copies=instances.copies(conn, exam_id),
        screenings=screenings.of_exam(conn, exam_id),
        alerts=flagged,
        alert_steps={a.id: alerts.steps(conn, a.id) for a in flagged},
        draft=reports.draft_of(conn, exam_id),
        versions=versions,
        retractions=reports.retractions(conn, [v.id for v in versions]),
        priors=exams.priors(conn, exam, scope),
        events=events.of_exam(conn, exam_id),
        beats=tuple(beats.of_exam(conn, exam_id)) if exam.kind is ExamKind.ECG else (),
        namings=tuple(lead_names.of_exam(conn, exam_id)) if exam.kind is ExamKind.ECG else (),
        verdicts=tuple(statements.of_exam(conn, exam_id)),
        sharing=of_versions(conn, exam_id, versions),
        retakes=retakes.of_exam(conn, exam_id),
    )


def extend(station: Station, actor: Actor, exam_id: str) -> None:
    """Keep holding an exam that is open on the page."""
    actor.check(Act.DRAFT_WRITE)
    now = station.now()
    with station.store.change() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        until = now + timedelta(minutes=station.settings.lease_minutes)
        exams.take_lease(conn, exam_id, actor.username, now, until)


def give_back(station: Station, actor: Actor, exam_id: str) -> None:
    """Let others take the exam; the draft stays."""
    actor.check(Act.DRAFT_WRITE)
    with station.store.change() as conn:
        exams.drop_lease(conn, exam_id, actor.username)


def take_next(
    station: Station,
    actor: Actor,
    wanted: Filter,
    after: str | None = None,
    skipped: Collection[str] = (),
) -> Case | None:
    """Give back the exam in hand, open and hold the most pressing free one; None without one.

    Those stepped over come again, from the first of them, when all others are read or held.
    """
    actor.check(Act.EXAM_OPEN)
    actor.check(Act.DRAFT_WRITE)
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        if after is not None:
            exams.drop_lease(conn, after, actor.username)
        here = () if after is None else (after,)
        for over in ((*skipped, *here), here):
            chosen = worklist.next_free(conn, scope, wanted, (actor.username, over), now)
            if chosen is not None:
                found = exams.get(conn, chosen, scope)
                return _opened(station, conn, actor, scope, found, hold=True)
        return None


def display_copy(station: Station, actor: Actor, instance_id: str, form: str) -> DisplayCopy:
    """Where the bytes of a display copy lie, for an actor who may see the exam."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        return instances.copy_for(conn, instance_id, form, scope)[0]
