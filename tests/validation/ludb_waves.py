"""What cardiologists marked in LUDB: per beat, then one number per record.

Onset of a wave: the second-earliest mark of the twelve leads; offset: the second-latest. One lead
that strays is so left out on either side (knowledge of the folder: its README).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import wfdb
from ecg_data import Labelled, ludb

LEAST_LEADS = 4  # that carry the mark


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Median intervals of a record in ms, NaN where not marked."""

    record: Labelled
    pr_ms: float
    qrs_ms: float
    qt_ms: float
    has_p: bool
    qrs_samples: tuple[tuple[float, float], ...] = ()  # onset and offset of every marked beat


def waves_of(folder: Path) -> list[Waves]:
    """All records with their intervals."""
    return [_record(folder, one) for one in ludb(folder)]


def _record(folder: Path, one: Labelled) -> Waves:
    path = str(folder / "ludb" / "data" / one.name)
    head = wfdb.rdheader(path)
    marks = [_lead(path, name) for name in head.sig_name]
    beats = [_beat(marks, round(t * head.fs), head.fs) for t in one.marks_s]
    p, on, off, t_off = (np.array([b[k] for b in beats]) for k in range(4))
    count = np.array([b[4] for b in beats])

    def middle(values: np.ndarray) -> float:
        known = values[np.isfinite(values)]
        return float(np.median(known)) * 1000 / head.fs if known.size else float("nan")

    has_p = bool(np.median(count) >= LEAST_LEADS)
    spans = tuple(zip(on.tolist(), off.tolist(), strict=True))
    pr = middle(on - p) if has_p else float("nan")
    return Waves(one, pr, middle(off - on), middle(t_off - on), has_p, spans)


def _lead(path: str, name: str) -> list[tuple[str, int | None, int, int | None]]:
    """Waves of one lead: kind, onset, peak, offset (samples)."""
    note = wfdb.rdann(path, name)
    rows = list(zip(note.sample.tolist(), note.symbol, strict=True))
    found = []
    for k, (at, kind) in enumerate(rows):
        if kind in "pNt":
            before = rows[k - 1] if k else (None, "")
            after = rows[k + 1] if k + 1 < len(rows) else (None, "")
            found.append(
                (
                    kind,
                    before[0] if before[1] == "(" else None,
                    at,
                    after[0] if after[1] == ")" else None,
                )
            )
    return found


def _beat(leads: list, at: int, fs: float) -> tuple[float, float, float, float, int]:
    """Global P onset, QRS onset, QRS offset, T offset of the beat at a sample; leads with P."""
    p, on, off, t_off = [], [], [], []
    for waves in leads:
        near = [w for w in waves if w[0] == "N" and abs(w[2] - at) < 0.15 * fs]
        if not near:
            continue
        qrs = min(near, key=lambda w: abs(w[2] - at))
        on.append(qrs[1])
        off.append(qrs[3])
        start = qrs[1] or qrs[2]
        before = [w for w in waves if w[0] == "p" and 0 < start - w[2] < 0.35 * fs]
        p.append(before[-1][1] if before else None)
        later = [w[2] for w in waves if w[0] == "N" and w[2] > qrs[2]]
        end = min([*later, qrs[2] + 0.7 * fs])
        after = [w for w in waves if w[0] == "t" and qrs[2] < w[2] < end]
        t_off.append(after[0][3] if after else None)

    def nth(values: list, place: int) -> float:
        known = sorted(v for v in values if v is not None)
        return float(known[place]) if len(known) >= LEAST_LEADS else float("nan")

    marked = sum(v is not None for v in p)
    return nth(p, 1), nth(on, 1), nth(off, -2), nth(t_off, -2), marked
