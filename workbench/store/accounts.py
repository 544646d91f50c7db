"""Accounts: who may log in, as what, with which licence."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from workbench.domain.actor import Account, Actor, Licence, Role
from workbench.domain.errors import NotFound
from workbench.domain.kinds import ExamKind
from workbench.store.schema import account


def add(conn: sa.Connection, new: Account, now: datetime) -> None:
    """Add an account."""
    conn.execute(account.insert().values(**_values(new), made_at=now))


def change(conn: sa.Connection, new: Account) -> None:
    """Write an account anew, password included."""
    values = _values(new)
    name = values.pop("username")
    done = conn.execute(account.update().where(account.c.username == name).values(**values))
    if done.rowcount != 1:
        raise NotFound("account", name)


def find(conn: sa.Connection, username: str, *, lock: bool = False) -> Account | None:
    """The account of this name, if there is one; `lock` holds its row until the commit."""
    query = sa.select(account).where(account.c.username == username)
    row = conn.execute(query.with_for_update() if lock else query).mappings().first()
    return None if row is None else read(row)


def get(conn: sa.Connection, username: str, *, lock: bool = False) -> Account:
    """The account of this name."""
    found = find(conn, username, lock=lock)
    if found is None:
        raise NotFound("account", username)
    return found


def every(conn: sa.Connection) -> list[Account]:
    """All accounts, by institution and name."""
    query = sa.select(account).order_by(account.c.site_code, account.c.username)
    return [read(row) for row in conn.execute(query).mappings()]


def exist(conn: sa.Connection) -> bool:
    """Whether there is any account."""
    return bool(conn.execute(sa.select(sa.exists(sa.select(account.c.username)))).scalar_one())


def usable_admins(conn: sa.Connection, today: date) -> frozenset[str]:
    """Administrators who can log in on this day; their rows are locked until the commit."""
    query = sa.select(account).where(account.c.role == Role.ADMIN.value)
    ordered = query.order_by(account.c.username).with_for_update()
    found = [read(row) for row in conn.execute(ordered).mappings()]
    return frozenset(a.actor.username for a in found if a.usable(today))


def read(row: Any) -> Account:
    """An account from its row."""
    licence = None
    if row["licence_number"]:
        scope = frozenset(ExamKind(kind) for kind in row["licence_scope"])
        licence = Licence(
            number=row["licence_number"], expires_on=row["licence_expires_on"], scope=scope
        )
    actor = Actor(
        username=row["username"],
        name=row["name"],
        role=Role(row["role"]),
        site_code=row["site_code"],
        language=row["language"],
        licence=licence,
        must_change_password=row["must_change_password"],
    )
    return Account(
        actor=actor,
        password_hash=row["password_hash"],
        active=row["active"],
        leaves_on=row["leaves_on"],
    )


def _values(new: Account) -> dict[str, Any]:
    actor, licence = new.actor, new.actor.licence
    return {
        "username": actor.username,
        "name": actor.name,
        "role": actor.role.value,
        "site_code": actor.site_code,
        "language": actor.language,
        "password_hash": new.password_hash,
        "must_change_password": actor.must_change_password,
        "licence_number": licence.number if licence else "",
        "licence_expires_on": licence.expires_on if licence else None,
        "licence_scope": sorted(kind.value for kind in licence.scope) if licence else [],
        "active": new.active,
        "leaves_on": new.leaves_on,
    }
