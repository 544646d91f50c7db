"""Beats that come too early, from the ventricles or the atria."""

from dataclasses import dataclass, replace

from workbench.phantoms import ecg_loops as loops
from workbench.phantoms import ecg_ventricles as paths
from workbench.phantoms.ecg_case_fast import ventricular
from workbench.phantoms.ecg_case_list import Asked, Choice, Recipe, Span, rate
from workbench.phantoms.ecg_case_sinus import PR_MS, usual_style
from workbench.phantoms.ecg_loops import turned
from workbench.phantoms.ecg_strip import Strip
from workbench.phantoms.ecg_style import Style

PATTERNS = ("single", "pairs", "bigeminy", "trigeminy", "run", "multifocal", "r_on_t")
# From a low place at the side of the atria: another axis and shape than the usual P.
OTHER_P = turned(loops.P, -75.0, 20.0, 0.9)


@dataclass(slots=True)
class _Clock:
    """A sinus node that goes on beating whatever happens below it."""

    strip: Strip
    mean_s: float
    at: float

    def next(self) -> float:
        self.at += self.mean_s * (1 + 0.012 * float(self.strip.generator.standard_normal()))
        return self.at


def _led(strip: Strip, at: float, style: Style) -> None:
    begin = at - PR_MS / 1000
    strip.p(begin)
    strip.beat(at, style, p_onset_s=begin)


def _every(pattern: str, count: int, per_strip: float) -> tuple[int, int]:
    """After how many usual beats, and how many early ones."""
    few = max(round(count / (per_strip + 1.0)), 2)
    return {
        "bigeminy": (1, 1), "trigeminy": (2, 1), "pairs": (few, 2), "run": (few, 4),
    }.get(pattern, (few, 1))  # fmt: skip


def _ventricular(strip: Strip, p: Asked) -> set[str]:
    bpm, pattern = p["rate_bpm"], p["pattern"]
    mean = 60.0 / bpm
    style = usual_style(strip, bpm)
    foci = [paths.FOCI[n] for n in strip.generator.permutation(3)]
    wides = [replace(ventricular(strip, f, 75.0, p["qrs_ms"]), u=0.0) for f in foci]
    # T is highest at 0.7 of the way from J to its end
    top = (style.qrs_ms + 0.70 * (style.qt_ms - style.qrs_ms)) / 1000
    coupling = top if pattern == "r_on_t" else p["coupling_ms"] / 1000
    usual, early = _every(pattern, int(strip.seconds / mean), p["per_10_s"] * strip.seconds / 10)
    clock = _Clock(strip, mean, -mean * float(strip.generator.uniform(0.2, 0.9)))
    _led(strip, clock.at, style)
    done, which, drawn, number = 1, 0, 0, int(strip.generator.integers(usual))
    while clock.at < strip.seconds + mean:
        if done + number < usual:
            _led(strip, clock.next(), style)
            done += 1
            continue
        at = clock.at
        for _ in range(early):
            at += coupling + 0.012 * float(strip.generator.standard_normal())
            focus = which % 2 if pattern == "multifocal" else 0
            strip.beat(at, wides[focus], "early, wide")
            which += 1
            drawn += 0 <= at < strip.seconds
        until = at + 0.50  # the node beats on; what it sends into refractory tissue is lost
        while clock.next() - PR_MS / 1000 < until:
            strip.p(clock.at - PR_MS / 1000)
        _led(strip, clock.at, style)
        done, number = 1, 0
    strip.facts |= {"early_wide": drawn, "t_peak_ms": round(1000 * top, 1)}
    return _said(pattern, drawn * 60 / strip.seconds)


def _said(pattern: str, per_minute: float) -> set[str]:
    named = {
        "pairs": {"EC113"}, "multifocal": {"EC113"}, "r_on_t": {"EC027"}, "run": {"EC104"},
        "bigeminy": {"EC235", "EC113"}, "trigeminy": {"EC235", "EC113"},
    }  # fmt: skip
    if pattern in named:
        return named[pattern]
    return {"EC113"} if per_minute > 5 else {"EC204"} if per_minute else set()


def _atrial(strip: Strip, p: Asked) -> set[str]:
    bpm = p["rate_bpm"]
    mean, style = 60.0 / bpm, usual_style(strip, bpm)
    early = replace(style, origin="atrial")
    every = max(round(strip.seconds / mean / (p["per_10_s"] * strip.seconds / 10 + 1.0)), 2)
    at, count, drawn = -mean * float(strip.generator.uniform(0.2, 0.9)), 0, 0
    count = int(strip.generator.integers(every))
    while at < strip.seconds + mean:
        _led(strip, at, style)
        count += 1
        if count % every == 0:
            begin = at + p["coupling_ms"] / 1000
            strip.p(begin, loop=OTHER_P, ms=92.0)
            drawn += 0 <= begin < strip.seconds
            if p["conducted"] == "yes":
                strip.beat(begin + 0.148, early, "early, narrow", p_onset_s=begin)
            at = begin + PR_MS / 1000 + 1.08 * mean  # the node was reset
        else:
            at += mean * (1 + 0.014 * float(strip.generator.standard_normal()))
    strip.facts["early_p"] = drawn
    return {"EC203"} if drawn else set()


RECIPES = (
    Recipe("pvc", _ventricular, "early wide beats, alone to in runs", {
        "pattern": Choice(PATTERNS[0], PATTERNS[1:]), "coupling_ms": Span(460, 380, 560, "ms"),
        "qrs_ms": Span(152, 122, 180, "ms"), "per_10_s": Span(1, 1, 4, "1", ((1.0, "EC113"),)),
        "rate_bpm": rate(70, 50, 90),
    }),
    Recipe("pac", _atrial, "early P of another shape, answered or not", {
        "coupling_ms": Span(440, 340, 560, "ms"), "per_10_s": Span(2, 1, 4, "1"),
        "conducted": Choice("yes", ("no",)), "rate_bpm": rate(70, 50, 90),
    }),
)  # fmt: skip
