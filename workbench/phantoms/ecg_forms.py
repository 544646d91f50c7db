"""Forms of ST and T over time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator

from workbench.phantoms.ecg_loops import Loop, trace_loop

LONGEST_RISE_MS = 45.0
FADED = 0.025  # of its height: here a doctor says that T has ended
TAIL = 1.04  # a hump has faded to that at 1
EARLIER = 1.08  # forms are given by the tangent of their end; T ends, as doctors mark it, after it
_SPAN = np.linspace(0.0, 1.0, 1001)

Form = Callable[[NDArray[np.float64], float, float], NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class LeadCurve:
    """One form, in each independent lead with its own size (mV); rows of `ecg_rows.ROWS`."""

    weights: NDArray[np.float64]
    form: Form


def knots(points: Sequence[tuple[float, float]], *, rise: bool = True) -> Form:
    """Make a smooth form through points.

    Parameters
    ----------
    points : sequence of tuple of float
        Moment (0 the J point, 1 the tangent end of T) and value; the first moment is 0. After
        the last point, which is worth 0, nothing is drawn.
    rise : bool
        Whether the value at J is reached during the second half of QRS; the first value must
        be 0 otherwise.

    Returns
    -------
    Form
        Function of ms after QRS onset, of QRS and QT in ms, with values of the same shape.
    """
    at, values = np.array(points, dtype=float).T
    spline = Akima1DInterpolator(at, values, method="makima")

    def form(ms: NDArray[np.float64], qrs_ms: float, qt_ms: float) -> NDArray[np.float64]:
        u = EARLIER * (ms - qrs_ms) / (qt_ms - qrs_ms)
        inside = (u >= 0) & (u <= at[-1])
        drawn = np.zeros(ms.shape)
        drawn[inside] = spline(u[inside])
        if rise and values[0]:
            length = min(LONGEST_RISE_MS, 0.5 * qrs_ms)
            share = np.clip((ms - (qrs_ms - length)) / length, 0.0, 1.0)
            drawn = np.where(u < 0, values[0] * share**2 * (3 - 2 * share), drawn)
        return drawn

    return form


# ST of a wide beat: away from QRS, rising into a T of the same direction.
DISCORDANT = knots((
    (0, 1), (0.2, 1.15), (0.4, 1.1), (0.6, 0.8), (0.8, 0.35), (1, 0.06), (1.14, 0),
))  # fmt: skip


def hump(peak: float, narrow: float = 1.0, start: float = 0.0) -> Form:
    """Make a T wave by itself: 0 at J, 1 at its peak, 0 at its end.

    Parameters
    ----------
    peak : float
        Moment of the peak between J (0) and the end of T (1).
    narrow : float
        1 is a usual wave; larger values have a narrower foot.
    start : float
        Moment before which nothing is drawn.

    Returns
    -------
    Form
        Function of ms after QRS onset, of QRS and QT in ms.
    """

    def form(ms: NDArray[np.float64], qrs_ms: float, qt_ms: float) -> NDArray[np.float64]:
        u = (ms - qrs_ms) / (qt_ms - qrs_ms)
        up = np.clip((u - start) / (peak - start), 0.0, 1.0)
        down = np.clip((TAIL - u) / (TAIL - peak), 0.0, 1.0)
        wave = np.where(u < peak, 0.5 - 0.5 * np.cos(np.pi * up), 0.5 - 0.5 * np.cos(np.pi * down))
        return np.asarray(wave**narrow)

    return form


@lru_cache(maxsize=32)  # by identity: the same loop is drawn beat after beat
def largest_at(loop: Loop) -> float:
    """Say when the vector of a loop is largest.

    Parameters
    ----------
    loop : Loop
        A depolarisation.

    Returns
    -------
    float
        Share of the whole length.
    """
    vector, _ = trace_loop(loop, 0.0, 1.0, _SPAN)
    return float(_SPAN[np.linalg.norm(vector, axis=0).argmax()])


@lru_cache(maxsize=32)
def faded_at(loop: Loop) -> float:
    """Say when a repolarisation has faded to `FADED` of its height.

    Parameters
    ----------
    loop : Loop
        A T wave.

    Returns
    -------
    float
        Share of the whole length.
    """
    vector, _ = trace_loop(loop, 0.0, 1.0, _SPAN)
    size = np.linalg.norm(vector, axis=0)
    return float(_SPAN[np.flatnonzero(size > FADED * size.max())[-1]])
