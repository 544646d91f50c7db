"""Fingerprints of films: the hash is read for every new film, the thumbnail for a few only."""

from alembic import op

revision = "2026_11_26_prints"
down_revision = "2026_11_26_models"
branch_labels = None
depends_on = None

# Four kilobytes that do not compress go to the side table, so that a scan of a million hashes
# reads some eighty megabytes and no picture.
_SQL = """
CREATE TABLE film_print (
    instance_id TEXT NOT NULL,
    bits BIGINT NOT NULL,
    thumbnail BYTEA NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_film_print PRIMARY KEY (instance_id),
    CONSTRAINT fk_film_print_instance_id_instance FOREIGN KEY(instance_id) REFERENCES instance (id)
);
ALTER TABLE film_print ALTER COLUMN thumbnail SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON film_print TO workbench_app;
"""


def upgrade() -> None:
    """Films of before have none until they are screened again; they are not found as copies."""
    op.get_bind().exec_driver_sql(_SQL, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Never: a home goes back by restoring a backup."""
    raise NotImplementedError("restore the backup made before the upgrade")
