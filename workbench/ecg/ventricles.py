"""Whether there are QRS complexes at all: fibrillation, flutter and silence told from noise.

Detectors of beats find something in everything. Here the recording is asked whether it ever
rests, how fast it swings, how purely, and whether a heart can have made it: what comes from one
place in the chest is the same three voltages in all leads, noise of electrodes is not.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from workbench.ecg.facts import Ventricles, VentricularFacts
from workbench.ecg.filters import WORK_RATE, Bands

BAND_HZ = (1.5, 25.0)
STEP_HZ = 125.0
WINDOW_S, HOP_S = 2.56, 0.64
MOST_WINDOWS = 64  # looked at together: a long recording must not fill the memory
LEAST_RUN_S = 2.9  # shorter than a window and a hop is not told from movement
RESTS = 0.14  # share of the time at rest, at most
REST_LEVEL, FULL = 0.20, 0.95  # of the fast parts of the window
EVEN = 0.34  # median speed over that of the fast parts: QRS are short, waves are not
SHARP = 0.09  # of the energy above `SHARP_HZ`: QRS and muscle have more
SHARP_HZ = 12.0
ONE_SOURCE = 0.94  # of the energy of all leads in three voltages
LEAST_LEADS = 4  # fewer cannot tell one source from another
LEAST_MV = 0.025  # root mean square of the largest lead: smaller is not told from noise
PURE, PURE_TWO = 0.88, 0.86  # of the energy in one frequency; with its double
REPEATS = 0.80  # likeness with itself one wave later: all waves have one shape
FIBRILLATES_HZ = 4.15  # 250/min
FLUTTER_HZ = (3.3, 5.9)
FAST_HZ = 2.0
FAR_S = 1.3  # a twisting axis points elsewhere by then
SILENT_MV = 0.38  # peak to peak of what QRS would be made of
STEEP_HZ, STANDS = (15.0, 40.0), 7.0
EDGE_S = 0.3
SMALL_MV = 0.010  # median size of what is left: something moves all the time
NOISY_MV = 0.065  # root mean square from sample to sample: muscle, mains or a loose contact
ATTACHED_MV = 0.0008  # root mean square: an electrode on skin has noise of its own
SILENT_HZ = (2.0, 25.0)


@dataclass(frozen=True, slots=True)
class _Swing:
    """How one stretch swings."""

    hz: float
    pure: float
    double: float
    sharp: float
    one: float
    mv: float


def ventricular_facts(
    calm: NDArray[np.float64] | Bands, clarity: float, beats_s: NDArray[np.float64]
) -> VentricularFacts:
    """Say what the ventricles do, whether beats can be told or not.

    Parameters
    ----------
    calm : ndarray of float64, shape (n_leads, n_samples), or Bands
        Independent leads in mV without spikes and gaps, at `WORK_RATE`.
    clarity : float
        How far QRS stand out (see `workbench.ecg.beats.Beats`).
    beats_s : ndarray of float64, shape (n_beats,)
        Beats found (s).

    Returns
    -------
    VentricularFacts
        `Ventricles.ORGANISED` when there are QRS complexes, `Ventricles.UNCLEAR` when nothing
        can be said.

    References
    ----------
    .. [1] Clayton RH, Murray A, Campbell RWF. Comparison of four techniques for recognition of
       ventricular fibrillation from the surface ECG. Med Biol Eng Comput 1993;31:111-117.
    """
    bands = calm if isinstance(calm, Bands) else Bands(calm)
    count, samples = bands.leads.shape
    if count == 0 or samples < round((WINDOW_S + HOP_S) * WORK_RATE):
        return VentricularFacts(Ventricles.UNCLEAR, evidence="too short")
    wave = bands.of(*BAND_HZ)[:, :: round(WORK_RATE / STEP_HZ)]
    run = _longest_run(wave) if count >= LEAST_LEADS else None
    if run is None:
        silent = _silence(bands)
        if silent is not None:
            return silent
        clear = beats_s.size >= 2 and np.isfinite(clarity)
        return VentricularFacts(Ventricles.ORGANISED if clear else Ventricles.UNCLEAR)
    first, last = run
    part = wave[:, first:last]
    seen = _swing(part)
    again, far = _repeats(part, seen.hz, 1), _repeats(part, seen.hz, round(FAR_S * seen.hz))
    kind = _kind(seen, again, far)
    if kind is None:
        return VentricularFacts()
    says = "; ".join(
        (
            f"no rest between waves for {(last - first) / STEP_HZ:.1f} s",
            f"waves per minute: {60 * seen.hz:.0f}",
            f"energy in one frequency: {100 * seen.pure:.0f} %",
            f"likeness of a wave with the next: {again:.2f}",
        )
    )
    return VentricularFacts(
        kind, round(60 * seen.hz, 1), round(first / STEP_HZ, 2), round(last / STEP_HZ, 2), says
    )


def _kind(seen: _Swing, again: float, far: float) -> Ventricles | None:
    if seen.hz < FAST_HZ:
        return None
    if seen.pure >= PURE and FLUTTER_HZ[0] <= seen.hz <= FLUTTER_HZ[1]:
        return Ventricles.FLUTTER
    if far >= REPEATS:
        # waves of one shape are beats; where they run into each other none can be marked
        regular = again >= REPEATS and seen.pure + seen.double >= PURE_TWO
        return Ventricles.TACHYCARDIA if regular else None
    if again >= REPEATS:
        return Ventricles.TORSADES
    return Ventricles.FIBRILLATION if seen.hz >= FIBRILLATES_HZ else Ventricles.POLYMORPHIC


def _silence(bands: Bands) -> VentricularFacts | None:
    """No QRS from end to end, in leads that are alive."""
    calm, wave = bands.leads, bands.of(*SILENT_HZ)
    edge = round(EDGE_S * WORK_RATE)
    inner = wave[:, edge:-edge]
    tall = float(np.quantile(np.ptp(inner.reshape(inner.shape[0], -1), axis=1), 0.75))
    if tall >= SILENT_MV:
        return None
    says = f"largest deflection {tall:.2f} mV peak to peak"
    noise = float(np.median(np.sqrt((np.diff(calm, axis=1) ** 2).mean(axis=1))))
    if noise < ATTACHED_MV:
        return VentricularFacts(
            Ventricles.UNCLEAR, None, 0.0, None, f"{says}; no noise of living electrodes either"
        )
    # a small heart beat has steep parts that stand out of the noise, a P wave has none
    steep = np.sqrt((bands.of(*STEEP_HZ)[:, edge:-edge] ** 2).sum(axis=0))
    stands = float(np.quantile(steep, 0.998)) / max(float(np.median(steep)), 1e-9)
    if stands > STANDS:
        return None
    if noise > NOISY_MV or float(np.median(np.abs(inner))) > SMALL_MV:
        return VentricularFacts(
            Ventricles.UNCLEAR, None, 0.0, None, f"{says}; noise hides what is small"
        )
    return VentricularFacts(Ventricles.SILENT, 0.0, 0.0, round(calm.shape[1] / WORK_RATE, 2), says)


def _longest_run(wave: NDArray[np.float64]) -> tuple[int, int] | None:
    """The longest stretch, in samples, in which every window swings without rest."""
    size, hop = round(WINDOW_S * STEP_HZ), round(HOP_S * STEP_HZ)
    best: tuple[int, int] | None = None
    start: int | None = None
    whole = float(np.sqrt((wave**2).mean(axis=1)).max())
    firsts = range(0, wave.shape[1] - size + 1, hop)
    for first, rests, even in zip(firsts, *_pace(wave, firsts, size), strict=True):
        part = wave[:, first : first + size]
        if rests > RESTS or even < EVEN or not _swings(_swing(part), whole):
            start = None
            continue
        start = first if start is None else start
        if best is None or first + size - start > best[1] - best[0]:
            best = (start, first + size)
    if best is None or best[1] - best[0] < LEAST_RUN_S * STEP_HZ:
        return None
    return best


def _swings(seen: _Swing, whole: float) -> bool:
    return seen.sharp <= SHARP and seen.one >= ONE_SOURCE and seen.mv >= max(LEAST_MV, 0.15 * whole)


def _pace(wave: NDArray[np.float64], firsts: range, size: int) -> tuple[list[float], list[float]]:
    """Of each window the share at rest, and its usual speed over that of its fast parts."""
    rests: list[float] = []
    even: list[float] = []
    for k in range(0, len(firsts), MOST_WINDOWS):
        parts = np.stack([wave[:, at : at + size] for at in firsts[k : k + MOST_WINDOWS]])
        speed = np.sqrt((np.gradient(parts, axis=2) ** 2).sum(axis=1))
        speed = uniform_filter1d(speed, 9, axis=1)
        full = np.maximum(np.quantile(speed, FULL, axis=1), 1e-12)
        rests += (speed < REST_LEVEL * full[:, None]).mean(axis=1).tolist()
        even += (np.median(speed, axis=1) / full).tolist()
    return rests, even


def _swing(part: NDArray[np.float64]) -> _Swing:
    count = part.shape[1]
    power = (np.abs(np.fft.rfft(part * np.hanning(count), 2048, axis=1)) ** 2).sum(axis=0)
    hz = np.fft.rfftfreq(2048, 1 / STEP_HZ)
    total = max(float(power.sum()), 1e-12)
    slow = (hz > 1.5) & (hz < 9.0)
    soft = np.convolve(power, np.ones(9) / 9, "same")
    top = float(hz[slow][int(np.argmax(soft[slow]))])
    near = np.abs(hz - top) < 0.8
    twice = (np.abs(hz - 2 * top) < 0.8) & ~near
    energies = np.linalg.eigvalsh(part @ part.T)[::-1]
    return _Swing(
        hz=top,
        pure=float(power[near].sum()) / total,
        double=float(power[twice].sum()) / total,
        sharp=float(power[hz > SHARP_HZ].sum()) / total,
        one=float(energies[:3].sum()) / max(float(energies.sum()), 1e-12),
        mv=float(np.sqrt((part**2).mean(axis=1)).max()),
    )


def _repeats(part: NDArray[np.float64], hz: float, waves: int) -> float:
    """Median likeness of one wave with the one so many waves later, at the best distance."""
    size = round(STEP_HZ / hz)
    ahead = round(waves * STEP_HZ / hz)
    slack = round(0.3 * size)
    out = []
    for first in range(0, part.shape[1] - ahead - size - slack, size):
        one = part[:, first : first + size].ravel()
        best = -1.0
        for lag in range(ahead - slack, ahead + slack + 1):
            other = part[:, first + lag : first + lag + size].ravel()
            scale = float(np.linalg.norm(one) * np.linalg.norm(other))
            best = max(best, float(one @ other) / max(scale, 1e-12))
        out.append(best)
    return float(np.median(out)) if out else 0.0
