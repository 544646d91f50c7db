"""The administrator's page: people, institutions, agreements, and files nobody could file."""

import secrets
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import traitlets as t
from ipywidgets.widgets import widget_serialization

from workbench.domain.actor import Actor, Licence, Role
from workbench.domain.errors import Invalid
from workbench.domain.kinds import ExamKind
from workbench.domain.site import SYSTEM, Agreement, Site, SiteAddress, SiteKind
from workbench.language import DEFAULT_LANGUAGE, label, languages, translator
from workbench.panels import held_files, people_view, room, words
from workbench.panels.asked import Asked
from workbench.panels.desk import Desk
from workbench.panels.live import Live
from workbench.panels.page import Handler, Page
from workbench.store.notices import MISSED
from workbench.widgets.shell import Shell
from workbench.widgets.texts import SHELL_TEXTS
from workbench.workflow import accounts, quarantine, sites
from workbench.workflow.accounts import NewAccount

_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike
_GROUPS, _GROUP = 4, 4


def begin(page: Any, actor: Actor, asked: Asked) -> None:
    """The browser is there."""
    room.enter(page, actor, "people")
    refresh(page, actor, asked)
    page.live.begin()


def tick(page: Any, actor: Actor, asked: Asked) -> None:
    """The strip, and files that were held meanwhile."""
    room.signs(page, actor)
    held_files.refresh(page, actor, asked)


def refresh(page: Any, actor: Actor, asked: Asked) -> None:
    """Everything anew."""
    station = page.desk.station
    every = sites.every(station, actor)
    with page.hold_sync():
        page.accounts = [people_view.account_view(a, page) for a in accounts.every(station, actor)]
        page.sites = [
            people_view.site_view(s, sites.addresses(station, actor), actor)
            for s in every
            if s.code != SYSTEM
        ]
        page.agreements = [
            people_view.agreement_view(a, page, actor) for a in sites.agreements(station, actor)
        ]
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
        asks_retakes=asked.yes("asks_retakes"),
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
        number=number,
        expires_on=asked.day("licence_expires_on"),
        scope=asked.words("scope", ExamKind),
    )


def _reveal(page: Any, username: str, password: str) -> None:
    page.secret = {"username": username, "password": password}


def _done(page: Any, actor: Actor, asked: Asked) -> None:
    page.tell(translator(actor.language)("Saved."), about=asked.data)
    refresh(page, actor, asked)


ACTS: Mapping[str, Handler] = MappingProxyType(
    {
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
)


class PeoplePage(Page):
    """Who may do what, for whom, and until when."""

    accounts = t.List().tag(sync=True)
    sites = t.List().tag(sync=True)
    agreements = t.List().tag(sync=True)
    held = t.Dict().tag(sync=True)
    secret = t.Dict().tag(sync=True)
    words = t.Dict().tag(sync=True)
    shell = t.Any().tag(sync=True, **widget_serialization)

    acts: ClassVar[Mapping[str, Handler]] = ACTS
    parts: ClassVar[Mapping[str, str]] = MappingProxyType({"wb-strip": "strip", "wb-day": "day"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "people", shell=Shell())
        self.live = Live(desk, self.look_again, frozenset({quarantine.TOPIC, MISSED}))

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
            "profiles": people_view.profiles(),
            "languages": [
                {"value": v, "label": words.named("Language", v, _)} for v in languages()
            ],
        }

    def look_again(self) -> None:
        """The worker filed something, or could not."""
        held_files.refresh(self, self.desk.actor(), Asked({}))

    def close(self) -> None:
        """Stop hearing notices."""
        self.live.close()
        super().close()


def open_page(desk: Desk) -> Any:
    """The page for a desk."""
    return PeoplePage(desk)
