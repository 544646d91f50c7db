"""The database as the doors see it: one engine, two ways in.

`change` opens a transaction that commits as a whole or not at all; `look` only reads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

APP_ROLE = "workbench_app"

Connection = sa.Connection
DatabaseFault = sa.exc.SQLAlchemyError  # what acts may meet when the database goes away


def unstorable(fault: DatabaseFault) -> bool:
    """Whether the values are at fault and will never fit, not the database that may come back."""
    state = getattr(getattr(fault, "orig", None), "sqlstate", None) or ""
    return isinstance(fault, sa.exc.DataError) or state.startswith("54")  # a limit is exceeded


def address(dsn: str) -> sa.URL:
    """The SQLAlchemy URL of a PostgreSQL address, always through psycopg 3."""
    return make_url(dsn).set(drivername="postgresql+psycopg")


def plain(dsn: str) -> str:
    """The same address for libpq and procrastinate."""
    return make_url(dsn).set(drivername="postgresql").render_as_string(hide_password=False)


class Store:
    """A pool of connections in the application's role."""

    def __init__(self, dsn: str, *, pool: int = 4) -> None:
        self.dsn = plain(dsn)
        self.engine = sa.create_engine(
            address(dsn),
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=True,
            hide_parameters=True,  # the text of an error may reach a log; values name patients
            connect_args={"options": "-c timezone=UTC -c statement_timeout=60000"},
        )
        sa.event.listen(self.engine, "connect", _take_role)

    @contextmanager
    def change(self) -> Iterator[sa.Connection]:
        """One transaction: everything inside is committed together, or nothing is."""
        with self.engine.begin() as conn:
            yield conn

    @contextmanager
    def look(self) -> Iterator[sa.Connection]:
        """A read-only transaction."""
        with self.engine.connect() as conn:
            # said with BEGIN by the driver: no round trip of its own, undone when given back
            yield conn.execution_options(postgresql_readonly=True)

    def close(self) -> None:
        """Give all connections back to the server."""
        self.engine.dispose()


def _take_role(raw: Any, _record: object) -> None:
    """Work as the application even when the address names the owner: guards hold for accidents."""
    with raw.cursor() as cursor:
        cursor.execute("SELECT current_user, pg_has_role(current_user, %s, 'MEMBER')", (APP_ROLE,))
        user, member = cursor.fetchone()
        if user != APP_ROLE and member:
            cursor.execute(f"SET ROLE {APP_ROLE}")
    raw.commit()
