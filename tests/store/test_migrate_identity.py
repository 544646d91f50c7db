"""A home of the first release goes on: its conflicts are read, its identity numbers are known."""

import pytest
import sqlalchemy as sa
from alembic import command
from psycopg import connect
from psycopg.conninfo import make_conninfo
from sqlalchemy.pool import NullPool

from workbench.domain.patient import national_id_of
from workbench.store import migrate
from workbench.store.database import address

FIRST = "2026_11_22_initial"
NUMBERS = ("11010519491231002X", "44052418800101001x", "440524188001010014", "110105194912310021")
ROWS = """
INSERT INTO site (code, name, kind) VALUES ('T01', 'x', 'township');
INSERT INTO patient (id, site_code, local_id, name, person_id) VALUES ('p', 'T01', 'P1', 'x', 'p');
INSERT INTO exam (id, site_code, kind, key, patient_id, state, priority, received_at)
    VALUES ('e', 'T01', 'DR', 'k', 'p', 'waiting', 3, now());
INSERT INTO instance (id, exam_id, site_code, uid, reader, sha256, parts, source, received_at)
    VALUES ('i', 'e', 'T01', 'u', 'dr', 'a', '[]', 's', now());
INSERT INTO conflict
    (id, site_code, uid, instance_id, parts, sha256, source, received_at, settled_at)
    VALUES ('open', 'T01', 'u', 'i', '[]', 'b', 's', now(), NULL),
           ('settled', 'T01', 'u', 'i', '[]', 'c', 's', now(), now());
"""


@pytest.fixture
def old(cluster):
    """The owner's address of a home as the first release left it, with rows."""
    server = make_conninfo(cluster.owner_dsn, dbname="postgres")
    with connect(server, autocommit=True) as conn:
        conn.execute("CREATE DATABASE grown")
        dsn = cluster.owner_dsn.replace("/workbench?", "/grown?")
        engine = sa.create_engine(address(dsn), poolclass=NullPool)
        with engine.begin() as own:
            migrate.make_role(own)
            config = migrate._config()
            config.attributes["connection"] = own
            command.upgrade(config, FIRST)
            own.exec_driver_sql(ROWS)
            for number in NUMBERS:
                own.execute(
                    sa.text(
                        "INSERT INTO patient (id, site_code, local_id, name, person_id) "
                        "VALUES (:n, 'T01', :n, 'x', :n)"
                    ),
                    {"n": number},
                )
        yield engine, dsn
        conn.execute("DROP DATABASE grown WITH (FORCE)")


def test_an_old_home_is_brought_up_and_nothing_is_lost(old):
    engine, dsn = old
    migrate.upgrade(dsn)
    with engine.connect() as conn:
        known = conn.execute(sa.text("SELECT local_id, national_id FROM patient")).all()
        jobs = conn.execute(
            sa.text("SELECT args FROM procrastinate_jobs WHERE task_name = 'describe_conflict'")
        ).scalars()
        assert list(jobs) == [{"conflict_id": "open"}]
        assert migrate.pending(conn) == ()
    # the SQL of the migration and the rule of the package agree, number by number
    assert {row.local_id: row.national_id for row in known} == {
        row.local_id: national_id_of(row.local_id) for row in known
    }
    assert {row.national_id for row in known} == {None, "11010519491231002X", "440524188001010014"}
