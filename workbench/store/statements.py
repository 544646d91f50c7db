"""Decisions on statements of a screening: rows that only ever grow in number."""

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from workbench.domain.errors import Stale
from workbench.domain.finding import Severity
from workbench.domain.statement import StatementVerdict, Verdict
from workbench.store.schema import statement_verdict


def add(conn: sa.Connection, new: StatementVerdict) -> None:
    """Keep a row; raises Stale when somebody else added that number meanwhile."""
    done = conn.execute(
        insert(statement_verdict)
        .values(**asdict(new))
        .on_conflict_do_nothing(index_elements=["exam_id", "number"])
        .returning(statement_verdict.c.id)
    ).first()
    if done is None:
        raise Stale("statement", new.key)


def of_exam(conn: sa.Connection, exam_id: str) -> list[StatementVerdict]:
    """Everything ever decided on an exam, oldest first."""
    query = (
        sa.select(statement_verdict)
        .where(statement_verdict.c.exam_id == exam_id)
        .order_by(statement_verdict.c.number)
    )
    return [
        StatementVerdict(
            **{
                **row,
                "severity": Severity(row["severity"]),
                "verdict": Verdict(row["verdict"]),
            }
        )
        for row in conn.execute(query).mappings()
    ]
