"""Marks on films: drafts written over by revision, key images and signed marks that only grow."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Stale
from workbench.domain.mark import (
    KeyImage,
    MarkObject,
    MarkSet,
    ObjectKind,
    SignedMarks,
    film_from,
    key_from,
    mark_from,
)
from workbench.store.schema import film_marks, key_image, mark_object, signed_marks, signed_report


def of_film(conn: sa.Connection, exam_id: str, instance_id: str) -> MarkSet:
    """The marks of one film as last saved; revision 0 when none ever were."""
    found = _films(conn, film_marks.c.instance_id == instance_id)
    return found[0] if found else MarkSet(exam_id=exam_id, instance_id=instance_id)


def of_exam(conn: sa.Connection, exam_id: str) -> list[MarkSet]:
    """The marks of every film of an exam that ever had any."""
    return _films(conn, film_marks.c.exam_id == exam_id)


def save(conn: sa.Connection, new: MarkSet) -> None:
    """Save over the revision that was seen; raises Stale when somebody saved meanwhile."""
    values = {
        "exam_id": new.exam_id,
        "marks": [m.as_dict() for m in new.marks],
        "revision": new.revision,
        "by": new.by,
        "at": new.at,
    }
    if new.revision == 1:
        done = conn.execute(
            insert(film_marks)
            .values(instance_id=new.instance_id, **values)
            .on_conflict_do_nothing(index_elements=["instance_id"])
            .returning(film_marks.c.instance_id)
        ).first()
        if done is None:
            raise Stale("marks", new.instance_id)
        return
    columns = film_marks.c
    seen = (columns.instance_id == new.instance_id) & (columns.revision == new.revision - 1)
    if conn.execute(film_marks.update().where(seen).values(**values)).rowcount != 1:
        raise Stale("marks", new.instance_id)


def add_key(conn: sa.Connection, new: KeyImage) -> None:
    """Keep a choice; raises Stale when somebody else added that number meanwhile."""
    done = conn.execute(
        insert(key_image)
        .values(
            id=new.id,
            exam_id=new.exam_id,
            instance_id=new.instance_id,
            frame=new.frame,
            number=new.number,
            chosen=new.chosen,
            by=new.by,
            at=new.at,
        )
        .on_conflict_do_nothing(index_elements=["exam_id", "number"])
        .returning(key_image.c.id)
    ).first()
    if done is None:
        raise Stale("key image", new.instance_id)


def choices(conn: sa.Connection, exam_id: str) -> list[KeyImage]:
    """Every choice ever made on an exam, oldest first."""
    query = sa.select(key_image).where(key_image.c.exam_id == exam_id).order_by(key_image.c.number)
    return [KeyImage(**row) for row in conn.execute(query).mappings()]


def sign(conn: sa.Connection, new: SignedMarks) -> None:
    """Keep what stood when a version was signed."""
    content = new.content()
    conn.execute(
        signed_marks.insert().values(report_id=new.report_id, digest=new.digest, **content)
    )


def signed(conn: sa.Connection, report_id: str) -> SignedMarks | None:
    """What was signed with a version; None when nothing was marked."""
    return signed_with(conn, [report_id]).get(report_id)


def signed_with(conn: sa.Connection, report_ids: Sequence[str]) -> dict[str, SignedMarks]:
    """What was signed with those of these versions that had marks or key images."""
    rows = conn.execute(sa.select(signed_marks).where(signed_marks.c.report_id.in_(report_ids)))
    return {
        r["report_id"]: SignedMarks(
            report_id=r["report_id"],
            films=tuple(film_from(f) for f in r["films"]),
            keys=tuple(key_from(k) for k in r["keys"]),
            digest=r["digest"],
        )
        for r in rows.mappings()
    }


def add_object(conn: sa.Connection, new: MarkObject) -> bool:
    """Keep where an object lies; False when it was made before."""
    done = conn.execute(
        insert(mark_object)
        .values(
            report_id=new.report_id,
            kind=new.kind.value,
            number=new.number,
            uid=new.uid,
            sha256=new.sha256,
            size=new.size,
            at=new.at,
        )
        .on_conflict_do_nothing(index_elements=["report_id", "kind", "number"])
        .returning(mark_object.c.report_id)
    ).first()
    return done is not None


def objects(conn: sa.Connection, exam_id: str) -> Sequence[MarkObject]:
    """Objects made of the signed marks of an exam, by version."""
    query = (
        sa.select(mark_object)
        .join(signed_report, signed_report.c.id == mark_object.c.report_id)
        .where(signed_report.c.exam_id == exam_id)
        .order_by(signed_report.c.version, mark_object.c.kind, mark_object.c.number)
    )
    return [
        MarkObject(**{**row, "kind": ObjectKind(row["kind"])})
        for row in conn.execute(query).mappings()
    ]


def _films(conn: sa.Connection, where: sa.ColumnElement[bool]) -> list[MarkSet]:
    query = sa.select(film_marks).where(where).order_by(film_marks.c.instance_id)
    rows: Any = conn.execute(query).mappings()
    return [MarkSet(**{**row, "marks": tuple(mark_from(m) for m in row["marks"])}) for row in rows]
