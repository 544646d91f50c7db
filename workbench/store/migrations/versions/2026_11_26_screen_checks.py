"""When which reader looked at the test pattern of which screen, and what they saw."""

from importlib import resources

from alembic import op

revision = "2026_11_26_screen_checks"
down_revision = "2026_11_26_marks"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE screen_check (
    id TEXT NOT NULL,
    username TEXT NOT NULL,
    display TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    answers JSONB NOT NULL,
    facts JSONB NOT NULL,
    CONSTRAINT pk_screen_check PRIMARY KEY (id),
    CONSTRAINT fk_screen_check_username_account FOREIGN KEY(username) REFERENCES account (username)
);
CREATE INDEX ix_screen_check_username_display_at ON screen_check (username, display, at);
GRANT SELECT, INSERT ON screen_check TO workbench_app;
"""


def upgrade() -> None:
    """Nobody has looked yet: every screen is "not checked"; what is written then only grows."""
    conn, plain = op.get_bind(), {"no_parameters": True}
    conn.exec_driver_sql(_SQL, execution_options=plain)
    folder = resources.files("workbench.store.migrations") / "sql"
    guard = (folder / "2026_11_22_guard.sql").read_text("utf-8")
    conn.exec_driver_sql(guard.replace("{table}", "screen_check"), execution_options=plain)


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
