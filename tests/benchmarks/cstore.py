"""C-STORE of 100 DR of 8 to 17 MB with fsync before success, beside Orthanc, which syncs too."""

import contextlib
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import numpy as np
import psutil
import psycopg

from tests import make, processes
from tests.benchmarks.house import free_port, until
from workbench.formats.writers import dx
from workbench.settings import Settings
from workbench.store import embedded, migrate
from workbench.workflow import sites
from workbench.workflow.console import operator

FILES, ASSOCIATIONS, PDU = 100, (1, 4, 8), "131072"
ROUNDS = 3  # the disk swings by a factor of three: medians, and the two receivers take turns


def run() -> Iterator[dict]:
    """MB/s of both receivers at 1, 4 and 8 associations, their memory and processor time."""
    if not shutil.which("dcmsend"):
        yield {"skipped": "dcmtk is not installed"}
        return
    with tempfile.TemporaryDirectory(prefix="workbench-cstore-") as folder:
        for number in ASSOCIATIONS:
            files = _films(Path(folder) / f"n{number}", number)
            size = sum(f.stat().st_size for f in files) / 1e6
            yield {"associations": number, "mb": round(size), **_compared(files, number, size)}
            shutil.rmtree(files[0].parent)


def _compared(files: list[Path], associations: int, size: float) -> dict:
    receivers = {"workbench": _ours} | ({"orthanc": _orthanc} if shutil.which("Orthanc") else {})
    runs: dict[str, list[dict]] = {name: [] for name in receivers}
    for turn in range(ROUNDS):
        for name in sorted(receivers, reverse=turn % 2 == 0):
            runs[name].append(receivers[name](files, associations))
    found: dict = {}
    for name, those in runs.items():
        found[name] = {
            "mb_per_s": round(size / statistics.median(r["seconds"] for r in those), 1),
            "each": [round(size / r["seconds"], 1) for r in those],
            "cpu_s": round(statistics.median(r["cpu_s"] for r in those), 1),
            "peak_pss_mb": round(max(r["peak_pss_mb"] for r in those)),
            "peak_rss_mb": round(max(r["peak_rss_mb"] for r in those)),
        }
    if len(found) == 2:
        pairs = zip(*(runs[n] for n in ("orthanc", "workbench")), strict=True)
        found["ratio"] = round(statistics.median(o["seconds"] / w["seconds"] for o, w in pairs), 2)
    return found


def _films(folder: Path, seed: int) -> list[Path]:
    folder.mkdir()
    rng = np.random.default_rng(seed)
    base = rng.integers(0, 16384, (2920, 2920), dtype=np.uint16)
    files = []
    for i in range(FILES):
        side = 2000 + int(920 * i / (FILES - 1))  # 8.0 to 17.0 MB
        base[0, :4] = rng.integers(0, 16384, 4)
        study = f"1.2.9.{seed}.{i}"
        header = dx.DxHeader(
            patient=dx.DxPatient(name="测^试", id=f"B{seed}-{i}", birth_date=None, sex="F"),
            uids=dx.DxUids(study=study, series=f"{study}.1", instance=f"{study}.2"),
            device=dx.DxDevice(manufacturer="b", model="b", serial="1", institution="b"),
            exposure=dx.DxExposure(kvp=120, mas=2, ei=400, eit=400, di=0, dap=1),
            taken_at=datetime.now(UTC), accession="", spacing_mm=0.14,
        )  # fmt: skip
        path = folder / f"{i:03}.dcm"
        path.write_bytes(dx.to_bytes(dx.dx_dataset(base[:side, :side].copy(), header)))
        files.append(path)
    return files


def _send(files: list[Path], associations: int, port: int) -> float:
    """Seconds for all files over so many associations at once; every file must succeed."""
    shares = [files[i::associations] for i in range(associations)]
    begun = time.monotonic()
    senders = [
        subprocess.Popen(
            [
                "dcmsend", "--no-uid-checks", "--max-send-pdu", PDU, "127.0.0.1", str(port),
                *map(str, share),
            ],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        for share in shares
    ]  # fmt: skip
    for sender in senders:
        said, _ = sender.communicate()
        if sender.returncode:
            raise RuntimeError(said.decode()[-500:])
    return time.monotonic() - begun


class _Watched:
    """Peak memory and processor time of the receiving processes, all together, while open.

    Memory is the sum over the processes at one moment: PSS (shared pages divided by those who
    share them) and RSS (shared pages counted for each).
    """

    def __init__(self, processes: list[psutil.Process]) -> None:
        self.figures = {"cpu_s": 0.0, "peak_pss_mb": 0.0, "peak_rss_mb": 0.0}
        self._processes, self._stop = processes, threading.Event()
        self._thread = threading.Thread(target=self._look)

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            now = [p.memory_full_info() for p in self._processes]
            for name in ("pss", "rss"):
                mb = sum(getattr(each, name) for each in now) / 1e6
                self.figures[f"peak_{name}_mb"] = max(self.figures[f"peak_{name}_mb"], mb)

    def _cpu(self) -> float:
        times = [p.cpu_times() for p in self._processes]
        return sum(t.user + t.system for t in times)

    def __enter__(self) -> Self:
        self.figures["cpu_s"] = -self._cpu()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.figures["cpu_s"] += self._cpu()
        self._stop.set()
        self._thread.join()


@contextlib.contextmanager
def _clinic() -> Iterator[tuple[Settings, psutil.Process]]:
    """A database and the intake of an empty clinical home that knows the sender."""
    with tempfile.TemporaryDirectory(prefix="workbench-cstore-home-") as folder:
        Path(folder).chmod(0o711)
        home = Settings(
            home=Path(folder) / "home", dicom_host="127.0.0.1", dicom_port=free_port()
        )  # fmt: skip
        home.home.mkdir(mode=0o711)
        with embedded.held(home) as address:
            migrate.upgrade(address.owner_dsn)
            settings = home.model_copy(
                update={
                    "database_url": address.app_dsn,
                    "database_owner_url": address.owner_dsn,
                }
            )
            with processes.station_on(settings) as station:
                processes.furnish(station)
                sender = make.make_address(ae_title="DCMSEND")
                sites.add_address(station, operator("benchmark"), sender)
            with processes.intake(settings) as one:
                yield settings, psutil.Process(one.process.pid)


def _ours(files: list[Path], associations: int) -> dict:
    """Intake and database; no worker runs: screening is not what is compared."""
    with _clinic() as (settings, intake):
        until(lambda: len(intake.children()) == settings.dicom_processes, 60)
        with _Watched([intake, *intake.children(recursive=True)]) as watched:
            seconds = _send(files, associations, settings.dicom_port)
        with psycopg.connect(settings.database_owner_url) as conn:
            [(filed,)] = conn.execute("SELECT count(*) FROM instance").fetchall()
    if filed != len(files):
        raise RuntimeError(f"{filed} of {len(files)} films filed")
    return {"seconds": seconds, **watched.figures}


def _orthanc(files: list[Path], associations: int) -> dict:
    with tempfile.TemporaryDirectory(prefix="workbench-orthanc-") as folder:
        port, http = free_port(), free_port()
        config = {
            "StorageDirectory": f"{folder}/db", "IndexDirectory": f"{folder}/db", "DicomPort": port,
            "HttpPort": http, "DicomAlwaysAllowStore": True, "DicomCheckCalledAet": False,
            "SyncStorageArea": True, "RemoteAccessAllowed": False, "Plugins": [],
            "DicomThreadsCount": 8, "OverwriteInstances": False,
        }  # fmt: skip
        path = Path(folder) / "orthanc.json"
        path.write_text(json.dumps(config))
        process = subprocess.Popen(
            ["Orthanc", str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            until(lambda: _echo(port), 60)
            with _Watched([psutil.Process(process.pid)]) as watched:
                seconds = _send(files, associations, port)
        finally:
            process.terminate()
            process.wait(30)
    return {"seconds": seconds, **watched.figures}


def _echo(port: int) -> bool:
    return (
        subprocess.run(
            ["echoscu", "127.0.0.1", str(port)], capture_output=True, check=False
        ).returncode
        == 0
    )
