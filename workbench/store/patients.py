"""Patients as institutions know them, and the persons people found them to be."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound
from workbench.domain.patient import Patient
from workbench.store.schema import patient

_COLUMNS = [c for c in patient.c if c.name != "name_raw"]


def ensure(conn: sa.Connection, new: Patient, name_raw: bytes | None) -> Patient:
    """The stored patient of (institution, local id), added if new, never overwritten."""
    conn.execute(
        insert(patient)
        .values(**asdict(new), name_raw=name_raw)
        .on_conflict_do_nothing(index_elements=["site_code", "local_id"])
    )
    where = (patient.c.site_code == new.site_code) & (patient.c.local_id == new.local_id)
    return _read(conn.execute(sa.select(*_COLUMNS).where(where)).mappings().one())


def get(conn: sa.Connection, key: str) -> Patient:
    """One patient."""
    row = conn.execute(sa.select(*_COLUMNS).where(patient.c.id == key)).mappings().first()
    if row is None:
        raise NotFound("patient", key)
    return _read(row)


def by_local_id(conn: sa.Connection, site_code: str, local_id: str) -> Patient | None:
    """The patient an institution knows under this number."""
    where = (patient.c.site_code == site_code) & (patient.c.local_id == local_id)
    row = conn.execute(sa.select(*_COLUMNS).where(where)).mappings().first()
    return None if row is None else _read(row)


def likely_same(conn: sa.Connection, one: Patient) -> list[Patient]:
    """Other records that may be this person: same national id, or same name and birth date."""
    same = patient.c.national_id == one.national_id if one.national_id else sa.false()
    if one.birth_date is not None:
        same |= (patient.c.name == one.name) & (patient.c.birth_date == one.birth_date)
    query = sa.select(*_COLUMNS).where(
        same, patient.c.id != one.id, patient.c.person_id != one.person_id
    )
    return [_read(r) for r in conn.execute(query.limit(20)).mappings()]


def of_person(conn: sa.Connection, person_id: str) -> list[Patient]:
    """All records of one person."""
    query = sa.select(*_COLUMNS).where(patient.c.person_id == person_id).order_by(patient.c.id)
    return [_read(r) for r in conn.execute(query).mappings()]


def set_person(conn: sa.Connection, key: str, person_id: str) -> None:
    """Say which person a record belongs to."""
    conn.execute(patient.update().where(patient.c.id == key).values(person_id=person_id))


def _read(row: Any) -> Patient:
    return Patient(**row)
