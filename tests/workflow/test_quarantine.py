"""Held files: decided once, by one person, for one institution."""

import pytest

from tests import make
from workbench.domain.errors import Stale
from workbench.store import exams as exam_rows
from workbench.store.worklist import Filter
from workbench.workflow import exams, quarantine


def test_held_files_are_filed_under_one_institution_only(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    first = quarantine.release(county, make.ADMIN, held.id, "T01")
    with pytest.raises(Stale):
        quarantine.release(county, make.ADMIN, held.id, "T02")
    with county.store.look() as conn:
        assert exam_rows.get(conn, first, None).site_code == "T01"
    assert [r.exam.id for r in exams.worklist_page(county, make.READER, Filter())] == [first]
    assert quarantine.waiting(county, make.ADMIN) == []


def test_discarded_files_cannot_be_filed_by_a_late_click(county, arrive):
    arrive(make.make_film(), None)
    [held] = quarantine.waiting(county, make.ADMIN)
    quarantine.discard(county, make.ADMIN, held.id, "不是本院设备")
    with pytest.raises(Stale):
        quarantine.release(county, make.ADMIN, held.id, "T02")
    assert exams.worklist_page(county, make.READER, Filter()) == []
