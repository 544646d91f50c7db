"""A home from before decisions on statements goes on; its new table only grows."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

KEPT = """
INSERT INTO statement_verdict
    (id, exam_id, number, key, digest, screener, version, rulebook, code, severity, evidence,
     verdict, by, at)
    VALUES ('v', 'e', 1, 'k', 'd', 'ecg', '2.0.0', 'b', 'EC003', 'abnormal', '', 'accepted',
            'reader', now())
"""


def test_an_old_home_can_keep_decisions_and_not_even_its_owner_changes_them(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(KEPT)
        assert conn.scalar(sa.text("SELECT count(*) FROM exam")) == 1
    with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
        conn.execute(sa.text("DELETE FROM statement_verdict"))
