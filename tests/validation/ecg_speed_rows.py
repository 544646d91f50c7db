"""Processor time of the whole screening, and of a well-known delineator on the same leads."""

import time
from collections.abc import Sequence

import numpy as np
from ecg_figures import Figure
from ecg_real_rows import screened
from ecg_records import Known

OTHERS = 3  # records the slow one is timed on
SLACK = 0.35  # other work on the machine moves a time by so much


def speed_figures(known: Sequence[Known]) -> list[Figure]:
    """Median processor time a record, and how many times slower neurokit2 dwt is."""
    import neurokit2 as nk

    screened(known[0].trace)  # books are read once
    ours = []
    for one in known:
        began = time.process_time()
        screened(one.trace, one.age, one.sex)
        ours.append(1000 * (time.process_time() - began))
    theirs = []
    for one in known[:OTHERS]:
        rate = int(one.trace.rate)
        began = time.process_time()
        for lead in one.trace.leads[:12]:
            clean = nk.ecg_clean(np.asarray(one.trace.lead(lead), dtype=float), sampling_rate=rate)
            _, peaks = nk.ecg_peaks(clean, sampling_rate=rate)
            nk.ecg_delineate(clean, peaks["ECG_R_Peaks"], sampling_rate=rate, method="dwt")
        theirs.append(1000 * (time.process_time() - began))
    middle = float(np.median(ours))
    return [
        Figure(id="speed.ms", what="processor time of the screening, median", n=len(ours),
               value=middle, unit="ms", target=100.0, high=False, slack=SLACK, least=1),
        Figure(id="speed.p95", what="the same, 95th percentile", n=len(ours),
               value=float(np.quantile(ours, 0.95)), unit="ms", high=False, slack=1.0, least=1),
        Figure(id="speed.ratio", what="neurokit2 dwt on 12 leads over ours", n=len(theirs),
               value=float(np.median(theirs)) / middle, unit="times", target=5.0, slack=SLACK,
               least=1),
    ]  # fmt: skip
