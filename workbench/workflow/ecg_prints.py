"""Printing a tracing as it is on the screen: who may, what is on the paper, who did it when."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

from workbench import language
from workbench.domain.actor import Act, Actor
from workbench.domain.ecg_sheet import EcgLook, SheetReading
from workbench.domain.errors import Invalid
from workbench.domain.exam import Exam
from workbench.domain.patient import age_on
from workbench.domain.report import ReportKind, SignedReport
from workbench.domain.report_page import PageMark, PagePatient
from workbench.ecg.paper import GAINS, SPEEDS
from workbench.ecg.paper_rows import LAYOUTS, ORDERS
from workbench.ecg.view_filters import HIGH_PASS, LOW_PASS
from workbench.formats.ecg_sheet_pdf import render_ecg
from workbench.store import audit, exams, homes, instances, patients, reports, sites
from workbench.store.database import Connection
from workbench.workflow.ecg_sheets import TRACE, Around, of_instance
from workbench.workflow.station import Station

LONGEST_LEAD = 16  # characters of a lead's name


def look_of(asked: Mapping[str, str]) -> EcgLook:
    """The look that an address asks for; anything a viewer does not offer is refused by name."""
    plain = EcgLook()
    start = _number(asked, "from_s", plain.from_s)
    if start < 0:
        raise Invalid("start of the print", start, "0 or more seconds")
    return EcgLook(
        layout=_word(asked, "layout", LAYOUTS),
        order=_word(asked, "order", ORDERS),
        speed=_one_of(asked, "speed", SPEEDS, plain.speed),
        gain=_one_of(asked, "gain", GAINS, plain.gain),
        high_pass=_one_of(asked, "high_pass", HIGH_PASS, plain.high_pass),
        low_pass=_one_of(asked, "low_pass", LOW_PASS, plain.low_pass),
        notch=asked.get("notch", "0") == "1",
        from_s=start,
        rhythm=asked.get("rhythm", plain.rhythm)[:LONGEST_LEAD],
    )


def print_tracing(station: Station, actor: Actor, instance_id: str, look: EcgLook) -> bytes:
    """The PDF of one tracing with this look; that it was printed stands in the audit."""
    actor.check(Act.EXAM_OPEN)
    now = station.now()
    with station.store.change() as conn:
        scope = sites.scope_of(conn, actor, station.today())
        _, exam_id = instances.copy_for(conn, instance_id, TRACE, scope)
        exam = exams.get(conn, exam_id, scope)
        around = _around(conn, actor, exam, now)
        sheet = of_instance(conn, station, exam, (instance_id, look), around, actor.language)
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act="ecg.print",
            object=f"exam/{exam_id}", detail={"instance": instance_id, **asdict(look)},
        )  # fmt: skip
    return render_ecg([sheet], language.translator(actor.language)).data


def _around(conn: Connection, actor: Actor, exam: Exam, now: datetime) -> Around:
    site = sites.get(conn, exam.site_code)
    patient = patients.get(conn, exam.patient_id)
    day = exam.taken_at.astimezone(ZoneInfo(site.time_zone)).date()
    versions = reports.versions(conn, exam.id)
    signed = _last_original(versions)
    facts: Mapping[str, Any] = signed.facts if signed else {}
    reading = facts["sites"]["reading"] if signed else sites.get(conn, actor.site_code).name
    return Around(
        examining=site.name,
        reading=reading,
        patient=PagePatient(
            name=patient.name,
            # "?" marks a number the house made up because the file had none
            local_id="" if patient.local_id.startswith("?") else patient.local_id,
            sex=patient.sex,
            age_years=age_on(patient.birth_date, day),
        ),
        demo=homes.nature(conn) == "demo",
        time_zone=site.time_zone,
        report=_reading(conn, signed, versions) if signed else None,
        printed_at=now,
        printed_by=actor.name,
    )


def _last_original(versions: Sequence[SignedReport]) -> SignedReport | None:
    originals = [v for v in versions if v.kind is ReportKind.ORIGINAL]
    return originals[-1] if originals else None


def _reading(
    conn: Connection, signed: SignedReport, versions: Sequence[SignedReport]
) -> SheetReading:
    if reports.retractions(conn, [signed.id]):
        mark = PageMark.RETRACTED
    else:
        mark = PageMark.PRELIMINARY if signed.released_at is None else PageMark.FINAL
    return SheetReading(
        mark=mark,
        impression=signed.body.impression,
        doctor=signed.author_name,
        signed_at=signed.signed_at,
        addenda=sum(v.version > signed.version for v in versions),
    )


def _word(asked: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    word = asked.get(name, allowed[0])
    if word not in allowed:
        raise Invalid(name, word, ", ".join(allowed))
    return word


def _one_of(asked: Mapping[str, str], name: str, allowed: tuple[float, ...], usual: float) -> float:
    value = _number(asked, name, usual)
    if value not in allowed:
        raise Invalid(name.replace("_", " "), value, ", ".join(f"{one:g}" for one in allowed))
    return value


def _number(asked: Mapping[str, str], name: str, usual: float) -> float:
    try:
        value = float(asked.get(name, usual))
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise Invalid(name.replace("_", " "), asked[name], "a number")
    return value
