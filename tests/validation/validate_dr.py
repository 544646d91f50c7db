"""Scores gate, outlines and findings of chest films; `make validate` runs it after the ECG engine.

Usage: python tests/validation/validate_dr.py [FOLDER] [--update] [--every N]

FOLDER is the shared DR folder, and that one by default: the tables go to docs/validation/dr.md, and
the figures are compared with tests/golden/dr_validation.json; `--update` writes the figures of this
run there. `--every 10` takes every tenth film: the page says so, and nothing is compared.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from dr_films import nih, v7
from dr_rows import (
    bad_input_figures,
    gate_figures,
    heart_figures,
    normal_figures,
    opaque_figures,
    outline_figures,
    plain_results,
    turned_figures,
)
from ecg_figures import MISSED, Figure, kept, table, worse
from validate_ecg import machine

from workbench.editions import finding_terms, operating_points
from workbench.screening.thorax_net import MODEL, digest

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "dr_validation.json"
REPORT = ROOT / "docs" / "validation" / "dr.md"
HEAD = """# Chest films: what was measured

Written by `make validate` (shared data: `WORKBENCH_SHARED_DATA` or `../shared/data`).
What the figures are and are not: [notes](dr-notes.md).

"""
READ = "Intervals: exact (Clopper-Pearson, 95 %). With fewer than 20 films no target is judged."


def shared() -> Path:
    """Folder of the shared films."""
    beside = ROOT.parent / "shared" / "data"
    return Path(os.environ.get("WORKBENCH_SHARED_DATA", beside)) / "dr"


def not_supported() -> str:
    """What is off, and why, from the data file the screener obeys."""
    terms = finding_terms()
    rows = [
        f"| {code} | {terms[code].en} | {one.reason} |"
        for code, one in operating_points().items()
        if not one.on
    ]
    on = ", ".join(f"{code} {terms[code].en}" for code, one in operating_points().items() if one.on)
    return "\n".join(
        [
            "## Not supported",
            "",
            f"On by default: {on or 'nothing'}. Everything else is not looked for. Off, and why:",
            "",
            "| code | finding | why it is off |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Score, write, compare."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="in the form of the shared DR folder")
    asked.add_argument("--update", action="store_true", help="these figures are the ones to keep")
    asked.add_argument("--every", type=int, default=1, help="take every n-th film only")
    given = asked.parse_args()
    folder = given.folder or shared()
    began = time.monotonic()
    films = nih(folder, given.every)
    plain = plain_results(films)
    tables: list[tuple[str, list[Figure]]] = []
    for title, figures in (
        ("Gate on films as they are (NIH, 256 pixels)", lambda: gate_figures(films, plain)),
        ("Turned, inverted, mirrored (every eighth NIH film)", lambda: turned_figures(films[::8])),
        ("Outlines", lambda: outline_figures(list(v7(folder))[:: given.every])),
        ("Cardiothoracic ratio against text labels (NIH)", lambda: heart_figures(films, plain)),
        ("Critical flags on films without a finding", lambda: normal_figures(films, plain)),
        ("Opaque hemithorax, drawn films", lambda: opaque_figures(given.every)),
        ("Bad input", lambda: bad_input_figures(folder)),
    ):
        rows = figures()
        tables.append((title, rows))
        sys.stdout.write(f"## {title}\n\n{table(rows)}\n\n")
        sys.stdout.flush()
    every = [figure for _, rows in tables for figure in rows]
    if given.folder is not None:
        return
    missed = sum(figure.verdict() == MISSED for figure in every)
    run = f"Run on {datetime.now(UTC):%Y-%m-%d} in {time.monotonic() - began:.0f} s. {machine()}.\n"
    part = "" if given.every == 1 else f"A part only: one film in {given.every}. "
    model = f"Model {MODEL}, weights {digest()[:16]}."
    count = f"{model} {part}{len(every)} figures; targets missed: {missed}. {READ}\n\n"
    parts = [f"## {title}\n\n{table(rows)}\n" for title, rows in tables]
    REPORT.write_text(HEAD + run + count + "\n".join([*parts, not_supported()]), encoding="utf-8")
    if given.every != 1:
        return
    if given.update:
        GOLDEN.write_text(json.dumps(kept(every), indent=1) + "\n", encoding="utf-8")
    elif not GOLDEN.exists():
        sys.exit(f"no figures to compare with yet; read {REPORT.name}, then run it with --update")
    elif faults := worse(every, json.loads(GOLDEN.read_text("utf-8"))):
        lines = "\n  ".join(faults)
        sys.exit(
            f"worse than tests/golden/dr_validation.json:\n  {lines}\nMend it; where a figure is"
            " meant to change, say why in the commit and run\n"
            "  .venv/bin/python tests/validation/validate_dr.py --update"
        )


if __name__ == "__main__":
    main()
