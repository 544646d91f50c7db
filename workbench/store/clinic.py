"""The sender's view: exams of one institution with their times and released reports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.event import EventKind
from workbench.domain.exam import Exam
from workbench.domain.report import ReportKind
from workbench.store.exams import read
from workbench.store.schema import (
    clinic_order,
    display_copy,
    event,
    exam,
    instance,
    patient,
    report_release,
    retraction,
    signed_report,
    site,
)
from workbench.store.sites import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One released version as its sender sees it."""

    report_id: str
    version: int
    kind: ReportKind
    author_name: str
    released_at: datetime
    retracted_at: datetime | None
    retraction_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnExam:
    """One exam the institution sent."""

    exam: Exam
    patient_name: str
    sex: str | None
    birth_date: Any
    local_id: str
    reason: str
    times: Mapping[EventKind, datetime]
    papers: tuple[Paper, ...]
    time_zone: str = "Asia/Shanghai"
    gate: tuple[str, ...] = ()  # what speaks against its tracings, once they were read


_SHOWN = (EventKind.EXAM_END, EventKind.RECEIVED, EventKind.FIRST_OPEN, EventKind.RELEASED,
          EventKind.DELIVERED, EventKind.SEEN_BY_SENDER, EventKind.AMENDED, EventKind.RECHECKED,
          EventKind.RETRACTED)  # fmt: skip

_LAST = (EventKind.EXAM_END, EventKind.AMENDED, EventKind.RECHECKED, EventKind.RETRACTED)


def own_exams(
    conn: sa.Connection, scope: Scope, site_code: str, since: datetime, limit: int
) -> list[OwnExam]:
    """Exams of one institution inside the scope since a time, newest first."""
    wanted = (exam.c.received_at >= since,)
    return _found(conn, scope, site_code, wanted, limit)


def these(
    conn: sa.Connection, scope: Scope, site_code: str, exam_ids: Collection[str]
) -> list[OwnExam]:
    """These exams of one institution, as far as they lie inside the scope."""
    wanted = (exam.c.id.in_(list(exam_ids)),)
    return _found(conn, scope, site_code, wanted, len(exam_ids))


def _found(
    conn: sa.Connection,
    scope: Scope,
    site_code: str,
    wanted: tuple[sa.ColumnElement[bool], ...],
    limit: int,
) -> list[OwnExam]:
    query = (
        sa.select(
            exam, patient.c.name, patient.c.sex, patient.c.birth_date, patient.c.local_id,
            sa.func.coalesce(clinic_order.c.reason, "").label("reason"), site.c.time_zone,
        )
        .join(site, site.c.code == exam.c.site_code)
        .join(patient, patient.c.id == exam.c.patient_id)
        .outerjoin(clinic_order, clinic_order.c.id == exam.c.order_id)
        .where(
            exam.c.site_code == site_code,
            *wanted,
            scope.clause(exam.c.site_code, exam.c.kind),
        )
        .order_by(exam.c.received_at.desc())
        .limit(limit)
    )  # fmt: skip
    rows = list(conn.execute(query).mappings())
    keys = [r["id"] for r in rows]
    times, papers, gates = _times(conn, keys), _papers(conn, keys), _gates(conn, keys)
    return [
        OwnExam(
            exam=read({c.name: r[c.name] for c in exam.c}),
            patient_name=r["name"],
            sex=r["sex"],
            birth_date=r["birth_date"],
            local_id=r["local_id"],
            reason=r["reason"],
            times=times.get(r["id"], {}),
            papers=tuple(papers.get(r["id"], ())),
            time_zone=r["time_zone"],
            gate=gates.get(r["id"], ()),
        )
        for r in rows
    ]


def _times(conn: sa.Connection, keys: list[str]) -> dict[str, dict[EventKind, datetime]]:
    # what may happen again is shown as it stands now, all else as it was first
    again = event.c.kind.in_([k.value for k in _LAST])
    when = sa.case((sa.func.bool_or(again), sa.func.max(event.c.at)), else_=sa.func.min(event.c.at))
    first = (
        sa.select(event.c.exam_id, event.c.kind, when.label("at"))
        .where(event.c.exam_id.in_(keys), event.c.kind.in_([k.value for k in _SHOWN]))
        .group_by(event.c.exam_id, event.c.kind)
    )
    found: dict[str, dict[EventKind, datetime]] = {}
    for row in conn.execute(first):
        found.setdefault(row.exam_id, {})[EventKind(row.kind)] = row.at
    return found


def _gates(conn: sa.Connection, keys: list[str]) -> dict[str, tuple[str, ...]]:
    query = (
        sa.select(instance.c.exam_id, display_copy.c.meta["gate"].label("gate"))
        .join(instance, instance.c.id == display_copy.c.instance_id)
        .where(instance.c.exam_id.in_(keys), display_copy.c.form == "trace")
        .order_by(instance.c.received_at, instance.c.id)
    )
    found: dict[str, list[str]] = {}
    for row in conn.execute(query):
        found.setdefault(row.exam_id, []).extend(str(f["text"]) for f in row.gate or ())
    return {key: tuple(dict.fromkeys(texts)) for key, texts in found.items()}


def _papers(conn: sa.Connection, keys: list[str]) -> dict[str, list[Paper]]:
    query = (
        sa.select(
            signed_report.c.id, signed_report.c.exam_id, signed_report.c.version,
            signed_report.c.kind, signed_report.c.author_name,
            report_release.c.at.label("released_at"),
            retraction.c.at.label("retracted_at"), retraction.c.reason.label("retraction_reason"),
        )
        .join(report_release, report_release.c.report_id == signed_report.c.id)
        .outerjoin(retraction, retraction.c.report_id == signed_report.c.id)
        .where(signed_report.c.exam_id.in_(keys))
        .order_by(signed_report.c.version)
    )  # fmt: skip
    found: dict[str, list[Paper]] = {}
    for row in conn.execute(query):
        paper = Paper(
            report_id=row.id, version=row.version, kind=ReportKind(row.kind),
            author_name=row.author_name, released_at=row.released_at,
            retracted_at=row.retracted_at, retraction_reason=row.retraction_reason or "",
        )  # fmt: skip
        found.setdefault(row.exam_id, []).append(paper)
    return found
