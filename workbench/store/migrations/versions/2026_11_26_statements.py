"""What readers decided on the statements of a screening: a table that only grows."""

from importlib import resources

from alembic import op

revision = "2026_11_26_statements"
down_revision = "2026_11_25_lead_names"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE statement_verdict (
    id TEXT NOT NULL,
    exam_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    screener TEXT NOT NULL,
    version TEXT NOT NULL,
    rulebook TEXT NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    evidence TEXT NOT NULL,
    verdict TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_statement_verdict PRIMARY KEY (id),
    CONSTRAINT uq_statement_verdict_exam_id_number UNIQUE (exam_id, number),
    CONSTRAINT fk_statement_verdict_exam_id_exam FOREIGN KEY(exam_id) REFERENCES exam (id)
);
GRANT SELECT, INSERT ON statement_verdict TO workbench_app;
"""


def upgrade() -> None:
    """The guard is the one every table that only grows has."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    conn.exec_driver_sql(guard.replace("{table}", "statement_verdict"), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
