"""What a person may change about their own account: the language of the pages."""

from dataclasses import replace

from workbench.domain.actor import Actor
from workbench.domain.errors import Invalid
from workbench.language import languages
from workbench.store import accounts, audit
from workbench.workflow.station import Station


def speak(station: Station, actor: Actor, language: str) -> None:
    """Use this language on the actor's pages from now on."""
    if language not in languages():
        raise Invalid("language", language, f"one of {', '.join(languages())}")
    with station.store.change() as conn:
        held = accounts.get(conn, actor.username, lock=True)
        accounts.change(conn, replace(held, actor=replace(held.actor, language=language)))
        audit.note(
            conn, station.now(), chain=held.actor.site_code, actor=actor.username,
            act="language.choose", object=f"account/{actor.username}",
            detail={"language": language},
        )  # fmt: skip
