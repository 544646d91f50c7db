"""A home from before fingerprints goes on; a film keeps one, its last."""

import sqlalchemy as sa

from tests.store.test_migrate_identity import old  # noqa: F401 - the fixture
from workbench.store import copies, migrate


def test_an_old_home_takes_fingerprints_of_its_films(old, now):  # noqa: F811
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.begin() as conn:
        copies.keep(conn, "i", 5, b"\1" * 4096, now)
        copies.keep(conn, "i", 2**63 - 1, b"\2" * 4096, now)
        assert conn.execute(sa.text("SELECT bits, length(thumbnail) FROM film_print")).all() == [
            (2**63 - 1, 4096)
        ]
        assert copies.near(conn, "another", 2**63 - 2, 1, 10)[0].instance_id == "i"
        assert copies.near(conn, "another", 2**63 - 4, 1, 10) == []
        assert copies.near(conn, "i", 2**63 - 1, 63, 10) == []  # never itself
