"""Logging in and out: few guesses, no hint which part was wrong, every end of a session at once."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workbench.domain.actor import Account, Actor
from workbench.domain.errors import WorkbenchError
from workbench.domain.site import SYSTEM
from workbench.editions import rule_book
from workbench.store import accounts, audit, passwords, sessions
from workbench.store.database import Connection
from workbench.store.sessions import Session
from workbench.workflow.accounts import USERNAME
from workbench.workflow.passwords import check_password
from workbench.workflow.station import Station

BOOK = "security-2026.1"
TOUCH_SECONDS = 60  # a session's last use is written at most this often
_decoy = passwords.Decoy()


class LoginRefused(WorkbenchError):
    """Wrong name, wrong password or a closed account: the answer is the same for all."""

    template = (
        "Wrong user name or password, or the account is closed. Ask the administrator if in doubt."
    )


class TooManyFailures(WorkbenchError):
    """Too many failed logins in a short time."""

    template = "Too many failed logins. Try again in {minutes} minutes."

    def __init__(self, wait: timedelta) -> None:
        self.wait_s = max(1, int(wait.total_seconds()) + 1)
        super().__init__(minutes=(self.wait_s + 59) // 60)


@dataclass(frozen=True, slots=True)
class Entry:
    """A person who just came in; the token goes into the cookie and nowhere else."""

    actor: Actor
    token: str


def digest_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def log_in(station: Station, username: str, password: str, address: str) -> Entry:
    """Begin a session, or refuse without saying why; every try is counted before it is checked."""
    now = station.now()
    username = username if USERNAME.fullmatch(username) else ""  # no account is called so
    with station.store.change() as conn:
        sessions.queue_up(conn, username)
        wait = _wait(conn, username, address, now)
        if wait is None:
            sessions.failed(conn, username, address, now)  # taken back when the password is right
        found = accounts.find(conn, username)
    if wait is not None:
        raise TooManyFailures(wait)
    right = passwords.fits(found.password_hash, password) if found else _decoy.refuse(password)
    with station.store.change() as conn:
        held = accounts.find(conn, username, lock=True) if found and right else None
        if not (
            found and held and _open(station, held) and held.password_hash == found.password_hash
        ):
            _note_refusal(station, conn, found, address)
            entry = None
        else:
            entry = _begin(station, conn, held, address)
    if entry is None:
        raise LoginRefused
    if found and passwords.outdated(found.password_hash):
        _rehash(station, found, password)
    return entry


def who(station: Station, digest: str) -> Actor | None:
    """Whose session this is, as the account stands now; None when it ended."""
    with station.store.look() as conn:
        found = sessions.find(conn, [digest])
    now = station.now()
    if not found or not _holds(station, *found[0], now):
        return None
    session, account = found[0]
    if now - session.seen_at >= timedelta(seconds=TOUCH_SECONDS):
        with station.store.change() as conn:
            sessions.touch(conn, digest, now)
    return account.actor


def holding(station: Station, digests: Collection[str]) -> frozenset[str]:
    """Which of these sessions still hold; asking does not count as use."""
    with station.store.look() as conn:
        found = sessions.find(conn, digests)
    now = station.now()
    return frozenset(s.digest for s, account in found if _holds(station, s, account, now))


def log_out(station: Station, actor: Actor, digest: str) -> None:
    """End this session."""
    with station.store.change() as conn:
        if sessions.end(conn, digest):
            _note(station, conn, actor, "session.end")


def change_password(station: Station, actor: Actor, digest: str, old: str, new: str) -> None:
    """Take a new password; every other session of the person ends.

    A page left open is no place to guess the old one: tries are counted as at the door.
    """
    now, here = station.now(), f"password of {actor.username}"  # in the place of an address
    with station.store.change() as conn:
        sessions.queue_up(conn, actor.username)
        wait = _wait(conn, actor.username, here, now)
        if wait is None:
            sessions.failed(conn, actor.username, here, now)  # taken back when it is right
        before = accounts.get(conn, actor.username)
    if wait is not None:
        raise TooManyFailures(wait)
    if not passwords.fits(before.password_hash, old):
        with station.store.change() as conn:
            _note(station, conn, actor, "password.refused")
        raise LoginRefused
    with station.store.change() as conn:
        sessions.forgive(conn, actor.username, here)
    check_password(new, actor.username, old)
    fresh = passwords.hashed(new)
    with station.store.change() as conn:
        held = accounts.get(conn, actor.username, lock=True)
        if held.password_hash != before.password_hash:
            raise LoginRefused
        own = replace(held.actor, must_change_password=False)
        accounts.change(conn, replace(held, actor=own, password_hash=fresh))
        ended = sessions.end_all(conn, actor.username, but=digest)
        _note(station, conn, actor, "password.change", sessions_ended=ended)


def sweep(station: Station) -> int:
    """Forget sessions and failures past their limits; returns how many sessions ended."""
    book, now = rule_book(BOOK), station.now()
    idle = now - timedelta(minutes=station.settings.idle_minutes)
    with station.store.change() as conn:
        sessions.forget_failures(conn, now - timedelta(seconds=book["login.window"].value))
        return sessions.end_unused(conn, idle, now - timedelta(hours=book["session.longest"].value))


def _begin(station: Station, conn: Connection, account: Account, address: str) -> Entry:
    token, now = secrets.token_urlsafe(32), station.now()
    name = account.actor.username
    sessions.begin(
        conn,
        Session(
            digest=digest_of(token), username=name, started_at=now, seen_at=now, address=address
        ),
    )
    sessions.forgive(conn, name, address)
    _note(station, conn, account.actor, "session.begin", address=address)
    return Entry(account.actor, token)


def _wait(conn: Connection, username: str, address: str, now: datetime) -> timedelta | None:
    """How long until another try is allowed; None when it is allowed now."""
    book = rule_book(BOOK)
    window = timedelta(seconds=book["login.window"].value)
    since = now - window
    counted = (
        ("login.pair", sessions.failures(conn, since, username=username, address=address)),
        ("login.account", sessions.failures(conn, since, username=username)),
        ("login.address", sessions.failures(conn, since, address=address)),
    )
    waits = []
    for limit, times in counted:
        most = int(book[limit].value)
        if len(times) >= most:
            waits.append(times[len(times) - most] + window - now)
    return max(waits, default=None)


def _holds(station: Station, session: Session, account: Account, now: datetime) -> bool:
    longest = timedelta(hours=rule_book(BOOK)["session.longest"].value)
    idle = timedelta(minutes=station.settings.idle_minutes)
    young = now - session.started_at < longest and now - session.seen_at < idle
    return young and _open(station, account)


def _open(station: Station, account: Account) -> bool:
    return account.usable(station.today())


def _rehash(station: Station, found: Account, password: str) -> None:
    fresh = passwords.hashed(password)
    with station.store.change() as conn:
        held = accounts.get(conn, found.actor.username, lock=True)
        if held.password_hash == found.password_hash:
            accounts.change(conn, replace(held, password_hash=fresh))


def _note_refusal(station: Station, conn: Connection, found: Account | None, address: str) -> None:
    """An unknown name is not written down: people type passwords into that field."""
    audit.note(
        conn,
        station.now(),
        chain=found.actor.site_code if found else SYSTEM,
        actor=found.actor.username if found else "",
        act="session.refused",
        object=f"account/{found.actor.username}" if found else "account",
        detail={"address": address},
    )


def _note(station: Station, conn: Connection, actor: Actor, act: str, **detail: object) -> None:
    audit.note(
        conn,
        station.now(),
        chain=actor.site_code,
        actor=actor.username,
        act=act,
        object=f"account/{actor.username}",
        detail=detail,
    )
