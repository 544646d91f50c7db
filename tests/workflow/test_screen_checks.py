"""Checks of screens: each person's own, the last one of each screen, all of them written down."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import Invalid, NotPermitted
from workbench.domain.screen_check import ScreenQuestion
from workbench.store.schema import audit, screen_check
from workbench.workflow import screen_checks

HERE = "0123456789ab:1920x1080@0,0"
BESIDE = "0123456789ab:1920x1080@1920,0"
ALL = dict.fromkeys(ScreenQuestion, True)
DIM = {**ALL, ScreenQuestion.LIGHT: False}
FACTS = {"ratio": 1.25, "pattern": 880.0}


def counted(county):
    with county.store.look() as conn:
        query = sa.select(audit.c.actor, audit.c.detail).where(audit.c.act == "screen.check")
        acts = [tuple(row) for row in conn.execute(query.order_by(audit.c.seq))]
        return acts, conn.scalar(sa.select(sa.func.count()).select_from(screen_check))


def test_the_last_look_at_each_screen_is_that_persons_own(county, clock):
    screen_checks.record(county, make.READER, HERE, ALL, FACTS)
    clock.go_on(days=1)
    screen_checks.record(county, make.READER, HERE, DIM, FACTS)
    unmeasured = {q: seen for q, seen in ALL.items() if q is not ScreenQuestion.LENGTH}
    screen_checks.record(county, make.READER, BESIDE, unmeasured, FACTS)
    seen = screen_checks.screens(county, make.READER)
    assert set(seen.last) == {HERE, BESIDE}
    assert seen.last[HERE].failed == (ScreenQuestion.LIGHT,)
    assert (seen.last[HERE].at, seen.now) == (clock(), clock())
    assert dict(seen.last[HERE].facts) == FACTS
    assert seen.last[BESIDE].answers == unmeasured
    assert screen_checks.screens(county, make.REVIEWER).last == {}
    acts, rows = counted(county)
    assert rows == 3  # none is written over
    assert acts[1:] == [
        ("reader", {"display": HERE, "failed": ["light"], "not_asked": []}),
        ("reader", {"display": BESIDE, "failed": [], "not_asked": ["length"]}),
    ]


def test_facts_nobody_asked_for_and_numbers_that_are_none_are_not_kept(county):
    facts = {"ratio": float("nan"), "pattern": 800.0, "name": 1.0}
    kept = screen_checks.record(county, make.READER, HERE, ALL, facts)
    assert dict(kept.facts) == {"pattern": 800.0}


@pytest.mark.parametrize(
    ("display", "answers"), [("my screen", ALL), (HERE, {}), (HERE, {ScreenQuestion.DARK: True})]
)
def test_what_is_no_look_leaves_no_trace(county, display, answers):
    with pytest.raises(Invalid):
        screen_checks.record(county, make.READER, display, answers, {})
    assert counted(county) == ([], 0)


@pytest.mark.parametrize("actor", [make.CLINIC, make.ADMIN, make.TRAINEE, make.QA])
def test_who_reports_no_films_checks_no_screen(county, actor):
    with pytest.raises(NotPermitted):
        screen_checks.record(county, actor, HERE, ALL, {})
    with pytest.raises(NotPermitted):
        screen_checks.screens(county, actor)
    assert counted(county) == ([], 0)


def test_how_long_a_look_holds_and_how_dim_the_room_is_stands_in_the_book():
    book = screen_checks.room()
    assert book["light.least"].value < book["light.most"].value
    assert book["check.days"].unit == "d"
    assert all(row.source and row.certainty for row in book.values())
