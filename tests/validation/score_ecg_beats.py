"""Scores the averaged beat against cardiologists, devices and drawn truth; prints Markdown.

Run from the project root: ``python tests/validation/score_ecg_beats.py``
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2]))

from ecg_data import shared
from ludb_waves import Waves, waves_of
from scipy.stats import binomtest

from workbench.domain.errors import WorkbenchError
from workbench.domain.trace import Trace
from workbench.ecg import p_wave, qrs_limits, t_end
from workbench.ecg.beats import find_beats
from workbench.ecg.dominant_beat import DominantBeat, dominant_beat
from workbench.ecg.global_waves import global_waves
from workbench.ecg.wave_errors import wave_errors
from workbench.formats import sniff
from workbench.phantoms.ecg import EcgCase, Rhythm, make_ecg
from workbench.phantoms.ecg_noise import EcgNoise

TOLERANCE = {"PR": 20.5, "QRS": 20.5, "QT": 30.5}  # half a sample of the marks more
HEAVY = EcgNoise(muscle_mv=0.05, mains_mv=0.05, wander_mv=0.2)
Formed = tuple[DominantBeat, float]


def formed(trace: Trace) -> Formed:
    """Averaged beat and mean RR (s)."""
    times = find_beats(trace).times_s
    beat = dominant_beat(trace, times)
    if beat is None:
        raise SystemExit("a recording of the set gives no averaged beat")
    return beat, float(np.diff(times).mean())


def intervals(one: Formed) -> dict[str, float]:
    """PR, QRS, QT in ms; NaN where none is given."""
    at = {k: np.nan if v is None else v for k, v in global_waves(*one).marks_ms.items()}
    return {
        "PR": at["qrs_on"] - at["p_on"],
        "QRS": at["j"] - at["qrs_on"],
        "QT": at["t_end"] - at["qrs_on"],
    }


def ludb_errors(truth: list[Waves], beats: list[Formed]) -> dict[str, np.ndarray]:
    """Error of each record (ms); NaN where nobody marked it; infinite where we gave nothing."""
    wanted = [{"PR": w.pr_ms, "QRS": w.qrs_ms, "QT": w.qt_ms} for w in truth]
    got = [intervals(one) for one in beats]
    return {
        name: np.array(
            [
                np.nan if np.isnan(w[name]) else np.nan_to_num(g[name] - w[name], nan=np.inf)
                for w, g in zip(wanted, got, strict=True)
            ]
        )
        for name in TOLERANCE
    }


def share_row(name: str, errors: np.ndarray) -> str:
    """One line: n, share within tolerance with a bootstrap interval, middle and spread."""
    known = errors[~np.isnan(errors)]
    inside = np.abs(known) <= TOLERANCE[name]
    draws = np.random.default_rng(1).choice(inside, (10000, inside.size)).mean(axis=1)
    low, high = 100 * np.quantile(draws, [0.025, 0.975])
    exact = binomtest(int(inside.sum()), inside.size).proportion_ci(method="exact")
    given = known[np.isfinite(known)]
    return (
        f"| {name} | {known.size} | {known.size - given.size} | {100 * inside.mean():.1f} |"
        f" {low:.0f} to {high:.0f} |"
        f" {100 * exact.low:.0f} to {100 * exact.high:.0f} | {np.median(given):+.0f} |"
        f" {given.std():.1f} |"
    )


def halves(truth: list[Waves], beats: list[Formed]) -> Iterator[str]:
    """Choose a constant on a random half, score it on the other half, 200 times."""
    grid = (
        ("QT", t_end, "FLAT", (0.08, 0.12, 0.17, 0.22, 0.30)),
        ("QRS", qrs_limits, "WIDTH_S", (0.005, 0.006, 0.007, 0.008, 0.009)),
        ("QRS", qrs_limits, "ONSET_SHARE", (0.01, 0.015, 0.02, 0.03, 0.04)),
        ("QRS", qrs_limits, "OFFSET_SHARE", (0.025, 0.035, 0.045, 0.06, 0.08)),
        ("QRS", qrs_limits, "OUTER", (0.05, 0.10, 0.15, 0.20, 0.25)),
        ("QRS", qrs_limits, "RIPPLE_TIMES", (1.0, 1.5, 2.0, 3.0, 4.0)),
        ("PR", p_wave, "SHARE", (0.06, 0.09, 0.12, 0.18, 0.24)),
    )
    chance = np.random.default_rng(2)
    for name, module, constant, values in grid:
        kept = getattr(module, constant)
        found = []
        for value in values:
            setattr(module, constant, value)
            found.append(np.abs(ludb_errors(truth, beats)[name]))
        setattr(module, constant, kept)
        error = np.array(found)
        error = error[:, ~np.isnan(error).any(axis=0)]
        scores, chosen = [], []
        for _ in range(200):
            half = chance.permutation(error.shape[1])
            left, right = half[: half.size // 2], half[half.size // 2 :]
            best = int(np.argmin(np.median(error[:, left], axis=1)))
            chosen.append(values[best])
            scores.append(float((error[best, right] <= TOLERANCE[name]).mean()))
        picks = ", ".join(f"{v:g}: {chosen.count(v)}" for v in values if v in chosen)
        yield f"| {name}, {constant} | {kept:g} | {picks} | {100 * np.mean(scores):.1f} |"


def devices(folder: Path) -> Iterator[str]:
    """Our numbers less the device's, one line for each different recording."""
    seen = set()
    for path in sorted((folder / "formats").rglob("*")):
        try:
            data = {path.name: path.read_bytes()} if path.is_file() else {}
            trace = sniff.read(data, ZoneInfo("Asia/Shanghai")).trace if data else None
        except WorkbenchError:
            continue
        if trace is None:
            continue
        said = trace.device.measurements
        known = tuple(said.get(f"{name.lower()}_ms", np.nan) for name in TOLERANCE)
        if np.isnan(known[1]) or known in seen:
            continue
        seen.add(known)
        got = intervals(formed(trace))
        cells = [f"{got[n] - k:+.0f}" for n, k in zip(TOLERANCE, known, strict=True)]
        yield f"| {path.name} | {' | '.join(cells)} |"


def drawn() -> Iterator[tuple[bool, dict[str, float], dict[str, object]]]:
    """Phantoms of many rates, widths and PR, usual and heavy noise."""
    seed = 0
    for rate, rhythm in (
        (45, Rhythm.BRADY), (60, Rhythm.SINUS), (75, Rhythm.SINUS), (95, Rhythm.SINUS),
        (75, Rhythm.AF), (110, Rhythm.AF),
    ):  # fmt: skip
        for qrs in (80, 100, 140):
            for pr in (130, 180, 240):
                for noise in (EcgNoise(), HEAVY):
                    seed += 1
                    case = EcgCase(rhythm=rhythm, rate_bpm=rate, pr_ms=pr, qrs_ms=qrs, noise=noise)
                    chance = np.random.default_rng(seed)
                    made = make_ecg(case, 10.0, (250, 500, 1000)[seed % 3], chance)
                    yield noise is HEAVY, intervals(formed(made.trace)), made.truth


def drawn_rows() -> Iterator[str]:
    """Two lines, usual and heavy noise."""
    rows = list(drawn())
    for heavy in (False, True):
        part = [(g, t) for h, g, t in rows if h is heavy]
        locked = [(g, t) for g, t in part if t["p_present"]]
        none = [g for g, t in part if not t["p_present"]]
        pr = np.array([g["PR"] - t["pr_ms"] for g, t in locked])
        qrs = np.array([g["QRS"] - t["qrs_ms"] for g, t in part])
        qt = np.array([g["QT"] - t["qt_ms"] for g, t in part])
        false = sum(not np.isnan(g["PR"]) for g in none)
        cells = [
            f"{np.nanmedian(e):+.0f} ± {np.nanstd(e):.0f}, none {np.isnan(e).sum()}"
            for e in (pr, qrs, qt)
        ]
        name = "heavy" if heavy else "usual"
        yield (f"| {name} noise | {len(part)} | {' | '.join(cells)} | {false} of {len(none)} |")


def sure_rows(truth: list[Waves], beats: list[Formed]) -> Iterator[str]:
    """How many standard errors our numbers are away from the cardiologists' and the drawn ones."""
    away: dict[tuple[str, str], list[float]] = {}
    for one, formed_beat in zip(truth, beats, strict=True):
        for name, wanted in (("PR", one.pr_ms), ("QRS", one.qrs_ms), ("QT", one.qt_ms)):
            away.setdefault(("LUDB", name), []).append(_away(formed_beat, name, wanted))
    for name, rate in (("PR", 60), ("PR", 90), ("QRS", 60), ("QRS", 90)):
        for seed in range(12):
            case = EcgCase(rate_bpm=rate, pr_ms=150 + 5 * seed, qrs_ms=80 + 4 * seed, noise=HEAVY)
            made = make_ecg(case, 10.0, 500, np.random.default_rng(seed))
            wanted = float(str(made.truth[f"{name.lower()}_ms"]))
            away.setdefault(("drawn, heavy noise", name), []).append(
                _away(formed(made.trace), name, wanted)
            )
    for (kind, name), values in away.items():
        known = np.array(values)
        known = known[np.isfinite(known)]
        inside = 100 * (np.abs(known) <= 2).mean()
        yield (
            f"| {kind} | {name} | {known.size} | {np.sqrt((known**2).mean()):.2f} | {inside:.0f} |"
        )


def _away(one: Formed, name: str, wanted: float) -> float:
    waves = global_waves(*one)
    error = wave_errors(one[0], waves, one[1]).get(f"{name.lower()}_ms", np.nan)
    return (intervals(one)[name] - wanted) / error


def main() -> None:
    """Print all tables."""
    folder, say = shared(), sys.stdout.write
    truth = waves_of(folder)
    beats, spent = [], []
    for one in truth:
        times = find_beats(one.record.trace).times_s
        start = time.process_time()
        beat = dominant_beat(one.record.trace, times)
        if beat is None:
            raise SystemExit(f"LUDB {one.record.name} gives no averaged beat")
        beats.append((beat, float(np.diff(times).mean())))
        global_waves(*beats[-1])
        spent.append(1000 * (time.process_time() - start))
    errors = ludb_errors(truth, beats)
    say("| LUDB | marked | not given | within % | bootstrap 95 % | exact 95 % | median ms |")
    say(" SD ms |\n|---|---|---|---|---|---|---|---|\n")
    for name, error in errors.items():
        say(share_row(name, error) + "\n")
    without = [b for w, b in zip(truth, beats, strict=True) if not w.has_p]
    false = sum(not np.isnan(intervals(b)["PR"]) for b in without)
    say(f"\nPR given where no P is marked: {false} of {len(without)}. ")
    say(f"Time: median {np.median(spent):.0f} ms, largest {max(spent):.0f} ms a record.\n")
    say("\n| constant | in force | chosen on a half, times of 200 | within % on the other |\n")
    say("|---|---|---|---|\n")
    for line in halves(truth, beats):
        say(line + "\n")
    say("\n| file | PR | QRS | QT less the device's (ms) |\n|---|---|---|---|\n")
    for line in devices(folder):
        say(line + "\n")
    say("\n| drawn | records | PR error (ms) | QRS error | QT error | PR without P |\n")
    say("|---|---|---|---|---|---|\n")
    for line in drawn_rows():
        say(line + "\n")
    say("\n| against | number | n | root mean square of error / standard error | within 2, % |\n")
    say("|---|---|---|---|---|\n")
    for line in sure_rows(truth, beats):
        say(line + "\n")


if __name__ == "__main__":
    main()
