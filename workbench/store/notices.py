"""Tell every open page that something changed, at commit; the page then reads the rows."""

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import sqlalchemy as sa
from psycopg import sql

from workbench.domain.errors import Invalid

CHANNEL = "workbench"
MISSED = "*"
_TELL = sa.select(sa.func.pg_notify(CHANNEL, sa.bindparam("text", type_=sa.Text)))
_LONGEST = 7_900  # bytes; PostgreSQL takes less than 8000
_WAIT = 0.5  # seconds between looks at the stop flag; a notice itself comes at once
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """That something of this kind changed; `MISSED` as topic means: anything may have changed."""

    topic: str
    key: str = ""


def tell(conn: sa.Connection, topic: str, key: str = "") -> None:
    """Tell all listeners when this transaction commits; the same twice is told once."""
    text = json.dumps({"topic": topic, "key": key}, ensure_ascii=False)
    if len(text.encode()) > _LONGEST:
        raise Invalid("notice", f"{len(text)} characters", "a short key; listeners read the row")
    conn.execute(_TELL, {"text": text})


class Listener:
    """A thread that hands on every notice, and connects again when the database was away.

    After each connection it says `MISSED` once: what happened before was not heard.
    """

    def __init__(self, dsn: str, on_notice: Callable[[Notice], None]) -> None:
        self._dsn = dsn
        self._on_notice = on_notice
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening; returns when the thread has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        pause = 0.1
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as conn:
                    conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    pause = 0.1
                    self._hand_on(Notice(MISSED))
                    self._listen(conn)
            except psycopg.OperationalError as error:
                _log.warning("notices: the database is away, trying again (%s)", error)
                self._stop.wait(pause)
                pause = min(pause * 2, 5.0)

    def _listen(self, conn: psycopg.Connection[tuple[object, ...]]) -> None:
        while not self._stop.is_set():
            for raw in conn.notifies(timeout=_WAIT):
                if self._stop.is_set():
                    return
                try:
                    said = json.loads(raw.payload)
                    notice = Notice(said["topic"], said["key"])
                except (ValueError, TypeError, KeyError):
                    _log.warning("notices: not ours: %.80r", raw.payload)
                    continue
                self._hand_on(notice)

    def _hand_on(self, notice: Notice) -> None:
        try:
            self._on_notice(notice)
        except Exception:  # noqa: BLE001 - one page's fault must not make it deaf
            _log.exception("notices: %s was not taken", notice.topic)
