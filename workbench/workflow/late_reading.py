"""Jobs that read stored files after a person or an arrival asked for it; may be run twice."""

from workbench.domain.conflict import Newcomer
from workbench.domain.errors import BadImage, BadTrace, NotFound, Unreadable
from workbench.domain.received import ArrivalHeader, Received
from workbench.domain.site import SYSTEM
from workbench.store import audit, conflicts, notices, quarantine
from workbench.workflow import arrivals
from workbench.workflow.arrival_heads import read_stored
from workbench.workflow.arrival_rows import header_of
from workbench.workflow.quarantine import TOPIC
from workbench.workflow.screenings import WORKER
from workbench.workflow.station import Station


def file_held(station: Station, held_id: str) -> None:
    """File held files where a person said they belong; what cannot be filed waits again."""
    with station.store.change() as conn:
        # held until it is written down: a second run waits here and finds the work done
        held = quarantine.get(conn, held_id, lock=True)
        if held.settled_at is not None or held.filing_site is None or held.filing_by is None:
            return
        try:
            outcome = arrivals.file_parts(station, held.filing_site, held.source, held.parts)
        except NotFound as error:  # a blob is missing from the folder
            outcome = arrivals.Outcome(filing=arrivals.Filing.HELD, exam_id=None, reason=str(error))
        if outcome.filing is arrivals.Filing.HELD:
            quarantine.refuse_filing(conn, held_id, outcome.reason)
        else:
            said = f"{outcome.filing}:{held.filing_site}"
            quarantine.settle(conn, held_id, held.filing_by, station.now(), said)
        audit.note(
            conn, station.now(), chain=SYSTEM, actor=WORKER, act="quarantine.file",
            object=f"held/{held_id}",
            detail={
                "outcome": outcome.filing, "site": held.filing_site, "asked_by": held.filing_by,
                "exam": outcome.exam_id or "", "reason": outcome.reason,
            },
        )  # fmt: skip
        notices.tell(conn, TOPIC, held_id)


def describe_conflict(station: Station, conflict_id: str) -> None:
    """Read what the later file of a conflict says, so that a page can show both side by side."""
    with station.store.look() as conn:
        one = conflicts.get(conn, conflict_id)
    if one.newcomer is not None:
        return
    try:
        newcomer = newcomer_of(read_stored(station, one.site_code, one.parts))
    except (Unreadable, BadTrace, BadImage, NotFound) as error:
        newcomer = Newcomer(unreadable=str(error))
    with station.store.change() as conn:
        conflicts.describe(conn, conflict_id, newcomer)
        notices.tell(conn, TOPIC, conflict_id)


def newcomer_of(received: Received) -> Newcomer:
    """What a read file says, as it is kept beside its conflict."""
    header = received.header
    return Newcomer(
        kind=received.kind,
        reader=received.reader,
        sop_class=header.sop_class,
        transfer_syntax=header.transfer_syntax,
        header=header_of(header, received),
        flags=received.flags,
        patient=_identity(header),
    )


def _identity(header: ArrivalHeader) -> dict[str, object]:
    return {
        "local_id": header.patient_id.strip(),
        "name": header.name,
        "name_raw": header.name_raw.hex(),
        "name_repaired": header.name_repaired,
        "sex": header.sex,
        "birth_date": header.birth_date.isoformat() if header.birth_date else "",
    }
