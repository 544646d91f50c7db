"""Pairs that may be one person, as the database finds them."""

from dataclasses import replace
from datetime import date

import pytest

from tests import make
from workbench.domain.patient import Patient
from workbench.store import patients, sites

BIRTH = date(1971, 3, 12)
BOTH = frozenset({"T01", "T02"})


@pytest.fixture
def known(store):
    """Add patients by what differs; gives their ids."""
    with store.change() as conn:
        for code in ("T01", "T02", "T03"):
            sites.add(conn, make.make_site(code))

    def known(*rows):
        keys = []
        for number, given in enumerate(rows):
            key = f"p{number}"
            one = Patient(
                id=key, site_code="T01", local_id=key, name="王秀兰", sex="F", birth_date=BIRTH,
                person_id=key,
            )  # fmt: skip
            with store.change() as conn:
                patients.ensure(conn, replace(one, **given), None)
            keys.append(key)
        return keys

    return known


def pairs(store, scope=BOTH, limit=50, only=None):
    with store.look() as conn:
        return [(a.id, b.id) for a, b in patients.likely_pairs(conn, scope, limit, only)]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {"site_code": "T02"}, True),
        ({}, {"sex": None}, True),
        ({}, {"sex": "M"}, False),
        ({}, {"birth_date": date(1971, 3, 13)}, False),
        ({"birth_date": None}, {"birth_date": None}, False),
        ({"name": ""}, {"name": ""}, False),
        ({"national_id": "1"}, {"national_id": "1", "name": "王兰", "sex": "M"}, True),
        ({"national_id": "1"}, {"national_id": "2"}, False),
        ({}, {"site_code": "T03"}, False),
        ({}, {"person_id": "p0"}, False),
    ],
)
def test_a_pair_needs_what_the_rule_of_the_domain_needs(store, known, one, other, found):
    known(one, other)
    assert pairs(store) == ([("p0", "p1")] if found else [])


def test_identity_numbers_come_first_and_every_pair_once(store, known):
    known({}, {}, {"national_id": "1", "name": "x"}, {"national_id": "1", "name": "x"})
    assert pairs(store) == [("p2", "p3"), ("p0", "p1")]
    assert pairs(store, limit=1) == [("p2", "p3")]
    assert pairs(store, only="p1") == [("p0", "p1")]


def test_who_was_kept_apart_is_left_out_whichever_was_named_first(store, known):
    known({}, {})
    with store.change() as conn:
        patients.keep_apart(conn, ("p1", "p0"), "reader", make.NOW, "住址不同")
    assert pairs(store) == []
