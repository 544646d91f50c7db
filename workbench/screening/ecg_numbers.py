"""Numbers of the rhythm, each with its method, or null and why."""

import numpy as np

from workbench.domain.finding import Measurement
from workbench.domain.rulebook import RuleBook
from workbench.ecg.rhythm import is_irregular
from workbench.screening.ecg_look import EcgLook


def rhythm_measurements(look: EcgLook, book: RuleBook) -> tuple[Measurement, ...]:
    """Rate by both detectors, regularity, locking of P and the longest pause."""
    rhythm, lead_list = look.rhythm, ", ".join(look.leads)
    by_all = f"60 over mean RR, summed slope of {lead_list or 'no lead'}"
    irregular = is_irregular(rhythm, book["rhythm.irregular"].value)
    longest = rhythm.longest
    where = "" if longest is None else f"{longest.from_s:.2f} to {longest.to_s:.2f} s"
    cut = "at least: the strip begins or ends inside it" if longest and longest.at_least else ""
    mean_ms = 1000 * float(rhythm.rr_s.mean()) if rhythm.rr_s.size else float("nan")
    fast = "not measurable, because fewer than 4 beats have room for a P wave before them"
    half = abs(look.second.rate_bpm - rhythm.rate_bpm) / 2 if look.doubt else None
    rows = [
        _number("heart_rate_bpm", rhythm.rate_bpm, "bpm", by_all, rhythm.rate_reason),
        _number(
            "heart_rate_second_bpm", look.second.rate_bpm, "bpm",
            "median of single leads, energy of the slope",
            "not measurable, because no single lead gave a rate",
        ),
        _number("rr_mean_ms", mean_ms, "ms", by_all, rhythm.rate_reason),
        _number(
            "rr_variation", rhythm.variation, "1",
            "median difference of neighbouring RR over mean RR", rhythm.variation_reason,
        ),
        _number("rr_spread", rhythm.spread, "1", "standard deviation of RR over mean RR",
                rhythm.variation_reason),
        _number(
            "rhythm_irregular", float("nan") if irregular is None else float(irregular), "1",
            f"1 when rr_variation exceeds {book['rhythm.irregular'].value:g}",
            rhythm.variation_reason,
        ),
        _number("p_locking", look.locking, "1", "likeness of the stretch before each QRS", fast),
        Measurement(
            "longest_rr_s", None if longest is None else round(longest.seconds, 3), "s",
            "longest recorded stretch without QRS", where, rhythm.longest_reason or cut,
        ),
    ]  # fmt: skip
    if look.stop:
        return tuple(Measurement(m.name, None, m.unit, m.method, "", look.stop) for m in rows)
    if look.doubt:
        first = rows[0]
        rows[0] = Measurement(
            first.name, first.value, first.unit, first.method, first.place, look.doubt, half
        )
    return tuple(rows)


def _number(name: str, value: float, unit: str, method: str, reason: str) -> Measurement:
    if np.isnan(value):
        return Measurement(name, None, unit, method, "", reason)
    return Measurement(name, round(value, 3), unit, method)
