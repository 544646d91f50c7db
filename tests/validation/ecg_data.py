"""Labelled records of the shared data folder, read with wfdb and scipy, not with this package."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import wfdb
from numpy.typing import NDArray
from scipy.io import loadmat

from workbench.domain.trace import LEADS, Trace

ROOT = Path(__file__).parents[2]
BEATS = frozenset("NLRBAaJSVrFejnE/fQ?")
CANON = {name.lower(): name for name in LEADS}
TOLERANCE_S = 0.150


def shared() -> Path:
    """The ECG folder of the shared data, or a skip with the reason."""
    folder = Path(os.environ.get("WORKBENCH_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "ecg").is_dir():
        pytest.skip(f"no shared data in {folder}; set WORKBENCH_SHARED_DATA")
    return folder / "ecg"


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """A record and the times at which people marked beats (s)."""

    name: str
    trace: Trace
    marks_s: NDArray[np.float64]


def ludb(folder: Path) -> Iterator[Labelled]:
    """Raw integers over 1000 as mV: the header gains would make every lead 1 mV high."""
    paths = sorted((folder / "ludb" / "data").glob("*.hea"), key=lambda p: int(p.stem))
    for path in paths:
        record = wfdb.rdrecord(str(path.with_suffix("")), physical=False)
        marks = np.sort(
            np.concatenate(
                [
                    [s for s, kind in zip(a.sample, a.symbol, strict=True) if kind == "N"]
                    for a in (wfdb.rdann(str(path.with_suffix("")), n) for n in record.sig_name)
                ]
            )
        )
        groups = np.split(marks, np.flatnonzero(np.diff(marks) > 100) + 1)
        # a beat is one that at least four of the twelve leads carry a mark for
        beats = np.array([np.median(g) for g in groups if len(g) >= 4]) / record.fs
        names = tuple(CANON[n] for n in record.sig_name)
        yield Labelled(path.stem, Trace(record.d_signal.T / 1000, record.fs, names), beats)


def cpsc2019(folder: Path) -> Iterator[Labelled]:
    """Hard single-lead strips of 10 s."""
    for path in sorted((folder / "cpsc2019").glob("data_*.mat")):
        marks = loadmat(str(path.with_name(path.name.replace("data_", "R_"))))["R_peak"]
        signal = loadmat(str(path))["ecg"].ravel()
        yield Labelled(path.stem, Trace(signal[None], 500.0, ("II",)), marks.ravel() / 500)


def annotated(folder: Path, *names: str) -> Iterator[Labelled]:
    """WFDB records with an ``atr`` file."""
    for name in names:
        record = wfdb.rdrecord(str(folder / name))
        marks = wfdb.rdann(str(folder / name), "atr")
        kept = [s for s, kind in zip(marks.sample, marks.symbol, strict=True) if kind in BEATS]
        trace = Trace(record.p_signal.T, float(record.fs), tuple(record.sig_name))
        yield Labelled(name, trace, np.array(kept) / record.fs)


def cpsc2021(folder: Path) -> Iterator[Labelled]:
    """Two-lead ambulatory records with paroxysmal atrial fibrillation."""
    names = sorted(p.stem for p in (folder / "cpsc2021").glob("*.hea"))
    return annotated(folder, *(f"cpsc2021/{n}" for n in names))


def mitdb(folder: Path) -> Iterator[Labelled]:
    """One clean and one record with frequent ventricular beats."""
    return annotated(folder, "mitdb/100", "mitdb_tpcp/106c")


def cinc2021(folder: Path) -> Iterator[tuple[Labelled, frozenset[str]]]:
    """Twelve-lead records without beat marks, with their SNOMED codes."""
    for path in sorted((folder / "cinc2021").glob("*.hea")):
        record = wfdb.rdrecord(str(path.with_suffix("")))
        codes = next(c for c in record.comments if c.startswith("Dx")).split(":")[1]
        trace = Trace(record.p_signal.T, float(record.fs), tuple(record.sig_name))
        yield Labelled(path.stem, trace, np.empty(0)), frozenset(codes.strip().split(","))


def matched(
    marks_s: NDArray[np.float64], found_s: NDArray[np.float64], tolerance_s: float = TOLERANCE_S
) -> tuple[int, int, int]:
    """Hits, misses and false beats, one to one, between the first and the last mark.

    The first and last beats of LUDB strips are often unmarked, so beats outside are not counted.
    """
    first, last = marks_s[0] - tolerance_s, marks_s[-1] + tolerance_s
    free = list(found_s[(found_s > first) & (found_s < last)])
    hits = 0
    for mark in marks_s:
        near = [t for t in free if abs(t - mark) <= tolerance_s]
        if near:
            free.remove(min(near, key=lambda t: abs(t - mark)))
            hits += 1
    return hits, len(marks_s) - hits, len(free)
