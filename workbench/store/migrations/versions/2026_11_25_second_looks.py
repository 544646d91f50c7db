"""Late images, screenings that follow the facts, and the licence a release was made under.

Rows from before keep what is not known empty: a licence number of then cannot be guessed from now.
"""

from alembic import op

revision = "2026_11_25_second_looks"
down_revision = "2026_11_25_identity"
branch_labels = None
depends_on = None

_SQL = """
ALTER TABLE exam ADD COLUMN recheck_since TIMESTAMP WITH TIME ZONE;
CREATE INDEX ix_exam_recheck ON exam (recheck_since) WHERE recheck_since IS NOT NULL;
ALTER TABLE report_release ADD COLUMN licence_number TEXT DEFAULT '' NOT NULL;
ALTER TABLE screening ADD COLUMN context TEXT DEFAULT '' NOT NULL;
ALTER TABLE screening ADD COLUMN turn SMALLINT DEFAULT '1' NOT NULL;
ALTER TABLE screening DROP CONSTRAINT uq_screening_instance_id_screener_version_rulebook;
ALTER TABLE screening ADD CONSTRAINT uq_screening_instance_id_screener_version_rulebook_turn
    UNIQUE (instance_id, screener, version, rulebook, turn);
"""


def upgrade() -> None:
    """A report released before that has a late image is not guessed at."""
    op.get_bind().exec_driver_sql(_SQL, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
