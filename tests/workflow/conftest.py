"""A county of three institutions with a person per role, on a real database."""

from collections.abc import Callable

import pytest

from tests import make
from workbench.domain.actor import Account
from workbench.store import accounts as account_rows
from workbench.store import homes
from workbench.workflow import screenings, sites
from workbench.workflow.arrivals import Outcome, Sender, file_recording
from workbench.workflow.console import operator
from workbench.workflow.station import Station


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def station(store, blobs, settings, clock) -> Station:
    """An empty place of work."""
    return Station(store=store, blobs=blobs, settings=settings, clock=clock)


@pytest.fixture
def county(station) -> Station:
    """Two townships for which the county hospital reads, and everybody's account."""
    root = operator("test")
    with station.store.change() as conn:
        homes.found(conn, "demo", station.now())
    for code in ("COUNTY", "T01", "T02", "T03"):
        sites.add(station, root, make.make_site(code), [])
    sites.add_address(station, root, make.make_address())
    for code in ("T01", "T02"):
        sites.agree(station, root, make.make_agreement(code))
    with station.store.change() as conn:
        for one in make.EVERYBODY:
            # No password is needed here, and hashing eight of them would cost each test a second.
            account_rows.add(conn, Account(actor=one, password_hash="-"), station.now())
    return station


@pytest.fixture
def arrive(county) -> Callable[..., Outcome]:
    """File bytes as an institution's sender would."""

    def arrive(data: bytes, site_code: str | None = "T01", name: str = "object.dcm") -> Outcome:
        sender = Sender(site_code=site_code, source="dicom:TEST@127.0.0.1", reason="unknown")
        files = make.laid(county.blobs.temporary_folder, **{name: data})
        return file_recording(county, sender, files)

    return arrive


@pytest.fixture
def screened(county, arrive) -> Callable[..., str]:
    """File bytes and run the worker's screening on them; gives the exam's id."""

    def screened(data: bytes, site_code: str = "T01") -> str:
        outcome = arrive(data, site_code)
        screenings.screen_exam(county, outcome.exam_id)
        return outcome.exam_id

    return screened
