import queue

import pytest
import sqlalchemy as sa

from workbench.domain.errors import Invalid
from workbench.store import notices
from workbench.store.notices import MISSED, Listener, Notice

DEADLINE = 10  # seconds; a notice comes in milliseconds


@pytest.fixture
def heard(database):
    seen = queue.Queue()
    listener = Listener(database.app_dsn, seen.put)
    assert seen.get(timeout=DEADLINE) == Notice(MISSED)
    yield seen
    listener.close()


def test_a_notice_is_heard_when_its_transaction_commits(store, heard):
    with store.change() as conn:
        notices.tell(conn, "exam", "e1")
        with pytest.raises(queue.Empty):
            heard.get(timeout=0.3)
    assert heard.get(timeout=DEADLINE) == Notice("exam", "e1")


def test_nothing_is_heard_of_what_was_taken_back(store, heard):
    with store.engine.connect() as conn:
        notices.tell(conn, "exam", "e1")
        conn.rollback()
    with store.change() as conn:
        notices.tell(conn, "exam", "e2")
    assert heard.get(timeout=DEADLINE) == Notice("exam", "e2")


def test_many_notices_come_in_order(store, heard):
    for number in range(50):
        with store.change() as conn:
            notices.tell(conn, "exam", str(number))
    assert [heard.get(timeout=DEADLINE).key for _ in range(50)] == [str(n) for n in range(50)]


def test_a_listener_whose_connection_died_listens_again_and_says_it_missed_some(
    store, owner, heard
):
    with owner.begin() as conn:
        killed = conn.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        ).all()
    assert len(killed) == 1
    assert heard.get(timeout=DEADLINE) == Notice(MISSED)
    with store.change() as conn:
        notices.tell(conn, "alert", "a1")
    assert heard.get(timeout=DEADLINE) == Notice("alert", "a1")


def test_what_others_send_on_the_channel_is_passed_over(store, heard):
    with store.change() as conn:
        conn.execute(sa.text("SELECT pg_notify('workbench', 'not json')"))
        conn.execute(sa.text("SELECT pg_notify('workbench', '[1]')"))
        notices.tell(conn, "exam", "e1")
    assert heard.get(timeout=DEADLINE) == Notice("exam", "e1")


def test_a_listener_outlives_a_page_that_fails(database, store):
    seen = queue.Queue()

    def page(notice):
        seen.put(notice)
        raise ZeroDivisionError

    listener = Listener(database.app_dsn, page)
    assert seen.get(timeout=DEADLINE) == Notice(MISSED)
    with store.change() as conn:
        notices.tell(conn, "exam", "e1")
    assert seen.get(timeout=DEADLINE) == Notice("exam", "e1")
    listener.close()


def test_a_listener_without_a_database_can_be_closed(tmp_path):
    Listener(f"postgresql://nobody@/none?host={tmp_path}", print).close()


def test_a_notice_is_small(store):
    with store.change() as conn, pytest.raises(Invalid, match="a short key"):
        notices.tell(conn, "exam", "x" * 8000)
