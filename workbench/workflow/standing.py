"""How the statements of a screening stand: for page and signature, and in what was signed."""

from collections.abc import Sequence

from workbench.domain.exam import Exam
from workbench.domain.report import ReportBody
from workbench.domain.statement import JudgedStatement, StatementVerdict, Verdict, judged
from workbench.store import alerts, screenings, statements
from workbench.store.database import Connection


def standing(
    conn: Connection, exam: Exam, rows: Sequence[StatementVerdict]
) -> tuple[JudgedStatement, ...]:
    """The statements of an exam by these decisions, the gravest first."""
    return judged(screenings.of_exam(conn, exam.id), alerts.of_exam(conn, exam.id), rows)


def contradictions(conn: Connection, exam: Exam, body: ReportBody) -> list[str]:
    """Codes of a report that its reader rejected among the statements of the screening.

    A code that was accepted of one tracing and rejected of another is no contradiction; a critical
    one that is stated after all is confirmed by the signature.
    """
    found = standing(conn, exam, statements.of_exam(conn, exam.id))
    accepted = {s.finding.code for s in found if s.verdict is Verdict.ACCEPTED}
    rejected = {
        s.finding.code for s in found if s.verdict is Verdict.REJECTED and s.alert is None
    } - accepted
    return [
        f"{c.code} was rejected among the statements of the screening; remove it or accept it"
        for c in body.coded
        if c.code in rejected
    ]


def as_signed(conn: Connection, exam: Exam) -> list[dict[str, object]]:
    """What is kept with a signature: each statement, what was decided of it, by whom and when."""
    return [
        {
            "code": s.finding.code, "severity": s.finding.severity.value,
            "evidence": s.finding.evidence, "digest": s.said.digest,
            "screener": s.said.screener, "version": s.said.version, "rulebook": s.said.rulebook,
            "verdict": s.verdict.value if s.verdict else "", "by": s.by,
            "at": s.at.isoformat() if s.at else None,
            "alert": s.alert.id if s.alert else "",
        }
        for s in standing(conn, exam, statements.of_exam(conn, exam.id))
    ]  # fmt: skip
