"""Doors that stayed closed are written down."""

from workbench.domain.actor import Actor
from workbench.store import audit
from workbench.workflow.station import Station


def refuse(station: Station, actor: Actor, room: str) -> None:
    """Note that a person asked for a room that is not for the role."""
    with station.store.change() as conn:
        audit.note(
            conn,
            station.now(),
            chain=actor.site_code,
            actor=actor.username,
            act="room.refused",
            object=f"room/{room}",
            detail={"role": actor.role.value},
        )
