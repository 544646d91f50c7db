"""The viewer's paper beside the page of dicom-ecg-plot, sample by sample, in millimetres.

Usage: python tests/validation/compare_ecg_paper.py FILE.dcm PLOT.svg, where PLOT.svg was drawn by
``dicom-ecg-plot FILE.dcm --layout 12x1 --output PLOT.svg``. Results: docs/validation/ecg-paper.md.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
from scipy.signal import butter, lfilter

from workbench.formats import sniff

ROOT = Path(__file__).parents[2]
MM_PER_POINT = 25.4 / 72
LEAST_POINTS = 300  # of a trace; letters and grid lines have fewer
PLACE = """
import { layOut, toPaper } from "./frontend/ecg/paper.mjs";
import { readFileSync } from "node:fs";
const { leads, rate, mv } = JSON.parse(readFileSync(0, "utf8"));
const scale = { speed: 25, gain: 10 };
const sheet = layOut({ layout: "12x1", leads, seconds: mv[0].length / rate, ...scale });
const at = (cell) => mv[cell.index].map((v, i) => toPaper(cell, i / rate, v, scale));
const pairs = (points) => points.map(({ x, y }) => [x, y]);
console.log(JSON.stringify(sheet.cells.map((cell) => [cell.lead, pairs(at(cell))])));
"""


def theirs(svg: str) -> list[np.ndarray]:
    """Every trace of the page in mm, in the order in which it was drawn, thinned as it was."""
    paths = [re.findall(r"[ML] (\S+) (\S+)", d) for d in re.findall(r'<path d="([^"]+)"', svg)]
    return [
        np.array(points, float) * MM_PER_POINT for points in paths if len(points) > LEAST_POINTS
    ]


def ours(leads: tuple[str, ...], rate: float, mv: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Every trace as the viewer places it, in mm."""
    node = shutil.which("node") or str(ROOT / ".venv/node/node")
    given = json.dumps({"leads": leads, "rate": rate, "mv": mv.tolist()})
    command = [node, "--input-type=module", "-e", PLACE]
    said = subprocess.run(
        command, input=given, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return [(lead, np.array(points)) for lead, points in json.loads(said.stdout)]


def main(file: Path, plot: Path) -> None:
    """Print one line per lead: scales of the other page, and how far the traces lie apart."""
    trace = sniff.read({file.name: file.read_bytes()}, None).trace
    if trace is None:
        raise SystemExit(f"{file} holds no tracing")
    # the other program always draws after a causal low pass of 40 Hz: do the same before placing
    low = butter(2, 40 / (trace.rate / 2))
    mv = np.asarray([lfilter(*low, row) for row in np.nan_to_num(trace.millivolts)])
    drawn = theirs(plot.read_text("utf-8"))
    placed = ours(trace.leads, trace.rate, mv)
    if len(drawn) != len(placed):
        raise SystemExit(f"{len(drawn)} traces in {plot}, {len(placed)} in {file}")
    say = sys.stdout.write
    say("lead     mm/s    mm/mV  farthest apart: mm\n")
    for (lead, here), there in zip(placed, drawn, strict=True):
        per_second = (there[-1, 0] - there[0, 0]) / ((mv.shape[1] - 1) / trace.rate)
        at = there[:, 0] - there[0, 0]
        mine = np.interp(at, here[:, 0] - here[0, 0], here[:, 1])
        values = np.interp(at, here[:, 0] - here[0, 0], mv[trace.leads.index(lead)])
        per_mv = np.polyfit(values, -there[:, 1], 1)[0]
        apart = mine - there[:, 1]
        say(f"{lead:4} {per_second:8.3f} {per_mv:8.3f} {np.ptp(apart) / 2:8.3f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
