"""Times as the quality page shows them."""

from datetime import UTC, datetime

import pytest

from tests import make
from workbench.domain.errors import Invalid
from workbench.panels.asked import Asked
from workbench.panels.quality import period_of

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # already the 23rd where the hospitals are


def test_today_is_the_day_where_the_hospitals_are():
    period, _ = period_of(Asked({"days": 1}), NOW)
    assert period.since == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    assert (period.until - period.since).days == 1


def test_the_last_day_of_a_chosen_period_is_included():
    period, _ = period_of(Asked({"since": "2026-11-01", "until": "2026-11-01"}), NOW)
    assert (period.until - period.since).days == 1


@pytest.mark.parametrize(
    "asked",
    [{"since": "2026-11-02", "until": "2026-11-01"}, {"since": "x", "until": "y"}, {"days": 0}, {}],
)
def test_a_period_that_makes_no_sense_is_refused(asked):
    with pytest.raises(Invalid):
        period_of(Asked(asked), NOW)


def test_the_file_holds_the_table_and_opens_in_chinese(browse, screened):
    exam = screened(make.make_film())
    reader = browse("reader", "reading")
    reader.ask("open", key=exam)
    reader.ask("sign", key=exam, findings="双肺清晰。", impression="正常。", coded=[])
    page = browse("qa", "quality").page
    whole = next(r for r in page.table["rows"] if r["whole"])
    assert (whole["exams"], whole["released"]) == (1, 1)
    assert page.csv.startswith("\ufeff机构")
    assert len(page.csv.strip().splitlines()) == 1 + len(page.table["rows"])


def test_a_reader_is_refused(browse):
    page = browse("reader", "quality").page
    assert page.table == {}
    assert page.said["tone"] == "error"
