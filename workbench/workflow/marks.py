"""What a reader marks on films: saved on every change, signed with the report, read with it.

Whoever may write the report and holds the case may mark; numbers are made here, never taken over.
"""

from collections.abc import Mapping
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound, Stale
from workbench.domain.exam import Exam, ExamMove
from workbench.domain.mark import (
    KeyImage,
    MarkObject,
    MarkSet,
    SignedMarks,
    requested,
    standing_keys,
)
from workbench.radiograph.measures import placed
from workbench.store import audit, exams, instances, marks, notices, reports, sites
from workbench.store.database import Connection
from workbench.workflow.reports import check_held
from workbench.workflow.signed_marks import FORM, calibration_of
from workbench.workflow.station import Station


def save(
    station: Station, actor: Actor, exam_id: str, instance_id: str, asked: object, seen: int
) -> MarkSet:
    """Save the marks of a film over revision `seen` (0 when there was none); Stale as a draft.

    `asked` is what the viewer sent: uid, tool, points and text are taken, numbers are not.
    The first save, a change of hands and the removal of all marks leave an audit row; what was
    signed leaves its own.
    """
    actor.check(Act.DRAFT_WRITE)
    with station.store.change() as conn:
        exam, meta = _film(conn, station, actor, exam_id, instance_id)
        wanted = requested(asked, (meta["rows"], meta["columns"]))
        drawn = placed(wanted, calibration_of(meta))
        before = marks.of_film(conn, exam_id, instance_id)
        mine = before.by == actor.username and seen in (before.revision, before.revision - 1)
        if before.revision and mine and before.marks == drawn:
            return before  # said twice, or the answer to it was lost
        if seen != before.revision:
            raise Stale("marks", instance_id)
        new = MarkSet(
            exam_id=exam_id, instance_id=instance_id, marks=drawn, revision=seen + 1,
            by=actor.username, at=station.now(),
        )  # fmt: skip
        marks.save(conn, new)
        notices.tell(conn, "marks", exam_id)  # others have the same film before them
        if not before.revision or before.by != new.by or (before.marks and not new.marks):
            _note(conn, exam, new, actor)
    return new


def choose(
    station: Station, actor: Actor, exam_id: str, instance_id: str, *, chosen: bool, frame: int = 1
) -> KeyImage | None:
    """Make a picture a key image, or no longer one; None when it stood so."""
    actor.check(Act.DRAFT_WRITE)
    now = station.now()
    with station.store.change() as conn:
        exam, meta = _film(conn, station, actor, exam_id, instance_id)
        frames = int(meta.get("frames") or 1)
        if isinstance(frame, bool) or not isinstance(frame, int) or not 1 <= frame <= frames:
            raise Invalid("frame", f"{frame!r:.40}", f"1 to {frames}")
        rows = marks.choices(conn, exam_id)
        stands = {(k.instance_id, k.frame) for k in standing_keys(rows)}
        if ((instance_id, frame) in stands) is chosen:
            return None
        new = KeyImage(
            id=station.fresh(), exam_id=exam_id, instance_id=instance_id, frame=frame,
            number=len(rows) + 1, chosen=chosen, by=actor.username, at=now,
        )  # fmt: skip
        marks.add_key(conn, new)
        notices.tell(conn, "marks", exam_id)
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username,
            act="key.choose" if chosen else "key.drop", object=f"exam/{exam_id}",
            detail={"instance": instance_id, "frame": frame, "number": new.number},
        )  # fmt: skip
    return new


def of_exam(
    station: Station, actor: Actor, exam_id: str
) -> tuple[dict[str, MarkSet], tuple[KeyImage, ...]]:
    """The marks of each film as they stand now, and the key images."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        films = {f.instance_id: f for f in marks.of_exam(conn, exam_id)}
        return films, standing_keys(marks.choices(conn, exam_id))


def signed(station: Station, actor: Actor, report_id: str) -> SignedMarks | None:
    """What was signed with a version; the sender sees it once that version is released."""
    actor.check(Act.REPORT_READ)
    with station.store.look() as conn:
        version = reports.get(conn, report_id)
        exam = exams.get(conn, version.exam_id, sites.scope_of(conn, actor, station.today()))
        own = actor.site_code == exam.site_code and not actor.may(Act.DRAFT_WRITE)
        if own and version.released_at is None:
            raise NotFound("report", report_id)
        return marks.signed(conn, report_id)


def objects(station: Station, actor: Actor, exam_id: str) -> list[MarkObject]:
    """The DICOM objects made of the signed marks of an exam, by version."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return list(marks.objects(conn, exam_id))


def fetch(station: Station, actor: Actor, exam_id: str, uid: str) -> bytes:
    """One of the objects of an exam as a file, for an archive or another program."""
    actor.check(Act.EXAM_OPEN)
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        found = [o for o in marks.objects(conn, exam_id) if o.uid == uid]
        if not found:
            raise NotFound("object", uid)
        audit.note(
            conn, station.now(), chain=exam.site_code, actor=actor.username, act="marks.export",
            object=f"report/{found[0].report_id}", detail={"uid": uid, "sha256": found[0].sha256},
        )  # fmt: skip
    return station.blobs.read(found[0].sha256)


def _film(
    conn: Connection, station: Station, actor: Actor, exam_id: str, instance_id: str
) -> tuple[Exam, Mapping[str, Any]]:
    scope = sites.scope_of(conn, actor, station.today())
    exam = exams.get(conn, exam_id, scope, lock=True)
    exam.moved(ExamMove.SIGN)  # refuses with the allowed moves when it is not to be reported
    check_held(exam, actor, station.now())
    copy, owner = instances.copy_for(conn, instance_id, FORM, scope)
    if owner != exam_id:
        raise NotFound("display copy", f"{instance_id}/{FORM}")
    return exam, copy.meta


def _note(conn: Connection, exam: Exam, new: MarkSet, actor: Actor) -> None:
    audit.note(
        conn, new.at or exam.received_at, chain=exam.site_code, actor=actor.username,
        act="marks.save", object=f"exam/{exam.id}",
        detail={"instance": new.instance_id, "revision": new.revision, "marks": len(new.marks)},
    )  # fmt: skip
