"""Messages that no button sends: what comes from a browser is a request, judged by who asks."""

import pytest

from tests import make
from workbench.store import alerts, audit, exams, reports
from workbench.workflow import exams as reading

BODY = {"findings": "心影增大。", "impression": "心影增大。", "coded": [], "revision": 0}


def state_of(station, key):
    """All that a forged message could change of an exam."""
    with station.store.look() as conn:
        one = exams.get(conn, key, None)
        return (
            one,
            reports.draft_of(conn, key),
            reports.versions(conn, key),
            alerts.of_exam(conn, key),
        )


@pytest.mark.parametrize("room", ["clinic", "reading"])
@pytest.mark.parametrize("act", ["open", "sign", "draft", "give_back", "prior", "image", "raise"])
def test_a_clinic_that_asks_for_another_sites_exam_by_id_gets_and_changes_nothing(
    browse,
    county,
    screened,
    room,
    act,
):
    theirs = screened(make.make_film(), site_code="T02")
    before = state_of(county, theirs)
    page = browse(make.CLINIC.username, room)
    page.ask(act, key=theirs, exam=theirs, prior=theirs, code="DR001", evidence="x", **BODY)
    assert state_of(county, theirs) == before
    shown = {n: getattr(page.page, n) for n in page.page.trait_names(sync=True) if n in SHOWN}
    assert theirs not in repr(shown)


SHOWN = ("case", "report", "viewing", "alerts", "listing", "orders", "mine", "rows", "calls")


@pytest.mark.parametrize("act", ["sign", "draft", "give_back"])
def test_a_reader_cannot_write_into_a_case_that_another_one_holds(
    browse,
    county,
    screened,
    act,
):
    key = screened(make.make_film())
    reading.open_case(county, make.READER, key, hold=True)
    before = state_of(county, key)
    page = browse("reader2", "reading")
    page.ask("open", key=key)
    page.ask(act, key=key, **BODY)
    assert state_of(county, key) == before


@pytest.mark.parametrize("trait", ["case", "report", "me", "viewing", "listing"])
def test_a_forged_widget_message_changes_nothing_that_the_page_shows(
    browse,
    county,
    screened,
    trait,
):
    key = screened(make.make_film())
    browser = browse("reader", "reading")
    browser.ask("open", key=key)
    page = browser.page
    before, rows = getattr(page, trait), _audit_rows(county)
    data = {"method": "update", "state": {trait: {"id": "forged", "username": "boss"}}}
    page._handle_msg({"content": {"data": {**data, "buffer_paths": []}}, "buffers": []})
    assert getattr(page, trait) == before
    assert _audit_rows(county) == rows


def _audit_rows(station):
    with station.store.look() as conn:
        return [(h.chain, h.seq) for h in audit.heads(conn, station.now())]
