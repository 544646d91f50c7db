"""What a reader decided on the statements of an ECG screening: each accepted, rejected, or open."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.domain.alert import AlertState, CriticalAlert
from workbench.domain.finding import Finding, Screening, Severity

MODALITY = "ECG"


class Verdict(StrEnum):
    """What a reader says of one statement."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # the decision before is taken back: the statement is open again


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementVerdict:
    """One row that is only ever added; the last one of a statement holds."""

    id: str
    exam_id: str
    number: int  # 1, 2, … within one exam
    key: str  # of the statement, see `key_of`
    digest: str
    screener: str
    version: str
    rulebook: str
    code: str
    severity: Severity
    evidence: str
    verdict: Verdict
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedStatement:
    """A statement as it stands now; `verdict` is None while nobody decided."""

    key: str
    said: Screening
    finding: Finding
    quality: bool
    verdict: Verdict | None
    by: str = ""
    at: datetime | None = None
    alert: CriticalAlert | None = None  # its critical value, which is then what decides


_OF_ALERT = {
    AlertState.CONFIRMED: Verdict.ACCEPTED,
    AlertState.NOTIFIED: Verdict.ACCEPTED,
    AlertState.ACKNOWLEDGED: Verdict.ACCEPTED,
    AlertState.DISMISSED: Verdict.REJECTED,
}


def key_of(said: Screening, finding: Finding) -> str:
    """Name a statement by all that was shown of it.

    Parameters
    ----------
    said : Screening
        The result it belongs to.
    finding : Finding
        The statement.

    Returns
    -------
    str
        Another version, another book, another grade or other numbers give another key: what was
        decided of one statement says nothing of the next.
    """
    shown = (said.digest, said.screener, said.version, said.rulebook, finding.code,
             finding.severity.value, finding.evidence)  # fmt: skip
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False).encode()).hexdigest()[:32]


def judged(
    screenings: Iterable[Screening],
    alerts: Iterable[CriticalAlert],
    rows: Sequence[StatementVerdict],
) -> tuple[JudgedStatement, ...]:
    """List the statements of an exam with what was decided of each.

    Parameters
    ----------
    screenings : iterable of Screening
        What holds for the exam.
    alerts : iterable of CriticalAlert
        Its critical values: one that exists decides for its statement, so the two cannot differ.
    rows : sequence of StatementVerdict
        Everything ever decided, oldest first.

    Returns
    -------
    tuple of JudgedStatement
        The gravest first; of one grade in the order of the screener.
    """
    flags, last = {a.code: a for a in alerts}, {row.key: row for row in rows}
    found: dict[str, JudgedStatement] = {}
    for said in screenings:
        if said.modality != MODALITY:
            continue
        for finding in (*said.findings, *said.quality):
            key = key_of(said, finding)
            row = last.get(key)
            if row is not None and row.verdict is Verdict.WITHDRAWN:
                row = None
            alert = flags.get(finding.code)
            if alert is None:
                verdict = row.verdict if row else None
            else:
                verdict, row = _OF_ALERT.get(alert.state), None
            found.setdefault(key, JudgedStatement(
                key=key, said=said, finding=finding, quality=finding in said.quality,
                verdict=verdict, by=row.by if row else "", at=row.at if row else None, alert=alert,
            ))  # fmt: skip
    order = list(Severity)
    return tuple(sorted(found.values(), key=lambda one: order.index(one.finding.severity)))
