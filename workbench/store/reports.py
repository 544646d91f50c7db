"""Drafts, and signed versions that only ever grow in number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound, Stale
from workbench.domain.report import Draft, ReportKind, SignedReport, body_from
from workbench.store.schema import (
    delivery,
    draft,
    report_release,
    retraction,
    signed_report,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retraction:
    """Who took a report back, when and why."""

    report_id: str
    at: datetime
    by_name: str
    reason: str


def draft_of(conn: sa.Connection, exam_id: str) -> Draft | None:
    """The unsigned text of an exam."""
    row = conn.execute(sa.select(draft).where(draft.c.exam_id == exam_id)).mappings().first()
    return None if row is None else Draft(**{**row, "body": body_from(row["body"])})


def save_draft(conn: sa.Connection, new: Draft) -> None:
    """Save over the revision that was seen; raises Stale when somebody saved meanwhile."""
    values = {
        "body": new.body.as_dict(),
        "author": new.author,
        "revision": new.revision,
        "saved_at": new.saved_at,
    }
    if new.revision == 1:
        done = conn.execute(
            insert(draft)
            .values(exam_id=new.exam_id, **values)
            .on_conflict_do_nothing(index_elements=["exam_id"])
            .returning(draft.c.exam_id)
        ).first()
        if done is None:
            raise Stale("draft", new.exam_id)
        return
    seen = (draft.c.exam_id == new.exam_id) & (draft.c.revision == new.revision - 1)
    if conn.execute(draft.update().where(seen).values(**values)).rowcount != 1:
        raise Stale("draft", new.exam_id)


def drop_draft(conn: sa.Connection, exam_id: str) -> None:
    """Forget the draft once it is signed."""
    conn.execute(draft.delete().where(draft.c.exam_id == exam_id))


def add(conn: sa.Connection, new: SignedReport) -> None:
    """Keep a signed version."""
    conn.execute(
        signed_report.insert().values(
            id=new.id,
            exam_id=new.exam_id,
            version=new.version,
            kind=new.kind.value,
            body=new.body.as_dict(),
            author=new.author,
            author_name=new.author_name,
            licence_number=new.licence_number,
            reading_site=new.reading_site,
            signed_at=new.signed_at,
            facts=dict(new.facts),
            digest=new.digest,
            previous_digest=new.previous_digest,
        )
    )


def release(
    conn: sa.Connection, report_id: str, at: datetime, by: tuple[str, str, str], *, second: bool
) -> None:
    """Make a signed version visible to the sender; `by`: username, name and licence number."""
    conn.execute(
        report_release.insert().values(
            report_id=report_id, at=at, by=by[0], by_name=by[1], licence_number=by[2],
            countersigned=second,
        )
    )  # fmt: skip


def retract(
    conn: sa.Connection, report_id: str, at: datetime, by: tuple[str, str], reason: str
) -> None:
    """Say that a released version no longer holds."""
    conn.execute(
        retraction.insert().values(
            report_id=report_id, at=at, by=by[0], by_name=by[1], reason=reason
        )
    )


def _query() -> sa.Select[Any]:
    return sa.select(
        signed_report,
        report_release.c.at.label("released_at"),
        sa.case((report_release.c.countersigned, report_release.c.by_name)).label(
            "countersigned_by"
        ),
    ).outerjoin(report_release, report_release.c.report_id == signed_report.c.id)


def get(conn: sa.Connection, key: str) -> SignedReport:
    """One signed version."""
    row = conn.execute(_query().where(signed_report.c.id == key)).mappings().first()
    if row is None:
        raise NotFound("report", key)
    return _read(row)


def versions(conn: sa.Connection, exam_id: str) -> list[SignedReport]:
    """All signed versions of an exam, oldest first."""
    rows = conn.execute(
        _query().where(signed_report.c.exam_id == exam_id).order_by(signed_report.c.version)
    )
    return [_read(r) for r in rows.mappings()]


def releaser_licence(conn: sa.Connection, report_id: str) -> str:
    """Licence number a version was released under, as it was then; "" when not recorded."""
    query = sa.select(report_release.c.licence_number)
    return conn.execute(query.where(report_release.c.report_id == report_id)).scalar() or ""


def retractions(conn: sa.Connection, report_ids: Sequence[str]) -> dict[str, Retraction]:
    """Retractions among these versions."""
    rows = conn.execute(sa.select(retraction).where(retraction.c.report_id.in_(report_ids)))
    return {
        r.report_id: Retraction(report_id=r.report_id, at=r.at, by_name=r.by_name, reason=r.reason)
        for r in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One delivery of one printed state of a report through one channel."""

    report_id: str
    status: str  # "released" or "retracted"
    channel: str  # "page" or "outbox"
    site_code: str
    sha256: str
    at: datetime


def delivered(conn: sa.Connection, new: Handover) -> bool:
    """Note a delivery; False when this one was made before."""
    done = conn.execute(
        insert(delivery)
        .values(
            report_id=new.report_id,
            status=new.status,
            channel=new.channel,
            site_code=new.site_code,
            sha256=new.sha256,
            at=new.at,
        )
        .on_conflict_do_nothing()
        .returning(delivery.c.report_id)
    ).first()
    return done is not None


def deliveries(conn: sa.Connection, report_id: str) -> list[Handover]:
    """What went out of one version."""
    rows = conn.execute(sa.select(delivery).where(delivery.c.report_id == report_id))
    return [Handover(**r) for r in rows.mappings()]


def _read(row: Any) -> SignedReport:
    return SignedReport(**{**row, "kind": ReportKind(row["kind"]), "body": body_from(row["body"])})
