"""Paths of the heart vector through the ventricles that are not usual, as polygons for loops.

Vectors in mV (left, foot, back), evenly spaced in time. Shapes after textbook vectorcardiograms;
each is looked at on paper in twelve leads.
"""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms.ecg_loops import Loop


def _loop(*vectors: tuple[float, float, float]) -> Loop:
    return Loop(np.array(vectors), np.zeros((len(vectors), 3)))


# Septum from right to left: no q in I, V5, V6; then a slow way through the free wall, notched.
LEFT_BUNDLE = _loop(
    (0.06, 0.04, -0.10), (0.30, 0.20, -0.10), (0.70, 0.40, 0.25), (1.08, 0.52, 0.85),
    (1.10, 0.50, 1.30), (0.92, 0.42, 1.52), (0.96, 0.38, 1.60), (1.16, 0.34, 1.50),
    (1.02, 0.24, 1.10), (0.58, 0.10, 0.55), (0.18, 0.02, 0.16), (0.03, 0.00, 0.03),
)  # fmt: skip
# As usual until the left ventricle is done; then slowly to the right and to the front.
RIGHT_BUNDLE = _loop(
    (-0.01, 0.00, -0.03), (-0.10, -0.03, -0.16), (-0.12, 0.02, -0.24), (0.35, 0.40, -0.20),
    (1.00, 0.90, 0.10), (0.95, 0.85, 0.45), (0.30, 0.35, 0.35), (-0.12, 0.06, 0.00),
    (-0.34, -0.04, -0.34), (-0.52, -0.08, -0.62), (-0.56, -0.08, -0.70), (-0.46, -0.06, -0.56),
    (-0.26, -0.03, -0.30), (-0.07, 0.00, -0.08),
)  # fmt: skip
LEFT_ANTERIOR = _loop(
    (0.00, 0.02, -0.03), (-0.05, 0.18, -0.16), (-0.06, 0.28, -0.25), (0.30, 0.15, -0.25),
    (0.90, -0.30, 0.00), (1.15, -0.85, 0.50), (0.80, -1.00, 0.85), (0.32, -0.80, 0.70),
    (0.02, -0.38, 0.32), (0.00, -0.06, 0.05),
)  # fmt: skip
LEFT_POSTERIOR = _loop(
    (0.02, -0.02, -0.03), (0.20, -0.14, -0.16), (0.26, -0.08, -0.26), (0.16, 0.40, -0.25),
    (0.34, 1.05, -0.05), (0.16, 1.45, 0.40), (-0.30, 1.25, 0.75), (-0.46, 0.75, 0.62),
    (-0.18, 0.30, 0.28), (-0.02, 0.04, 0.04),
)  # fmt: skip
RIGHT_LARGE = _loop(
    (0.02, -0.02, -0.06), (0.10, -0.02, -0.32), (0.18, 0.35, -0.62), (0.02, 0.85, -0.92),
    (-0.42, 0.95, -0.86), (-0.66, 0.60, -0.40), (-0.58, 0.18, 0.10), (-0.30, -0.05, 0.26),
    (-0.05, 0.00, 0.05),
)  # fmt: skip
LEFT_LARGE = _loop(
    (-0.01, 0.00, -0.03), (-0.10, -0.04, -0.18), (-0.10, 0.00, -0.25), (0.50, 0.30, -0.20),
    (1.70, 0.85, 0.30), (2.30, 0.95, 1.20), (1.40, 0.55, 1.75), (0.35, 0.10, 1.20),
    (-0.05, -0.10, 0.45), (-0.02, -0.02, 0.06),
)  # fmt: skip
# Stimulus at the tip of the right ventricle: to the left, up and back.
RIGHT_TIP = _loop(
    (0.04, -0.06, 0.03), (0.16, -0.32, 0.20), (0.34, -0.80, 0.55), (0.46, -1.18, 0.98),
    (0.44, -1.25, 1.30), (0.34, -1.10, 1.36), (0.36, -1.02, 1.20), (0.34, -0.76, 0.84),
    (0.20, -0.38, 0.40), (0.06, -0.10, 0.10),
)  # fmt: skip
# Ectopic foci: outflow tract of the right ventricle, and two walls of the left.
OUTFLOW = _loop(
    (0.02, 0.06, 0.02), (0.10, 0.32, 0.12), (0.22, 0.85, 0.40), (0.30, 1.40, 0.85),
    (0.32, 1.68, 1.25), (0.26, 1.60, 1.42), (0.24, 1.30, 1.25), (0.16, 0.80, 0.80),
    (0.06, 0.34, 0.34), (0.01, 0.08, 0.08),
)  # fmt: skip
LEFT_LOW = _loop(
    (-0.04, -0.05, -0.06), (-0.20, -0.26, -0.28), (-0.48, -0.66, -0.60), (-0.78, -1.10, -0.84),
    (-0.92, -1.36, -0.86), (-0.84, -1.38, -0.70), (-0.66, -1.15, -0.50), (-0.42, -0.74, -0.30),
    (-0.18, -0.32, -0.12), (-0.04, -0.06, -0.03),
)  # fmt: skip
LEFT_HIGH = _loop(
    (-0.06, 0.06, -0.04), (-0.28, 0.28, -0.20), (-0.66, 0.72, -0.50), (-1.00, 1.14, -0.78),
    (-1.06, 1.36, -0.90), (-0.90, 1.28, -0.80), (-0.66, 1.00, -0.56), (-0.40, 0.60, -0.30),
    (-0.16, 0.24, -0.12), (-0.03, 0.05, -0.03),
)  # fmt: skip
FOCI = (OUTFLOW, LEFT_LOW, LEFT_HIGH, RIGHT_TIP)
# Delta waves: the wall beside the pathway begins, slowly; the node overtakes it.
PATHWAY_LEFT = _loop(
    (-0.01, 0.02, -0.05), (-0.03, 0.06, -0.12), (-0.04, 0.12, -0.20), (-0.02, 0.20, -0.28),
    (0.10, 0.36, -0.38), (0.48, 0.80, -0.42), (0.90, 1.20, -0.22), (0.68, 0.92, 0.12),
    (0.12, 0.28, 0.26), (-0.10, -0.02, 0.14), (-0.02, 0.00, 0.03),
)  # fmt: skip
PATHWAY_RIGHT = _loop(
    (0.05, -0.01, 0.02), (0.12, -0.02, 0.05), (0.20, -0.03, 0.09), (0.30, -0.02, 0.16),
    (0.50, 0.10, 0.26), (0.98, 0.40, 0.50), (1.30, 0.50, 0.90), (0.84, 0.34, 1.05),
    (0.22, 0.05, 0.62), (-0.04, -0.05, 0.20), (-0.01, 0.00, 0.03),
)  # fmt: skip
PATHWAYS = {"left": PATHWAY_LEFT, "right": PATHWAY_RIGHT}
# Only the pathway: the whole ventricle is activated from its wall, as in a ventricular beat.
ALL_LEFT = _loop(
    (-0.05, 0.05, -0.06), (-0.16, 0.18, -0.22), (-0.28, 0.42, -0.48), (-0.32, 0.78, -0.86),
    (-0.20, 1.12, -1.12), (0.06, 1.22, -1.14), (0.20, 1.06, -0.92), (0.18, 0.70, -0.56),
    (0.08, 0.34, -0.24), (0.02, 0.10, -0.06), (0.00, 0.02, -0.01),
)  # fmt: skip
ALL_RIGHT = _loop(
    (0.08, -0.03, 0.04), (0.24, -0.08, 0.14), (0.48, -0.12, 0.34), (0.84, -0.10, 0.66),
    (1.16, 0.00, 1.04), (1.30, 0.08, 1.34), (1.18, 0.10, 1.36), (0.80, 0.06, 0.98),
    (0.38, 0.02, 0.48), (0.10, 0.00, 0.14), (0.02, 0.00, 0.03),
)  # fmt: skip
ONLY_PATHWAY = {"left": ALL_LEFT, "right": ALL_RIGHT}
# Acute strain of the right ventricle: S in I, Q in III, a small r' in V1.
STRAIN = _loop(
    (0.00, -0.03, -0.03), (0.08, -0.18, -0.16), (0.16, -0.22, -0.26), (0.36, 0.06, -0.20),
    (0.72, 0.62, 0.15), (0.54, 0.78, 0.62), (-0.02, 0.50, 0.70), (-0.42, 0.22, 0.32),
    (-0.50, 0.08, -0.14), (-0.38, 0.02, -0.32), (-0.10, 0.00, -0.10),
)  # fmt: skip


def opposite(loop: Loop, share: float) -> NDArray[np.float64]:
    """Give the vector of a repolarisation that runs against its depolarisation.

    Parameters
    ----------
    loop : Loop
        The depolarisation.
    share : float
        Size of the answer over the mean vector of the loop.

    Returns
    -------
    ndarray of float64, shape (3,)
        Vector in mV.
    """
    return np.asarray(-share * loop.vectors.mean(axis=0))
