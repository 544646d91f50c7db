"""`make bench`: every figure of docs/benchmarks.md, with the peer in the same run.

Usage: python -m tests.benchmarks [cstore] [arrival] [worklist] [pages] [ecg] [reading] [screening]
                                  [dr_screening]
       python -m tests.benchmarks films   (alone: it takes ten minutes and fetches the peer's pages)
"""

import json
import os
import platform
import sys
from datetime import UTC, datetime

from tests.benchmarks import (
    arrival,
    cstore,
    dr_screening,
    ecg,
    films,
    pages,
    reading,
    screening,
    worklist,
)

PARTS = {"cstore": cstore.run, "arrival": arrival.run, "worklist": worklist.run, "pages": pages.run,
         "reading": reading.run, "ecg": ecg.run, "screening": screening.run,
         "dr_screening": dr_screening.run}  # fmt: skip

ALONE = {"films": films.run}  # only when asked for


def main() -> None:
    """Run the parts asked for, or all, and print one JSON object per figure."""
    print(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"),
                      "machine": f"{os.cpu_count()} cores, {platform.machine()}",
                      "load": os.getloadavg()[0]}))  # fmt: skip
    for name in sys.argv[1:] or PARTS:
        for figure in {**PARTS, **ALONE}[name]():
            print(json.dumps({"part": name, **figure}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
