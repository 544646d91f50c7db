"""People: add, change, close an account. Closing ends every session in the same transaction."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from workbench.domain.actor import Account, Act, Actor, Licence, Role
from workbench.domain.errors import Invalid, NotPermitted, WorkbenchError
from workbench.domain.kinds import ExamKind
from workbench.language import languages
from workbench.store import accounts, audit, homes, passwords, sessions, sites
from workbench.store.database import Connection
from workbench.workflow.passwords import check_password
from workbench.workflow.station import Station

USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """What an administrator says about a person; the password is the first one."""

    username: str
    name: str
    role: Role
    site_code: str
    password: str = field(repr=False)
    language: str = "zh_CN"
    licence_number: str = ""
    licence_expires_on: date | None = None
    licence_scope: frozenset[ExamKind] = frozenset()
    leaves_on: date | None = None
    must_change_password: bool = True  # only a demonstration may say no

    def person(self) -> Actor:
        """The actor this makes."""
        licence = None
        if self.licence_number:
            licence = Licence(
                number=self.licence_number,
                expires_on=self.licence_expires_on,
                scope=self.licence_scope,
            )
        return Actor(
            username=self.username,
            name=self.name,
            role=self.role,
            site_code=self.site_code,
            language=self.language,
            licence=licence,
            must_change_password=self.must_change_password,
        )


class LastAdmin(WorkbenchError):
    """The change would leave nobody who can manage people."""

    template = "{username} is the last administrator who can log in; name another one first."

    def __init__(self, username: str) -> None:
        super().__init__(username=username)


def every(station: Station, actor: Actor) -> list[Account]:
    """All accounts."""
    actor.check(Act.PEOPLE_MANAGE)
    with station.store.look() as conn:
        return accounts.every(conn)


def any_account(station: Station) -> bool:
    """Whether anybody can ever log in here."""
    with station.store.look() as conn:
        return accounts.exist(conn)


def actor_of(station: Station, username: str) -> Actor:
    """A person as the database knows them now; NotPermitted once the account is closed."""
    with station.store.look() as conn:
        found = accounts.find(conn, username)
    if found is None or not found.usable(station.today()):
        raise NotPermitted(username, "session", "the account is closed")
    return found.actor


def add(station: Station, actor: Actor, new: NewAccount) -> None:
    """Add a person with a first password, to be changed at the first login.

    The command line acts as `console.operator`: who may use the machine's shell may add people.
    """
    actor.check(Act.PEOPLE_MANAGE)
    person = new.person()
    _check(person)
    check_password(new.password, person.username)
    account = Account(
        actor=person, password_hash=passwords.hashed(new.password), leaves_on=new.leaves_on
    )
    with station.store.change() as conn:
        if not person.must_change_password and homes.nature(conn) == "clinical":
            raise Invalid("first password", "kept", "one that must be changed at the first login")
        sites.get(conn, person.site_code)
        if accounts.find(conn, person.username):
            raise Invalid("user name", person.username, "a name that is not taken")
        accounts.add(conn, account, station.now())
        _note(station, conn, actor, account, {"act": "account.add"})


def change(station: Station, actor: Actor, person: Actor, leaves_on: date | None = None) -> None:
    """Write name, role, institution, language, licence and leave date anew; the password stays."""
    actor.check(Act.PEOPLE_MANAGE)
    _check(person)
    with station.store.change() as conn:
        sites.get(conn, person.site_code)
        _keep_an_admin(station, conn, person.username, person.role, leaves_on)
        held = accounts.get(conn, person.username, lock=True)
        kept = replace(person, must_change_password=held.actor.must_change_password)
        after = replace(held, actor=kept, leaves_on=leaves_on)
        accounts.change(conn, after)
        if (kept.role, kept.site_code) != (held.actor.role, held.actor.site_code):
            sessions.end_all(conn, person.username)  # open pages were made for the old role
        _note(station, conn, actor, after, {"act": "account.change", "before": _facts(held)})


def deactivate(station: Station, actor: Actor, username: str) -> None:
    """Close an account; access ends at once."""
    actor.check(Act.PEOPLE_MANAGE)
    with station.store.change() as conn:
        _keep_an_admin(station, conn, username, None, None)
        after = replace(accounts.get(conn, username, lock=True), active=False)
        accounts.change(conn, after)
        ended = sessions.end_all(conn, username)
        _note(station, conn, actor, after, {"act": "account.close", "sessions_ended": ended})


def reactivate(station: Station, actor: Actor, username: str, password: str) -> None:
    """Open a closed account with a new first password."""
    actor.check(Act.PEOPLE_MANAGE)
    _renew(station, actor, username, password, "account.open")


def reset_password(station: Station, actor: Actor, username: str, password: str) -> None:
    """Give a new first password, to be changed at the next login; all sessions end."""
    actor.check(Act.PEOPLE_MANAGE)
    _renew(station, actor, username, password, "password.reset")


def _renew(station: Station, actor: Actor, username: str, password: str, act: str) -> None:
    check_password(password, username)
    fresh = passwords.hashed(password)
    with station.store.change() as conn:
        held = accounts.get(conn, username, lock=True)
        first = replace(held.actor, must_change_password=True)
        active = held.active or act == "account.open"
        after = replace(held, actor=first, password_hash=fresh, active=active)
        accounts.change(conn, after)
        sessions.end_all(conn, username)
        _note(station, conn, actor, after, {"act": act})


def _check(person: Actor) -> None:
    if not USERNAME.fullmatch(person.username):
        raise Invalid("user name", person.username, "2 to 32 letters, digits, . _ or -")
    if not person.name.strip():
        raise Invalid("name", person.name, "the person's full name")
    if person.language not in languages():
        raise Invalid("language", person.language, f"one of {', '.join(languages())}")


def _keep_an_admin(
    station: Station, conn: Connection, username: str, role: Role | None, leaves_on: date | None
) -> None:
    today = station.today()
    stays = role is Role.ADMIN and (leaves_on is None or today <= leaves_on)
    if not stays and accounts.usable_admins(conn, today) == {username}:
        raise LastAdmin(username)


def _facts(account: Account) -> dict[str, object]:
    actor, licence = account.actor, account.actor.licence
    return {
        "role": actor.role.value,
        "site": actor.site_code,
        "licence": licence.number if licence else "",
        "licence_expires_on": _day(licence.expires_on) if licence else None,
        "scope": sorted(kind.value for kind in licence.scope) if licence else [],
        "leaves_on": _day(account.leaves_on),
        "active": account.active,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _note(
    station: Station, conn: Connection, actor: Actor, after: Account, detail: dict[str, object]
) -> None:
    audit.note(
        conn,
        station.now(),
        chain=after.actor.site_code,
        actor=actor.username,
        act=str(detail.pop("act")),
        object=f"account/{after.actor.username}",
        detail={"after": _facts(after), **detail},
    )
