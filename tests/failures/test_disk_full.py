"""A disk that is really full: the blob folder lies on a small file system of its own."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread

from tests import make, processes
from tests.intake import peers
from tests.processes import PYTHON, Running, environment, running, until
from workbench.settings import Settings
from workbench.store import blob_use
from workbench.store.embedded import Address
from workbench.workflow import console
from workbench.workflow.station import Station

DISK_MB, FLOOR_MB = 12, 2
OUT_OF_RESOURCES, CUT_OFF = 0xA700, -1  # PS3.4 B.2.3; no answer, so the sender sends again
# Root mounts by itself; in a user space it could not open the socket of the embedded database.
ROOT = os.geteuid() == 0
IN_OWN_SPACE = ("unshare", "--mount", *(() if ROOT else ("--user", "--map-root-user")), "sh", "-c")
INTO_IT = ("nsenter", "--mount", *(() if ROOT else ("--user", "--preserve-credentials")), "-t")


def film(uid: str, megabytes: float = 2.0) -> bytes:
    """A film of about this size that no compression makes smaller."""
    data = dcmread(BytesIO(make.make_film(study=uid, uid=f"{uid}.1")))
    data.Rows, data.Columns = 1000, int(megabytes * 500)
    data.PixelData = os.urandom(2 * data.Rows * data.Columns)
    out = BytesIO()
    data.save_as(out)
    return out.getvalue()


@dataclass
class SmallDisk:
    """An intake whose blobs lie on a disk of 12 MB, seen through its own mount space."""

    door: Running
    settings: Settings
    station: Station

    @property
    def blobs(self) -> Path:
        """The folder as the intake sees it."""
        return Path(f"/proc/{self.door.process.pid}/root{self.settings.blobs}")

    def send(self, uid: str) -> int:
        return peers.send(self.settings.dicom_port, film(uid))[0]

    def names(self) -> set[str]:
        with self.station.store.look() as conn:
            return set(blob_use.used(conn))


@pytest.fixture(params=[FLOOR_MB, 0], ids=["floor", "last byte"])
def disk(request, cluster: Address, tmp_path: Path) -> Iterator[SmallDisk]:
    """With a floor the intake refuses in time; without one the disk itself says no in mid-film."""
    with processes.database_copy(cluster, f"full_{secrets.token_hex(4)}") as database:
        settings = Settings(
            home=tmp_path, database_url=database.app_dsn, database_owner_url=database.owner_dsn,
            free_floor_mb=request.param, dicom_host="127.0.0.1", dicom_port=processes.free_port(),
        )  # fmt: skip
        settings.blobs.mkdir(parents=True)
        mount = f"mount -t tmpfs -o size={DISK_MB}m none '{settings.blobs}'"
        tried = subprocess.run([*IN_OWN_SPACE, mount], capture_output=True, check=False)
        if tried.returncode:
            pytest.skip("this kernel lets nobody mount in a space of their own: no small disk")
        with processes.station_on(settings) as station:
            processes.furnish(station)
            command = [
                *IN_OWN_SPACE,
                f'{mount} && exec "$@"',
                "-",
                *PYTHON,
                "workbench.intake.main",
            ]
            with running(command, environment(settings), tmp_path / "log") as door:
                until(lambda: processes.answers(settings.dicom_port), "the intake listens")
                yield SmallDisk(door, settings, station)


def test_a_full_disk_refuses_what_does_not_fit_keeps_what_it_took_and_goes_on_with_room(disk):
    statuses = []
    while not statuses or statuses[-1] == 0x0000:
        statuses.append(disk.send(f"1.2.77.{len(statuses)}"))
        assert len(statuses) < 2 * DISK_MB, "12 MB took 24 films of 2 MB"
    assert statuses[-1] == OUT_OF_RESOURCES
    assert len(statuses) > 3  # it was refused for want of room, not from the start
    kept = {p.name for p in (disk.blobs / "sha256").rglob("*") if p.is_file()}
    assert len(kept) == len(statuses) - 1
    assert disk.names() == kept  # no row without its bytes, no bytes without their row
    assert list((disk.blobs / "temporary").iterdir()) == []  # the half film is gone
    assert "No space left" in disk.door.said or "MB free" in disk.door.said
    larger = ("mount", "-o", "remount,size=40m", str(disk.settings.blobs))
    subprocess.run([*INTO_IT, str(disk.door.process.pid), *larger], check=True)
    assert disk.send(f"1.2.77.{len(statuses) - 1}") == 0x0000  # the same film, sent again
    assert len(disk.names()) == len(statuses)
    assert console.verify(disk.station).faults == []
