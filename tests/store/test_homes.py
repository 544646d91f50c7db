import psycopg
import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.actor import Account
from workbench.domain.errors import Invalid
from workbench.store import accounts, heartbeats, homes, sites


def test_a_new_home_is_neither_demo_nor_clinical(store):
    with store.look() as conn:
        assert homes.nature(conn) is None


@pytest.mark.parametrize(("first", "other"), [("demo", "clinical"), ("clinical", "demo")])
def test_a_home_stays_what_it_was_first_said_to_be(store, now, first, other):
    with store.change() as conn:
        homes.found(conn, first, now)
    with store.change() as conn:
        homes.found(conn, first, now)
        with pytest.raises(homes.HomeIsFixed, match=f"is {first} for ever"):
            homes.found(conn, other, now)
    with store.look() as conn:
        assert homes.nature(conn) == first


def test_a_home_of_no_known_kind_is_refused(store, now):
    with store.change() as conn, pytest.raises(Invalid, match="demo or clinical"):
        homes.found(conn, "teaching", now)


@pytest.mark.parametrize(
    "statement", ["UPDATE home SET nature = 'clinical'", "DELETE FROM home", "TRUNCATE home"]
)
def test_the_nature_cannot_be_changed_behind_the_code(store, now, statement):
    with store.change() as conn:
        homes.found(conn, "demo", now)
    with pytest.raises(sa.exc.ProgrammingError) as refused, store.change() as conn:
        conn.execute(sa.text(statement))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_the_latest_heartbeat_of_each_part_stands(store, now):
    with store.change() as conn:
        heartbeats.beat(conn, "worker", now, {"pid": 1})
        heartbeats.beat(conn, "worker", now.replace(minute=31), {"pid": 2})
        heartbeats.beat(conn, "intake", now)
    with store.look() as conn:
        seen = heartbeats.read(conn)
    assert seen["worker"] == heartbeats.Beat("worker", now.replace(minute=31), {"pid": 2})
    assert seen["intake"].detail == {}


def test_a_home_with_an_account_from_before_can_only_be_clinical(store, now):
    with store.change() as conn:
        sites.add(conn, make.make_site("T01"))
        accounts.add(conn, Account(actor=make.CLINIC, password_hash="-"), now)
        with pytest.raises(homes.HomeIsFixed, match="clinical for ever"):
            homes.found(conn, "demo", now)
        homes.found(conn, "clinical", now)


def test_the_text_of_a_database_error_names_no_values(store, now):
    with pytest.raises(sa.exc.DBAPIError) as refused, store.change() as conn:
        conn.execute(sa.text("SELECT 1 / 0 WHERE :who = '王秀兰'"), {"who": "王秀兰的父亲"})
    assert "父亲" not in str(refused.value)
