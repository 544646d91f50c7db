"""Where the ventricles begin and end to be activated, in the earliest and in the latest lead."""

import numpy as np
from numpy.typing import NDArray

from workbench.ecg.wave_speed import RATE, rest, speed

WIDTH_S = 0.006
ONSET_SHARE, OFFSET_SHARE = 0.015, 0.02  # of the way from rest to the fastest
STEEP_ONSET, STEEP_OFFSET = 0.30, 0.25  # surely inside QRS
REACH_S = (-0.08, 0.12)  # around the point of alignment: where QRS is fastest
FARTHEST_S = (-0.20, 0.22)
HOLD_S = 0.012  # at rest for so long: a notch is not the end
SPIKE_S = 0.10


def qrs_limits(
    leads: NDArray[np.float64], at: int, spike_at: NDArray[np.float64]
) -> tuple[int, int]:
    """Find onset and offset of QRS from the speed of all leads.

    From surely inside QRS outwards, to where the speed has come down to a share of its height over
    the rest before and after. QRS does not begin before a pacing spike that starts it.

    Parameters
    ----------
    leads : ndarray of float64, shape (n_leads, n_samples)
        Averaged beat in mV at `workbench.ecg.wave_speed.RATE`, without spikes.
    at : int
        Sample of the point of alignment.
    spike_at : ndarray of float64, shape (n_places,)
        Samples that hold a pacing spike.

    Returns
    -------
    onset, offset : int
        Samples.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324
       (global intervals: earliest onset to latest offset).
    .. [2] The CSE Working Party. Recommendations for measurement standards in quantitative
       electrocardiography. Eur Heart J 1985;6:815-825.
    .. [3] Shares chosen on whole sets, docs/validation/ecg-beats.md.
    """
    moved = speed(leads, WIDTH_S)
    first, last = (at + round(s * RATE) for s in REACH_S)
    first = max(first, 0)
    part = moved[first:last]
    fastest = float(part.max())
    quiet = rest(moved, at - round(0.18 * RATE), at - round(0.03 * RATE), round(0.04 * RATE))
    onset = first + int(np.flatnonzero(part > STEEP_ONSET * fastest)[0])
    lowest = max(at + round(FARTHEST_S[0] * RATE), 0)
    before = spike_at[(spike_at < onset + 3) & (spike_at > onset - SPIKE_S * RATE)]
    if before.size:
        lowest = max(lowest, int(before.max()) + 1)
    bar = quiet + ONSET_SHARE * (fastest - quiet)
    while onset > lowest and moved[onset] > bar:
        onset -= 1
    offset = first + int(np.flatnonzero(part > STEEP_OFFSET * fastest)[-1])
    quiet = rest(moved, offset, offset + round(0.10 * RATE), round(0.02 * RATE))
    bar = quiet + OFFSET_SHARE * (fastest - quiet)
    farthest = min(at + round(FARTHEST_S[1] * RATE), moved.size - 1)
    hold = round(HOLD_S * RATE)
    while offset < farthest and not (moved[offset : offset + hold] < bar).all():
        offset += 1
    return onset, offset
