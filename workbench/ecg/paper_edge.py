"""Leads whose trace runs over the edge of the sheet; the twin of frontend/ecg/edge.mjs."""

from collections.abc import Sequence
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.paper import Scale, Sheet


def leads_over_edge(
    sheet: Sheet,
    shown: Sequence[NDArray[np.floating]],
    rate: float,
    scale: Scale,
    start: float = 0.0,
) -> tuple[str, ...]:
    """Name the leads that are cut because a beat is higher or deeper than the sheet has room for.

    Parameters
    ----------
    sheet : Sheet
        One sheet of paper.
    shown : sequence of ndarray, each of shape (n_samples,)
        Leads as drawn, after the chosen filter (mV); NaN where nothing was recorded.
    rate : float
        Samples per second (Hz).
    scale : Scale
        Speed and gain.
    start : float
        Time of their first sample in the recording (s).

    Returns
    -------
    tuple of str
        As printed, each once, in the order of the sheet.
    """
    over: dict[str, None] = {}
    for cell in sheet.cells:
        if cell.index < 0 or cell.end <= cell.begin:
            continue
        first = max(0, ceil((cell.begin - start) * rate - 1e-6))
        last = floor((cell.end - start) * rate - 1e-6)
        drawn = np.asarray(shown[cell.index][first : last + 1], dtype=np.float64)
        drawn = drawn[np.isfinite(drawn)]
        if drawn.size == 0:
            continue
        sign = -1.0 if cell.inverted else 1.0
        y = cell.baseline - sign * scale.gain * np.array([drawn.min(), drawn.max()])
        if y.min() < 0 or y.max() > sheet.height:
            over[cell.name] = None
    return tuple(over)
