"""From a signed version to paper: the PDF, its way to the sender, and who looked at it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from workbench import language
from workbench.domain.actor import Act, Actor
from workbench.domain.errors import NotFound
from workbench.domain.event import Event, EventKind
from workbench.domain.report import SignedReport
from workbench.formats.report_pdf import render_report
from workbench.store import (
    audit,
    events,
    exams,
    marks,
    reports,
    sites,
)
from workbench.store.reports import Handover
from workbench.workflow import ecg_sheets
from workbench.workflow.report_pages import later, page_of
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
        tracings = ecg_sheets.of_report(conn, station, exam, page, "zh_CN")
        zone = sites.get(conn, exam.site_code).time_zone
        objects = [o.uid for o in marks.objects(conn, exam.id) if o.report_id == report_id]
    result = render_report(page, language.translator("zh_CN"), tracings)
    blob = station.blobs.put(result.data)
    name = file_name(signed, zone)
    folder = station.settings.outbox / exam.site_code
    put_out(folder / f"{name}-{status}.pdf", result.data)
    content = {
        "report": report_id, "exam": exam.id, "key": exam.key, "status": status,
        "version": signed.version, "kind": signed.kind, "digest": signed.digest,
        "signed_at": signed.signed_at.isoformat(), "accession": exam.accession,
        "body": signed.body.as_dict(), "facts": dict(signed.facts), "pdf_sha256": blob.sha256,
        # of a report that is taken back: what an archive may hold of it
        "objects": objects,
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    put_out(folder / f"{name}-{status}.json", text.encode())
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


def pdf(
    station: Station,
    actor: Actor,
    report_id: str,
    address: Callable[[str], str] = lambda _: "",
) -> bytes:
    """The paper of a version as it stands now; the first look from the sender's side is stamped.

    A version that others followed says so, with their `address` when there is one.
    """
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
        followed = later(reports.versions(conn, exam.id), signed, address)
        if known and actor.language == "zh_CN" and not followed:
            return station.blobs.read(known[0].sha256)
        page = page_of(conn, station, signed, actor.language, address)
        tracings = ecg_sheets.of_report(conn, station, exam, page, actor.language)
    return render_report(page, language.translator(actor.language), tracings).data


def file_name(signed: SignedReport, zone: str) -> str:
    """What the files of a version begin with, in the zone of the examining institution."""
    day = signed.signed_at.astimezone(ZoneInfo(zone))
    return f"{day:%Y%m%d-%H%M%S}-{signed.id[:12]}-v{signed.version}"


def put_out(path: Path, data: bytes) -> None:
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
        pages = []
        for version in reports.versions(conn, exam_id):
            page = page_of(conn, station, version, "zh_CN")
            tracings = ecg_sheets.of_report(conn, station, exam, page, "zh_CN")
            pages.append((f"{exam_id}-v{version.version}.pdf", page, tracings))
    say = language.translator("zh_CN")
    return [(name, render_report(page, say, tracings).data) for name, page, tracings in pages]
