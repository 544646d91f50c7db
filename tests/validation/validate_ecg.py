"""Scores the whole ECG engine; `make validate` runs it. Fails when a figure got worse.

Usage: python tests/validation/validate_ecg.py [FOLDER] [--update] [--write FILE]

FOLDER is in the form of the shared ECG folder, and that one by default. For the shared folder the
tables go to docs/validation/ecg.md, and the figures are compared with
tests/golden/ecg_validation.json; `--update` writes the figures of this run there. Another folder is
scored and printed; `--write` puts its tables into a file.
"""

import argparse
import json
import platform
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import ecg_data as data
from ecg_drawn_rows import critical_figures, rate_figure
from ecg_fault_rows import fault_figures, reversal_figures
from ecg_figures import MISSED, Figure, kept, table, worse
from ecg_real_rows import beat_figures, interval_figures, judged, label_figures, limit_figure
from ecg_records import records
from ecg_speed_rows import speed_figures

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "ecg_validation.json"
REPORT = ROOT / "docs" / "validation" / "ecg.md"
Section = tuple[str, list[Figure]]


def sections(folder: Path) -> Iterator[Section]:
    """Every table of the report, one after the other."""
    known = records(folder)
    if known:
        yield "Speed", speed_figures(known)
    said = judged(known)
    beats = [
        figure
        for key, name, read, bar in (
            ("ludb", "LUDB, 12 leads, 10 s", data.ludb, True),
            ("cpsc2021", "CPSC2021, 2 leads, paroxysmal AF", data.cpsc2021, False),
            ("mitdb", "MIT-BIH 100 and 106", data.mitdb, False),
            ("cpsc2019", "CPSC2019, 1 lead, hard", data.cpsc2019, False),
        )
        if _there(folder, key)
        for figure in beat_figures(key, name, read(folder), bar=bar)
    ]
    yield "Beats and rate", beats
    yield "Intervals (LUDB)", interval_figures(said)
    yield "Labels and limits", [*label_figures(said), limit_figure(said)]
    yield "Faults put into lead II", fault_figures(known, said)
    yield "Exchanged limb electrodes", reversal_figures(known, said)
    critical = critical_figures()
    yield "Drawn cases", [rate_figure(), *critical[:4]]
    yield "Drawn critical cases by code", critical[4:]


def _there(folder: Path, key: str) -> bool:
    found = folder / ("ludb/data" if key == "ludb" else key)
    return found.is_dir() and (key != "mitdb" or (folder / "mitdb_tpcp").is_dir())


def machine() -> str:
    """Processor and Python of this run."""
    model = platform.processor() or platform.machine()
    cpu = Path("/proc/cpuinfo")
    if cpu.exists():
        named = [line for line in cpu.read_text("utf-8").splitlines() if "model name" in line]
        model = named[0].split(":", 1)[1].strip() if named else model
    return f"{model}; Python {platform.python_version()}; one core"


HEAD = """# The ECG engine: what was measured

Written by `make validate` (shared data: `WORKBENCH_SHARED_DATA` or `../shared/data`).
What the figures are and are not: [notes](ecg-notes.md).

"""
READ = "Intervals: exact (Clopper-Pearson, 95 %). With fewer than 20 records no target is judged."


def page(tables: list[Section], seconds: float, processor_s: float) -> str:
    """The report; what was written by a person about it stands in a file of its own."""
    rows = [figure for _, found in tables for figure in found]
    missed = sum(figure.verdict() == MISSED for figure in rows)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    run = f"Run on {day} in {seconds:.0f} s ({processor_s:.0f} s of processor time). {machine()}.\n"
    count = f"{len(rows)} figures; targets missed: {missed}. {READ}\n\n"
    parts = [f"## {title}\n\n{table(found)}\n" for title, found in tables]
    return HEAD + run + count + "\n".join(parts)


def main() -> None:
    """Score, write, compare."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="in the form of the shared ECG folder")
    asked.add_argument("--update", action="store_true", help="these figures are the ones to keep")
    asked.add_argument("--write", type=Path, help="file for the tables of another folder")
    given = asked.parse_args()
    folder, own = (given.folder, False) if given.folder else (data.shared(), True)
    began, worked = time.monotonic(), time.process_time()
    tables: list[Section] = []
    for title, rows in sections(folder):
        tables.append((title, rows))
        sys.stdout.write(f"## {title}\n\n{table(rows)}\n\n")
        sys.stdout.flush()
    text = page(tables, time.monotonic() - began, time.process_time() - worked)
    figures = [figure for _, rows in tables for figure in rows]
    if given.write or own:
        (given.write or REPORT).write_text(text, encoding="utf-8")
    if not own:
        return
    if given.update:
        GOLDEN.write_text(json.dumps(kept(figures), indent=1) + "\n", encoding="utf-8")
    elif faults := worse(figures, json.loads(GOLDEN.read_text("utf-8"))):
        lines = "\n  ".join(faults)
        sys.exit(
            f"worse than tests/golden/ecg_validation.json:\n  {lines}\nMend the engine; where a "
            "figure is meant to change, say why in the commit and run\n"
            "  .venv/bin/python tests/validation/validate_ecg.py --update"
        )


if __name__ == "__main__":
    main()
