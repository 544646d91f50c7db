"""Files nobody could file: a person gives them to an institution or discards them."""

import shutil
import tempfile
from pathlib import Path

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, Stale, Unreadable
from workbench.domain.site import SYSTEM
from workbench.store import audit, quarantine, sites
from workbench.store.database import Connection
from workbench.store.quarantine import Conflict, Held
from workbench.workflow import arrivals
from workbench.workflow.station import Station


def waiting(station: Station, actor: Actor) -> list[Held]:
    """What waits for a decision."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.look() as conn:
        return quarantine.waiting(conn)


def conflicts(station: Station, actor: Actor) -> list[Conflict]:
    """UIDs that came twice with other bytes."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.look() as conn:
        return quarantine.conflicts(conn)


def release(station: Station, actor: Actor, held_id: str, site_code: str) -> str:
    """File held files under an institution; raises Unreadable when no reader can read them."""
    actor.check(Act.QUARANTINE_SETTLE)
    with station.store.change() as conn:
        # held until it is settled: two people cannot file it under two institutions
        held = quarantine.get(conn, held_id, lock=True)
        sites.get(conn, site_code)
        if held.settled_at is not None:
            raise Stale("held file", held_id)
        outcome = _filed(station, held, site_code)
        if outcome.filing is arrivals.Filing.HELD:
            raise Unreadable(outcome.reason)
        said = f"{outcome.filing}:{site_code}"
        _settle(conn, station, actor, (held_id, said, outcome.exam_id or ""))
    return outcome.exam_id or ""


def _filed(station: Station, held: Held, site_code: str) -> arrivals.Outcome:
    temporary = station.blobs.temporary_folder
    temporary.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=temporary) as folder:
        files = {p.name: Path(folder) / str(i) for i, p in enumerate(held.parts)}
        for part in held.parts:
            shutil.copyfile(station.blobs.path(part.sha256), files[part.name])
        sender = arrivals.Sender(site_code=site_code, source=held.source)
        return arrivals.file_recording(station, sender, files)


def discard(station: Station, actor: Actor, held_id: str, reason: str) -> None:
    """Decide that held files are not ours; the bytes stay in the blob folder."""
    actor.check(Act.QUARANTINE_SETTLE)
    if not reason.strip():
        raise Invalid("reason", reason, "why these files are not to be filed")
    with station.store.change() as conn:
        _settle(conn, station, actor, (held_id, f"discarded: {reason.strip()}", ""))


def _settle(
    conn: Connection, station: Station, actor: Actor, decided: tuple[str, str, str]
) -> None:
    (held_id, outcome, exam_id), now = decided, station.now()
    quarantine.settle(conn, held_id, actor.username, now, outcome)
    audit.note(
        conn, now, chain=SYSTEM, actor=actor.username, act=Act.QUARANTINE_SETTLE,
        object=f"held/{held_id}", detail={"outcome": outcome, "exam": exam_id},
    )  # fmt: skip
