"""All tables of the first release, the job engine's, the application's rights and the guards.

The SQL in the folder `sql` is frozen: what was made on that day, whatever schema.py says later.
"""

from importlib import resources
from importlib.metadata import version

from alembic import op
from procrastinate.schema import SchemaManager

revision = "2026_11_22_initial"
down_revision = None
branch_labels = None
depends_on = None

GUARDED = (
    "audit",
    "signed_report",
    "report_release",
    "retraction",
    "alert_step",
    "event",
    "home",  # demo or clinical, for ever
)


def upgrade() -> None:
    """From an empty database."""
    _run(_frozen("2026_11_22_tables.sql"))
    _run(SchemaManager.get_schema())
    _run(f"COMMENT ON TABLE procrastinate_jobs IS 'procrastinate {version('procrastinate')}'")
    _run(_frozen("2026_11_22_rights.sql"))
    for table in GUARDED:
        _run(_frozen("2026_11_22_guard.sql").replace("{table}", table))


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")


def _run(script: str) -> None:
    # as written: several statements at once, and a per cent sign is no placeholder
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def _frozen(name: str) -> str:
    folder = resources.files("workbench.store.migrations") / "sql"
    return (folder / name).read_text("utf-8")
