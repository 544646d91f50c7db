"""One film of 9 megapixels from gate to findings, and the memory of the process that does it."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.uid import RLELossless

from tests.benchmarks.film_set import exposed, phantom, write
from workbench.domain.context import PatientContext
from workbench.formats.readers.dicom_dr import DicomDr
from workbench.screening.dr import screen_film

ROUNDS = 7
ADULT = PatientContext(age_years=50.0)
BITS = 12


def run() -> Iterator[dict[str, Any]]:
    """Seconds from bytes to findings, from pixels to findings, and megabytes of one process."""
    with tempfile.TemporaryDirectory() as folder:
        plain = write(exposed(phantom(1), 1, BITS), 1, BITS, Path(folder))
        packed = plain.with_name("rle.dcm")
        dataset = dcmread(plain)
        dataset.compress(RLELossless, generate_instance_uid=False)
        dataset.save_as(packed)
        for name, path in (("uncompressed", plain), ("RLE", packed)):
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.dr_screening", str(path)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            whole, judged, peak = (float(n) for n in done.stdout.split())
            yield {
                "figure": f"film of 9 megapixels, {name}, bytes to findings",
                "limit_ms": 1000, "median_ms": round(whole), "judging_ms": round(judged),
                "n": ROUNDS,
            }  # fmt: skip
            yield {
                "figure": f"largest memory of the process, {name}",
                "limit_mb": 500, "mb": round(peak),
            }  # fmt: skip


def _peak_mb() -> float:
    """Of this program alone; what getrusage says holds what the parent had at the fork."""
    (line,) = (
        one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def once(path: Path) -> tuple[float, float]:
    """Milliseconds of reading and judging, and of judging alone."""
    begun = time.perf_counter()
    received = DicomDr().read({path.name: path.read_bytes()})
    read = time.perf_counter()
    screen_film(received, ADULT, "")
    end = time.perf_counter()
    return 1000 * (end - begun), 1000 * (end - read)


if __name__ == "__main__":
    film = Path(sys.argv[1])
    once(film)  # code and nets are loaded then
    times = [once(film) for _ in range(ROUNDS)]
    middle = [statistics.median(column) for column in zip(*times, strict=True)]
    print(*middle, _peak_mb())
