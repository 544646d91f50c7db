"""Chest leads that a person names (V3R, V7): a table that only grows."""

from importlib import resources

from alembic import op

revision = "2026_11_25_lead_names"
down_revision = "2026_11_25_displays"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE lead_names (
    id TEXT NOT NULL,
    exam_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    names JSONB NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_lead_names PRIMARY KEY (id),
    CONSTRAINT uq_lead_names_instance_id_number UNIQUE (instance_id, number),
    CONSTRAINT fk_lead_names_exam_id_exam FOREIGN KEY(exam_id) REFERENCES exam (id),
    CONSTRAINT fk_lead_names_instance_id_instance
        FOREIGN KEY(instance_id) REFERENCES instance (id)
);
CREATE INDEX ix_lead_names_exam_id ON lead_names (exam_id);
GRANT SELECT, INSERT ON lead_names TO workbench_app;
"""


def upgrade() -> None:
    """The guard is the one every table that only grows has."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    conn.exec_driver_sql(guard.replace("{table}", "lead_names"), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
