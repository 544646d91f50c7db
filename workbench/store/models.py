"""Installed models by name and version, and the trials on cases of the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound
from workbench.store.schema import model, model_trial


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """One installed version."""

    id: str
    name: str
    version: str
    sha256: str
    size: int
    manifest: str
    added_by: str
    added_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTrial:
    """What the thresholds of a version did on cases of the house, by finding code."""

    id: str
    model_id: str
    site_code: str
    by: str
    at: datetime
    figures: Mapping[str, Any]


def add(conn: sa.Connection, new: ModelRow) -> bool:
    """Add a version; False when it is here already."""
    values = {name: getattr(new, name) for name in ModelRow.__slots__}
    done = conn.execute(
        insert(model)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["name", "version"])
        .returning(model.c.id)
    ).first()
    return done is not None


def every(conn: sa.Connection) -> list[ModelRow]:
    """All versions, by name, the newest first."""
    query = sa.select(model).order_by(model.c.name, model.c.added_at.desc(), model.c.id)
    return [ModelRow(**r) for r in conn.execute(query).mappings()]


def in_use(conn: sa.Connection) -> list[ModelRow]:
    """Of each name the newest version; none of a name whose newest was retired."""
    newest: dict[str, ModelRow] = {}
    for row in every(conn):
        newest.setdefault(row.name, row)
    return [row for row in newest.values() if row.retired_at is None]


def get(conn: sa.Connection, name: str, *, lock: bool = False) -> ModelRow:
    """The version in use under a name."""
    query = (
        sa.select(model)
        .where(model.c.name == name)
        .order_by(model.c.added_at.desc(), model.c.id)
        .limit(1)
    )
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    if row is None or row["retired_at"] is not None:
        raise NotFound("model", name)
    return ModelRow(**row)


def retire(conn: sa.Connection, key: str, at: datetime) -> None:
    """A version is asked no more."""
    conn.execute(model.update().where(model.c.id == key).values(retired_at=at))


def keep_trial(conn: sa.Connection, new: ModelTrial) -> None:
    """Keep what a trial gave."""
    values = {name: getattr(new, name) for name in ModelTrial.__slots__}
    conn.execute(model_trial.insert().values(**{**values, "figures": dict(new.figures)}))


def trials(conn: sa.Connection, model_id: str) -> list[ModelTrial]:
    """Trials of a version, oldest first."""
    query = sa.select(model_trial).where(model_trial.c.model_id == model_id)
    rows = conn.execute(query.order_by(model_trial.c.at, model_trial.c.id)).mappings()
    return [ModelTrial(**r) for r in rows]
