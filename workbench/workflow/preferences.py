"""What a person may set for themselves: the language of the pages, the size of their displays."""

from collections.abc import Mapping
from dataclasses import replace

from workbench.domain.actor import Actor
from workbench.domain.errors import Invalid
from workbench.domain.screen_check import DISPLAY
from workbench.language import languages
from workbench.store import accounts, audit, displays
from workbench.workflow.station import Station

PX_PER_MM = (1.0, 60.0)  # a wall screen of 25 dpi to a phone of 1500 dpi: beyond, a slip
MOST_DISPLAYS = 20  # of one person; the oldest go


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


def calibrate(station: Station, actor: Actor, display: str, px_per_mm: float) -> None:
    """Remember that this display of the actor's has so many device pixels per millimetre."""
    if not DISPLAY.fullmatch(display):
        raise Invalid("display", display, "the key of a display")
    if not PX_PER_MM[0] <= px_per_mm <= PX_PER_MM[1]:
        raise Invalid(
            "pixels per millimetre", f"{px_per_mm:.4g}", f"{PX_PER_MM[0]:g} to {PX_PER_MM[1]:g}"
        )
    with station.store.change() as conn:
        held = accounts.get(conn, actor.username, lock=True)
        displays.keep(conn, actor.username, display, px_per_mm, station.now(), MOST_DISPLAYS)
        audit.note(
            conn, station.now(), chain=held.actor.site_code, actor=actor.username,
            act="display.calibrate", object=f"account/{actor.username}",
            detail={"display": display, "px_per_mm": round(px_per_mm, 4)},
        )  # fmt: skip


def calibrations(station: Station, actor: Actor) -> Mapping[str, float]:
    """Device pixels per millimetre of the displays the actor has measured."""
    with station.store.look() as conn:
        return displays.measured(conn, actor.username)
