"""Pacemakers that do their work, and such that do not."""

from dataclasses import replace

from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_above import fibrillating
from workbench.phantoms.ecg_case_bundles import INFARCT, discordant, wide
from workbench.phantoms.ecg_case_fast import even
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import moments, usual_style
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style

LATENCY_S = 0.012  # from the stimulus to what an eye sees of QRS or P
AV_S = 0.170


def _style(strip: Strip, p: Asked) -> tuple[Style, set[str]]:
    base = wide(strip, paths.RIGHT_TIP, p["rate_bpm"], p["qrs_ms"], 0.50)
    style, codes = discordant(replace(base, origin="paced"), p, codes={"EC231"}, critical="EC001")
    return style, codes


def _works(strip: Strip, p: Asked) -> set[str]:
    bpm, mode = p["rate_bpm"], p["mode"]
    paced, codes = _style(strip, p)
    narrow = usual_style(strip, bpm)
    onsets = [float(t) for t in even(strip, bpm, 0.0003)]
    strip.facts["chambers"] = {"dual": "both"}.get(mode, mode)
    for at in onsets:
        if mode in ("atrial", "dual"):
            strip.spike(at - AV_S, "atrium", mv=p["spike_mv"])
            strip.p(at - AV_S + LATENCY_S)
        led = at - AV_S + LATENCY_S if mode != "ventricular" else None
        if mode == "atrial":
            strip.beat(at + 0.02, narrow, p_onset_s=led)
            continue
        strip.spike(at - LATENCY_S, "ventricle", mv=p["spike_mv"])
        strip.beat(at, paced, "paced", p_onset_s=led)
    if mode == "atrial":
        return {"EC231"}
    if mode == "ventricular" and p["atria"] == "fibrillation":
        fibrillating(strip)
    elif mode == "ventricular":
        for at in moments(strip, 1.31 * bpm):
            strip.p(at)
    return codes


def _fails(strip: Strip, p: Asked) -> set[str]:
    """Stimuli that are not answered, or that stop; the heart's own escape comes late."""
    bpm = p["rate_bpm"]
    paced, _ = _style(strip, {**p, "infarct": "none"})
    slow = replace(usual_style(strip, 50.0), origin="junction", u=0.0)
    escape_s, last = 60.0 / p["escape_bpm"], -0.4
    stops = float(strip.generator.uniform(2.2, 3.2)) if p["failure"] == "output" else 1e9
    onsets = [float(t) for t in even(strip, bpm, 0.0003)]
    first = int(strip.generator.integers(p["every"]))
    for count, at in enumerate(onsets):
        while at - last > escape_s and last + escape_s < strip.seconds:
            last += escape_s
            strip.beat(last, slow, "late")
        if at > stops:
            continue
        refractory = at - last < 0.32  # the wall of the escape answers no stimulus yet
        captured = not refractory and (
            p["failure"] == "output" or (count + first) % p["every"] == 0
        )
        strip.spike(at - LATENCY_S, "ventricle", captured=captured, mv=p["spike_mv"])
        if captured:
            strip.beat(at, paced, "paced")
            last = at
    for at in moments(strip, p["atrial_bpm"]):
        strip.p(at)
    strip.facts["chambers"] = "ventricular"
    strip.facts["stops_s"] = None if stops > strip.seconds else stops
    return {"EC231", "EC032"}


_COMMON = {
    "rate_bpm": rate(64, 50, 100), "qrs_ms": Span(160, 130, 200, "ms"),
    "spike_mv": Span(1.4, 0.2, 3.0, "mV"),
}  # fmt: skip
RECIPES = (
    Recipe("paced", _works, "atrial, ventricular or dual chamber pacing", {
        **_COMMON, "mode": Choice("ventricular", ("atrial", "dual")), **INFARCT,
        "atria": Choice("sinus", ("fibrillation",)),
    }),
    Recipe("paced_failure", _fails, "stimuli without capture, or no stimuli", {
        **_COMMON, "failure": Choice("capture", ("output",)), "every": Span(3, 2, 5, "stimuli"),
        "escape_bpm": rate(30, 22, 38), "atrial_bpm": rate(78, 55, 100),
    }),
)  # fmt: skip
