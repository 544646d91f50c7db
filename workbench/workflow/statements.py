"""A reader's decision on a statement of the ECG screening: kept, taken back, never overwritten.

A statement with a critical value has no decision of its own here: its register decides.
"""

from workbench.domain.actor import Act, Actor
from workbench.domain.errors import Invalid, NotFound, Stale
from workbench.domain.exam import ExamMove
from workbench.domain.statement import JudgedStatement, StatementVerdict, Verdict
from workbench.store import audit, exams, notices, sites, statements
from workbench.workflow.reports import check_held
from workbench.workflow.standing import standing
from workbench.workflow.station import Station


def decide(
    station: Station, actor: Actor, exam_id: str, key: str, verdict: Verdict
) -> StatementVerdict | None:
    """Accept, reject or reopen the statement that was shown under `key`; None when it stood so."""
    actor.check(Act.DRAFT_WRITE)
    now = station.now()
    with station.store.change() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()), lock=True)
        exam.moved(ExamMove.SIGN)  # refuses with the allowed moves when it is not to be reported
        check_held(exam, actor, now)
        rows = statements.of_exam(conn, exam_id)
        one = next((s for s in standing(conn, exam, rows) if s.key == key), None)
        if one is None:
            raise Stale("statement", key)  # it was screened again since this page showed it
        if one.alert is not None:
            code = one.finding.code
            raise Invalid("code", code, "a critical value is confirmed, or dismissed with a reason")
        if one.verdict is verdict:
            return None
        if one.verdict is None and verdict is Verdict.WITHDRAWN:
            raise NotFound("decision", one.finding.code)
        new = StatementVerdict(
            id=station.fresh(), exam_id=exam_id, number=len(rows) + 1, key=key,
            digest=one.said.digest, screener=one.said.screener, version=one.said.version,
            rulebook=one.said.rulebook, code=one.finding.code, severity=one.finding.severity,
            evidence=one.finding.evidence, verdict=verdict, by=actor.username, at=now,
        )  # fmt: skip
        statements.add(conn, new)
        notices.tell(conn, "statement", exam_id)  # other readers have the same list before them
        audit.note(
            conn, now, chain=exam.site_code, actor=actor.username, act=f"statement.{verdict}",
            object=f"exam/{exam_id}",
            detail={"number": new.number, "code": new.code, "statement": key,
                    "digest": new.digest, "version": new.version, "rulebook": new.rulebook},
        )  # fmt: skip
    return new


def of_exam(station: Station, actor: Actor, exam_id: str) -> tuple[JudgedStatement, ...]:
    """The statements that hold now with what was decided of each, the gravest first."""
    actor.check(Act.EXAM_OPEN)
    with station.store.look() as conn:
        exam = exams.get(conn, exam_id, sites.scope_of(conn, actor, station.today()))
        return standing(conn, exam, statements.of_exam(conn, exam_id))
