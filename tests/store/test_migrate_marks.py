"""A home from before marks goes on; drafts of marks may change, what was signed only grows."""

import pytest
import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

KEPT = """
INSERT INTO film_marks (instance_id, exam_id, marks, revision, by, at)
    VALUES ('i', 'e', '[]', 1, 'reader', now());
UPDATE film_marks SET revision = 2;
INSERT INTO key_image (id, exam_id, instance_id, frame, number, chosen, by, at)
    VALUES ('k', 'e', 'i', 1, 1, true, 'reader', now());
"""


def test_an_old_home_can_keep_marks_and_not_even_its_owner_changes_a_choice(old):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        conn.exec_driver_sql(KEPT)
        assert conn.scalar(sa.text("SELECT count(*) FROM exam")) == 1
    for change in (
        "UPDATE key_image SET chosen = false",
        "TRUNCATE signed_marks",
        "TRUNCATE mark_object",
    ):
        with engine.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
            conn.execute(sa.text(change))
