"""Twelve-lead ECGs with known truth, from a heart dipole that moves and breathes."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import LEADS, Trace
from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_breath import breathing
from workbench.phantoms.ecg_fronts import RIGHT_ATRIUM_CM, fibrillation
from workbench.phantoms.ecg_leads import leads_of_dipole, leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise
from workbench.phantoms.ecg_rhythm import fibrillation_rr, sinus_rr

P_HIDDEN_FROM_BPM = 180.0  # above it a regular tachycardia is re-entry with P inside QRS

# What one beat differs from the next by: turn (degrees) and size (share) of P, QRS, T.
BEAT = ((4.0, 0.08), (1.2, 0.02), (1.5, 0.035))
FILLING = 0.08  # change of size for a pause twice the mean


class Rhythm(StrEnum):
    """What drives the ventricles."""

    SINUS = "sinus"
    AF = "atrial fibrillation"
    BRADY = "bradycardia"
    TACHY = "tachycardia"


RATES: dict[Rhythm, tuple[float, float]] = {  # what a case may ask for, beats per minute
    Rhythm.SINUS: (50.0, 110.0),
    Rhythm.AF: (35.0, 220.0),
    Rhythm.BRADY: (20.0, 60.0),
    Rhythm.TACHY: (100.0, 260.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EcgCase:
    """A patient to be drawn; `qt_ms` None takes a usual QT for the rate."""

    rhythm: Rhythm = Rhythm.SINUS
    rate_bpm: float = 72.0
    pr_ms: float = 160.0
    qrs_ms: float = 92.0
    qt_ms: float | None = None
    axis_deg: float = 55.0
    noise: EcgNoise = field(default_factory=EcgNoise)

    def __post_init__(self) -> None:
        low, high = RATES[self.rhythm]
        if not low <= self.rate_bpm <= high:
            raise ValueError(f"{self.rhythm} at {self.rate_bpm}/min; {low:g} to {high:g} is drawn")
        for name, least, most in (("pr_ms", 80, 400), ("qrs_ms", 60, 200)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} is {getattr(self, name)}; {least} to {most} is drawn")
        if self.qt_ms is not None and not self.qrs_ms + 100 <= self.qt_ms <= 700:
            raise ValueError(f"qt_ms is {self.qt_ms}; at least QRS + 100 and at most 700 is drawn")


@dataclass(frozen=True, slots=True, eq=False)
class EcgRecording:
    """A trace and all that is true of it."""

    trace: Trace
    truth: dict[str, object]


def make_ecg(
    case: EcgCase, seconds: float, rate_hz: float, generator: np.random.Generator
) -> EcgRecording:
    """Draw one recording.

    Parameters
    ----------
    case : EcgCase
        Rhythm, intervals, axis and noise.
    seconds : float
        Length (s).
    rate_hz : float
        Samples per second (Hz).
    generator : numpy.random.Generator
        Source of chance: the same generator state draws the same recording.

    Returns
    -------
    EcgRecording
        Trace of 12 leads in mV, and its truth: ``rhythm``, ``rate_bpm`` (60 over mean RR of the
        beats inside), ``r_times_s``, ``rr_s``, ``p_present``, ``p_onsets_s``, ``pr_ms`` (None
        without P), ``qrs_ms``, ``qt_ms``, ``axis_deg``, ``seconds``, ``rate_hz``.

    Raises
    ------
    ValueError
        If the recording would be shorter than 1 s.

    References
    ----------
    .. [1] Sameni R, Clifford GD, Jutten C, Shamsollahi MB. Multichannel ECG and noise modeling.
       EURASIP J Adv Signal Process 2007;2007:043407.
    """
    if seconds < 1.0:
        raise ValueError(f"{seconds} s asked for; at least 1 s is needed to hold a beat")
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    breath_hz = float(generator.uniform(0.20, 0.30))
    onsets = _onsets(case, seconds, breath_hz, generator)
    heart = _Heart.draw(case, generator)
    dipole, places = heart.beats(onsets, times, generator)
    fronts = fibrillation(times, generator) if case.rhythm is Rhythm.AF else 0.0 * dipole
    dipole, places = breathing(dipole, places, times, breath_hz, generator)
    atrium = np.broadcast_to(np.array(RIGHT_ATRIUM_CM)[:, None], fronts.shape)
    clean = leads_of_dipole(dipole, places) + leads_of_dipole(fronts, atrium)
    noisy = clean + leads_of_electrodes(electrode_noise(case.noise, times, breath_hz, generator))
    trace = Trace(noisy.astype(np.float32), rate_hz, LEADS, origin="phantom")
    return EcgRecording(trace, heart.truth(onsets, seconds, rate_hz))


@dataclass(frozen=True, slots=True, eq=False)
class _Heart:
    """One patient's loops and intervals, fixed for the recording."""

    case: EcgCase
    p: loops.Loop
    qrs: loops.Loop
    t: loops.Loop
    p_s: float
    qt_s: float

    @classmethod
    def draw(cls, case: EcgCase, generator: np.random.Generator) -> "_Heart":
        own = loops.varied(loops.QRS, 0.05, generator)
        twist = float(np.clip(generator.normal(0.0, 9.0), -18.0, 18.0))
        size = float(np.clip(generator.lognormal(-0.10, 0.18), 0.65, 1.25))
        frontal = _turn_to(case.axis_deg, own, twist)
        t_size = size * float(np.clip(generator.lognormal(0.0, 0.22), 0.65, 1.5))
        # a fast heart has flatter T waves and, with more sympathetic drive, taller P waves
        t_size *= float(np.clip(60.0 / case.rate_bpm / 0.7, 0.55, 1.0))
        p_size = float(generator.uniform(0.8, 1.2)) * (1.2 if case.rate_bpm > 110 else 1.0)
        pr_room = case.pr_ms / 1000 - 0.030  # the node takes at least this long
        return cls(
            case=case,
            p=loops.turned(loops.P, float(generator.normal(0, 8)), 0.0, p_size),
            qrs=loops.turned(own, frontal, twist, size),
            # repolarisation follows the axis of depolarisation by about half
            t=loops.turned(
                loops.T, 0.5 * frontal + float(generator.normal(0, 5)), 0.5 * twist, t_size
            ),
            p_s=min(float(generator.uniform(0.095, 0.110)), pr_room),
            qt_s=_usual_qt(case) if case.qt_ms is None else case.qt_ms / 1000,
        )

    @property
    def shows_p(self) -> bool:
        fast = self.case.rhythm is Rhythm.TACHY and self.case.rate_bpm > P_HIDDEN_FROM_BPM
        return self.case.rhythm is not Rhythm.AF and not fast

    def beats(
        self,
        onsets: NDArray[np.float64],
        times: NDArray[np.float64],
        generator: np.random.Generator,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        dipole, weighted = np.zeros((3, times.size)), np.zeros((3, times.size))
        sizes = np.full(times.size, 1e-6)
        qrs_s = self.case.qrs_ms / 1000
        # a beat after a long pause is filled better; no two beats are alike in any case
        before = np.diff(onsets, prepend=onsets[0] - 60.0 / self.case.rate_bpm)
        filling = np.clip(before * self.case.rate_bpm / 60.0 - 1, -0.5, 0.8) * FILLING
        for onset, filled in zip(onsets, filling, strict=True):
            p, qrs, t = (
                _another(wave, unlike, generator)
                for wave, unlike in zip((self.p, self.qrs, self.t), BEAT, strict=True)
            )
            qrs, t = (loops.turned(wave, 0.0, 0.0, 1 + filled) for wave in (qrs, t))
            waves = [(qrs, onset, qrs_s), (t, onset + qrs_s, self.qt_s - qrs_s)]
            if self.shows_p:
                waves.append((p, onset - self.case.pr_ms / 1000, self.p_s))
            if 60.0 / self.case.rate_bpm > self.qt_s + 0.35:
                waves.append((loops.U, onset + self.qt_s + 0.01, 0.18))
            for loop, start, length in waves:
                vector, place = loops.trace_loop(loop, start, length, times)
                dipole += vector
                weighted += place
                sizes += np.linalg.norm(vector, axis=0)
        return dipole, weighted / sizes

    def truth(
        self, onsets: NDArray[np.float64], seconds: float, rate_hz: float
    ) -> dict[str, object]:
        case = self.case
        r_times = onsets + _largest_at(self.qrs) * case.qrs_ms / 1000
        r_times = r_times[(r_times >= 0) & (r_times < seconds)]
        rr = np.diff(r_times)
        p_onsets = onsets - case.pr_ms / 1000 if self.shows_p else np.empty(0)
        return {
            "rhythm": str(case.rhythm),
            "rate_bpm": float(60.0 / rr.mean()) if rr.size else None,
            "r_times_s": [round(float(t), 4) for t in r_times],
            "rr_s": [round(float(v), 4) for v in rr],
            "p_present": self.shows_p,
            "p_onsets_s": [round(float(t), 4) for t in p_onsets if 0 <= t < seconds],
            "pr_ms": case.pr_ms if self.shows_p else None,
            "qrs_ms": case.qrs_ms,
            "qt_ms": round(1000 * self.qt_s, 1),
            "axis_deg": round(_axis_deg(self.qrs), 1),
            "seconds": seconds,
            "rate_hz": rate_hz,
        }


def _another(
    wave: loops.Loop, unlike: tuple[float, float], generator: np.random.Generator
) -> loops.Loop:
    """The wave as one beat has it: turned by some degrees, larger or smaller by some share."""
    frontal, flat, size = (float(v) for v in generator.standard_normal(3))
    return loops.turned(wave, unlike[0] * frontal, unlike[0] * flat, 1 + unlike[1] * size)


_ONE_LOOP = np.linspace(0.0, 1.0, 1001)


def _axis_deg(qrs: loops.Loop) -> float:
    """Frontal axis from the net areas of I and aVF, without noise or breathing."""
    vector, place = loops.trace_loop(qrs, 0.0, 1.0, _ONE_LOOP)
    area = leads_of_dipole(vector, np.zeros_like(place)).sum(axis=1)
    one, foot = area[LEADS.index("I")], area[LEADS.index("aVF")]
    # aVF is recorded smaller than a bipolar lead by 2 over root 3
    return float(np.rad2deg(np.arctan2(foot * 2 / np.sqrt(3), one)))


def _turn_to(axis_deg: float, qrs: loops.Loop, twist: float) -> float:
    """Frontal turn that brings the loop to an axis; lead vectors are skew, so it is sought."""
    turn = 0.0
    for _ in range(20):
        off = axis_deg - _axis_deg(loops.turned(qrs, turn, twist, 1.0))
        off = (off + 180.0) % 360.0 - 180.0
        turn += 0.6 * off
        if abs(off) < 0.5:
            break
    return turn


def _largest_at(qrs: loops.Loop) -> float:
    """Share of QRS after which the heart vector is largest: the R time of the truth."""
    vector, _ = loops.trace_loop(qrs, 0.0, 1.0, _ONE_LOOP)
    return float(_ONE_LOOP[np.linalg.norm(vector, axis=0).argmax()])


def _usual_qt(case: EcgCase) -> float:
    rr = 60.0 / case.rate_bpm
    fridericia = 0.405 * np.cbrt(rr)
    # at high rates QT must leave room: T ends before the next QRS
    return float(min(fridericia + 0.8 * (case.qrs_ms - 92.0) / 1000, 0.86 * rr))


def _onsets(
    case: EcgCase, seconds: float, breath_hz: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    mean_s = 60.0 / case.rate_bpm
    covered = seconds + 2 * mean_s  # from one beat before the start to one after the end
    if case.rhythm is Rhythm.AF:
        rr = fibrillation_rr(mean_s, covered, generator)
    else:
        rr = sinus_rr(mean_s, covered, breath_hz, generator)
    first = -mean_s * generator.uniform(0.3, 1.0)
    return np.asarray(first + np.concatenate([[0.0], np.cumsum(rr)]))
