"""What people set for themselves: remembered for them alone, and written down."""

import pytest
import sqlalchemy as sa

from tests import make
from workbench.domain.errors import Invalid
from workbench.store.schema import audit
from workbench.workflow import preferences

HERE = "0123456789ab:1920x1080@0,0"
BESIDE = "0123456789ab:1920x1080@1920,0"


def acts(county):
    with county.store.look() as conn:
        query = sa.select(audit.c.actor, audit.c.detail).where(audit.c.act == "display.calibrate")
        return [tuple(row) for row in conn.execute(query.order_by(audit.c.seq))]


def test_a_display_measured_once_is_remembered_for_that_person_and_that_display(county):
    preferences.calibrate(county, make.READER, HERE, 3.71)
    preferences.calibrate(county, make.READER, BESIDE, 5.2)
    preferences.calibrate(county, make.READER, HERE, 3.72)
    assert preferences.calibrations(county, make.READER) == {HERE: 3.72, BESIDE: 5.2}
    assert preferences.calibrations(county, make.REVIEWER) == {}
    assert acts(county) == [
        (make.READER.username, {"display": HERE, "px_per_mm": 3.71}),
        (make.READER.username, {"display": BESIDE, "px_per_mm": 5.2}),
        (make.READER.username, {"display": HERE, "px_per_mm": 3.72}),
    ]


@pytest.mark.parametrize(
    ("display", "px_per_mm"),
    [(HERE, 0.99), (HERE, 60.1), (HERE, -3.7), ("my screen", 3.7), (HERE + "; DROP", 3.7)],
)
def test_what_no_display_can_be_is_refused_and_leaves_no_trace(county, display, px_per_mm):
    with pytest.raises(Invalid):
        preferences.calibrate(county, make.READER, display, px_per_mm)
    assert preferences.calibrations(county, make.READER) == {}
    assert acts(county) == []


@pytest.mark.parametrize("px_per_mm", preferences.PX_PER_MM)
def test_both_ends_of_the_range_are_taken(county, px_per_mm):
    preferences.calibrate(county, make.READER, HERE, px_per_mm)
    assert preferences.calibrations(county, make.READER) == {HERE: px_per_mm}


def test_the_oldest_display_goes_when_there_are_too_many(county, clock):
    for n in range(preferences.MOST_DISPLAYS + 1):
        clock.go_on(minutes=1)
        preferences.calibrate(county, make.READER, f"{n:012x}:1920x1080@0,0", 3.7)
    kept = preferences.calibrations(county, make.READER)
    assert len(kept) == preferences.MOST_DISPLAYS
    assert f"{0:012x}:1920x1080@0,0" not in kept
