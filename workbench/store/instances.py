"""Files of an exam, and the display copies made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import NotFound
from workbench.store.schema import display_copy, exam, instance
from workbench.store.sites import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stored file of a recording."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One film or one recording, as it came."""

    id: str
    exam_id: str
    site_code: str
    uid: str
    reader: str
    sha256: str
    parts: tuple[Part, ...]
    header: Mapping[str, Any]
    flags: tuple[str, ...]
    source: str
    received_at: datetime
    sop_class: str = ""
    transfer_syntax: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayCopy:
    """What a viewer fetches: bytes by digest, and what must be known to draw them."""

    instance_id: str
    form: str  # "preview", "full" or "trace"
    sha256: str
    size: int
    meta: Mapping[str, Any]


_BY_UID = sa.select(instance).where(
    instance.c.site_code == sa.bindparam("of_site"), instance.c.uid == sa.bindparam("of_uid")
)
_ADD = (
    insert(instance)
    .on_conflict_do_nothing(index_elements=["site_code", "uid"])
    .returning(instance.c.id)
)


def by_uid(conn: sa.Connection, site_code: str, uid: str) -> Instance | None:
    """The file an institution already sent under this UID."""
    row = conn.execute(_BY_UID, {"of_site": site_code, "of_uid": uid}).mappings().first()
    return None if row is None else read(row)


def get(conn: sa.Connection, key: str) -> Instance:
    """One file."""
    row = conn.execute(sa.select(instance).where(instance.c.id == key)).mappings().first()
    if row is None:
        raise NotFound("image", key)
    return read(row)


def add(conn: sa.Connection, new: Instance) -> bool:
    """Add a file; False when the UID came in meanwhile."""
    row = {
        "id": new.id,
        "exam_id": new.exam_id,
        "site_code": new.site_code,
        "uid": new.uid,
        "sop_class": new.sop_class,
        "transfer_syntax": new.transfer_syntax,
        "reader": new.reader,
        "sha256": new.sha256,
        "parts": [{"name": p.name, "sha256": p.sha256, "size": p.size} for p in new.parts],
        "header": dict(new.header),
        "flags": list(new.flags),
        "source": new.source,
        "received_at": new.received_at,
    }
    return conn.execute(_ADD, row).first() is not None


def of_exam(conn: sa.Connection, exam_id: str) -> list[Instance]:
    """Files of an exam in order of arrival."""
    query = sa.select(instance).where(instance.c.exam_id == exam_id)
    rows = conn.execute(query.order_by(instance.c.received_at, instance.c.id)).mappings()
    return [read(r) for r in rows]


def set_copy(conn: sa.Connection, new: DisplayCopy) -> None:
    """Store where a display copy lies; a newer rendering replaces the older."""
    values = {"sha256": new.sha256, "size": new.size, "meta": dict(new.meta)}
    conn.execute(
        insert(display_copy)
        .values(instance_id=new.instance_id, form=new.form, **values)
        .on_conflict_do_update(index_elements=["instance_id", "form"], set_=values)
    )


def drop_copy(conn: sa.Connection, instance_id: str, form: str) -> None:
    """Forget a display copy that no longer belongs to the file; nothing when there is none."""
    columns = display_copy.c
    conn.execute(
        sa.delete(display_copy).where(columns.instance_id == instance_id, columns.form == form)
    )


def copies(conn: sa.Connection, exam_id: str) -> list[DisplayCopy]:
    """Display copies of an exam."""
    query = (
        sa.select(display_copy)
        .join(instance, instance.c.id == display_copy.c.instance_id)
        .where(instance.c.exam_id == exam_id)
        .order_by(instance.c.received_at, instance.c.id, display_copy.c.form)
    )
    return [DisplayCopy(**r) for r in conn.execute(query).mappings()]


def without_beat(copies: Sequence[DisplayCopy]) -> set[str]:
    """Ids of files whose trace lies there without an averaged beat and without a reason why."""
    has = {c.instance_id for c in copies if c.form == "beat"}
    told = {c.instance_id for c in copies if c.form == "trace" and "no_beat" in c.meta}
    return {c.instance_id for c in copies if c.form == "trace"} - has - told


def films_of_before(
    conn: sa.Connection,
    edition: int,
    exam_id: str | None = None,
    *,
    after: str = "",
    most: int = 50,
) -> list[tuple[str, str]]:
    """Exam and file of films whose full copy an earlier edition made and may have got wrong.

    A film without a note, a shutter or a maker's curve looks the same in every edition. `after` is
    the exam to go on behind; exams come in the order of their ids.
    """
    meta = display_copy.c.meta
    doubtful = sa.or_(
        sa.func.jsonb_array_length(meta["notes"]) > 0,
        sa.func.jsonb_typeof(meta["shutter"]).in_(("array", "object")),
        meta["vois"].contains([{"kind": "LUT"}]),
    )
    query = (
        sa.select(instance.c.exam_id, instance.c.id)
        .join(display_copy, display_copy.c.instance_id == instance.c.id)
        .where(display_copy.c.form == "full", instance.c.exam_id > after, doubtful)
        .where(sa.func.coalesce(meta["edition"].as_integer(), 1) < edition)
        .order_by(instance.c.exam_id, instance.c.id)
        .limit(most)
    )
    if exam_id is not None:
        query = query.where(instance.c.exam_id == exam_id)
    return [(row.exam_id, row.id) for row in conn.execute(query)]


def copy_for(
    conn: sa.Connection, instance_id: str, form: str, scope: Scope
) -> tuple[DisplayCopy, str]:
    """One display copy and its exam, only inside the scope."""
    row = (
        conn.execute(
            sa.select(display_copy, exam.c.id.label("exam_id"))
            .join(instance, instance.c.id == display_copy.c.instance_id)
            .join(exam, exam.c.id == instance.c.exam_id)
            .where(
                display_copy.c.instance_id == instance_id,
                display_copy.c.form == form,
                scope.clause(exam.c.site_code, exam.c.kind),
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound("display copy", f"{instance_id}/{form}")
    values = dict(row)
    return DisplayCopy(**{k: v for k, v in values.items() if k != "exam_id"}), values["exam_id"]


def read(row: Any) -> Instance:
    """A file from its row."""
    values = dict(row)
    return Instance(
        **{
            **values,
            "parts": tuple(Part(**p) for p in values["parts"]),
            "flags": tuple(values["flags"]),
        }
    )
