"""Slow hearts: sinus rhythm at any rate, AV block, pauses, standstill."""

from dataclasses import replace

import numpy as np

from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_bundles import right_bundle
from workbench.phantoms.ecg_case_fast import even, ventricular
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import PR_MS, moments, sinus, usual_style
from workbench.phantoms.ecg_fronts import straying
from workbench.phantoms.ecg_strip import Strip


def of_rate(found: float) -> set[str]:
    """Name a sinus rate.

    Parameters
    ----------
    found : float
        Beats per minute.

    Returns
    -------
    set of str
        Codes.
    """
    if np.isnan(found):  # too few beats for a rate
        return set()
    whole = round(found)
    for least, code in ((150, "EC115"), (101, "EC202"), (60, ""), (41, "EC201"), (36, "EC114")):
        if whole >= least:
            return {code} - {""}
    return {"EC021"}


def _sinus(strip: Strip, p: Asked) -> set[str]:
    style = usual_style(strip, p["rate_bpm"])
    pr = min(p["pr_ms"], 0.55 * 60000 / p["rate_bpm"])
    sinus(strip, style, p["rate_bpm"], pr)
    first = {"EC207"} if pr > 200 else set()
    return {"EC303", *of_rate(strip.rate_bpm()), *first}


def _escape(strip: Strip, p: Asked) -> set[str]:
    """Third degree: two rhythms that do not know of each other."""
    bpm = p["rate_bpm"]
    if p["escape"] == "wide":
        style = ventricular(strip, paths.RIGHT_TIP, max(bpm, 45), p["qrs_ms"])
    else:
        style = replace(usual_style(strip, max(bpm, 45)), origin="junction")
    for onset in even(strip, bpm, 0.01):
        strip.beat(float(onset), style)
    for onset in moments(strip, p["atrial_bpm"]):
        strip.p(onset)
    strip.facts |= {"atria": "dissociated", "atrial_bpm": p["atrial_bpm"]}
    return {"EC022", "EC021"} if np.round(strip.rate_bpm()) <= 35 else {"EC022"}


def _dropped(strip: Strip, p: Asked) -> set[str]:
    """Second degree: P in its own rhythm, of which some are not answered."""
    style = replace(usual_style(strip, 60.0), u=0.0)
    kind, longest = p["type"], 0
    if p["wide"] == "yes":
        style = right_bundle(strip, 60.0, 136.0)
    cycle, missed = int(strip.generator.integers(p["cycle"])), 0
    for onset in moments(strip, p["atrial_bpm"]):
        at = onset - PR_MS / 1000
        strip.p(at)
        cycle += 1
        place = cycle % p["cycle"]
        if kind == "I":  # PR grows by less and less until one is not answered
            pr = None if place == p["cycle"] - 1 else 0.17 + 0.11 * (1 - 0.45**place)
        elif kind == "II":
            pr = None if place == p["cycle"] - 1 else p["pr_ms"] / 1000
        elif kind == "2:1":
            pr = p["pr_ms"] / 1000 if cycle % 2 else None
        else:
            pr = p["pr_ms"] / 1000 if place == 0 else None
        missed = missed + 1 if pr is None else 0
        longest = max(longest, missed)
        if pr is not None:
            strip.beat(at + pr, style, p_onset_s=at)
    strip.facts |= {"atria": "partly conducted", "atrial_bpm": p["atrial_bpm"], "missed": longest}
    found = np.round(strip.rate_bpm())
    slow = of_rate(found) & {"EC021"}
    return {{"I": "EC208", "II": "EC105", "2:1": "EC106", "high": "EC023"}[kind], *slow}


def _pause(strip: Strip, p: Asked) -> set[str]:
    mean, pause = 60.0 / p["rate_bpm"], p["pause_s"]
    if strip.seconds < pause + 2.0:
        raise ValueError(f"{pause} s of pause need {pause + 2.0} s of strip; {strip.seconds} given")
    style = usual_style(strip, p["rate_bpm"])
    begin = float(strip.generator.uniform(0.15, 0.9)) * max(strip.seconds - pause - 1.2, 0.4) + 0.3
    before = [begin - mean * n for n in range(int(begin / mean) + 2)]
    after, at = [], begin + pause
    while at < strip.seconds + mean:
        after.append(at)
        at += mean * (1 + 0.01 * float(strip.generator.standard_normal()))
    junction = replace(style, origin="junction")
    for onset in before + after:
        if onset == after[0] and p["end"] == "escape":
            strip.beat(onset, junction, "late")
            continue
        strip.beat(onset, style, p_onset_s=onset - PR_MS / 1000)
        strip.p(onset - PR_MS / 1000)
    strip.facts["pause_s"] = pause
    if pause >= 3.0:
        return {"EC024"}
    return {"EC108"} if pause >= 2.0 else set()


def _standstill(strip: Strip, p: Asked) -> set[str]:
    if p["atria"] == "p":
        for onset in moments(strip, p["atrial_bpm"]):
            strip.p(onset)
    drift = 0.012 * straying(strip.times.size, 1.2 * strip.rate_hz, strip.generator)
    strip.source(drift * np.array([0.4, 0.7, -0.5])[:, None])
    return {"EC025"}


RECIPES = (
    Recipe("sinus", _sinus, "healthy person at any rate", {
        "rate_bpm": rate(72, 22, 180, (35, "EC021"), (40, "EC114"), (60, "EC201"), (101, "EC202"),
                         (150, "EC115")),
        "pr_ms": Span(PR_MS, 110, 400, "ms", ((200, "EC207"),)),
    }),
    Recipe("av_block_3", _escape, "atria and ventricles apart", {
        "rate_bpm": rate(32, 20, 60, (35, "EC021"), (40, "EC022")),
        "atrial_bpm": rate(82, 60, 120), "escape": Choice("wide", ("narrow",)),
        "qrs_ms": Span(154, 122, 190, "ms"),
    }),
    Recipe("av_block_2", _dropped, "P that are not all answered", {
        "type": Choice("I", ("II", "2:1", "high")), "cycle": Span(4, 3, 6, "P"),
        "atrial_bpm": rate(82, 50, 120, (70, "EC021")), "pr_ms": Span(178, 120, 260, "ms"),
        "wide": Choice("no", ("yes",)),
    }),
    Recipe("pause", _pause, "sinus arrest between usual beats", {
        "pause_s": Span(3.4, 1.5, 7.0, "s", ((2.0, "EC108"), (3.0, "EC024"), (5.0, "EC024"))),
        "rate_bpm": rate(68, 45, 100), "end": Choice("sinus", ("escape",)),
    }),
    Recipe("asystole", _standstill, "no QRS, with or without P", {
        "atria": Choice("p", ("none",)), "atrial_bpm": rate(76, 40, 110),
    }),
)  # fmt: skip
