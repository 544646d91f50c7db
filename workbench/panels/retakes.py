"""Acts on requests to take a film again: the clinic's, and those of who reads."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import NotPermitted
from workbench.domain.retake import Refusal
from workbench.language import translator
from workbench.panels import retakes_view
from workbench.panels.asked import Asked
from workbench.panels.page import Handler
from workbench.workflow import accounts, retakes

DAYS = 7


def show(page: Any, actor: Actor) -> None:
    """Requests to the own institution, anew; the browser is told when something changed."""
    if not actor.may(Act.RETAKE_ANSWER):
        return
    names: dict[str, str] = {}

    def name(username: str) -> str:
        if username not in names:
            try:
                names[username] = accounts.actor_of(page.desk.station, username).name
            except NotPermitted:  # the account is closed since
                names[username] = username
        return names[username]

    found = retakes.of_own_site(page.desk.station, actor, DAYS)
    rows = [retakes_view.of_clinic(one, actor, name) for one in found]
    page.retakes = {"rows": rows, "refusals": retakes_view.refusals(actor.language)}


def see(page: Any, actor: Actor, asked: Asked) -> None:
    """The technician has read the request."""
    retakes.see(page.desk.station, actor, asked.text("key", 64))
    _ = translator(actor.language)
    _done(page, actor, asked, _("Noted: the request was seen."))


def retaken(page: Any, actor: Actor, asked: Asked) -> None:
    """The technician says which later film is the answer."""
    retakes.retaken(page.desk.station, actor, asked.text("key", 64), asked.text("film", 64))
    _ = translator(actor.language)
    _done(page, actor, asked, _("The new film is joined with the request."))


def decline(page: Any, actor: Actor, asked: Asked) -> None:
    """The film cannot be taken again."""
    refusal = asked.word("refusal", Refusal)
    retakes.decline(
        page.desk.station, actor, asked.text("key", 64), refusal, asked.text("words", 500)
    )
    _ = translator(actor.language)
    _done(page, actor, asked, _("The reader is told that the film cannot be taken again."))


def _done(page: Any, actor: Actor, asked: Asked, said: str) -> None:
    page.tell(said, about=asked.data)
    show(page, actor)


def ask(page: Any, actor: Actor, asked: Asked) -> None:
    """A reader or QA lead wants a film of the open case taken again."""
    reasons = [code for code in asked.text("reasons", 200).split(",") if code]
    film = (asked.text("exam", 64), asked.text("film", 64))
    retakes.ask(page.desk.station, actor, film, reasons, asked.text("words", 500))
    _ = translator(actor.language)
    _followed(page, actor, asked, _("The clinic is asked to take the film again."))


def withdraw(page: Any, actor: Actor, asked: Asked) -> None:
    """The film will do after all."""
    retakes.withdraw(page.desk.station, actor, asked.text("key", 64), asked.text("words", 500))
    _ = translator(actor.language)
    _followed(page, actor, asked, _("The request is withdrawn."))


def close(page: Any, actor: Actor, asked: Asked) -> None:
    """The answer is taken note of."""
    retakes.close(page.desk.station, actor, asked.text("key", 64))
    _ = translator(actor.language)
    _followed(page, actor, asked, _("The request is closed."))


def _followed(page: Any, actor: Actor, asked: Asked, said: str) -> None:
    page.tell(said, about=asked.data)
    refresh(page, actor)


def refresh(page: Any, actor: Actor) -> None:
    """Requests for the films of the open case, anew; nothing is sent when nothing changed."""
    case = page.desktop.case
    if case is None:
        return
    now = retakes.of_case(page.desk.station, actor, case.exam.id)
    page.desktop.case = replace(case, retakes=now)
    shown = retakes_view.of_case(page.desktop.case, actor)
    if page.case.get("id") == case.exam.id and page.case.get("retakes") != shown:
        page.case = {**page.case, "retakes": shown}


CLINIC_ACTS: Mapping[str, Handler] = MappingProxyType(
    {"retake_seen": see, "retake_done": retaken, "retake_declined": decline}
)
READING_ACTS: Mapping[str, Handler] = MappingProxyType(
    {"ask_retake": ask, "withdraw_retake": withdraw, "close_retake": close}
)
