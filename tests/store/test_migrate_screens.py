"""A home from before screens were checked goes on; a look, once written, is never changed."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

LOOK = """
INSERT INTO screen_check (id, username, display, at, answers, facts)
    SELECT 's', username, 'd', now(), '{}', '{}' FROM account LIMIT 1;
"""


def test_an_old_home_keeps_looks_and_not_even_its_owner_changes_one(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(LOOK)
        assert conn.scalar(sa.text("SELECT count(*) FROM exam")) == 1
    for change in ("UPDATE screen_check SET display = 'x'", "TRUNCATE screen_check"):
        with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
            conn.execute(sa.text(change))
