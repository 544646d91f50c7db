"""What stands on the paper of a signed version, gathered from its rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from workbench import editions, language
from workbench.domain.alert import AlertMove, AlertState
from workbench.domain.finding import FindingTerm
from workbench.domain.kinds import ExamKind
from workbench.domain.patient import age_on
from workbench.domain.report import CodedFinding, ReportKind, SignedReport
from workbench.domain.report_page import (
    PageAddendum,
    PageAlert,
    PageCode,
    PageLater,
    PageMark,
    PagePatient,
    PageSignature,
    PageTimes,
    ReportPage,
)
from workbench.store import alerts, exams, homes, instances, reports, sites
from workbench.store.database import Connection
from workbench.store.instances import DisplayCopy
from workbench.store.reports import Retraction
from workbench.workflow.station import Station

FILM, AS_IT_CAME = "preview", "picture"  # forms of the copies that a report shows


def page_of(
    conn: Connection,
    station: Station,
    signed: SignedReport,
    lang: str,
    address: Callable[[str], str] = lambda _: "",
) -> ReportPage:
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
    day = exam.taken_at.astimezone(ZoneInfo(zone)).date()
    birth = patient.get("birth_date")
    shown = _picture(conn, exam.id)
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
        later=later(versions, signed, address),
        times=PageTimes(
            exam_start=exam.exam_start,
            exam_end=exam.exam_end,
            received=exam.received_at,
            released=first.released_at,
        ),
        retracted_at=gone.at if gone else None,
        retraction_reason=gone.reason if gone else "",
        digest=first.digest,
        picture=station.blobs.read(shown.sha256) if shown else None,
        picture_caption=caption_of(shown, lang) if shown else "",
        time_zone=zone,
    )


def _part(body_part: str, lang: str) -> str:
    """The part of the body in the language of the page."""
    code = editions.body_parts().code(body_part)
    if code is None:
        return body_part.strip()  # printed as the file has it: the sender knows their own words
    return language.translator(lang)(f"BodyPart{language.CONTEXT_MARK}{code}")


def _original(versions: list[SignedReport], signed: SignedReport) -> SignedReport:
    """The original an addendum belongs to: the last one before it."""
    return [v for v in versions if v.kind is ReportKind.ORIGINAL and v.version <= signed.version][
        -1
    ]


def later(
    versions: Sequence[SignedReport], signed: SignedReport, address: Callable[[str], str]
) -> tuple[PageLater, ...]:
    """Versions released after this one; an addendum holds the original, so nothing else is new."""
    return tuple(
        PageLater(
            version=v.version,
            addendum=v.kind is ReportKind.ADDENDUM,
            released_at=v.released_at,
            address=address(v.id),
        )
        for v in versions
        if v.version > signed.version and v.released_at is not None
    )


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


def _picture(conn: Connection, exam_id: str) -> DisplayCopy | None:
    """The film, or the ECG that came as a picture; tracings have sheets of their own."""
    return next((c for c in instances.copies(conn, exam_id) if c.form in (FILM, AS_IT_CAME)), None)


def caption_of(shown: DisplayCopy, lang: str) -> str:
    """What must be known of a picture on paper, where nobody can ask the page about it."""
    if shown.form != AS_IT_CAME:
        return ""
    _ = language.translator(lang)
    said = [
        _("CANNOT BE MEASURED: an ECG that came as a picture, printed as it came, not to scale")
    ]
    pages = int(shown.meta.get("pages", 1))
    if pages > 1:
        said.append(_("page 1 of {pages}, the others are not printed").format(pages=pages))
    return _("; ").join(said)
