"""What the engine says of the usual beat: its marks, and the numbers between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from workbench.domain.finding import Measurement
from workbench.domain.trace import Trace
from workbench.ecg.beat_marks import NOT_MARKED, Measured, measure
from workbench.ecg.dominant_beat import DominantBeat
from workbench.ecg.global_waves import GlobalWaves, global_waves
from workbench.ecg.rhythm import Rhythm
from workbench.ecg.t_end import RUNS_ON
from workbench.ecg.wave_errors import wave_errors
from workbench.ecg.wave_speed import Curves, curves_of

FAULTY = "a fault of the lead forbids measuring it"
NO_BEAT = "no averaged beat: no QRS complex lies whole inside the strip"
BY = "measured by the engine on the averaged beat"
INTERVALS = (
    "p_ms", "pr_ms", "qrs_ms", "qt_ms", "qtc_fridericia_ms", "qtc_bazett_ms",
    "qtc_framingham_ms", "qtc_hodges_ms",
)  # fmt: skip
AXES = ("p_axis_deg", "qrs_axis_deg", "t_axis_deg")


@dataclass(frozen=True, slots=True, eq=False)
class BeatLook:
    """The usual beat with its marks and numbers, or why there is none."""

    beat: DominantBeat | None
    waves: GlobalWaves | None
    measured: Measured | None
    rr_ms: float | None
    reason: str = ""
    errors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    good: DominantBeat | None = None  # the beat with its usable leads
    curves: Curves | None = None  # what was measured on: those leads without gaps and spikes


def look_at_beat(
    trace: Trace,
    beat: DominantBeat | None,
    rhythm: Rhythm,
    usable: tuple[str, ...] = (),
    without_p: str = "",
) -> BeatLook:
    """Mark the waves of the usual beat and measure between the marks.

    Only usable leads are marked and measured (all when none are named); all are averaged, to be
    looked at.
    """
    rr_ms = 1000 * float(rhythm.rr_s.mean()) if rhythm.rr_s.size else None
    if beat is None:
        return BeatLook(None, None, None, rr_ms, NO_BEAT)
    good = beat.only(tuple(name for name in beat.leads if name in usable)) if usable else beat
    rr_s = np.nan if rr_ms is None else rr_ms / 1000
    curves = curves_of(good)
    waves = global_waves(good, rr_s, curves)
    if without_p:
        waves = _p_taken_off(waves, without_p)
    rows = {name: row.tolist() for name, row in zip(good.leads, good.millivolts, strict=True)}
    measured = measure(rows, good.rate, waves.marks_ms, rr_ms, calibrated=trace.calibrated)
    errors = MappingProxyType(wave_errors(good, waves, rr_s, curves))
    return BeatLook(beat, waves, measured, rr_ms, errors=errors, good=good, curves=curves)


def _p_taken_off(waves: GlobalWaves, why: str) -> GlobalWaves:
    """Marks without P: what looks like one at a fixed distance is not the P of these beats."""
    marks = {**waves.marks_ms, "p_on": None, "p_off": None}
    reasons = {**waves.reasons, "p_on": why, "p_off": why}
    return GlobalWaves(MappingProxyType(marks), MappingProxyType(reasons))


def no_beat(reason: str) -> BeatLook:
    """What is said where nothing may be judged at all."""
    return BeatLook(None, None, None, None, reason)


def beat_measurements(look: BeatLook, leads: tuple[str, ...]) -> tuple[Measurement, ...]:
    """Every number of the beat, null with the reason where it cannot be had."""
    measured: Mapping[str, object] = look.measured or {}
    reasons = measured.get("reasons", {})
    marks = look.waves.reasons if look.waves else {}
    rows = []
    st = measured.get("st_j_mv", {})
    values: dict[str, tuple[object, str]] = {
        **{name: (measured.get(name), "ms") for name in INTERVALS},
        **{name: (measured.get(name), "deg") for name in AXES},
        **{
            f"st_j_mv.{lead}": (st.get(lead) if isinstance(st, Mapping) else None, "mV")
            for lead in leads
        },
    }
    for name, (value, unit) in values.items():
        faulty = FAULTY if name.startswith("st_j_mv.") and measured else ""
        said = str(reasons.get(name, faulty)) if isinstance(reasons, Mapping) else ""
        reason = look.reason or _deeper(said, marks)
        if isinstance(value, float) and np.isfinite(value):
            digits = 3 if unit == "mV" else 1
            error = look.errors.get(name)
            sure = None if error is None else round(error, digits)
            rows.append(Measurement(name, round(value, digits), unit, BY, error=sure))
        else:
            rows.append(Measurement(name, None, unit, BY, "", f"not measurable; {reason}"))
    return tuple(rows)


def without_qt(rows: tuple[Measurement, ...]) -> tuple[Measurement, ...]:
    """The same numbers, without those that need the end of a T that runs into the next beat."""
    return tuple(
        Measurement(row.name, None, row.unit, BY, "", f"not measurable; {RUNS_ON}")
        if row.name.startswith("qt") and row.value is not None
        else row
        for row in rows
    )


def _deeper(said: str, marks: Mapping[str, str]) -> str:
    """Why the mark is missing says more than that it is."""
    for mark, plain in NOT_MARKED.items():
        if said == plain and mark in marks:
            return marks[mark]
    return said
