"""Figures on what is done to real records here: faults in one lead, exchanged electrodes."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from ecg_figures import Figure, share_of
from ecg_real_rows import Said, screened
from ecg_records import Known
from numpy.typing import NDArray

from workbench.domain.finding import Screening
from workbench.domain.trace import Trace

LEAD = "II"
Row = NDArray[np.float64]
Break = Callable[[Row, float, np.random.Generator], Row]
SWAPS = ("LA/RA", "RA/LL", "RA/RL", "LA/LL")
SWAP_TARGETS = {"LA/RA": 0.90, "RA/LL": 0.80, "RA/RL": 0.95, "LA/LL": None}


def _muscle(size: int, chance: np.random.Generator, mv: float) -> Row:
    noise = np.diff(chance.normal(0, 1, size + 1))  # more of it where frequencies are high
    return mv * noise / noise.std()


def _flat(row: Row, _rate: float, _chance: np.random.Generator) -> Row:
    return np.full_like(row, np.median(row))


def _noise(row: Row, _rate: float, chance: np.random.Generator) -> Row:
    return float(np.median(row)) + _muscle(row.size, chance, 0.2)


def _strong(row: Row, _rate: float, chance: np.random.Generator) -> Row:
    return row + _muscle(row.size, chance, 0.3)


def _wave(mv: float, hz: float) -> Break:
    def added(row: Row, rate: float, chance: np.random.Generator) -> Row:
        times = np.arange(row.size) / rate
        return row + mv * np.sin(2 * np.pi * hz * times + chance.uniform(0, 6))

    return added


def _clipped(row: Row, _rate: float, _chance: np.random.Generator) -> Row:
    low, high = np.quantile(row, [0.02, 0.98])
    return np.clip(row, low, high)


def _steps(row: Row, rate: float, chance: np.random.Generator) -> Row:
    out = row.copy()
    for at in chance.uniform(1, row.size / rate - 1, 3):
        out[round(at * rate) :] += 2.0 * chance.choice([-1, 1])
    return out


def _half(row: Row, _rate: float, _chance: np.random.Generator) -> Row:
    half = row.size // 2
    return np.concatenate([row[:half], np.full(row.size - half, row[half])])


# How to break a lead, and the words of which one must stand in the clause about it.
FAULTS: Mapping[str, tuple[Break, tuple[str, ...]]] = {
    "flat": (_flat, ("flat",)),
    "noise only": (_noise, ("noise", "muscle")),
    "muscle 0.3 mV": (_strong, ("muscle",)),
    "mains 0.5 mV": (_wave(0.5, 50.0), ("mains",)),
    "wander 2 mV": (_wave(2.0, 0.3), ("wander", "drift")),
    "clipped": (_clipped, ("clipped", "saturated")),
    "steps": (_steps, ("step",)),
    "half flat": (_half, ("flat",)),
}


def clauses(said: Screening, lead: str) -> list[str]:
    """What is said of one lead, clause by clause."""
    texts = [t for f in said.quality for t in f.evidence.split("; ")]
    return [t for t in texts if t.split(" ", 1)[0].rstrip(":,") == lead]


def fault_figures(known: Iterable[Known], clean: Iterable[Said]) -> list[Figure]:
    """Named faults of one lead, and clean records that are flagged."""
    named: dict[str, dict[str, bool]] = {fault: {} for fault in FAULTS}
    for n, one in enumerate(known):
        place = one.trace.leads.index(LEAD)
        for fault, (bend, words) in FAULTS.items():
            values = np.array(one.trace.millivolts, dtype=np.float64)
            chance = np.random.default_rng(n)
            values[place] = bend(values[place], one.trace.rate, chance)
            said = screened(Trace(values, one.trace.rate, one.trace.leads))
            told = clauses(said, LEAD)
            named[fault][one.name] = any(word in text for text in told for word in words)
    together = {f"{name}, {fault}": hit for fault, of in named.items() for name, hit in of.items()}
    said = list(clean)
    return [
        share_of("faults.named", f"injected faults of lead {LEAD} named", together, target=0.97),
        *(
            share_of(f"faults.{fault}", f"of these: {fault}", of, target=None)
            for fault, of in named.items()
        ),
        share_of("faults.clean", f"clean records with a fault named in lead {LEAD}",
                 {s.known.name: bool(clauses(s.said, LEAD)) for s in said},
                 target=0.05, high=False),
        share_of("faults.clean_any", "clean records with a fault named in any lead",
                 {s.known.name: bool({"EC903", "EC904", "EC906"} & set(s.said.gate.codes))
                  for s in said},
                 target=None, high=False),
    ]  # fmt: skip


def exchanged(trace: Trace, swap: str, chance: np.random.Generator) -> Trace:
    """The recording as it would be with two limb electrodes exchanged.

    Potentials against the right arm; the right leg is taken to be as the left one, but for a
    small share and a little noise. Chest leads are over the Wilson terminal of what is connected.
    """
    one = {name: np.asarray(trace.lead(name), dtype=np.float64) for name in trace.leads}
    at = {"RA": 0 * one["I"], "LA": one["I"], "LL": one["II"]}
    at["RL"] = 0.97 * one["II"] + chance.normal(0, 0.005, one["I"].size)
    true = (at["RA"] + at["LA"] + at["LL"]) / 3
    a, b = swap.split("/")
    at[a], at[b] = at[b], at[a]
    ra, la, ll = at["RA"], at["LA"], at["LL"]
    seen = {
        "I": la - ra, "II": ll - ra, "III": ll - la, "aVR": ra - (la + ll) / 2,
        "aVL": la - (ra + ll) / 2, "aVF": ll - (ra + la) / 2,
    }  # fmt: skip
    shift = true - (ra + la + ll) / 3
    rows = [seen.get(name, one[name] + shift) for name in trace.leads]
    return Trace(np.stack(rows), trace.rate, trace.leads)


def reversed_said(said: Screening) -> str:
    """What is said of exchanged limb electrodes; empty when nothing is."""
    both = (*said.quality, *said.findings)
    return "; ".join(f.evidence for f in both if f.code == "EC901")


def reversal_figures(known: Iterable[Known], clean: Iterable[Said]) -> list[Figure]:
    """Exchanged limb electrodes suspected, and suspected where nothing was exchanged."""
    rows = []
    all_known = list(known)
    for swap in SWAPS:
        hits, right = {}, {}
        for n, one in enumerate(all_known):
            text = reversed_said(
                screened(exchanged(one.trace, swap, np.random.default_rng(n)), one.age, one.sex)
            )
            hits[one.name] = bool(text)
            right[one.name] = _names(text, swap)
        target = SWAP_TARGETS[swap]
        key = swap.replace("/", "_")
        rows += [
            share_of(f"swap.{key}", f"{swap} exchanged: suspected", hits, target=target),
            share_of(f"swap.{key}.named", f"of these: named as {swap}", right, target=None),
        ]
    rows.append(
        share_of("swap.false", "exchange suspected in records as they are",
                 {s.known.name: bool(reversed_said(s.said)) for s in clean},
                 target=0.01, high=False)
    )  # fmt: skip
    return rows


def _names(text: str, swap: str) -> bool:
    a, b = swap.split("/")
    return any(f"{x}/{y}" in text or f"{x} and {y}" in text for x, y in ((a, b), (b, a)))
