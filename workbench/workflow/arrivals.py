"""Arrival: bytes are durable and one transaction holds every fact before success is said."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from workbench.domain.errors import BadImage, BadTrace, Unreadable
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import Patient
from workbench.domain.received import Received
from workbench.domain.site import SYSTEM
from workbench.formats import grouping
from workbench.formats.content import content_digest
from workbench.store import (
    audit,
    conflicts,
    events,
    exams,
    instances,
    jobs,
    orders,
    patients,
    quarantine,
)
from workbench.store.blobs import Blob
from workbench.store.database import Connection, DatabaseFault, unstorable
from workbench.store.instances import Instance, Part
from workbench.workflow.arrival_heads import read_stored
from workbench.workflow.arrival_rows import (
    exam_of,
    header_of,
    mismatch,
    patient_of,
    with_image,
)
from workbench.workflow.arrival_times import stamp
from workbench.workflow.station import Station

ECG_FIRST = 1  # seconds count for it and it costs a tenth of one: it waits for no pile of films
UNSTORABLE = "a value in the header cannot be stored (too long, or a forbidden character)"


class Filing(StrEnum):
    """What became of a recording."""

    FILED = "filed"
    DUPLICATE = "duplicate"  # the same bytes came before: nothing to do
    CONFLICT = "conflict"  # the same UID with other bytes: kept for a person
    HELD = "held"  # unknown sender or unreadable: in quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a recording came from; without an institution it is held."""

    site_code: str | None
    source: str  # "dicom:AE@address", "folder:CODE", "upload:username", "import:username"
    reason: str = ""  # why the institution is not known
    time_zone: str = ""  # of the institution, when it was read with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to a sender."""

    filing: Filing
    exam_id: str | None
    reason: str = ""


def file_recording(
    station: Station,
    sender: Sender,
    files: Mapping[str, Path],
    hashed: Mapping[str, Blob] = MappingProxyType({}),
) -> Outcome:
    """Store files, read their header and file them; on return everything is durable.

    The files at these paths are taken over (moved or copied into the blob folder). `hashed` says
    of a file, by the same name, what was hashed while it was written.
    """
    parts = tuple(
        Part(name=name, sha256=blob.sha256, size=blob.size)
        for name in sorted(files)
        for blob in (station.blobs.adopt(files[name], hashed.get(name)),)
    )
    if sender.site_code is None:
        return hold(station, sender.source, sender.reason or "unknown sender", parts)
    outcome = file_parts(station, sender.site_code, sender.source, parts, sender.time_zone)
    if outcome.filing is Filing.HELD:
        # held, not refused: its sender would try again for ever
        return hold(station, f"{sender.source} ({sender.site_code})", outcome.reason, parts)
    return outcome


def file_parts(
    station: Station, site_code: str, source: str, parts: tuple[Part, ...], time_zone: str = ""
) -> Outcome:
    """File what is stored already; HELD with the reason, and nothing written, when it cannot be."""
    try:
        received = read_stored(station, site_code, parts, time_zone)
    except (Unreadable, BadTrace, BadImage) as error:
        return Outcome(filing=Filing.HELD, exam_id=None, reason=str(error))
    try:
        return _filed(station, site_code, source, received, parts)
    except DatabaseFault as fault:
        if not unstorable(fault):
            raise
        return Outcome(filing=Filing.HELD, exam_id=None, reason=UNSTORABLE)


def _filed(
    station: Station, site_code: str, source: str, received: Received, parts: tuple[Part, ...]
) -> Outcome:
    try:
        return _file(station, site_code, source, received, parts)
    except _Raced:  # its transaction is rolled back: now the other one's row is seen
        return _file(station, site_code, source, received, parts)


class _Raced(Exception):
    """Another association filed this UID between our look and our write."""


def hold(station: Station, source: str, reason: str, parts: tuple[Part, ...]) -> Outcome:
    """Keep files aside for a person; nothing that arrived is thrown away."""
    now, digest = station.now(), digest_of(parts)
    held = quarantine.Held(
        id=station.fresh(),
        source=source,
        reason=reason,
        parts=tuple(replace(p, name=_storable(p.name)) for p in parts),
        sha256=digest,
        received_at=now,
    )
    with station.store.change() as conn:
        if quarantine.hold(conn, held):
            audit.note(
                conn, now, chain=SYSTEM, actor=source, act="arrival.hold", object=f"held/{held.id}",
                detail={"reason": reason, "sha256": digest},
            )  # fmt: skip
    return Outcome(filing=Filing.HELD, exam_id=None, reason=reason)


def _storable(name: str) -> str:
    """A file name as text, also one that the system could not decode."""
    return name.encode("utf-8", "backslashreplace").decode()


def digest_of(parts: tuple[Part, ...]) -> str:
    """One digest for a recording."""
    return grouping.joined({p.name: p.sha256 for p in parts})


def _file(
    station: Station, site_code: str, source: str, received: Received, parts: tuple[Part, ...]
) -> Outcome:
    now, digest, header = station.now(), digest_of(parts), received.header
    uid = header.sop_uid or digest
    with station.store.change() as conn:
        known = instances.by_uid(conn, site_code, uid)
        if known is not None:
            came = (source, header.transfer_syntax, parts)
            return _again(conn, station, known, came)
        patient = patients.ensure(
            conn, patient_of(station, site_code, digest, header), header.name_raw
        )
        exam, is_new = _exam_with_image(conn, station, patient, received, digest)
        new = Instance(
            id=station.fresh(), exam_id=exam.id, site_code=site_code, uid=uid,
            reader=received.reader,
            sha256=digest, parts=parts, header=header_of(header, received), flags=received.flags,
            source=source, received_at=now, sop_class=header.sop_class,
            transfer_syntax=header.transfer_syntax,
        )  # fmt: skip
        if not instances.add(conn, new):
            raise _Raced
        stamp(conn, exam, (header.exam_start, header.exam_end), source, now)
        audit.note(
            conn, now, chain=site_code, actor=source, act="arrival.file", object=f"exam/{exam.id}",
            detail={"instance": new.id, "sha256": digest, "reader": received.reader},
        )  # fmt: skip
        if received.kind is not ExamKind.OTHER:
            jobs.defer(
                conn, "screen_exam", {"exam_id": exam.id}, queue="screen", queueing_lock=exam.id,
                first=is_new, priority=ECG_FIRST if received.kind is ExamKind.ECG else 0,
            )  # fmt: skip
    return Outcome(filing=Filing.FILED, exam_id=exam.id)


def _exam_with_image(
    conn: Connection, station: Station, patient: Patient, received: Received, digest: str
) -> tuple[Exam, bool]:
    """The image's exam, locked, with this image counted; added if new (the second value)."""
    header = received.header
    said = (*received.flags, *mismatch(patient, header))
    first = exam_of(station, patient.site_code, patient.id, digest, received)
    exam, is_new = exams.ensure(conn, with_image(first, header.exam_end, said, None))
    if is_new:
        after = _join_order(conn, exam)
    else:
        if exam.patient_id != patient.id:  # one study, two patient numbers: perhaps two people
            said = (*received.flags, "patient_mismatch")
        after = with_image(exam, header.exam_end, said, station.now())
    if after == exam:
        exams.announce(conn, exam.id)
    else:
        exams.move(conn, exam, after)
    return after, is_new


def _same_content(station: Station, known: Instance, syntax: str, parts: tuple[Part, ...]) -> bool:
    """Whether only the wrapping differs: the same object came by network and as a file."""
    if syntax != known.transfer_syntax or len(parts) != 1 or len(known.parts) != 1:
        return False
    ours, theirs = (station.blobs.read(p.sha256) for p in (*known.parts, *parts))
    return content_digest(ours) == content_digest(theirs)


def _again(
    conn: Connection, station: Station, known: Instance, came: tuple[str, str, tuple[Part, ...]]
) -> Outcome:
    source, syntax, parts = came
    digest, now = digest_of(parts), station.now()
    if digest == known.sha256 or _same_content(station, known, syntax, parts):
        return Outcome(filing=Filing.DUPLICATE, exam_id=known.exam_id)
    noted = conflicts.of_bytes(conn, known.id, digest)
    if noted is not None and noted.settled_at is not None:  # a person decided on these bytes
        return Outcome(filing=Filing.DUPLICATE, exam_id=noted.filed_under or known.exam_id)
    seen = conflicts.Conflict(
        id=station.fresh(), site_code=known.site_code, uid=known.uid, instance_id=known.id,
        parts=parts, sha256=digest, source=source, received_at=now,
    )  # fmt: skip
    if conflicts.note(conn, seen):
        jobs.defer(
            conn, "describe_conflict", {"conflict_id": seen.id}, queue="screen",
            queueing_lock=f"conflict/{seen.id}",
        )  # fmt: skip
        exam = exams.get(conn, known.exam_id, None, lock=True)
        exams.move(
            conn, exam, replace(exam, flags=tuple(dict.fromkeys((*exam.flags, "uid_conflict"))))
        )
        audit.note(
            conn, now, chain=known.site_code, actor=source, act="arrival.conflict",
            object=f"exam/{known.exam_id}", detail={"sha256": digest, "kept": known.sha256},
        )  # fmt: skip
    return Outcome(
        filing=Filing.CONFLICT,
        exam_id=known.exam_id,
        reason="this UID came before with other bytes; the first is kept, a person decides",
    )


def _join_order(conn: Connection, exam: Exam) -> Exam:
    if not exam.accession:
        return exam
    orders.queue_up(conn, exam.site_code, exam.kind, exam.accession)
    order = orders.waiting_for(conn, exam.site_code, exam.kind, exam.accession)
    if order is None:
        return exam
    orders.attach(conn, order.id, exam.id)
    joined = replace(exam, order_id=order.id, urgency=order.urgency)
    if order.created_at is not None:
        ordered = Event(
            exam_id=exam.id, kind=EventKind.ORDERED, at=order.created_at, actor=order.created_by,
            site_code=exam.site_code,
        )  # fmt: skip
        events.stamp(conn, ordered)
    return joined
