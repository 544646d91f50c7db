"""Watched folders: what lies still is taken, and gone from there only when the database has it."""

import os
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydicom import dcmread

from tests import make
from tests.processes import until
from workbench.intake import folders as watched
from workbench.intake.folders import Folders
from workbench.store import instances, quarantine
from workbench.store.schema import instance
from workbench.workflow.station import Station

HEADER = b"rec1 12 500 4 20261122\n" + b"".join(
    b"rec1.dat 16 1000/mV 16 0 0 0 0 %s\n" % lead
    for lead in b"I II III aVR aVL aVF V1 V2 V3 V4 V5 V6".split()
)
SIGNALS = bytes(12 * 4 * 2)


@pytest.fixture(scope="module")
def box(station: Station) -> Iterator[Path]:
    """The folder of T01, watched by the real thing; patience is shortened, nothing else."""
    patience = watched.PATIENCE_SECONDS
    watched.PATIENCE_SECONDS = 4.0
    one = Folders(station)
    yield station.settings.inbox / "T01"
    one.close()
    watched.PATIENCE_SECONDS = patience


def held_with(station: Station, text: str) -> list[quarantine.Held]:
    with station.store.look() as conn:
        return [h for h in quarantine.waiting(conn) if text in h.reason or text in h.source]


def known(station: Station, uid: str) -> instances.Instance | None:
    with station.store.look() as conn:
        return instances.by_uid(conn, "T01", uid)


def from_reader(station: Station, reader: str) -> list[str]:
    with station.store.look() as conn:
        return list(
            conn.execute(sa.select(instance.c.sha256).where(instance.c.reader == reader)).scalars()
        )


def test_every_institution_finds_its_folder_and_a_film_in_it_is_filed_and_taken_away(box, station):
    assert (station.settings.inbox / "COUNTY").is_dir()
    path = box / "film.dcm"
    path.write_bytes(make.make_film(study="1.2.50", uid="1.2.50.1"))
    found = until(lambda: known(station, "1.2.50.1"), "the film is filed")
    assert found.source == "folder:T01"
    until(lambda: not path.exists(), "the film is taken away")


def test_a_file_that_still_grows_is_not_taken(box, station):
    film = make.make_film(study="1.2.51", uid="1.2.51.1")
    path, done, seen = box / "growing.dcm", threading.Event(), []
    pieces = [film[i : i + len(film) // 12 + 1] for i in range(0, len(film), len(film) // 12 + 1)]

    def write() -> None:
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                file.flush()
                seen.append(known(station, "1.2.51.1") is not None or not path.exists())
                done.wait(0.3)  # a slow line: longer in all than a still file waits

    writer = threading.Thread(target=write)
    writer.start()
    writer.join()
    assert not any(seen)
    found = until(lambda: known(station, "1.2.51.1"), "the whole film is filed")
    assert station.blobs.read(found.sha256) == film
    assert not held_with(station, "growing")


def test_a_wfdb_header_waits_for_its_signals(box, station):
    (box / "rec1.hea").write_bytes(HEADER)
    other = box / "other.dcm"  # filed meanwhile: the folder was looked at, and the header left
    other.write_bytes(make.make_film(study="1.2.52", uid="1.2.52.1"))
    until(lambda: not other.exists(), "the film beside it is filed")
    assert (box / "rec1.hea").exists()
    assert from_reader(station, "wfdb") == []
    (box / "rec1.dat").write_bytes(SIGNALS)
    until(lambda: from_reader(station, "wfdb"), "the pair is filed")
    until(lambda: not (box / "rec1.hea").exists() and not (box / "rec1.dat").exists(), "both gone")


def test_signals_copied_before_their_header_wait_for_it(box, station):
    before = len(from_reader(station, "wfdb"))
    (box / "rec2.dat").write_bytes(SIGNALS)
    other = box / "other.dcm"
    other.write_bytes(make.make_film(study="1.2.53", uid="1.2.53.1"))
    until(lambda: not other.exists(), "the film beside it is filed")
    (box / "rec2.hea").write_bytes(HEADER.replace(b"rec1", b"rec2"))
    until(lambda: len(from_reader(station, "wfdb")) > before, "the pair is filed")
    assert not held_with(station, "rec2")


def test_a_header_whose_signals_never_come_is_held_after_the_patience(box, station):
    (box / "alone.hea").write_bytes(HEADER.replace(b"rec1", b"alone"))
    [held] = until(lambda: held_with(station, "send both"), "it is held")
    assert "signal file" in held.reason
    until(lambda: not (box / "alone.hea").exists(), "it is taken away")


def test_a_folder_with_an_unknown_name_is_held_with_that_reason(box, station):
    stray = station.settings.inbox / "NOWHERE"
    stray.mkdir()
    (stray / "film.dcm").write_bytes(make.make_film(study="1.2.54", uid="1.2.54.1"))
    [held] = until(lambda: held_with(station, "NOWHERE"), "it is held")
    assert "no institution has the code NOWHERE" in held.reason
    assert known(station, "1.2.54.1") is None


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("empty.dcm", b"", "empty"),
        ("letter.txt", b"Dear colleague", "not a known film or ECG file"),
        ("cut.dcm", make.make_film()[:140], "DICOM"),
    ],
)
def test_an_unreadable_file_is_held_with_the_reason_and_all_its_bytes(
    box, station, name, data, reason
):
    path = box / name
    path.write_bytes(data)
    until(lambda: not path.exists(), f"{name} is taken away")
    [held] = [h for h in held_with(station, "folder:T01") if h.parts[0].name == name]
    assert reason in held.reason
    assert station.blobs.read(held.parts[0].sha256) == data


def test_a_name_in_another_encoding_and_a_folder_within_are_no_obstacle(box, station):
    inner = box / "2026-11"
    inner.mkdir()
    path = Path(os.fsdecode(os.fsencode(inner) + b"/" + "王秀兰.dcm".encode("gb18030")))
    path.write_bytes(b"no film")
    until(lambda: not path.exists(), "it is taken away")
    [held] = [h for h in held_with(station, "folder:T01") if "王秀兰" in h.parts[0].name]
    assert held.parts[0].name == "2026-11/王秀兰.dcm"


def test_a_file_stays_where_it_is_until_the_database_has_it(box, station, owner):
    path = box / "later.dcm"
    with owner.begin() as conn:  # nobody can write an exam as long as this is open
        conn.execute(sa.text("LOCK TABLE instance IN EXCLUSIVE MODE"))
        path.write_bytes(make.make_film(study="1.2.55", uid="1.2.55.1"))
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: conn.execute(sa.text(waits)).scalar_one(), "the filing waits for the lock")
        assert path.exists()
    until(lambda: known(station, "1.2.55.1"), "the film is filed")
    until(lambda: not path.exists(), "the film is taken away")


def test_what_is_written_to_a_file_while_it_is_being_filed_is_not_lost(box, station, owner):
    first, second = (make.make_film(study="1.2.56", uid=f"1.2.56.{n}", shade=n) for n in (1, 2))
    path = box / "reused.dcm"
    with owner.begin() as conn:
        conn.execute(sa.text("LOCK TABLE instance IN EXCLUSIVE MODE"))
        path.write_bytes(first)
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        until(lambda: conn.execute(sa.text(waits)).scalar_one(), "the filing waits for the lock")
        path.write_bytes(second)  # the machine uses the same name again
    until(lambda: known(station, "1.2.56.1"), "the first film is filed")
    until(lambda: known(station, "1.2.56.2"), "the second film is filed")
    kept = station.blobs.read(known(station, "1.2.56.2").sha256)
    assert dcmread(BytesIO(kept)).SOPInstanceUID == "1.2.56.2"


def test_a_link_is_never_followed(box, station, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"not to be read")
    link, other = box / "link.dcm", box / "after.dcm"
    link.symlink_to(secret)
    other.write_bytes(make.make_film(study="1.2.57", uid="1.2.57.1"))
    until(lambda: not other.exists(), "the film beside it is filed")
    assert link.is_symlink()
    assert not [h for h in held_with(station, "folder:T01") if h.parts[0].name == "link.dcm"]
