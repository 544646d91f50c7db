"""Run by Alembic: uses the connection and transaction that `store.migrate` hands over."""

import sqlalchemy as sa
from alembic import context

from workbench.store.schema import metadata


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the tables of the job engine, which brings its own SQL."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


connection: sa.Connection = context.config.attributes["connection"]
# a migration that waits for a busy table would stop every reader behind it
connection.execute(sa.text("SET LOCAL lock_timeout = '3s'"))
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_name=ours,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
