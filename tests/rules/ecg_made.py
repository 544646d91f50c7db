"""A healthy tracing as the rules see it, and the same with single numbers changed."""

from dataclasses import replace

import numpy as np

from workbench import editions
from workbench.domain.context import PatientContext
from workbench.domain.finding import Finding, Severity
from workbench.domain.rulebook import RuleBook
from workbench.ecg.facts import (
    AtrialFacts,
    AtrialRhythm,
    EcgFacts,
    LeadWaves,
    PacingFacts,
)
from workbench.ecg.rhythm import Rhythm

NAMES = tuple(n for n in editions.rule_book_names() if n.startswith("ecg-adult"))
BOOK = RuleBook(
    "ecg-adult-2026.1",
    {key: limit for n in NAMES for key, limit in editions.rule_book(n).thresholds.items()},
)
MAN = PatientContext(age_years=58, sex="M")
YOUNG_MAN = PatientContext(age_years=28, sex="M")
WOMAN = PatientContext(age_years=58, sex="F")
NOBODY = PatientContext()
PACED = PacingFacts(spikes_s=(0.5, 1.5), captured=(True, True), chambers="ventricular")
# R and S of a healthy heart (mV), from a textbook page of normal adults
_QRS = {
    "I": (0.6, 0.1), "II": (1.0, 0.1), "III": (0.5, 0.1), "aVR": (0.1, 0.8), "aVL": (0.3, 0.1),
    "aVF": (0.7, 0.1), "V1": (0.2, 0.9), "V2": (0.5, 1.2), "V3": (0.8, 0.8), "V4": (1.3, 0.5),
    "V5": (1.2, 0.2), "V6": (0.9, 0.1),
}  # fmt: skip


def lead(name: str, r: float = 0.5, s: float = 0.2, **changed: float | int | None) -> LeadWaves:
    """A healthy lead."""
    t = -0.2 if name == "aVR" else 0.25
    usual: dict[str, float | int | None] = {
        "q_mv": 0.0, "q_ms": 0.0, "r_mv": r, "r_ms": 45.0, "s_mv": s, "s_ms": 25.0, "r2_mv": 0.0,
        "r2_ms": 0.0, "s2_mv": 0.0, "qrs_pp_mv": r + s, "qrs_area_mvms": 20 * (r - s),
        "r_peak_ms": 40.0, "notches": 0, "initial_slope": 0.9, "st_j_mv": 0.0, "st_j60_mv": 0.01,
        "st_j80_mv": 0.02, "st_slope_mv_s": 0.2, "t_max_mv": max(t, 0.0), "t_min_mv": min(t, 0.0),
        "t_peak_ms": 280.0, "t_width_ms": 150.0, "u_mv": 0.0, "p_max_mv": 0.1, "p_min_mv": -0.02,
        "p_terminal_mvms": 1.0, "noise_mv": 0.01,
    }  # fmt: skip
    return LeadWaves(lead=name, **{**usual, **changed})  # type: ignore[arg-type]


def healthy(
    numbers: dict[str, float | None] | None = None,
    rate: float = 72.0,
    **leads: dict[str, float | int | None],
) -> EcgFacts:
    """A healthy tracing; `leads` change single waves by lead name, new leads are added."""
    rr = np.full(11, 60 / rate)
    waves = {name: lead(name, r, s, **leads.get(name, {})) for name, (r, s) in _QRS.items()}
    waves |= {n: lead(n, **changed) for n, changed in leads.items() if n not in waves}
    usual = {
        "p_ms": 104.0, "pr_ms": 160.0, "qrs_ms": 92.0, "qt_ms": 380.0,
        "qtc_fridericia_ms": 400.0, "qtc_bazett_ms": 410.0, "qtc_framingham_ms": 400.0,
        "qtc_hodges_ms": 400.0, "p_axis_deg": 50.0, "qrs_axis_deg": 50.0, "t_axis_deg": 45.0,
    }  # fmt: skip
    return EcgFacts(
        rhythm=Rhythm(rate, rr, 0.01, 0.01, None),
        seconds=10.0,
        atria=AtrialFacts(AtrialRhythm.LOCKED_P),
        leads=waves,
        numbers={**usual, **(numbers or {})},
    )


def st(j: float, later: float | None = None, slope: float = 0.2) -> dict[str, float | int | None]:
    """ST of a lead that stays where it is, or goes to `later`."""
    end = j if later is None else later
    return {"st_j_mv": j, "st_j60_mv": end, "st_j80_mv": end, "st_slope_mv_s": slope}


def left_block(**leads: dict[str, float | int | None]) -> EcgFacts:
    """A left bundle branch block with ST against QRS as it should be."""
    shape: dict[str, dict[str, float | int | None]] = {
        "V1": {"r_mv": 0.0, "s_mv": 0.0, "q_mv": 1.6, "qrs_area_mvms": -80.0, **st(0.15)},
        "V2": {"r_mv": 0.1, "s_mv": 2.2, "qrs_area_mvms": -110.0, **st(0.25)},
        "V3": {"r_mv": 0.1, "s_mv": 2.0, "qrs_area_mvms": -90.0, **st(0.25)},
        "V5": {"r_mv": 1.4, "s_mv": 0.0, "qrs_area_mvms": 70.0, "r_peak_ms": 80.0, "notches": 1},
        "V6": {"r_mv": 1.3, "s_mv": 0.0, "qrs_area_mvms": 70.0, "r_peak_ms": 82.0, "notches": 1},
    }
    for name, changed in leads.items():
        shape[name] = {**shape.get(name, {}), **changed}
    return healthy({"qrs_ms": 150.0}, **shape)


def paced(facts: EcgFacts) -> EcgFacts:
    """The same beat, made by a ventricular stimulus."""
    return replace(facts, pacing=PACED)


def without_p(facts: EcgFacts) -> EcgFacts:
    """The same beat without P waves."""
    numbers = {**facts.numbers, "pr_ms": None, "p_ms": None, "p_axis_deg": None}
    return replace(facts, atria=AtrialFacts(AtrialRhythm.NO_P), numbers=numbers)


def codes(found: tuple[Finding, ...], severity: Severity | None = None) -> set[str]:
    """Codes of statements, of one severity only if asked."""
    return {f.code for f in found if severity is None or f.severity is severity}


def said(found: tuple[Finding, ...], code: str) -> Finding:
    """The one statement with this code."""
    [one] = [f for f in found if f.code == code]
    return one
