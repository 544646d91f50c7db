"""Acts of the person at the machine's own command line; every one leaves an audit row."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workbench.domain.actor import Act, Actor, Role
from workbench.domain.kinds import ExamKind
from workbench.domain.site import SYSTEM
from workbench.store import (
    alerts,
    audit,
    audit_heads,
    events,
    exams,
    instances,
    orders,
    patients,
    report_proofs,
    reports,
    screenings,
    sites,
    worklist,
)
from workbench.store.database import Connection
from workbench.store.sites import Scope
from workbench.store.worklist import Filter, Row
from workbench.workflow.station import Station


def operator(name: str) -> Actor:
    """Who types at the machine: whoever may start programs there may administer it."""
    return Actor(username=f"console:{name}", name=name, role=Role.ADMIN, site_code=SYSTEM)


def rows(station: Station, actor: Actor, wanted: Filter, limit: int) -> list[Row]:
    """The worklist of all institutions."""
    with station.store.change() as conn:
        _note(conn, station, actor, (Act.EXAM_LIST, "worklist"))
        return worklist.page(conn, _everything(conn), wanted, limit)


def show(station: Station, actor: Actor, exam_id: str) -> dict[str, Any]:
    """Everything that is known about one exam."""
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, None)
        _note(conn, station, actor, (Act.EXAM_OPEN, f"exam/{exam_id}"), chain=exam.site_code)
        versions = reports.versions(conn, exam_id)
        return {
            "exam": asdict(exam),
            "patient": asdict(patients.get(conn, exam.patient_id)),
            "order": asdict(orders.get(conn, exam.order_id)) if exam.order_id else None,
            "files": [asdict(i) for i in instances.of_exam(conn, exam_id)],
            "screenings": [screenings.as_json(s) for s in screenings.of_exam(conn, exam_id)],
            "alerts": [asdict(a) for a in alerts.of_exam(conn, exam_id)],
            "events": [asdict(e) for e in events.of_exam(conn, exam_id)],
            "reports": [asdict(v) for v in versions],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was recomputed, and what was not as it should be."""

    reports: int
    heads: int  # kept outside the database; without one a rewritten chain cannot be told
    chains: list[audit.Chain]

    @property
    def rows(self) -> int:
        """How many rows were recomputed."""
        return sum(each.rows for each in self.chains)

    @property
    def faults(self) -> list[audit.Fault]:
        """Those of every chain, each with what it says was signed."""
        return [fault for each in self.chains for fault in each.faults]


def verify(station: Station, *, papers: bool = True, kept: Path | None = None) -> Verified:
    """Check every chain against itself and its heads, and every signed report against its digest.

    With `papers` the delivered PDF files are read again too. `kept` is a copy of the heads that
    somebody else holds: whoever rewrites the database can rewrite the home's own outbox as well.
    """
    heads = audit_heads.read_heads(station.settings.outbox / audit_heads.FOLDER)
    heads += audit_heads.read_heads(kept) if kept else []
    with station.store.look() as conn:
        found = audit.recompute(conn, heads=heads)
        count, more = report_proofs.verify(conn, station.blobs if papers else None)
    chains = {each.chain: each for each in found}
    for fault in more:
        none = audit.Chain(chain=fault.chain, rows=0, heads=0, faults=[])
        one = chains.get(fault.chain, none)
        chains[fault.chain] = replace(one, faults=[*one.faults, fault])
    return Verified(reports=count, heads=len(heads), chains=[chains[n] for n in sorted(chains)])


def _everything(conn: Connection) -> Scope:
    return Scope({s.code: frozenset(ExamKind) for s in sites.every(conn)})


def _note(
    conn: Connection, station: Station, actor: Actor, what: tuple[str, str], chain: str = SYSTEM
) -> None:
    audit.note(conn, station.now(), chain=chain, actor=actor.username, act=what[0], object=what[1])
