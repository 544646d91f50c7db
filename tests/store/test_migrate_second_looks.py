"""A home with reports and screenings goes on; what was not recorded then stays empty."""

import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import migrate

ROWS = """
INSERT INTO screening
    (id, exam_id, instance_id, screener, version, rulebook, digest, assessed, result, at)
    VALUES ('s', 'e', 'i', 'x', '1', 'b', 'd', true, '{}', now());
INSERT INTO signed_report (id, exam_id, version, kind, body, author, author_name, licence_number,
    reading_site, signed_at, facts, digest)
    VALUES ('r', 'e', 1, 'original', '{}', 'a', 'A', '110', 'T01', now(), '{}', 'd');
INSERT INTO report_release (report_id, at, by, countersigned) VALUES ('r', now(), 'b', true);
"""


def test_a_release_of_then_has_no_licence_and_an_old_screening_is_its_first_turn(old):  # noqa: F811
    engine, dsn = old
    with engine.begin() as conn:
        conn.exec_driver_sql(ROWS)
    migrate.upgrade(dsn)
    with engine.connect() as conn:
        assert conn.scalar(sa.text("SELECT licence_number FROM report_release")) == ""
        assert conn.execute(sa.text("SELECT context, turn FROM screening")).one() == ("", 1)
        assert conn.scalar(sa.text("SELECT recheck_since FROM exam")) is None
