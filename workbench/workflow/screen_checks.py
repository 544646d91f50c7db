"""The check of a screen: what a reader saw on its pattern, kept for them and the workstation."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from workbench import editions
from workbench.domain.actor import Act, Actor
from workbench.domain.rulebook import RuleBook
from workbench.domain.screen_check import ScreenCheck, ScreenQuestion
from workbench.store import audit, screen_checks
from workbench.workflow.station import Station

BOOK = "reading-room-2026.1"
FACTS = ("ratio", "pattern", "px_per_mm")  # what else of a browser's word is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Screens:
    """Last looks of one person, by display, and how long one holds."""

    now: datetime
    holds: timedelta
    last: Mapping[str, ScreenCheck]


def room() -> RuleBook:
    """Limits of the room and of the screen."""
    return editions.rule_book(BOOK)


def record(
    station: Station,
    actor: Actor,
    display: str,
    answers: Mapping[ScreenQuestion, bool],
    facts: Mapping[str, float],
) -> ScreenCheck:
    """Keep what the actor saw now on this screen, also where it was not seen."""
    actor.check(Act.SCREEN_CHECK)
    kept = {k: round(v, 4) for k, v in facts.items() if k in FACTS and math.isfinite(v)}
    new = ScreenCheck(
        id=station.fresh(), username=actor.username, display=display, at=station.now(),
        answers=answers, facts=kept,
    )  # fmt: skip
    with station.store.change() as conn:
        screen_checks.add(conn, new)
        audit.note(
            conn, new.at, chain=actor.site_code, actor=actor.username, act=Act.SCREEN_CHECK,
            object=f"account/{actor.username}",
            detail={
                "display": display, "failed": [q.value for q in new.failed],
                "not_asked": [q.value for q in ScreenQuestion if q not in answers],
            },
        )  # fmt: skip
    return new


def screens(station: Station, actor: Actor) -> Screens:
    """The actor's own last looks."""
    actor.check(Act.SCREEN_CHECK)
    with station.store.look() as conn:
        found = screen_checks.last(conn, actor.username)
    holds = timedelta(days=room()["check.days"].value)
    return Screens(now=station.now(), holds=holds, last=found)
