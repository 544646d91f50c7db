"""A report with its pictures for whoever may look and not diagnose: the clinic, on a phone.

Every look is an act of its own: checked and noted in one transaction, the page as well as each
picture of it. The sender sees released versions only, of its own exams only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import NotFound
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam
from workbench.domain.mark import Mark, SignedMarks
from workbench.domain.report import ReportKind, SignedReport
from workbench.domain.report_page import ReportPage
from workbench.formats import view_picture
from workbench.formats.mark_drawing import height_of_pixel
from workbench.store import audit, events, exams, instances, marks, reports, screenings, sites
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy, Instance
from workbench.workflow.missing_pictures import Missing, missing_pictures
from workbench.workflow.report_pages import page_of
from workbench.workflow.station import Station

FORMS = ("phone", "preview")  # the larger picture; films of before it have the preview alone
MEASURED = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewFilm:
    """One film of the exam with the marks that were signed with this version."""

    file: Instance
    number: int  # 1, 2, … among the files of the exam, in order of arrival
    meta: Mapping[str, Any]  # of its full copy
    marks: tuple[Mark, ...] = ()
    key: bool = False
    late: bool = False  # it came after the version was signed


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Everything the page shows."""

    page: ReportPage
    exam: Exam
    report_id: str
    site_name: str
    time_zone: str
    files: int
    films: tuple[ViewFilm, ...]  # key images first
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """A picture somebody may look at now: what it is made of, and the name of what is made."""

    source: DisplayCopy
    tall: float
    digest: str


def look(
    station: Station,
    actor: Actor,
    report_id: str,
    address: Callable[[str], str] = lambda _: "",
    lang: str = "",
) -> View:
    """A version with its films; the first look from the sender's side is stamped as with the PDF.

    `address` gives where a later version is seen; `lang` is the language if not the actor's own.
    """
    actor.check(Act.PICTURE_LOOK)
    with station.store.change() as conn:
        signed, exam = _may_look(conn, station, actor, report_id)
        site = sites.get(conn, exam.site_code)
        files, copies = instances.of_exam(conn, exam.id), instances.copies(conn, exam.id)
        seen = View(
            page=page_of(conn, station, signed, lang or actor.language, address), exam=exam,
            report_id=report_id, site_name=site.name, time_zone=site.time_zone, files=len(files),
            films=_films(files, copies, marks_of(conn, signed), signed.signed_at),
            missing=tuple(missing_pictures(files, copies, screenings.of_exam(conn, exam.id))),
        )  # fmt: skip
        _note(conn, station, actor, (signed, exam), {})
        return seen


def picture(station: Station, actor: Actor, report_id: str, instance_id: str) -> Allowed:
    """One film of a version, for the page of it; NotFound for the film of another exam."""
    actor.check(Act.PICTURE_LOOK)
    with station.store.change() as conn:
        signed, exam = _may_look(conn, station, actor, report_id)
        of_film = {
            c.form: c for c in instances.copies(conn, exam.id) if c.instance_id == instance_id
        }
        source = next((of_film[form] for form in FORMS if form in of_film), None)
        if source is None or MEASURED not in of_film:
            raise NotFound("display copy", instance_id)
        _note(conn, station, actor, (signed, exam), {"instance": instance_id})
    tall = height_of_pixel(of_film[MEASURED].meta)
    named = f"{source.sha256} {tall!r} {view_picture.EDITION}"
    return Allowed(source, tall, sha256(named.encode()).hexdigest())


def jpeg(station: Station, allowed: Allowed) -> bytes:
    """The picture between the words that say what it is not for."""
    return view_picture.review_picture(station.blobs.read(allowed.source.sha256), allowed.tall)


def marks_of(conn: Connection, signed: SignedReport) -> SignedMarks | None:
    """What was signed with a version; an addendum adds words to the marks of its original."""
    if signed.kind is not ReportKind.ADDENDUM:
        return marks.signed(conn, signed.id)
    before = [
        v
        for v in reports.versions(conn, signed.exam_id)
        if v.kind is ReportKind.ORIGINAL and v.version < signed.version
    ]
    return marks.signed(conn, before[-1].id) if before else None


def _may_look(
    conn: Connection, station: Station, actor: Actor, report_id: str
) -> tuple[SignedReport, Exam]:
    signed = reports.get(conn, report_id)
    exam = exams.get(conn, signed.exam_id, sites.scope_of(conn, actor, station.today()))
    if signed.released_at is None and not actor.may(Act.EXAM_OPEN):
        raise NotFound("report", report_id)
    return signed, exam


def _note(
    conn: Connection,
    station: Station,
    actor: Actor,
    looked: tuple[SignedReport, Exam],
    detail: Mapping[str, Any],
) -> None:
    signed, exam = looked
    now = station.now()
    if actor.site_code == exam.site_code and not actor.may(Act.DRAFT_WRITE):
        stamp = Event(
            exam_id=exam.id, kind=EventKind.SEEN_BY_SENDER, at=now, actor=actor.username,
            site_code=actor.site_code,
        )  # fmt: skip
        events.stamp(conn, stamp)
    audit.note(
        conn, now, chain=exam.site_code, actor=actor.username, act=Act.PICTURE_LOOK,
        object=f"report/{signed.id}", detail=detail,
    )  # fmt: skip


def _films(
    files: Sequence[Instance],
    copies: Sequence[DisplayCopy],
    signed: SignedMarks | None,
    signed_at: datetime,
) -> tuple[ViewFilm, ...]:
    metas = {c.instance_id: c.meta for c in copies if c.form == MEASURED}
    drawn = {f.instance_id: f.marks for f in signed.films} if signed else {}
    keys = {k.instance_id for k in signed.keys} if signed else set()
    found = [
        ViewFilm(
            file=one, number=number, meta=metas[one.id], marks=drawn.get(one.id, ()),
            key=one.id in keys, late=one.received_at > signed_at,
        )
        for number, one in enumerate(files, start=1)
        if one.id in metas
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda film: not film.key))
