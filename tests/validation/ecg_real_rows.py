"""Figures on records that people labelled and marked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from ecg_data import Labelled, matched
from ecg_figures import Figure, share_of
from ecg_limits import limits_met
from ecg_records import Known

from workbench.domain.context import PatientContext
from workbench.domain.finding import Screening, Severity
from workbench.domain.trace import Trace
from workbench.screening.ecg import screen_trace
from workbench.screening.screen import ecg_books

AF_CODES = frozenset({"EC018", "EC019", "EC101", "EC119", "EC206"})
STEMI_CODES = frozenset({f"EC00{n}" for n in (1, 2, 3, 4, 5, 6, 8)})
WIDE_STEMI_CODES = STEMI_CODES | {"EC009"}
VT_CODES = frozenset({"EC013", "EC014", "EC015", "EC016", "EC020", "EC104"})
BLOCK_CODES = frozenset({"EC022", "EC107"})
PACED_WORDS = ("rhythm under pacing not assessed", "without relation to paced QRS")
HALF_SAMPLE = 0.5  # ms: marks lie on samples of 2 ms


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """A record and what the engine said of it."""

    known: Known
    said: Screening

    @property
    def codes(self) -> frozenset[str]:
        """Codes of all statements."""
        return frozenset(f.code for f in self.said.findings)

    def number(self, name: str) -> float | None:
        """A measured number, or None."""
        return next((m.value for m in self.said.measurements if m.name == name), None)


def screened(trace: Trace, age: float | None = None, sex: str | None = None) -> Screening:
    """What the engine says by the national profile."""
    context = PatientContext(age_years=age, sex=sex)
    return screen_trace(trace, context, ecg_books(), "")


def judged(records: Iterable[Known]) -> list[Said]:
    """Every record once. Children are judged as adults of 16: the truth is about the tracing."""
    return [
        Said(one, screened(one.trace, None if one.age is None else max(one.age, 16.0), one.sex))
        for one in records
    ]


def beat_figures(key: str, name: str, records: Iterable[Labelled], *, bar: bool) -> list[Figure]:
    """Sensitivity and precision of the beats, and the rate of the stretch that was marked."""
    hits = misses = extra = 0
    rate: dict[str, bool] = {}
    wrong: list[str] = []
    for record in records:
        beats = np.array(screened(record.trace).beats_s)
        h, m, e = matched(record.marks_s, beats)
        hits, misses, extra = hits + h, misses + m, extra + e
        wrong += [record.name] if m or e else []
        first, last = record.marks_s[[0, -1]]
        inside = beats[(beats > first - 0.15) & (beats < last + 0.15)]
        rate[record.name] = bool(abs(_rate(inside) - _rate(record.marks_s)) <= 2)
    found, marked = hits + extra, hits + misses
    return [
        Figure(id=f"{key}.se", what=f"{name}: QRS sensitivity", hits=hits, n=marked,
               target=0.999 if bar else None, outside=tuple(wrong)),
        Figure(id=f"{key}.ppv", what=f"{name}: QRS PPV", hits=hits, n=found,
               target=0.998 if bar else None),
        share_of(f"{key}.rate", f"{name}: rate error ≤ 2/min", rate,
                 target=0.99 if bar else None),
    ]  # fmt: skip


def _rate(times: np.ndarray) -> float:
    return 60 * (times.size - 1) / (times[-1] - times[0]) if times.size > 1 else float("nan")


def interval_figures(all_said: Iterable[Said]) -> list[Figure]:
    """PR, QRS and QT against the marks; an interval that was marked and not given is outside."""
    marked = [s for s in all_said if s.known.waves is not None]
    rows = []
    for name, tolerance, target in (("pr", 20, 0.92), ("qrs", 20, 0.92), ("qt", 30, 0.90)):
        inside = {}
        for one in marked:
            truth = getattr(one.known.waves, f"{name}_ms")
            if np.isfinite(truth):
                got = one.number(f"{name}_ms")
                inside[one.known.name] = (
                    got is not None and abs(got - truth) <= tolerance + HALF_SAMPLE
                )
        what = f"{name.upper()} within {tolerance} ms of the cardiologists"
        rows.append(share_of(f"interval.{name}", what, inside, target=target))
    given = {
        s.known.name: s.number("pr_ms") is not None
        for s in marked
        if s.known.waves and not s.known.waves.has_p
    }
    rows.append(
        share_of(
            "interval.pr_none", "PR given where no P is marked", given, target=0.10, high=False
        )
    )
    return rows


def label_figures(all_said: Iterable[Said]) -> list[Figure]:
    """Statements against labels."""
    said = list(all_said)

    def rows(
        keep: Callable[[Known], bool], flagged: Callable[[Said], bool]
    ) -> dict[str, bool]:  # fmt: skip
        return {s.known.name: flagged(s) for s in said if keep(s.known)}

    def has(codes: frozenset[str]) -> Callable[[Said], bool]:
        return lambda s: bool(s.codes & codes)

    def critical(one: Said) -> bool:
        return any(f.severity is Severity.CRITICAL for f in one.said.findings)

    def paced_af(one: Said) -> bool:
        texts = [f.evidence for f in one.said.findings] + list(one.said.gate.notes)
        return bool(one.codes & AF_CODES) or any(
            words in text for words in PACED_WORDS for text in texts
        )

    return [
        share_of("af.found", "AF, not paced, found",
                 rows(lambda k: "AF" in k.labels and "PACED" not in k.labels, has(AF_CODES)),
                 target=0.95),
        share_of("af.false", "AF said where it is not labelled",
                 rows(lambda k: "AF" not in k.labels, has(AF_CODES)), target=0.02, high=False),
        share_of("af.paced", "AF under pacing named, or said to be not assessed",
                 rows(lambda k: {"AF", "PACED"} <= k.labels, paced_af), target=1.0),
        share_of("label.avb3", "third-degree block by label, or said to be hidden by pacing",
                 rows(lambda k: "AVB3" in k.labels, lambda s: bool(s.codes & BLOCK_CODES)
                      or ("PACED" in s.known.labels and paced_af(s))), target=0.90),
        share_of("label.stemi", "STEMI by label, narrow QRS, not paced",
                 rows(lambda k: "STEMI" in k.labels and not k.wide, has(STEMI_CODES)), target=0.90),
        share_of("label.vt", "ventricular tachycardia by label",
                 rows(lambda k: "VT" in k.labels, has(VT_CODES)), target=0.90),
        share_of("false.stemi", "paced or LBBB called STEMI",
                 rows(lambda k: k.wide and "STEMI" not in k.labels, has(WIDE_STEMI_CODES)),
                 target=0.0, high=False),
        share_of("false.critical", "plain sinus with any critical flag",
                 rows(lambda k: k.plain, critical), target=0.0, high=False),
    ]  # fmt: skip


def limit_figure(all_said: Iterable[Said]) -> Figure:
    """Critical limits that the cardiologists' own marks meet, flagged or not."""
    flagged = {}
    for one in all_said:
        if one.known.waves is None:
            continue
        for limit, codes in limits_met(one.known):
            flagged[f"{one.known.name} ({limit})"] = bool(one.codes & codes)
    what = "limits met by the cardiologists' own marks, flagged"
    return share_of("limits.met", what, flagged, target=0.98)
