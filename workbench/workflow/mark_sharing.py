"""What became of the marks of each signed version: its objects, and how far they came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbench.domain.actor import Act, Actor
from workbench.domain.mark import MarkObject, ObjectKind, SignedMarks
from workbench.domain.report import SignedReport
from workbench.store import audit, exams, jobs, marks, reports, sites
from workbench.store.database import Connection
from workbench.workflow.station import Station

CHANNEL = "objects"  # of a delivery: files in the outbox


class SharingState(StrEnum):
    """How far the objects of one version came."""

    WAITING = "waiting"  # made once the version is released
    COMING = "coming"
    FAILED = "failed"  # could not be made
    NONE = "none"  # no object can be made of these marks
    MADE = "made"  # kept in the house, on their way out
    STUCK = "stuck"  # the outbox could not be written to; tried again
    GIVEN_UP = "given_up"  # tried for two weeks
    KEPT = "kept"  # in the house alone: nothing takes them out any more
    OUT = "out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The marks of one version and the objects made of them."""

    signed: SignedMarks
    state: SharingState
    objects: tuple[MarkObject, ...] = ()
    out_at: datetime | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)  # film: why no object shows it


def of_exam(station: Station, actor: Actor, exam_id: str) -> dict[str, Sharing]:
    """What became of the marks of every signed version, by id of the report."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return of_versions(conn, exam_id, reports.versions(conn, exam_id))


def of_versions(
    conn: Connection, exam_id: str, versions: Sequence[SignedReport]
) -> dict[str, Sharing]:
    """The same for versions at hand; versions without marks are not among them."""
    signed = marks.signed_with(conn, [v.id for v in versions if "marks" in v.facts])
    if not signed:
        return {}
    made: dict[str, list[MarkObject]] = {}
    for one in marks.objects(conn, exam_id):
        made.setdefault(one.report_id, []).append(one)
    return {
        v.id: _sharing(conn, v, signed[v.id], tuple(made.get(v.id, ())))
        for v in versions
        if v.id in signed
    }


def _sharing(
    conn: Connection, version: SignedReport, signed: SignedMarks, made: tuple[MarkObject, ...]
) -> Sharing:
    out = [h for h in reports.deliveries(conn, version.id) if h.channel == CHANNEL]
    if version.released_at is None:
        return Sharing(signed=signed, state=SharingState.WAITING)
    if not made:
        asked = jobs.last_asked(conn, "write_mark_objects", {"report_id": version.id})
        state = SharingState.NONE
        if asked is not None and asked.waits:
            state = SharingState.COMING
        elif asked is not None and asked.failed:
            state = SharingState.FAILED
        left_out = _left_out(conn, version) if state is SharingState.NONE else {}
        return Sharing(signed=signed, state=state, left_out=left_out)
    left_out = {} if _all_shown(signed, made) else _left_out(conn, version)
    if out:
        return Sharing(
            signed=signed, state=SharingState.OUT, objects=made, out_at=out[0].at, left_out=left_out
        )
    asked = jobs.last_asked(conn, "deliver_objects", {"report_id": version.id})
    state = SharingState.KEPT
    if asked is not None and asked.waits:
        state = SharingState.STUCK if asked.attempts else SharingState.MADE
    elif asked is not None and asked.failed:
        state = SharingState.GIVEN_UP
    return Sharing(signed=signed, state=state, objects=made, left_out=left_out)


def _all_shown(signed: SignedMarks, made: Sequence[MarkObject]) -> bool:
    drawn = [o for o in made if o.kind is ObjectKind.PRESENTATION]
    return len(drawn) == len(signed.films)


def _left_out(conn: Connection, version: SignedReport) -> dict[str, str]:
    """Why films are in no object; it was noted when the others were made."""
    said: dict[str, str] = {}
    for detail in audit.details(conn, "marks.write", f"report/{version.id}"):
        said |= detail.get("left_out", {})
    return said
