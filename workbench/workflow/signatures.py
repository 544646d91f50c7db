"""A signature: what is signed, by whom, under which licence, as it stands at this moment."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from workbench.domain.actor import Act, Actor
from workbench.domain.exam import Exam
from workbench.domain.report import (
    ReportBody,
    ReportKind,
    SignedReport,
    digest_of,
    signed_content,
)
from workbench.store import audit, marks, orders, patients, reports, sites
from workbench.store.database import Connection
from workbench.workflow import signed_marks
from workbench.workflow.standing import as_signed
from workbench.workflow.station import Station


def sign_version(
    conn: Connection,
    station: Station,
    actor: Actor,
    exam: Exam,
    written: tuple[ReportBody, ReportKind],
) -> SignedReport:
    """Keep a text as the next version of an exam's report, with its digest and its audit row.

    An original holds the marks on the films; an addendum adds words only.
    """
    body, kind = written
    report_id = station.fresh()
    original = kind is ReportKind.ORIGINAL
    drawn = signed_marks.standing(conn, exam, report_id) if original else None
    now, earlier = station.now(), reports.versions(conn, exam.id)
    previous = earlier[-1].digest if earlier else ""
    facts = _facts(conn, actor, exam) | signed_marks.facts_of(drawn)
    licence, version = licence_of(actor), len(earlier) + 1
    content = signed_content({
        "exam_id": exam.id, "version": version, "kind": kind, "body": body.as_dict(),
        "author": actor.username, "licence_number": licence, "signed_at": now,
        "facts": facts, "previous_digest": previous,
    })  # fmt: skip
    signed = SignedReport(
        id=report_id, exam_id=exam.id, version=version, kind=kind, body=body,
        author=actor.username, author_name=actor.name, licence_number=licence,
        reading_site=actor.site_code, signed_at=now, digest=digest_of(content),
        previous_digest=previous, facts=facts,
    )  # fmt: skip
    reports.add(conn, signed)
    if drawn is not None:
        marks.sign(conn, drawn)
    audit.note(
        conn, now, chain=exam.site_code, actor=actor.username, act=Act.REPORT_SIGN,
        object=f"report/{signed.id}", detail={"version": version, "digest": signed.digest},
    )  # fmt: skip
    return signed


def licence_of(actor: Actor) -> str:
    """The licence number this person acts under now; "" without one."""
    return actor.licence.number if actor.licence else ""


def _facts(conn: Connection, actor: Actor, exam: Exam) -> dict[str, object]:
    """Patient, exam and order as they stood when it was signed: they belong to what was signed."""
    patient = patients.get(conn, exam.patient_id)
    order = orders.get(conn, exam.order_id) if exam.order_id else None
    judged = as_signed(conn, exam)
    return {
        "patient": _plain(asdict(patient)),
        "exam": {
            "site": exam.site_code, "kind": exam.kind, "key": exam.key,
            "accession": exam.accession, "body_part": exam.body_part,
            "exam_end": _iso(exam.exam_end), "received_at": _iso(exam.received_at),
        },
        "order": _plain(asdict(order)) if order else None,
        "sites": {
            "examining": sites.get(conn, exam.site_code).name,
            "reading": sites.get(conn, actor.site_code).name,
        },
        "signer": {"name": actor.name, "site": actor.site_code},
        # only where there were any: films and reports of before have no such entry
        **({"statements": judged} if judged else {}),
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}
