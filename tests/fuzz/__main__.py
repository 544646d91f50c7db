"""`make fuzz`: every installed reader against broken recordings, on from where it was left.

Usage: python -m tests.fuzz [--cases 20000] [--seed 1] [--reader NAME] [--folder .venv/fuzz]
"""

import argparse
import json
import queue
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from tests.fuzz import recordings, work
from workbench.formats import sniff
from workbench.formats.sniff import Reader

HANGS_S = 120.0  # without a sign of life; at start the recordings are read first


def main() -> int:
    """One line per reader; exit code 1 when a reader failed or has nothing to begin from."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=20_000, help="per reader and seed")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--reader", default="", help="this reader only")
    asked.add_argument("--folder", type=Path, default=Path(".venv/fuzz"))
    wish = asked.parse_args()
    wish.folder.mkdir(parents=True, exist_ok=True)
    bad = 0
    for status in sniff.list_readers():
        if wish.reader not in {"", status.name}:
            continue
        if status.reader is None:
            line = {"reader": status.name, "failure": status.reason}
        else:
            line = _fuzz(status.name, status.reader, wish)
        bad += bool(line.get("failures") or line.get("failure"))
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 1 if bad else 0


def _fuzz(name: str, reader: Reader, wish: argparse.Namespace) -> dict:
    """Run child after child until all cases are through."""
    began, seen, whole = time.monotonic(), Counter(), 0
    state = wish.folder / f"{name}-{wish.seed}.json"
    if state.is_file():
        kept = json.loads(state.read_text())
        seen.update(kept["seen"])
        first = kept["next"]
    else:
        first = 0
    start = first
    while first < wish.cases:
        reached, counted, whole, died = _child(name, wish, first)
        if whole == 0:
            why = "no recording of this format here; add a sample, or set WORKBENCH_SHARED_DATA"
            return {"reader": name, "cases": first, "failure": died or why}
        seen.update(counted)
        if died:
            work.keep(
                wish.folder / f"{name}-{wish.seed}-{reached}",
                work.case(reader, wish.seed, reached, recordings.of(reader)),
                died,
            )
            seen["failure"] += 1
            reached += 1
        first = reached
        state.write_text(json.dumps({"next": first, "seen": seen}))
    failed = sorted(str(p) for p in wish.folder.glob(f"{name}-{wish.seed}-*") if p.is_dir())
    return {
        "reader": name, "seed": wish.seed, "cases": first, "now": first - start,
        "recordings": whole, "failures": seen["failure"], "kept": failed,
        "outcomes": dict(seen.most_common()), "seconds": round(time.monotonic() - began),
    }  # fmt: skip


def _child(name: str, wish: argparse.Namespace, first: int) -> tuple[int, Counter, int, str]:
    """Where one child came to, what it saw, from how many recordings, and how it died."""
    command = [sys.executable, "-m", "tests.fuzz.work", name, str(wish.seed)]
    errors = wish.folder / "errors"
    with errors.open("w") as log:
        child = subprocess.Popen(
            [*command, str(first), str(wish.cases), str(wish.folder)],
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=lambda: [lines.put(x) for x in child.stdout], daemon=True).start()
    seen, whole, hung = Counter(), 0, ""
    while child.poll() is None or not lines.empty():
        try:
            said = json.loads(lines.get(timeout=0.2 if child.poll() is not None else HANGS_S))
        except queue.Empty:
            if child.poll() is None:
                hung = f"no sign of life for {HANGS_S:.0f} s"
                child.kill()
                child.wait()
            continue
        whole = said.get("recordings", whole)
        if "at" in said:
            seen = Counter(said["seen"])
            if said["at"] == wish.cases:
                return wish.cases, seen, whole, ""
    if whole == 0 and child.returncode == 0:
        return first, seen, 0, ""
    died = hung or f"the process ended with {child.returncode}: {errors.read_text()[-300:]}"
    return int((wish.folder / "now").read_text()), seen, whole, died


if __name__ == "__main__":
    sys.exit(main())
