"""Sinus rhythm for cases that differ in their beats and not in their timing."""

from collections.abc import Iterator

import numpy as np

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms.ecg_rhythm import sinus_rr
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import USUAL_QRS_MS, Style, qt_of

PR_MS = 158.0


def moments(strip: Strip, rate_bpm: float) -> Iterator[float]:
    """Give the QRS onsets of a sinus rhythm, from before the strip to after it.

    Parameters
    ----------
    strip : Strip
        Where it will be drawn.
    rate_bpm : float
        Beats per minute.

    Yields
    ------
    float
        Onsets (s).
    """
    mean = 60.0 / rate_bpm
    rr = sinus_rr(mean, strip.seconds + 3 * mean, strip.breath_hz, strip.generator)
    first = -mean * float(strip.generator.uniform(0.35, 1.0))
    yield from (first + np.concatenate([[0.0], np.cumsum(rr)])).tolist()


def usual_style(strip: Strip, rate_bpm: float, t_size: float = 1.0) -> Style:
    """Give the beat of a healthy person at a rate.

    Parameters
    ----------
    strip : Strip
        Whose person it is.
    rate_bpm : float
        Beats per minute.
    t_size : float
        Factor on T.

    Returns
    -------
    Style
        Usual beat; a fast heart has flatter T waves.
    """
    flat = float(np.clip(60.0 / rate_bpm / 0.7, 0.55, 1.0))
    return Style(
        qrs=strip.person.loop(loops.QRS),
        qrs_ms=USUAL_QRS_MS,
        qt_ms=qt_of(rate_bpm),
        t=strip.person.t(t_size * flat),
        u=1.0 if rate_bpm < 65 else 0.0,
    )


def sinus(strip: Strip, style: Style, rate_bpm: float, pr_ms: float = PR_MS,
          p_size: float = 1.0) -> None:  # fmt: skip
    """Draw one kind of beat in sinus rhythm.

    Parameters
    ----------
    strip : Strip
        Canvas.
    style : Style
        Beat.
    rate_bpm : float
        Beats per minute.
    pr_ms : float
        P onset to QRS onset (ms).
    p_size : float
        Factor on P; 0 draws none.
    """
    room = min(104.0, pr_ms - 30.0, 0.30 * 60000.0 / rate_bpm)
    for onset in moments(strip, rate_bpm):
        begin = onset - pr_ms / 1000 if p_size else None
        strip.beat(onset, style, p_onset_s=begin)
        if begin is not None:
            strip.p(begin, p_size, ms=room)
