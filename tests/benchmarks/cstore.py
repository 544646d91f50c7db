"""C-STORE of 100 DR of 8 to 17 MB with fsync before success, beside Orthanc, which syncs too."""

import json
import shutil
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

from tests.benchmarks.house import free_port, house, until
from workbench.formats.writers import dx

FILES, ASSOCIATIONS, PDU = 100, (1, 4, 8), "131072"


def run() -> Iterator[dict]:
    """MB/s of both receivers at 1, 4 and 8 associations, and the peak memory of ours."""
    if not shutil.which("dcmsend"):
        yield {"skipped": "dcmtk is not installed"}
        return
    with tempfile.TemporaryDirectory(prefix="workbench-cstore-") as folder:
        for number in ASSOCIATIONS:
            files = _films(Path(folder) / f"n{number}", number)
            size = sum(f.stat().st_size for f in files) / 1e6
            yield {
                "receiver": "workbench",
                "associations": number,
                "mb": round(size),
                **_ours(files, number),
            }
            if shutil.which("Orthanc"):
                yield {
                    "receiver": "Orthanc",
                    "associations": number,
                    "mb": round(size),
                    **_orthanc(files, number),
                }
            shutil.rmtree(files[0].parent)


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


class _Peak:
    """Largest resident memory of a process while this is open."""

    def __init__(self, process: psutil.Process) -> None:
        self.mb = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, args=(process,))

    def _look(self, process: psutil.Process) -> None:
        while not self._stop.wait(0.05):
            self.mb = max(self.mb, process.memory_info().rss / 1e6)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


def _ours(files: list[Path], associations: int) -> dict:
    """Intake and database of the house; its workers are paused: they are not what is compared."""
    with house() as home:
        _settle(home)
        for child in home.children():
            if "workbench.worker.main" in " ".join(child.cmdline()):
                child.suspend()
        intake = next(
            c for c in home.children() if "workbench.intake.main" in " ".join(c.cmdline())
        )
        with _Peak(intake) as peak:
            seconds = _send(files, associations, home.dicom_port)
        for child in home.children():
            if "workbench.worker.main" in " ".join(child.cmdline()):
                child.resume()
        stored = sum(
            1 for _ in (home.home / "blobs").rglob("*") if _.is_file() and _.stat().st_size > 7e6
        )
    size = sum(f.stat().st_size for f in files) / 1e6
    return {"seconds": round(seconds, 2), "mb_per_s": round(size / seconds, 1),
            "peak_rss_mb": round(peak.mb), "stored": stored}  # fmt: skip


def _settle(home) -> None:
    """Until the sample studies are screened, the machine is not free for a measurement."""

    def done() -> bool:
        rows = [json.loads(r) for r in home.workbench("worklist", "--json").splitlines()]
        return len(rows) >= 8 and all(r["screening"] != "pending" for r in rows)

    until(done, 180)


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
            with _Peak(psutil.Process(process.pid)) as peak:
                seconds = _send(files, associations, port)
        finally:
            process.terminate()
            process.wait(30)
    size = sum(f.stat().st_size for f in files) / 1e6
    return {
        "seconds": round(seconds, 2),
        "mb_per_s": round(size / seconds, 1),
        "peak_rss_mb": round(peak.mb),
    }


def _echo(port: int) -> bool:
    return (
        subprocess.run(
            ["echoscu", "127.0.0.1", str(port)], capture_output=True, check=False
        ).returncode
        == 0
    )
