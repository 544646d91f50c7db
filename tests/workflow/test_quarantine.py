"""Held files: decided once, by one person, for one institution; the worker files them."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import NotPermitted, Stale
from workbench.store import exams as exam_rows
from workbench.store.schema import audit
from workbench.store.worklist import Filter
from workbench.workflow import exams, late_reading, quarantine

FILE = sa.text("SELECT args FROM procrastinate_jobs WHERE task_name = 'file_held'")


def asked(county):
    with county.store.look() as conn:
        return [r.args["held_id"] for r in conn.execute(FILE)]


def noted(county, act):
    with county.store.look() as conn:
        return conn.execute(sa.select(audit.c.detail).where(audit.c.act == act)).scalars().all()


def test_held_files_are_filed_under_one_institution_only(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    with pytest.raises(Stale):
        quarantine.release(county, make.ADMIN, held.id, "T02")
    assert asked(county) == [held.id]
    assert [h.filing_site for h in quarantine.waiting(county, make.ADMIN)] == ["T01"]
    late_reading.file_held(county, held.id)
    [row] = exams.worklist_page(county, make.READER, Filter())
    with county.store.look() as conn:
        assert exam_rows.get(conn, row.exam.id, None).site_code == "T01"
    assert quarantine.waiting(county, make.ADMIN) == []
    [done] = quarantine.decided(county, make.ADMIN)
    assert (done.outcome, done.settled_by) == ("filed:T01", "admin")
    assert [d["outcome"] for d in noted(county, "quarantine.file")] == ["filed"]


def test_a_job_run_twice_files_once(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    for _ in range(2):
        late_reading.file_held(county, held.id)
    assert len(noted(county, "quarantine.file")) == 1
    assert [r.exam.images for r in exams.worklist_page(county, make.READER, Filter())] == [1]


def test_a_file_nobody_can_read_waits_again_with_the_reason_and_only_once(county, arrive):
    arrive(b"not a film" * 50, None, "x.bin")
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    late_reading.file_held(county, held.id)
    [again] = quarantine.waiting(county, make.ADMIN)
    assert (again.id, again.filing_at) == (held.id, None)
    assert again.refused
    quarantine.release(county, make.ADMIN, held.id, "T02")  # another try is free


@pytest.mark.parametrize(("shade", "outcome"), [(0, "duplicate:T01"), (500, "conflict:T01")])
def test_what_came_meanwhile_by_another_way_is_said(county, arrive, shade, outcome):
    arrive(make.make_film(), None)
    arrive(make.make_film(shade=shade), "T01")
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    late_reading.file_held(county, held.id)
    assert [h.outcome for h in quarantine.decided(county, make.ADMIN)] == [outcome]


def test_a_filing_that_never_ends_can_be_asked_for_again(county, arrive, clock):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    clock.go_on(minutes=11)
    quarantine.release(county, make.ADMIN, held.id, "T02")
    late_reading.file_held(county, held.id)
    assert [h.outcome for h in quarantine.decided(county, make.ADMIN)] == ["filed:T02"]


def test_discarded_files_cannot_be_filed_by_a_late_click(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.discard(county, make.ADMIN, held.id, "不是本院设备")
    with pytest.raises(Stale):
        quarantine.release(county, make.ADMIN, held.id, "T02")
    assert exams.worklist_page(county, make.READER, Filter()) == []


def test_files_on_their_way_cannot_be_set_aside(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.release(county, make.ADMIN, held.id, "T01")
    with pytest.raises(Stale):
        quarantine.discard(county, make.ADMIN, held.id, "不是本院设备")


def test_a_refused_release_leaves_no_trace(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    with pytest.raises(NotPermitted):
        quarantine.release(county, make.READER, held.id, "T01")
    assert (asked(county), noted(county, "quarantine.settle")) == ([], [])
    assert quarantine.waiting(county, make.ADMIN)[0].filing_at is None
