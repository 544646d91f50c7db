"""How long a 10 s ECG takes to read, for every format of which a file is here (limit 100 ms).

The first reading of a process also loads the libraries (about 0.4 s for all readers together);
a worker does that once.
"""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from tests.fuzz.recordings import everything
from workbench.domain.errors import WorkbenchError
from workbench.formats import sniff

RUNS = 15
LIMIT_MS = 100.0
SECONDS = (9.0, 12.0)  # recordings of about 10 s
LEADS = 12


def run() -> Iterator[dict]:
    """One figure for each reader: its slowest file."""
    slowest: dict[str, dict] = {}
    for parts in (*everything(), *_tables()):
        try:
            received = sniff.read(parts)
        except WorkbenchError:
            continue
        trace = received.trace
        if trace is None or len(trace.leads) < LEADS or not SECONDS[0] < trace.seconds < SECONDS[1]:
            continue
        took = [_once(parts) for _ in range(RUNS)]
        wall, cpu = (1000 * statistics.median(times) for times in zip(*took, strict=True))
        if wall > slowest.get(received.reader, {"ms": 0.0})["ms"]:
            slowest[received.reader] = {
                "what": f"read a 10 s ECG, {received.reader}", "ms": round(wall, 1),
                "cpu_ms": round(cpu, 1), "limit_ms": LIMIT_MS, "file": Path(next(iter(parts))).name,
            }  # fmt: skip
    yield from (slowest[name] for name in sorted(slowest))


def _tables() -> Iterator[dict]:
    """The sample tables with their headers; `everything` takes a .csv for a list of files."""
    for path in sorted((Path(__file__).parents[2] / "data_samples").glob("*-table.csv")):
        header = path.with_suffix(".json")
        yield {path.name: path.read_bytes(), header.name: header.read_bytes()}


def _once(parts: dict) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    sniff.read(parts)
    return time.perf_counter() - wall, time.process_time() - cpu
