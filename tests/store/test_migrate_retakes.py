"""A home from before retakes goes on; its institutions take part; a step is never changed."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

KEPT = """
INSERT INTO retake (id, exam_id, instance_id, site_code, state, evidence, source, asked_by,
                    asked_at)
    VALUES ('r', 'e', 'i', 'T01', 'requested', 'x', 'reader', 'reader', now());
UPDATE retake SET state = 'seen';
INSERT INTO retake_step (retake_id, move, actor, at) VALUES ('r', 'see', 'reader', now());
"""


def test_an_old_home_keeps_requests_and_not_even_its_owner_changes_a_step(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(KEPT)
        assert conn.scalar(sa.text("SELECT bool_and(asks_retakes) FROM site")) is True
    for change in ("UPDATE retake_step SET move = 'x'", "TRUNCATE retake_step"):
        with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
            conn.execute(sa.text(change))
