"""A process killed with -9 while it stands before its write on one table, and what is left."""

import json
import sys
from collections.abc import Sequence

import sqlalchemy as sa

from tests import processes
from tests.processes import until
from workbench.settings import Settings
from workbench.store import audit
from workbench.workflow.station import Station

_WAITS = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def killed_at(
    program: str, table: str, owner: sa.Engine, settings: Settings, *asked: object
) -> None:
    """Start the program, let it come to its write on `table`, kill it there."""
    log = settings.home / "killed.log"
    command: Sequence[str] = [sys.executable, "-c", program, json.dumps(asked)]
    with owner.connect() as conn, conn.begin():
        conn.execute(sa.text(f"LOCK TABLE {table} IN SHARE MODE"))
        with processes.running(command, processes.environment(settings), log) as one:

            def waits() -> int:
                assert one.lives(), one.said
                return conn.execute(_WAITS).scalar_one()

            until(waits, f"it stands before {table}")
            one.kill()


def rows(station: Station, table: sa.Table) -> int:
    """How many are left; the audit chain must hold whatever happened."""
    with station.store.look() as conn:
        assert audit.verify(conn) == []
        return conn.scalar(sa.select(sa.func.count()).select_from(table))
