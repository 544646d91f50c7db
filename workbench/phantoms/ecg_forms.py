"""Forms of ST and T over time, and how much of a drawn wave an eye sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import Akima1DInterpolator

from workbench.phantoms.ecg_loops import Loop, trace_loop
from workbench.phantoms.ecg_rows import all_leads, rows_of_dipole

VISIBLE_MV = 0.010  # a tenth of a small square: where a wave is said to begin and to end
LONGEST_RISE_MS = 45.0
TAIL = 1.14  # the last of a form fades after the end of T, which is where its tangent lands
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
        Moment (0 the J point, 1 the end of T) and value; the first moment is 0. After the last
        point, which is worth 0, nothing is drawn.
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
        u = (ms - qrs_ms) / (qt_ms - qrs_ms)
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
def visible_span(loop: Loop) -> tuple[float, float, float]:
    """Say which part of a loop an eye sees.

    Parameters
    ----------
    loop : Loop
        QRS or P.

    Returns
    -------
    first, last : float
        Shares of the whole length at which any of the twelve leads is over `VISIBLE_MV`.
    largest : float
        Share at which the heart vector is largest.
    """
    vector, place = trace_loop(loop, 0.0, 1.0, _SPAN)
    size = np.linalg.norm(vector, axis=0)
    leads = all_leads(rows_of_dipole(vector, place / np.maximum(size, 1e-9)))[:12]
    over = np.flatnonzero(np.abs(leads).max(axis=0) > VISIBLE_MV)
    if not over.size:  # a wave too flat to be seen keeps its whole length
        return 0.0, 1.0, 0.5
    return float(_SPAN[over[0]]), float(_SPAN[over[-1]]), float(_SPAN[size.argmax()])


def tangent_end(loop: Loop) -> float:
    """Say where the steepest tangent of the falling limb meets the line.

    Parameters
    ----------
    loop : Loop
        A T wave.

    Returns
    -------
    float
        Share of the whole length.

    References
    ----------
    .. [1] Lepeschkin E, Surawicz B. The measurement of the Q-T interval of the electrocardiogram.
       Circulation 1952;6:378-388.
    """
    vector, _ = trace_loop(loop, 0.0, 1.0, _SPAN)
    size = np.linalg.norm(vector, axis=0)
    slope = np.gradient(size, _SPAN)
    slope[: size.argmax()] = 0.0
    steepest = int(slope.argmin())
    return float(min(_SPAN[steepest] - size[steepest] / slope[steepest], 1.0))
