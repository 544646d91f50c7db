"""Reports: drafts saved on every change, signed versions that never change, addenda, retraction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.alert import UNANSWERED
from workbench.domain.errors import (
    Invalid,
    Leased,
    NotPermitted,
    ReportIncomplete,
    Stale,
    UnseenImage,
)
from workbench.domain.event import Event, EventKind
from workbench.domain.exam import Exam, ExamMove
from workbench.domain.finding import Severity
from workbench.domain.report import (
    Draft,
    ReportBody,
    ReportKind,
    SignedReport,
    problems,
)
from workbench.store import alerts, audit, events, exams, jobs, reports, sites
from workbench.store.database import Connection
from workbench.workflow.alerts import ensure_confirmed
from workbench.workflow.prior_tracings import judge_later_ones
from workbench.workflow.severity import worst_open
from workbench.workflow.signatures import licence_of, sign_version
from workbench.workflow.signed_marks import check_revisions
from workbench.workflow.standing import contradictions
from workbench.workflow.station import Station


def save_draft(station: Station, actor: Actor, exam_id: str, body: ReportBody, seen: int) -> Draft:
    """Save the text over revision `seen` (0 when there was none)."""
    actor.check(Act.DRAFT_WRITE)
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        exam.moved(ExamMove.SIGN)  # refuses with the allowed moves when it is not to be reported
        check_held(exam, actor, now)
        new = Draft(
            exam_id=exam_id, body=body, author=actor.username, revision=seen + 1, saved_at=now
        )
        reports.save_draft(conn, new)
        if _stamp(conn, exam, actor, EventKind.DRAFT_SAVED, now):
            audit.note(
                conn, now, chain=exam.site_code, actor=actor.username, act=Act.DRAFT_WRITE,
                object=f"exam/{exam_id}",
            )  # fmt: skip
    return new


def sign(
    station: Station,
    actor: Actor,
    exam_id: str,
    seen: int,
    images: int | None = None,
    marks: Mapping[str, int] | None = None,
) -> SignedReport:
    """Sign the draft of revision `seen`; where one signature is enough it is released at once.

    `images` is how many the reader had on the screen; with more of them it is UnseenImage. `marks`
    are the revisions of the marks on the screen by film; others kept meanwhile are Stale.
    """
    actor.check(Act.REPORT_SIGN)
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        actor.check_licence(Act.REPORT_SIGN, exam.kind, station.today())
        check_held(exam, actor, now)
        after = exam.moved(ExamMove.SIGN)
        draft = reports.draft_of(conn, exam_id)
        if draft is None or draft.revision != seen:
            raise Stale("draft", exam_id)
        check_seen(exam, images)
        check_revisions(conn, exam, marks)
        _check_body(conn, station, actor, (exam, draft.body))
        signed = sign_version(conn, station, actor, exam, (draft.body, ReportKind.ORIGINAL))
        reports.drop_draft(conn, exam_id)
        _stamp(conn, exam, actor, EventKind.SIGNED, now)
        severity = worst_open(conn, exam)  # a critical code just signed stands until it is told
        exams.move(conn, exam, replace(after, lease_by=None, lease_until=None, severity=severity))
        if sites.get(conn, actor.site_code).signatures == 1:
            signed = _release(conn, station, actor, signed, second=False)
    return signed


def countersign(
    station: Station,
    actor: Actor,
    exam_id: str,
    seen: int | None = None,
    images: int | None = None,
) -> SignedReport:
    """The second signature: another person than the author releases the version.

    `seen` is the version on the screen; a newer one, signed meanwhile, is refused as Stale, and
    more than the `images` on the screen as UnseenImage.
    """
    actor.check(Act.REPORT_COUNTERSIGN)
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        actor.check_licence(Act.REPORT_COUNTERSIGN, exam.kind, station.today())
        exam.moved(ExamMove.RELEASE)
        last = reports.versions(conn, exam_id)[-1]
        if seen is not None and last.version != seen:
            raise Stale("report", exam_id)
        check_seen(exam, images)
        _same_institution(actor, last)
        faults = _unjudged(conn, exam)
        if faults:  # found by the screening after the first signature
            raise ReportIncomplete(faults)
        if last.author == actor.username:
            raise NotPermitted(
                actor.username, Act.REPORT_COUNTERSIGN, "the second signature must be another's"
            )
        _stamp(conn, exam, actor, EventKind.COUNTERSIGNED, now)
        return _release(conn, station, actor, last, second=True)


def send_back(station: Station, actor: Actor, exam_id: str, reason: str) -> None:
    """The second reader returns a signed version with a reason; its text becomes a draft again."""
    actor.check(Act.REPORT_COUNTERSIGN)
    _needs(reason, "why it goes back to the author")
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        actor.check_licence(Act.REPORT_COUNTERSIGN, exam.kind, station.today())
        after = exam.moved(ExamMove.RETURN)
        last = reports.versions(conn, exam_id)[-1]
        _same_institution(actor, last)
        # free for its author: whoever sent it back holds it no longer
        exams.move(conn, exam, replace(after, lease_by=None, lease_until=None))
        again = Draft(exam_id=exam_id, body=last.body, author=last.author, revision=1, saved_at=now)
        reports.save_draft(conn, again)
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act="report.return",
            object=f"report/{last.id}", detail={"reason": reason},
        )  # fmt: skip


def _same_institution(actor: Actor, last: SignedReport) -> None:
    """Both signatures stand for the reading institution."""
    if actor.site_code != last.reading_site:
        reason = "the second signature belongs to the reading institution"
        raise NotPermitted(actor.username, Act.REPORT_COUNTERSIGN, reason)


def add(
    station: Station, actor: Actor, exam_id: str, text: str, images: int | None = None
) -> SignedReport:
    """An addendum: the only way a released report changes; it answers a late image as well."""
    actor.check(Act.REPORT_SIGN)
    _needs(text, "what is to be added or corrected")
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        actor.check_licence(Act.REPORT_SIGN, exam.kind, station.today())
        two = sites.get(conn, actor.site_code).signatures == 2
        if two:
            actor.check(Act.REPORT_COUNTERSIGN)  # an addendum goes out at once: a second reader's
        exam.moved(ExamMove.AMEND)
        check_seen(exam, images)
        body = ReportBody(findings=text.strip())
        signed = sign_version(conn, station, actor, exam, (body, ReportKind.ADDENDUM))
        _stamp(conn, exam, actor, EventKind.AMENDED, now)
        return _release(conn, station, actor, signed, second=two)


def retract(station: Station, actor: Actor, exam_id: str, reason: str) -> None:
    """Take a released report back, with a reason; the exam returns to the list."""
    actor.check(Act.REPORT_RETRACT)
    _needs(reason, "why the report no longer holds")
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        versions = reports.versions(conn, exam_id)
        gone = reports.retractions(conn, [v.id for v in versions])
        after = exam.moved(ExamMove.RETRACT)
        for version in versions:
            if version.released_at is not None and version.id not in gone:
                reports.retract(conn, version.id, now, (actor.username, actor.name), reason.strip())
                _send(conn, version.id, "retracted")
                audit.note(
                    conn, now, chain=exam.site_code, actor=actor.username, act=Act.REPORT_RETRACT,
                    object=f"report/{version.id}", detail={"reason": reason.strip()},
                )  # fmt: skip
        exams.move(conn, exam, replace(after, released_at=None, recheck_since=None))
        judge_later_ones(conn, station, exam)
        _stamp(conn, exam, actor, EventKind.RETRACTED, now)


def check_seen(exam: Exam, images: int | None) -> None:
    """Raise UnseenImage when the exam holds other images than the `images` on the screen."""
    if images is not None and exam.images != images:
        raise UnseenImage


def _check_body(
    conn: Connection, station: Station, actor: Actor, written: tuple[Exam, ReportBody]
) -> None:
    exam, body = written
    terms = editions.finding_terms()
    faults = [
        *problems(body, terms, exam.kind),
        *_unjudged(conn, exam),
        *contradictions(conn, exam, body),
    ]
    if faults:
        raise ReportIncomplete(faults)
    for coded in body.coded:
        if terms[coded.code].severity is Severity.CRITICAL:
            # A critical code in a signed report is a critical value, flagged before or not.
            ensure_confirmed(conn, station, actor, (exam, coded.code, body.impression))


def _unjudged(conn: Connection, exam: Exam) -> list[str]:
    return [
        f"the flag {a.code} is neither confirmed nor dismissed"
        for a in alerts.of_exam(conn, exam.id)
        if a.state in UNANSWERED
    ]


def _release(
    conn: Connection, station: Station, actor: Actor, signed: SignedReport, *, second: bool
) -> SignedReport:
    now = station.now()
    before = exams.get(conn, signed.exam_id, None, lock=True)
    move = ExamMove.AMEND if signed.kind is ReportKind.ADDENDUM else ExamMove.RELEASE
    # whoever adds has every image before them: see `add`
    after = replace(before.moved(move), lease_by=None, lease_until=None, recheck_since=None)
    if signed.kind is ReportKind.ORIGINAL:
        after = replace(after, released_at=now)
        _stamp(conn, before, actor, EventKind.RELEASED, now)
    exams.move(conn, before, after)
    licence = licence_of(actor)
    by = (actor.username, actor.name, licence)
    reports.release(conn, signed.id, now, by, second=second)
    _send(conn, signed.id, "released")
    judge_later_ones(conn, station, after)  # what a doctor signed outweighs the screening
    if "marks" in signed.facts:
        jobs.defer(
            conn, "write_mark_objects", {"report_id": signed.id}, queue="deliver",
            queueing_lock=f"{signed.id}:objects",
        )  # fmt: skip
    audit.note(
        conn, now, chain=before.site_code, actor=actor.username,
        act=Act.REPORT_COUNTERSIGN if second else "report.release", object=f"report/{signed.id}",
        detail={"name": actor.name, "licence": licence, "digest": signed.digest},
    )  # fmt: skip
    return replace(signed, released_at=now, countersigned_by=actor.name if second else None)


def _send(conn: Connection, report_id: str, status: str) -> None:
    jobs.defer(
        conn, "deliver_report", {"report_id": report_id, "status": status}, queue="deliver",
        lock=report_id,  # one after the other: a retraction never goes out before its report
        queueing_lock=f"{report_id}:{status}",
    )  # fmt: skip


def check_held(exam: Exam, actor: Actor, now: datetime) -> None:
    """Only the reader who holds the exam may write; an expired lease is nobody's."""
    if exam.holder(now) not in (None, actor.username) and exam.lease_until:
        raise Leased(exam.lease_by or "", exam.lease_until.isoformat(timespec="minutes"))


def _stamp(conn: Connection, exam: Exam, actor: Actor, kind: EventKind, now: datetime) -> bool:
    new = Event(exam_id=exam.id, kind=kind, at=now, actor=actor.username, site_code=actor.site_code)
    return events.stamp(conn, new)


def _needs(text: str, expected: str) -> None:
    if not text.strip():
        raise Invalid("text", text, expected)
