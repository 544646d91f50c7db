"""Looks at screens: rows that only ever grow in number; the last one of a screen is asked for."""

from collections.abc import Mapping
from types import MappingProxyType

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from workbench.domain.screen_check import ScreenCheck, ScreenQuestion
from workbench.store.schema import screen_check as table


def add(conn: sa.Connection, new: ScreenCheck) -> None:
    """Keep a look."""
    conn.execute(
        table.insert().values(
            id=new.id, username=new.username, display=new.display, at=new.at,
            answers={q.value: seen for q, seen in new.answers.items()}, facts=dict(new.facts),
        )
    )  # fmt: skip


def last(conn: sa.Connection, username: str) -> Mapping[str, ScreenCheck]:
    """The last look of one person at each of their screens, by display."""
    query = (
        sa.select(table)
        .ext(distinct_on(table.c.display))
        .where(table.c.username == username)
        .order_by(table.c.display, table.c.at.desc(), table.c.id)
    )
    return {row["display"]: _read(row) for row in conn.execute(query).mappings()}


def _read(row: sa.RowMapping) -> ScreenCheck:
    answers = {ScreenQuestion(q): seen for q, seen in row["answers"].items()}
    return ScreenCheck(
        **{
            **row,
            "answers": MappingProxyType(answers),
            "facts": MappingProxyType(row["facts"]),
        }
    )
