"""A home from before models goes on with none; a trial, once written, is never changed."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

KEPT = """
INSERT INTO model (id, name, version, sha256, size, manifest, added_by, added_at)
    VALUES ('m', 'n', '1', 'a', 1, 'x', 'admin', now());
INSERT INTO model_trial (id, model_id, site_code, by, at, figures)
    VALUES ('t', 'm', '', 'admin', now(), '{}');
"""


def test_an_old_home_takes_models_and_not_even_its_owner_changes_a_trial(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(KEPT)
    for change in ("UPDATE model_trial SET site_code = 'x'", "TRUNCATE model_trial"):
        with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
            conn.execute(sa.text(change))
