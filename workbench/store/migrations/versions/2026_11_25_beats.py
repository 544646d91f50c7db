"""What readers measured on averaged beats: a table that only grows."""

from importlib import resources

from alembic import op

revision = "2026_11_25_beats"
down_revision = "2026_11_25_second_looks"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE beat_measurement (
    id TEXT NOT NULL,
    exam_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    marks JSONB NOT NULL,
    values JSONB NOT NULL,
    beat_sha256 TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_beat_measurement PRIMARY KEY (id),
    CONSTRAINT uq_beat_measurement_instance_id_number UNIQUE (instance_id, number),
    CONSTRAINT fk_beat_measurement_exam_id_exam FOREIGN KEY(exam_id) REFERENCES exam (id),
    CONSTRAINT fk_beat_measurement_instance_id_instance
        FOREIGN KEY(instance_id) REFERENCES instance (id)
);
CREATE INDEX ix_beat_measurement_exam_id ON beat_measurement (exam_id);
GRANT SELECT, INSERT ON beat_measurement TO workbench_app;
"""


def upgrade() -> None:
    """The guard is the one every table that only grows has."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    conn.exec_driver_sql(guard.replace("{table}", "beat_measurement"), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
