"""From the last byte sent to "screened, on the worklist", one exam at a time on a quiet house."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.benchmarks.house import House, house, settle, until
from tests.make import make_ecg_file, make_film, make_trace
from workbench.settings import Settings
from workbench.store.embedded import address_of

EACH = 8


def run() -> Iterator[dict]:
    """Seconds from the sender's end to screened: ECG, and DR of full size."""
    with house() as home:
        settle(home)
        for name, limit in (("ECG", 2.0), ("DR 2500x3000", 4.0)):
            seconds = [_one(home, name, i) for i in range(EACH)]
            yield {
                "exam": name,
                "limit_s": limit,
                "median_s": round(statistics.median(seconds), 2),
                "worst_s": round(max(seconds), 2),
                "n": EACH,
            }


def _one(home: House, name: str, number: int) -> float:
    study = f"1.2.8.{'1' if name == 'ECG' else '2'}.{number}"
    if name == "ECG":
        data = make_ecg_file(make_trace(seed=number), study=study)
    else:
        data = make_film(study=study, uid=f"{study}.1", size=(3000, 2500), shade=number)
    path = Path(home.home) / f"bench-{number}.dcm"
    path.write_bytes(data)
    with psycopg.connect(address_of(Settings(home=home.home)).app_dsn, autocommit=True) as conn:
        subprocess.run(
            ["dcmsend", "--no-uid-checks", "127.0.0.1", str(home.dicom_port), str(path)],
            check=True,
            capture_output=True,
        )
        begun = time.monotonic()
        query = "SELECT screening FROM exam WHERE key = %s"
        until(lambda: conn.execute(query, (study,)).fetchone() == ("done",), 60)
        return time.monotonic() - begun
