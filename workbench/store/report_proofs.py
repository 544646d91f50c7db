"""Signed reports recomputed: text, signer, release, retraction and the papers that went out.

The digest proves what the row holds only against somebody who cannot write the digest as well; so
each is compared with the audit row of its act too, whose chain leaves the house every day.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import file_digest
from typing import Any

import sqlalchemy as sa

from workbench.domain.mark import SignedMarks
from workbench.domain.report import digest_of, signed_content
from workbench.store import homes, marks
from workbench.store.audit import Fault
from workbench.store.blobs import Blobs
from workbench.store.schema import audit, delivery, exam, report_release, retraction, signed_report

_BATCH = 1_000
SIGN, COUNTERSIGN, RELEASE = "report.sign", "report.countersign", "report.release"
RETRACT, DELIVER = "report.retract", "report.deliver"
_Row = Mapping[str, Any]


def verify(conn: sa.Connection, blobs: Blobs | None = None) -> tuple[int, list[Fault]]:
    """How many signed versions there are, and what does not match; with `blobs` their papers too.

    Reports of simulated traffic have no audit row of their own: only a demonstration home may hold
    such.
    """
    simulated = homes.nature(conn) == "demo"
    faults, count = _vanished(conn), 0
    for batch in _batches(conn):
        drawn = marks.signed_with(conn, [r["id"] for r in batch])
        faults += [_fault(r, {}, *f) for r in batch for f in _marked(r, drawn.get(r["id"]))]
        noted = _noted(conn, [r["id"] for r in batch])
        for row in batch:
            acts = noted.get(row["id"], {})
            if acts or not simulated:
                faults += [_fault(row, acts, *f) for f in _recorded(row, acts)]
            faults += [_fault(row, acts, *f) for f in _content(row)]
        count += len(batch)
    if blobs is not None:
        faults += _papers(conn, blobs)
    return count, faults


def _batches(conn: sa.Connection) -> Iterator[Sequence[_Row]]:
    query = (
        sa.select(
            signed_report,
            exam.c.site_code,
            report_release.c.by_name.label("released_name"),
            report_release.c.licence_number.label("released_licence"),
            report_release.c.countersigned,
            report_release.c.at.label("released_at"),
            retraction.c.at.label("retracted_at"),
            retraction.c.reason.label("retraction_reason"),
        )
        .join(exam, exam.c.id == signed_report.c.exam_id)
        .outerjoin(report_release, report_release.c.report_id == signed_report.c.id)
        .outerjoin(retraction, retraction.c.report_id == signed_report.c.id)
    )
    last = ""
    while True:
        wanted = query.where(signed_report.c.id > last).order_by(signed_report.c.id).limit(_BATCH)
        found = [dict(r) for r in conn.execute(wanted).mappings()]
        if not found:
            return
        yield found
        last = found[-1]["id"]


def _noted(conn: sa.Connection, report_ids: Sequence[str]) -> dict[str, dict[str, _Row]]:
    """Audit rows of these reports by act; of an act that came twice the first."""
    wanted = [f"report/{key}" for key in report_ids]
    rows = conn.execute(
        sa.select(audit.c.object, audit.c.act, audit.c.seq, audit.c.at, audit.c.detail)
        .where(
            audit.c.object.in_(wanted),
            audit.c.act.in_([SIGN, COUNTERSIGN, RELEASE, RETRACT]),
        )
        .order_by(audit.c.seq)
    )
    found: dict[str, dict[str, _Row]] = {}
    for row in rows.mappings():
        found.setdefault(row["object"].removeprefix("report/"), {}).setdefault(
            row["act"], dict(row)
        )
    return found


def _content(row: _Row) -> Iterator[tuple[str, str]]:
    """The row against its own digest."""
    if digest_of(signed_content(row)) != row["digest"]:
        yield "changed", "its stored content does not match the digest it was signed with"
    signer = row["facts"].get("signer")
    if signer and (signer["name"], signer["site"]) != (row["author_name"], row["reading_site"]):
        yield "changed", "the signer's name or institution is not what was signed"


def _marked(row: _Row, kept: SignedMarks | None) -> Iterator[tuple[str, str]]:
    """The marks kept with a version against the digest of them that was signed."""
    said = row["facts"].get("marks")
    if said is None and kept is not None:
        yield "changed", "it has marks that were not signed with it"
    elif said is not None and kept is None:
        yield "changed", "the marks that were signed with it are gone"
    elif said is not None and kept is not None:
        found = digest_of(kept.content())
        if (found, kept.digest) != (said["digest"], said["digest"]):
            yield "changed", "the marks on its films are not those that were signed"


def _recorded(row: _Row, acts: Mapping[str, _Row]) -> Iterator[tuple[str, str]]:
    """The row against the audit rows of its acts."""
    signed = acts.get(SIGN)
    if signed is None:
        yield "unrecorded", "no audit row says that it was signed"
    elif signed["detail"].get("digest") != row["digest"]:
        yield "changed", "its digest is not the one the audit row of its signature holds"
    released = acts.get(COUNTERSIGN if row["countersigned"] else RELEASE)
    if released is not None:  # releases before 2026-11-25 left none
        then = (released["detail"]["name"], released["detail"]["licence"], released["at"])
        if then != (row["released_name"], row["released_licence"], row["released_at"]):
            yield "changed", "who released it, when, or under which licence, is not what was noted"
    taken = acts.get(RETRACT)
    seen = None if taken is None else taken["detail"].get("reason")
    if row["retraction_reason"] != seen:
        yield "changed", "its retraction, or the reason for it, is not what was noted"


def _fault(row: _Row, acts: Mapping[str, _Row], kind: str, message: str) -> Fault:
    seq = acts[SIGN]["seq"] if SIGN in acts else 0
    text = f"report {row['id']} (exam {row['exam_id']}, version {row['version']}): {message}"
    return Fault(row["site_code"], seq, kind, text, f"report/{row['id']}")


def _vanished(conn: sa.Connection) -> list[Fault]:
    """Signatures in the audit whose report is gone."""
    key = sa.literal("report/") + signed_report.c.id
    there = sa.exists(sa.select(signed_report.c.id).where(key == audit.c.object))
    rows = conn.execute(
        sa.select(audit.c.chain, audit.c.seq, audit.c.object).where(audit.c.act == SIGN, ~there)
    )
    return [
        Fault(r.chain, r.seq, "missing", f"{r.object} was signed, but it is gone", r.object)
        for r in rows
    ]


def _papers(conn: sa.Connection, blobs: Blobs) -> list[Fault]:
    """What went out against the bytes kept, and against what the audit says went out."""
    noted: dict[tuple[str, str], tuple[int, str]] = {}
    rows = conn.execute(
        sa.select(audit.c.object, audit.c.seq, audit.c.detail).where(audit.c.act == DELIVER)
    )
    for row in rows:
        noted[row.object, row.detail["status"]] = (row.seq, row.detail["sha256"])
    faults = []
    sent = sa.select(delivery).where(delivery.c.channel == "outbox").order_by(delivery.c.report_id)
    for row in conn.execute(sent).all():
        key = f"report/{row.report_id}"
        seq, digest = noted.get((key, row.status), (0, ""))
        said = _paper(blobs, row.sha256)
        if digest != row.sha256:
            said = "another PDF is named than the audit says was delivered"
        if said:
            faults.append(Fault(row.site_code, seq, "paper", f"{key} ({row.status}): {said}", key))
    return faults


def _paper(blobs: Blobs, sha256: str) -> str:
    path = blobs.path(sha256)
    if not path.is_file():
        return "the delivered PDF is missing from the blob folder"
    with path.open("rb") as file:
        seen = file_digest(file, "sha256").hexdigest()
    return "" if seen == sha256 else "the bytes of the delivered PDF were changed"
