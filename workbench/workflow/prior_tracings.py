"""The patient's ECG before this one, for rules that ask what is new."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from workbench.domain.context import PriorTracing
from workbench.domain.exam import Exam, ExamState
from workbench.domain.finding import Screening
from workbench.domain.kinds import ExamKind
from workbench.domain.report import ReportKind
from workbench.store import exams, jobs, patients, reports, screenings, sites
from workbench.store.database import Connection
from workbench.store.sites import Scope
from workbench.workflow.station import Station

ST = "st_j_mv."
MOST = 200  # earlier and later exams of one person that are looked at


def prior_tracing(
    conn: Connection, station: Station, exam: Exam, zone: ZoneInfo
) -> PriorTracing | None:
    """The newest earlier ECG of the same person that was measured; None when there is none."""
    if exam.kind is not ExamKind.ECG:
        return None
    for one in exams.priors(conn, exam, _readers_scope(conn, station, exam), limit=MOST):
        if one.kind is not ExamKind.ECG or one.taken_at >= exam.taken_at:
            continue
        measured = [s for s in screenings.of_exam(conn, one.id) if s.assessed and _st(s)]
        if measured:
            told = f"{one.taken_at.astimezone(zone):%Y-%m-%d %H:%M}"
            codes, signed = _codes(conn, one, measured[-1])
            hours = round((exam.taken_at - one.taken_at).total_seconds() / 3600, 1)
            return PriorTracing(_st(measured[-1]), codes, told, signed, hours)
    return None


def judge_later_ones(conn: Connection, station: Station, exam: Exam) -> None:
    """Have later ECGs without a standing report judged again: this one is their prior now."""
    if exam.kind is not ExamKind.ECG:
        return
    scope = _readers_scope(conn, station, exam)
    for one in exams.of_person(conn, exam, scope, MOST):
        later = one.kind is ExamKind.ECG and one.taken_at > exam.taken_at
        if later and one.state not in (ExamState.SIGNED, ExamState.RELEASED):
            jobs.defer(
                conn, "screen_exam", {"exam_id": one.id}, queue="screen", queueing_lock=one.id
            )


def judge_persons(conn: Connection, person_ids: Collection[str]) -> None:
    """Have every ECG without a standing report judged again: whose it is has changed."""
    records = [one.id for one in patients.of_persons(conn, person_ids)]
    for key in exams.unsigned(conn, records, ExamKind.ECG, MOST):
        jobs.defer(conn, "screen_exam", {"exam_id": key}, queue="screen", queueing_lock=key)


def _readers_scope(conn: Connection, station: Station, exam: Exam) -> Scope:
    """What those who read this exam may see: their own exams and those they read for."""
    today = station.today()
    readers = {exam.site_code} | {
        a.reading
        for a in sites.agreements(conn, examining=exam.site_code)
        if a.in_force(today) and ExamKind.ECG in a.kinds
    }
    kinds: dict[str, frozenset[ExamKind]] = {site: frozenset(ExamKind) for site in readers}
    for reader in readers:
        for found in sites.agreements(conn, reading=reader):
            if found.in_force(today):
                kinds[found.examining] = kinds.get(found.examining, frozenset()) | found.kinds
    return Scope(kinds)


def _st(said: Screening) -> dict[str, float]:
    return {
        m.name.removeprefix(ST): m.value
        for m in said.measurements
        if m.name.startswith(ST) and m.value is not None
    }


def _codes(conn: Connection, one: Exam, said: Screening) -> tuple[frozenset[str], bool]:
    """What a doctor signed of it, or else what the screening said; and whether it was a doctor."""
    if one.state is ExamState.RELEASED:
        # an addendum adds words only
        signed = [v for v in reports.versions(conn, one.id) if v.kind is ReportKind.ORIGINAL]
        if signed:
            return frozenset(c.code for c in signed[-1].body.coded), True
    return frozenset(f.code for f in said.findings), False
