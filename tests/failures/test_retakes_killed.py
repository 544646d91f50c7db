"""Killed with -9 in the middle: a screening and its request are kept together or not at all."""

import pytest

from tests import make
from tests.failures.killing import killed_at, rows
from workbench.domain.actor import Account
from workbench.store import accounts
from workbench.store.schema import retake, retake_step, screening
from workbench.workflow import retakes, screenings
from workbench.workflow.arrivals import Sender, file_recording
from workbench.workflow.console import operator
from workbench.workflow.sites import agree

pytestmark = pytest.mark.slow

PROGRAM = """
import json, sys
from tests import make
from workbench.settings import Settings
from workbench.workflow import retakes, screenings
from workbench.workflow.station import station_of
what, key = json.loads(sys.argv[1])
settings = Settings()
station = station_of(settings, settings.database_url)
if what == "screen":
    screenings.screen_exam(station, key)
else:
    retakes.see(station, make.TECHNICIAN, key)
"""


@pytest.fixture(scope="module")
def exam_id(station):
    """An empty film of a fresh county, filed and not yet screened."""
    agree(station, operator("test"), make.make_agreement())
    with station.store.change() as conn:
        for one in (make.READER, make.TECHNICIAN):
            accounts.add(conn, Account(actor=one, password_hash="-"), station.now())
    sender = Sender(site_code="T01", source="dicom:T01_DR@127.0.0.1")
    data = make.make_film(blank=True)
    files = make.laid(station.blobs.temporary_folder, **{"object.dcm": data})
    return file_recording(station, sender, files).exam_id


def test_a_request_cut_off_before_its_register_leaves_no_screening_either(
    station, settings, owner, exam_id
):
    killed_at(PROGRAM, "retake_step", owner, settings, "screen", exam_id)
    assert (rows(station, screening), rows(station, retake)) == (0, 0)
    screenings.screen_exam(station, exam_id)
    assert (rows(station, screening), rows(station, retake), rows(station, retake_step)) == (
        1,
        1,
        1,
    )


def test_an_answer_cut_off_before_its_audit_row_leaves_the_request_as_it_was(
    station, settings, owner, exam_id
):
    [told] = retakes.of_own_site(station, make.TECHNICIAN)
    killed_at(PROGRAM, "audit", owner, settings, "see", told.retake.id)
    [still] = retakes.of_own_site(station, make.TECHNICIAN)
    assert (still.retake, rows(station, retake_step)) == (told.retake, 1)
    retakes.see(station, make.TECHNICIAN, told.retake.id)
    assert rows(station, retake_step) == 2
