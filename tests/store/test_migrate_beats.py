"""A home from before the averaged beat goes on; its new table only grows."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

KEPT = """
INSERT INTO beat_measurement
    (id, exam_id, instance_id, number, standing, marks, values, beat_sha256, by, at)
    VALUES ('b', 'e', 'i', 1, 1, '{"j": 500.0}', '{}', 'd', 'reader', now())
"""


def test_an_old_home_can_keep_measurements_and_not_even_its_owner_changes_them(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(KEPT)
        assert conn.scalar(sa.text("SELECT count(*) FROM exam")) == 1
    with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
        conn.execute(sa.text("UPDATE beat_measurement SET number = 2"))
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT note FROM beat_measurement")) == ""
