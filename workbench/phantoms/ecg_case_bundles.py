"""Beats whose way through the ventricles is blocked, large or stimulated."""

import numpy as np

from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_loops import Loop, T
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style, qt_of, t_vectors


def right_bundle(strip: Strip, rate_bpm: float, qrs_ms: float) -> Style:
    """Give a beat with the right bundle blocked.

    Parameters
    ----------
    strip : Strip
        Whose person it is.
    rate_bpm : float
        Beats per minute.
    qrs_ms : float
        Width of QRS (ms).

    Returns
    -------
    Style
        Wide beat with T against its slow end.
    """
    own = t_vectors(np.array([0.40, 0.20, 0.10]), np.array([0.44, 0.24, 0.06]))
    size = strip.person.t_size
    return Style(
        qrs=strip.person.loop(paths.RIGHT_BUNDLE), qrs_ms=qrs_ms, qt_ms=qt_of(rate_bpm, qrs_ms),
        t=Loop(size * own, T.places_cm),
    )  # fmt: skip
