"""The administrator's page: people, institutions, agreements, and files nobody could file."""

from dataclasses import asdict
import re
import secrets
from typing import Any

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Account, Actor, Licence, Role
from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.site import SYSTEM, Agreement, Site, SiteAddress, SiteKind
from workbench.editions import rule_book_names
from workbench.language import DEFAULT_LANGUAGE, label, languages, translator
from workbench.panels import held_files, room, words
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk
from workbench.panels.page import Handler, Page
from workbench.widgets.shell import Shell
from workbench.widgets.texts import SHELL_TEXTS
from workbench.workflow import accounts, sites
from workbench.workflow.accounts import NewAccount

_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike
_GROUPS, _GROUP = 4, 4
_PROFILE = re.compile(r"ecg-profile-(.+)-\d{4}\.\d+")


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there."""
    room.enter(page, actor, "people")
    refresh(page, actor, asked)


def tick(page: Any, actor: Actor, asked: Asked) -> None:
    """The strip, and files that were held meanwhile."""
    room.signs(page, actor)
    held_files.refresh(page, actor, asked)


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """Everything anew."""
    station = page.desk.station
    every = sites.every(station, actor)
    with page.hold_sync():
        page.accounts = [account_view(a, page) for a in accounts.every(station, actor)]
        page.sites = [
            site_view(s, sites.addresses(station, actor), actor) for s in every if s.code != SYSTEM
        ]
        page.agreements = [agreement_view(a, page, actor) for a in sites.agreements(station, actor)]
    held_files.refresh(page, actor, asked)


def first_password() -> str:
    """A password to be read out once and changed at the first login."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def add_person(page: Any, actor: Actor, asked: Asked) -> None:
    """A new account; its first password is shown once."""
    licence = licence_of(asked)
    new = NewAccount(
        username=asked.text("username", 64).strip(),
        name=asked.text("name", 64).strip(),
        role=asked.word("role", Role),
        site_code=asked.text("site_code", 32),
        password=first_password(),
        language=asked.text("language", 20) or DEFAULT_LANGUAGE,
        licence_number=licence.number if licence else "",
        licence_expires_on=licence.expires_on if licence else None,
        licence_scope=licence.scope if licence else frozenset(),
        leaves_on=asked.day("leaves_on"),
    )
    accounts.add(page.desk.station, actor, new)
    _reveal(page, new.username, new.password)
    refresh(page, actor, asked)


def change_person(page: Any, actor: Actor, asked: Asked) -> None:
    """Role, institution, licence, leave date."""
    accounts.change(
        page.desk.station,
        actor,
        Actor(
            username=asked.text("username", 64),
            name=asked.text("name", 64).strip(),
            role=asked.word("role", Role),
            site_code=asked.text("site_code", 32),
            language=asked.text("language", 20) or DEFAULT_LANGUAGE,
            licence=licence_of(asked),
        ),
        asked.day("leaves_on"),
    )
    _done(page, actor, asked)


def close_person(page: Any, actor: Actor, asked: Asked) -> None:
    """Access ends at once."""
    accounts.deactivate(page.desk.station, actor, asked.text("username", 64))
    _done(page, actor, asked)


def open_person(page: Any, actor: Actor, asked: Asked) -> None:
    """A closed account opens again, with a new first password."""
    name, password = asked.text("username", 64), first_password()
    accounts.reactivate(page.desk.station, actor, name, password)
    _reveal(page, name, password)
    refresh(page, actor, asked)


def reset(page: Any, actor: Actor, asked: Asked) -> None:
    """A new first password; every session of this person ends."""
    name, password = asked.text("username", 64), first_password()
    accounts.reset_password(page.desk.station, actor, name, password)
    _reveal(page, name, password)
    refresh(page, actor, asked)


def forget(page: Any, actor: Actor, asked: Asked) -> None:
    """The password was noted; it leaves the page and this process."""
    del actor, asked
    page.secret = {}


def save_site(page: Any, actor: Actor, asked: Asked) -> None:
    """Add an institution, or change one."""
    site = Site(
        code=asked.text("code", 32).strip(),
        name=asked.text("name", 100).strip(),
        kind=asked.word("kind", SiteKind),
        phone=asked.text("phone", 60).strip(),
        time_zone=asked.text("time_zone", 60).strip() or "Asia/Shanghai",
        profile=asked.text("profile", 60).strip() or "national",
        signatures=asked.whole("signatures", 1, 2),
        active=asked.yes("active"),
    )
    if asked.yes("fresh"):
        sites.add(page.desk.station, actor, site, [])
    else:
        sites.change(page.desk.station, actor, site)
    _done(page, actor, asked)


def add_address(page: Any, actor: Actor, asked: Asked) -> None:
    """Another machine of an institution."""
    address = SiteAddress(
        site_code=asked.text("code", 32),
        ae_title=asked.text("ae_title", 32).strip(),
        address=asked.text("address", 60).strip(),
    )
    sites.add_address(page.desk.station, actor, address)
    _done(page, actor, asked)


def agree(page: Any, actor: Actor, asked: Asked) -> None:
    """A written agreement: who reads for whom, what, and how long."""
    first, last = asked.day("starts_on"), asked.day("ends_on")
    if first is None or last is None:
        raise Invalid("agreement", f"{first} - {last}", "a first and a last day")
    new = Agreement(
        id="",
        examining=asked.text("examining", 32),
        reading=asked.text("reading", 32),
        kinds=asked.words("kinds", ExamKind),
        starts_on=first,
        ends_on=last,
        document_no=asked.text("document_no", 100).strip(),
    )
    sites.agree(page.desk.station, actor, new)
    _done(page, actor, asked)


def end_agreement(page: Any, actor: Actor, asked: Asked) -> None:
    """An agreement ends on a day."""
    last = asked.day("ends_on")
    if last is None:
        raise Invalid("agreement end", "", "a day")
    sites.end_agreement(page.desk.station, actor, asked.text("key", 64), last)
    _done(page, actor, asked)


def licence_of(asked: Asked) -> Licence | None:
    """The licence as typed; no number, no licence."""
    number = asked.text("licence_number", 40).strip()
    if not number:
        return None
    return Licence(
        number=number, expires_on=asked.day("licence_expires_on"), scope=asked.words("scope", ExamKind)
    )


def account_view(one: Account, page: Any) -> dict[str, object]:
    """One person; never a password or its hash."""
    _, actor = translator(page.language), one.actor
    licence, today = actor.licence, page.desk.station.today()
    expired = licence is not None and licence.expires_on is not None and licence.expires_on < today
    return {
        "username": actor.username,
        "name": actor.name,
        "role": actor.role.value,
        "role_label": label(actor.role, _),
        "site_code": actor.site_code,
        "language": actor.language,
        "licence_number": licence.number if licence else "",
        "licence_expires_on": str(licence.expires_on or "") if licence else "",
        "expired": expired,
        "scope": sorted(licence.scope) if licence else [],
        "leaves_on": str(one.leaves_on or ""),
        "active": one.active,
        "usable": one.usable(today),
        "first": actor.must_change_password,
    }


def site_view(one: Site, addresses: list[SiteAddress], actor: Actor) -> dict[str, object]:
    """One institution with the machines it is known by."""
    return {
        **asdict(one),
        "kind": one.kind.value,
        "kind_label": label(one.kind, translator(actor.language)),
        "addresses": [
            {"ae_title": a.ae_title, "address": a.address}
            for a in addresses
            if a.site_code == one.code
        ],
    }


def agreement_view(one: Agreement, page: Any, actor: Actor) -> dict[str, object]:
    """One agreement."""
    _ = translator(actor.language)
    return {
        "id": one.id,
        "examining": one.examining,
        "reading": one.reading,
        "kinds": [label(k, _) for k in sorted(one.kinds)],
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "document_no": one.document_no,
        "force": one.in_force(page.desk.station.today()),
    }


def profiles() -> list[str]:
    """Names of the critical-value profiles an institution can follow."""
    found = (_PROFILE.fullmatch(name) for name in rule_book_names())
    return sorted({m[1] for m in found if m})


def _reveal(page: Any, username: str, password: str) -> None:
    page.secret = {"username": username, "password": password}


def _done(page: Any, actor: Actor, asked: Asked) -> None:
    page.tell(translator(actor.language)("Saved."), about=asked.data)
    refresh(page, actor, asked)


ACTS: dict[str, Handler] = {
    "begin": begin,
    "tick": tick,
    "add_person": add_person,
    "change_person": change_person,
    "close_person": close_person,
    "open_person": open_person,
    "reset": reset,
    "forget": forget,
    "save_site": save_site,
    "add_address": add_address,
    "agree": agree,
    "end_agreement": end_agreement,
    "release": held_files.release,
    "discard": held_files.discard,
    "language": room.speak,
}


class PeoplePage(Page):
    """Who may do what, for whom, and until when."""

    accounts = t.List().tag(sync=True)
    sites = t.List().tag(sync=True)
    agreements = t.List().tag(sync=True)
    held = t.Dict().tag(sync=True)
    secret = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts = ACTS
    parts = {"wb-strip": "strip"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "people", shell=Shell())

    def speak(self, language: str) -> None:
        """Use this language from now on."""
        if language == self.language:
            return
        super().speak(language)
        _ = translator(language)
        self.shell.texts = words.spoken(SHELL_TEXTS, _)
        self.words = {
            "roles": [{"value": r.value, "label": label(r, _)} for r in Role],
            "kinds": [{"value": k.value, "label": label(k, _)} for k in SiteKind],
            "exams": [{"value": k.value, "label": label(k, _)} for k in ExamKind],
            "profiles": profiles(),
            "languages": [
                {"value": v, "label": words.named("Language", v, _)} for v in languages()
            ],
        }


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return PeoplePage(desk)
