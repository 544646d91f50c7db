"""Reads every recording of the shared ECG folder and prints the rows of docs/validation/readers.md.

Usage: python -m tests.validation.list_readings FOLDER
"""

import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from workbench.domain.errors import WorkbenchError
from workbench.domain.received import Received
from workbench.formats import grouping, sniff

ZONE = ZoneInfo("Asia/Shanghai")
NOT_RECORDINGS = {".md", ".csv", ".tsv", ".txt", ".atr", ".qrs"}


def recordings(folder: Path) -> Iterator[Mapping[str, bytes]]:
    """Files that belong together; marks of beats (.atr, .avf, ...) are no recordings."""
    names = [str(p.relative_to(folder)) for p in sorted(folder.rglob("*")) if p.is_file()]
    for group in grouping.recordings(n for n in names if Path(n).suffix not in NOT_RECORDINGS):
        if len(group) > 1 or _alone(folder / group[0]):
            yield {name: (folder / name).read_bytes() for name in group}


def _alone(path: Path) -> bool:
    return not path.with_suffix(".hea").exists() or path.suffix == ".hea"


def row(parts: Mapping[str, bytes]) -> str:
    """One line of the table."""
    name = next((n for n in parts if n.endswith(".hea")), next(iter(parts)))
    flags, took, reader = "", [], "-"
    result = ""
    for act in (sniff.read_header, sniff.read):
        began = time.perf_counter()
        try:
            received = act(parts, ZONE)
        except WorkbenchError as error:
            result = f"{type(error).__name__}: {error}"
            took.append(f"{1000 * (time.perf_counter() - began):.0f}")
            continue
        took.append(f"{1000 * (time.perf_counter() - began):.0f}")
        reader, result = received.reader, _said(received)
        flags = ", ".join(f for f in received.flags if f != "missing_tags")
    return f"| ecg/{name} | {reader} | {result} | {flags} | {' / '.join(took)} |"


def _said(received: Received) -> str:
    if received.trace is None:
        return f"kept: {received.reason}" if received.reason else "picture"
    leads, count = received.trace.millivolts.shape
    return f"trace {leads} leads x {count} at {received.trace.rate:g} Hz"


def main() -> None:
    """All rows, in the order of their names."""
    for parts in recordings(Path(sys.argv[1])):
        sys.stdout.write(row(parts).replace("\n", " ") + "\n")


if __name__ == "__main__":
    main()
