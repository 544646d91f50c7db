"""Sessions and failed logins. Only the SHA-256 of a session's token is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from workbench.domain.actor import Account
from workbench.store import accounts
from workbench.store.schema import account, login_failure, session


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login in one browser."""

    digest: str
    username: str
    started_at: datetime
    seen_at: datetime
    address: str


def begin(conn: sa.Connection, new: Session) -> None:
    """Add a session."""
    conn.execute(
        session.insert().values(
            digest=new.digest,
            username=new.username,
            started_at=new.started_at,
            seen_at=new.seen_at,
            address=new.address,
        )
    )


def find(conn: sa.Connection, digests: Collection[str]) -> list[tuple[Session, Account]]:
    """The sessions of these digests that exist, each with its account."""
    query = (
        sa.select(
            account, session.c.digest, session.c.started_at, session.c.seen_at, session.c.address
        )
        .join(session, session.c.username == account.c.username)
        .where(session.c.digest.in_(list(digests)))
    )
    found = []
    for row in conn.execute(query).mappings():
        one = Session(
            digest=row["digest"],
            username=row["username"],
            started_at=row["started_at"],
            seen_at=row["seen_at"],
            address=row["address"],
        )
        found.append((one, accounts.read(row)))
    return found


def touch(conn: sa.Connection, digest: str, now: datetime) -> None:
    """Note that the session was used; time never runs backwards."""
    later = (session.c.digest == digest) & (session.c.seen_at < now)
    conn.execute(session.update().where(later).values(seen_at=now))


def end(conn: sa.Connection, digest: str) -> bool:
    """Forget a session; False when it was gone already."""
    return conn.execute(session.delete().where(session.c.digest == digest)).rowcount == 1


def end_all(conn: sa.Connection, username: str, *, but: str = "") -> int:
    """Forget all sessions of a person, but one; returns how many ended."""
    others = (session.c.username == username) & (session.c.digest != but)
    return conn.execute(session.delete().where(others)).rowcount


def end_unused(conn: sa.Connection, seen_before: datetime, started_before: datetime) -> int:
    """Forget sessions past either limit."""
    past = (session.c.seen_at < seen_before) | (session.c.started_at < started_before)
    return conn.execute(session.delete().where(past)).rowcount


def queue_up(conn: sa.Connection, username: str) -> None:
    """Let logins to one account pass one after the other until the commit."""
    conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"login:{username}"))))


def failed(conn: sa.Connection, username: str, address: str, now: datetime) -> int:
    """Note a failed login and return its number."""
    row = login_failure.insert().values(username=username, address=address, at=now)
    return int(conn.execute(row.returning(login_failure.c.id)).scalar_one())


def failures(
    conn: sa.Connection, since: datetime, *, username: str | None = None, address: str | None = None
) -> list[datetime]:
    """When logins failed after a moment, for this account, this address or both; oldest first."""
    wanted = [login_failure.c.at > since]
    if username is not None:
        wanted.append(login_failure.c.username == username)
    if address is not None:
        wanted.append(login_failure.c.address == address)
    query = sa.select(login_failure.c.at).where(*wanted).order_by(login_failure.c.at)
    return list(conn.execute(query).scalars())


def forgive(conn: sa.Connection, username: str, address: str) -> None:
    """Forget the failures of one account from one address, after the right password came."""
    both = (login_failure.c.username == username) & (login_failure.c.address == address)
    conn.execute(login_failure.delete().where(both))


def forget_failures(conn: sa.Connection, before: datetime) -> None:
    """Drop failures too old to count."""
    conn.execute(login_failure.delete().where(login_failure.c.at < before))
