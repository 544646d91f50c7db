"""Scores the names of rhythms on labelled and on drawn records; prints Markdown.

Run from the project root: ``python tests/validation/score_ecg_rhythm.py``
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import wfdb
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import ecg_data as data

from workbench.domain.context import PatientContext
from workbench.domain.finding import Screening, Severity
from workbench.domain.trace import Trace
from workbench.phantoms.ecg_cases import case
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books

WHO = PatientContext(age_years=58, sex="M")
BOOKS = ecg_books()
AF, FLUTTER, PACED = {"EC206", "EC101", "EC119", "EC019", "EC018"}, {"EC102"}, {"EC231"}
FIRST, THIRD = {"EC207"}, {"EC022", "EC107"}
WIDE, NARROW = {"EC113", "EC204", "EC027", "EC104"}, {"EC203", "EC205"}
BLOCKS = {"EC022", "EC023", "EC105", "EC106", "EC107", "EC208"}
SEEDS = range(1, 6)
DRAWN: tuple[tuple[str, dict[str, object], set[str]], ...] = (
    ("af", {"rate_bpm": 40.0}, AF), ("af", {}, AF), ("af", {"rate_bpm": 150.0}, AF),
    ("af", {"rate_bpm": 210.0}, {"EC019"}),
    ("flutter", {}, FLUTTER), ("flutter", {"conduction": "3:1"}, FLUTTER),
    ("flutter", {"conduction": "2:1"}, FLUTTER), ("flutter", {"conduction": "varying"}, FLUTTER),
    ("av_block_3", {}, {"EC022"}),
    ("av_block_3", {"rate_bpm": 45.0, "escape": "narrow"}, {"EC022"}),
    ("av_block_2", {}, {"EC208"}), ("av_block_2", {"type": "II"}, {"EC105"}),
    ("av_block_2", {"type": "2:1"}, {"EC106"}), ("av_block_2", {"type": "high"}, {"EC023"}),
    ("sinus", {"pr_ms": 260.0}, FIRST), ("pause", {}, {"EC024"}),
    ("svt", {}, {"EC017"}), ("svt", {"rate_bpm": 160.0}, {"EC103"}),
    ("vt", {}, {"EC013"}), ("vt", {"rate_bpm": 155.0}, {"EC013"}),
    ("vt", {"rate_bpm": 145.0}, {"EC020", "EC013"}), ("vt", {"rate_bpm": 120.0}, {"EC020"}),
    ("vt", {"rate_bpm": 230.0}, {"EC013"}),
    ("vt_polymorphic", {}, {"EC015", "EC014"}), ("torsades", {}, {"EC014", "EC015"}),
    ("vt_bidirectional", {}, {"EC016"}), ("vf", {}, {"EC011"}),
    ("vf", {"amplitude_mv": 0.2}, {"EC011"}), ("ventricular_flutter", {}, {"EC012"}),
    ("asystole", {}, {"EC025"}), ("asystole", {"atria": "none"}, {"EC025"}),
    ("af_preexcited", {}, {"EC018"}),
    ("pvc", {}, {"EC113"}), ("pvc", {"pattern": "pairs"}, {"EC113"}),
    ("pvc", {"pattern": "bigeminy"}, {"EC235"}), ("pvc", {"pattern": "trigeminy"}, {"EC235"}),
    ("pvc", {"pattern": "run"}, {"EC104"}), ("pvc", {"pattern": "r_on_t"}, {"EC027"}),
    ("pac", {}, NARROW), ("pac", {"conducted": "no"}, NARROW),
    ("paced", {}, PACED), ("paced", {"mode": "atrial"}, PACED), ("paced", {"mode": "dual"}, PACED),
    ("paced_failure", {}, {"EC032"}), ("paced_failure", {"failure": "output"}, {"EC032"}),
    ("t_alternans", {}, {"EC028"}), ("electrical_alternans", {}, {"EC118"}),
)  # fmt: skip


def screened(trace: Trace) -> tuple[set[str], Screening]:
    """Codes, and all that was said."""
    said = screen_trace(trace, WHO, BOOKS, "")
    return {f.code for f in said.findings}, said


def interval(hits: int, count: int) -> str:
    """Exact binomial 95 % interval, in per cent."""
    low = 0.0 if hits == 0 else beta.ppf(0.025, hits, count - hits + 1)
    high = 1.0 if hits == count else beta.ppf(0.975, hits + 1, count - hits)
    return f"{100 * low:.0f} to {100 * high:.0f}"


def windows(folder: Path) -> Iterator[tuple[str, Trace, str]]:
    """Stretches of 10 s of CPSC2021 that are whole fibrillation or whole not."""
    for record in data.cpsc2021(folder):
        marks = wfdb.rdann(str(folder / record.name), "atr")
        changes = [(s / record.trace.rate, a) for s, a in
                   zip(marks.sample, marks.aux_note, strict=True)
                   if a in {"(AFIB", "(N"}]  # fmt: skip
        size = round(10 * record.trace.rate)
        for k in range(record.trace.millivolts.shape[1] // size):
            first, last = 10.0 * k, 10.0 * (k + 1)
            inside = any(first < t < last for t, _ in changes)
            before = [a for t, a in changes if t <= first]
            part = Trace(record.trace.millivolts[:, k * size : (k + 1) * size], record.trace.rate,
                         record.trace.leads)  # fmt: skip
            if not inside:
                label = "AF" if before and before[-1] == "(AFIB" else "N"
                yield f"{record.name}@{first:.0f}", part, label


def real(folder: Path) -> Iterator[tuple[str, Trace, set[str]]]:
    """Every 12-lead record with the labels that bear on rhythm."""
    with (folder / "ludb" / "labels.csv").open(encoding="utf-8") as file:
        labels = {row["ID"]: set(row["tags"].split()) for row in csv.DictReader(file)}
    for record in data.ludb(folder):
        yield f"ludb {record.name}", record.trace, labels[record.name]
    names = {"284470004": "PAC", "427172004": "PVC", "713422000": "AT"}
    for record, codes in data.cinc2021(folder):
        yield record.name, record.trace, {names[c] for c in codes if c in names} | {"CINC"}


ROWS = (
    ("AF", AF), ("AFL", FLUTTER), ("AVB1", FIRST), ("AVB3", THIRD), ("PACED", PACED),
    ("PVC", WIDE), ("PAC", NARROW),
)  # fmt: skip


def real_table(folder: Path) -> None:
    """Labels against statements."""
    say = sys.stdout.write
    seen = [(name, tags, *screened(trace)) for name, trace, tags in real(folder)]
    say("| label | with it | said | exact 95 % | without it | said falsely | which |\n")
    say("|---|---|---|---|---|---|---|\n")
    for label, codes in ROWS:
        has = [(n, bool(c & codes)) for n, tags, c, _ in seen if label in tags]
        lacks = [(n, bool(c & codes)) for n, tags, c, _ in seen if label not in tags]
        hits, false = sum(h for _, h in has), [n for n, h in lacks if h]
        missed = [n for n, h in has if not h]
        which = "; ".join(filter(None, (
            f"missed: {', '.join(missed)}" if missed else "",
            f"false: {', '.join(false)}" if false else "",
        )))  # fmt: skip
        span = interval(hits, len(has)) if has else ""
        say(f"| {label} | {len(has)} | {hits} | {span} | {len(lacks)} | {len(false)} | {which} |\n")
    blocks = [n for n, tags, c, _ in seen if c & BLOCKS and "AVB3" not in tags]
    say(
        f"\nAV block of second or third degree where no label says so: {len(blocks)} of {len(seen)}"
    )
    say(f" ({', '.join(blocks) or 'none'}).\n")
    plain = [(n, s) for n, tags, _, s in seen if "NSR" in tags or tags == {"CINC"}]
    flagged = [n for n, s in plain if any(f.severity is Severity.CRITICAL for f in s.findings)]
    bound = 100 * beta.ppf(0.975, len(flagged) + 1, len(plain) - len(flagged))
    say(f"Plain records with any critical statement: {len(flagged)} of {len(plain)}"
        f" ({', '.join(flagged) or 'none'}), upper bound {bound:.0f} %.\n")  # fmt: skip
    without = [(n, s) for n, tags, _, s in seen if tags & {"AF", "AFL", "AVB3"}]
    given = [n for n, s in without
             if any(m.name == "pr_ms" and m.value is not None for m in s.measurements)]  # fmt: skip
    say(f"PR given where there is no P locked to QRS: {len(given)} of {len(without)}"
        f" ({', '.join(given) or 'none'}).\n\n")  # fmt: skip


def window_table(folder: Path) -> None:
    """Fibrillation in stretches of 10 s of two leads of one patient."""
    found: Counter[tuple[str, bool]] = Counter()
    wrong = []
    for name, trace, label in windows(folder):
        is_af = bool(screened(trace)[0] & AF)
        found[label, is_af] += 1
        if is_af != (label == "AF"):
            wrong.append(name.removeprefix("cpsc2021/data_"))
    hits, missed = found["AF", True], found["AF", False]
    false, right = found["N", True], found["N", False]
    sys.stdout.write(
        f"CPSC2021, windows of 10 s that are all of one kind, two leads, one patient: fibrillation"
        f" {hits} of {hits + missed}, false {false} of {false + right};"
        f" wrong: {', '.join(wrong) or 'none'}.\n\n"
    )


def drawn_table() -> None:
    """Drawn cases, five persons each."""
    say = sys.stdout.write
    say("| drawn | as | said | not said, seeds |\n|---|---|---|---|\n")
    right = whole = 0
    for name, how, codes in DRAWN:
        missed = [s for s in SEEDS if not screened(case(name, seed=s, **how).trace)[0] & codes]
        right, whole = right + len(SEEDS) - len(missed), whole + len(SEEDS)
        given = ", ".join(f"{k} {v}" for k, v in how.items()) or "as usual"
        seeds = ", ".join(map(str, missed))
        say(f"| {name} | {given} | {len(SEEDS) - len(missed)} of {len(SEEDS)} | {seeds} |\n")
    say(f"\nAll drawn cases: {right} of {whole}.\n")


def main() -> None:
    """Print all tables."""
    folder = data.shared()
    real_table(folder)
    window_table(folder)
    drawn_table()


if __name__ == "__main__":
    main()
