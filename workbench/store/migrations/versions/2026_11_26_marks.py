"""What readers mark on films: drafts, key images, what was signed, and the objects made of it."""

from importlib import resources

from alembic import op

revision = "2026_11_26_marks"
down_revision = "2026_11_26_statements"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE film_marks (
    instance_id TEXT NOT NULL,
    exam_id TEXT NOT NULL,
    marks JSONB NOT NULL,
    revision INTEGER NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_film_marks PRIMARY KEY (instance_id),
    CONSTRAINT fk_film_marks_instance_id_instance FOREIGN KEY(instance_id) REFERENCES instance (id),
    CONSTRAINT fk_film_marks_exam_id_exam FOREIGN KEY(exam_id) REFERENCES exam (id)
);
CREATE INDEX ix_film_marks_exam_id ON film_marks (exam_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON film_marks TO workbench_app;
CREATE TABLE key_image (
    id TEXT NOT NULL,
    exam_id TEXT NOT NULL,
    instance_id TEXT NOT NULL,
    frame INTEGER NOT NULL,
    number INTEGER NOT NULL,
    chosen BOOLEAN NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_key_image PRIMARY KEY (id),
    CONSTRAINT uq_key_image_exam_id_number UNIQUE (exam_id, number),
    CONSTRAINT fk_key_image_exam_id_exam FOREIGN KEY(exam_id) REFERENCES exam (id),
    CONSTRAINT fk_key_image_instance_id_instance FOREIGN KEY(instance_id) REFERENCES instance (id)
);
CREATE TABLE signed_marks (
    report_id TEXT NOT NULL,
    films JSONB NOT NULL,
    keys JSONB NOT NULL,
    digest TEXT NOT NULL,
    CONSTRAINT pk_signed_marks PRIMARY KEY (report_id),
    CONSTRAINT fk_signed_marks_report_id_signed_report
        FOREIGN KEY(report_id) REFERENCES signed_report (id)
);
CREATE TABLE mark_object (
    report_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    uid TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_mark_object PRIMARY KEY (report_id, kind, number),
    CONSTRAINT fk_mark_object_report_id_signed_report
        FOREIGN KEY(report_id) REFERENCES signed_report (id)
);
GRANT SELECT, INSERT ON key_image, signed_marks, mark_object TO workbench_app;
"""


def upgrade() -> None:
    """What was signed, chosen and made only grows; drafts of marks are written over."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    for table in ("key_image", "signed_marks", "mark_object"):
        conn.exec_driver_sql(guard.replace("{table}", table), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
