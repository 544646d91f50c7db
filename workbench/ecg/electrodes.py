"""From faulty leads back to the electrode on the skin, and limb leads from the two good ones."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.domain.trace import Trace

CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")
BIPOLAR = {"I": {"RA", "LA"}, "II": {"RA", "LL"}, "III": {"LA", "LL"}}
# Each limb lead as a combination of I and II (Einthoven, Goldberger).
OF_TWO = {
    "I": (1.0, 0.0),
    "II": (0.0, 1.0),
    "III": (-1.0, 1.0),
    "aVR": (-0.5, -0.5),
    "aVL": (1.0, -0.5),
    "aVF": (-0.5, 1.0),
}
WILSON = 5  # so many faulty chest leads beside one limb electrode come from it
CONTRADICTION_MV = 0.1  # good limb leads that contradict each other so much prove nothing


@dataclass(frozen=True, slots=True)
class ElectrodeSuspect:
    """An electrode that explains faulty leads; `electrode` is empty when none explains them."""

    electrode: str
    leads: tuple[str, ...]


def suspects(bad: Collection[str], held: Collection[str]) -> tuple[ElectrodeSuspect, ...]:
    """Find the electrodes that explain which leads are faulty.

    Two of the leads I, II and III share one electrode: when both are faulty and the third is not,
    that electrode is loose. One of the three alone cannot come from an electrode, it comes from the
    cable box or the file. A loose limb electrode also reaches all chest leads through Wilson's
    terminal, and a loose right leg electrode reaches every lead.

    Parameters
    ----------
    bad : collection of str
        Leads with a fault.
    held : collection of str
        Leads of the recording.

    Returns
    -------
    tuple of ElectrodeSuspect
        In the order RL, RA, LA, LL, V1 to V6, other leads by name, none.
    """
    chest = tuple(lead for lead in CHEST if lead in bad)
    others = tuple(lead for lead in bad if lead not in OF_TWO and lead not in CHEST)
    limb = tuple(lead for lead in OF_TWO if lead in bad)
    off = [lead for lead in BIPOLAR if lead in bad]
    found: list[ElectrodeSuspect] = []
    if len(off) == 3:
        every = len(chest) >= WILSON
        found.append(ElectrodeSuspect("RL" if every else "RA, LA, LL", limb + chest * every))
        chest = () if every else chest
    elif len(off) == 2:
        (shared,) = BIPOLAR[off[0]] & BIPOLAR[off[1]]
        through = chest if len(chest) >= WILSON else ()
        found.append(ElectrodeSuspect(shared, limb + through))
        chest = () if through else chest
    elif limb:
        pair = _pair(limb, held)
        found.append(ElectrodeSuspect(pair, limb))
    found += [ElectrodeSuspect(lead, (lead,)) for lead in (*chest, *others)]
    return tuple(found)


def _pair(limb: tuple[str, ...], held: Collection[str]) -> str:
    """The two electrodes of the only limb lead there is; empty when others prove them well."""
    alone = [lead for lead in OF_TWO if lead in held]
    if alone == list(limb) and limb[0] in BIPOLAR:
        return ", ".join(sorted(BIPOLAR[limb[0]], reverse=True))
    return ""


def recompute_limb(trace: Trace, bad: Collection[str]) -> tuple[Trace, tuple[str, ...]]:
    """Replace faulty limb leads by what the good ones say they must be.

    Parameters
    ----------
    trace : Trace
        Recording.
    bad : collection of str
        Leads that may not be used.

    Returns
    -------
    trace : Trace
        The same recording, faulty limb leads recomputed where at least two recorded limb leads are
        good and agree; the same object when nothing was to be done.
    recomputed : tuple of str
        Names of the leads that were replaced.
    """
    wrong = tuple(lead for lead in trace.leads if lead in OF_TWO and lead in bad)
    good = [lead for lead in trace.leads if lead in OF_TWO and lead not in bad]
    if not wrong or len(good) < 2:
        return trace, ()
    seen = np.stack([trace.lead(lead) for lead in good]).astype(np.float64)
    to_leads = np.array([OF_TWO[lead] for lead in good])
    two = np.linalg.pinv(to_leads) @ seen
    if len(good) > 2 and _apart(to_leads @ two - seen) > CONTRADICTION_MV:
        return trace, ()
    rows = np.array(trace.millivolts)
    for lead in wrong:
        rows[trace.leads.index(lead)] = np.array(OF_TWO[lead]) @ two
    repaired = Trace(
        rows,
        trace.rate,
        trace.leads,
        tuple(dict.fromkeys((*trace.derived, *wrong))),
        trace.device,
        trace.origin,
        trace.notes,
        trace.calibrated,
    )
    return repaired, wrong


def _apart(difference: NDArray[np.float64]) -> float:
    known = np.abs(difference[np.isfinite(difference)])
    return float(np.quantile(known, 0.95)) if known.size else 0.0
