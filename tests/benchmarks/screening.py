"""One 10 s 12-lead ECG screened with every check, beside neurokit2's delineation of its leads."""

import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import neurokit2 as nk
import numpy as np

from workbench.domain.context import PatientContext
from workbench.domain.trace import Trace
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books

HZ, SECONDS = 500.0, 10.0
ROUNDS = 5
PEER_RECORDS = 4  # each takes the peer about a second


def run() -> Iterator[dict[str, Any]]:
    """Processor milliseconds of a record, and how many times less than the peer's."""
    traces = list(_traces())
    books, context = ecg_books(), PatientContext(age_years=60.0)
    for trace in traces:  # code, filters and books are loaded then
        screen_trace(trace, context, books, "")
    ours = []
    for trace in traces:
        ask = partial(screen_trace, trace, context, books, "")
        ours.append(statistics.median(_spent(ask) for _ in range(ROUNDS)))
    _delineate(traces[0])
    theirs = [_spent(partial(_delineate, trace)) for trace in traces[:PEER_RECORDS]]
    yield {
        "figure": "ECG screened, 10 s, 12 leads, 500 Hz, processor time",
        "limit_ms": 100,
        "median_ms": round(statistics.median(ours), 1),
        "worst_ms": round(max(ours), 1),
        "n": len(ours),
    }
    yield {
        "figure": "neurokit2 dwt on the 12 leads, processor time",
        "median_ms": round(statistics.median(theirs), 1),
        "n": len(theirs),
        "times_slower": round(statistics.median(theirs) / statistics.median(ours), 1),
        "limit_times": 5,
    }


def _traces() -> Iterator[Trace]:
    for seed, (rate, rhythm) in enumerate(
        ((50, Rhythm.BRADY), (72, Rhythm.SINUS), (95, Rhythm.SINUS), (90, Rhythm.AF),
         (130, Rhythm.TACHY), (200, Rhythm.TACHY))
    ):  # fmt: skip
        for again in range(2):
            chance = np.random.default_rng(10 * seed + again)
            case = EcgCase(rhythm=rhythm, rate_bpm=rate)
            yield make_ecg(case, SECONDS, HZ, chance).trace


def _delineate(trace: Trace) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for row in trace.millivolts:
            clean = nk.ecg_clean(row.astype(float), sampling_rate=int(HZ))
            _, peaks = nk.ecg_peaks(clean, sampling_rate=int(HZ))
            nk.ecg_delineate(clean, peaks["ECG_R_Peaks"], sampling_rate=int(HZ), method="dwt")


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return 1000 * (time.process_time() - begun)
