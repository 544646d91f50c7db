"""Scores the beat detector and the rate on labelled and on drawn records; prints Markdown.

Run from the project root: ``python tests/validation/score_ecg_rate.py``
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

import ecg_data as data

from workbench.domain.trace import LEADS, Trace
from workbench.ecg.beats import find_beats
from workbench.ecg.second_beats import second_look
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_leads import leads_of_electrodes
from workbench.phantoms.ecg_noise import EcgNoise, electrode_noise

RATES = (25, 30, 34, 36, 40, 45, 55, 60, 75, 90, 110, 130, 150, 170, 185, 199, 201, 215, 230, 250)
NOISY = EcgNoise(muscle_mv=0.05, mains_mv=0.05, wander_mv=0.2)


def rate_of(times: np.ndarray) -> float:
    """60 over mean RR."""
    return 60 * (times.size - 1) / (times[-1] - times[0]) if times.size > 1 else float("nan")


def row(name: str, records: Iterable[data.Labelled]) -> str:
    """One line of the table of real records."""
    hits = misses = extra = off = apart = count = 0
    seconds = spent = 0.0
    for record in records:
        start = time.perf_counter()
        beats = find_beats(record.trace).times_s
        spent += time.perf_counter() - start
        seconds += record.trace.seconds
        h, m, e = data.matched(record.marks_s, beats)
        hits, misses, extra, count = hits + h, misses + m, extra + e, count + 1
        first, last = record.marks_s[[0, -1]]
        inside = beats[(beats > first - 0.15) & (beats < last + 0.15)]
        off += not abs(rate_of(inside) - rate_of(record.marks_s)) <= 2
        second = second_look(record.trace).rate_bpm
        apart += not abs(second / rate_of(beats) - 1) <= 0.10
    se, ppv = 100 * hits / (hits + misses), 100 * hits / (hits + extra)
    return (
        f"| {name} | {count} | {hits + misses} | {se:.2f} | {ppv:.2f} | {misses} | {extra} |"
        f" {off} | {apart} | {1000 * spent / seconds * 10:.0f} |"
    )


def drawn(noise: EcgNoise) -> Iterator[tuple[float, float]]:
    """True and found rate of phantoms over the whole range, three rates of sampling, three QRS."""
    for rate in RATES:
        rhythm = Rhythm.BRADY if rate < 60 else Rhythm.SINUS if rate <= 110 else Rhythm.TACHY
        for qrs in (80, 110, 150):
            for seed, rate_hz in enumerate((250, 500, 1000)):
                case = EcgCase(rhythm=rhythm, rate_bpm=rate, noise=noise, qrs_ms=qrs)
                made = make_ecg(case, 10.0, rate_hz, np.random.default_rng(seed))
                yield float(made.truth["rate_bpm"]), rate_of(find_beats(made.trace).times_s)


def fibrillating(noise: EcgNoise) -> Iterator[tuple[float, float]]:
    """True and found rate of phantoms in atrial fibrillation."""
    for rate in (50, 90, 130, 170, 210):
        for seed in range(10):
            case = EcgCase(rhythm=Rhythm.AF, rate_bpm=rate, noise=noise)
            made = make_ecg(case, 10.0, 500.0, np.random.default_rng(seed))
            yield float(made.truth["rate_bpm"]), rate_of(find_beats(made.trace).times_s)


def drawn_row(
    name: str, make: Callable[[EcgNoise], Iterator[tuple[float, float]]], noise: EcgNoise
) -> str:
    """One line of the table of drawn records."""
    pairs = np.array(list(make(noise)))
    error = np.abs(pairs[:, 1] - pairs[:, 0])
    error = np.where(np.isnan(error), np.inf, error)
    off, middle = (error > 2).sum(), np.median(error)
    return f"| {name} | {len(pairs)} | {middle:.2f} | {error.max():.2f} | {off} |"


def clarities(folder: Path) -> str:
    """How far QRS stand out in real records and how far noise alone does."""
    real = [find_beats(r.trace).clarity for r in data.ludb(folder)]
    real += [find_beats(r.trace).clarity for r, _ in data.cinc2021(folder)]
    noise = []
    for seed in range(100):
        chance = np.random.default_rng(seed)
        sizes = EcgNoise(muscle_mv=0.02 + 0.1 * chance.random(), wander_mv=0.2 * chance.random())
        potentials = electrode_noise(sizes, np.arange(5000) / 500, 0.25, chance)
        noise.append(find_beats(Trace(leads_of_electrodes(potentials), 500.0, LEADS)).clarity)
    return (
        f"Clarity: {len(real)} real 12-lead records {min(real):.2f} to {max(real):.2f};"
        f" {len(noise)} times noise without a heart {min(noise):.2f} to {max(noise):.2f}."
    )


def main() -> None:
    """Print all tables."""
    folder = data.shared()
    say = sys.stdout.write
    say("| set | records | beats | Se % | PPV % | missed | false | rate off > 2/min |")
    say(" second rate > 10 % apart | ms per 10 s |\n|---|---|---|---|---|---|---|---|---|---|\n")
    for name, read in (
        ("LUDB, 12 leads", data.ludb),
        ("CPSC2021, 2 leads, paroxysmal AF", data.cpsc2021),
        ("MIT-BIH 100 and 106", data.mitdb),
        ("CPSC2019, 1 lead, hard", data.cpsc2019),
    ):
        say(row(name, read(folder)) + "\n")
    say("\n| drawn | records | median error | largest error (/min) | off > 2/min |\n")
    say("|---|---|---|---|---|\n")
    say(drawn_row("25 to 250/min, usual noise", drawn, EcgNoise()) + "\n")
    say(drawn_row("25 to 250/min, heavy noise", drawn, NOISY) + "\n")
    say(drawn_row("AF 50 to 210/min, usual noise", fibrillating, EcgNoise()) + "\n")
    say(drawn_row("AF 50 to 210/min, heavy noise", fibrillating, NOISY) + "\n\n")
    say(clarities(folder) + "\n")


if __name__ == "__main__":
    main()
