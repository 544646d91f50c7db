"""Installed models, and the trials of their thresholds; a trial, once written, stays."""

from importlib import resources

from alembic import op

revision = "2026_11_26_models"
down_revision = "2026_11_26_retakes"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE model (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    manifest TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_model PRIMARY KEY (id),
    CONSTRAINT uq_model_name_version UNIQUE (name, version)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON model TO workbench_app;
CREATE TABLE model_trial (
    id TEXT NOT NULL,
    model_id TEXT NOT NULL,
    site_code TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    figures JSONB NOT NULL,
    CONSTRAINT pk_model_trial PRIMARY KEY (id),
    CONSTRAINT fk_model_trial_model_id_model FOREIGN KEY(model_id) REFERENCES model (id)
);
CREATE INDEX ix_model_trial_model_id ON model_trial (model_id);
GRANT SELECT, INSERT ON model_trial TO workbench_app;
"""


def upgrade() -> None:
    """No model is installed at first; none is shipped."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    conn.exec_driver_sql(guard.replace("{table}", "model_trial"), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
