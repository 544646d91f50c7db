"""The worklist: open exams, most pressing first."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.alert import AlertState
from workbench.domain.exam import Exam
from workbench.domain.kinds import ExamKind
from workbench.domain.retake import ANSWERED_RETAKES, OPEN_RETAKES
from workbench.store.exams import read
from workbench.store.schema import (
    account,
    alert,
    clinic_order,
    draft,
    exam,
    patient,
    retake,
    signed_report,
    site,
)
from workbench.store.schema_exams import OPEN, RECHECK
from workbench.store.sites import Scope

_UNTOLD_MOST = 1000  # a house with more of them has other troubles than a list
_RETAKE = (
    sa.select(retake.c.state)
    .where(
        retake.c.exam_id == exam.c.id,
        retake.c.state.in_([s.value for s in OPEN_RETAKES | ANSWERED_RETAKES]),
    )
    .order_by(retake.c.asked_at.desc())
    .limit(1)
    .scalar_subquery()
)
_READ_HERE = exam.c.kind != ExamKind.OTHER.value  # the others are kept, and wait for no reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list: the exam and the words a person needs to choose it."""

    exam: Exam
    site_name: str
    patient_name: str
    sex: str | None
    birth_date: date | None
    local_id: str
    reason: str
    lease_name: str | None
    drafted: bool
    time_zone: str = "Asia/Shanghai"
    signer: str = ""  # user name of who signed last, when a later image waits for a second look
    signer_name: str = ""
    retake: str = ""  # state of the last request to take a film of it again, if it still says much


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What the reader wants to see."""

    kind: ExamKind | None = None
    site_code: str | None = None
    words: str = ""
    released_since: datetime | None = None  # given: released exams since then instead of open ones


def page(
    conn: sa.Connection, scope: Scope, wanted: Filter, limit: int = 50, skip: int = 0
) -> list[Row]:
    """One page of the list: critical first, then urgency, then age.

    Before all others come released exams whose critical value nobody has judged or told yet (the
    screening or a late film may find one after the report went out), then those to which an image
    came that the signing reader has not seen.
    """
    if wanted.released_since is not None:
        released = (exam.c.state == "released") & (exam.c.received_at >= wanted.released_since)
        return _rows(conn, _query(scope, wanted, released, exam.c.received_at.desc()), limit, skip)
    first = _again(conn, scope, wanted, limit + skip)
    rest, gone = limit - len(first[skip:]), max(0, skip - len(first))
    order = (exam.c.priority, exam.c.received_at)
    return [*first[skip:], *_rows(conn, _query(scope, wanted, OPEN, *order), rest, gone)]


def _again(conn: sa.Connection, scope: Scope, wanted: Filter, limit: int) -> list[Row]:
    """Released exams that need somebody again."""
    # ids first: with them the exams are looked up one by one, never searched through
    untold = conn.execute(
        sa.select(alert.c.exam_id)
        .where(
            alert.c.due_at.is_not(None),
            alert.c.state.in_([AlertState.DETECTED, AlertState.CONFIRMED]),
        )
        .order_by(alert.c.due_at)
        .limit(_UNTOLD_MOST)
    ).scalars()
    late = conn.execute(
        sa.select(exam.c.id).where(RECHECK).order_by(exam.c.recheck_since).limit(_UNTOLD_MOST)
    ).scalars()
    critical, ids = list(untold), list(late)
    if not critical and not ids:
        return []
    which = (exam.c.state == "released") & exam.c.id.in_([*critical, *ids])
    order = (sa.case((exam.c.id.in_(critical), 0), else_=1), exam.c.received_at)
    rows = _rows(conn, _query(scope, wanted, which, *order), limit, 0)
    signers = _signers(conn, [r.exam.id for r in rows if r.exam.recheck_since])
    return [
        replace(r, signer=signers[r.exam.id][0], signer_name=signers[r.exam.id][1])
        if r.exam.id in signers
        else r
        for r in rows
    ]


def _signers(conn: sa.Connection, exam_ids: list[str]) -> dict[str, tuple[str, str]]:
    if not exam_ids:
        return {}
    rows = conn.execute(
        sa.select(signed_report.c.exam_id, signed_report.c.author, signed_report.c.author_name)
        .where(signed_report.c.exam_id.in_(exam_ids))
        .order_by(signed_report.c.version)
    )
    return {r.exam_id: (r.author, r.author_name) for r in rows}


def _rows(conn: sa.Connection, query: sa.Select[Any], limit: int, skip: int) -> list[Row]:
    return [_row(r) for r in conn.execute(query.limit(limit).offset(skip)).mappings()]


def _query(
    scope: Scope, wanted: Filter, which: sa.ColumnElement[bool] | sa.TextClause, *order: Any
) -> sa.Select[Any]:
    return (
        sa.select(
            exam,
            site.c.name.label("site_name"),
            site.c.time_zone,
            patient.c.name.label("patient_name"),
            patient.c.sex,
            patient.c.birth_date,
            patient.c.local_id,
            sa.func.coalesce(clinic_order.c.reason, "").label("reason"),
            account.c.name.label("lease_name"),
            draft.c.exam_id.is_not(None).label("drafted"),
            _RETAKE.label("retake"),
        )
        .join(site, site.c.code == exam.c.site_code)
        .join(patient, patient.c.id == exam.c.patient_id)
        .outerjoin(clinic_order, clinic_order.c.id == exam.c.order_id)
        .outerjoin(account, account.c.username == exam.c.lease_by)
        .outerjoin(draft, draft.c.exam_id == exam.c.id)
        .where(_asked(wanted), scope.clause(exam.c.site_code, exam.c.kind), which)
        .order_by(*order)
    )


def waiting(conn: sa.Connection, scope: Scope) -> tuple[int, datetime | None]:
    """How many exams are open in this scope, and since when the oldest waits."""
    row = conn.execute(
        sa.select(sa.func.count(), sa.func.min(exam.c.received_at)).where(
            OPEN, _READ_HERE, scope.clause(exam.c.site_code, exam.c.kind)
        )
    ).one()
    return int(row[0]), row[1]


def next_free(
    conn: sa.Connection,
    scope: Scope,
    wanted: Filter,
    me: tuple[str, Collection[str]],
    now: datetime,
) -> str | None:
    """The most pressing exam nobody else holds; `me`: the reader, and the exams to step over."""
    free = exam.c.lease_by.is_(None) | (exam.c.lease_until <= now) | (exam.c.lease_by == me[0])
    query = (
        sa.select(exam.c.id)
        .where(
            OPEN,
            _READ_HERE,
            free,
            exam.c.id.not_in(list(me[1])),
            exam.c.state != "signed",  # waits for the second signature, not for a reader
            _asked(wanted),
            scope.clause(exam.c.site_code, exam.c.kind),
        )
        .order_by(exam.c.priority, exam.c.received_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if wanted.words:
        query = query.join(patient, patient.c.id == exam.c.patient_id)
    return conn.execute(query).scalar()


def _asked(wanted: Filter) -> sa.ColumnElement[bool]:
    conditions: list[sa.ColumnElement[bool]] = [sa.true()]
    if wanted.kind is not None:
        conditions.append(exam.c.kind == wanted.kind.value)
    if wanted.site_code:
        conditions.append(exam.c.site_code == wanted.site_code)
    if wanted.words.strip():
        words = wanted.words.strip()
        conditions.append(
            patient.c.name.contains(words, autoescape=True)
            | (patient.c.local_id == words)
            | (exam.c.accession == words)
        )
    return sa.and_(*conditions)


def _row(r: Any) -> Row:
    one = read({c.name: r[c.name] for c in exam.c})
    return Row(
        exam=one,
        site_name=r["site_name"],
        patient_name=r["patient_name"],
        sex=r["sex"],
        birth_date=r["birth_date"],
        local_id=r["local_id"],
        reason=r["reason"],
        lease_name=r["lease_name"],
        drafted=r["drafted"],
        time_zone=r["time_zone"],
        retake=r["retake"] or "",
    )
