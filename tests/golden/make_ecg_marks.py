"""Golden numbers between marks on drawn beats, by scipy's splines of degree 1.

Shares no line with workbench/ecg/beat_marks.py or frontend/ecg/marks.mjs:
python tests/golden/make_ecg_marks.py > tests/golden/ecg_marks.json
"""

import json
import sys

import numpy as np
import scipy
from scipy.interpolate import InterpolatedUnivariateSpline

MARKS = ("p_on", "p_off", "qrs_on", "j", "t_end")
USUAL = {"p_on": 61.5, "p_off": 170.0, "qrs_on": 221.3, "j": 318.7, "t_end": 611.9}


def beat(rate, seed, length=0.8):
    """Sums of bells, rounded to whole microvolts as a display copy is."""
    t = np.arange(round(length * rate)) / rate
    chance = np.random.default_rng(seed)
    lead = {}
    for name in ("I", "II", "aVF", "V2"):
        size = chance.uniform(-1, 1.4, 5)
        bells = (
            (0.115, 0.025, 0.1),
            (0.24, 0.008, -0.2),
            (0.268, 0.011, 1.1),
            (0.297, 0.010, -0.4),
            (0.5, 0.045, 0.3),
        )
        wave = sum(
            s * h * np.exp(-0.5 * ((t - at) / w) ** 2)
            for s, (at, w, h) in zip(size, bells, strict=True)
        )
        lead[name] = np.round(wave + 0.05 * t + chance.normal(0, 0.004, t.size), 3)
    return lead


def line(samples, rate, first, last):
    """The polygon through the samples between two times in ms, or None where there is none."""
    a, b = np.array([first, last]) * rate / 1000
    if a < 0 or b > samples.size - 1:
        return None
    low, high = int(np.floor(a)), int(np.ceil(b))
    low, high = max(min(low, high - 1), 0), max(high, low + 1)
    part = samples[low : high + 1]
    if not np.isfinite(part).all():
        return None
    return InterpolatedUnivariateSpline(np.arange(low, low + part.size), part, k=1), a, b


def mean(samples, rate, first, last):
    found = line(samples, rate, first, last)
    return None if found is None else found[0].integral(found[1], found[2]) / (found[2] - found[1])


def height(samples, rate, at):
    # the neighbours of a time that falls on a sample do not matter
    place = at * rate / 1000
    if abs(place - round(place)) < 1e-9 and 0 <= round(place) < samples.size:
        value = samples[round(place)]
        return float(value) if np.isfinite(value) else None
    found = line(samples, rate, at, at)
    return None if found is None else float(found[0](found[1]))


def numbers(lead, rate, marks, rr_ms, calibrated):
    has = {name: marks.get(name) for name in MARKS}

    def span(a, b):
        return has[b] - has[a] if None not in (has[a], has[b]) and has[b] > has[a] else None

    qt = span("qrs_on", "t_end")
    out = {
        "heart_rate_bpm": 6e4 / rr_ms if rr_ms else None,
        "p_ms": span("p_on", "p_off"), "pr_ms": span("p_on", "qrs_on"),
        "qrs_ms": span("qrs_on", "j"), "qt_ms": qt,
    }  # fmt: skip
    rr = np.float64(rr_ms or np.nan) / 1000
    for name, value in (
        ("fridericia", lambda: qt / np.cbrt(rr)), ("bazett", lambda: qt * rr**-0.5),
        ("framingham", lambda: qt + 154 - 154 * rr), ("hodges", lambda: qt + 105 * (1 / rr - 1)),
    ):  # fmt: skip
        out[f"qtc_{name}_ms"] = None if qt is None or not rr_ms else float(value())
    for name, first, last, base in (
        ("p", "p_on", "p_off", "p_on"),
        ("qrs", "qrs_on", "j", "qrs_on"),
        ("t", "j", "t_end", "qrs_on"),
    ):
        out[f"{name}_axis_deg"] = (
            axis(lead, rate, has, (first, last, base)) if span(first, last) else None
        )
    for name, after in (("st_j_mv", 0), ("st_j60_mv", 60), ("st_j80_mv", 80)):
        out[name] = {}
        for key, samples in lead.items():
            level = (
                mean(samples, rate, has["qrs_on"] - 8, has["qrs_on"])
                if span("qrs_on", "j")
                else None
            )
            value = height(samples, rate, has["j"] + after) if has["j"] is not None else None
            out[name][key] = None if None in (level, value) or not calibrated else value - level
    return out


def axis(lead, rate, has, wave):
    first, last, base = wave
    if has[base] is None or has[base] > has[first] or not {"I", "aVF"} <= set(lead):
        return None
    a, b = has[first], has[last]
    a = a if first != "j" else a + min(80.0, (b - a) / 2)
    parts = []
    for name in ("I", "aVF"):
        level, wave_mean = (
            mean(lead[name], rate, has[base] - 8, has[base]),
            mean(lead[name], rate, a, b),
        )
        if level is None or wave_mean is None:
            return None
        parts.append(wave_mean - level)
    return float(np.degrees(np.angle(complex(parts[0], parts[1] * 2 / np.sqrt(3)))))


def case(says, *, rate=500.0, seed=1, rr_ms=834.0, calibrated=True, leads=None, gap=None, **marks):
    lead = {k: v for k, v in beat(rate, seed).items() if leads is None or k in leads}
    if gap:
        for samples in lead.values():
            samples[gap[0] : gap[1]] = np.nan
    placed = {**USUAL, **marks}
    return {
        "says": says, "rate": rate, "rr_ms": rr_ms, "calibrated": calibrated, "marks": placed,
        "leads": {k: [None if np.isnan(x) else float(x) for x in v] for k, v in lead.items()},
        "expected": numbers(lead, rate, placed, rr_ms, calibrated),
    }  # fmt: skip


CASES = [
    case("all marks, between samples"),
    case("another heart, 250 Hz, fast", rate=250.0, seed=2, rr_ms=412.0, t_end=498.0),
    case(
        "1000 Hz, marks on samples, slow",
        rate=1000.0,
        seed=3,
        rr_ms=1520.0,
        p_on=60.0,
        qrs_on=220.0,
        j=318.0,
        t_end=640.0,
    ),
    case("no P wave", seed=4, p_on=None, p_off=None),
    case("no end of T", seed=5, t_end=None),
    case("no J point", seed=6, j=None),
    case("J before QRS begins", seed=7, j=200.0),
    case("amplitudes unknown", seed=8, calibrated=False),
    case("one beat only", seed=9, rr_ms=None),
    case("lead aVF missing", seed=10, leads={"I", "II", "V2"}),
    case("cut before the end of T", seed=11, gap=(290, 400)),
    case(
        "QRS at the very beginning", seed=12, p_on=None, p_off=None, qrs_on=3.0, j=90.0, t_end=400.0
    ),
    case("short ST: T axis from half-way", seed=13, j=318.0, t_end=430.0),
]

if __name__ == "__main__":
    made_by = (
        f"python tests/golden/make_ecg_marks.py > tests/golden/ecg_marks.json; numpy "
        f"{np.__version__}, scipy {scipy.__version__}: spline of degree 1, its integral"
    )
    json.dump({"made_by": made_by, "cases": CASES}, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
