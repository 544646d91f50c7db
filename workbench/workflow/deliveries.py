"""From a signed version to paper: the PDF, its way to the sender, and who looked at it."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from workbench import editions, language
from workbench.domain.actor import Act, Actor
from workbench.domain.alert import AlertMove, AlertState
from workbench.domain.errors import NotFound
from workbench.domain.event import Event, EventKind
from workbench.domain.finding import FindingTerm
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import age_on
from workbench.domain.report import CodedFinding, ReportKind, SignedReport
from workbench.domain.report_page import (
    PageAddendum,
    PageAlert,
    PageCode,
    PageMark,
    PagePatient,
    PageSignature,
    PageTimes,
    ReportPage,
)
from workbench.formats.report_pdf import render_report
from workbench.store import (
    alerts,
    audit,
    events,
    exams,
    homes,
    instances,
    reports,
    sites,
)
from workbench.store.database import Connection
from workbench.store.reports import Handover, Retraction
from workbench.workflow.station import Station

WORKER = "worker"
OUTBOX_FOLDER, OUTBOX_FILE = 0o750, 0o640  # the hospital's own programs by group; nobody else


def deliver(station: Station, report_id: str, status: str) -> None:
    """Print a version and hand it over by page and outbox; running it twice changes nothing."""
    with station.store.look() as conn:
        signed = reports.get(conn, report_id)
        if status == "released" and reports.retractions(conn, [report_id]):
            return  # taken back before it went out: only the retraction goes
        exam = exams.get(conn, signed.exam_id, None)
        page = page_of(conn, station, signed, "zh_CN")
        zone = sites.get(conn, exam.site_code).time_zone
    result = render_report(page, language.translator("zh_CN"))
    blob = station.blobs.put(result.data)
    day = signed.signed_at.astimezone(ZoneInfo(zone))
    name = f"{day:%Y%m%d-%H%M%S}-{report_id[:12]}-v{signed.version}"
    folder = station.settings.outbox / exam.site_code
    _write(folder / f"{name}-{status}.pdf", result.data)
    content = {
        "report": report_id, "exam": exam.id, "key": exam.key, "status": status,
        "version": signed.version, "kind": signed.kind, "digest": signed.digest,
        "signed_at": signed.signed_at.isoformat(), "accession": exam.accession,
        "body": signed.body.as_dict(), "facts": dict(signed.facts), "pdf_sha256": blob.sha256,
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    _write(folder / f"{name}-{status}.json", text.encode())
    now = station.now()
    with station.store.change() as conn:
        for channel in ("page", "outbox"):
            new = Handover(
                report_id=report_id, status=status, channel=channel, site_code=exam.site_code,
                sha256=blob.sha256, at=now,
            )  # fmt: skip
            if reports.delivered(conn, new) and channel == "outbox":
                stamp = Event(
                    exam_id=exam.id, kind=EventKind.DELIVERED, at=now, actor=WORKER,
                    site_code=exam.site_code,
                )  # fmt: skip
                events.stamp(conn, stamp)
                audit.note(
                    conn, now, chain=exam.site_code, actor=WORKER, act="report.deliver",
                    object=f"report/{report_id}",
                    detail={"status": status, "sha256": blob.sha256},
                )  # fmt: skip


def pdf(station: Station, actor: Actor, report_id: str) -> bytes:
    """The paper of a version as it stands now; the first look from the sender's side is stamped."""
    actor.check(Act.REPORT_READ)
    now = station.now()
    with station.store.change() as conn:
        signed = reports.get(conn, report_id)
        exam = exams.get(conn, signed.exam_id, sites.scope_of(conn, actor, station.today()))
        own = actor.site_code == exam.site_code and not actor.may(Act.DRAFT_WRITE)
        if own and signed.released_at is None:
            raise NotFound("report", report_id)  # the sender sees released versions only
        if own:
            stamp = Event(
                exam_id=exam.id, kind=EventKind.SEEN_BY_SENDER, at=now, actor=actor.username,
                site_code=actor.site_code,
            )  # fmt: skip
            events.stamp(conn, stamp)
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=Act.REPORT_READ,
            object=f"report/{report_id}",
        )  # fmt: skip
        gone = reports.retractions(conn, [report_id])
        wanted = "retracted" if gone else "released"
        known = [h for h in reports.deliveries(conn, report_id) if h.status == wanted]
        if known and actor.language == "zh_CN":
            return station.blobs.read(known[0].sha256)
        page = page_of(conn, station, signed, actor.language)
    return render_report(page, language.translator(actor.language)).data


def page_of(conn: Connection, station: Station, signed: SignedReport, lang: str) -> ReportPage:
    """Everything that stands on the paper of this version."""
    exam = exams.get(conn, signed.exam_id, None)
    versions = reports.versions(conn, exam.id)
    gone = reports.retractions(conn, [v.id for v in versions]).get(signed.id)
    first = _original(versions, signed)
    facts: Mapping[str, Any] = signed.facts
    patient, order, kind = facts["patient"], facts["order"] or {}, ExamKind(exam.kind)
    terms = editions.finding_terms()
    mark = _mark(signed, gone)
    zone = sites.get(conn, exam.site_code).time_zone
    day = (exam.exam_end or exam.received_at).astimezone(ZoneInfo(zone)).date()
    birth = patient.get("birth_date")
    return ReportPage(
        kind=kind,
        mark=mark,
        examining=facts["sites"]["examining"],
        reading=facts["sites"]["reading"],
        patient=PagePatient(
            name=patient["name"],
            # "?" marks a number the house made up because the file had none
            local_id="" if patient["local_id"].startswith("?") else patient["local_id"],
            sex=patient.get("sex"),
            age_years=age_on(datetime.fromisoformat(birth).date() if birth else None, day),
        ),
        findings=first.body.findings,
        impression=first.body.impression,
        demo=homes.nature(conn) == "demo",
        accession=exam.accession,
        body_part=_part(exam.body_part, lang),
        reason=order.get("reason", ""),
        coded=tuple(_code(c, terms, lang) for c in first.body.coded),
        alerts=_alerts(conn, exam.id, terms, lang),
        signature=PageSignature(
            name=first.author_name, licence_number=first.licence_number, signed_at=first.signed_at
        ),
        countersignature=_second(conn, first),
        version=signed.version,
        addenda=tuple(
            PageAddendum(
                version=v.version,
                text=v.body.findings,
                signature=PageSignature(
                    name=v.author_name, licence_number=v.licence_number, signed_at=v.signed_at
                ),
                digest=v.digest,
            )
            for v in versions
            if v.kind is ReportKind.ADDENDUM and first.version < v.version <= signed.version
        ),
        times=PageTimes(
            exam_start=exam.exam_start,
            exam_end=exam.exam_end,
            received=exam.received_at,
            released=first.released_at,
        ),
        retracted_at=gone.at if gone else None,
        retraction_reason=gone.reason if gone else "",
        digest=first.digest,
        picture=_picture(conn, station, exam.id),
        time_zone=zone,
    )


def _part(body_part: str, lang: str) -> str:
    """The DICOM word for a part of the body in the language of the page."""
    if not body_part:
        return ""
    return language.translator(lang)(f"BodyPart{language.CONTEXT_MARK}{body_part.upper()}")


def _original(versions: list[SignedReport], signed: SignedReport) -> SignedReport:
    """The original an addendum belongs to: the last one before it."""
    return [v for v in versions if v.kind is ReportKind.ORIGINAL and v.version <= signed.version][
        -1
    ]


def _mark(signed: SignedReport, gone: Retraction | None) -> PageMark:
    if gone is not None:
        return PageMark.RETRACTED
    return PageMark.FINAL if signed.released_at is not None else PageMark.PRELIMINARY


def _code(coded: CodedFinding, terms: Mapping[str, FindingTerm], lang: str) -> PageCode:
    term = terms[coded.code]
    text = term.zh if lang == "zh_CN" else term.en
    return PageCode(code=coded.code, text=text, side=coded.side, certainty=coded.certainty)


def _second(conn: Connection, first: SignedReport) -> PageSignature | None:
    if first.countersigned_by is None or first.released_at is None:
        return None
    licence = reports.releaser_licence(conn, first.id)
    return PageSignature(
        name=first.countersigned_by, licence_number=licence, signed_at=first.released_at
    )


def _alerts(
    conn: Connection, exam_id: str, terms: Mapping[str, FindingTerm], lang: str
) -> tuple[PageAlert, ...]:
    pages = []
    for alert in alerts.of_exam(conn, exam_id):
        if alert.state in (AlertState.DETECTED, AlertState.DISMISSED):
            continue
        term, calls, seen = terms[alert.code], [], None
        for step in alerts.steps(conn, alert.id):
            if step.move == AlertMove.NOTIFY:
                calls.append(step)
            if step.move == AlertMove.ACKNOWLEDGE:
                seen = step.at
        last = calls[-1] if calls else None
        pages.append(
            PageAlert(
                finding=term.zh if lang == "zh_CN" else term.en,
                notified_at=datetime.fromisoformat(last.detail["called_at"]) if last else None,
                notifier=last.actor if last else "",
                receiver=last.detail["receiver"] if last else "",
                method=last.detail["method"] if last else "",
                read_back=last.detail["read_back"] if last else "",
                acknowledged_at=seen,
            )
        )
    return tuple(pages)


def _picture(conn: Connection, station: Station, exam_id: str) -> bytes | None:
    for copy in instances.copies(conn, exam_id):
        if copy.form == "preview":
            return station.blobs.read(copy.sha256)
    return None


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: a program that empties the outbox never meets half a file."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=OUTBOX_FOLDER, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        os.fchmod(file.fileno(), OUTBOX_FILE)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def papers(station: Station, actor: Actor, exam_id: str) -> list[tuple[str, bytes]]:
    """Every signed version of an exam as (file name, PDF), for the person at the machine."""
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, None)
        audit.note(
            conn, station.now(), chain=exam.site_code, actor=actor.username, act="report.export",
            object=f"exam/{exam_id}",
        )  # fmt: skip
        pages = [(v, page_of(conn, station, v, "zh_CN")) for v in reports.versions(conn, exam_id)]
    say = language.translator("zh_CN")
    return [(f"{exam_id}-v{v.version}.pdf", render_report(p, say).data) for v, p in pages]
