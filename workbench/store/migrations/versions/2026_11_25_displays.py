"""How many pixels a millimetre has on the displays at which people read."""

from alembic import op

revision = "2026_11_25_displays"
down_revision = "2026_11_25_beats"
branch_labels = None
depends_on = None

_SQL = """
CREATE TABLE display_calibration (
    username TEXT NOT NULL,
    display TEXT NOT NULL,
    px_per_mm DOUBLE PRECISION NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_display_calibration PRIMARY KEY (username, display),
    CONSTRAINT fk_display_calibration_username_account
        FOREIGN KEY(username) REFERENCES account (username)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON display_calibration TO workbench_app;
"""


def upgrade() -> None:
    """Nobody has measured a display yet: ECGs say "not to scale" until somebody does."""
    op.get_bind().exec_driver_sql(_SQL, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
