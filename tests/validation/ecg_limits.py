"""Which critical limits a record meets by the cardiologists' own marks, without our engine."""

from collections.abc import Iterator, Mapping

import numpy as np
from ecg_records import Known

SLOW, FAST, PAUSE_S, QTC_MS = 35, 200, 3.0, 550
RATE_SLOW = frozenset({"EC021", "EC022", "EC023"})
RATE_FAST = frozenset({"EC013", "EC017", "EC018", "EC019", "EC020"})
PAUSE = frozenset({"EC024", "EC025"})
QTC = frozenset({"EC026", "EC014"})
ST = frozenset({f"EC{n:03d}" for n in range(1, 9)})
LEVEL_S = 0.008
LEADS_AROUND = (("aVL", "I", "-aVR", "II", "aVF", "III"), ("V1", "V2", "V3", "V4", "V5", "V6"))


def limits_met(known: Known) -> Iterator[tuple[str, frozenset[str]]]:
    """Each limit met, and the codes of which one must be said."""
    waves = known.waves
    if waves is None or waves.record.marks_s.size < 2:
        return
    rr = np.diff(waves.record.marks_s)
    rate = round(60 / rr.mean())
    if rate <= SLOW:
        yield f"rate {rate}", RATE_SLOW
    if rate >= FAST:
        yield f"rate {rate}", RATE_FAST
    if rr.max() >= PAUSE_S:
        yield f"RR {rr.max():.2f} s", PAUSE
    qtc = waves.qt_ms / np.cbrt(rr.mean())
    if qtc >= QTC_MS:
        yield f"QTc {qtc:.0f}", QTC
    if not known.wide and (pair := elevated(known)):
        yield f"ST {pair}", ST


def elevated(known: Known) -> str:
    """The first pair of neighbouring leads over the limits, by the marks."""
    return raised_pair(st_levels(known), known.age, known.sex)


def raised_pair(levels: Mapping[str, float], age: float | None, sex: str | None) -> str:
    """The first pair of neighbouring leads over the limits of the Fourth Universal Definition."""
    front = 0.15 if sex != "M" else 0.25 if age is not None and age < 40 else 0.20
    for order in LEADS_AROUND:
        over = [
            levels.get(name.lstrip("-"), 0.0) * (-1 if name[0] == "-" else 1)
            >= (front if name in ("V2", "V3") else 0.1)
            for name in order
        ]
        for k in range(len(order) - 1):
            if over[k] and over[k + 1]:
                return f"{order[k]}, {order[k + 1]}"
    return ""


def st_levels(known: Known) -> dict[str, float]:
    """ST at J over the level before QRS, median of the marked beats (mV), by the global marks."""
    waves, trace = known.waves, known.trace
    if waves is None:
        return {}
    length = max(1, round(LEVEL_S * trace.rate))
    found: dict[str, float] = {}
    spans = [s for s in waves.qrs_samples if all(np.isfinite(s))]
    for name, row in zip(trace.leads, trace.millivolts, strict=True):
        values = [
            row[round(j)] - np.mean(row[max(round(on) - length, 0) : round(on) + 1])
            for on, j in spans
        ]
        if values:
            found[name] = float(np.median(values))
    return found
