"""Files nobody could file: a person gives them to an institution or discards them.

Giving them to one is asked for here and done by the worker, which has the file readers.
"""

from datetime import timedelta

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, Stale
from workbench.domain.site import SYSTEM
from workbench.store import audit, conflicts, jobs, notices, quarantine, sites
from workbench.store.conflicts import Conflict
from workbench.store.quarantine import Held
from workbench.workflow.station import Station

TOPIC = "quarantine"
ASK_AGAIN = timedelta(minutes=10)  # a job that failed for good leaves its row "being filed"
RECENT = timedelta(days=1)


def waiting(station: Station, actor: Actor) -> list[Held]:
    """What waits for a decision, or for the worker."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.look() as conn:
        return quarantine.waiting(conn)


def decided(station: Station, actor: Actor) -> list[Held]:
    """What became of the files decided on during the last day."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.look() as conn:
        return quarantine.decided(conn, station.now() - RECENT)


def unsettled(station: Station, actor: Actor) -> list[Conflict]:
    """UIDs that came twice with other bytes; who is on them is only for those who read there."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.look() as conn:
        return conflicts.waiting(conn, None)


def release(station: Station, actor: Actor, held_id: str, site_code: str) -> None:
    """Ask that held files are filed under an institution; the worker does it."""
    actor.check(Act.QUARANTINE_SETTLE)
    now = station.now()
    with station.store.change() as conn:
        # held until the commit: two people cannot file it under two institutions
        held = quarantine.get(conn, held_id, lock=True)
        sites.get(conn, site_code)
        if held.settled_at is not None or _being_filed(held, station):
            raise Stale("held file", held_id)
        quarantine.ask_filing(conn, held_id, actor.username, now, site_code)
        audit.note(
            conn, now, chain=SYSTEM, actor=actor.username, act=Act.QUARANTINE_SETTLE,
            object=f"held/{held_id}", detail={"outcome": "file", "site": site_code},
        )  # fmt: skip
        jobs.defer(
            conn, "file_held", {"held_id": held_id}, queue="screen",
            queueing_lock=f"held/{held_id}",
        )  # fmt: skip
        notices.tell(conn, TOPIC, held_id)


def discard(station: Station, actor: Actor, held_id: str, reason: str) -> None:
    """Decide that held files are not ours; the bytes stay in the blob folder."""
    actor.check(Act.QUARANTINE_SETTLE)
    if not reason.strip():
        raise Invalid("reason", reason, "why these files are not to be filed")
    now, outcome = station.now(), f"discarded: {reason.strip()}"
    with station.store.change() as conn:
        held = quarantine.get(conn, held_id, lock=True)
        if _being_filed(held, station):
            raise Stale("held file", held_id)
        quarantine.settle(conn, held_id, actor.username, now, outcome)
        audit.note(
            conn, now, chain=SYSTEM, actor=actor.username, act=Act.QUARANTINE_SETTLE,
            object=f"held/{held_id}", detail={"outcome": outcome},
        )  # fmt: skip
        notices.tell(conn, TOPIC, held_id)


def _being_filed(held: Held, station: Station) -> bool:
    return held.filing_at is not None and station.now() - held.filing_at < ASK_AGAIN
