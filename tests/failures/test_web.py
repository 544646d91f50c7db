"""What a hostile or mistaken browser can do: a clear answer, and nothing that is not its own.

The real server process and its fixtures are those of tests/server.
"""

import pytest
import websocket

from tests import make
from tests.server.conftest import (  # noqa: F401 - fixtures
    Browser,
    dashboards,
    database,
    house,
    running,
    server,
    settings,
    station,
)
from workbench.domain.site import Site, SiteKind
from workbench.store.schema import audit
from workbench.workflow import console, screenings, sites
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.intake import upload

TRIES = 6


@pytest.fixture(scope="module")
def foreign(house):  # noqa: F811
    """An exam of an institution for which nobody here reads: its exam and file ids."""
    me = console.operator("test")
    sites.add(house, me, Site(code="T7", name="外县卫生院", kind=SiteKind.TOWNSHIP), [])
    files = make.laid(house.blobs.temporary_folder, **{"a.dcm": make.make_film(study="1.2.99")})
    exam = file_recording(house, Sender(site_code="T7", source="test"), files).exam_id
    screenings.screen_exam(house, exam)
    shown = console.show(house, me, exam)
    return exam, shown["files"][0]["id"]


def test_a_wrong_password_again_and_again_is_slowed_down_with_the_waiting_time(server):  # noqa: F811
    one = Browser(server.port)
    answers = [one.log_in("reader1", "wrong password") for _ in range(TRIES)]
    assert {a.status for a in answers} <= {401, 403, 429}
    assert answers[-1].status == 429
    assert "分钟" in answers[-1].text
    assert one.log_in("reader1").status == 429  # now even the right one waits
    assert Browser(server.port).get("/wb/page/reading").status == 302


def test_a_clinics_question_for_another_sites_exam_by_id_finds_nothing(server, foreign):  # noqa: F811
    _, file = foreign
    for name in ("reader1", "nurse1", "qa1", "boss", "student"):
        one = server.browser(name)
        assert one.get(f"/wb/display/{file}/preview").status in {403, 404}, name
        assert one.get("/wb/report/unknown.pdf").status in {403, 404}, name


@pytest.mark.parametrize(
    "forged",
    [
        {"X_WB_User": "boss"},
        {"X_Forwarded_User": "boss"},
        {"Authorization": "token boss"},
        {"X_Forwarded_For": "10.0.0.1"},
    ],
)
def test_a_forged_header_opens_nothing(server, forged):  # noqa: F811
    assert Browser(server.port).get("/wb/page/people", **forged).status == 302
    assert server.browser("nurse1").get("/wb/page/people", **forged).status == 403


def test_a_forged_message_is_not_executed_and_changes_no_row(server, station):  # noqa: F811
    one = server.browser("reader1")
    line = one.socket(one.open_page("reading"))
    with station.store.look() as conn:
        before = len(conn.execute(audit.select()).all())
    line.send(
        '{"header": {"msg_id": "1", "msg_type": "execute_request", "session": "s", "username": "",'
        ' "version": "5.3", "date": ""}, "parent_header": {}, "metadata": {}, "channel": "shell",'
        ' "content": {"code": "1/0", "silent": false}}'
    )
    heard = list(replies(line))
    assert not [h for h in heard if "execute_reply" in h or "ZeroDivisionError" in h]
    with station.store.look() as conn:
        assert len(conn.execute(audit.select()).all()) == before


def replies(line):
    """Everything that comes back until the line is silent or closed."""
    line.settimeout(2)
    try:
        while True:
            yield str(line.recv())
    except (websocket.WebSocketTimeoutException, websocket.WebSocketConnectionClosedException):
        return


def test_an_order_of_another_site_cannot_be_met_by_an_upload(house, foreign):  # noqa: F811
    del foreign
    nurse = make.make_actor("nurse1", make.CLINIC.role, "C1", licence=None)
    files = make.laid(house.blobs.temporary_folder, **{"b.dcm": make.make_film(study="1.2.98")})
    with pytest.raises(Exception, match="order"):
        upload(house, nurse, files, "an-order-of-somebody-else")
