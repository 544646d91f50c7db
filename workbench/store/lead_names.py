"""Names that people gave the leads of recordings: rows that only ever grow in number."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Stale
from workbench.domain.lead_names import LeadNames
from workbench.store.schema import lead_names


def add(conn: sa.Connection, new: LeadNames) -> None:
    """Keep a decision; raises Stale when somebody else decided meanwhile."""
    done = conn.execute(
        insert(lead_names)
        .values(
            id=new.id,
            exam_id=new.exam_id,
            instance_id=new.instance_id,
            number=new.number,
            names=dict(new.names),
            reason=new.reason,
            by=new.by,
            by_name=new.by_name,
            at=new.at,
        )
        .on_conflict_do_nothing(index_elements=["instance_id", "number"])
        .returning(lead_names.c.id)
    ).first()
    if done is None:
        raise Stale("leads", new.instance_id)


def of_exam(conn: sa.Connection, exam_id: str) -> list[LeadNames]:
    """Every decision on the recordings of an exam, of each recording oldest first."""
    columns = lead_names.c
    query = sa.select(lead_names).where(columns.exam_id == exam_id)
    rows: Any = conn.execute(query.order_by(columns.instance_id, columns.number)).mappings()
    return [LeadNames(**row) for row in rows]


def standing(conn: sa.Connection, exam_id: str) -> dict[str, LeadNames]:
    """The decision that holds on each recording; recordings nobody named are left out."""
    return {row.instance_id: row for row in of_exam(conn, exam_id)}
