"""Turns a report page into labelled lines in one language; no typesetting and no file here."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from workbench.domain.kinds import ExamKind
from workbench.domain.report import Certainty, Side
from workbench.domain.report_page import (
    PageAlert,
    PageCode,
    PageMark,
    PagePatient,
    PageSignature,
    ReportPage,
)
from workbench.language import label

Translate = Callable[[str], str]
RUNNING = 24  # characters of a name or number repeated on the following sheets
RED, BLUE = "#c00000", "#1f4e79"


def laid_out(page: ReportPage, translate: Translate) -> dict[str, object]:
    """Everything the template shows, as strings in lists and tables."""
    _ = translate
    marks = _marks(page, _)
    version = _("Version {number}").format(number=page.version)
    return {
        "lang": _("en"),  # the typesetter's code of this language, for line breaking
        "labels": _labels(page.kind, _),
        "reading": page.reading,
        "heading": page.title or _heading(page.kind, _),
        "institutions": "    ".join(
            [
                _pair(_("Examining institution"), page.examining, _),
                _pair(_("Reading institution"), page.reading, _),
            ]
        ),
        "version_line": version,
        "banner": " · ".join(marks),
        "watermark": marks,
        "watermark_size": 50 if len(marks) > 1 else 60,
        "watermark_colour": BLUE if page.mark is PageMark.FINAL else RED,
        "running_left": f"{page.reading} {page.title or _heading(page.kind, _)}",
        "running_right": _running(page),
        "table": _table(page, _),
        "retraction": _retraction(page, _),
        "later": _later(page, _),
        "findings": page.findings,
        "comparison": page.comparison,
        "impression": page.impression,
        "coded": [_coded(code, _) for code in page.coded],
        "alerts": [_alert(alert, page.time_zone, _) for alert in page.alerts],
        "signatures": _signatures(page, _),
        "addenda": _addenda(page, _),
        "times": _times(page, _),
        "wide": page.kind is ExamKind.ECG,
        "picture_caption": page.picture_caption,
        "digest": page.digest,
        "disclaimers": [
            _(
                "Algorithm prompts are not registered as a medical device and are for reference "
                "only; the signing doctor answers for the diagnosis."
            ),
            _("This software is not a registered medical device."),
        ],
    }


def _running(page: ReportPage) -> str:
    """Whose sheet this is, short; the first sheet says it in full."""
    words = (page.patient.name, page.patient.local_id, page.accession)
    return "  ".join(w if len(w) <= RUNNING else w[:RUNNING] + "\u2026" for w in words if w)


def _marks(page: ReportPage, _: Translate) -> list[str]:
    """Words across every sheet."""
    words = {
        PageMark.DRAFT: [_("Draft, not signed")],
        PageMark.PRELIMINARY: [_("Preliminary, waiting for review")],
        PageMark.FINAL: [],
        PageMark.RETRACTED: [_("Recalled, void")],
    }[page.mark]
    return [*words, _("Demonstration, not for care")] if page.demo else words


def _labels(kind: ExamKind, _: Translate) -> dict[str, str]:
    ecg = kind is ExamKind.ECG
    return {
        "colon": _(": "),
        "findings": _("ECG description") if ecg else _("Imaging findings"),
        "impression": _("ECG conclusion") if ecg else _("Imaging impression"),
        "comparison": _("Comparison with prior"),
        "coded": _("Coded findings"),
        "digest": _("SHA-256 of the signed content"),
    }


def _heading(kind: ExamKind, _: Translate) -> str:
    return {
        ExamKind.DR: _("Imaging report"),
        ExamKind.ECG: _("ECG report"),
        ExamKind.OTHER: _("Examination report"),
    }[kind]


def _table(page: ReportPage, _: Translate) -> list[list[tuple[str, str, int]]]:
    """Rows of (label, value, share of the width)."""
    empty = _("not given")
    patient, times = page.patient, page.times
    exam_time = clock(times.exam_start or times.exam_end, page.time_zone) or empty
    signed = page.signature.signed_at if page.signature else None
    return [
        [
            (_("Name"), patient.name or empty, 4),
            (_("Sex"), sex(patient, _), 2),
            (_("Age"), age(patient, _), 2),
            (_("Patient no."), patient.local_id or empty, 4),
        ],
        [
            (_("Accession no."), page.accession or empty, 4),
            (_("Exam kind"), label(page.kind, _), 4),
            (_("Body part"), page.body_part or empty, 4),
        ],
        [
            (_("Exam time"), exam_time, 6),
            (_("Report time"), clock(signed, page.time_zone) or empty, 6),
        ],
        [(_("Reason for the exam"), page.reason or empty, 12)],
    ]


def sex(patient: PagePatient, _: Translate) -> str:
    """Sex in words."""
    return {"M": _("male"), "F": _("female"), "O": _("other sex")}.get(
        patient.sex or "", _("not given")
    )


def age(patient: PagePatient, _: Translate) -> str:
    """Years; months below two years, days in the first month, as is usual for children."""
    years = patient.age_years
    if years is None or years < 0:
        return _("not given")
    if years >= 2:
        return _("{number} years").format(number=int(years))
    if years >= 1 / 12:
        return _("{number} months").format(number=int(years * 12 + 0.01))
    return _("{number} days").format(number=round(years * 365.2425))


def _coded(code: PageCode, _: Translate) -> str:
    parts = [code.code, code.text]
    if code.side is not Side.NONE:
        parts.append(label(code.side, _))
    if code.certainty is not Certainty.DEFINITE:
        parts.append(label(code.certainty, _))
    return " · ".join(parts)


def _alert(alert: PageAlert, zone: str, _: Translate) -> list[str]:
    unsaid = _("not recorded")
    told = clock(alert.notified_at, zone)
    lines = [_pair(_("Critical value"), alert.finding, _)]
    if told is None:
        lines.append(_("No notification is recorded."))
    else:
        lines.append(
            _("Told {at}: {notifier} to {receiver}, by {method}").format(
                at=told,
                notifier=alert.notifier or unsaid,
                receiver=alert.receiver or unsaid,
                method=alert.method or unsaid,
            )
        )
    lines.append(_pair(_("Read back"), alert.read_back or unsaid, _))
    lines.append(_pair(_("Acknowledged"), clock(alert.acknowledged_at, zone) or unsaid, _))
    return lines


def _signatures(page: ReportPage, _: Translate) -> list[str]:
    if page.signature is None:
        return [_("Not signed")]
    rows = [_signature(_("Reporting doctor"), page.signature, page.time_zone, _)]
    if page.countersignature is not None:
        rows.append(_signature(_("Reviewing doctor"), page.countersignature, page.time_zone, _))
    released = clock(page.times.released, page.time_zone)
    rows.append(_pair(_("Released at"), released or _("not released"), _))
    return rows


def _signature(role: str, signature: PageSignature, zone: str, _: Translate) -> str:
    return _("{role}: {doctor}   Licence no. {number}   Signed {at}").format(
        role=role,
        doctor=signature.name,
        number=signature.licence_number or _("not given"),
        at=clock(signature.signed_at, zone),
    )


def _addenda(page: ReportPage, _: Translate) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for addendum in sorted(page.addenda, key=lambda a: a.version):
        signed = [_signature(_("Reporting doctor"), addendum.signature, page.time_zone, _)]
        if addendum.digest:
            signed.append(_pair("SHA-256", addendum.digest, _))
        title = _("Addendum (version {number})").format(number=addendum.version)
        rows.append({"title": title, "text": addendum.text, "signatures": signed})
    return rows


def _retraction(page: ReportPage, _: Translate) -> str:
    if page.mark is not PageMark.RETRACTED:
        return ""
    return _("This report was recalled at {at} and is void. Reason: {reason}").format(
        at=clock(page.retracted_at, page.time_zone) or _("not recorded"),
        reason=page.retraction_reason or _("not recorded"),
    )


def _later(page: ReportPage, _: Translate) -> list[dict[str, str]]:
    """What was released after this version: nobody may take an old paper for the last word."""
    return [
        {
            "text": (
                _("An addendum (version {number}) was released at {at}; read it with this report.")
                if one.addendum
                else _("A new report (version {number}) was released at {at}.")
            ).format(number=one.version, at=clock(one.released_at, page.time_zone)),
            "address": one.address,
        }
        for one in page.later
    ]


def _times(page: ReportPage, _: Translate) -> list[tuple[str, str]]:
    times, zone, empty = page.times, page.time_zone, _("not recorded")
    return [
        (_("Exam end (device clock)"), clock(times.exam_end, zone, seconds=True) or empty),
        (_("Received"), clock(times.received, zone, seconds=True) or empty),
        (_("Released"), clock(times.released, zone, seconds=True) or empty),
        (_("Exam end to release"), _minutes(times.whole_minutes, _)),
        (_("Received to release"), _minutes(times.reading_minutes, _)),
    ]


LONG_MINUTES = 2 * 24 * 60  # an old film sent again: nobody reads its years in minutes


def _minutes(value: float | None, _: Translate) -> str:
    if value is None:
        return _("not computed")
    if value >= LONG_MINUTES:
        return _("{number} days").format(number=f"{value / (24 * 60):.0f}")
    return _("{number} min").format(number=f"{value:.1f}")


def clock(moment: datetime | None, zone: str, *, seconds: bool = False) -> str | None:
    """A time on paper, in the zone of the examining institution."""
    if moment is None:
        return None
    return moment.astimezone(ZoneInfo(zone)).strftime(
        "%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M"
    )


def _pair(name: str, value: str, _: Translate) -> str:
    return f"{name}{_(': ')}{value}"
