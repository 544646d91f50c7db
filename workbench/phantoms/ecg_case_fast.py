"""Fast hearts: ventricular and supraventricular tachycardia, fibrillation of both."""

import numpy as np
from numpy.typing import NDArray

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import moments, usual_style
from workbench.phantoms.ecg_forms import DISCORDANT
from workbench.phantoms.ecg_fronts import straying
from workbench.phantoms.ecg_rows import SEEN, all_leads
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style, qt_of, t_vectors

ORIGINS = {"outflow": paths.OUTFLOW, "low": paths.LEFT_LOW, "high": paths.LEFT_HIGH}


def ventricular(strip: Strip, path: loops.Loop, rate_bpm: float, qrs_ms: float) -> Style:
    """Give a beat that begins in the ventricles.

    Parameters
    ----------
    strip : Strip
        Whose person it is.
    path : Loop
        Path of depolarisation.
    rate_bpm : float
        Beats per minute, which leaves room for T.
    qrs_ms : float
        Width of QRS (ms).

    Returns
    -------
    Style
        Wide beat with T against QRS.
    """
    qrs = strip.person.loop(path)
    against = paths.opposite(qrs, 0.62)
    return Style(
        qrs=qrs, qrs_ms=qrs_ms, qt_ms=qt_of(rate_bpm, qrs_ms),
        t=loops.Loop(_t(against), loops.T.places_cm), origin="ventricle",
    ).with_st(_st(against), DISCORDANT)  # fmt: skip


def _t(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return t_vectors(0.85 * vector, vector)


def _st(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.22 * SEEN @ vector)


def even(strip: Strip, rate_bpm: float, play: float = 0.006) -> NDArray[np.float64]:
    """Give onsets of a regular tachycardia.

    Parameters
    ----------
    strip : Strip
        Where it will be drawn.
    rate_bpm : float
        Beats per minute.
    play : float
        Standard deviation of an interval over its mean.

    Returns
    -------
    ndarray of float64, shape (n_beats,)
        Onsets (s) from before the strip to after it.
    """
    mean = 60.0 / rate_bpm
    count = int(strip.seconds / mean) + 4
    rr = mean * (1 + play * np.clip(strip.generator.standard_normal(count), -2, 2))
    rr *= mean / rr.mean()
    first = -mean * strip.generator.uniform(0.4, 1.0)
    return np.asarray(first + np.concatenate([[0.0], np.cumsum(rr)]))


def _mono(strip: Strip, p: Asked) -> set[str]:
    style = ventricular(strip, ORIGINS[p["origin"]], p["rate_bpm"], p["qrs_ms"])
    for onset in even(strip, p["rate_bpm"]):
        strip.beat(float(onset), style)
    for onset in moments(strip, p["atrial_bpm"]):  # the sinus node knows nothing of it
        strip.p(onset)
    found = np.round(strip.rate_bpm())
    if found >= 150:
        return {"EC013"}
    return {"EC020"} if found >= 120 else {"EC104"} if found > 110 else {"EC233"}


def spun(direction: NDArray[np.float64], mv: float) -> loops.Loop:
    """Give a wide beat of one phase in any direction.

    Parameters
    ----------
    direction : ndarray of float64, shape (3,)
        Unit vector (left, foot, back).
    mv : float
        Size of the vector at its peak.

    Returns
    -------
    Loop
        Path.
    """
    rise = np.array([0.04, 0.22, 0.55, 0.88, 1.0, 0.86, 0.58, 0.28, 0.08])
    aside = np.cross(direction, [0.3, 0.2, 0.93])
    bent = np.sin(np.linspace(0, 2 * np.pi, rise.size))[:, None] * aside * 0.25
    return loops.Loop(mv * (rise[:, None] * direction + bent), np.zeros((rise.size, 3)))


def _twisting(strip: Strip, p: Asked) -> set[str]:
    rate_bpm, chance = p["rate_bpm"], strip.generator
    base = usual_style(strip, 62)
    long = Style(qrs=base.qrs, qrs_ms=base.qrs_ms, qt_ms=p["qt_ms"], t=strip.person.t(1.25), u=0.0)
    mean = 60.0 / rate_bpm
    at = -float(chance.uniform(0.2, 0.9))
    starts = p["start_s"] or -1.0
    while at < starts - 1.2:
        strip.beat(at, long, p_onset_s=at - 0.16)
        strip.p(at - 0.16)
        at += 0.97 + 0.02 * float(chance.standard_normal())
    if p["start_s"]:  # short, long, short: an early beat, a pause, and a beat into the T wave
        strip.beat(at, long, p_onset_s=at - 0.16)
        strip.p(at - 0.16)
        at += 0.001 * p["qt_ms"] * 0.86
    phase = float(chance.uniform(0, 2 * np.pi))
    first = at
    while at < strip.seconds + 0.5:
        turn = 2 * np.pi * (at - first) / p["turn_s"] + phase
        direction = np.array([np.cos(turn), 1.1 * np.sin(turn + 0.5), 0.8 * np.sin(turn - 1.1)])
        direction /= np.linalg.norm(direction)
        size = (1.25 + 0.25 * np.sin(1.7 * turn)) * (1 + 0.10 * float(chance.standard_normal()))
        qrs = spun(direction, size * min(1.0, 0.55 + (at - first) / 1.2))
        style = Style(
            qrs=qrs, qrs_ms=min(165.0, 620 * mean), qt_ms=960 * mean,
            t=loops.Loop(_t(-0.52 * size * direction), loops.T.places_cm), origin="ventricle",
        )  # fmt: skip
        strip.beat(at, style, "usual" if not p["start_s"] else "another shape")
        at += mean * (1 + 0.09 * float(np.clip(chance.standard_normal(), -1.8, 1.8)))
    strip.facts["torsades_from_s"] = max(first, 0.0)
    return {"EC014"}


def _poly(strip: Strip, p: Asked) -> set[str]:
    mean, chance = 60.0 / p["rate_bpm"], strip.generator
    at, direction = -0.3, chance.standard_normal(3)
    while at < strip.seconds + 0.5:
        direction = 0.45 * direction + 0.9 * chance.standard_normal(3)
        direction /= np.linalg.norm(direction)
        size = float(chance.uniform(0.8, 1.7))
        wide = float(chance.uniform(0.55, 0.72)) * 1000 * mean
        style = Style(
            qrs=spun(direction, size), qrs_ms=wide, qt_ms=930 * mean,
            t=loops.Loop(_t(-0.45 * size * direction), loops.T.places_cm), origin="ventricle",
        )  # fmt: skip
        strip.beat(at, style)
        at += mean * (1 + 0.14 * float(np.clip(chance.standard_normal(), -1.8, 1.8)))
    return {"EC015"}


def _both_ways(strip: Strip, p: Asked) -> set[str]:
    rate_bpm = p["rate_bpm"]
    up, down = (
        ventricular(strip, path, rate_bpm, p["qrs_ms"])
        for path in (paths.LEFT_HIGH, paths.LEFT_LOW)
    )
    for count, onset in enumerate(even(strip, rate_bpm)):
        strip.beat(float(onset), (up, down)[count % 2])
    return {"EC016"}


def _fibrillating(strip: Strip, p: Asked) -> set[str]:
    chance, count = strip.generator, strip.times.size
    step = 1 / strip.rate_hz
    base = float(chance.uniform(4.4, 6.0)) * (1.0 if p["amplitude_mv"] > 0.3 else 0.9)
    total = np.zeros((3, count))
    for share in (1.0, 0.9, 0.75, 0.6, 0.5):
        direction = chance.standard_normal(3) * np.array([1.0, 1.1, 0.45])
        speed = base * float(chance.uniform(0.7, 1.35)) + 1.3 * straying(count, 0.22 / step, chance)
        phase = 2 * np.pi * np.cumsum(speed) * step + 2 * np.pi * chance.random()
        swell = np.clip(0.8 + 0.42 * straying(count, 0.45 / step, chance), 0.1, None)
        wave = np.sin(phase) + 0.28 * np.sin(2 * phase + 0.7 * straying(count, 1 / step, chance))
        total += share * swell * wave * direction[:, None] / np.linalg.norm(direction)
    strip.source(total)
    # usual height of the twelve leads within a second
    parts = np.array_split(all_leads(strip.rows)[:12], max(int(strip.seconds), 1), axis=1)
    strip.rows *= p["amplitude_mv"] / float(np.median([np.ptp(part, axis=1) for part in parts]))
    return {"EC011"}


def _flutter_of_ventricles(strip: Strip, p: Asked) -> set[str]:
    mean = 60.0 / p["rate_bpm"]
    phase = 2 * np.pi * (strip.times / mean + strip.generator.random())
    phase += 0.06 * straying(strip.times.size, strip.rate_hz, strip.generator)
    wave = np.sin(phase) + 0.16 * np.sin(2 * phase - 0.6)
    size = 1 + 0.04 * straying(strip.times.size, strip.rate_hz, strip.generator)
    strip.source(1.1 * size * wave * np.array([-0.45, 0.85, -0.35])[:, None])
    return {"EC012"}


RECIPES = (
    Recipe("vt", _mono, "monomorphic ventricular tachycardia with P that goes its own way", {
        "rate_bpm": rate(176, 90, 240, (111, "EC104"), (120, "EC020"), (150, "EC013")),
        "qrs_ms": Span(160, 122, 200, "ms"), "origin": Choice("low", ("outflow", "high")),
        "atrial_bpm": rate(84, 50, 110),
    }),
    Recipe("torsades", _twisting, "axis that turns around the line, after long QT", {
        "rate_bpm": rate(220, 160, 260), "turn_s": Span(4.6, 2.5, 8.0, "s"),
        "qt_ms": Span(600, 520, 680, "ms"), "start_s": Span(3.4, 0, 6, "s"),
    }),
    Recipe("vt_polymorphic", _poly, "every beat from elsewhere", {"rate_bpm": rate(205, 140, 260)}),
    Recipe("vt_bidirectional", _both_ways, "axis up and down by turns", {
        "rate_bpm": rate(156, 120, 200), "qrs_ms": Span(138, 120, 160, "ms"),
    }),
    Recipe("vf", _fibrillating, "ventricular fibrillation, coarse to fine", {
        "amplitude_mv": Span(0.9, 0.08, 2.0, "mV", ((0.2, "fine below"),)),
    }),
    Recipe("ventricular_flutter", _flutter_of_ventricles, "one wave without QRS or T", {
        "rate_bpm": rate(260, 220, 300),
    }),
)  # fmt: skip
