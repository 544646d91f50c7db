"""What a person decides about identity: settled conflicts, filings asked for, people kept apart.

The SQL in the folder `sql` is frozen: what was made on that day, whatever schema.py says later.
"""

from importlib import resources

from alembic import op

revision = "2026_11_25_identity"
down_revision = "2026_11_22_initial"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns and a table; what is there already is read again by the worker."""
    folder = resources.files("workbench.store.migrations") / "sql"
    script = (folder / "2026_11_25_identity.sql").read_text("utf-8")
    # as written: several statements at once, and a per cent sign is no placeholder
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
