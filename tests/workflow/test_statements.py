"""Statements of the ECG screening: accepted, rejected, taken back; kept, asked anew when new."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests import make
from tests.workflow.test_flags import paused
from workbench.domain.alert import AlertState
from workbench.domain.errors import (
    Invalid,
    Leased,
    MoveRefused,
    NotFound,
    NotPermitted,
    ReportIncomplete,
    Stale,
)
from workbench.domain.report import CodedFinding, ReportBody
from workbench.domain.statement import Verdict
from workbench.store import alerts as alert_rows
from workbench.store import audit, screenings
from workbench.store import statements as rows
from workbench.store.schema import audit as audit_table
from workbench.store.schema import statement_verdict
from workbench.workflow import alerts, reports, statements
from workbench.workflow import exams as reading

A, R, W = Verdict.ACCEPTED, Verdict.REJECTED, Verdict.WITHDRAWN


@pytest.fixture
def ecg(county, screened):
    """A slow, regular ECG in the hand of the reader: statements, none of them critical."""
    exam_id = screened(make.make_ecg_file(make.make_trace(52.0)))
    reading.open_case(county, make.READER, exam_id, hold=True)
    return exam_id


@pytest.fixture
def first(county, ecg):
    """Key and code of the gravest statement."""
    one = listed(county, ecg)[0]
    assert one.alert is None
    return one.key, one.finding.code


def listed(county, exam_id):
    return statements.of_exam(county, make.READER, exam_id)


def noted(county):
    with county.store.look() as conn:
        acts = conn.scalars(
            sa.select(audit_table.c.act)
            .where(audit_table.c.act.like("statement.%"))
            .order_by(audit_table.c.at, audit_table.c.seq)
        ).all()
        kept = conn.scalar(sa.select(sa.func.count()).select_from(statement_verdict))
        assert audit.verify(conn) == []
    return list(acts), kept


def write(county, exam_id, *codes):
    body = ReportBody(
        findings="如图", impression="见上", coded=tuple(CodedFinding(code=c) for c in codes)
    )
    draft = reading.open_case(county, make.READER, exam_id, hold=True).draft
    seen = draft.revision if draft else 0
    return reports.save_draft(county, make.READER, exam_id, body, seen).revision


def test_a_decision_is_kept_with_what_it_was_about_and_can_be_taken_back(county, ecg, first):
    key, code = first
    kept = statements.decide(county, make.READER, ecg, key, A)
    assert (kept.code, kept.verdict, kept.by, kept.number) == (code, A, "reader", 1)
    assert (kept.version, kept.digest) == (listed(county, ecg)[0].said.version, kept.digest)
    assert listed(county, ecg)[0].verdict is A
    assert statements.decide(county, make.READER, ecg, key, A) is None  # it stood so
    statements.decide(county, make.READER, ecg, key, W)
    assert listed(county, ecg)[0].verdict is None
    with pytest.raises(NotFound):
        statements.decide(county, make.READER, ecg, key, W)
    statements.decide(county, make.READER, ecg, key, R)
    assert listed(county, ecg)[0].verdict is R
    acts = ["statement.accepted", "statement.withdrawn", "statement.rejected"]
    assert noted(county) == (acts, 3)


def test_not_even_the_owner_changes_a_decision(county, ecg, first, owner):
    statements.decide(county, make.READER, ecg, first[0], A)
    with owner.connect() as conn, pytest.raises(sa.exc.DBAPIError, match="only ever added"):
        conn.execute(sa.text("UPDATE statement_verdict SET verdict = 'rejected'"))


def test_who_may_not_write_a_report_decides_nothing(county, ecg, first):
    for actor in (make.CLINIC, make.QA):
        with pytest.raises(NotPermitted):
            statements.decide(county, actor, ecg, first[0], A)
    other = make.make_actor("reviewer2")
    with pytest.raises(Leased):
        statements.decide(county, other, ecg, first[0], A)
    assert noted(county) == ([], 0)


def test_an_exam_of_another_institution_does_not_exist_here(county, screened):
    exam_id = screened(make.make_ecg_file(make.make_trace(52.0)), "T03")
    with pytest.raises(NotFound):
        statements.decide(county, make.READER, exam_id, "x", A)


def test_another_version_asks_anew_and_keeps_what_was_decided(county, ecg, first):
    key, code = first
    statements.decide(county, make.READER, ecg, key, A)
    with county.store.change() as conn:
        said = screenings.of_exam(conn, ecg)[0]
        file = screenings.history(conn, ecg)[0][0]
        again = replace(said, version="99.0.0")
        county.clock.go_on(seconds=1)
        screenings.add(conn, county.fresh(), (ecg, file), again, county.now(), "new")
    now = next(s for s in listed(county, ecg) if s.finding.code == code)
    assert (now.said.version, now.verdict) == ("99.0.0", None)
    assert now.key != key
    with county.store.look() as conn:
        assert [(r.version, r.verdict) for r in rows.of_exam(conn, ecg)] == [(said.version, A)]
    with pytest.raises(Stale):  # the page still shows the earlier one
        statements.decide(county, make.READER, ecg, key, R)


def test_a_rejected_statement_is_never_signed_as_a_finding(county, ecg, first):
    key, code = first
    statements.decide(county, make.READER, ecg, key, R)
    with pytest.raises(ReportIncomplete, match=f"{code} was rejected"):
        reports.sign(county, make.READER, ecg, write(county, ecg, code))
    statements.decide(county, make.READER, ecg, key, A)
    signed = reports.sign(county, make.READER, ecg, write(county, ecg, code))
    assert signed.body.coded[0].code == code


def test_the_signed_report_keeps_what_was_accepted_rejected_and_left_open(county, ecg, first):
    key, _ = first
    found = listed(county, ecg)
    statements.decide(county, make.READER, ecg, key, R)
    signed = reports.sign(county, make.READER, ecg, write(county, ecg))
    kept = signed.facts["statements"]
    assert [(s["code"], s["verdict"]) for s in kept] == [
        (s.finding.code, "rejected" if s.key == key else "") for s in found
    ]
    assert (kept[0]["by"], kept[0]["version"]) == ("reader", found[0].said.version)
    assert kept[0]["evidence"] == found[0].finding.evidence
    with pytest.raises(MoveRefused):  # what was signed is decided
        statements.decide(county, make.READER, ecg, key, A)
    assert reading.open_case(county, make.READER, ecg, hold=False).versions[0].facts == signed.facts


def test_a_critical_statement_stands_as_its_critical_value_stands(county, screened):
    exam_id = screened(paused())
    reading.open_case(county, make.READER, exam_id, hold=True)

    def pause():
        return next(s for s in listed(county, exam_id) if s.finding.code == "EC024")

    assert pause().verdict is None
    for verdict in (A, R):
        with pytest.raises(Invalid, match="confirmed, or dismissed"):
            statements.decide(county, make.READER, exam_id, pause().key, verdict)
    alerts.dismiss(county, make.READER, pause().alert.id, "伪差")
    assert pause().verdict is R
    alerts.raise_by_reader(county, make.READER, exam_id, "EC024", "长间歇")
    assert pause().verdict is A
    with county.store.look() as conn:
        assert alert_rows.of_exam(conn, exam_id)[0].state is AlertState.CONFIRMED
