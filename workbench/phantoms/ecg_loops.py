"""Vector loops of one beat: P, QRS, ST and T as smooth curves of exactly the asked length.

Each loop is a cubic B-spline over a polygon of vectors: smooth to the second derivative, zero
outside its own span, so onsets and ends are known to the sample.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import BSpline


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """Polygon of a loop.

    Attributes
    ----------
    vectors : ndarray of float64, shape (n_points, 3)
        Heart vectors in mV (left, foot, back), evenly spaced in time.
    places_cm : ndarray of float64, shape (n_points, 3)
        Where the dipole sits at the same moments, in cm from the middle of the heart.
    """

    vectors: NDArray[np.float64]
    places_cm: NDArray[np.float64]


# Shapes after the textbook sequence of activation: septum to the right and front, then apex and
# free wall to the left, down and back, last the base to the back, up and right. Sizes after the
# ranges of normal Frank vectorcardiograms; compared with real records in
# docs/validation/phantom-ecgs.md.
QRS = Loop(
    vectors=np.array([
        [-0.01, 0.00, -0.03], [-0.10, -0.03, -0.18], [-0.14, 0.00, -0.28],
        [0.20, 0.30, -0.30], [0.96, 0.92, -0.06], [1.34, 1.30, 0.46],
        [0.60, 0.72, 1.00], [-0.04, 0.04, 0.84], [-0.22, -0.18, 0.34], [-0.04, -0.05, 0.04],
    ]),
    places_cm=np.array([
        [-0.3, 0.0, -0.5], [-0.3, 0.1, -0.5], [-0.2, 0.4, -0.5], [0.2, 0.6, -0.5],
        [0.5, 0.5, -0.3], [0.6, 0.2, 0.0], [0.4, -0.2, 0.3], [0.2, -0.4, 0.4],
        [0.0, -0.5, 0.4], [0.0, -0.5, 0.3],
    ]),
)  # fmt: skip
P = Loop(
    vectors=np.array([
        [0.005, 0.02, -0.01], [0.03, 0.07, -0.04], [0.05, 0.11, -0.045], [0.075, 0.115, -0.01],
        [0.085, 0.09, 0.03], [0.06, 0.05, 0.035], [0.015, 0.015, 0.015],
    ]),
    places_cm=np.zeros((7, 3)),
)  # fmt: skip
# The T wave climbs slowly and falls faster; its first third is the ST segment leaving the line.
_T_RISE = np.array([
    0.00, 0.03, 0.06, 0.09, 0.14, 0.22, 0.35, 0.54, 0.75, 0.92, 1.00, 0.95, 0.72, 0.40, 0.15, 0.03,
])  # fmt: skip
_T_TURN = np.linspace(0.0, 1.0, _T_RISE.size)[:, None]
T = Loop(
    vectors=_T_RISE[:, None]
    * ((1 - _T_TURN) * np.array([0.25, 0.17, -0.24]) + _T_TURN * np.array([0.37, 0.27, -0.13])),
    places_cm=np.zeros((_T_RISE.size, 3)),
)
U = Loop(
    vectors=np.array([0.0, 0.5, 1.0, 0.7, 0.3, 0.0])[:, None] * np.array([0.015, 0.012, -0.028]),
    places_cm=np.zeros((6, 3)),
)


def trace_loop(
    loop: Loop, start_s: float, length_s: float, times_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run once through a loop.

    Parameters
    ----------
    loop : Loop
        Polygon of the loop.
    start_s, length_s : float
        First moment that differs from zero, and the time until it is zero again (s).
    times_s : ndarray of float64, shape (n_samples,)
        Moments to evaluate (s).

    Returns
    -------
    vectors : ndarray of float64, shape (3, n_samples)
        Heart vector in mV; zero outside the span.
    weighted_places : ndarray of float64, shape (3, n_samples)
        Place in cm times the size of the vector; sums of these over the sum of sizes give the
        place when waves overlap.

    Raises
    ------
    ValueError
        If the length is not positive.
    """
    if length_s <= 0:
        raise ValueError(f"a wave of {length_s} s has no shape; give a positive length")
    count = loop.vectors.shape[0]
    inside = (times_s >= start_s) & (times_s <= start_s + length_s)
    at = (times_s[inside] - start_s) / length_s * (count + 3)
    # zero vectors around the polygon make the curve start and end at zero with zero slope
    padded = np.vstack([np.zeros((3, 3)), loop.vectors, np.zeros((3, 3))])
    knots = np.arange(-3.0, count + 7.0)
    curve = BSpline(knots, padded, 3, extrapolate=True)
    vectors = np.zeros((3, times_s.size))
    places = np.zeros((3, times_s.size))
    value = curve(at)
    vectors[:, inside] = value.T
    # places are not padded with zeros: the dipole does not jump to the middle of the heart
    held = np.vstack(
        [loop.places_cm[:1].repeat(3, 0), loop.places_cm, loop.places_cm[-1:].repeat(3, 0)]
    )
    where = BSpline(knots, held, 3, extrapolate=True)(at)
    places[:, inside] = (where * np.linalg.norm(value, axis=1, keepdims=True)).T
    return vectors, places


def turned(loop: Loop, frontal_deg: float, horizontal_deg: float, size: float) -> Loop:
    """Turn a loop in the frontal and the horizontal plane and scale it.

    Parameters
    ----------
    loop : Loop
        Loop to turn.
    frontal_deg : float
        Positive turns the axis clockwise as the reader sees it, left to foot (degrees).
    horizontal_deg : float
        Positive turns from the left towards the back (degrees).
    size : float
        Factor on the vectors.

    Returns
    -------
    Loop
        New loop; places stay.
    """
    f, h = np.deg2rad(frontal_deg), np.deg2rad(horizontal_deg)
    frontal = np.array([[np.cos(f), -np.sin(f), 0], [np.sin(f), np.cos(f), 0], [0, 0, 1]])
    horizontal = np.array([[np.cos(h), 0, -np.sin(h)], [0, 1, 0], [np.sin(h), 0, np.cos(h)]])
    return Loop(size * loop.vectors @ (horizontal @ frontal).T, loop.places_cm)


def varied(loop: Loop, share: float, generator: np.random.Generator) -> Loop:
    """Give a loop a person's own small bends, which make slurs and notches in single leads.

    Parameters
    ----------
    loop : Loop
        Loop as drawn.
    share : float
        Standard deviation of each bend, as a share of the largest vector.
    generator : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Loop
        New loop; the first and last vector stay so that onset and end stay.
    """
    bend = share * np.linalg.norm(loop.vectors, axis=1).max()
    bends = generator.normal(0.0, bend, loop.vectors.shape)
    bends[[0, -1]] = 0.0
    return Loop(loop.vectors + bends, loop.places_cm)
