import threading

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import connect
from psycopg.conninfo import make_conninfo
from sqlalchemy.pool import NullPool

from workbench.store import migrate
from workbench.store.database import Store, address
from workbench.store.schema import APPEND_ONLY, metadata

APPLICATION_READS_ONLY = {"alembic_version"}


@pytest.fixture
def empty(cluster):
    """The owner's address of a database without a table."""
    server = make_conninfo(cluster.owner_dsn, dbname="postgres")
    with connect(server, autocommit=True) as conn:
        conn.execute("CREATE DATABASE bare")
        yield cluster.owner_dsn.replace("/workbench?", "/bare?")
        conn.execute("DROP DATABASE bare WITH (FORCE)")


def engine_of(dsn):
    return sa.create_engine(address(dsn), poolclass=NullPool)


def test_the_migrations_make_exactly_the_tables_of_the_schema(owner):
    def ours(name, kind, _parents):
        return kind != "table" or not name.startswith(("procrastinate_", "alembic_"))

    options = {"include_name": ours, "compare_type": True, "compare_server_default": True}
    with owner.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts=options), metadata) == []


def test_every_key_and_check_is_named_by_the_convention(owner):
    with owner.connect() as conn:
        found = sa.inspect(conn)
        for table in metadata.sorted_tables:
            assert found.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"
            checks = found.get_check_constraints(table.name)
            assert all(check["name"].startswith(f"ck_{table.name}_") for check in checks)
            keys = found.get_foreign_keys(table.name)
            assert all(key["name"].startswith(f"fk_{table.name}_") for key in keys)


def test_an_empty_database_is_behind_and_then_is_not(empty):
    engine = engine_of(empty)
    with engine.connect() as conn:
        assert migrate.current(conn) is None
        assert migrate.pending(conn)[-1] == migrate.newest()
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    with engine.connect() as conn:
        assert migrate.current(conn) == migrate.newest()
        assert migrate.pending(conn) == ()


def test_two_processes_may_migrate_at_once(empty):
    problems = []

    def run():
        try:
            migrate.upgrade(empty)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            problems.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with engine_of(empty).connect() as conn:
        assert migrate.pending(conn) == ()


def test_an_account_that_only_administers_the_role_is_made_able_to_become_it(cluster, empty):
    # what CREATE ROLE gives an ordinary account with CREATEROLE since PostgreSQL 16
    with connect(cluster.owner_dsn, autocommit=True) as conn:
        conn.execute("CREATE ROLE ordinary LOGIN CREATEROLE")
        conn.execute("GRANT workbench_app TO ordinary WITH ADMIN TRUE, INHERIT FALSE, SET FALSE")
        conn.execute("ALTER DATABASE bare OWNER TO ordinary")
    ordinary = empty.replace("workbench_owner@", "ordinary@")
    try:
        migrate.upgrade(ordinary)
        store = Store(ordinary)
        with store.look() as conn:
            assert conn.scalar(sa.text("SELECT current_user")) == "workbench_app"
        store.close()
    finally:
        with connect(cluster.owner_dsn, autocommit=True) as conn:
            conn.execute("ALTER DATABASE bare OWNER TO workbench_owner")
        with connect(empty, autocommit=True) as conn:
            conn.execute("DROP OWNED BY ordinary CASCADE")
            conn.execute("DROP SCHEMA public CASCADE")
            conn.execute("REVOKE workbench_app FROM ordinary GRANTED BY ordinary")
            conn.execute("DROP ROLE ordinary")


def test_a_migration_gives_up_on_a_busy_table_instead_of_stopping_its_readers(empty):
    with engine_of(empty).begin() as conn:
        migrate.make_role(conn)
    with connect(empty) as busy:
        busy.execute("CREATE TABLE site (code text)")
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            migrate.upgrade(empty)


def test_a_database_of_a_newer_release_is_refused_with_the_way_out(owner, database):
    with owner.begin() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '2031_01_01_later'"))
    with pytest.raises(migrate.MigrationRefused, match=r"2031_01_01_later.*Install the release"):
        migrate.upgrade(database.owner_dsn)


def test_the_job_engine_says_which_release_made_its_tables(owner):
    with owner.connect() as conn:
        made = conn.scalar(sa.text("SELECT obj_description('procrastinate_jobs'::regclass)"))
    assert made.startswith("procrastinate 3.")


def test_the_application_may_use_every_table_and_owns_none(owner):
    query = sa.text(
        """
        SELECT relname, pg_get_userbyid(relowner) AS owner,
            array(SELECT privilege_type FROM aclexplode(relacl)
                  WHERE grantee = 'workbench_app'::regrole ORDER BY 1) AS rights
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        """
    )
    grows = {table.name for table in APPEND_ONLY} | {"home"}
    with owner.connect() as conn:
        rows = conn.execute(query).all()
    assert {table.name for table in metadata.sorted_tables} <= {row.relname for row in rows}
    for row in rows:
        wanted = ["DELETE", "INSERT", "SELECT", "UPDATE"]
        if row.relname in APPLICATION_READS_ONLY:
            wanted = ["SELECT"]
        elif row.relname in grows:
            wanted = ["INSERT", "SELECT"]
        elif row.relname == "audit_head":
            wanted = ["INSERT", "SELECT", "UPDATE"]
        assert (row.relname, sorted(row.rights)) == (row.relname, wanted)
        assert row.owner != "workbench_app"
