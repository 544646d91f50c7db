"""Scores what is said of faulty leads and exchanged electrodes; prints the tables.

``python tests/validation/score_ecg_quality.py``. Faults are put into every lead in turn and into
several at once, exchanges are made by exact algebra on the recorded values; nothing is learnt here.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from ecg_data import cinc2021, ludb, shared
from ecg_fault_rows import FAULTS, exchanged
from numpy.typing import NDArray
from scipy.stats import beta

from workbench.domain.finding import Finding
from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import dominant_beat
from workbench.ecg.filters import independent_leads
from workbench.ecg.global_waves import global_waves
from workbench.ecg.lead_reversal import look_for_reversal
from workbench.ecg.lead_waves import lead_waves
from workbench.ecg.quality_look import look_at_leads, look_with_beats
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.rules.ecg_book import NATIONAL
from workbench.rules.ecg_quality import judge_quality, quality_limits
from workbench.rules.ecg_reversal import judge_reversal
from workbench.screening.screen import ecg_books

BOOK = ecg_books().for_profile(NATIONAL)
LIMITS = quality_limits(BOOK)
Row = NDArray[np.float64]


def records() -> Iterator[tuple[str, str, Trace]]:
    """Source, name and trace of every 12-lead record."""
    for one in ludb(shared()):
        yield "LUDB", one.name, one.trace
    for one, _ in cinc2021(shared()):
        yield "CinC 2021", one.name, one.trace
    cases = [(Rhythm.SINUS, 72), (Rhythm.BRADY, 45), (Rhythm.TACHY, 120), (Rhythm.AF, 90)]
    for seed in range(20):
        rhythm, rate = cases[seed % 4]
        case = EcgCase(rhythm=rhythm, rate_bpm=rate, axis_deg=(-20, 20, 55, 80, 100)[seed % 5])
        rate_hz = (250.0, 500.0, 1000.0)[seed % 3]
        yield (
            "drawn",
            f"drawn {seed}",
            make_ecg(case, 10.0, rate_hz, np.random.default_rng(seed)).trace,
        )


def upper(hits: int, of: int) -> float:
    """Exact one-sided 95 % upper bound of a share, in percent."""
    return 100.0 if hits >= of else 100 * float(beta.ppf(0.95, hits + 1, of - hits))


def lower(hits: int, of: int) -> float:
    """Exact one-sided 95 % lower bound of a share, in percent."""
    return 0.0 if hits == 0 else 100 * float(beta.ppf(0.05, hits, of - hits + 1))


def told(trace: Trace, beats_s: Row) -> tuple[Finding, ...]:
    """What is said of the leads."""
    look = look_with_beats(look_at_leads(trace, LIMITS), beats_s, LIMITS)
    return judge_quality(look, "", BOOK)


def names(found: tuple[Finding, ...], lead: str, words: tuple[str, ...]) -> bool:
    """Whether a clause about the lead holds one of the words."""
    clauses = [c for f in found for c in f.evidence.split("; ") if c.split(" ")[0] == lead]
    return any(word in clause for clause in clauses for word in words)


def broken(trace: Trace, leads: tuple[str, ...], bend: Callable[..., Row], seed: int) -> Trace:
    """The record with one fault in the named leads."""
    values = np.array(trace.millivolts, dtype=np.float64)
    chance = np.random.default_rng(seed)
    for lead in leads:
        place = trace.leads.index(lead)
        values[place] = bend(values[place], trace.rate, chance)
    return Trace(values, trace.rate, trace.leads)


def faults(known: list[tuple[str, str, Trace]], beats: dict[str, Row]) -> Iterator[str]:
    """One line for each fault: named in one lead (every lead in turn) and in four at once."""
    yield "| fault | source | one lead: named | several: named | lead with most missed |"
    yield "|---|---|---|---|---|"
    total: Counter[str] = Counter()
    for fault, (bend, words) in FAULTS.items():
        for source in ("LUDB", "CinC 2021", "drawn"):
            one, several, missed = [0, 0], [0, 0], Counter[str]()
            for n, (of, name, trace) in enumerate(known):
                if of != source:
                    continue
                for k, lead in enumerate(LEADS):
                    found = told(broken(trace, (lead,), bend, 100 * n + k), beats[name])
                    hit = names(found, lead, words)
                    one = [one[0] + hit, one[1] + 1]
                    missed[lead] += not hit
                chosen = tuple(np.random.default_rng(n).choice(LEADS, 4, replace=False))
                found = told(broken(trace, chosen, bend, n), beats[name])
                hits = [names(found, lead, words) for lead in chosen]
                several = [several[0] + sum(hits), several[1] + len(hits)]
            worst = ", ".join(f"{a} {c}" for a, c in missed.most_common(2) if c) or "none"
            total["hit"] += one[0]
            total["of"] += one[1]
            yield (
                f"| {fault} | {source} | {one[0]} of {one[1]} ({100 * one[0] / one[1]:.1f} %) |"
                f" {several[0]} of {several[1]} | {worst} |"
            )
    share = 100 * total["hit"] / total["of"]
    bound = lower(total["hit"], total["of"])
    yield f"\nAll: {total['hit']} of {total['of']} named, {share:.1f} %, at least {bound:.1f} %."


def clean(known: list[tuple[str, str, Trace]], beats: dict[str, Row]) -> Iterator[str]:
    """Records as they are: what is said of them."""
    yield "| source | records | with any lead named | 95 % upper bound | leads named of all |"
    yield "|---|---|---|---|---|"
    for source in ("LUDB", "CinC 2021", "drawn"):
        flagged, leads, of, said = 0, 0, 0, []
        for kind, name, trace in known:
            if kind != source:
                continue
            found = told(trace, beats[name])
            bad = {w for f in found for w in str(f.place.get("leads", "")).split(", ") if w}
            flagged += bool(bad)
            leads += len(bad)
            of += 1
            said += [f"{name}: {f.code} {', '.join(sorted(bad))}" for f in found]
        bound = upper(flagged, of)
        yield f"| {source} | {of} | {flagged} | {bound:.1f} % | {leads} of {12 * of} |"
        yield from (f"|  | {one} |||" for one in said)


def reversals(known: list[tuple[str, str, Trace]], beats: dict[str, Row]) -> Iterator[str]:
    """Exchanges suspected and named, and those suspected in records as they are."""
    yield "| exchange | source | suspected | named | 95 % bound |"
    yield "|---|---|---|---|---|"
    chest = [f"{a}/{b}" for a, b in pairwise(LEADS[6:])]
    for swap in ("none", "LA/RA", "RA/LL", "RA/RL", "LA/RL", "LA/LL", *chest, "V1/V3", "V1/V6"):
        for source in ("LUDB", "CinC 2021", "drawn"):
            said = []
            for n, (of, name, trace) in enumerate(known):
                if of == source:
                    found = suspected(moved(trace, swap, n), beats[name])
                    said.append(found)
                    if swap == "none" and found:
                        yield f"|  | {name}: {found} |||"
            hit = sum(bool(s) for s in said)
            right = sum(f"of {swap}:" in s for s in said)
            bound = upper(hit, len(said)) if swap == "none" else lower(hit, len(said))
            yield f"| {swap} | {source} | {hit} of {len(said)} | {right} | {bound:.1f} % |"


def moved(trace: Trace, swap: str, seed: int) -> Trace:
    """The record with the electrodes exchanged."""
    if swap == "none":
        return trace
    if not swap.startswith("V"):
        return exchanged(trace, swap, np.random.default_rng(seed))
    a, b = (trace.leads.index(lead) for lead in swap.split("/"))
    rows = np.array(trace.millivolts)
    rows[[a, b]] = rows[[b, a]]
    return Trace(rows, trace.rate, trace.leads)


def suspected(trace: Trace, beats_s: Row) -> str:
    """Evidence of EC901 and EC902; empty when neither is said."""
    look = look_with_beats(look_at_leads(trace, LIMITS), beats_s, LIMITS)
    beat = dominant_beat(look.trace, beats_s, independent_leads(look.trace))
    if beat is None:
        return ""
    marks = global_waves(beat, float(np.diff(beats_s).mean())).marks_ms
    seen = look_for_reversal(beat, marks, look.trace.leads)
    waves = lead_waves(beat, marks)
    return "; ".join(f.evidence for f in judge_reversal(seen, waves, BOOK))


def main() -> None:
    """Print all tables."""
    known = list(records())
    beats, spent = {}, []
    for _, name, trace in known:
        beats[name] = find_beats(trace).times_s
        start = time.process_time()
        told(trace, beats[name])
        spent.append(1000 * (time.process_time() - start))
    parts = {"clean": lambda: clean(known, beats), "reversals": lambda: reversals(known, beats),
             "faults": lambda: faults(known, beats)}  # fmt: skip
    for part in sys.argv[1:] or parts:
        sys.stdout.write("\n".join(parts[part]()) + "\n\n")
    sys.stdout.write(f"Time of faults and electrodes: median {np.median(spent):.1f} ms")
    sys.stdout.write(f", least {min(spent):.1f} ms a record.\n")


if __name__ == "__main__":
    main()
