"""Zero-phase filters for looking at a tracing, as the viewer has them (frontend/ecg/filters.mjs).

They never touch what is stored or measured. Each band edge is a second-order Butterworth run
forwards and backwards, its design frequency moved so that both passes together lose 3 dB at the
frequency printed on the paper.
"""

from dataclasses import dataclass
from math import pi, sqrt, tan

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import Invalid

HIGH_PASS = (0.0, 0.05, 0.5)  # Hz; 0 is none
LOW_PASS = (0.0, 40.0, 100.0, 150.0)
MAINS = 50.0
NOTCH_QUALITY = 30.0
USABLE = 0.48  # of the sampling rate
PADDING_S = 5.0
BENDS_ST_HIGH, BENDS_ST_LOW = 0.5, 40.0  # 0.5 Hz bends ST, 40 Hz hides notches and spikes
_BOTH_PASSES = (sqrt(2.0) - 1.0) ** 0.25  # two passes lose 3 dB, not 6


@dataclass(frozen=True, slots=True)
class ViewFilter:
    """What the viewer shows through: edges in Hz, 0 for none."""

    high_pass: float = 0.0
    low_pass: float = 0.0
    notch: bool = False

    @property
    def bends_st(self) -> bool:
        """Whether ST segments or notches may be distorted."""
        return self.high_pass >= BENDS_ST_HIGH or 0 < self.low_pass <= BENDS_ST_LOW


def design(wanted: ViewFilter, rate: float) -> tuple[NDArray[np.float64], tuple[float, ...]]:
    """Make the sections of a filter.

    Parameters
    ----------
    wanted : ViewFilter
        Edges of `HIGH_PASS` and `LOW_PASS`.
    rate : float
        Samples per second (Hz).

    Returns
    -------
    sections : ndarray of float64, shape (n_sections, 6)
        Second-order sections b0 b1 b2 a0 a1 a2.
    left_out : tuple of float
        Edges (Hz) that the sampling rate does not allow.

    Raises
    ------
    Invalid
        If an edge is not one of those that may be chosen.
    """
    for field, value, allowed in (
        ("high pass", wanted.high_pass, HIGH_PASS),
        ("low pass", wanted.low_pass, LOW_PASS),
    ):
        if value not in allowed:
            raise Invalid(field, value, ", ".join(f"{one:g}" for one in allowed))
    sections: list[list[float]] = []
    left_out: list[float] = []
    if wanted.high_pass:
        sections.append(_butterworth(wanted.high_pass, rate, low=False))
    if wanted.low_pass:
        if wanted.low_pass < USABLE * rate:
            sections.append(_butterworth(wanted.low_pass, rate, low=True))
        else:
            left_out.append(wanted.low_pass)
    if wanted.notch:
        if USABLE * rate > MAINS:
            from scipy.signal import iirnotch  # noqa: PLC0415 - see filter_lead

            b, a = iirnotch(MAINS, NOTCH_QUALITY, fs=rate)
            sections.append([*b, *a])
        else:
            left_out.append(MAINS)
    return np.array(sections, dtype=np.float64).reshape(-1, 6), tuple(left_out)


def filter_lead(
    lead: NDArray[np.floating], rate: float, sections: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Filter one lead; gaps stay gaps and nothing is carried across them.

    Parameters
    ----------
    lead : ndarray, shape (n_samples,)
        In mV; NaN where nothing was recorded.
    rate : float
        Samples per second (Hz).
    sections : ndarray of float64, shape (n_sections, 6)
        From `design`.

    Returns
    -------
    ndarray of float64, shape (n_samples,)
        In mV, NaN where `lead` is NaN.
    """
    out = np.array(lead, dtype=np.float64)
    if not len(sections):
        return out
    # A second at the start of the server and of every command, and only a filtered print needs it.
    from scipy.signal import sosfiltfilt  # noqa: PLC0415 - said above

    recorded = np.isfinite(out)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], recorded, [False])).astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        length = int(last - first)
        if length > 1:
            pad = min(round(PADDING_S * rate), length - 1)
            out[first:last] = sosfiltfilt(sections, out[first:last], padtype="odd", padlen=pad)
    return out


def _butterworth(hertz: float, rate: float, *, low: bool) -> list[float]:
    """One section (bilinear, prewarped) that loses 3 dB at `hertz` after both passes."""
    k = tan(pi * hertz / rate) * (1 / _BOTH_PASSES if low else _BOTH_PASSES)
    scale = 1 / (1 + sqrt(2.0) * k + k * k)
    b = k * k * scale if low else scale
    middle = 2 * b if low else -2 * b
    return [b, middle, b, 1.0, 2 * (k * k - 1) * scale, (1 - sqrt(2.0) * k + k * k) * scale]
