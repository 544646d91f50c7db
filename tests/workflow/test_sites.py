"""Institutions: a slip of the administrator's must not stop a whole reading room."""

from datetime import date

import pytest

from tests import make
from workbench.domain.errors import Invalid
from workbench.store.worklist import Filter
from workbench.workflow import exams, sites


def test_an_agreement_cannot_end_before_it_began_and_nobody_is_locked_out(county):
    agreed = sites.agreements(county, make.ADMIN)[0]
    with pytest.raises(Invalid, match="not before"):
        sites.end_agreement(county, make.ADMIN, agreed.id, date(2020, 1, 1))
    assert exams.worklist_page(county, make.READER, Filter()) == []


@pytest.mark.parametrize("wrong", [{"time_zone": "Mars/Base"}, {"profile": "atlantis"}])
def test_an_institution_with_a_time_zone_or_profile_nobody_knows_is_refused(county, wrong):
    with pytest.raises(Invalid, match=next(iter(wrong.values()))):
        sites.change(county, make.ADMIN, make.make_site("T01", **wrong))


def test_two_institutions_cannot_share_one_sender(county):
    with pytest.raises(Invalid, match=r"T01_DR at 127\.0\.0\.1"):
        sites.add_address(county, make.ADMIN, make.make_address("T02"))
