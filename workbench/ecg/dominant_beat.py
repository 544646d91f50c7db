"""The usual beat of a recording, averaged over its like: what intervals are measured on."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace
from workbench.ecg.alignment import Alike, alike_beats
from workbench.ecg.filters import independent_leads

BEFORE_S, AFTER_S = 0.50, 0.85  # around the point of alignment; holds PR 400 and QT 700 ms
LEVEL_S = (-0.05, -0.015)  # before the first slope of QRS: where the baseline is taken
QRS_S = 0.12  # of the beat before, after its point of alignment: stays outside
WHOLE_S = (-0.35, 0.55)  # beats cut nearer by an end of the strip are used only if few others are
ENOUGH = 4
LEAST_SHARE = 0.3  # of the beats must have been recorded at a sample of the average
TRIMMED = 0.25  # from both ends of the values at each sample
NOISE_S = (-0.20, 0.40)


@dataclass(frozen=True, slots=True, eq=False)
class DominantBeat:
    """One beat, averaged.

    Attributes
    ----------
    millivolts : ndarray of float64, shape (n_leads, n_samples)
        Averaged leads in mV over the level before QRS; NaN beyond the neighbouring beats and where
        a lead was not recorded. Nothing was filtered: spikes, ST and T are as recorded.
    rate : float
        Samples per second (Hz), as recorded.
    leads : tuple of str
        Names of the rows: all leads of the recording.
    at_s : float
        Point of alignment from the first sample (s).
    times_s : ndarray of float64, shape (n_averaged,)
        Where that point lies in the recording, for every beat averaged (s).
    of : int
        Beats looked at, averaged or left out.
    noise_mv : ndarray of float64, shape (n_leads,)
        Root mean square difference of a single beat from the average (mV); NaN with one beat.
    singles_mv : ndarray of float64, shape (n_averaged, n_leads, n_samples)
        The beats themselves, laid on each other, as they went into the average.
    next_qrs_s : float
        From the first sample to where the QRS of the next beat may begin (s); the end of the window
        when no beat follows that soon.
    """

    millivolts: NDArray[np.float64]
    rate: float
    leads: tuple[str, ...]
    at_s: float
    times_s: NDArray[np.float64]
    of: int
    noise_mv: NDArray[np.float64]
    singles_mv: NDArray[np.float64]
    next_qrs_s: float

    @property
    def left_out(self) -> int:
        """Beats of another shape, or cut by an end of the strip."""
        return self.of - int(self.times_s.size)

    def only(self, leads: tuple[str, ...]) -> "DominantBeat":
        """The same beat with some of its leads: those that are good enough to be measured."""
        if leads == self.leads:
            return self
        rows = [self.leads.index(name) for name in leads]
        return replace(
            self,
            millivolts=self.millivolts[rows],
            leads=leads,
            noise_mv=self.noise_mv[rows],
            singles_mv=self.singles_mv[:, rows],
        )


def dominant_beat(
    trace: Trace, beats_s: NDArray[np.float64], leads: tuple[str, ...] | None = None
) -> DominantBeat | None:
    """Average the beats of the most frequent shape.

    Beats are moved until their QRS lie on each other (all leads together) and sorted by likeness;
    of two shapes equally frequent the one that comes later after its forerunner is taken. A
    straight baseline between the levels before each QRS is taken off; nothing else is changed.
    At each sample the middle half of the beats that were recorded there and are not yet inside a
    neighbouring QRS is averaged.

    Parameters
    ----------
    trace : Trace
        Recording.
    beats_s : ndarray of float64, shape (n_beats,)
        Times of the beats in s, ascending.
    leads : tuple of str, optional
        Leads to compare beats by; by default all independent ones.

    Returns
    -------
    DominantBeat or None
        None when no beat has room for its QRS inside the strip.

    References
    ----------
    .. [1] Kligfield P et al. AHA/ACC/HRS recommendations, part I. Circulation 2007;115:1306-1324
       (representative complexes, simultaneous leads).
    .. [2] Zywietz C et al. Influence of noise on wave boundary recognition by ECG measurement
       programs. Comput Biomed Res 1990;23:543-562 (averaging before measuring).
    """
    names = independent_leads(trace) if leads is None else leads
    if not names or beats_s.size == 0:
        return None
    alike = alike_beats(trace, beats_s, names)
    if alike is None:
        return None
    level = _without_baseline(trace, alike)
    alike = _whole(alike, trace.seconds)
    cut, next_qrs = _cut(level, trace.rate, beats_s, alike)
    ordered = np.sort(cut, axis=0)  # gaps go last
    count = np.isfinite(cut).sum(axis=0)
    least = max(1.0, LEAST_SHARE * count.max())
    middle = _middle(ordered, count, least)
    return DominantBeat(
        millivolts=middle,
        rate=trace.rate,
        leads=trace.leads,
        at_s=round(BEFORE_S * trace.rate) / trace.rate,
        times_s=alike.times_s,
        of=int(beats_s.size),
        noise_mv=_noise(cut, middle, trace.rate),
        singles_mv=cut,
        next_qrs_s=next_qrs,
    )


def _whole(alike: Alike, seconds: float) -> Alike:
    """Leave out beats that an end of the strip cuts, unless hardly any other is left."""
    times = alike.times_s
    whole = (times + WHOLE_S[0] >= 0) & (times + WHOLE_S[1] <= seconds)
    if whole.sum() < min(ENOUGH, times.size - 1):
        return alike
    return Alike(alike.index[whole], times[whole], alike.onset_s)


def _without_baseline(trace: Trace, alike: Alike) -> NDArray[np.float64]:
    """Leads less the straight lines between the levels before each averaged QRS."""
    values = trace.millivolts.astype(np.float64)
    samples = np.arange(values.shape[1])
    rate = trace.rate
    first, last = (round((s - alike.onset_s) * rate) for s in LEVEL_S)
    reach = np.arange(first, last + 1)
    places = np.round(alike.times_s * rate).astype(int)[:, None] + reach
    inside = (places >= 0) & (places < values.shape[1])
    taken = np.where(inside, values[:, np.clip(places, 0, values.shape[1] - 1)], np.nan)
    good = np.isfinite(taken)
    total = np.where(good, taken, 0.0).sum(axis=-1)
    knots = total / np.maximum(good.sum(axis=-1), 1)
    held = np.asarray(good.any(axis=-1))
    centres = places.mean(axis=1)
    out = values.copy()
    for k in np.flatnonzero(held.any(axis=1)):
        there = held[k]
        out[k] -= np.interp(samples, centres[there], knots[k][there])
    return out


def _cut(
    level: NDArray[np.float64], rate: float, beats_s: NDArray[np.float64], alike: Alike
) -> tuple[NDArray[np.float64], float]:
    """Windows of the averaged beats, NaN inside neighbouring QRS and beyond them."""
    before, after = round(BEFORE_S * rate), round(AFTER_S * rate)
    reach = np.arange(-before, after + 1)
    centre = np.round(alike.times_s * rate).astype(int)
    places = centre[:, None] + reach
    inside = (places >= 0) & (places < level.shape[1])
    cut = level[:, np.clip(places, 0, level.shape[1] - 1)]
    last = np.concatenate([[-np.inf], beats_s])[alike.index]  # the beat before each
    following = np.concatenate([beats_s, [np.inf]])[alike.index + 1]
    guard = alike.onset_s
    ends = following - guard - alike.times_s
    starts = last + QRS_S - alike.times_s
    own = (reach / rate >= starts[:, None]) & (reach / rate <= ends[:, None])
    cut = np.where(inside & own, cut, np.nan)
    usual = float(np.quantile(ends, LEAST_SHARE)) if np.isfinite(ends).any() else np.inf
    return np.moveaxis(cut, 0, 1), min(usual, AFTER_S) + before / rate


def _middle(
    ordered: NDArray[np.float64], count: NDArray[np.intp], least: float
) -> NDArray[np.float64]:
    """Mean of the middle half of the values at each sample; NaN where too few were recorded."""
    low = np.floor(TRIMMED * count).astype(int)
    high = count - low
    rank = np.arange(ordered.shape[0])[:, None, None]
    taken = (rank >= low) & (rank < high)
    total = np.where(taken, ordered, 0.0).sum(axis=0)
    return np.where(count >= least, total / np.maximum(high - low, 1), np.nan)


def _noise(
    cut: NDArray[np.float64], middle: NDArray[np.float64], rate: float
) -> NDArray[np.float64]:
    if cut.shape[0] < 2:
        return np.full(cut.shape[1], np.nan)
    first = round((BEFORE_S + NOISE_S[0]) * rate)
    last = round((BEFORE_S + NOISE_S[1]) * rate)
    apart = np.abs(cut[:, :, first:last] - middle[:, first:last]) ** 2
    good = np.isfinite(apart)
    count = good.sum(axis=(0, 2))
    total = np.where(good, apart, 0.0).sum(axis=(0, 2))
    # n - 1 of n: the average was made of these very beats
    share = cut.shape[0] / (cut.shape[0] - 1)
    return np.where(count > 0, np.sqrt(share * total / np.maximum(count, 1)), np.nan)
