"""A strip on which beats, P waves, stimuli and other sources are drawn, kept as truth."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import LEADS
from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_breath import breathing
from workbench.phantoms.ecg_forms import faded_at
from workbench.phantoms.ecg_leads import leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise
from workbench.phantoms.ecg_rows import BESIDE, ROWS, all_leads, rows_of_dipole
from workbench.phantoms.ecg_style import Person, Style

P_MS = 104.0
# Turn (degrees) and size (share) by which a beat differs from the next: P, QRS, T.
UNLIKE = {"p": (3.0, 0.07), "qrs": (1.0, 0.015), "t": (1.2, 0.03)}
# Shares of baseline, muscle and mains in noise of a stated root mean square.
NOISE = EcgNoise(wander_mv=0.80, muscle_mv=0.50, mains_mv=0.20)
SPIKE_S = 0.0020
SPIKES = {"atrium": (0.35, 0.55, 0.1), "ventricle": (0.45, 1.15, -0.35)}


@dataclass(slots=True, eq=False)
class DrawnBeat:
    """One QRS as drawn; times in s of the recording, `pr_s` None where no P led to it."""

    style: Style
    onset_s: float
    kind: str
    p_onset_s: float | None

    @property
    def r_s(self) -> float:
        """Time of the largest vector."""
        return self.onset_s + self.style.r_ms / 1000


@dataclass(slots=True, eq=False)
class Strip:
    """Canvas of one recording: what is drawn adds up, and is kept as truth."""

    seconds: float
    rate_hz: float
    generator: np.random.Generator
    person: Person = field(init=False)
    breath_hz: float = field(init=False)
    times: NDArray[np.float64] = field(init=False)
    rows: NDArray[np.float64] = field(init=False)
    beats: list[DrawnBeat] = field(default_factory=list)
    p_onsets: list[float] = field(default_factory=list)
    spikes: list[tuple[float, str, bool]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    _dipole: NDArray[np.float64] = field(init=False)
    _weighted: NDArray[np.float64] = field(init=False)
    _sizes: NDArray[np.float64] = field(init=False)
    _waves: dict[float, loops.Loop] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.breath_hz = float(self.generator.uniform(0.20, 0.30))
        self.person = Person.drawn(self.generator)
        self.times = np.arange(round(self.seconds * self.rate_hz)) / self.rate_hz
        self.rows = np.zeros((len(ROWS), self.times.size))
        self._dipole, self._weighted = (np.zeros((3, self.times.size)) for _ in range(2))
        self._sizes = np.full(self.times.size, 1e-6)

    def beat(
        self, onset_s: float, style: Style, kind: str = "usual", *,
        p_onset_s: float | None = None, t_size: float = 1.0, size: float = 1.0,
    ) -> None:  # fmt: skip
        """Draw QRS, ST, T and U; `p_onset_s` tells which P led to it, it is drawn by `p`."""
        self._run(self._unlike("qrs", style.qrs, size), onset_s, style.qrs_ms / 1000)
        end = onset_s + style.qt_ms / 1000
        if style.t is not None:
            begin = onset_s + style.qrs_ms / 1000
            wave = self._unlike("t", style.t, t_size)
            self._run(wave, begin, (end - begin) / faded_at(style.t))
        if style.u:
            wave = loops.Loop(style.u * loops.U.vectors, loops.U.places_cm)
            self._run(wave, end + 0.015, 0.19)
        part = self._part(onset_s - 0.05, end + 0.45)
        ms = 1000 * (self.times[part] - onset_s)
        for curve in style.curves:
            form = curve.form(ms, style.qrs_ms, style.qt_ms)
            after = np.where(ms > style.qrs_ms, t_size, 1.0)  # ST at J stays what it is
            self.rows[:, part] += curve.weights[:, None] * form * (after if t_size != 1 else 1.0)
        self.beats.append(DrawnBeat(style, onset_s, kind, p_onset_s))

    def p(self, onset_s: float, size: float = 1.0, loop: loops.Loop | None = None,
          ms: float = P_MS) -> None:  # fmt: skip
        """Draw a P wave that begins at `onset_s`."""
        wave = self._usual_p(size) if loop is None else loop
        self._run(self._unlike("p", wave, 1.0), onset_s, ms / 1000)
        self.p_onsets.append(onset_s)

    def spike(self, at_s: float, chamber: str, *, captured: bool = True, mv: float = 1.0) -> None:
        """Draw a stimulus of a pacemaker: as long as one or two samples."""
        part = (self.times >= at_s) & (self.times < at_s + max(SPIKE_S, 1 / self.rate_hz))
        self._dipole[:, part] += mv * np.array(SPIKES[chamber])[:, None]
        self._sizes[part] += 1.0
        self.spikes.append((at_s, chamber, captured))

    def source(self, dipole: NDArray[np.float64], place_cm: tuple[float, ...] = (0, 0, 0)) -> None:
        """Add a source that runs on, such as fibrillation, shape (3, n_samples)."""
        self.rows += rows_of_dipole(dipole, np.array(place_cm, float)[:, None] + 0 * dipole)

    def rate_bpm(self) -> float:
        """60 over the mean RR of the beats inside, as carts print it; NaN under two beats."""
        inside = sorted(b.r_s for b in self.beats if 0 <= b.r_s < self.seconds)
        return 60.0 / float(np.diff(inside).mean()) if len(inside) > 1 else float("nan")

    def clean(self) -> NDArray[np.float64]:
        """All leads without noise, shape (17, n_samples)."""
        places = self._weighted / self._sizes
        dipole, places = breathing(self._dipole, places, self.times, self.breath_hz, self.generator)
        return all_leads(self.rows + rows_of_dipole(dipole, places))

    def noise(self, mv: float) -> NDArray[np.float64]:
        """Noise of electrodes of that root mean square over the leads, shape (17, n_samples)."""
        if not mv:
            return np.zeros((len(LEADS) + len(BESIDE), self.times.size))
        drawn = [
            electrode_noise(NOISE, self.times, self.breath_hz, self.generator) for _ in range(2)
        ]
        chest = drawn[1][3 : 3 + len(BESIDE)] - drawn[0][:3].mean(axis=0)
        leads = np.vstack([leads_of_electrodes(drawn[0]), chest])
        return np.asarray(leads * (mv / np.sqrt(np.mean(leads[: len(LEADS)] ** 2))))

    def _part(self, begin_s: float, end_s: float) -> slice:
        first = int(np.clip(np.floor(begin_s * self.rate_hz), 0, self.times.size))
        return slice(first, int(np.clip(np.ceil(end_s * self.rate_hz) + 1, 0, self.times.size)))

    def _run(self, loop: loops.Loop, start_s: float, length_s: float) -> None:
        part = self._part(start_s, start_s + length_s)
        if part.stop <= part.start:
            return
        vector, place = loops.trace_loop(loop, start_s, length_s, self.times[part])
        self._dipole[:, part] += vector
        self._weighted[:, part] += place
        self._sizes[part] += np.linalg.norm(vector, axis=0)

    def _usual_p(self, size: float) -> loops.Loop:
        if size not in self._waves:
            self._waves[size] = self.person.p(size)
        return self._waves[size]

    def _unlike(self, wave: str, loop: loops.Loop, size: float) -> loops.Loop:
        turn, play = UNLIKE[wave]
        frontal, flat, more = (float(v) for v in self.generator.standard_normal(3))
        return loops.turned(loop, turn * frontal, turn * flat, size * (1 + play * more))
