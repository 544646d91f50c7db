"""Patients as institutions know them, and the persons people found them to be."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound
from workbench.domain.patient import Patient
from workbench.store.schema import exam, patient, patient_apart
from workbench.store.sites import Scope

_COLUMNS = [c for c in patient.c if c.name != "name_raw"]
_ADD = (
    insert(patient)
    .on_conflict_do_nothing(index_elements=["site_code", "local_id"])
    .returning(patient.c.id)
)


def ensure(conn: sa.Connection, new: Patient, name_raw: bytes | None) -> Patient:
    """The stored patient of (institution, local id), added if new, never overwritten."""
    if conn.execute(_ADD, {**asdict(new), "name_raw": name_raw}).first() is not None:
        return new
    where = (patient.c.site_code == new.site_code) & (patient.c.local_id == new.local_id)
    return _read(conn.execute(sa.select(*_COLUMNS).where(where)).mappings().one())


def get(conn: sa.Connection, key: str, *, lock: bool = False) -> Patient:
    """One patient; `lock` holds its row until the commit."""
    query = sa.select(*_COLUMNS).where(patient.c.id == key)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None:
        raise NotFound("patient", key)
    return _read(row)


def by_local_id(conn: sa.Connection, site_code: str, local_id: str) -> Patient | None:
    """The patient an institution knows under this number."""
    where = (patient.c.site_code == site_code) & (patient.c.local_id == local_id)
    row = conn.execute(sa.select(*_COLUMNS).where(where)).mappings().first()
    return None if row is None else _read(row)


def search(conn: sa.Connection, sites: Collection[str], text: str, limit: int) -> list[Patient]:
    """Records of these institutions by part of the name, start of the number, or identity."""
    safe = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = (
        sa.select(*_COLUMNS)
        .where(
            patient.c.site_code.in_(sorted(sites)),
            patient.c.name.ilike(f"%{safe}%")
            | patient.c.local_id.ilike(f"{safe}%")
            | (patient.c.national_id == text.upper()),
        )
        .order_by(patient.c.name, patient.c.site_code, patient.c.local_id)
        .limit(limit)
    )
    return [_read(r) for r in conn.execute(query).mappings()]


def likely_pairs(
    conn: sa.Connection, sites: Collection[str], limit: int, only: str | None = None
) -> list[tuple[Patient, Patient]]:
    """Pairs of records that may be one person, those with one identity number first.

    Left out: who is one person already, and pairs that somebody found to be two people. `only`
    asks for the pairs of one record.
    """
    one, other = patient.alias(), patient.alias()
    numbers = one.c.national_id == other.c.national_id
    names = (
        (one.c.name == other.c.name)
        & (one.c.name != "")
        & (one.c.birth_date == other.c.birth_date)
        & _agrees(one.c.sex, other.c.sex)
        & _agrees(one.c.national_id, other.c.national_id)
        & sa.not_(sa.func.coalesce(numbers, sa.false()))  # found by the first look already
    )
    keys: list[tuple[str, str]] = []
    for alike in (numbers, names):
        query = (
            sa.select(one.c.id, other.c.id.label("other_id"))
            .join(other, alike & (one.c.id < other.c.id) & (one.c.person_id != other.c.person_id))
            .where(
                one.c.site_code.in_(sorted(sites)),
                other.c.site_code.in_(sorted(sites)),
                ~sa.exists().where(
                    patient_apart.c.first_id == one.c.id, patient_apart.c.second_id == other.c.id
                ),
            )
            .limit(limit - len(keys))
        )
        if only is not None:
            query = query.where((one.c.id == only) | (other.c.id == only))
        keys += [(r.id, r.other_id) for r in conn.execute(query)]
    found = by_id(conn, {k for pair in keys for k in pair})
    return [(found[a], found[b]) for a, b in keys]


def _agrees(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """Whether two values are the same, or one of them is missing."""
    return sa.or_(one.is_(None), other.is_(None), one == other)


def by_id(conn: sa.Connection, keys: Collection[str]) -> dict[str, Patient]:
    """These patients by their id."""
    query = sa.select(*_COLUMNS).where(patient.c.id.in_(sorted(keys)))
    return {r["id"]: _read(r) for r in conn.execute(query).mappings()}


def keep_apart(
    conn: sa.Connection, pair: tuple[str, str], by: str, at: datetime, reason: str
) -> None:
    """Remember that somebody found these two records to be two people."""
    first, second = sorted(pair)
    row = {"first_id": first, "second_id": second}
    said = {"decided_by": by, "decided_at": at, "reason": reason}
    conn.execute(
        insert(patient_apart)
        .values(**row, **said)
        .on_conflict_do_update(index_elements=["first_id", "second_id"], set_=said)
    )


def exam_counts(
    conn: sa.Connection, keys: Collection[str], scope: Scope
) -> dict[str, tuple[int, datetime]]:
    """How many exams inside the scope these records have, and when the last one arrived."""
    query = (
        sa.select(exam.c.patient_id, sa.func.count(), sa.func.max(exam.c.received_at))
        .where(exam.c.patient_id.in_(sorted(keys)), scope.clause(exam.c.site_code, exam.c.kind))
        .group_by(exam.c.patient_id)
    )
    return {key: (number, last) for key, number, last in conn.execute(query)}


def of_persons(conn: sa.Connection, person_ids: Collection[str]) -> list[Patient]:
    """All records of these persons."""
    where = patient.c.person_id.in_(sorted(person_ids))
    query = sa.select(*_COLUMNS).where(where).order_by(patient.c.site_code, patient.c.local_id)
    return [_read(r) for r in conn.execute(query).mappings()]


def of_person(conn: sa.Connection, person_id: str) -> list[Patient]:
    """All records of one person."""
    query = sa.select(*_COLUMNS).where(patient.c.person_id == person_id).order_by(patient.c.id)
    return [_read(r) for r in conn.execute(query).mappings()]


def set_person(conn: sa.Connection, keys: Sequence[str], person_id: str) -> None:
    """Say which person these records belong to."""
    conn.execute(patient.update().where(patient.c.id.in_(list(keys))).values(person_id=person_id))


def _read(row: Any) -> Patient:
    return Patient(**row)
