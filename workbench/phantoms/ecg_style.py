"""How one person's beats look: loops, repolarisation and intervals, fixed for a recording."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_forms import Form, LeadCurve, largest_at
from workbench.phantoms.ecg_rows import SEEN, by_lead

USUAL_QRS_MS = 92.0
_T_FROM, _T_TO = np.array([0.25, 0.17, -0.24]), np.array([0.37, 0.27, -0.13])
_RISE = np.linalg.norm(loops.T.vectors, axis=1)
_RISE = _RISE / _RISE.max()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Style:
    """One kind of beat.

    Attributes
    ----------
    qrs : Loop
        Path of depolarisation.
    qrs_ms, qt_ms : float
        Whole length of the loop; onset to the end of T.
    t : Loop or None
        Repolarisation that is 0 at J.
    curves : tuple of LeadCurve
        ST and T added lead by lead; exact in every beat.
    u_mv : float
        U wave, as a factor on the usual one.
    origin : str
        ``sinus, atrial, junction, ventricle, paced, pathway``.
    """

    qrs: loops.Loop
    qrs_ms: float = USUAL_QRS_MS
    qt_ms: float = 390.0
    t: loops.Loop | None = None
    curves: tuple[LeadCurve, ...] = ()
    u: float = 0.0
    origin: str = "sinus"

    @property
    def r_ms(self) -> float:
        """Largest heart vector, in ms after QRS onset."""
        return largest_at(self.qrs) * self.qrs_ms

    def st_mv(self) -> NDArray[np.float64]:
        """J point of every row over the line, shape (13,)."""
        at = np.array([self.qrs_ms])
        drawn = [c.weights * c.form(at, self.qrs_ms, self.qt_ms)[0] for c in self.curves]
        return np.asarray(sum(drawn, start=np.zeros(SEEN.shape[0])))

    def with_st(self, rows: NDArray[np.float64], form: Form) -> "Style":
        """Add a curve with which J is exactly at `rows`."""
        return replace(self, curves=(*self.curves, LeadCurve(rows - self.st_mv(), form)))

    def with_curve(self, rows: NDArray[np.float64], form: Form) -> "Style":
        """Add a curve that is 0 at J, such as a T wave."""
        return replace(self, curves=(*self.curves, LeadCurve(rows, form)))


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Small differences between people: a turn of the heart and sizes."""

    frontal_deg: float
    twist_deg: float
    size: float
    t_size: float
    p_size: float
    p_deg: float
    bends: int  # seed of the small bends of QRS

    @classmethod
    def drawn(cls, generator: np.random.Generator) -> "Person":
        """Draw a person."""
        return cls(
            frontal_deg=float(np.clip(generator.normal(0.0, 7.0), -14, 14)),
            twist_deg=float(np.clip(generator.normal(0.0, 6.0), -12, 12)),
            size=float(np.clip(generator.lognormal(-0.08, 0.14), 0.72, 1.18)),
            t_size=float(np.clip(generator.lognormal(-0.02, 0.16), 0.7, 1.35)),
            p_size=float(generator.uniform(0.85, 1.2)),
            p_deg=float(np.clip(generator.normal(0.0, 7.0), -14, 14)),
            bends=int(generator.integers(2**31)),
        )

    def loop(self, loop: loops.Loop, turn: float = 1.0) -> loops.Loop:
        """Give a path this person's turn, size and small bends."""
        own = loops.varied(loop, 0.025, np.random.default_rng(self.bends))
        return loops.turned(own, turn * self.frontal_deg, turn * self.twist_deg, self.size)

    def t(self, size: float = 1.0, start: NDArray[np.float64] = _T_FROM,
          end: NDArray[np.float64] = _T_TO) -> loops.Loop:  # fmt: skip
        """Give a T wave from one direction to another."""
        made = loops.Loop(t_vectors(start, end), loops.T.places_cm)
        half = 0.5 * self.frontal_deg, 0.5 * self.twist_deg
        return loops.turned(made, *half, size * self.t_size * self.size)

    def p(self, size: float = 1.0) -> loops.Loop:
        """Give the usual P wave."""
        return loops.turned(loops.P, self.p_deg, 0.0, size * self.p_size)


def t_vectors(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Run through the usual rise and fall of T while its direction turns.

    Parameters
    ----------
    start, end : ndarray of float64, shape (3,)
        Vectors of the direction at the begin and the end, of the size of the peak (mV).

    Returns
    -------
    ndarray of float64, shape (16, 3)
        Polygon of the wave.
    """
    share = np.linspace(0.0, 1.0, _RISE.size)[:, None]
    return np.asarray(_RISE[:, None] * ((1 - share) * np.asarray(start) + share * np.asarray(end)))


def of_vector(vector: tuple[float, float, float], lead: str, mv: float) -> NDArray[np.float64]:
    """Give the values of all rows that a dipole causes which is worth `mv` in one lead.

    Parameters
    ----------
    vector : tuple of float
        Direction (left, foot, back).
    lead : str
        One of the twelve or of those beside.
    mv : float
        Value in that lead.

    Returns
    -------
    ndarray of float64, shape (13,)
        Rows of `ecg_rows.ROWS` (mV).
    """
    rows = SEEN @ np.array(vector)
    return np.asarray(rows * (mv / at_lead(rows, lead)))


def at_lead(rows: NDArray[np.float64], lead: str) -> float:
    """Read one lead off the rows.

    Parameters
    ----------
    rows : ndarray of float64, shape (13,)
        Rows of `ecg_rows.ROWS`.
    lead : str
        One of the twelve or of those beside.

    Returns
    -------
    float
        Its value.
    """
    return by_lead(rows)[lead]


def qt_of(rate_bpm: float, qrs_ms: float = USUAL_QRS_MS, qtc_ms: float = 405.0) -> float:
    """Give a usual QT for a rate.

    Parameters
    ----------
    rate_bpm : float
        Beats per minute.
    qrs_ms : float
        Width of QRS (ms), of which 0.7 of what is over the usual is added.
    qtc_ms : float
        QT at 60/min (ms).

    Returns
    -------
    float
        QT by Fridericia's formula (ms), ending before the next QRS.
    """
    rr = 60.0 / rate_bpm
    usual = qtc_ms * float(np.cbrt(rr)) + 0.7 * max(qrs_ms - USUAL_QRS_MS, 0.0)
    return min(usual, 840.0 * rr)
