"""NeuroKit2's delineation by prominence: our beats, its waves.

Its own QRS detectors halve fast rates and its default delineation (dwt) misses QRS limits in four
of five records, so neither is asked.
"""

import warnings
from importlib.metadata import version

import numpy as np

from workbench.domain.trace import Trace
from workbench.screening.second_opinions import Opinion

NAME = "neurokit2 prominence"
AROUND_S = 0.05  # its peaks lie within so much of our beats
LEAST_BEATS = 3
LEAST_QRS_MS = 50.0  # in notched wide QRS it marks one notch: that is no opinion on the width


class NeurokitProminence:
    """Median intervals of one lead."""

    name = NAME

    def version(self) -> str:
        """Version of the installed package."""
        return version("neurokit2")

    def look(self, trace: Trace, lead: str, beats_s: np.ndarray) -> Opinion:
        """Mark the waves around our beats; P is not judged, because it finds one everywhere."""
        import neurokit2  # noqa: PLC0415 - two seconds, and only when it is asked

        rate = round(trace.rate)
        row = np.nan_to_num(np.asarray(trace.lead(lead), dtype=np.float64))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of beats without a wave; we count them
            clean = neurokit2.ecg_clean(row, sampling_rate=rate)
            peaks = _peaks(clean, beats_s, trace.rate)
            _, marks = neurokit2.ecg_delineate(
                clean, peaks, sampling_rate=rate, method="prominence"
            )
        spans = {
            "qrs_ms": ("ECG_R_Onsets", "ECG_R_Offsets"),
            "qt_ms": ("ECG_R_Onsets", "ECG_T_Offsets"),
        }
        found = {name: _middle(marks[a], marks[b], rate) for name, (a, b) in spans.items()}
        if (found["qrs_ms"] or 0.0) < LEAST_QRS_MS:
            return Opinion()
        return Opinion({name: value for name, value in found.items() if value is not None})


def _peaks(clean: np.ndarray, beats_s: np.ndarray, rate: float) -> np.ndarray:
    around = round(AROUND_S * rate)
    places = []
    for at in np.round(beats_s * rate).astype(int):
        first = max(at - around, 0)
        piece = np.abs(clean[first : at + around + 1])
        if piece.size:
            places.append(first + int(piece.argmax()))
    return np.unique(places)


def _middle(start: object, end: object, rate: float) -> float | None:
    width = 1000 * (np.asarray(end, dtype=float) - np.asarray(start, dtype=float)) / rate
    known = width[np.isfinite(width) & (width > 0)]
    return float(np.median(known)) if known.size >= LEAST_BEATS else None
