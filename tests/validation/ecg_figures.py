"""Figures of the validation report: a share with its exact interval, its target, and whether it
got worse.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scipy.stats import binomtest

ENOUGH = 20  # below it a share is printed, but no target is called met or missed
MISSED = "**missed**"
NAMED = 6  # of the records outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`hits` of `n`; `high` says that more is better. A figure with `value` is no share."""

    id: str
    what: str
    hits: int = 0
    n: int = 0
    target: float | None = None  # share, or the unit of `value`
    high: bool = True
    value: float | None = None
    unit: str = ""
    slack: float = 0.0  # share by which a time may grow before it is worse: machines differ
    least: int = ENOUGH
    outside: tuple[str, ...] = field(default=())

    @property
    def share(self) -> float:
        """Hits over n; NaN where nothing was counted."""
        return self.hits / self.n if self.n else float("nan")

    @property
    def number(self) -> float:
        """What is compared with the figure of before."""
        return self.share if self.value is None else self.value

    def interval(self) -> tuple[float, float]:
        """Exact (Clopper-Pearson) 95 % interval of the share."""
        found = binomtest(self.hits, self.n).proportion_ci(method="exact")
        return float(found.low), float(found.high)

    def verdict(self) -> str:
        """Met or missed, or why neither can be said."""
        if self.n < self.least:
            return f"not enough records: {self.n}"
        if self.target is None:
            return "reported"
        met = self.number >= self.target if self.high else self.number <= self.target
        return "met" if met else MISSED

    def row(self) -> str:
        """One line of a Markdown table."""
        sign = "≥" if self.high else "≤"
        names = ", ".join(self.outside[:NAMED])
        more = len(self.outside) - NAMED
        names += f" and {more} more" if more > 0 else ""
        if self.value is not None:
            wanted = "" if self.target is None else f"{sign} {self.target:g} {self.unit}"
            seen = f"{self.value:.3g} {self.unit}"
            return f"| {self.what} | {self.n} | {seen} | | {wanted} | {self.verdict()} | {names} |"
        wanted = "" if self.target is None else f"{sign} {100 * self.target:g} %"
        if not self.n:
            return f"| {self.what} | 0 | | | {wanted} | {self.verdict()} | |"
        low, high = self.interval()
        return (
            f"| {self.what} | {self.n} | {self.hits} ({100 * self.share:.1f} %) |"
            f" {100 * low:.1f} to {100 * high:.1f} % | {wanted} | {self.verdict()} | {names} |"
        )


HEAD = (
    "| figure | n | seen | exact 95 % | target | | outside |\n|---|---|---|---|---|---|---|"
)  # fmt: skip


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table."""
    return "\n".join([HEAD, *(one.row() for one in figures)])


def kept(figures: Iterable[Figure]) -> dict[str, dict[str, float]]:
    """What the golden file holds of each figure that was counted."""
    return {
        one.id: {"value": round(one.number, 6), "n": one.n} for one in figures if one.n
    }  # fmt: skip


def worse(
    figures: Iterable[Figure], before: Mapping[str, Mapping[str, float]]
) -> list[str]:  # fmt: skip
    """Name what fell behind the figures of before; a figure that vanished is one of them."""
    now = {one.id: one for one in figures}
    found = [f"{key}: is not measured any more" for key in before if key not in now]
    for key, one in now.items():
        if key not in before:
            continue
        was = before[key]["value"]
        room = 1e-6 + abs(was) * one.slack
        if one.n < before[key]["n"]:
            found.append(f"{key}: counted on {one.n}, was {before[key]['n']:g}")
        elif (one.number < was - room) if one.high else (one.number > was + room):
            found.append(f"{key}: {one.number:.4f}, was {was:.4f}")
    return found


def share_of(
    key: str, what: str, outcomes: Mapping[str, bool], *, target: float | None, high: bool = True
) -> Figure:
    """Figure of named outcomes; outside are those that speak against us."""
    hits = sum(outcomes.values())
    against = tuple(name for name, hit in outcomes.items() if hit is not high)
    return Figure(
        id=key, what=what, hits=hits, n=len(outcomes), target=target, high=high, outside=against
    )
