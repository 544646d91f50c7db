"""Synthetic 12-lead cases by name, with truth, on both sides of every limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from workbench.domain.trace import LEADS, Trace
from workbench.phantoms import (
    ecg_case_above,
    ecg_case_bundles,
    ecg_case_early,
    ecg_case_fast,
    ecg_case_ischaemia,
    ecg_case_paced,
    ecg_case_salts,
    ecg_case_shapes,
    ecg_case_slow,
)
from workbench.phantoms.ecg_case_list import Choice, Recipe, Span
from workbench.phantoms.ecg_case_truth import truth_of
from workbench.phantoms.ecg_electrodes import FAULTS, SWAPS, failed, leads_of, swapped
from workbench.phantoms.ecg_leads import ELECTRODES
from workbench.phantoms.ecg_rows import BESIDE
from workbench.phantoms.ecg_strip import Strip

# What every case can be asked for beside its own parameters.
USUAL: Mapping[str, Span | Choice] = MappingProxyType({
    "sex": Choice("M", ("F", "")),
    "age": Span(58, 16, 100, "a", ((40, "EC001"), (30, "EC006"))),
    "seconds": Span(10.0, 2.0, 120.0, "s"),
    "rate_hz": Span(500.0, 125.0, 1000.0, "Hz"),
    "extra": Choice("no", ("yes",)),
    "swap": Choice("none", SWAPS),
    "fault": Choice("none", FAULTS),
    "electrode": Choice("V2", tuple(name for name in ELECTRODES if name != "V2")),
})  # fmt: skip
# What is said of a fault; all others disturb a lead that is still there (EC904).
FAULT_CODES = {
    "flat": "EC903", "half_flat": "EC903", "missing": "EC903", "saturated": "EC906",
    "clipped": "EC906",
}  # fmt: skip
_FAMILIES = (
    ecg_case_ischaemia, ecg_case_fast, ecg_case_above, ecg_case_slow, ecg_case_salts,
    ecg_case_bundles, ecg_case_shapes, ecg_case_early, ecg_case_paced,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class EcgCase:
    """A drawn case and all that is true of it."""

    trace: Trace
    truth: dict[str, object]


def names() -> dict[str, Recipe]:
    """List every case with its parameters, their ranges and the limits they cross.

    Returns
    -------
    dict of str to Recipe
        By name; `USUAL` holds the parameters all of them have.
    """
    return {recipe.name: recipe for family in _FAMILIES for recipe in family.RECIPES}


def case(name: str, *, seed: int, noise_mv: float = 0.05, **parameters: object) -> EcgCase:
    """Draw one case.

    Parameters
    ----------
    name : str
        One of `names`.
    seed : int
        Person, timing and noise: the same seed draws the same recording.
    noise_mv : float
        Root mean square of baseline, muscle and mains together, over the twelve leads (mV).
    **parameters : object
        Of that case or of `USUAL`; those not given are as usual. ``extra="yes"`` adds V3R, V4R
        and V7 to V9.

    Returns
    -------
    EcgCase
        Trace in mV, and truth: ``name, seed, noise_mv, parameters, codes`` (of the vocabulary;
        what must be said), and all that `ecg_case_truth.truth_of` tells.

    Raises
    ------
    ValueError
        If the name or a parameter is unknown, or a value is not drawn.
    """
    known = names()
    if name not in known:
        raise ValueError(f"no case {name!r} is drawn; known are {', '.join(sorted(known))}")
    if not 0 <= noise_mv <= 1:
        raise ValueError(f"noise_mv is {noise_mv}; 0 to 1 mV is drawn")
    own = known[name]
    recipe = Recipe(own.name, own.draw, own.shows, {**USUAL, **own.asks})
    asked = recipe.asked(parameters)
    strip = Strip(float(asked["seconds"]), float(asked["rate_hz"]), np.random.default_rng(seed))
    codes = own.draw(strip, asked)
    leads = (*LEADS, *BESIDE) if asked["extra"] == "yes" else LEADS
    drawn = strip.clean() + strip.noise(noise_mv)
    if asked["swap"] != "none":
        drawn = swapped(drawn, asked["swap"])
        codes |= {"EC902" if asked["swap"].startswith("V") else "EC901"}
    if asked["fault"] != "none":
        drawn = failed(drawn, strip.rate_hz, asked["fault"], asked["electrode"], strip.generator)
        strip.facts["fault_leads"] = list(leads_of(asked["electrode"]))
        codes |= {FAULT_CODES.get(asked["fault"], "EC904")}
    trace = Trace(drawn[: len(leads)].astype(np.float32), strip.rate_hz, leads, origin="phantom")
    truth = {
        "name": name, "seed": seed, "noise_mv": noise_mv, "parameters": asked,
        "codes": sorted(codes), **truth_of(strip),
    }  # fmt: skip
    return EcgCase(trace, truth)
