"""Figures on drawn recordings: the rate over its whole range, and both sides of every limit."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from ecg_figures import Figure, share_of
from ecg_limits import raised_pair
from ecg_real_rows import STEMI_CODES, screened

from workbench import editions
from workbench.domain.finding import Screening, Severity
from workbench.phantoms.ecg import EcgCase as Beating
from workbench.phantoms.ecg import Rhythm, make_ecg
from workbench.phantoms.ecg_cases import EcgCase, case, names

RATES = (25, 28, 31, 34, 36, 40, 45, 55, 60, 75, 90, 110, 130, 150, 170, 185, 199, 201, 215, 230,
         250)  # fmt: skip
EXACT_BPM = 1.0  # a rate is printed as a whole number
NOISE_MV = 0.05
WIDE_MS = 120.0  # ST of a wide QRS is judged by other limits
# How far from a limit a case is drawn, in the unit of its parameter: further than noise leaves in
# doubt.
BESIDE = {"bpm": 1.5, "ms": 14.0, "mV": 0.04, "s": 0.15, "mmol/L": 0.5, "1": 0.15, "a": 2.0}
SEEDS = (1, 2, 3)
# Statements of which any one raises the same alarm.
SAME = (
    STEMI_CODES | {"EC009"}, frozenset({"EC011", "EC012"}), frozenset({"EC014", "EC015"}),
    frozenset({"EC013", "EC020"}), frozenset({"EC022", "EC023"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """One case to draw: its name, parameters, and what it shows by itself (no limit crossed)."""

    name: str
    seed: int
    parameters: tuple[tuple[str, float | str], ...]

    def __str__(self) -> str:
        said = ", ".join(f"{k} {v:g}" if isinstance(v, float) else f"{k} {v}"
                         for k, v in self.parameters)  # fmt: skip
        return f"{self.name} ({said}; {self.seed})" if said else f"{self.name} ({self.seed})"


# Cases that only leads beside the twelve show.
BESIDE_TWELVE = frozenset({"stemi_right", "stemi_posterior"})


def critical_codes() -> frozenset[str]:
    """Codes that the vocabulary calls critical."""
    terms = editions.finding_terms().values()
    return frozenset(
        t.code for t in terms if t.severity is Severity.CRITICAL and t.modality == "ECG"
    )


def plan() -> Iterator[Asked]:
    """Every case as usual, and on both sides of every limit that a parameter crosses."""
    for name, recipe in sorted(names().items()):
        for seed in SEEDS:
            yield Asked(name, seed, ())
        for parameter, span in recipe.asks.items():
            for word in getattr(span, "others", ()):
                yield Asked(name, SEEDS[0], ((parameter, word),))
            for limit, _ in getattr(span, "limits", ()):
                for sign in (-1, 1):
                    value = float(limit + sign * BESIDE[span.unit])
                    if span.least <= value <= span.most:
                        for seed in SEEDS[:2]:
                            yield Asked(name, seed, ((parameter, value),))


def alarms(said: Screening) -> frozenset[str]:
    """Critical statements, and the refusal to judge that tells people to look at once."""
    found = {f.code for f in said.findings if f.severity is Severity.CRITICAL}
    if not said.assessed and "look at once" in said.reason:
        found.add("LOOK")
    return frozenset(found)


def answered(code: str, said: frozenset[str]) -> bool:
    """Whether a code, or another that raises the same alarm, was said."""
    group = next((g for g in SAME if code in g), frozenset({code}))
    return bool(group & said)


def drawn(asked: Asked) -> EcgCase:
    """Draw a case of the plan, with the leads it needs."""
    given = dict(asked.parameters)
    if asked.name in BESIDE_TWELVE:
        given["extra"] = "yes"
    return case(asked.name, seed=asked.seed, noise_mv=NOISE_MV, **given)


def heard(made: EcgCase) -> tuple[Screening, frozenset[str]]:
    """What the engine says of a drawn case, and its alarms."""
    parameters = made.truth["parameters"]
    said = screened(made.trace, float(parameters["age"]), str(parameters["sex"]) or None)
    return said, alarms(said)


def over_st_limit(made: EcgCase) -> bool:
    """Whether ST was drawn at the limits of the Universal Definition in neighbouring leads."""
    parameters, st = made.truth["parameters"], made.truth.get("st_j_mv")
    if not isinstance(st, dict) or float(made.truth["qrs_ms"]) >= WIDE_MS:
        return False
    return bool(raised_pair(st, float(parameters["age"]), str(parameters["sex"]) or None))


def critical_figures() -> list[Figure]:
    """Critical cases found, each code by itself and together; and no false alarm on the rest.

    Pericarditis and Brugada drawn over the limits of ST are counted by themselves: the lists of
    critical values know only the limit, so the alarm is right and the artery is open.
    """
    codes = critical_codes()
    found: dict[str, bool] = {}
    calm: dict[str, bool] = {}
    raised: dict[str, bool] = {}
    refused: dict[str, bool] = {}
    for asked in plan():
        made = drawn(asked)
        _, alarm = heard(made)
        wanted = frozenset(made.truth["codes"]) & codes
        for code in sorted(wanted):
            found[f"{code} {asked}"] = answered(code, alarm)
        if wanted & {"EC011", "EC012", "EC025"}:
            refused[f"{asked}"] = bool(alarm)
        if not wanted:
            table = raised if over_st_limit(made) else calm
            table[f"{asked}: {', '.join(sorted(alarm))}"] = bool(alarm)
    return [
        share_of("drawn.critical", f"critical statements on drawn cases, {NOISE_MV:g} mV noise",
                 found, target=0.99),
        share_of("drawn.calm", "drawn cases that are not critical, with any alarm", calm,
                 target=0.01, high=False),
        share_of("drawn.raised", "not infarction, drawn with ST at its limits: any alarm", raised,
                 target=None),
        share_of("drawn.arrest", "fibrillation, flutter and standstill: any alarm", refused,
                 target=1.0),
        *_by_code(found),
    ]  # fmt: skip


def _by_code(found: dict[str, bool]) -> list[Figure]:
    terms = editions.finding_terms()
    rows = []
    for code in sorted({key.split(" ", 1)[0] for key in found}):
        own = {k.split(" ", 1)[1]: hit for k, hit in found.items() if k.startswith(code)}
        rows.append(share_of(f"drawn.{code}", f"{code} {terms[code].en}", own, target=None))
    return rows


def rate_figure() -> Figure:
    """Rate of drawn sinus beats from 25 to 250 per minute, two QRS widths."""
    right = {}
    for rate in RATES:
        rhythm = Rhythm.BRADY if rate < 60 else Rhythm.SINUS if rate <= 110 else Rhythm.TACHY
        for seed, qrs in enumerate((85, 140)):
            beating = Beating(rhythm=rhythm, rate_bpm=rate, qrs_ms=qrs)
            made = make_ecg(beating, 10.0, (500, 250)[seed], np.random.default_rng(rate + seed))
            said = screened(made.trace, 50.0, "M")
            got = next(m.value for m in said.measurements if m.name == "heart_rate_bpm")
            true = float(made.truth["rate_bpm"])
            right[f"{rate}/min, QRS {qrs}"] = got is not None and abs(got - true) <= EXACT_BPM
    return share_of("drawn.rate", "drawn rate 25 to 250/min, within 1/min", right, target=1.0)
