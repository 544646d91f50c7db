"""The picture of a film to be taken again: for the clinic that took it and for nobody else."""

from io import BytesIO

import pytest
from PIL import Image

from tests import make
from tests.server.conftest import PASSWORD
from workbench.domain.actor import Role
from workbench.domain.site import Site, SiteKind
from workbench.store import instances
from workbench.workflow import accounts, console, retakes, screenings, sites
from workbench.workflow.accounts import NewAccount
from workbench.workflow.arrivals import Sender, file_recording

READER = make.make_actor("reader1", site_code="C1")


@pytest.fixture(scope="module")
def people(house):
    """A technician of C1 and one of another institution."""
    me = console.operator("test")
    sites.add(house, me, Site(code="T8", name="某镇卫生院", kind=SiteKind.TOWNSHIP), [])
    for name, site in (("ray1", "C1"), ("ray8", "T8")):
        new = NewAccount(
            username=name, name=name, role=Role.TECHNICIAN, site_code=site, password=PASSWORD,
            must_change_password=False,
        )  # fmt: skip
        accounts.add(house, me, new)


@pytest.fixture
def asked(station, people):
    """A film of C1 that a reader wants again."""
    data = make.make_film(study="1.2.79", uid="1.2.79.1")
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": data})
    exam_id = file_recording(station, Sender(site_code="C1", source="test"), files).exam_id
    screenings.screen_exam(station, exam_id)
    with station.store.look() as conn:
        film = instances.of_exam(conn, exam_id)[0].id
    return retakes.ask(station, READER, (exam_id, film), ["111209"], "肺尖未包全")


def test_the_technician_gets_the_picture_and_nobody_else_does(server, asked):
    address = f"/wb/retake/{asked.id}.jpg"
    answer = server.browser("ray1").get(address)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.body)).size[0] >= 80
    assert server.browser("ray8").get(address).status == 404
    assert server.browser("reader1").get(address).status == 403
    assert server.browser("ray1").get("/wb/retake/none.jpg").status == 404
    again = server.browser("ray1").get(address, If_None_Match=answer.headers["ETag"])
    assert again.status == 304
