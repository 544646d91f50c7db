"""What the application's role cannot do to rows that only grow, and to their guards."""

import psycopg
import pytest
import sqlalchemy as sa

from workbench.store import audit
from workbench.store.schema import APPEND_ONLY

TABLES = [table.name for table in APPEND_ONLY]
DENIED = psycopg.errors.InsufficientPrivilege


def refused(conn, statement):
    with pytest.raises(sa.exc.DBAPIError) as caught:
        conn.execute(sa.text(statement))
    return caught.value.orig


@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_change_what_only_grows_nor_its_guard(store, table):
    column = next(iter(sa.inspect(store.engine).get_columns(table)))["name"]
    for statement in (
        f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - tables of the schema
        f"DELETE FROM {table}",  # noqa: S608
        f"TRUNCATE {table} CASCADE",
        f"DROP TABLE {table} CASCADE",
        f"DROP TRIGGER {table}_only_grows ON {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} ADD COLUMN note text",
        f"ALTER TABLE {table} RENAME TO other",
        f"CREATE RULE r AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"CREATE TRIGGER t BEFORE INSERT ON {table} EXECUTE FUNCTION workbench_refuse_change()",
    ):
        with store.engine.connect() as conn:
            error = refused(conn, statement)
        assert isinstance(error, DENIED), statement


def test_the_application_cannot_reach_past_its_rows(store):
    for statement in (
        "SET session_replication_role = replica",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER FUNCTION workbench_refuse_change() RENAME TO other",
        "DROP FUNCTION workbench_refuse_change() CASCADE",
        "CREATE SCHEMA mine",
        "ALTER ROLE workbench_app SUPERUSER",
        "SET ROLE workbench_owner",
        "DELETE FROM audit_head",
        "UPDATE alembic_version SET version_num = 'x'",
        "COPY audit TO PROGRAM 'cat'",
    ):
        with store.engine.connect() as conn:
            error = refused(conn, statement)
        assert isinstance(error, DENIED), statement


def test_the_application_cannot_grant_itself_a_right(store):
    with store.engine.connect() as conn:
        conn.execute(sa.text("GRANT UPDATE, TRUNCATE ON audit TO workbench_app"))  # only warns
        assert isinstance(refused(conn, "UPDATE audit SET actor = 'x'"), DENIED)


def test_the_second_line_stops_even_the_owner(owner):
    for table in [*TABLES, "home"]:
        for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
            with owner.connect() as conn:
                conn.execute(sa.text("SET session_replication_role = replica"))
                assert "only ever added" in str(refused(conn, statement))


def test_an_upsert_cannot_change_a_row_either(store, now):
    with store.change() as conn:
        audit.note(conn, now, chain="A01", actor="li", act="exam.open", object="e1")
    upsert = (
        "INSERT INTO audit SELECT * FROM audit"
        " ON CONFLICT (chain, seq) DO UPDATE SET actor = 'somebody else'"
    )
    with store.engine.connect() as conn:
        assert isinstance(refused(conn, upsert), DENIED)


def test_an_address_that_names_the_owner_still_works_as_the_application(database):
    from workbench.store.database import Store

    as_owner = Store(database.owner_dsn)
    with as_owner.change() as conn:
        assert conn.scalar(sa.text("SELECT current_user")) == "workbench_app"
        assert isinstance(refused(conn, "DELETE FROM audit"), DENIED)
    as_owner.close()
