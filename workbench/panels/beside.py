"""What the reader does with films beside each other: another layout, the earlier film."""

from dataclasses import replace
from typing import Any

from workbench.domain.actor import Actor
from workbench.domain.hanging import Earlier, Layout
from workbench.panels import casework, hanging
from workbench.panels.asked import Asked
from workbench.panels.hanging import Slot


def layout(page: Any, actor: Actor, asked: Asked) -> None:
    """As many films beside each other as asked for: those of the exam, then those of before."""
    wanted, desktop = asked.word("layout", Layout), page.desktop
    if desktop.case is None or desktop.prior is not None:
        return
    wall, own = desktop.wall, hanging.films_of(desktop.case, desktop.pictures)
    shown = [s.film for s in wall.slots if s.film]
    slots = [Slot(k) for k in [*shown, *(f.id for f in own if f.id not in shown)]]
    if wall.exam_id and wall.earlier is not Earlier.NONE:
        slots += [Slot("", f) for f in own]
    desktop.wall = replace(wall, layout=wanted, slots=tuple(slots[: wanted.places]))
    fill(page, actor)


def toggle(page: Any, actor: Actor, asked: Asked) -> None:
    """The earlier film beside this one, or away with it."""
    del asked
    wall = page.desktop.wall
    if page.desktop.case is None or page.desktop.prior is not None or not wall.exam_id:
        return
    asks = Earlier.NONE if any(s.like for s in wall.slots) else Earlier.ASKED
    page.desktop.wall = hanging.hung(page, replace(wall, earlier=asks))
    fill(page, actor)


def fill(page: Any, actor: Actor, asked: Asked | None = None) -> None:
    """Open the exam of before where a place waits for it, and show what hangs."""
    del asked
    desktop = page.desktop
    if desktop.case is None or desktop.prior is not None or not desktop.wall.slots:
        return
    if desktop.wall.waits:
        desktop.wall = hanging.opened(page, actor, desktop.wall)
        if desktop.wall.earlier is Earlier.THERE and not hanging.compares(page):
            # nobody asked for it and it shows another view: the place belongs to the present film
            desktop.wall = hanging.hung(page, replace(desktop.wall, earlier=Earlier.NONE))
    casework.show_films(page, actor)


def choose(page: Any, actor: Actor, asked: Asked | None = None) -> None:
    """The toolbar belongs to another film: its marks and its title are those the page speaks of."""
    del asked
    if page.viewing.get("form") == "film":
        casework.speak_of(page, actor)
