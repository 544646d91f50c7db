"""SCP-ECG rhythms that keep every sample only in protected areas, and means of a few between.

EN 1064 lays protected areas on whole steps of the thinning, so that what lies between is a whole
number of means; only the last stretch of a lead may end in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.errors import BadTrace


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring samples of a lead: how many there are, and how many values stand for them."""

    samples: int
    stored: int
    protected: bool


def stretches(
    first: int, last: int, areas: Sequence[tuple[int, int]], thin: int
) -> tuple[Stretch, ...]:
    """Cut a lead (samples `first` to `last`, counted from 1) at its protected areas.

    Raises
    ------
    BadTrace
        If a stretch between two areas is no whole number of means.
    """
    if thin == 1:
        return (Stretch(last - first + 1, last - first + 1, protected=True),)
    found, at = [], first
    for opens, closes in sorted(areas):
        begin, end = max(opens, at), min(closes, last)
        if begin > end:
            continue
        if begin > at:
            if (begin - at) % thin:
                raise BadTrace(
                    f"{begin - at} samples lie between two protected areas; a multiple of {thin} "
                    "is expected. The times would be wrong, so the record is not shown"
                )
            found.append(Stretch(begin - at, (begin - at) // thin, protected=False))
        found.append(Stretch(end - begin + 1, end - begin + 1, protected=True))
        at = end + 1
    if at <= last:
        left = last - at + 1
        found.append(Stretch(left, max(left // thin, 1), protected=False))
    return tuple(found)


def spread(values: NDArray[np.int64], plan: Sequence[Stretch], thin: int) -> NDArray[np.float64]:
    """All samples of a lead; between two means, which stand in the middle of theirs, a line."""
    out, at = [], 0
    for stretch in plan:
        mine = values[at : at + stretch.stored].astype(np.float64)
        at += stretch.stored
        if not stretch.protected:
            middles = (np.arange(stretch.stored) + 0.5) * thin - 0.5
            mine = np.interp(np.arange(stretch.samples), middles, mine)
        out.append(mine)
    return np.concatenate(out)
