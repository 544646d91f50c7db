"""Rows by the hundred thousand, through COPY; for simulated traffic only."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from psycopg import sql


def copy_rows(
    conn: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Add rows inside the caller's transaction."""
    raw = conn.connection.driver_connection
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(sql.Identifier(c) for c in columns)
    )
    with raw.cursor() as cursor, cursor.copy(statement) as copy:  # type: ignore[union-attr]
        for row in rows:
            copy.write_row(row)


def refresh_statistics(conn: sa.Connection, tables: Sequence[sa.Table]) -> None:
    """Let the planner know what has come."""
    for table in tables:
        conn.execute(sa.text(f'ANALYZE "{table.name}"'))
